-- Every statement of the main file. `-- name: what it is for` begins one.

-- head: where everything stands
SELECT version, epoch, seq, recv, config, leaves, frontier, origin, published, root FROM head;

-- create_head: the first row of a new community
INSERT INTO head (one, version, epoch, seq, recv, config, leaves, frontier, origin)
VALUES (1, :version, 0, 0, 0, 0, 0, :frontier, :origin);

-- move_head: every commit moves it; changes no row where another writer has taken over
UPDATE head SET seq = :seq, recv = :recv, config = :config, leaves = :leaves, frontier = :frontier
WHERE one = 1 AND epoch = :epoch;

-- take_over: a new writer fences off the one before; no row where the head is not the one restored
UPDATE head SET epoch = epoch + 1 WHERE one = 1 AND epoch = :epoch AND seq = :seq;

-- publish: remember the last published checkpoint
UPDATE head SET published = :size, root = :root WHERE one = 1;

-- add_record: one journal row
INSERT INTO journal (seq, recv, type, kind, timeline, source, time, place, config, identity, content,
                     author, facts, entries, hits, verdict, payload)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_body: one sealed body
INSERT INTO body (seq, sealed) VALUES (?, ?);

-- find_identity: the record of a source and id
SELECT seq, content FROM journal WHERE identity = ?;

-- record: one journal row
SELECT seq, recv, type, kind, timeline, source, time, place, config, identity, content, author, facts,
       entries, hits, verdict, payload
FROM journal WHERE seq = ?;

-- records: journal rows with their bodies, in order, in one range of seq
SELECT j.seq, j.recv, j.type, j.kind, j.timeline, j.source, j.time, j.place, j.config, j.identity, j.content,
       j.author, j.facts, j.entries, j.hits, j.verdict, j.payload, b.sealed
FROM journal j LEFT JOIN body b ON b.seq = j.seq
WHERE j.seq > :after AND j.seq <= :until ORDER BY j.seq;

-- entries_after: what recovery puts back into the windows
SELECT seq, timeline, place, entries FROM journal
WHERE seq > ? AND seq <= ? AND entries IS NOT NULL ORDER BY seq;

-- last_record: the newest journal row
SELECT max(seq), max(recv) FROM journal;

-- controls: all controls of one type, in order
SELECT seq, recv, payload FROM journal WHERE type = ? ORDER BY seq;

-- records_of_author: the records of one account
SELECT seq, timeline, place, entries FROM journal WHERE author = ? ORDER BY seq;

-- flags: the flags whose bodies are still there
SELECT j.seq, j.recv, j.type, j.kind, j.timeline, j.source, j.time, j.place, j.config, j.identity,
       j.content, j.author, j.facts, j.entries, j.hits, j.verdict, j.payload, b.sealed
FROM journal j JOIN body b ON b.seq = j.seq WHERE j.kind = 'flag' ORDER BY j.seq;

-- forget_record: drop the digests of an erased record
UPDATE journal SET content = NULL, entries = ?, facts = ? WHERE seq = ?;

-- forget_body: drop a sealed body
DELETE FROM body WHERE seq = ?;

-- add_decision: one decision
INSERT INTO decision (id, seq, time, timeline, subject, author, clause, rule, by_role, action,
                      licence, until, sealed, leaf)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- decision: one decision
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf
FROM decision WHERE id = ?;

-- decisions: decisions, newest first
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf
FROM decision
WHERE (:rule IS NULL OR rule = :rule) AND (:by IS NULL OR by_role = :by)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
ORDER BY leaf DESC LIMIT :limit;

-- undoable: decisions of a rule, a role or a time range that were not undone
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf
FROM decision
WHERE undone_by IS NULL
  AND (:rule IS NULL OR rule = :rule) AND (:by IS NULL OR by_role = :by)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
ORDER BY leaf LIMIT :limit;

-- decisions_of_record: the decisions one record led to
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf
FROM decision WHERE seq = ? ORDER BY leaf;

-- decisions_of_author: the decisions that concern one account
SELECT id FROM decision WHERE author = ? ORDER BY seq;

-- reversals: what became of every decision
SELECT id, seq, ended, undone_by FROM decision ORDER BY leaf;

-- open_decisions: restrictions that have an end still to come
SELECT id, until FROM decision WHERE ended IS NULL AND until IS NOT NULL ORDER BY until, seq, id;

-- decisions_by_licence_day: how often each licence was used on the days that can still matter
SELECT licence, time / 86400000000, count(*) FROM decision
WHERE licence IS NOT NULL AND timeline = ? AND time >= ? GROUP BY 1, 2;

-- end_decision: a restriction has ended
UPDATE decision SET ended = :seq WHERE id = :id AND ended IS NULL;

-- undo_decision: a decision has been undone
UPDATE decision SET undone_by = :seq, ended = coalesce(ended, :seq) WHERE id = :id AND undone_by IS NULL;

-- forget_decision: drop the sealed record of a decision
UPDATE decision SET sealed = NULL WHERE id = ?;

-- add_case: something waits for a person
INSERT INTO review_case (id, seq, opened, clause, rule, queue, urgent, reason, decision)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_notice: somebody is told
INSERT INTO notice (id, decision, seq, author, lang, reason, state) VALUES (?, ?, ?, ?, ?, ?, ?);

-- notices_of_decision: who was told of a decision
SELECT id, reason, lang, state FROM notice WHERE decision = ? ORDER BY seq, id;

-- add_action: something is asked of the platform
INSERT INTO outbox (id, decision, seq, lane, action, inverse, state) VALUES (?, ?, ?, ?, ?, ?, ?);

-- actions_of_decision: what was asked of the platform for a decision
SELECT id, action, inverse, state FROM outbox WHERE decision = ? ORDER BY seq, id;

-- add_licence: a licence begins
INSERT INTO licence (id, kind, clause, rule, hold, cap, since) VALUES (?, ?, ?, ?, ?, ?, ?);

-- end_licence: a licence ends
UPDATE licence SET ended = :seq WHERE id = :id AND ended IS NULL;

-- add_leaf: one leaf of the public log
INSERT INTO leaf (position, seq, entry, hash) VALUES (?, ?, ?, ?);

-- leaves: the entries and hashes of a range of the public log
SELECT entry, hash FROM leaf WHERE position >= ? AND position < ? ORDER BY position;

-- last_leaf: how long the public log is
SELECT coalesce(max(position) + 1, 0) FROM leaf;

-- add_content: keep a list as it was
INSERT OR IGNORE INTO content (digest, bytes) VALUES (?, ?);

-- content: a list as it was
SELECT bytes FROM content WHERE digest = ?;

-- add_filling: an entry of the past put into a new window
INSERT INTO filling (activation, window, timeline, seq, place, key, value) VALUES (?, ?, ?, ?, ?, ?, ?);

-- fillings: what was put into the windows of one activation
SELECT window, timeline, seq, place, key, value FROM filling WHERE activation = ? ORDER BY seq, window;

-- forget_fillings: drop an erased record's entries
DELETE FROM filling WHERE seq = ?;

-- put_history: what is known of an account
INSERT INTO history (timeline, account, first, last, accepted) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (timeline, account) DO UPDATE
SET first = excluded.first, last = excluded.last, accepted = excluded.accepted;

-- history: what is known of an account
SELECT first, last, accepted FROM history WHERE timeline = ? AND account = ?;

-- put_stream: how far a source has come
INSERT INTO stream (timeline, source, place) VALUES (?, ?, ?)
ON CONFLICT (timeline, source) DO UPDATE SET place = excluded.place;

-- streams: how far each source has come
SELECT timeline, source, place FROM stream;

