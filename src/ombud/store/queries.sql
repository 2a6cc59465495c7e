-- Every statement of the main file. `-- name: what it is for` begins one.

-- head: where everything stands
SELECT version, epoch, seq, recv, config, leaves, frontier, origin, published, root FROM head;

-- create_head: the first row of a new community
INSERT INTO head (one, version, epoch, seq, recv, config, leaves, frontier, origin)
VALUES (1, :version, 0, 0, 0, 0, 0, :frontier, :origin);

-- seen: when an engine last went by the machine's clock; 0 where none did
SELECT seen FROM head;

-- see: an engine goes by the machine's clock
UPDATE head SET seen = ? WHERE one = 1;

-- move_head: every commit moves it; changes no row where another writer has taken over
UPDATE head SET seq = :seq, recv = :recv, config = :config, leaves = :leaves, frontier = :frontier
WHERE one = 1 AND epoch = :epoch;

-- take_over: a new writer fences off the one before; no row where the head is not the one restored
UPDATE head SET epoch = epoch + 1 WHERE one = 1 AND epoch = :epoch AND seq = :seq;

-- publish: remember the last published checkpoint
UPDATE head SET published = :size, root = :root WHERE one = 1;

-- keep_signed_head: what was signed, or confirmed by a quorum
INSERT OR REPLACE INTO signed_head (kind, size, note, witnesses)
VALUES (:kind, :size, :note, :witnesses);

-- signed_head: the latest signed head
SELECT size, note, witnesses FROM signed_head WHERE kind = 'latest';

-- head_over: the signed head that proves a line: one that a quorum confirmed, else the latest
SELECT size, note, witnesses FROM signed_head WHERE size > ?
ORDER BY kind = 'attested' DESC LIMIT 1;

-- forget_signed_heads: another key signs from now on
DELETE FROM signed_head;

-- new_log: another log takes this one's place
UPDATE head SET origin = :origin, published = 0, root = NULL WHERE one = 1;

-- add_handover: how the log came to another key
INSERT INTO handover (number, leaf, note, salt) VALUES (?, ?, ?, ?);

-- last_handover: the last one
SELECT number, note FROM handover ORDER BY number DESC LIMIT 1;

-- handovers: every one, in order
SELECT number, note, leaf FROM handover ORDER BY number;

-- keep_witness: what became of asking a witness
INSERT OR REPLACE INTO witness (name, size, state, asked, detail)
VALUES (:name, :size, :state, :asked, :detail);

-- witnesses: what became of asking each
SELECT name, size, state, asked, detail FROM witness ORDER BY name;

-- witnesses_anew: another log, of which no witness has seen anything
UPDATE witness SET size = 0;

-- add_record: one journal row
INSERT INTO journal (seq, recv, type, kind, timeline, source, time, place, config, identity, content,
                     author, facts, entries, hits, verdict, payload, via, published)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_body: one sealed body
INSERT INTO body (seq, sealed) VALUES (?, ?);

-- find_identity: the record of a source and id
SELECT seq, content, via, published, author, kind, payload FROM journal WHERE identity = ?;

-- find_publication: what the stream said of a checked event, under an id of its own
SELECT seq, content, via, published, author, kind, payload FROM journal
WHERE published = ? AND type = '!publication';

-- checks_between: what was asked about before publication, in one range of seq, in order
SELECT seq, source, identity FROM journal
WHERE seq > :after AND seq <= :until AND via = 'check' AND source IS NOT NULL ORDER BY seq LIMIT :most;

-- held_before: what of an account waited before it was published, and says the same; newest first
SELECT j.identity, j.seq, j.content, j.via, j.published, j.author, j.kind, j.payload
FROM (SELECT DISTINCT about FROM (SELECT about FROM decision WHERE author = :author AND action = 'hold'
                                  ORDER BY leaf DESC LIMIT 200)) AS held
JOIN journal AS j ON j.seq = held.about
WHERE j.via = 'check' AND j.published = :same AND j.recv > :since AND j.content IS NOT NULL
ORDER BY j.seq DESC;

-- record: one journal row
SELECT seq, recv, type, kind, timeline, source, time, place, config, identity, content, author, facts,
       entries, hits, verdict, payload, via, published
FROM journal WHERE seq = ?;

-- records: journal rows with their bodies, in order, in one range of seq
SELECT j.seq, j.recv, j.type, j.kind, j.timeline, j.source, j.time, j.place, j.config, j.identity, j.content,
       j.author, j.facts, j.entries, j.hits, j.verdict, j.payload, j.via, j.published, b.sealed
FROM journal j LEFT JOIN body b ON b.seq = j.seq
WHERE j.seq > :after AND j.seq <= :until ORDER BY j.seq;

-- author_of_record: who wrote what one record is about
SELECT author FROM journal WHERE seq = ?;

-- entries_after: what recovery puts back into the windows
SELECT seq, timeline, place, entries FROM journal
WHERE seq > ? AND seq <= ? AND entries IS NOT NULL ORDER BY seq;

-- last_record: the newest journal row
SELECT max(seq), max(recv) FROM journal;

-- last_before: the newest journal row that was received before an instant
SELECT max(seq) FROM journal WHERE recv < ?;

-- hits_live: rows of the live stream on which a rule fired or was unknown, of known authors
SELECT seq, config, hits FROM journal
WHERE seq > :after AND seq <= :until AND hits IS NOT NULL AND timeline = '' AND author IS NOT NULL
ORDER BY seq;

-- hits: rows of events on which a rule fired or was unknown, in order, in one range of seq
SELECT seq, config, kind, source, author, facts, hits FROM journal
WHERE seq > :after AND seq <= :until AND hits IS NOT NULL ORDER BY seq;

-- open_of_cluster: the open cases about a cluster of texts under a clause
SELECT id FROM review_case
WHERE cluster = :cluster AND clause = :clause AND timeline = '' AND closed IS NULL AND campaign IS NULL;

-- order_given: the control that gave a standing order; one that ended it came later
SELECT payload FROM journal
WHERE type = '!standing_order' AND type >= '!' AND type < '"' AND instr(payload, ?) > 0
ORDER BY seq LIMIT 1;

-- controls: all controls of one type, in order
SELECT seq, recv, payload FROM journal
WHERE type = ? AND type >= '!' AND type < '"' ORDER BY seq;

-- add_watch_hits: events that a version of a rule on watch hit
INSERT INTO watch_hit (rule, version, hits, first) VALUES (?, ?, ?, ?)
ON CONFLICT (rule, version) DO UPDATE SET hits = hits + excluded.hits;

-- watch_hits: how many there were, and when the first one was counted
SELECT rule, version, hits, first FROM watch_hit;

-- summarised: the rules that have or had a summary
SELECT rule, had, until FROM summarised;

-- summarise: whether a rule has a summary, and up to which record its texts stay back
INSERT OR REPLACE INTO summarised (rule, had, until) VALUES (:rule, :had, :until);

-- unsummarise: its texts are published
DELETE FROM summarised WHERE rule = ?;

-- head_seq: the last record
SELECT seq FROM head;

-- activations_after: the configurations that came into force after a record, in order
SELECT seq, recv, payload FROM journal
WHERE type = '!config' AND type >= '!' AND type < '"' AND seq > ? ORDER BY seq;

-- records_of_author: the records of one account
SELECT seq, timeline, place, entries FROM journal WHERE author = ? ORDER BY seq;

-- erasable: how much there is of one account
SELECT (SELECT count(*) FROM decision WHERE author = :author),
       (SELECT count(*) FROM decision
        WHERE author = :author AND undone_by IS NULL AND ended IS NULL),
       (SELECT count(*) FROM appeal a JOIN decision d ON d.id = a.decision
        WHERE d.author = :author);

-- sources: where events came from
SELECT DISTINCT source FROM stream ORDER BY source;

-- flags: the flags whose bodies are still there
SELECT j.seq, j.recv, j.type, j.kind, j.timeline, j.source, j.time, j.place, j.config, j.identity,
       j.content, j.author, j.facts, j.entries, j.hits, j.verdict, j.payload, j.via, j.published, b.sealed
FROM journal j JOIN body b ON b.seq = j.seq WHERE j.kind = 'flag' ORDER BY j.seq;

-- forget_record: drop the digests of an erased record
UPDATE journal SET content = NULL, published = NULL, entries = ?, facts = ? WHERE seq = ?;

-- forget_body: drop a sealed body
DELETE FROM body WHERE seq = ?;

-- add_decision: one decision
INSERT INTO decision (id, seq, time, timeline, subject, author, clause, rule, by_role, action,
                      licence, until, sealed, leaf, about, target, content, lang, origin, found)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- decision: one decision
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision WHERE id = ?;

-- decisions: decisions, newest first
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision
WHERE (:rule IS NULL OR rule = :rule) AND (:by IS NULL OR by_role = :by)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
ORDER BY leaf DESC LIMIT :limit;

-- undoable: decisions of a rule, a role or a time range that were not undone
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision
WHERE undone_by IS NULL
  AND (:rule IS NULL OR rule = :rule) AND (:by IS NULL OR by_role = :by)
  AND (:author IS NULL OR author = :author) AND (:licence IS NULL OR licence = :licence)
  AND (:since IS NULL OR time >= :since) AND (:until IS NULL OR time < :until)
ORDER BY leaf LIMIT :limit;

-- queues_of_decision: of the cases that a decision was made in, that ask about it, or that its
-- standing order was given from; appeals are no queue that somebody is narrowed to
SELECT c.queue FROM reviewed r JOIN review_case c ON c.id = r.id
WHERE r.decision = :id AND c.campaign IS NULL
UNION SELECT c.queue FROM decision d JOIN case_subject s ON s.record = d.about AND s.decision = d.id
JOIN review_case c ON c.id = s.id WHERE d.id = :id AND c.campaign IS NULL
UNION SELECT c.queue FROM decision d
JOIN journal j ON j.type = '!standing_order' AND j.type >= '!' AND j.type < '"'
  AND instr(j.payload, substr(d.licence, length('standing order:') + 1)) > 0
JOIN review_case c
  ON c.id = CASE WHEN json_valid(j.payload) THEN json_extract(j.payload, '$.order.case') END
WHERE d.id = :id AND substr(d.licence, 1, length('standing order:')) = 'standing order:';

-- decisions_of_record: the decisions one record led to
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about, origin
FROM decision WHERE seq = ? ORDER BY leaf;

-- decisions_about: the decisions about one record, wherever they came from
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision WHERE about = ? ORDER BY leaf;

-- members_of_record: how many earlier records were acted on by one record
SELECT count(DISTINCT about) FROM decision WHERE seq = :seq AND about != :seq;

-- decisions_of_author: the decisions that concern one account
SELECT id FROM decision WHERE author = ? ORDER BY seq;

-- reversals: what became of every decision
SELECT id, seq, ended, undone_by FROM decision ORDER BY leaf;

-- open_decisions: restrictions that have an end still to come
SELECT id, until FROM decision WHERE ended IS NULL AND until IS NOT NULL ORDER BY until, seq, id;

-- certificate_controls: all that samples and certificates follow from, in order
SELECT seq, recv, type, payload FROM journal
WHERE type IN ('!population', '!draw', '!label', '!labelling', '!certificate', '!demotion',
               '!config', '!erasure', '!undo', '!review', '!outcome')
  AND seq > :after AND seq <= :until ORDER BY seq;

-- certified_decisions: what was decided live under certificates, in order
SELECT id, licence, seq, time, about FROM decision
WHERE substr(licence, 1, 11) = 'certificate' AND timeline = '' AND seq > :after AND seq <= :until
ORDER BY leaf;

-- unjudged_under: what stands of what a rule did by itself under a certificate since an instant, the
-- latest first, that nobody has judged and nobody is being asked about
SELECT d.id, d.about, d.subject, d.author FROM decision d
WHERE substr(d.licence, 1, 11) = 'certificate' AND d.licence = :licence AND d.timeline = ''
  AND d.time >= :since AND d.undone_by IS NULL AND d.ended IS NULL
  AND NOT EXISTS (SELECT 1 FROM reviewed r WHERE r.subject = d.subject AND r.clause = d.clause
                  AND r.undone IS NULL AND r.changed IS NULL)
  AND NOT EXISTS (SELECT 1 FROM case_subject s JOIN review_case c ON c.id = s.id
                  WHERE s.record = d.about AND c.clause = :clause AND c.closed IS NULL)
ORDER BY d.leaf DESC LIMIT :most;

-- count_unjudged_under: how many there are of these
SELECT count(*) FROM decision d
WHERE substr(d.licence, 1, 11) = 'certificate' AND d.licence = :licence AND d.timeline = ''
  AND d.time >= :since AND d.undone_by IS NULL AND d.ended IS NULL
  AND NOT EXISTS (SELECT 1 FROM reviewed r WHERE r.subject = d.subject AND r.clause = d.clause
                  AND r.undone IS NULL AND r.changed IS NULL)
  AND NOT EXISTS (SELECT 1 FROM case_subject s JOIN review_case c ON c.id = s.id
                  WHERE s.record = d.about AND c.clause = :clause AND c.closed IS NULL);

-- decisions_by_licence_day: how often each licence was used on the days that can still matter
SELECT licence, time / 86400000000, count(*) FROM decision
WHERE licence IS NOT NULL AND timeline = ? AND time >= ? GROUP BY 1, 2;

-- room_actions: what rules asked of rooms, as far as it can still last; also what a person lifted
SELECT timeline, subject, action, max(until) FROM decision
WHERE action IN ('slow', 'require approval') AND by_role = 'rule' AND until > ?
GROUP BY timeline, subject, action;

-- room_actions_of: what the rules of one record asked of its room
SELECT timeline, subject, action, until FROM decision
WHERE seq = ? AND action IN ('slow', 'require approval') AND by_role = 'rule';

-- end_decision: a restriction has ended
UPDATE decision SET ended = :seq WHERE id = :id AND ended IS NULL;

