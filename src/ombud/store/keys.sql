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
