-- From schema 2 to schema 3: decisions about earlier records, runs over the past.

ALTER TABLE decision ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
UPDATE decision SET about = seq;
CREATE INDEX decision_about ON decision (about);
CREATE TABLE run (
  id     TEXT PRIMARY KEY,
  leaf   INTEGER NOT NULL UNIQUE,
  made   INTEGER NOT NULL,
  kind   TEXT NOT NULL,
  salt   BLOB NOT NULL,
  record TEXT NOT NULL
);

UPDATE head SET version = 3;