-- undo_decision: a decision has been undone
UPDATE decision SET undone_by = :seq, ended = coalesce(ended, :seq) WHERE id = :id AND undone_by IS NULL;

-- forget_decision: drop the sealed record of a decision
UPDATE decision SET sealed = NULL, lang = '' WHERE id = ?;

-- add_case: something waits for a person
INSERT INTO review_case (id, seq, opened, clause, rule, queue, urgent, reason, decision, cluster, timeline,
                         harm, unsure, behind, place, subject, campaign, closed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_notice: somebody is told
INSERT INTO notice (id, decision, seq, author, lang, reason, state, statement, message)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- notices_of_decision: who was told of a decision, and how far the message has come
SELECT n.id, n.reason, n.lang, coalesce(o.state, n.state), n.statement, o.done
FROM notice n LEFT JOIN outbox o ON o.id = n.message WHERE n.decision = ? ORDER BY n.seq, n.id;

-- add_statement: a page for one person, clause and hour
INSERT INTO statement (id, token, timeline, author, clause, lang, opened) VALUES (?, ?, ?, ?, ?, ?, ?);

-- promise_message: the first message of a page, and the one at the hour's end
UPDATE statement SET first = ?, more = ? WHERE id = ?;

-- open_statement: the page that a person's notices of one clause still go onto
SELECT id, timeline, author, clause, lang, opened, first, more FROM statement
WHERE author = :author AND clause = :clause AND timeline = :timeline AND opened > :after
ORDER BY opened DESC LIMIT 1;

-- statement_by_token: the page of a link
SELECT id, timeline, author, clause, lang, opened, first, more FROM statement WHERE token = ?;

-- statement: one page
SELECT id, timeline, author, clause, lang, opened, first, more FROM statement WHERE id = ?;

-- statements_of_author: the pages of one person, newest first
SELECT id, clause, opened FROM statement WHERE author = ? ORDER BY opened DESC, id;

-- statement_of_decision: the page on which a decision was first told
SELECT statement FROM notice WHERE decision = ? AND statement IS NOT NULL ORDER BY seq, id LIMIT 1;

-- decisions_of_statement: one part of the decisions a page tells of, in the order they were told
SELECT decision FROM notice WHERE statement = :statement
GROUP BY decision ORDER BY min(seq), min(rowid) LIMIT :limit OFFSET :offset;

-- standing_of_statement: by action, how many decisions a page tells of, how many are in force, how
-- many of those have no end, and the latest of their records
SELECT action, count(*), sum(held), sum(held AND until IS NULL), max(seq) FROM (
  SELECT d.action, d.until, d.seq,
         d.sealed IS NOT NULL AND d.undone_by IS NULL AND d.ended IS NULL
         AND (d.until IS NULL OR d.until > :now)
         AND coalesce((SELECT a.state FROM outbox a
                       WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
                       ORDER BY a.rowid LIMIT 1), '')
             NOT IN ('withdrawn', 'awaiting publication', 'failed') AS held
  FROM decision d WHERE d.id IN (SELECT decision FROM notice WHERE statement = :statement))
GROUP BY action;

-- left_in_room: what was done in a room, can be undone only there and is in force, or is being undone,
-- or was to be and could not
SELECT d.id, d.time, d.action, d.clause, d.until, 0 AS going, d.leaf
FROM decision d JOIN journal j ON j.seq = d.about
WHERE d.action IN ('label', 'context', 'require approval', 'lock', 'ban from room')
  AND d.undone_by IS NULL AND d.ended IS NULL AND j.source = :source
  AND coalesce((SELECT a.state FROM outbox a
                WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
                ORDER BY a.rowid LIMIT 1), 'recorded')
      NOT IN ('recorded', 'withdrawn', 'awaiting publication', 'failed')
UNION ALL
SELECT d.id, d.time, d.action, d.clause, d.until, 1, d.leaf
FROM outbox o JOIN decision d ON d.id = o.decision JOIN journal j ON j.seq = d.about
WHERE o.state IN ('asked', 'sending') AND o.inverse = 1 AND o.connector = :platform
  AND d.action IN ('label', 'context', 'require approval', 'lock', 'ban from room')
  AND j.source = :source
UNION ALL
SELECT d.id, d.time, d.action, d.clause, d.until, 0, d.leaf
FROM outbox o JOIN decision d ON d.id = o.decision JOIN journal j ON j.seq = d.about
WHERE o.state = 'failed' AND o.inverse = 1 AND o.kind = 'action'
  AND (d.undone_by IS NOT NULL OR d.ended IS NOT NULL)
  AND d.action IN ('label', 'context', 'require approval', 'lock', 'ban from room')
  AND j.source = :source
  AND o.rowid = (SELECT max(a.rowid) FROM outbox a
                 WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 1)
ORDER BY 7 LIMIT :limit;

-- place_of_decision: where what it is about happened, and what was done
SELECT j.source, d.action FROM decision d JOIN journal j ON j.seq = d.about WHERE d.id = ?;

-- place_on_statement: the place of one decision on a page, from 0
SELECT place FROM (
  SELECT decision, row_number() OVER (ORDER BY min(seq), min(rowid)) - 1 AS place
  FROM notice WHERE statement = :statement GROUP BY decision)
WHERE decision = :decision;

-- told_on_statement: whether a page tells of a decision
SELECT 1 FROM notice WHERE decision = :decision AND statement = :statement LIMIT 1;

-- add_action: something is asked of the platform, or told through it
INSERT INTO outbox (id, decision, seq, lane, action, inverse, state, kind, connector, statement, due)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- actions_of_decision: what was asked of the platform for a decision
SELECT id, action, inverse, state, connector, lane, attempts, done, detail FROM outbox
WHERE decision = ? AND kind = 'action' ORDER BY rowid;

-- action_of_decision: the action that a decision itself asked for
SELECT id, state, connector, attempts, due FROM outbox
WHERE decision = ? AND kind = 'action' AND inverse = 0 ORDER BY rowid LIMIT 1;

-- others_in_force: the other decisions about a subject that are in force and have gone out
SELECT d.id, d.seq, d.time, d.timeline, d.subject, d.author, d.clause, d.rule, d.by_role, d.action,
       d.licence, d.until, d.ended, d.undone_by, d.sealed, d.leaf, d.about
FROM decision d
WHERE d.subject = ? AND d.id != ? AND d.undone_by IS NULL AND d.ended IS NULL
  AND (SELECT a.state FROM outbox a
       WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
       ORDER BY a.rowid LIMIT 1) IN ('answered', 'sending', 'delivered', 'confirmed')
ORDER BY d.leaf;

-- in_its_place: decisions of one person that are in force about the subject of one that is over, or
-- were made in its place by the judgement or the outcome that ended it
SELECT d.id FROM decision d WHERE d.id != :decision AND d.id IN (
  SELECT id FROM decision WHERE subject = :subject
  UNION SELECT n.id FROM reviewed w JOIN decision n ON n.seq = w.review
        WHERE w.record = :about AND w.before = :decision AND w.outcome = 'upheld'
          AND w.undone IS NULL AND n.about = :about
  UNION SELECT o.decision FROM appeal a JOIN appeal_outcome o ON o.appeal = a.id
        WHERE a.decision = :decision)
  AND +d.author = :author AND d.sealed IS NOT NULL AND d.undone_by IS NULL AND d.ended IS NULL
  AND d.timeline = :timeline AND (d.until IS NULL OR d.until > :now)
  AND coalesce((SELECT a.state FROM outbox a
                WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
                ORDER BY a.rowid LIMIT 1), '')
      NOT IN ('withdrawn', 'awaiting publication', 'failed')
ORDER BY d.leaf DESC LIMIT :limit;

-- last_word: what a platform was last asked about a subject by other decisions, of what it has one
-- state of: whether to take it back, whether that decision is in force, its key, the decision
SELECT a.inverse, d.undone_by IS NULL AND d.ended IS NULL, a.id, a.decision
FROM outbox a JOIN decision d ON d.id = a.decision
WHERE a.lane = :lane AND a.kind = 'action' AND a.decision != :decision
  AND a.action IN (SELECT value FROM json_each(:actions))
  AND a.state NOT IN ('recorded', 'withdrawn', 'failed', 'awaiting publication')
ORDER BY a.rowid DESC LIMIT 1;

-- outbox: one row
SELECT id, kind, connector, lane, decision, statement, action, inverse, state, due, attempts, seq,
       began
FROM outbox WHERE id = ?;

-- outbox_open: rows whose turn it is: nothing before them in their lane is open, and of what a message
-- tells something is no longer so. A message holds up no action. What is due far ahead was timed by a
-- clock that has gone back since
SELECT id, kind, connector, lane, rowid, due, state, attempts, inverse, began FROM outbox o
WHERE state IN ('asked', 'sending') AND (due <= :now OR due > :far)
  AND connector NOT IN (SELECT value FROM json_each(:busy))
  AND NOT EXISTS (SELECT 1 FROM outbox e
                  WHERE e.lane = o.lane AND +e.rowid < o.rowid AND e.state IN ('asked', 'sending')
                    AND (e.kind = 'action' OR o.kind = 'notice'))
  AND (o.kind = 'action'
       OR NOT EXISTS (SELECT 1 FROM notice n
                      JOIN outbox a ON a.decision = n.decision AND a.kind = 'action'
                                    AND a.inverse = (n.reason != 'decided')
                      WHERE n.message = o.id
                        AND a.state IN ('asked', 'sending', 'awaiting publication'))
       OR EXISTS (SELECT 1 FROM notice n
                  JOIN outbox a ON a.decision = n.decision AND a.kind = 'action'
                                AND a.inverse = (n.reason != 'decided')
                  WHERE n.message = o.id
                    AND a.state NOT IN ('asked', 'sending', 'awaiting publication', 'withdrawn')))
ORDER BY due, rowid LIMIT :limit;

-- chat_heard: whether something was heard already, and what was answered
SELECT h.time, l.id, l.platform, l.what, l.lang, l.review, l.answers FROM chat_heard h
JOIN chat_line l ON l.id = h.line WHERE h.event = ?;

-- add_chat_heard: something was heard
INSERT INTO chat_heard (event, time, line) VALUES (?, ?, ?);

-- add_chat_line: something is said in a moderators' room
INSERT INTO chat_line (id, platform, what, made, lang, review, opened, urgent, many, over, answers, person,
                       until, why, state)
VALUES (:id, :platform, :what, :made, :lang, :review, :opened, :urgent, :many, :over, :answers, :person,
        :until, :why, :state);

-- chat_line: one line
SELECT id, platform, what, made, lang, review, opened, urgent, many, over, answers, person, until, why,
       state, event FROM chat_line WHERE id = ?;

-- chat_line_of_event: the line that stands there as this
SELECT id, platform, what, made, lang, review, opened, urgent, many, over, answers, person, until, why,
       state, event FROM chat_line WHERE event = ?;

-- chat_stands: a line stands there, and what it is called
UPDATE chat_line SET event = ? WHERE id = ? AND platform = ? AND event IS NULL;

-- chat_state: what became of a line
UPDATE chat_line SET state = :state WHERE id = :id AND state = :before;

-- chat_latest: when the latest case was opened of which something was said
SELECT max(opened) FROM chat_line WHERE opened > 0;

-- chat_new: open cases of which nothing was said yet, in the order they were opened
SELECT c.id, c.opened FROM review_case c
WHERE c.opened >= :since AND c.closed IS NULL AND c.urgent = 0 AND c.timeline = ''
  AND NOT EXISTS (SELECT 1 FROM chat_line l WHERE l.review = c.id)
ORDER BY c.opened LIMIT :limit;

-- chat_new_urgent: open cases that are urgent, of which that was not said yet
SELECT c.id, c.opened FROM review_case c
WHERE c.closed IS NULL AND c.snoozed IS NULL AND c.urgent = 1 AND c.timeline = ''
  AND NOT EXISTS (SELECT 1 FROM chat_line l WHERE l.review = c.id AND l.urgent = 1)
ORDER BY c.place, c.id LIMIT :limit;

-- chat_said: when something was said of cases since an instant, each time
SELECT what, made FROM chat_line WHERE what IN ('case', 'more') AND urgent = ? AND made > ?
ORDER BY made LIMIT 1000;

-- chat_over: lines of cases that are open no more: where they stand, or how far they have come
SELECT l.id, l.platform, l.lang, l.review, l.event, o.state FROM chat_line l
JOIN review_case c ON c.id = l.review JOIN outbox o ON o.id = l.id
WHERE l.what = 'case' AND l.state = '' AND c.closed IS NOT NULL
  AND (l.event IS NOT NULL OR o.state NOT IN ('sending', 'delivered', 'confirmed')) LIMIT :limit;

-- chat_again: lines that say of an open case that it is settled
SELECT l.id, l.platform, l.lang, l.review FROM chat_line l JOIN review_case c ON c.id = l.review
WHERE l.what = 'case' AND l.state = 'settled' AND l.made > :since AND c.closed IS NULL LIMIT :limit;

-- chat_answered: how often somebody was answered since an instant
SELECT count(*) FROM chat_line WHERE answers IS NOT NULL AND person = :person AND made > :since;

-- chat_withdraw: a line that waits to be sent is not
UPDATE outbox SET state = 'withdrawn', done = :now WHERE id = :id AND state = 'asked';

-- source_of_case: where what a case is about was said
SELECT j.source FROM case_subject s JOIN journal j ON j.seq = s.record WHERE s.id = ?
ORDER BY s.record LIMIT 1;

-- drop_chat_answers: nor which message was answered
UPDATE chat_line SET answers = NULL WHERE id IN
  (SELECT id FROM chat_line WHERE answers IS NOT NULL AND made <= :until LIMIT :most);

-- drop_chat_heard: what was heard long ago nobody need know again
DELETE FROM chat_heard WHERE event IN (SELECT event FROM chat_heard WHERE time <= :until LIMIT :most);

-- told_by_message: what a message tells of
SELECT decision, reason FROM notice WHERE message = ? ORDER BY seq, id LIMIT 1000;

-- add_summons: somebody of the staff is called
INSERT INTO summons (id, clause, queue, urgent, opened, lang) VALUES (?, ?, ?, ?, ?, ?);

-- fold_summons: there is more reason within the hour
UPDATE summons SET times = ?, more = ? WHERE id = ?;

-- summons_latest: the last hour for which somebody was called for a clause, in a queue
SELECT id, opened, times, more FROM summons WHERE clause = ? AND queue = ? AND urgent = ?
ORDER BY opened DESC LIMIT 1;

-- summons_of: what a message calls somebody for
SELECT id, clause, queue, urgent, opened, lang, times FROM summons WHERE id = :id OR more = :id;

-- summons_since: by queue, how many messages and how often there was reason; without those of lists
SELECT queue, count(*) + count(more), sum(times) FROM summons
WHERE opened >= ? AND clause != '' GROUP BY queue;

-- outbox_states: how many rows stand where
SELECT kind, state, count(*) FROM outbox GROUP BY kind, state;

-- outbox_tried: what was tried and waits to be tried again, the latest last
SELECT connector, began, detail FROM outbox
WHERE state IN ('asked', 'sending') AND attempts > 0 AND began IS NOT NULL ORDER BY due LIMIT ?;

-- outbox_listed: rows of one state, newest first
SELECT id, kind, connector, decision, action, inverse, state, due, attempts, done, detail,
       again, again_by
FROM outbox
WHERE (:state IS NULL OR state = :state) ORDER BY rowid DESC LIMIT :limit;

-- mark_sending: an attempt begins; no row where it was withdrawn meanwhile
UPDATE outbox SET state = 'sending', attempts = :attempts, began = coalesce(began, :now)
WHERE id = :id AND state IN ('asked', 'sending');

-- mark_sent: what became of an attempt
UPDATE outbox SET state = :state, due = :due, attempts = :attempts, detail = :detail, done = :done,
  memory = coalesce(:memory, memory)
WHERE id = :id AND state = 'sending';

-- memories: what is remembered of an action on a subject, the newest first, with its decision
SELECT decision, memory FROM outbox
WHERE lane = :lane AND kind = 'action' AND action = :action AND memory != ''
ORDER BY rowid DESC LIMIT 64;

-- forget_memories: of an erased decision nothing is remembered
UPDATE outbox SET memory = '' WHERE decision = ?;

-- mark_reported: what the platform says later of an action it had taken
UPDATE outbox SET state = :state, detail = :detail, done = :done
WHERE id = :id AND state IN ('sending', 'delivered', 'answered', 'confirmed', 'failed');

-- mark_reached: somebody has come to where messages waited for them
UPDATE outbox SET state = 'delivered', done = :now
WHERE id IN (SELECT n.message FROM statement s JOIN notice n ON n.statement = s.id
             WHERE s.author = :author AND n.message IS NOT NULL)
  AND state = 'sent' AND connector = :connector;

-- led_to: a row's line in the public log, the case of its failure, and when that was closed
SELECT o.line, o.review, c.closed FROM outbox o LEFT JOIN review_case c ON c.id = o.review
WHERE o.id = ?;

-- keep_line: a message has its line in the public log
UPDATE outbox SET line = ? WHERE id = ?;

-- keep_case: a failure has its case
UPDATE outbox SET review = ? WHERE id = ?;

-- retry_failed: try once more what was given up; not an action whose undoing has gone out since
UPDATE outbox SET state = 'asked', due = :due, began = NULL, detail = '', again = :now, again_by = :by
WHERE id = :id AND state = 'failed'
  AND (kind = 'notice'
       OR NOT EXISTS (SELECT 1 FROM outbox l
                      WHERE l.lane = outbox.lane AND l.rowid > outbox.rowid AND l.kind = 'action'
                        AND l.state NOT IN ('asked', 'withdrawn')));

-- withdraw: a decision is undone before anything of it was sent
UPDATE outbox SET state = 'withdrawn', done = :now
WHERE decision = :decision AND kind = 'action' AND inverse = 0
  AND state IN ('asked', 'awaiting publication') AND attempts = 0;

-- withdraw_messages: a message goes with the last action that it tells of
UPDATE outbox SET state = 'withdrawn', done = :now
WHERE kind = 'notice' AND state IN ('asked', 'awaiting publication') AND attempts = 0
  AND id IN (SELECT message FROM notice WHERE decision = :decision)
  AND NOT EXISTS (SELECT 1 FROM notice n
                  JOIN outbox a ON a.decision = n.decision AND a.kind = 'action' AND a.inverse = 0
                  WHERE n.message = outbox.id AND a.state != 'withdrawn');

-- bring_forward: a page whose first message was withdrawn brings the later one at once, behind the
-- action it tells of
UPDATE outbox SET due = :now,
  lane = coalesce((SELECT a.lane FROM outbox a WHERE a.decision = outbox.decision
                   AND a.kind = 'action' AND a.inverse = 0), lane)
WHERE state = 'asked' AND attempts = 0 AND kind = 'notice'
  AND id IN (SELECT s.more FROM statement s JOIN outbox f ON f.id = s.first
             WHERE f.state = 'withdrawn'
               AND s.id IN (SELECT statement FROM notice WHERE decision = :decision));

-- promise_again: a page goes on without the messages that were withdrawn
UPDATE statement SET (first, more) = (
  SELECT CASE WHEN f.state = 'withdrawn' THEN m.id ELSE f.id END,
         CASE WHEN f.state = 'withdrawn' THEN NULL ELSE m.id END
  FROM statement s
  LEFT JOIN outbox f ON f.id = s.first
  LEFT JOIN outbox m ON m.id = s.more AND m.state != 'withdrawn'
  WHERE s.id = statement.id)
WHERE id IN (SELECT statement FROM notice WHERE decision = :decision);

-- withdraw_erased: of an erased decision nothing is sent any more but its undoing
UPDATE outbox SET state = 'withdrawn', done = :now
WHERE decision = :decision AND inverse = 0 AND state IN ('asked', 'sending', 'awaiting publication');

-- dispatch: what an answer carried or a publication was awaited for is sent after all
UPDATE outbox SET state = 'asked', due = :due
WHERE state IN ('answered', 'awaiting publication') AND connector != '' AND attempts = 0
  AND decision IN (SELECT id FROM decision
                   WHERE about = :seq AND undone_by IS NULL AND ended IS NULL);

-- dispatch_messages: what the answer to a check was to bring is sent
UPDATE outbox SET state = 'asked', due = :due
WHERE state = 'answered' AND kind = 'notice' AND attempts = 0
  AND decision IN (SELECT id FROM decision WHERE about = :seq);

-- belated: messages that answers were to bring and that are now to be sent: their pages, the page's
-- message at the hour's end that still waits, and when the page was opened
SELECT o.id, s.id, m.id, s.opened FROM outbox o JOIN statement s ON s.id = o.statement
LEFT JOIN outbox m ON m.id = s.more AND m.state = 'asked'
WHERE o.kind = 'notice' AND o.state = 'asked' AND o.attempts = 0
  AND o.id != s.first AND o.id IS NOT s.more
  AND o.decision IN (SELECT id FROM decision WHERE about = :seq) ORDER BY o.rowid;

-- postpone: a belated message becomes the one at the hour's end
UPDATE outbox SET due = :due WHERE id = :id;

-- promise_more: the message at the hour's end
UPDATE statement SET more = :more WHERE id = :id;

-- fold: what one message was to tell another one tells
UPDATE notice SET message = :into WHERE message = :id;

-- withdraw_message: a message has nothing to tell any more
UPDATE outbox SET state = 'withdrawn', done = :now WHERE id = :id;

-- add_appeal: a person answers to a decision
INSERT INTO appeal (id, decision, statement, made, state, sealed, leaf, due, review)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- appeals_of_decision: what a person answered to a decision
SELECT id, made, state, sealed, leaf, due FROM appeal WHERE decision = ? ORDER BY made, id;

-- appeals_of_author: the appeals about decisions that concern one account
SELECT a.id, a.decision FROM appeal a JOIN decision d ON d.id = a.decision WHERE d.author = ?;

-- forget_appeal: drop the sealed text of an appeal
UPDATE appeal SET sealed = NULL WHERE id = ?;

-- add_run: somebody ran rules over the past
INSERT INTO run (id, leaf, made, kind, salt, record, person) VALUES (?, ?, ?, ?, ?, ?, ?);

-- run: one run over the past
SELECT id, leaf, made, kind, salt, record FROM run WHERE id = ?;

-- runs: runs over the past, newest first
SELECT id, leaf, made, kind, salt, record FROM run ORDER BY leaf DESC LIMIT ?;

-- undone_decisions: about which records decisions were undone, and by which control
SELECT about, clause, undone_by FROM decision WHERE undone_by IS NOT NULL ORDER BY leaf;

-- decisions_by_people: about which records people decided themselves, and nobody undid it
SELECT about, clause FROM decision d
WHERE by_role NOT IN ('rule', 'time') AND undone_by IS NULL
  AND NOT EXISTS (SELECT 1 FROM review r WHERE r.seq = d.seq) ORDER BY leaf;

-- cases_for_people: what waits because only a person may do what a rule asked for, newest first
-- with their cluster of texts and how many open cases are of it, whatever rule opened them
SELECT id, seq, opened, clause, rule, queue, urgent, cluster,
  CASE WHEN cluster IS NOT NULL THEN (
    SELECT count(*) FROM review_case o WHERE o.cluster = c.cluster AND o.closed IS NULL
  ) END
FROM review_case c
WHERE closed IS NULL AND reason = :reason ORDER BY opened DESC, id LIMIT :limit;

-- cases_open: how many cases wait
SELECT count(*) FROM review_case WHERE closed IS NULL;

-- add_key: a program may use the doors; a revoked key gives its name away
INSERT OR REPLACE INTO platform_key (name, digest, grants, made) VALUES (?, ?, ?, ?);

-- revoke_key: a program may use the doors no more
UPDATE platform_key SET revoked = :now WHERE name = :name AND revoked IS NULL;

-- platform_keys: the keys there are
SELECT name, digest, grants, made, revoked FROM platform_key ORDER BY made, name;

-- add_licence: a licence begins
INSERT INTO licence (id, kind, clause, rule, hold, cap, since) VALUES (?, ?, ?, ?, ?, ?, ?);

-- add_certificate: a certificate begins
INSERT INTO licence (id, kind, clause, rule, version, level, hold, cap, until, since)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- lengthen_licence: a certificate is renewed
UPDATE licence SET until = :until WHERE id = :id AND ended IS NULL;

-- end_licence: a licence ends
UPDATE licence SET ended = :seq WHERE id = :id AND ended IS NULL;

-- add_leaf: one leaf of the public log
INSERT INTO leaf (position, seq, entry, hash) VALUES (?, ?, ?, ?);

-- leaves: the entries and hashes of a range of the public log
SELECT entry, hash FROM leaf WHERE position >= ? AND position < ? ORDER BY position;

-- lines_of_controls: the lines of the public log at controls, with what these say, and whether a program wrote them
-- whose salts can be made again
SELECT l.position, l.seq, l.entry, j.type, j.payload, l.position >= (SELECT salted FROM head)
FROM leaf l JOIN journal j ON j.seq = l.seq
WHERE j.payload IS NOT NULL AND l.seq <= ?
ORDER BY l.position;

-- last_leaf: how long the public log is
SELECT coalesce(max(position) + 1, 0) FROM leaf;

-- add_content: keep a list or a model as it was
INSERT OR IGNORE INTO content (digest, bytes) VALUES (?, ?);

-- forget_content: let go of a model that must not be kept any more
DELETE FROM content WHERE digest = ?;

-- content: a list or a model as it was
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

-- controls_after: the controls of one type after a record, in order
SELECT seq, recv, payload FROM journal WHERE type = ? AND seq > ? ORDER BY seq;

-- latest_bodies: the latest live events with their bodies, newest first
SELECT j.seq, j.recv, j.type, j.kind, j.timeline, j.source, j.time, j.place, j.config, j.identity, j.content,
       j.author, j.facts, j.entries, j.hits, j.verdict, j.payload, j.via, j.published, b.sealed
FROM journal j JOIN body b ON b.seq = j.seq
WHERE j.seq > :after AND j.timeline = '' AND j.kind IS NOT NULL AND j.kind != 'flag'
ORDER BY j.seq DESC LIMIT :limit;

-- put_list_state: what was done to a list, up to a record
INSERT OR REPLACE INTO list_state (list, seq, imported, state) VALUES (?, ?, ?, ?);

-- list_states: what was done to lists
SELECT list, state FROM list_state;

-- list_seqs: up to which records that is
SELECT list, seq, imported FROM list_state;

-- list_record: what one entry of a list has done
SELECT track, undone FROM list_record WHERE list = ? AND entry = ?;

-- list_records: what the entries of a list have done
SELECT entry, track, undone FROM list_record WHERE list = ?;

-- put_list_record: an entry has done more
INSERT INTO list_record (list, entry, track) VALUES (?, ?, ?)
ON CONFLICT (list, entry) DO UPDATE SET track = excluded.track;

-- add_list_match: a decision rests on an entry
INSERT OR IGNORE INTO list_match (decision, list, entry) VALUES (?, ?, ?);

-- undo_list_matches: a decision that rests on some entries was undone
UPDATE list_record SET undone = undone + 1
WHERE (list, entry) IN (SELECT list, entry FROM list_match WHERE decision = ?);

-- forget_list_matches: what an erased decision rests on says what the person wrote
DELETE FROM list_match WHERE decision = ?;

-- join_case: an open case is asked about again, perhaps urgently
UPDATE review_case SET urgent = max(urgent, ?), place = min(place, ?),
  snoozed = CASE WHEN ? THEN NULL ELSE snoozed END
WHERE id = ?;

-- add_case_subject: a record that a case is about
INSERT INTO case_subject (id, record, subject, author, decision, apart, key, sealed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (id, record) DO UPDATE SET decision = coalesce(excluded.decision, decision);

-- add_case_share: a case has a part in a share
INSERT INTO case_shared (id, share) VALUES (?, ?);

-- open_share: one more case of a share is open
INSERT INTO case_share (share, open) VALUES (?, 1) ON CONFLICT (share) DO UPDATE SET open = open + 1;

-- open_of_share: how many cases of a share are open
SELECT open FROM case_share WHERE share = ?;

-- reopen_shares: a case is open again
INSERT INTO case_share (share, open) SELECT share, 1 FROM case_shared WHERE id = ?
ON CONFLICT (share) DO UPDATE SET open = open + 1;

-- close_shares: a case is open no more
UPDATE case_share SET open = open - 1 WHERE share IN (SELECT share FROM case_shared WHERE id = ?);

-- drop_shares: shares of which nothing is open
DELETE FROM case_share WHERE open <= 0 AND share IN (SELECT share FROM case_shared WHERE id = ?);

-- case_of_cluster: the open case about a cluster, unless it is full
SELECT c.id FROM review_case c
WHERE c.cluster = :cluster AND c.clause = :clause AND +c.queue = :queue AND c.timeline = :timeline
  AND c.closed IS NULL AND c.campaign IS NULL AND :subject IS NOT NULL
  AND (SELECT count(*) FROM case_subject s WHERE s.id = c.id) < :most
ORDER BY c.opened DESC LIMIT 1;

-- case_of_subject: the open case about a subject, unless it is full
SELECT c.id FROM review_case c
WHERE c.subject = :subject AND c.clause = :clause AND +c.queue = :queue AND c.timeline = :timeline
  AND c.closed IS NULL AND c.campaign IS NULL AND (c.cluster IS NULL OR c.cluster IS NOT :cluster)
  AND (SELECT count(*) FROM case_subject s WHERE s.id = c.id) < :most
ORDER BY c.opened DESC LIMIT 1;

-- judged_unchanged: whether a person judged a subject under a clause, and it has not changed since
SELECT review FROM reviewed
WHERE subject = ? AND clause = ? AND undone IS NULL AND changed IS NULL AND outcome != 'seen' LIMIT 1;

-- rest_about: what a person said need not be asked about
SELECT review, record, said FROM rest
WHERE subject = :subject AND clause = :clause AND timeline = :timeline AND until > :now
ORDER BY review DESC LIMIT 1;

-- count_rest: a rule would have asked
UPDATE rest SET asked = asked + 1 WHERE review = ? AND record = ?;

-- add_rest: something need not be asked about for a while
INSERT INTO rest (review, record, id, subject, clause, timeline, said, until)
VALUES (:review, :record, :id, :subject, :clause, :timeline, :said, :until);

-- rests_of_case: what of a case need not be asked about, and who said so
SELECT t.record, t.until, t.asked, r.person FROM rest t JOIN review r ON r.seq = t.review
WHERE t.id = :id AND t.until > :now ORDER BY t.review, t.record;

-- end_rests_about: a person judged it otherwise, or anew
DELETE FROM rest WHERE subject = :subject AND clause = :clause;

-- end_rests_of_case: it is asked about again
DELETE FROM rest WHERE id = :id AND until > :now;

-- end_rests_of_review: the judgement was taken back
DELETE FROM rest WHERE review = ?;

-- forget_rest: what was judged is gone
DELETE FROM rest WHERE record = ?;

-- drop_ended_rests: their time is over
DELETE FROM rest WHERE until <= ?;

-- mark_changed: what was judged has been edited
UPDATE reviewed SET changed = :seq WHERE subject = :subject AND changed IS NULL AND review < :seq;

-- add_flag_answer: somebody who flagged is told what came of it
INSERT INTO flag_answer (message, record, flagger, lang, outcome) VALUES (?, ?, ?, ?, ?);

-- flag_answer: what somebody who flagged is told
SELECT record, flagger, lang, outcome FROM flag_answer WHERE message = ?;

-- case: one case
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case WHERE id = ?;

-- subjects_of_case: what a case is about
SELECT id, record, subject, author, decision, apart, key, sealed FROM case_subject
WHERE id = ? ORDER BY record;

-- said_unchanged: how, and by whom, a subject was judged under a clause that has not changed since
SELECT DISTINCT w.outcome, r.person, r.second FROM reviewed w JOIN review r ON r.seq = w.review
WHERE w.subject = ? AND w.clause = ? AND w.undone IS NULL AND w.changed IS NULL
  AND w.outcome != 'seen';

-- flags_of_case: which of its records are flags by members
SELECT s.record FROM case_subject s CROSS JOIN journal j ON j.seq = s.record
WHERE s.id = ? AND j.kind = 'flag';

-- judged_of_case: what of a case was judged
SELECT record FROM reviewed WHERE id = ? AND undone IS NULL;

-- next_case: the first case of a queue that nobody has
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND queue = :queue AND :person IS NOT NULL
  AND (holder IS NULL OR leased <= :now)
  AND (place, id) > (:place, :id) ORDER BY place, id LIMIT 1;

-- next_case_of_all: the first case of all queues that nobody has; appeals are asked for by name
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND campaign IS NULL
  AND :person IS NOT NULL AND :queue = '' AND (holder IS NULL OR leased <= :now)
  AND (place, id) > (:place, :id) ORDER BY place, id LIMIT 1;

-- next_case_of_harm: the first case of a queue and a harm that nobody has
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND queue = :queue AND harm = :harm
  AND (holder IS NULL OR leased <= :now)
  AND (place, id) > (:place, :id) ORDER BY place, id LIMIT 1;

-- next_case_of_harm_of_all: the same of all queues; appeals are asked for by name
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND campaign IS NULL AND harm = :harm
  AND (holder IS NULL OR leased <= :now)
  AND (place, id) > (:place, :id) ORDER BY place, id LIMIT 1;

-- next_assigned: the first case that is somebody's to look at
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned = :person AND campaign IS NULL AND :queue = ''
  AND (holder IS NULL OR leased <= :now)
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_assigned_in: the same of one queue
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned = :person AND queue = :queue
  AND (holder IS NULL OR leased <= :now)
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_woken: the first case that has come back
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed <= :now AND campaign IS NULL AND :queue = ''
  AND (assigned IS NULL OR assigned = :person OR urgent = 1) AND (holder IS NULL OR leased <= :now)
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_woken_in: the same of one queue
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed <= :now AND +queue = :queue
  AND (assigned IS NULL OR assigned = :person OR urgent = 1) AND (holder IS NULL OR leased <= :now)
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_late: the first case that somebody else was to look at and that is late
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NOT NULL AND campaign IS NULL AND :queue = ''
  AND :person IS NOT NULL AND place <= :late AND (holder IS NULL OR leased <= :now)
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_late_in: the same of one queue
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NOT NULL AND +queue = :queue
  AND :person IS NOT NULL AND place <= :late AND (holder IS NULL OR leased <= :now)
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_urgent: the first urgent case, whoever was to look at it, or has had it for too long
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND campaign IS NULL AND :queue = ''
  AND urgent = 1
  AND (holder IS NULL OR leased <= :now OR (place <= :kept AND holder != :person))
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- next_urgent_in: the same of one queue
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND +queue = :queue
  AND urgent = 1
  AND (holder IS NULL OR leased <= :now OR (place <= :kept AND holder != :person))
  AND instr(:spared, '|' || harm || '|') = 0 AND (place, id) > (:place, :id)
  ORDER BY place, id LIMIT 1;

-- cases_of_person: the open cases that somebody has or is to look at
SELECT id, queue FROM review_case WHERE closed IS NULL AND snoozed IS NULL AND assigned = :who
UNION SELECT id, queue FROM review_case WHERE closed IS NULL AND snoozed IS NOT NULL AND assigned = :who
UNION SELECT id, queue FROM review_case WHERE closed IS NULL AND holder = :who;

-- let_case_go: somebody has it no more, nor is to look
UPDATE review_case SET assigned = nullif(assigned, :who),
  leased = CASE WHEN holder = :who THEN 0 ELSE leased END,
  lease = CASE WHEN holder = :who THEN NULL ELSE lease END,
  holder = nullif(holder, :who)
WHERE id = :id;

-- first_due: when the first open appeal of a case should have been decided
SELECT min(due) FROM appeal WHERE review = ? AND state = 'open';

-- cases_held: how many open cases somebody has
SELECT count(*) FROM review_case WHERE closed IS NULL AND holder = ? AND leased > ?;

-- claim_case: somebody has a case
UPDATE review_case SET holder = :holder, lease = :lease, leased = :leased WHERE id = :id;

-- give_case_back: nobody has it
UPDATE review_case SET holder = NULL, lease = NULL, leased = 0 WHERE id = ?;

-- snooze_case: nobody need look until an instant
UPDATE review_case SET snoozed = :until, holder = NULL, lease = NULL, leased = 0 WHERE id = :id;

-- assign_case: somebody is to look
UPDATE review_case SET assigned = :to, holder = NULL, lease = NULL, leased = 0 WHERE id = :id;

-- close_case: a case is open no more
UPDATE review_case SET closed = :now WHERE id = :id;

-- split_case: another case like one, about nothing yet
INSERT INTO review_case (id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster,
                         timeline, harm, unsure, behind, place, subject, campaign)
SELECT :new, seq, opened, clause, rule, queue, urgent, reason, decision, NULL, cluster,
       timeline, harm, unsure, behind, place, subject, campaign FROM review_case WHERE id = :id;

-- split_shares: it has a part in the same shares
INSERT INTO case_shared (id, share) SELECT :new, share FROM case_shared WHERE id = :id;

-- move_subject: a record waits in another case
INSERT INTO case_subject (id, record, subject, author, decision, apart, key, sealed)
SELECT :into, record, subject, author, decision, apart, key, sealed FROM case_subject
WHERE id = :id AND record = :record
ON CONFLICT (id, record) DO UPDATE SET decision = coalesce(excluded.decision, decision);

-- drop_subject: and in this one no more
DELETE FROM case_subject WHERE id = ? AND record = ?;

-- person_at_work: somebody works on cases
INSERT INTO case_person (person, last) VALUES (?, ?)
ON CONFLICT (person) DO UPDATE SET last = max(last, excluded.last);

-- people_at_work: who worked on cases since an instant
SELECT person FROM case_person WHERE last >= ?;

-- add_case_note: what one reviewer tells the next
INSERT INTO case_note (note, id, person, made, until, sealed) VALUES (?, ?, ?, ?, ?, ?);

-- notes_of_case: what reviewers told each other, as far as it has not ended
SELECT note, person, made, until, sealed FROM case_note WHERE id = ? AND until > ? ORDER BY made, note;

-- add_proposal: what a second person has to confirm
INSERT INTO proposal (key, id, person, made, until, sealed) VALUES (?, ?, ?, ?, ?, ?);

-- proposal: what waits to be confirmed
SELECT key, person, sealed, until FROM proposal WHERE id = ? AND until > ? ORDER BY made DESC LIMIT 1;

-- drop_proposal: it waits no more
UPDATE proposal SET until = 0 WHERE id = ?;

-- ended_words: notes and proposals that have ended
SELECT note FROM case_note WHERE until <= :now UNION ALL SELECT key FROM proposal WHERE until <= :now;

-- drop_ended_notes: notes that have ended
DELETE FROM case_note WHERE until <= ?;

-- drop_ended_proposals: proposals that have ended
DELETE FROM proposal WHERE until <= ?;

-- add_evidence: a decision rests on a record
INSERT INTO evidence (decision, record, until) VALUES (?, ?, ?)
ON CONFLICT (decision, record) DO UPDATE SET until = max(until, excluded.until);

-- drop_ended_evidence: what no decision rests on any more, unless an appeal is open
DELETE FROM evidence WHERE until <= ?
AND NOT EXISTS (SELECT 1 FROM appeal a WHERE a.decision = evidence.decision AND a.state = 'open');

-- body_needed_for_a_case: whether a record waits before people
SELECT 1 FROM case_subject s JOIN review_case c ON c.id = s.id
WHERE s.record = ? AND c.closed IS NULL LIMIT 1;

-- body_needed_for_decisions: until when a record is evidence, of what people or rules decided
SELECT max(CASE WHEN EXISTS (SELECT 1 FROM appeal a WHERE a.decision = n.decision AND a.state = 'open')
                THEN :never ELSE n.until END)
FROM (
  SELECT decision, until FROM evidence WHERE record = :record
  UNION ALL SELECT id, max(time + :window, ifnull(until, 0)) + :margin FROM decision WHERE about = :record
  UNION ALL SELECT id, max(time + :window, ifnull(until, 0)) + :margin FROM decision WHERE seq = :record
) n;

-- words_of_account: under which names something was sealed about an account
SELECT key FROM case_subject WHERE author = :author AND key IS NOT NULL
UNION ALL SELECT n.note FROM case_note n JOIN case_subject s ON s.id = n.id WHERE s.author = :author
UNION ALL SELECT p.key FROM proposal p JOIN case_subject s ON s.id = p.id WHERE s.author = :author
UNION ALL SELECT m.message FROM appeal_message m JOIN appeal a ON a.id = m.appeal
          JOIN decision d ON d.id = a.decision WHERE d.author = :author
UNION ALL SELECT id FROM lookup WHERE about = :author
UNION ALL SELECT id FROM demand_item WHERE author = :author;

-- words_of_record: under which names something was sealed about a record
SELECT key FROM case_subject WHERE record = :record AND key IS NOT NULL
UNION ALL SELECT id FROM lookup WHERE record = :record
UNION ALL SELECT id FROM demand_item WHERE record = :record;

-- forget_words: what was sealed about cases
UPDATE case_subject SET sealed = NULL WHERE key = ?;

-- forget_note: what a reviewer said
DELETE FROM case_note WHERE note = ?;

-- forget_proposal: what was proposed
DELETE FROM proposal WHERE key = ?;

-- forget_appeal_message: what was written about an appeal
UPDATE appeal_message SET sealed = NULL WHERE message = ?;

-- flags_by: how many flags of somebody people judged, the latest ones, and how many were upheld and
-- not reversed since
SELECT count(DISTINCT r.record),
       count(DISTINCT CASE WHEN r.outcome = 'upheld' AND NOT EXISTS (
         SELECT 1 FROM flag_answer b
         WHERE b.flagger = :flagger AND b.record = r.record AND b.outcome = 'reversed'
       ) THEN r.record END)
FROM (SELECT DISTINCT record FROM flag_answer WHERE flagger = :flagger ORDER BY record DESC LIMIT :most) f
JOIN reviewed r ON r.record = f.record AND r.undone IS NULL AND r.outcome != 'seen';

-- forget_flag_answers: that somebody flagged
DELETE FROM flag_answer WHERE flagger = ?;

-- withdraw_flag_answers: nobody is told any more
UPDATE outbox SET state = 'withdrawn', done = :now
WHERE state IN ('asked', 'sending') AND id IN (SELECT message FROM flag_answer WHERE flagger = :flagger);

-- judged_by_a_person: whether a person judged a record
SELECT 1 FROM reviewed WHERE record = ? AND undone IS NULL AND outcome != 'seen' LIMIT 1;

-- add_review: one person's judgement of a case
INSERT INTO review (seq, id, time, person, role, second, alone, outcome, action, authors, revocable)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_reviewed: what it says of one record; nothing is judged twice
INSERT INTO reviewed (review, id, record, subject, clause, outcome, decision, before)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- review: one judgement
SELECT seq, id, time, person, role, second, alone, outcome, action, authors, revocable, undone
FROM review WHERE seq = ?;

-- reviews_of_case: how a case was judged, in order
SELECT seq, id, time, person, role, second, alone, outcome, action, authors, revocable, undone
FROM review WHERE id = ? ORDER BY seq;

-- reviewed: what one judgement said of each record
SELECT record, outcome, decision, before FROM reviewed WHERE review = ? ORDER BY record;

-- gone_out: whether anything that a judgement asked for has been tried already; what the staff is
-- told of is nothing of it
SELECT 1 FROM outbox
WHERE seq = ? AND kind != 'summons'
  AND (attempts > 0 OR state IN ('sending', 'delivered', 'confirmed', 'failed')) LIMIT 1;

-- undo_review: a judgement is taken back
UPDATE review SET undone = :seq WHERE seq = :review AND undone IS NULL;

-- undo_reviewed: and what it said of each record
UPDATE reviewed SET undone = :seq WHERE review = :review AND undone IS NULL;

-- reopen_case: a case waits again, with whoever had it
UPDATE review_case SET closed = NULL WHERE id = ?;

-- close_cases_of: what a judgement that was taken back had opened
UPDATE review_case SET closed = :now WHERE seq = :review AND closed IS NULL;

-- restore_decision: a decision stands again, as if nobody had ended it
UPDATE decision SET undone_by = nullif(undone_by, :review), ended = nullif(ended, :review)
WHERE id = :id;

-- restore_list_matches: and the entries it rests on have their record back
UPDATE list_record SET undone = undone - 1
WHERE (list, entry) IN (SELECT list, entry FROM list_match WHERE decision = ?);

-- restore_action: what had been withdrawn with its release is asked for again
UPDATE outbox SET state = :state, done = NULL
WHERE decision = :decision AND kind = 'action' AND inverse = 0 AND state = 'withdrawn'
  AND done = :released;

-- withdraw_all_of: nothing of a judgement goes out; a message that also tells of something else does
UPDATE outbox SET state = 'withdrawn', done = :now
WHERE seq = :review AND state IN ('asked', 'awaiting publication') AND attempts = 0 AND kind != 'summons'
  AND (kind != 'notice'
       OR NOT EXISTS (SELECT 1 FROM notice n WHERE n.message = outbox.id AND n.seq != :review));

-- promise_again_of: pages go on without the messages that were withdrawn with a judgement
UPDATE statement SET (first, more) = (
  SELECT CASE WHEN f.state = 'withdrawn' THEN m.id ELSE f.id END,
         CASE WHEN f.state = 'withdrawn' THEN NULL ELSE m.id END
  FROM statement s
  LEFT JOIN outbox f ON f.id = s.first
  LEFT JOIN outbox m ON m.id = s.more AND m.state != 'withdrawn'
  WHERE s.id = statement.id)
WHERE id IN (SELECT statement FROM notice WHERE seq = ?);

-- judgements: what people judged in cases, as far as nobody took it back
SELECT r.record, r.clause, r.outcome FROM reviewed r LEFT JOIN decision d ON d.id = r.decision
WHERE r.undone IS NULL AND r.outcome != 'seen' AND (d.id IS NULL OR d.undone_by IS NULL)
ORDER BY r.review, r.record;

-- cases_by_queue: how many cases wait in each queue
SELECT queue, count(*), sum(urgent) FROM review_case WHERE closed IS NULL GROUP BY queue ORDER BY queue;

-- size_of_case: how many records a case is about, of how many people, how many of them by themselves
SELECT count(*), count(DISTINCT author), count(apart) FROM case_subject WHERE id = ?;

-- page_open: what waits in all queues, in order, behind one case
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND campaign IS NULL AND :queue IS NULL
  AND :now IS NOT NULL AND (place, id) > (:place, :id) ORDER BY place, id LIMIT :limit;

-- page_of_queue: what waits in one queue, in order, behind one case
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND queue = :queue
  AND :now IS NOT NULL AND (place, id) > (:place, :id) ORDER BY place, id LIMIT :limit;

-- page_snoozed: what comes back later, or has come back and is looked for by `next_woken`
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NOT NULL AND (:queue IS NULL OR queue = :queue)
  AND :now IS NOT NULL AND (place, id) > (:place, :id) ORDER BY place, id LIMIT :limit;

-- page_assigned: what is somebody's to look at
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NOT NULL AND (:queue IS NULL OR queue = :queue)
  AND :now IS NOT NULL AND (place, id) > (:place, :id) ORDER BY place, id LIMIT :limit;

-- page_assigned_to: what one person is to look at
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND snoozed IS NULL AND assigned = :whose AND (:queue IS NULL OR queue = :queue)
  AND :now IS NOT NULL AND (place, id) > (:place, :id) ORDER BY place, id LIMIT :limit;

-- page_held_by: what one person has taken, at most as many as one can have
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NULL AND holder = :whose AND leased > :now AND (:queue IS NULL OR queue = :queue)
  AND (place, id) > (:place, :id) ORDER BY place, id LIMIT :limit;

-- page_closed: what waits no more, the newest first
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case
WHERE closed IS NOT NULL AND (:queue IS NULL OR queue = :queue)
  AND :now IS NOT NULL AND (opened, id) < (:place, :id) ORDER BY opened DESC, id DESC LIMIT :limit;

-- latest_decisions_of: what was decided about an account, newest first
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision WHERE author = ? ORDER BY leaf DESC LIMIT ?;

-- wake_cases: snoozed cases whose time has come stand in their queues again
UPDATE review_case SET snoozed = NULL WHERE closed IS NULL AND snoozed <= ?;

-- written_by_person: how often the person wrote in an appeal, after its first words
SELECT count(*) FROM appeal_message WHERE appeal = ? AND role = 'person';

-- add_appeal_message: something is written about an appeal
INSERT INTO appeal_message (message, appeal, made, role, staff, sealed) VALUES (?, ?, ?, ?, ?, ?);

-- messages_of_appeal: what was written about an appeal, in order
SELECT message, made, role, staff, sealed FROM appeal_message WHERE appeal = ? ORDER BY made, rowid;

-- add_behind: somebody stands behind the decision that is appealed
INSERT OR IGNORE INTO appeal_behind (appeal, person) VALUES (?, ?);

-- behind_appeal: who stands behind the decision that is appealed
SELECT person FROM appeal_behind WHERE appeal = ? ORDER BY person;

-- case_of_campaign: the open case of the appeals of one campaign
SELECT id FROM review_case WHERE campaign = ? AND clause = ? AND closed IS NULL LIMIT 1;

-- upheld_by: who upheld in a case that a record breaks a clause
SELECT r.person, r.second FROM reviewed w JOIN review r ON r.seq = w.review
WHERE w.record = ? AND w.clause = ? AND w.outcome = 'upheld' AND w.undone IS NULL ORDER BY w.review;

-- let_stand_by: who let a decision about a record by a clause stand, or part of it, when it was appealed
SELECT DISTINCT o.person FROM decision d JOIN appeal a ON a.decision = d.id
JOIN appeal_outcome o ON o.appeal = a.id
WHERE d.about = ? AND d.clause = ? AND o.outcome != 'reversed' ORDER BY o.person;

-- together: whom judgements of one outcome since an instant restricted or let go several at once,
-- without a second person: by which judgement, in which case, and what the record put into windows
SELECT r.seq, s.author, w.id, j.entries
FROM review r
JOIN reviewed w ON w.review = r.seq
JOIN case_subject s ON s.id = w.id AND s.record = w.record
JOIN journal j ON j.seq = w.record
WHERE r.time > :since AND r.second IS NULL AND r.undone IS NULL AND r.outcome = :outcome
  AND r.authors > 1 AND s.author IS NOT NULL;

-- replaced_by: the judgements that put something else in place of a decision
SELECT w.review FROM decision d JOIN reviewed w ON w.record = d.about AND w.before = d.id
WHERE d.id = ? AND w.outcome = 'upheld' AND w.undone IS NULL;

-- outcome_of_record: who decided appeals by a control
SELECT person FROM appeal_outcome WHERE seq = ? LIMIT 1;

-- appeal: one appeal
SELECT id, decision, made, state, sealed, leaf, due, review, statement FROM appeal WHERE id = ?;

-- add_appeal_outcome: how an appeal ended
INSERT INTO appeal_outcome (appeal, seq, time, person, role, outcome, alone, revocable, decision)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- outcome_of_appeal: how an appeal ended
SELECT appeal, seq, time, person, role, outcome, alone, revocable, decision
FROM appeal_outcome WHERE appeal = ?;

-- answer_appeal: an appeal is answered
UPDATE appeal SET state = 'answered' WHERE id = ?;

-- list_going: who asked for an entry to go that lets people off
SELECT person FROM list_going WHERE list = ? AND entry = ? AND do = ? AND until > ?;

-- list_goings: what was asked for of the entries of a list
SELECT entry, do, until FROM list_going WHERE list = ? AND until > ?;

-- put_list_going: somebody asks for it
INSERT INTO list_going (list, entry, do, person, until) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (list, entry, do) DO UPDATE SET person = excluded.person, until = excluded.until;

-- drop_list_going: it is gone
DELETE FROM list_going WHERE list = ? AND entry = ?;

-- drop_ended_goings: nobody else has asked for it
DELETE FROM list_going WHERE until <= ?;

-- policy_rules: what somebody else publishes on a list, and published
SELECT entry, room, event, kind, recommendation, writer, reason, written, ended
FROM policy_rule WHERE list = ?;

-- put_policy_rule: somebody else publishes an entry, or says something else of it
INSERT INTO policy_rule (list, entry, room, event, kind, recommendation, writer, reason, written)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (list, entry) DO UPDATE SET room = excluded.room, event = excluded.event,
  kind = excluded.kind, recommendation = excluded.recommendation, writer = excluded.writer,
  reason = excluded.reason, written = excluded.written, ended = NULL;

-- end_policy_rule: an entry was taken back by whoever published it
UPDATE policy_rule SET ended = :now, writer = '', reason = ''
WHERE list = :list AND entry = :entry AND ended IS NULL;

-- drop_policy_rule: and nothing was decided by it
DELETE FROM policy_rule WHERE list = :list AND entry = :entry AND ended IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM list_match m WHERE m.list = :list AND m.entry = :entry);

-- unjudged_by_entry: what stands of what rules did by an entry of a list, that nobody has judged and
-- nobody is being asked about
SELECT d.id, d.about, d.subject, d.author, d.clause, d.rule
FROM list_match m JOIN decision d ON d.id = m.decision
WHERE m.list = :list AND m.entry = :entry AND d.timeline = ''
  AND d.undone_by IS NULL AND d.ended IS NULL
  AND NOT EXISTS (SELECT 1 FROM reviewed r WHERE r.subject = d.subject AND r.clause = d.clause
                  AND r.undone IS NULL AND r.changed IS NULL)
  AND NOT EXISTS (SELECT 1 FROM case_subject s JOIN review_case c ON c.id = s.id
                  WHERE s.record = d.about AND c.clause = d.clause AND c.closed IS NULL)
LIMIT :most;

-- published_grounds: the published entries that a decision rests on
SELECT p.list, p.entry, p.room, p.event, p.writer, p.reason, p.written, p.ended
FROM list_match m JOIN policy_rule p ON p.list = m.list AND p.entry = m.entry
WHERE m.decision = ?;

-- advisable: what people decided about accounts of a platform, was done and stands
SELECT d.id, d.clause, d.sealed FROM decision d JOIN outbox o ON o.decision = d.id
WHERE d.action IN ('suspend', 'ban from room') AND d.undone_by IS NULL AND d.ended IS NULL
  AND d.by_role NOT IN ('rule', 'time') AND d.timeline = ''
  AND o.kind = 'action' AND o.inverse = 0 AND o.connector = :platform
  AND o.state IN ('delivered', 'confirmed')
ORDER BY d.leaf;

-- advice: whether a decision is told to others
SELECT room, made FROM advice WHERE decision = ? AND ended IS NULL;

-- advices: which decisions of a platform are
SELECT a.decision, a.room FROM advice a JOIN outbox o ON o.decision = a.decision
WHERE a.ended IS NULL AND o.kind = 'action' AND o.inverse = 0 AND o.connector = ?;

-- advice_untold: whether the link of the page by which its person is told has yet to go out
SELECT 1 FROM notice n JOIN statement s ON s.id = n.statement JOIN outbox o ON o.id = s.first
WHERE n.decision = ? AND n.reason = 'advised' AND o.state IN ('asked', 'sending', 'awaiting publication')
LIMIT 1;

-- put_advice: a decision is about to be told to others
INSERT INTO advice (decision, room, made) VALUES (?, ?, ?)
ON CONFLICT (decision) DO UPDATE SET room = excluded.room, made = excluded.made, ended = NULL;

-- end_advice: it is told to them no more
UPDATE advice SET ended = :now WHERE decision = :decision AND ended IS NULL;

-- list_refusals: why entries of a list do not count here
SELECT entry, reason, person, time FROM list_refusal WHERE list = ?;

-- put_list_refusal: somebody says why
INSERT INTO list_refusal (list, entry, reason, person, time) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (list, entry) DO UPDATE SET reason = excluded.reason, person = excluded.person,
  time = excluded.time;

-- drop_list_refusal: it counts again
DELETE FROM list_refusal WHERE list = ? AND entry = ?;

-- decided_alike: how many appeals of a case were decided together with others since an instant
SELECT count(*) FROM appeal a JOIN appeal_outcome o ON o.appeal = a.id
WHERE a.review = :case AND o.time > :since
  AND EXISTS (SELECT 1 FROM appeal_outcome p WHERE p.seq = o.seq AND p.appeal != o.appeal);

-- cases_answered: the open cases of appeals that a control decided, where no other appeal waits
SELECT DISTINCT c.id FROM appeal_outcome o JOIN appeal a ON a.id = o.appeal
JOIN review_case c ON c.id = a.review
WHERE o.seq = ? AND c.closed IS NULL
  AND NOT EXISTS (SELECT 1 FROM appeal w WHERE w.review = c.id AND w.state = 'open');

-- appeals_of_case: the appeals that stand in a case
SELECT id FROM appeal WHERE review = ? ORDER BY made, id;

-- flags_behind: the flags that a decision of people was about
SELECT o.record FROM reviewed d JOIN reviewed o ON o.review = d.review AND o.subject = d.subject
WHERE d.decision = ? ORDER BY o.record;

-- listed_appeals: appeals of one state, by when they are due
SELECT id, decision, made, state, sealed, leaf, due, review, statement FROM appeal
WHERE (:state IS NULL OR state = :state) AND (:due IS NULL OR due <= :due)
ORDER BY due, id LIMIT :limit;

-- waiting_appeals: a page of open appeals by when they are due; of those in one case the first
SELECT id, decision, made, state, sealed, leaf, due, review, statement FROM appeal a
WHERE state = 'open' AND (due, id) > (:due, :id)
  AND NOT EXISTS (SELECT 1 FROM appeal b WHERE b.review = a.review AND b.review IS NOT NULL
                  AND b.state = 'open' AND (b.due, b.id) < (a.due, a.id))
ORDER BY due, id LIMIT :limit;

-- ended_appeals: a page of appeals by when they were decided, the latest first
SELECT a.id, a.decision, a.made, a.state, a.sealed, a.leaf, a.due, a.review, a.statement
FROM appeal_outcome o CROSS JOIN appeal a ON a.id = o.appeal
WHERE (o.time, o.appeal) < (:time, :id) ORDER BY o.time DESC, o.appeal DESC LIMIT :limit;

-- overdue_appeals: the open appeals that should have been decided, up to a limit
SELECT 1 FROM appeal WHERE state = 'open' AND due <= :now LIMIT :limit;

-- open_in_case: the open appeals of a case, up to a limit
SELECT 1 FROM appeal WHERE review = :case AND state = 'open' LIMIT :limit;

-- appeals_beside: the other open appeals of a case, and why each stands apart, if it does
SELECT a.id, a.decision, a.made, a.state, a.sealed, a.leaf, a.due, a.review, a.statement,
       (SELECT s.apart FROM case_subject s JOIN decision d ON d.id = a.decision
        WHERE s.id = a.review AND s.record = d.about)
FROM appeal a WHERE a.review = :case AND a.state = 'open' AND a.id != :id
ORDER BY a.due, a.id LIMIT :limit;

-- apart_in_case: why a record of a case is decided by itself, if it is
SELECT apart FROM case_subject WHERE id = ? AND record = ?;

-- evidence_of_decision: the records that a decision rests on
SELECT record FROM evidence WHERE decision = ? ORDER BY record LIMIT ?;

-- redacted: what stands in place of something: its key, and the sealed copy
SELECT key, sealed FROM redacted WHERE name = ?;

-- keep_redacted: something stands in place of what held words that were blacked out
INSERT OR REPLACE INTO redacted (name, key, sealed, record, seq) VALUES (?, ?, ?, ?, ?);

-- forget_redacted: it goes too
DELETE FROM redacted WHERE name = ?;

-- blacked_out_flags: the flags in which words were blacked out
SELECT DISTINCT b.record FROM blackout b JOIN journal j ON j.seq = b.record WHERE j.kind = 'flag';

-- add_blackout: words were blacked out in a record
INSERT INTO blackout (record, seq, time, person) VALUES (?, ?, ?, ?);

-- blackouts_of_record: when words were blacked out in a record, and by whom
SELECT seq, time, person FROM blackout WHERE record = ? ORDER BY seq;

-- cases_of_record: the cases in which a record stands, and their queues
SELECT c.id, c.queue FROM case_subject s JOIN review_case c ON c.id = s.id WHERE s.record = ?
ORDER BY c.seq DESC, c.id LIMIT 20;

-- records_of_subject: the records that were put before people about one subject
SELECT DISTINCT record FROM case_subject WHERE subject = ?;

-- sealed_of_record: what a rule saw of a record, as far as it is kept
SELECT key, sealed FROM case_subject WHERE record = ? AND key IS NOT NULL AND sealed IS NOT NULL;

-- notes_and_proposals: what people told each other about cases, and want done; they end
SELECT note, sealed FROM case_note UNION ALL SELECT key, sealed FROM proposal;

-- outcomes_by_rule: by rule, how many decisions it made by itself, how many were appealed, and how the
-- appeals ended
SELECT d.rule, count(DISTINCT d.id), count(DISTINCT a.decision),
       count(DISTINCT CASE WHEN o.outcome = 'reversed' THEN d.id END),
       count(DISTINCT CASE WHEN o.outcome = 'partial' THEN d.id END),
       count(DISTINCT CASE WHEN o.outcome = 'upheld' THEN d.id END)
FROM decision d LEFT JOIN appeal a ON a.decision = d.id LEFT JOIN appeal_outcome o ON o.appeal = a.id
WHERE d.rule IS NOT NULL AND d.by_role = 'rule' GROUP BY d.rule ORDER BY d.rule;

-- received: when an entry of the journal was received
SELECT recv FROM journal WHERE seq = ?;

-- wall_decisions: what was decided by entries of the journal, by rule and action
SELECT rule, action, count(*) FROM decision WHERE seq >= :first AND seq < :end GROUP BY rule, action;

-- wall_opened: how many cases were opened within some time
SELECT count(*) FROM review_case WHERE opened >= :since AND opened < :until;

-- wall_closed: how many were closed
SELECT count(*) FROM review_case WHERE closed >= :since AND closed < :until;

-- wall_asked: how many actions were asked of platforms by entries of the journal
SELECT count(*) FROM outbox WHERE seq >= :first AND seq < :end AND kind = 'action';

-- wall_failed: how much could not be brought out since an instant, up to a bound
SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state = 'failed' AND done >= :since LIMIT :most);

