-- From schema 1 to schema 2: doors, outbox, statements, appeals, keys.

ALTER TABLE journal ADD COLUMN via TEXT NOT NULL DEFAULT '';
ALTER TABLE journal ADD COLUMN published BLOB;
CREATE INDEX journal_publication ON journal (published) WHERE type = '!publication';
ALTER TABLE notice ADD COLUMN statement TEXT;
ALTER TABLE notice ADD COLUMN message TEXT;
CREATE INDEX notice_statement ON notice (statement) WHERE statement IS NOT NULL;
CREATE INDEX notice_message ON notice (message) WHERE message IS NOT NULL;
ALTER TABLE outbox ADD COLUMN kind TEXT NOT NULL DEFAULT 'action';
ALTER TABLE outbox ADD COLUMN connector TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN statement TEXT;
ALTER TABLE outbox ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN began INTEGER;
ALTER TABLE outbox ADD COLUMN done INTEGER;
ALTER TABLE outbox ADD COLUMN detail TEXT NOT NULL DEFAULT '';
ALTER TABLE outbox ADD COLUMN line INTEGER;
ALTER TABLE outbox ADD COLUMN review TEXT;
CREATE INDEX outbox_open ON outbox (due, connector, lane) WHERE state IN ('asked', 'sending');
CREATE INDEX outbox_lane ON outbox (lane);
CREATE TABLE statement (
  id       TEXT PRIMARY KEY,
  token    BLOB NOT NULL UNIQUE,
  timeline TEXT NOT NULL,
  author   INTEGER NOT NULL,
  clause   TEXT NOT NULL,
  lang     TEXT NOT NULL,
  opened   INTEGER NOT NULL,
  first    TEXT,
  more     TEXT
);
CREATE INDEX statement_person ON statement (author, clause, opened);
CREATE TABLE appeal (
  id        TEXT PRIMARY KEY,
  decision  TEXT NOT NULL,
  statement TEXT NOT NULL,
  made      INTEGER NOT NULL,
  state     TEXT NOT NULL,
  sealed    BLOB,
  leaf      INTEGER NOT NULL
);
CREATE INDEX appeal_decision ON appeal (decision);
CREATE TABLE platform_key (
  name    TEXT PRIMARY KEY,
  digest  BLOB NOT NULL UNIQUE,
  grants  TEXT NOT NULL,
  made    INTEGER NOT NULL,
  revoked INTEGER
);

UPDATE head SET version = 2;
