-- From schema 2 to schema 3: decisions about earlier records.

ALTER TABLE decision ADD COLUMN about INTEGER NOT NULL DEFAULT 0;
UPDATE decision SET about = seq;
CREATE INDEX decision_about ON decision (about);

UPDATE head SET version = 3;