-- wall_sending: how much is to be brought out, up to a bound
SELECT count(*) FROM (SELECT 1 FROM outbox WHERE state IN ('asked', 'sending') LIMIT :most);

-- wall_queue: the next queue by name in which anything waits
SELECT queue FROM review_case WHERE closed IS NULL AND queue > ? ORDER BY queue LIMIT 1;

-- wall_open: how many cases wait in a queue, up to a bound
SELECT count(*) FROM (SELECT 1 FROM review_case WHERE closed IS NULL AND queue = :queue LIMIT :most);

-- wall_late: how many of them beyond the instant by which somebody should have looked, up to a bound
SELECT count(*) FROM (SELECT 1 FROM review_case WHERE closed IS NULL AND snoozed IS NULL
  AND assigned IS NULL AND queue = :queue AND place < :now LIMIT :most);

-- wall_oldest: when the oldest case of a queue was opened
SELECT min(opened) FROM (
  SELECT min(opened) AS opened FROM review_case WHERE closed IS NULL AND queue = :queue AND urgent = 0
  UNION ALL
  SELECT min(opened) FROM review_case WHERE closed IS NULL AND queue = :queue AND urgent = 1
);

-- count_of_licence: how many decisions were made under a standing order
SELECT count(*) FROM decision WHERE licence = ? AND substr(licence, 1, 14) = 'standing order';

