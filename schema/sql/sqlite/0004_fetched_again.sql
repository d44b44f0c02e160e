-- What was fetched again of a message that is recorded: its spool id, so that it is recorded once.
CREATE TABLE fetched_again (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    message_id TEXT NOT NULL REFERENCES messages (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX fetched_again_of ON fetched_again (message_id);
