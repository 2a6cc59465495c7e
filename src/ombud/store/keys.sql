-- The key file: the community's keys, the key of every body and decision, and who a token stands for.
-- Never part of a backup. What is deleted here is gone everywhere.

CREATE TABLE key (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
);

CREATE TABLE account (
  token    INTEGER PRIMARY KEY,
  platform TEXT NOT NULL,
  id       TEXT NOT NULL,
  since    INTEGER NOT NULL  -- the first record that could use it
);
CREATE UNIQUE INDEX account_id ON account (platform, id);

CREATE TABLE body_key (
  seq INTEGER PRIMARY KEY,
  key BLOB NOT NULL
);

CREATE TABLE decision_key (
  id  TEXT PRIMARY KEY,
  seq INTEGER NOT NULL,
  key BLOB NOT NULL
);

-- How the people who run the community come in. Nothing here is of use to whoever has only the store.
CREATE TABLE staff (
  token    INTEGER PRIMARY KEY,      -- in `account`
  handle   BLOB NOT NULL UNIQUE,     -- 32 random bytes: all that a passkey knows of its person
  shown    TEXT NOT NULL,            -- the name as it was written
  password TEXT,                     -- Argon2id with its salt and parameters; none: no password
  lang     TEXT NOT NULL DEFAULT '', -- of the pages; empty: the browser's
  theme    TEXT NOT NULL DEFAULT ''  -- "light" or "dark"; empty: the browser's
);

CREATE TABLE passkey (
  id    BLOB PRIMARY KEY,            -- the credential's, as WebAuthn has it
  token INTEGER NOT NULL,
  key   BLOB NOT NULL,               -- public
  count INTEGER NOT NULL,            -- of its uses, where it counts them
  name  TEXT NOT NULL,               -- what its person calls it
  made  INTEGER NOT NULL,
  used  INTEGER
);
CREATE INDEX passkey_token ON passkey (token);

CREATE TABLE session (
  id      TEXT PRIMARY KEY,          -- by which its person names it; opens nothing
  digest  BLOB NOT NULL UNIQUE,      -- of the cookie's token
  token   INTEGER NOT NULL,
  begun   INTEGER NOT NULL,
  seen    INTEGER NOT NULL,          -- to the minute
  proven  INTEGER NOT NULL,          -- when its person last showed who they are
  how     TEXT NOT NULL,             -- "password", "passkey", "link" or "openid"
  browser TEXT NOT NULL              -- its family, and nothing else of where it is
);
CREATE INDEX session_token ON session (token);

CREATE TABLE link (
  token  INTEGER PRIMARY KEY,        -- whose it is; 0: of the first account
  digest BLOB NOT NULL UNIQUE,
  ends   INTEGER NOT NULL
);

-- How somebody's pages spare them, and what they would rather not be shown. Theirs alone.
CREATE TABLE care (
  token INTEGER PRIMARY KEY,
  blur  INTEGER NOT NULL,            -- what people wrote is blurred until it is pointed at
  grey  INTEGER NOT NULL,            -- pages without colour
  pause INTEGER NOT NULL             -- a pause is proposed after so many; 0: never
);

CREATE TABLE spared (
  token INTEGER NOT NULL,
  harm  TEXT NOT NULL,
  PRIMARY KEY (token, harm)
) WITHOUT ROWID;

-- How much of each harm was put before somebody, by the hour (from the epoch). Theirs alone.
CREATE TABLE exposure (
  token INTEGER NOT NULL,
  hour  INTEGER NOT NULL,
  harm  TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (token, hour, harm)
) WITHOUT ROWID;

CREATE TABLE openid (
  token   INTEGER PRIMARY KEY,       -- whose it is
  issuer  TEXT NOT NULL,             -- the provider
  subject TEXT NOT NULL,             -- what the provider calls the person, and nothing else of them
  bound   INTEGER NOT NULL,
  UNIQUE (issuer, subject)
);

-- Which keys of the console somebody has changed. No key: it is switched off; no name: all are.
CREATE TABLE shortcut (
  token INTEGER NOT NULL,
  name  TEXT NOT NULL,
  key   TEXT NOT NULL,
  PRIMARY KEY (token, name)
) WITHOUT ROWID;

-- What was erased, as a backup does not know it: restored beside an older store it is erased again.
CREATE TABLE erased (
  digest  BLOB PRIMARY KEY,          -- of the control's content
  account INTEGER,                   -- the token that was cut loose; NULL: words were blacked out
  seqs    BLOB NOT NULL,             -- msgpack: the records
  names   BLOB NOT NULL              -- msgpack: what else was sealed
) WITHOUT ROWID;

PRAGMA user_version = 2;