-- add_lookup: somebody of the staff looks something up
INSERT INTO lookup (id, seq, time, person, kind, about, record, review, sealed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?);

-- lookup: one look-up
SELECT id, seq, time, person, kind, about, record, review, sealed FROM lookup WHERE id = ?;

-- lookup_of_record: the look-up that a control is
SELECT id, seq, time, person, kind, about, record, review, sealed FROM lookup WHERE seq = ?;

-- looked_up: whether somebody looked a record up lately
SELECT 1 FROM lookup
WHERE person = :person AND time > :since AND record = :record AND sealed IS NOT NULL LIMIT 1;

-- lookups_since: what somebody looked up lately, the latest first
SELECT id, seq, time, person, kind, about, record, review, sealed FROM lookup
WHERE person = ? AND time > ? ORDER BY time DESC LIMIT ?;

-- forget_lookup: why somebody was looked up
UPDATE lookup SET sealed = NULL, about = NULL, record = NULL WHERE id = ?;

-- case_that_asks: the open case that somebody has, or is to look at, about a member or post
SELECT c.id FROM case_subject s CROSS JOIN review_case c ON c.id = s.id
WHERE ((:token IS NOT NULL AND s.author = :token) OR (:record IS NOT NULL AND s.record = :record))
  AND c.closed IS NULL AND ((c.holder = :person AND c.leased > :now) OR c.assigned = :person)
