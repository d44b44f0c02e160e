-- How a message came into its mailbox, where that was not as it was sent (docs/copies.md). Who sent the carrier is found by
-- the words of the sender, too: a forged journal report hides nobody. Rows from before are indexed as the view has them.
ALTER TABLE alerts ADD COLUMN blind_recipients TEXT NOT NULL DEFAULT '[]'; -- JSON array; they stand in recipients, too
ALTER TABLE alerts ADD COLUMN copy_form TEXT NOT NULL DEFAULT '';          -- "journal_report" ...; empty: as it was sent
ALTER TABLE alerts ADD COLUMN arrived_from TEXT NOT NULL DEFAULT '';

DROP VIEW alert_texts;
CREATE VIEW alert_texts AS SELECT
    number, ' ' || sender || CASE arrived_from WHEN '' THEN '' ELSE ' ' || arrived_from END AS sender,
    ' ' || recipients AS recipients, ' ' || subject AS subject, ' ' || rules AS rules, '#' || tags AS tags
FROM alerts;
