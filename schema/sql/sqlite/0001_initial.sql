CREATE TABLE tenants (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
) STRICT, WITHOUT ROWID;

CREATE TABLE nodes (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    is_this INTEGER NOT NULL CHECK (is_this IN (0, 1))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX nodes_one_is_this ON nodes (is_this) WHERE is_this = 1;

CREATE TABLE settings (
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (tenant_id, node_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE users (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    name TEXT NOT NULL UNIQUE,
    roles TEXT NOT NULL, -- words separated by spaces
    is_enabled INTEGER NOT NULL,
    must_change_password INTEGER NOT NULL,
    password_hash TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    last_sign_in_at INTEGER,
    failed_sign_ins INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER,
    session_epoch INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE mailboxes (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    name TEXT NOT NULL,
    settings_json TEXT NOT NULL,
    sealed_password TEXT NOT NULL,
    version INTEGER NOT NULL,
    generation INTEGER NOT NULL,
    is_removed INTEGER NOT NULL DEFAULT 0 -- alerts still name it
) STRICT, WITHOUT ROWID;

-- One row an inspected message. UNIQUE by spool id: a replay changes nothing.
CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    mailbox_id TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    inspected_at INTEGER NOT NULL,
    octets INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    message_id_field TEXT NOT NULL,
    is_detected INTEGER NOT NULL,
    is_partial INTEGER NOT NULL,
    awaits_reinspection INTEGER NOT NULL,
    importance INTEGER NOT NULL,
    content_kept INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_by_receipt ON messages (tenant_id, received_at);
CREATE INDEX messages_awaiting ON messages (received_at) WHERE awaits_reinspection = 1;

-- The line of `scan --json`; apart from messages, so that these stay small.
CREATE TABLE reports (
    message_id TEXT PRIMARY KEY REFERENCES messages (id) ON DELETE CASCADE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    report_json TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- number rises with every alert that is raised: the order of creation, and the row id of the full-text index.
CREATE TABLE alerts (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    message_id TEXT NOT NULL UNIQUE REFERENCES messages (id),
    mailbox_id TEXT NOT NULL,
    state INTEGER NOT NULL,
    importance INTEGER NOT NULL,
    is_partial INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    received_at INTEGER NOT NULL,
    sentence TEXT NOT NULL,
    sender TEXT NOT NULL,
    recipients TEXT NOT NULL, -- JSON array
    subject TEXT NOT NULL,
    engines TEXT NOT NULL, -- words separated by spaces
    rules TEXT NOT NULL,   -- words separated by spaces
    -- What the filters choose by, as single words: state "s0", importance "i3", engine "eclamav", partial "p1",
    -- assignee "a<user id>" or "anone". Every combination of filters and words is one walk of the full-text index.
    tags TEXT NOT NULL,
    assignee_id TEXT REFERENCES users (id)
) STRICT;
CREATE INDEX alerts_by_importance ON alerts (tenant_id, importance, number);
CREATE INDEX alerts_by_creation ON alerts (created_at, number);

CREATE VIRTUAL TABLE alert_words USING fts5 (
    sender, recipients, subject, rules, tags,
    content = 'alerts', content_rowid = 'number', prefix = '2 3', tokenize = "unicode61 remove_diacritics 2"
);

CREATE TABLE alert_history (
    number INTEGER PRIMARY KEY,
    alert_id TEXT NOT NULL REFERENCES alerts (id) ON DELETE CASCADE,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    at INTEGER NOT NULL,
    action INTEGER NOT NULL,
    user_id TEXT,
    user_name TEXT NOT NULL,
    assignee_id TEXT,
    assignee_name TEXT NOT NULL,
    comment TEXT NOT NULL
) STRICT;
CREATE INDEX alert_history_by_alert ON alert_history (alert_id, number);

CREATE TABLE yara_files (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    name TEXT NOT NULL UNIQUE,
    source TEXT NOT NULL,
    rule_count INTEGER NOT NULL,
    importance INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT,
    created_by_name TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
    number INTEGER PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    node_id TEXT NOT NULL REFERENCES nodes (id),
    at INTEGER NOT NULL,
    user_id TEXT,
    user_name TEXT NOT NULL,
    peer_address TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    detail TEXT NOT NULL
) STRICT;