LIMIT 1;

-- some_sources: some of the sources of a timeline
SELECT source FROM stream WHERE timeline = ? LIMIT ?;

-- next_source: the first source behind a text
SELECT source FROM stream WHERE timeline = ? AND source > ? ORDER BY source LIMIT 1;

-- stream: how far one source has come
SELECT place FROM stream WHERE timeline = ? AND source = ?;

-- decided_on_subject: whether anything was decided on a subject
SELECT 1 FROM decision WHERE subject = ? LIMIT 1;

-- open_on_subject: whether a case about a subject is open
SELECT 1 FROM review_case WHERE subject = ? AND closed IS NULL LIMIT 1;

-- decisions_of_member: a page of what was decided about an account, newest first
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision WHERE author = :about AND leaf < :before ORDER BY leaf DESC LIMIT :limit;

-- decisions_of_subject: the same on a subject
SELECT id, seq, time, timeline, subject, author, clause, rule, by_role, action, licence, until,
       ended, undone_by, sealed, leaf, about
FROM decision WHERE subject = :about AND leaf < :before ORDER BY leaf DESC LIMIT :limit;

-- open_cases_of_member: cases about an account that wait
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case WHERE closed IS NULL AND id IN (SELECT id FROM case_subject WHERE author = :about)
ORDER BY place, id LIMIT :limit;

