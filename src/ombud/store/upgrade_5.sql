-- From schema 4 to schema 5: people.

-- Certificates: a licence says which version it is bound to, what it proved and until when.
ALTER TABLE licence ADD COLUMN version TEXT;
ALTER TABLE licence ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
ALTER TABLE licence ADD COLUMN until INTEGER;
CREATE INDEX journal_controls ON journal (type, seq) WHERE type >= '!' AND type < '"';
CREATE INDEX journal_certificates ON journal (seq)
  WHERE type IN ('!population', '!draw', '!label', '!labelling', '!certificate', '!demotion',
                 '!config', '!erasure', '!undo', '!review', '!outcome');
CREATE INDEX decision_certified ON decision (leaf) WHERE substr(licence, 1, 11) = 'certificate';
CREATE INDEX decision_ordered ON decision (licence) WHERE substr(licence, 1, 14) = 'standing order';
CREATE INDEX decision_room ON decision (until)
  WHERE action IN ('slow', 'require approval') AND by_role = 'rule';

-- Cases, reviews and appeals.

ALTER TABLE review_case ADD COLUMN timeline TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN harm TEXT NOT NULL DEFAULT '';
ALTER TABLE review_case ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review_case ADD COLUMN behind INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review_case ADD COLUMN place INTEGER NOT NULL DEFAULT 0;
ALTER TABLE review_case ADD COLUMN subject BLOB;
ALTER TABLE review_case ADD COLUMN campaign INTEGER;
ALTER TABLE review_case ADD COLUMN assigned INTEGER;
ALTER TABLE review_case ADD COLUMN snoozed INTEGER;
ALTER TABLE review_case ADD COLUMN holder INTEGER;
ALTER TABLE review_case ADD COLUMN lease BLOB;
ALTER TABLE review_case ADD COLUMN leased INTEGER NOT NULL DEFAULT 0;
UPDATE review_case SET place = opened;
CREATE INDEX case_next ON review_case (queue, place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL;
CREATE INDEX case_next_of_all ON review_case (place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND campaign IS NULL;
CREATE INDEX case_next_of_harm ON review_case (queue, harm, place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL;
CREATE INDEX case_next_of_harm_of_all ON review_case (harm, place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NULL AND campaign IS NULL;
CREATE INDEX case_assigned ON review_case (assigned, place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NOT NULL;
CREATE INDEX case_late ON review_case (place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND assigned IS NOT NULL;
CREATE INDEX case_urgent ON review_case (place, id)
  WHERE closed IS NULL AND snoozed IS NULL AND urgent = 1;
CREATE INDEX case_snoozed ON review_case (snoozed) WHERE closed IS NULL AND snoozed IS NOT NULL;
CREATE INDEX case_holder ON review_case (holder, leased) WHERE closed IS NULL AND holder IS NOT NULL;
CREATE INDEX case_subject_open ON review_case (subject, clause) WHERE closed IS NULL;
CREATE INDEX case_campaign ON review_case (campaign) WHERE closed IS NULL AND campaign IS NOT NULL;
CREATE INDEX case_closed ON review_case (opened, id) WHERE closed IS NOT NULL;
ALTER TABLE outbox ADD COLUMN again INTEGER;
ALTER TABLE outbox ADD COLUMN again_by INTEGER;
ALTER TABLE outbox ADD COLUMN memory TEXT NOT NULL DEFAULT '';
CREATE INDEX outbox_seq ON outbox (seq, kind);
CREATE INDEX outbox_waiting ON outbox (lane, kind) WHERE state IN ('asked', 'sending');
CREATE INDEX outbox_failed ON outbox (done) WHERE state = 'failed';
CREATE INDEX case_counts ON review_case (queue, urgent, opened) WHERE closed IS NULL;
CREATE INDEX case_opened ON review_case (opened);
CREATE INDEX case_ended ON review_case (closed) WHERE closed IS NOT NULL;
CREATE INDEX decision_author ON decision (author, leaf) WHERE author IS NOT NULL;


CREATE TABLE case_subject (
  id       TEXT NOT NULL,
  record   INTEGER NOT NULL,
  subject  BLOB NOT NULL,
  author   INTEGER,
  decision TEXT,
  apart    TEXT,
  key      TEXT,
  sealed   BLOB,
  PRIMARY KEY (id, record)
) WITHOUT ROWID;
CREATE INDEX case_subject_author ON case_subject (author) WHERE author IS NOT NULL;
CREATE INDEX case_subject_record ON case_subject (record);
CREATE INDEX case_subject_subject ON case_subject (subject);


CREATE TABLE case_share (
  share BLOB PRIMARY KEY,
  open  INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE case_shared (
  id    TEXT NOT NULL,
  share BLOB NOT NULL,
  PRIMARY KEY (id, share)
) WITHOUT ROWID;


CREATE TABLE review (
  seq      INTEGER PRIMARY KEY,
  id       TEXT NOT NULL,
  time     INTEGER NOT NULL,
  person   INTEGER NOT NULL,
  role     TEXT NOT NULL,
  second   INTEGER,
  alone    INTEGER NOT NULL DEFAULT 0,
  outcome  TEXT NOT NULL CHECK (outcome IN ('upheld', 'released', 'seen')),
  action   TEXT,
  authors  INTEGER NOT NULL,
  revocable INTEGER NOT NULL,
  undone   INTEGER,
  CHECK (second IS NULL OR second != person),
  CHECK (second IS NOT NULL OR alone = 1 OR (authors <= 20 AND revocable = 1)),
  CHECK (alone = 0 OR (second IS NULL AND revocable = 1))
);
CREATE INDEX review_case_id ON review (id);


CREATE TABLE reviewed (
  review   INTEGER NOT NULL,
  id       TEXT NOT NULL,
  record   INTEGER NOT NULL,
  subject  BLOB NOT NULL,
  clause   TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  decision TEXT,
  before   TEXT,
  changed  INTEGER,
  undone   INTEGER,
  PRIMARY KEY (review, record)
) WITHOUT ROWID;
CREATE UNIQUE INDEX reviewed_once ON reviewed (id, record) WHERE undone IS NULL;
CREATE INDEX reviewed_subject ON reviewed (subject, clause);
CREATE INDEX reviewed_record ON reviewed (record);
CREATE INDEX reviewed_decision ON reviewed (decision) WHERE decision IS NOT NULL;


CREATE TABLE proposal (
  key    TEXT PRIMARY KEY,
  id     TEXT NOT NULL,
  person INTEGER NOT NULL,
  made   INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  sealed BLOB
);
CREATE INDEX proposal_id ON proposal (id, until);
CREATE INDEX proposal_until ON proposal (until);


CREATE TABLE case_note (
  note   TEXT PRIMARY KEY,
  id     TEXT NOT NULL,
  person INTEGER NOT NULL,
  made   INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  sealed BLOB
);
CREATE INDEX case_note_id ON case_note (id);
CREATE INDEX case_note_until ON case_note (until);


CREATE TABLE list_going (
  list   TEXT    NOT NULL,
  entry  TEXT    NOT NULL,
  do     TEXT    NOT NULL,
  person INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  PRIMARY KEY (list, entry, do)
) WITHOUT ROWID;


CREATE TABLE case_person (
  person INTEGER PRIMARY KEY,
  last   INTEGER NOT NULL
);


CREATE TABLE evidence (
  decision TEXT NOT NULL,
  record   INTEGER NOT NULL,
  until    INTEGER NOT NULL,
  PRIMARY KEY (decision, record)
) WITHOUT ROWID;
CREATE INDEX evidence_record ON evidence (record);
CREATE INDEX evidence_until ON evidence (until);


-- What stands in place of something that held words which were blacked out: the same without them,
-- sealed under a key of its own. `name`: a record, a decision, an appeal or a message.
CREATE TABLE redacted (
  name   TEXT PRIMARY KEY,
  key    TEXT NOT NULL,
  sealed BLOB NOT NULL,
  record INTEGER NOT NULL,       -- that exposed somebody
  seq    INTEGER NOT NULL        -- of the control
) WITHOUT ROWID;

-- In which records words were blacked out, when and by whom; not which words.
CREATE TABLE blackout (
  record INTEGER NOT NULL,
  seq    INTEGER NOT NULL,       -- of the control
  time   INTEGER NOT NULL,
  person INTEGER NOT NULL,       -- token
  PRIMARY KEY (record, seq)
) WITHOUT ROWID;

-- Whom something called: one row for each clause, queue and hour (`summons.py`). Nobody stands in it.
CREATE TABLE summons (
  id     TEXT PRIMARY KEY,       -- the outbox row of its first message
  clause TEXT NOT NULL,
  queue  TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  lang   TEXT NOT NULL,
  times  INTEGER NOT NULL DEFAULT 1,  -- how often there was reason to
  more   TEXT                    -- the outbox row of the message at the hour's end
);
CREATE INDEX summons_latest ON summons (clause, queue, urgent, opened);
CREATE INDEX summons_opened ON summons (opened);
CREATE INDEX summons_more ON summons (more) WHERE more IS NOT NULL;

-- What Ombud says in a moderators' room (`chat.py`): a row for each message, and not a word of it.
CREATE TABLE chat_line (
  id       TEXT PRIMARY KEY,     -- its row of the outbox; of what is 'folded', its own
  platform TEXT NOT NULL,
  what     TEXT NOT NULL,        -- chatwords.SAID, or 'folded' into a summary
  made     INTEGER NOT NULL,
  lang     TEXT NOT NULL,
  review   TEXT,                 -- the case it is about
  opened   INTEGER NOT NULL DEFAULT 0,  -- when that was opened
  urgent   INTEGER NOT NULL DEFAULT 0,
  many     INTEGER NOT NULL DEFAULT 0,  -- of a summary: how many cases; of an emergency: hours
  over     TEXT,                 -- the line that it is written over, or folded into
  event    TEXT,                 -- what the homeserver calls it, once it stands there
  answers  TEXT,                 -- what it calls the message that is answered
  person   INTEGER,              -- token of who is answered
  until    INTEGER,              -- of an emergency
  why      TEXT NOT NULL DEFAULT '',    -- of a refusal: chatwords.WHY
  state    TEXT NOT NULL DEFAULT ''     -- of a case's: 'settled' once it says so, 'gone' if unsent;
                                 -- of an emergency's: 'used' once it was confirmed
);
CREATE INDEX chat_line_case ON chat_line (review, urgent) WHERE review IS NOT NULL;
CREATE INDEX chat_line_said ON chat_line (urgent, made) WHERE what IN ('case', 'more');
CREATE INDEX chat_line_opened ON chat_line (opened) WHERE opened > 0;
CREATE INDEX chat_line_open ON chat_line (id) WHERE what = 'case' AND state = '';
CREATE INDEX chat_line_settled ON chat_line (made) WHERE what = 'case' AND state = 'settled';
CREATE INDEX chat_line_event ON chat_line (event) WHERE event IS NOT NULL;
CREATE INDEX chat_line_answers ON chat_line (made) WHERE answers IS NOT NULL;

-- What was heard there and led to something, to hear it once: no word, and nobody.
CREATE TABLE chat_heard (
  event BLOB PRIMARY KEY,        -- keyed digest of what the homeserver calls it
  time  INTEGER NOT NULL,
  line  TEXT NOT NULL            -- the answer
) WITHOUT ROWID;
CREATE INDEX chat_heard_time ON chat_heard (time);

CREATE TABLE flag_answer (
  message TEXT PRIMARY KEY,
  record  INTEGER NOT NULL,
  flagger INTEGER NOT NULL,
  lang    TEXT NOT NULL,
  outcome TEXT NOT NULL
);
CREATE INDEX flag_answer_flagger ON flag_answer (flagger);
ALTER TABLE appeal ADD COLUMN due INTEGER NOT NULL DEFAULT 0;
ALTER TABLE appeal ADD COLUMN review TEXT;
UPDATE appeal SET due = made + 604800000000;
CREATE INDEX appeal_review ON appeal (review, due, id) WHERE review IS NOT NULL AND state = 'open';
CREATE INDEX appeal_of_case ON appeal (review, made, id) WHERE review IS NOT NULL;
CREATE INDEX appeal_due ON appeal (due, id) WHERE state = 'open';

CREATE TRIGGER one_open_appeal BEFORE INSERT ON appeal
WHEN EXISTS (SELECT 1 FROM appeal a WHERE a.decision = new.decision AND a.state = 'open')
BEGIN
  SELECT raise(ABORT, 'one open appeal to a decision');
END;


CREATE TABLE appeal_message (
  message TEXT PRIMARY KEY,
  appeal  TEXT NOT NULL,
  made    INTEGER NOT NULL,
  role    TEXT NOT NULL,
  staff   INTEGER,
  sealed  BLOB
);
CREATE INDEX appeal_message_appeal ON appeal_message (appeal, made);


CREATE TABLE appeal_behind (
  appeal TEXT NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (appeal, person)
) WITHOUT ROWID;


CREATE TABLE appeal_outcome (
  appeal    TEXT PRIMARY KEY,
  seq       INTEGER NOT NULL,
  time      INTEGER NOT NULL,
  person    INTEGER NOT NULL,
  role      TEXT NOT NULL,
  outcome   TEXT NOT NULL CHECK (outcome IN ('upheld', 'partial', 'reversed', 'omitted')),
  alone     INTEGER NOT NULL DEFAULT 0,
  revocable INTEGER NOT NULL,
  decision  TEXT,
  CHECK (alone = 0 OR revocable = 1)
);
CREATE INDEX appeal_outcome_seq ON appeal_outcome (seq);
CREATE INDEX appeal_outcome_time ON appeal_outcome (time, appeal);


CREATE TRIGGER another_pair_of_eyes BEFORE INSERT ON appeal_outcome
WHEN new.outcome != 'reversed' AND new.alone = 0
     AND EXISTS (SELECT 1 FROM appeal_behind b WHERE b.appeal = new.appeal AND b.person = new.person)
BEGIN
  SELECT raise(ABORT, 'nobody upholds what they decided themselves');
END;
CREATE TRIGGER another_pair_of_eyes_still BEFORE UPDATE ON appeal_outcome
BEGIN
  SELECT raise(ABORT, 'how an appeal ended stands');
END;

CREATE TABLE look (
  look   TEXT PRIMARY KEY,
  kind   TEXT NOT NULL CHECK (kind IN ('second', 'gold')),
  review INTEGER NOT NULL,
  id     TEXT NOT NULL,
  record INTEGER NOT NULL,
  clause TEXT NOT NULL,
  queue  TEXT NOT NULL,
  harm   TEXT NOT NULL,
  lang   TEXT NOT NULL,
  first  INTEGER NOT NULL,
  second INTEGER,
  third  INTEGER,
  said   TEXT NOT NULL,
  due    INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  open   INTEGER NOT NULL,
  holder INTEGER,
  leased INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX look_open ON look (due) WHERE open > 0;
CREATE INDEX look_first ON look (first, due);

CREATE TABLE look_answer (
  look   TEXT NOT NULL,
  person INTEGER NOT NULL,
  time   INTEGER NOT NULL,
  said   TEXT NOT NULL CHECK (said IN ('upheld', 'released', 'unclear')),
  PRIMARY KEY (look, person)
) WITHOUT ROWID;
CREATE INDEX look_answer_time ON look_answer (time);
CREATE INDEX look_answer_person ON look_answer (person, time);

UPDATE head SET version = 5;

-- Who asked for a run over the past.
ALTER TABLE run ADD COLUMN person INTEGER;

-- Who of the staff looked up whom, and why. The reason dies with whom it is about.
CREATE TABLE lookup (
  id     TEXT PRIMARY KEY,
  seq    INTEGER NOT NULL,
  time   INTEGER NOT NULL,
  person INTEGER NOT NULL,
  kind   TEXT NOT NULL,
  about  INTEGER,
  record INTEGER,
  review TEXT,
  sealed BLOB
);
CREATE UNIQUE INDEX lookup_seq ON lookup (seq);
CREATE INDEX lookup_person ON lookup (person, time);
CREATE INDEX lookup_about ON lookup (about) WHERE about IS NOT NULL;
CREATE INDEX lookup_record ON lookup (record) WHERE record IS NOT NULL;

-- What authorities, lawyers and others demanded. Who and on what basis is sealed, and what was said
-- once stays as it was said.
CREATE TABLE demand (
  id        TEXT PRIMARY KEY,
  seq       INTEGER NOT NULL,
  entered   INTEGER NOT NULL,
  received  INTEGER NOT NULL,
  kind      TEXT NOT NULL CHECK (kind IN ('court', 'police', 'authority', 'lawyer', 'person')),
  country   TEXT NOT NULL,
  binding   INTEGER NOT NULL,
  asks      TEXT NOT NULL CHECK (asks IN ('act', 'data')),
  clause    TEXT,
  deadline  INTEGER,
  person    INTEGER NOT NULL,
  sealed    BLOB NOT NULL,
  confirmed INTEGER,
  answered  INTEGER,
  outcome   TEXT CHECK (outcome IN ('done', 'in part', 'refused', 'nothing found', 'withdrawn')),
  secret    INTEGER,
  told      INTEGER,
  words     BLOB
);
CREATE INDEX demand_kept ON demand (entered) WHERE words IS NOT NULL;
CREATE UNIQUE INDEX demand_seq ON demand (seq);
CREATE INDEX demand_secret ON demand (secret) WHERE secret IS NOT NULL AND told IS NULL;

-- What came after, and why: sealed like the demand itself.
CREATE TABLE demand_step (
  id     TEXT PRIMARY KEY,
  demand TEXT NOT NULL,
  seq    INTEGER NOT NULL,
  time   INTEGER NOT NULL,
  person INTEGER,
  what   TEXT NOT NULL,
  sealed BLOB
);
CREATE INDEX demand_step_demand ON demand_step (demand, seq);

-- What a demand is about, as it was named and as it was found.
CREATE TABLE demand_item (
  id      TEXT PRIMARY KEY,
  demand  TEXT NOT NULL,
  place   INTEGER NOT NULL,
  record  INTEGER,
  subject BLOB,
  author  INTEGER,
  review  TEXT,
  sealed  BLOB
);
CREATE INDEX demand_item_demand ON demand_item (demand, place);
CREATE INDEX demand_item_record ON demand_item (record) WHERE record IS NOT NULL;
CREATE INDEX demand_item_subject ON demand_item (subject) WHERE subject IS NOT NULL;
CREATE INDEX demand_item_author ON demand_item (author) WHERE author IS NOT NULL;
CREATE INDEX demand_item_review ON demand_item (review) WHERE review IS NOT NULL;

-- Which decisions a demand began.
CREATE TABLE demand_decision (
  demand   TEXT NOT NULL,
  decision TEXT NOT NULL,
  PRIMARY KEY (demand, decision)
) WITHOUT ROWID;
CREATE INDEX demand_decision_decision ON demand_decision (decision);

-- Where a demand began something, nobody can take that away.
CREATE TRIGGER demand_stays BEFORE DELETE ON demand
BEGIN SELECT raise(ABORT, 'a demand stays in the register'); END;
CREATE TRIGGER demand_as_it_came BEFORE UPDATE OF
  id, seq, entered, received, kind, country, binding, asks, clause, deadline, person, sealed ON demand
BEGIN SELECT raise(ABORT, 'a demand stands as it came'); END;
CREATE TRIGGER demand_words_as_they_came BEFORE UPDATE OF words ON demand WHEN new.words IS NOT NULL
BEGIN SELECT raise(ABORT, 'the words of a demand stand as they came'); END;
CREATE TRIGGER demand_step_stays BEFORE DELETE ON demand_step
BEGIN SELECT raise(ABORT, 'what was done about a demand stands'); END;
CREATE TRIGGER demand_item_stays BEFORE DELETE ON demand_item
BEGIN SELECT raise(ABORT, 'what a demand was about stands'); END;
CREATE TRIGGER demand_item_as_it_came BEFORE UPDATE OF id, demand, place, record, subject, review ON demand_item
BEGIN SELECT raise(ABORT, 'what a demand was about stands'); END;
CREATE TRIGGER demand_decision_stays BEFORE DELETE ON demand_decision
BEGIN SELECT raise(ABORT, 'what a demand began stands'); END;
CREATE TRIGGER demand_decision_as_it_is BEFORE UPDATE ON demand_decision
BEGIN SELECT raise(ABORT, 'what a demand began stands'); END;

-- What was decided on a room, and what the staff did: read by index.
CREATE INDEX decision_subject ON decision (subject, leaf);
CREATE INDEX decision_held ON decision (time) WHERE action = 'hold' AND ended IS NULL AND undone_by IS NULL AND timeline = '';
CREATE INDEX journal_staff ON journal (seq)
  WHERE type IN ('!approval', '!access', '!clock', '!config', '!demand', '!duty', '!emergency', '!erasure', '!label', '!labelling',
                 '!list', '!lookup', '!outcome', '!population', '!renewal', '!review', '!staff',
                 '!standing_order', '!undo');
CREATE INDEX journal_person ON journal (CASE WHEN json_valid(payload) THEN json_extract(payload, '$.by') END, seq)
  WHERE type IN ('!approval', '!access', '!clock', '!config', '!demand', '!duty', '!emergency', '!erasure', '!label', '!labelling',
                 '!list', '!lookup', '!outcome', '!population', '!renewal', '!review', '!staff',
                 '!standing_order', '!undo');

-- What a statement of reasons says beside the clause, and which were filed.
ALTER TABLE decision ADD COLUMN target TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN content TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN lang TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN origin TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN found TEXT;
CREATE TABLE filing (
  leaf   INTEGER PRIMARY KEY,
  puid   TEXT NOT NULL,
  made   INTEGER NOT NULL,
  state  TEXT NOT NULL DEFAULT 'written' CHECK (state IN ('written', 'sending', 'taken', 'refused')),
  done   INTEGER,
  detail TEXT NOT NULL DEFAULT ''
);
CREATE INDEX filing_state ON filing (state, leaf);
CREATE INDEX journal_flags ON journal (recv) WHERE type = 'flag.created';
CREATE TRIGGER filing_stays BEFORE DELETE ON filing
BEGIN
  SELECT raise(ABORT, 'what was filed stands');
END;
-- What a person called all right as it is: no rule asks about it for a while, if it is the same.
CREATE TABLE rest (
  review   INTEGER NOT NULL,     -- seq of the judgement that said so
  record   INTEGER NOT NULL,
  id       TEXT NOT NULL,        -- of the case
  subject  BLOB NOT NULL,
  clause   TEXT NOT NULL,
  timeline TEXT NOT NULL,
  said     BLOB NOT NULL,        -- keyed digest of what was judged, and of the clause's wording
  until    INTEGER NOT NULL,
  asked    INTEGER NOT NULL DEFAULT 0,  -- how often a rule would have asked
  PRIMARY KEY (review, record)
) WITHOUT ROWID;
CREATE INDEX rest_subject ON rest (subject, clause);
CREATE INDEX rest_case ON rest (id);
CREATE INDEX rest_record ON rest (record);
CREATE INDEX rest_until ON rest (until);
-- What ends by its age is found by these.
CREATE INDEX case_subject_kept ON case_subject (record) WHERE sealed IS NOT NULL;
CREATE INDEX redacted_record ON redacted (record);
CREATE INDEX decision_kept ON decision (leaf) WHERE sealed IS NOT NULL;
CREATE INDEX look_record ON look (record) WHERE open > 0;
CREATE INDEX look_until ON look (until);
CREATE INDEX lookup_kept ON lookup (time) WHERE sealed IS NOT NULL;
CREATE INDEX outbox_detail ON outbox (done) WHERE detail != '';
CREATE INDEX review_irreversible ON review (seq) WHERE revocable = 0;
CREATE INDEX review_of_many ON review (time)
  WHERE second IS NULL AND undone IS NULL AND authors > 1;
CREATE INDEX case_irreversible ON review_case (seq) WHERE reason = 'cannot be undone, done';

CREATE TRIGGER filing_keeps_its_name BEFORE UPDATE OF puid, leaf ON filing
BEGIN
  SELECT raise(ABORT, 'a puid is given once');
END;
CREATE INDEX decision_unsealed ON decision (leaf, id, seq, time, timeline, clause, rule, by_role, action,
                                            licence, until, about, target, content, lang, origin, found,
                                            ended, undone_by);
-- What was signed of the public log, how it came from key to key, and its witnesses.
CREATE TABLE signed_head (
  kind      TEXT PRIMARY KEY CHECK (kind IN ('latest', 'attested')),
  size      INTEGER NOT NULL,
  note      BLOB    NOT NULL,
  witnesses TEXT    NOT NULL
) WITHOUT ROWID;
CREATE TABLE handover (
  number INTEGER PRIMARY KEY,
  leaf   INTEGER NOT NULL,
  note   BLOB    NOT NULL,
  salt   BLOB    NOT NULL
);
CREATE TABLE witness (
  name   TEXT PRIMARY KEY,
  size   INTEGER NOT NULL,
  state  TEXT    NOT NULL,
  asked  INTEGER NOT NULL,
  detail TEXT    NOT NULL
) WITHOUT ROWID;
-- What was done to lists is put away in another form; a start makes it again from the journal.
DELETE FROM list_state;

-- A clock that jumps far ahead.
ALTER TABLE head ADD COLUMN seen INTEGER NOT NULL DEFAULT 0;
ALTER TABLE head ADD COLUMN salted INTEGER NOT NULL DEFAULT 0;
UPDATE head SET salted = leaves;

-- Rules that have a summary instead of their text.
CREATE TABLE summarised (
  rule TEXT PRIMARY KEY,
  had  INTEGER NOT NULL,
  until INTEGER NOT NULL
) WITHOUT ROWID;

-- What rules on watch hit, counted from now on.
CREATE TABLE watch_hit (
  rule    TEXT NOT NULL,
  version TEXT NOT NULL,
  hits    INTEGER NOT NULL,
  first   INTEGER NOT NULL,
  PRIMARY KEY (rule, version)
) WITHOUT ROWID;

-- Lists that others publish.
CREATE INDEX list_match_entry ON list_match (list, entry);
-- What somebody else publishes on a list that is followed: of each entry where it stands there.
CREATE TABLE policy_rule (
  list           TEXT    NOT NULL,
  entry          TEXT    NOT NULL, -- its key
  room           TEXT    NOT NULL,
  event          TEXT    NOT NULL,
  kind           TEXT    NOT NULL, -- user, server, room
  recommendation TEXT    NOT NULL,
  writer         TEXT    NOT NULL, -- empty once it was taken back, as the reason
  reason         TEXT    NOT NULL,
  written        INTEGER NOT NULL, -- as the writer's server says
  ended          INTEGER,
  PRIMARY KEY (list, entry)
) WITHOUT ROWID;

-- What of people's decisions about accounts was told to others, on a policy list of one's own.
CREATE TABLE advice (
  decision TEXT PRIMARY KEY,
  room     TEXT    NOT NULL,
  made     INTEGER NOT NULL,
  ended    INTEGER
) WITHOUT ROWID;
CREATE INDEX decision_advisable ON decision (leaf)
  WHERE action IN ('suspend', 'ban from room') AND undone_by IS NULL AND ended IS NULL;
CREATE INDEX decision_in_room ON decision (leaf)
  WHERE action IN ('label', 'context', 'require approval', 'lock', 'ban from room')
    AND undone_by IS NULL AND ended IS NULL;

-- Why somebody of the staff lets an entry not count here.
CREATE TABLE list_refusal (
  list   TEXT    NOT NULL,
  entry  TEXT    NOT NULL,         -- its key
  reason TEXT    NOT NULL,
  person INTEGER NOT NULL,         -- token
  time   INTEGER NOT NULL,
  PRIMARY KEY (list, entry)
) WITHOUT ROWID;
