-- The full-text index has a term for every beginning of a word (src/store/sqlite/beginnings.h), so that no search has
-- to put one together. The first character tells the tokenizer words (' ') from tags ('#'): no text from outside comes first.
DROP TABLE alert_words;

CREATE VIEW alert_texts AS SELECT
    number, ' ' || sender AS sender, ' ' || recipients AS recipients, ' ' || subject AS subject, ' ' || rules AS rules,
    '#' || tags AS tags
FROM alerts;

CREATE VIRTUAL TABLE alert_words USING fts5 (
    sender, recipients, subject, rules, tags,
    content = 'alert_texts', content_rowid = 'number', columnsize = 0, tokenize = 'beginnings'
);
INSERT INTO alert_words (alert_words) VALUES ('rebuild');