-- open_cases_of_subject: cases about a subject that wait
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case WHERE closed IS NULL AND subject = :about ORDER BY place, id LIMIT :limit;

-- open_cases_of_post: cases about a record that wait
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case WHERE closed IS NULL AND id IN (SELECT id FROM case_subject WHERE record = :about)
ORDER BY place, id LIMIT :limit;

-- flags_judged: how people judged the flags about what an account wrote
SELECT r.outcome, count(*) FROM case_subject s
JOIN journal j ON j.seq = s.record AND j.kind = 'flag'
JOIN reviewed r ON r.record = s.record AND r.id = s.id
WHERE s.author = :about AND r.undone IS NULL AND r.outcome != 'seen'
GROUP BY r.outcome ORDER BY r.outcome;

-- notes_about: what reviewers told each other in cases about an account, as far as it has not ended
SELECT n.note, n.person, n.made, n.until, n.sealed, n.id FROM case_note n
WHERE n.id IN (SELECT id FROM case_subject WHERE author = :about) AND n.until > :now
ORDER BY n.made DESC, n.note LIMIT :limit;

-- staff_acts: what the staff did, the latest first
SELECT seq, recv, type, payload FROM journal
WHERE type IN ('!approval', '!access', '!clock', '!config', '!demand', '!duty', '!emergency', '!erasure', '!label', '!labelling',
               '!list', '!lookup', '!outcome', '!population', '!renewal', '!review', '!staff',
               '!standing_order', '!undo')
  AND seq < :before AND typeof(CASE WHEN json_valid(payload) THEN json_extract(payload, '$.by') END) = 'integer'
ORDER BY seq DESC LIMIT :limit;

-- staff_acts_of: the same of one person
SELECT seq, recv, type, payload FROM journal
WHERE type IN ('!approval', '!access', '!clock', '!config', '!demand', '!duty', '!emergency', '!erasure', '!label', '!labelling',
               '!list', '!lookup', '!outcome', '!population', '!renewal', '!review', '!staff',
               '!standing_order', '!undo')
  AND CASE WHEN json_valid(payload) THEN json_extract(payload, '$.by') END = :person AND seq < :before
ORDER BY seq DESC LIMIT :limit;

-- add_look: something is looked at once more
INSERT INTO look (look, kind, review, id, record, clause, queue, harm, lang, first, second, third,
                  said, due, until, open, holder, leased)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- look: one thing that is looked at
SELECT l.look, l.kind, l.review, l.id, l.record, l.clause, l.queue, l.harm, l.lang, l.first, l.second, l.third,
       l.said, l.due, l.until, l.open, l.holder, l.leased
