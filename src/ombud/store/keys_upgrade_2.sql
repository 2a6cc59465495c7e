-- From the first key file to version 2: the people who run the community come in by accounts.
-- `keys.sql` says what each column means.

CREATE TABLE staff (
  token    INTEGER PRIMARY KEY,
  handle   BLOB NOT NULL UNIQUE,
  shown    TEXT NOT NULL,
  password TEXT,
  lang     TEXT NOT NULL DEFAULT '',
  theme    TEXT NOT NULL DEFAULT ''
);

CREATE TABLE passkey (
  id    BLOB PRIMARY KEY,
  token INTEGER NOT NULL,
  key   BLOB NOT NULL,
  count INTEGER NOT NULL,
  name  TEXT NOT NULL,
  made  INTEGER NOT NULL,
  used  INTEGER
);
CREATE INDEX passkey_token ON passkey (token);

CREATE TABLE session (
  id      TEXT PRIMARY KEY,
  digest  BLOB NOT NULL UNIQUE,
  token   INTEGER NOT NULL,
  begun   INTEGER NOT NULL,
  seen    INTEGER NOT NULL,
  proven  INTEGER NOT NULL,
  how     TEXT NOT NULL,
  browser TEXT NOT NULL
);
CREATE INDEX session_token ON session (token);

CREATE TABLE link (
  token  INTEGER PRIMARY KEY,
  digest BLOB NOT NULL UNIQUE,
  ends   INTEGER NOT NULL
);

CREATE TABLE care (
  token INTEGER PRIMARY KEY,
  blur  INTEGER NOT NULL,
  grey  INTEGER NOT NULL,
  pause INTEGER NOT NULL
);

CREATE TABLE spared (
  token INTEGER NOT NULL,
  harm  TEXT NOT NULL,
  PRIMARY KEY (token, harm)
) WITHOUT ROWID;

CREATE TABLE exposure (
  token INTEGER NOT NULL,
  hour  INTEGER NOT NULL,
  harm  TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (token, hour, harm)
) WITHOUT ROWID;

CREATE TABLE openid (
  token   INTEGER PRIMARY KEY,
  issuer  TEXT NOT NULL,
  subject TEXT NOT NULL,
  bound   INTEGER NOT NULL,
  UNIQUE (issuer, subject)
);

CREATE TABLE shortcut (
  token INTEGER NOT NULL,
  name  TEXT NOT NULL,
  key   TEXT NOT NULL,
  PRIMARY KEY (token, name)
) WITHOUT ROWID;

CREATE TABLE erased (
  digest  BLOB PRIMARY KEY,
  account INTEGER,
  seqs    BLOB NOT NULL,
  names   BLOB NOT NULL
) WITHOUT ROWID;

PRAGMA user_version = 2;
