-- From schema 2 to schema 3: decisions about earlier records, runs over the past,
-- what entries of lists have done, what was done to lists.

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
CREATE TABLE list_record (
  list   TEXT    NOT NULL,
  entry  TEXT    NOT NULL,
  undone INTEGER NOT NULL DEFAULT 0,
  track  BLOB    NOT NULL,
  PRIMARY KEY (list, entry)
) WITHOUT ROWID;

CREATE TABLE list_match (
  decision TEXT NOT NULL,
  list     TEXT NOT NULL,
  entry    TEXT NOT NULL,
  PRIMARY KEY (decision, list, entry)
) WITHOUT ROWID;

CREATE TABLE list_state (
  list     TEXT PRIMARY KEY,
  seq      INTEGER NOT NULL,
  imported INTEGER NOT NULL,
  state    BLOB    NOT NULL
);

UPDATE head SET version = 3;