FROM look l WHERE l.look = ?;

-- next_look: what somebody can look at next; what they have comes first
SELECT l.look, l.kind, l.review, l.id, l.record, l.clause, l.queue, l.harm, l.lang, l.first, l.second, l.third,
       l.said, l.due, l.until, l.open, l.holder, l.leased
FROM look l JOIN review v ON v.seq = l.review AND v.undone IS NULL
WHERE l.open > 0 AND l.due <= :now AND l.until > :now
  AND :person NOT IN (l.first, coalesce(l.second, 0), coalesce(l.third, 0))
  AND (l.holder IS NULL OR l.leased <= :now OR l.holder = :person)
  AND (:queues = '' OR instr(:queues, char(10) || l.queue || char(10)) > 0)
  AND instr(:spared, '|' || l.harm || '|') = 0
  AND NOT EXISTS (SELECT 1 FROM look_answer a WHERE a.look = l.look AND a.person = :person)
ORDER BY (l.holder IS :person AND l.leased > :now) DESC, l.due LIMIT 1;

-- take_look: somebody has it
UPDATE look SET holder = :holder, leased = :leased WHERE look = :look;

-- answer_look: what somebody says of it
INSERT INTO look_answer (look, person, time, said) VALUES (?, ?, ?, ?);

-- looked: it is asked of one person fewer
UPDATE look SET open = open - 1, holder = NULL, leased = 0 WHERE look = ?;

-- judged_so: the decision that a judgement made about a record, and the one that it ended
SELECT decision, before FROM reviewed WHERE review = ? AND record = ?;

-- subject_of_record: what a record of a case is about
SELECT subject FROM case_subject WHERE id = ? AND record = ?;

-- look_subject: a record waits in another case too, with what was decided last about it
INSERT INTO case_subject (id, record, subject, author, decision, apart, key, sealed)
SELECT :into, record, subject, author, coalesce(:decision, decision), apart, key, sealed FROM case_subject
WHERE id = :id AND record = :record;

-- look_held: what somebody has to look at now
SELECT l.look, l.kind, l.review, l.id, l.record, l.clause, l.queue, l.harm, l.lang, l.first, l.second, l.third,
       l.said, l.due, l.until, l.open, l.holder, l.leased
FROM look l WHERE l.holder = :person AND l.leased > :now AND l.open > 0 AND l.due <= :now LIMIT 1;

-- looks_answered: what was said since an instant, the newest first, and what was said before
SELECT l.kind, l.clause, l.lang, l.said, a.said, a.person, l.first FROM look_answer a
JOIN look l ON l.look = a.look JOIN review v ON v.seq = l.review AND v.undone IS NULL
WHERE a.time >= :since ORDER BY a.time DESC LIMIT :most;

-- looks_of: what somebody said since an instant, and what was said before
SELECT l.kind, l.said, a.said FROM look_answer a JOIN look l ON l.look = a.look
WHERE a.person = :person AND a.time >= :since ORDER BY a.time DESC LIMIT :most;

-- looks_at: what others said of what somebody judged
SELECT l.said, a.said FROM look l JOIN look_answer a ON a.look = l.look
WHERE l.first = :person AND l.kind = 'second' AND a.time >= :since LIMIT :most;

-- next_kept: the first record behind one of which something is kept that was said
SELECT min(record) FROM (
  SELECT min(seq) AS record FROM body WHERE seq > :after
  UNION ALL SELECT min(record) FROM case_subject WHERE sealed IS NOT NULL AND record > :after
  UNION ALL SELECT min(record) FROM redacted WHERE record > :after AND name >= 'record ' AND name < 'record!'
);

-- over_age: the records of a range of which something is kept, and that nothing needs any more
SELECT k.record FROM (
  SELECT seq AS record FROM body WHERE seq > :after AND seq <= :until
  UNION SELECT record FROM case_subject
        WHERE sealed IS NOT NULL AND record > :after AND record <= :until
  UNION SELECT record FROM redacted WHERE record > :after AND record <= :until
                                      AND name >= 'record ' AND name < 'record!'
) k
WHERE NOT EXISTS (SELECT 1 FROM case_subject s JOIN review_case c ON c.id = s.id
                  WHERE s.record = k.record AND c.closed IS NULL)
AND NOT EXISTS (SELECT 1 FROM evidence e WHERE e.record = k.record AND (e.until > :now
    OR EXISTS (SELECT 1 FROM appeal a WHERE a.decision = e.decision AND a.state = 'open')))
AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.about = k.record
    AND (max(d.time + :window, ifnull(d.until, 0)) + :margin > :now
         OR EXISTS (SELECT 1 FROM appeal a WHERE a.decision = d.id AND a.state = 'open')))
AND NOT EXISTS (SELECT 1 FROM decision d WHERE d.seq = k.record
    AND (max(d.time + :window, ifnull(d.until, 0)) + :margin > :now
         OR EXISTS (SELECT 1 FROM appeal a WHERE a.decision = d.id AND a.state = 'open')))
AND NOT EXISTS (SELECT 1 FROM look l WHERE l.record = k.record AND l.open > 0 AND l.until > :now)
ORDER BY k.record;

-- entries_of: on which timeline a record stands, and what it put into windows
SELECT timeline, entries FROM journal WHERE seq = ?;

-- has_body: whether what a record said is kept
SELECT 1 FROM body WHERE seq = ?;

-- case_words_between: what was sealed in cases about the records of a range, and under which names
SELECT record, key FROM case_subject
WHERE sealed IS NOT NULL AND key IS NOT NULL AND record > :after AND record <= :until;

-- end_case_words: what a rule saw of a record goes with what was said
UPDATE case_subject SET sealed = NULL WHERE record = ?;

-- next_statement: the line of the first decision behind one of which a record is kept
SELECT min(leaf) FROM (
  SELECT min(leaf) AS leaf FROM decision WHERE sealed IS NOT NULL AND leaf > :after
  UNION ALL SELECT min(d.leaf) FROM redacted r JOIN decision d ON d.id = r.name WHERE d.leaf > :after
);

-- last_line_of: the line of the last decision that records up to one led to
SELECT leaf FROM decision WHERE seq <= ? ORDER BY seq DESC, leaf DESC LIMIT 1;

-- statements_over: decisions whose records have ended, of a range of lines
SELECT d.id FROM decision d
WHERE d.leaf > :after AND d.leaf <= :until
AND (d.sealed IS NOT NULL OR EXISTS (SELECT 1 FROM redacted r WHERE r.name = d.id))
AND max(d.time + :window, ifnull(d.until, 0)) + :margin <= :now
AND NOT (d.ended IS NULL AND d.undone_by IS NULL AND d.until IS NULL
         AND d.action IN ('slow', 'require approval', 'lock', 'ban from room', 'suspend'))
AND NOT EXISTS (SELECT 1 FROM appeal a WHERE a.decision = d.id AND a.state = 'open')
AND NOT EXISTS (SELECT 1 FROM case_subject s JOIN review_case c ON c.id = s.id
                WHERE s.record = d.about AND c.closed IS NULL)
AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.decision = d.id AND o.state IN ('asked', 'sending'))
ORDER BY d.leaf;

-- lookups_over: look-ups whose reasons have ended
SELECT id FROM lookup WHERE sealed IS NOT NULL AND time <= :until LIMIT :most;

-- end_lookup: the reason goes, that somebody was looked up stays
UPDATE lookup SET sealed = NULL WHERE id = ?;

-- demands_over: demands whose unpublished words have ended: answered long ago, or never and longer
-- ago, kept from nobody any more, of which no case is open and no decision's record is kept
SELECT m.id FROM demand m INDEXED BY demand_kept
WHERE m.words IS NOT NULL AND m.entered <= :until
  AND coalesce(m.answered, m.entered + :unanswered) <= :until AND coalesce(m.secret, 0) <= :now
  AND NOT EXISTS (SELECT 1 FROM demand_item i JOIN review_case c ON c.id = i.review
                  WHERE i.demand = m.id AND c.closed IS NULL)
  AND NOT EXISTS (SELECT 1 FROM demand_decision b JOIN decision d ON d.id = b.decision
                  WHERE b.demand = m.id AND d.sealed IS NOT NULL)
LIMIT :most;

-- demand_words_sealed: under which names the unpublished words of a demand are sealed, its own apart
SELECT id FROM demand_item WHERE demand = :demand AND sealed IS NOT NULL
UNION ALL
SELECT id FROM demand_step WHERE demand = :demand AND sealed IS NOT NULL AND what != 'kept secret';

-- end_demand: its unpublished words go, the register stays
UPDATE demand SET words = NULL WHERE id = ?;

-- end_demand_items: how what it is about was named
UPDATE demand_item SET sealed = NULL WHERE demand = ?;

-- end_demand_steps: why something was done, but for what is published
UPDATE demand_step SET sealed = NULL WHERE demand = ? AND what != 'kept secret';

-- looks_over: second looks and gold that are long past
SELECT look FROM look WHERE until <= :until LIMIT :most;

-- drop_look_answers: what was said of one
DELETE FROM look_answer WHERE look = ?;

-- drop_look: and itself
DELETE FROM look WHERE look = ?;

-- details_over: deliveries of which more is kept than need be
SELECT id FROM outbox WHERE detail != '' AND done <= :until
UNION ALL SELECT o.id FROM flag_answer f JOIN outbox o ON o.id = f.message WHERE o.done <= :until
UNION ALL SELECT line FROM chat_heard WHERE time <= :until
UNION ALL SELECT id FROM chat_line WHERE answers IS NOT NULL AND made <= :until
LIMIT :most;

-- drop_details: what a platform said of a delivery, a while after it was over
UPDATE outbox SET detail = '' WHERE id IN
  (SELECT id FROM outbox WHERE detail != '' AND done <= :until LIMIT :most);

-- drop_flag_answers: that somebody flagged, a while after they were told what came of it
DELETE FROM flag_answer WHERE message IN
  (SELECT f.message FROM flag_answer f JOIN outbox o ON o.id = f.message
   WHERE o.done <= :until LIMIT :most);

-- kept_counts: how many bodies there are, and from which record on
SELECT count(*), min(seq) FROM body;

-- kept_below: how many of them there are up to a record
SELECT count(*) FROM body WHERE seq <= ?;

-- authors_of_cases: of how many people some cases are, up to two
SELECT count(*) FROM (SELECT DISTINCT author FROM case_subject
  WHERE id IN (SELECT value FROM json_each(?)) AND author IS NOT NULL LIMIT 2);

-- cases_opened_within: the cases that were opened within some time, in order
SELECT id, seq, opened, clause, rule, queue, urgent, reason, decision, closed, cluster, timeline,
       harm, unsure, behind, place, subject, campaign, assigned, snoozed, holder, lease, leased
FROM review_case WHERE opened >= :since AND opened < :until AND timeline = '' ORDER BY opened, id LIMIT :limit;

-- incident_decisions: what was decided about the records of some cases, what is alike in one minute together
SELECT min(d.time), s.id, d.clause, d.rule, d.by_role, d.action, d.licence, max(d.until), count(*),
       sum(d.undone_by IS NOT NULL), sum(d.undone_by IS NULL AND d.ended IS NOT NULL)
FROM (SELECT record, min(id) AS id FROM case_subject
      WHERE id IN (SELECT value FROM json_each(:cases)) GROUP BY record) s
JOIN decision d ON d.about = s.record
GROUP BY s.id, d.time / 60000000, d.clause, d.rule, d.by_role, d.action, d.licence ORDER BY 1 LIMIT :limit;

-- incident_ends: what of it was taken back or ended, and by which control
SELECT j.recv, s.id, j.type, CASE WHEN json_valid(j.payload) THEN json_extract(j.payload, '$.by') END,
       d.action, d.undone_by IS NOT NULL, count(*)
FROM (SELECT record, min(id) AS id FROM case_subject
      WHERE id IN (SELECT value FROM json_each(:cases)) GROUP BY record) s
JOIN decision d ON d.about = s.record
JOIN journal j ON j.seq = coalesce(d.undone_by, d.ended)
GROUP BY s.id, j.seq, d.action, d.undone_by IS NOT NULL ORDER BY 1 LIMIT :limit;

-- incident_told: who was told of it, by why and by how far the messages have come
SELECT min(j.recv), s.id, n.reason, coalesce(o.state, n.state), count(*)
FROM (SELECT record, min(id) AS id FROM case_subject
      WHERE id IN (SELECT value FROM json_each(:cases)) GROUP BY record) s
JOIN decision d ON d.about = s.record JOIN notice n ON n.decision = d.id
JOIN journal j ON j.seq = n.seq LEFT JOIN outbox o ON o.id = n.message
GROUP BY s.id, j.recv / 60000000, n.reason, coalesce(o.state, n.state) ORDER BY 1 LIMIT :limit;

-- incident_asked: what was asked of the platforms for it, and how far that has come
SELECT min(j.recv), s.id, o.connector, o.action, o.inverse, o.state, max(o.done), min(o.detail), count(*)
FROM (SELECT record, min(id) AS id FROM case_subject
      WHERE id IN (SELECT value FROM json_each(:cases)) GROUP BY record) s
JOIN decision d ON d.about = s.record JOIN outbox o ON o.decision = d.id AND o.kind = 'action'
JOIN journal j ON j.seq = o.seq
GROUP BY s.id, j.recv / 60000000, o.connector, o.action, o.inverse, o.state ORDER BY 1 LIMIT :limit;

-- incident_appeals: the appeals against it, and how they ended
SELECT a.made, s.id, e.time, e.outcome, e.role, e.alone, a.due
FROM (SELECT record, min(id) AS id FROM case_subject
      WHERE id IN (SELECT value FROM json_each(:cases)) GROUP BY record) s
JOIN decision d ON d.about = s.record JOIN appeal a ON a.decision = d.id
LEFT JOIN appeal_outcome e ON e.appeal = a.id ORDER BY a.made LIMIT :limit;

-- came_in: the first records of a case, when each was received, and of what kind it is
SELECT s.record, j.recv, j.kind FROM case_subject s JOIN journal j ON j.seq = s.record
WHERE s.id = :id ORDER BY s.record LIMIT :limit;

-- last_in: how many records a case has, and when the last one was received
SELECT count(*), max(j.recv) FROM case_subject s JOIN journal j ON j.seq = s.record WHERE s.id = ?;

-- acts_within: what the staff did in a range of the journal, in order
SELECT seq, recv, type, payload FROM journal
WHERE type IN ('!approval', '!access', '!clock', '!config', '!demand', '!duty', '!emergency', '!erasure', '!label', '!labelling',
               '!list', '!lookup', '!outcome', '!population', '!renewal', '!review', '!staff',
               '!standing_order', '!undo')
  AND type IN ('!approval', '!config', '!duty', '!emergency', '!list', '!renewal', '!standing_order')
  AND seq >= :first AND seq < :end
ORDER BY seq LIMIT :limit;

-- add_demand: somebody demanded something
INSERT INTO demand (id, seq, entered, received, kind, country, binding, asks, clause, deadline,
                    person, sealed, secret, words)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?);

-- add_demand_item: one thing that it is about
INSERT INTO demand_item (id, demand, place, record, subject, author, review, sealed)
VALUES (?, ?, ?, ?, ?, ?, ?, ?);

-- add_demand_step: what was done about it
INSERT INTO demand_step (id, demand, seq, time, person, what, sealed) VALUES (?, ?, ?, ?, ?, ?, ?);

-- add_demand_decision: what it began
INSERT INTO demand_decision (demand, decision) VALUES (?, ?);

-- demand: one demand
SELECT id, seq, entered, received, kind, country, binding, asks, clause, deadline, person, sealed,
       confirmed, answered, outcome, secret, told, words
FROM demand WHERE id = ?;

-- demands: the latest first
SELECT id, seq, entered, received, kind, country, binding, asks, clause, deadline, person, sealed,
       confirmed, answered, outcome, secret, told, words
FROM demand WHERE seq < :before ORDER BY seq DESC LIMIT :limit;

-- demand_items: what a demand is about
SELECT id, place, record, subject, author, review, sealed FROM demand_item
WHERE demand = ? ORDER BY place;

-- demand_steps: what was done about a demand
SELECT id, seq, time, person, what, sealed FROM demand_step WHERE demand = ? ORDER BY seq;

-- demand_of: the demand that began a decision
SELECT demand FROM demand_decision WHERE decision = ?;

-- demand_decisions: what a demand began, with how it stands now
SELECT d.id, d.action, d.ended, d.undone_by, d.seq FROM demand_decision b
JOIN decision d ON d.id = b.decision WHERE b.demand = ? ORDER BY d.leaf;

-- demand_told: of how many decisions that a demand began a message arrived that tells of it, and how many
-- there are; where it was secret until some time, what was sent of those made before does not
SELECT sum(EXISTS (
  SELECT 1 FROM notice n LEFT JOIN outbox o ON o.id = n.message
  WHERE n.decision = b.decision AND coalesce(o.state, n.state) IN ('delivered', 'confirmed')
    AND (:secret IS NULL OR d.time >= :secret OR n.reason = 'demand')
)), count(*)
FROM demand_decision b JOIN decision d ON d.id = b.decision WHERE b.demand = :demand;

-- demand_behind: the first demand about a record or a subject
SELECT demand FROM (
  SELECT demand, rowid AS came FROM demand_item WHERE record = :record
  UNION ALL SELECT demand, rowid FROM demand_item WHERE subject = :subject
) ORDER BY came LIMIT 1;

-- demands_of_case: the demands about what a case is about
SELECT demand FROM demand_item WHERE review = :id
UNION SELECT i.demand FROM case_subject s JOIN demand_item i ON i.record = s.record WHERE s.id = :id
UNION SELECT i.demand FROM case_subject s JOIN demand_item i ON i.subject = s.subject WHERE s.id = :id;

-- demand_confirmed: its sender was told that it came
UPDATE demand SET confirmed = :at WHERE id = :id AND confirmed IS NULL;

-- demand_answered: its sender was told what came of it
UPDATE demand SET answered = :at, outcome = :outcome WHERE id = :id AND answered IS NULL;

-- demand_secret: until when the people concerned may not be told
UPDATE demand SET secret = :until, told = NULL WHERE id = :id;

-- demand_told_at: the people concerned were told
UPDATE demand SET told = :at WHERE id = :id;

-- demand_to_tell: a demand that may be told of now
SELECT id FROM demand WHERE secret IS NOT NULL AND told IS NULL AND secret <= :now
ORDER BY secret LIMIT 1;

-- forget_demand_item: how an erased account or post was named
UPDATE demand_item SET sealed = NULL, author = NULL WHERE id = ?;

-- --- files of the DSA --------------------------------------------------------------------------------

-- add_filing: a decision gets its puid
INSERT INTO filing (leaf, puid, made) VALUES (?, ?, ?);

-- unfiled: the decisions in part of the log that restricted somebody and have no puid
SELECT d.leaf, d.id FROM decision d INDEXED BY decision_unsealed
WHERE d.leaf > :after AND d.leaf <= :until AND d.timeline = ''
  AND d.action IN (SELECT value FROM json_each(:actions))
  AND NOT EXISTS (SELECT 1 FROM filing f WHERE f.leaf = d.leaf)
  AND NOT EXISTS (SELECT 1 FROM demand_decision b JOIN demand m ON m.id = b.demand
                  WHERE b.decision = d.id AND m.binding)
  AND (SELECT a.state FROM outbox a WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
       ORDER BY a.rowid LIMIT 1)
      IN ('recorded', 'answered', 'delivered', 'confirmed', 'undeliverable')
ORDER BY d.leaf;

-- next_unfiled: the next decision that restricted somebody and has no id yet
SELECT d.leaf FROM decision d INDEXED BY decision_unsealed
WHERE d.leaf > :after AND d.timeline = '' AND d.action IN (SELECT value FROM json_each(:actions))
  AND NOT EXISTS (SELECT 1 FROM filing f WHERE f.leaf = d.leaf)
ORDER BY d.leaf LIMIT 1;

-- filings: what is filed of each decision, in the order of the log (by its own order and not by
-- state, of which each part would sort all that is left)
SELECT f.leaf, f.puid, d.time, d.until, j.time, d.clause, d.rule, d.by_role, d.action, d.licence, d.target,
       d.content, d.lang, d.origin, d.found, r.config, j.kind
FROM filing f
CROSS JOIN decision d INDEXED BY decision_unsealed ON d.leaf = f.leaf
JOIN journal r ON r.seq = d.seq JOIN journal j ON j.seq = d.about
WHERE f.leaf > :after AND f.leaf <= :until AND +f.state IN (SELECT value FROM json_each(:states)) ORDER BY f.leaf LIMIT :limit;

-- filings_by_state: how many statements stand where, and since when the first of them
SELECT state, count(*), min(made) FROM filing GROUP BY state ORDER BY state;

-- refused_filings: what the database refused, and in which fields
SELECT f.leaf, f.puid, d.id, f.done, f.detail FROM filing f JOIN decision d ON d.leaf = f.leaf
WHERE f.state = 'refused' ORDER BY f.leaf LIMIT :limit;

-- mark_filing: how far a statement has come
UPDATE filing SET state = :state, done = :now, detail = :detail WHERE leaf = :leaf AND state = :was;

-- decisions_behind: what was decided on a subject, and whether it stands
SELECT action, ended, undone_by FROM decision WHERE subject = ? AND timeline = '';

-- carried_out_on: the decisions in force that a platform has carried out
SELECT d.id, d.subject, d.action FROM outbox o JOIN decision d ON d.id = o.decision
WHERE o.kind = 'action' AND o.inverse = 0 AND o.connector = ? AND o.state IN ('delivered', 'confirmed')
  AND d.ended IS NULL AND d.undone_by IS NULL AND d.timeline = '';

-- judgement_at: the judgement that a record holds: its case, when, what was done, by whom
SELECT id, time, action, person FROM review WHERE seq = ?;

-- irreversible: what people did that cannot be taken back, and when somebody looked at it again
SELECT c.id, r.id, c.clause, r.action, r.time,
  (SELECT min(l.time) FROM review l WHERE l.id = c.id AND l.undone IS NULL)
FROM review r JOIN review_case c ON c.seq = r.seq AND c.reason = 'cannot be undone, done'
WHERE r.revocable = 0 AND r.undone IS NULL ORDER BY r.seq DESC LIMIT ?;

-- latest_case_of_reason: the last case about an account that was opened for a reason, and its end
SELECT c.id, c.opened, c.closed FROM case_subject s CROSS JOIN review_case c ON c.id = s.id
WHERE s.author = ? AND c.reason = ? ORDER BY c.opened DESC, c.id DESC LIMIT 1;

-- holds_standing: how many holds stand, and how many of them for longer than one may by itself
SELECT count(*), sum(time < :late) FROM decision
WHERE action = 'hold' AND ended IS NULL AND undone_by IS NULL AND timeline = '';

-- appeals_standing: how many appeals wait, and how many of them for longer than they should
SELECT count(*), coalesce(sum(due <= :now), 0) FROM appeal WHERE state = 'open';

-- appeals_ended: the latest appeals that were decided: when, when they were made, and whether by
-- whoever had decided before; and by when each should have been
SELECT o.time, a.made, o.alone, a.due FROM appeal_outcome o JOIN appeal a ON a.id = o.appeal
ORDER BY o.time DESC, o.appeal DESC LIMIT ?;

-- reconciled: what became of holding a platform's restrictions against the decisions
SELECT made, record FROM run WHERE kind = 'reconcile' ORDER BY leaf DESC LIMIT ?;


-- measures: what took hold in some time and restricted somebody, by all that the report tells apart
SELECT r.config, d.clause, d.action, j.kind, d.target, d.origin, d.by_role,
       substr(d.licence, 1, 14) = 'standing order' AS ordered, d.found IS NOT NULL AS found,
       EXISTS (SELECT 1 FROM demand_decision b JOIN demand m ON m.id = b.demand
               WHERE b.decision = d.id AND m.binding) AS bound,
       count(*)
FROM decision d INDEXED BY decision_unsealed
JOIN journal r ON r.seq = d.seq JOIN journal j ON j.seq = d.about
WHERE d.time >= :since AND d.time < :until AND d.timeline = ''
  AND d.action IN (SELECT value FROM json_each(:actions))
  AND (SELECT a.state FROM outbox a WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
       ORDER BY a.rowid LIMIT 1)
      IN ('recorded', 'answered', 'delivered', 'confirmed', 'undeliverable')
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;

-- measures_certified: what took hold in some time under each certificate
SELECT d.licence, count(*) FROM decision d
WHERE substr(d.licence, 1, 11) = 'certificate' AND d.timeline = ''
  AND d.time >= :since AND d.time < :until AND d.action IN (SELECT value FROM json_each(:actions))
  AND (SELECT a.state FROM outbox a WHERE a.decision = d.id AND a.kind = 'action' AND a.inverse = 0
       ORDER BY a.rowid LIMIT 1)
      IN ('recorded', 'answered', 'delivered', 'confirmed', 'undeliverable')
GROUP BY d.licence;

-- flags_between: members' flags of some time, the clause of the case each came to, if any, and the
-- configuration in force
SELECT j.seq, j.recv, j.config,
       (SELECT c.clause FROM case_subject s JOIN review_case c ON c.id = s.id
        WHERE s.record = j.seq ORDER BY c.opened LIMIT 1)
FROM journal j WHERE j.type = 'flag.created' AND j.timeline = '' AND j.recv >= :since AND j.recv < :until;

-- decided_on_flags: what was decided about members' flags of some time, in order
SELECT d.about, d.time, d.origin, d.by_role, d.clause, r.config, j.recv
FROM decision d INDEXED BY decision_unsealed
JOIN journal j ON j.seq = d.about JOIN journal r ON r.seq = d.seq
WHERE d.origin IN ('flag', 'trusted flagger') AND d.timeline = ''
  AND d.action IN (SELECT value FROM json_each(:actions))
  AND j.type = 'flag.created' AND j.recv >= :since AND j.recv < :until ORDER BY d.leaf;

-- appeals_between: appeals that were made in some time, and about what
SELECT d.action, j.kind, d.target FROM appeal a JOIN decision d ON d.id = a.decision
JOIN journal j ON j.seq = d.about WHERE d.timeline = '' AND a.made >= :since AND a.made < :until;

-- outcomes_between: appeals that were decided in some time, about what, and how long that took
SELECT d.action, j.kind, d.target, o.outcome, o.time - a.made
FROM appeal_outcome o JOIN appeal a ON a.id = o.appeal JOIN decision d ON d.id = a.decision
JOIN journal j ON j.seq = d.about WHERE d.timeline = '' AND o.time >= :since AND o.time < :until;

-- outcomes_of_rules: appeals against what rules did alone that were decided in some time, and how
-- many of them led to another decision
SELECT count(*), count(*) FILTER (WHERE o.outcome IN ('partial', 'reversed'))
FROM appeal_outcome o JOIN appeal a ON a.id = o.appeal JOIN decision d ON d.id = a.decision
WHERE d.timeline = '' AND d.by_role = 'rule' AND coalesce(substr(d.licence, 1, 14), '') != 'standing order'
  AND o.outcome != 'omitted' AND o.time >= :since AND o.time < :until;

-- orders_between: orders of authorities that came in some time
SELECT m.country, m.asks, m.clause, m.received, m.confirmed, m.answered, m.outcome, r.config,
       (SELECT count(*) FROM demand_item i WHERE i.demand = m.id)
FROM demand m JOIN journal r ON r.seq = m.seq
WHERE m.binding AND m.kind IN ('court', 'police', 'authority')
  AND m.received >= :since AND m.received < :until;
