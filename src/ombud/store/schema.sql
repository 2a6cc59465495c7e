-- One community, one journal, one file. Times are microseconds since 1970, UTC.
-- What must stay secret or must be able to die stands in the key file (keys.sql), not here.

-- The one order of events and controls. No text, no account: tokens, numbers, digests.
CREATE TABLE journal (
  seq      INTEGER PRIMARY KEY,
  recv     INTEGER NOT NULL,   -- strictly increasing
  type     TEXT    NOT NULL,   -- the event's type, or the control's with a leading '!'
  kind     TEXT,               -- what rules are written for: post, reply, ...; NULL: judged by none
  timeline TEXT    NOT NULL DEFAULT '',
  source   TEXT,
  time     INTEGER,            -- as the platform says
  place    INTEGER,            -- in stream time; NULL: stale, in no window
  config   INTEGER NOT NULL,   -- seq of the configuration that judged it
  identity BLOB,               -- keyed digest of source and id
  content  BLOB,               -- keyed digest of the content; NULL once erased
  author   INTEGER,            -- token
  facts    BLOB,               -- msgpack {slot: value} of the facts read, without text
  entries  BLOB,               -- msgpack [[window, key, value], ...]
  hits     BLOB,               -- msgpack [[fired rules], [unknown rules], [faulty rules]] or NULL;
                               -- with members of a campaign also [[rule, [seqs]], ...], gone
  verdict  BLOB,               -- 16 bytes
  payload  TEXT,               -- a control's content, canonical JSON
  via      TEXT    NOT NULL DEFAULT '',  -- '': the stream, 'check': asked before publication,
                               -- 'publication': what the stream then said of a checked event
  published BLOB               -- of a check: keyed digest of what its publication must share; of
                               -- a publication: keyed digest of the check it belongs to
);
CREATE UNIQUE INDEX journal_identity ON journal (identity) WHERE identity IS NOT NULL;
CREATE INDEX journal_publication ON journal (published) WHERE type = '!publication';
CREATE INDEX journal_controls ON journal (type, seq) WHERE type >= '!' AND type < '"';
CREATE INDEX journal_certificates ON journal (seq)
  WHERE type IN ('!population', '!draw', '!label', '!labelling', '!certificate', '!demotion',
                 '!config', '!erasure', '!undo', '!review', '!outcome');

-- What was said, sealed under a key of its own; it dies with that key.
CREATE TABLE body (
  seq    INTEGER PRIMARY KEY,
  sealed BLOB NOT NULL
);

CREATE TABLE decision (
  id          TEXT PRIMARY KEY,
  seq         INTEGER NOT NULL,  -- the journal record that led to it
  time        INTEGER NOT NULL,  -- recv of that record
  timeline    TEXT    NOT NULL,
  subject     BLOB    NOT NULL,  -- keyed digest: one ordered lane per subject
  author      INTEGER,           -- token of the person it concerns
  clause      TEXT    NOT NULL,
  rule        TEXT,              -- the rule that weighed most; NULL: a person
  by_role     TEXT    NOT NULL,  -- 'rule', 'time' or a staff role
  action      TEXT    NOT NULL,
  licence     TEXT,
  until       INTEGER,
  ended       INTEGER,           -- seq of the record that ended it
  undone_by   INTEGER,           -- seq of the undo
  leaf        INTEGER NOT NULL UNIQUE,  -- its position in the public log
  sealed      BLOB,              -- the full record and its salt, under a key of its own
  about       INTEGER NOT NULL DEFAULT 0, -- the record it is about: `seq`, or an earlier one where
                                 -- that belongs to the campaign that record `seq` completed
  target      TEXT    NOT NULL DEFAULT '',  -- 'this', 'author', 'room' or 'campaign'; '': not kept
  content     TEXT    NOT NULL DEFAULT '',  -- what it is made of: 'text', 'text image'
  lang        TEXT    NOT NULL DEFAULT '',  -- the language of its text; '': not known, or erased
  origin      TEXT    NOT NULL DEFAULT '',  -- what began it: decisions.ORIGINS; '': not kept
  found       TEXT                          -- of a person's decision: the rule that put it to them
);
CREATE INDEX decision_about ON decision (about);
CREATE INDEX decision_seq ON decision (seq);
CREATE INDEX decision_rule ON decision (rule, time);
CREATE INDEX decision_open ON decision (until) WHERE ended IS NULL AND until IS NOT NULL;
CREATE INDEX decision_certified ON decision (leaf) WHERE substr(licence, 1, 11) = 'certificate';
CREATE INDEX decision_ordered ON decision (licence) WHERE substr(licence, 1, 14) = 'standing order';
CREATE INDEX decision_room ON decision (until)
  WHERE action IN ('slow', 'require approval') AND by_role = 'rule';

-- What waits for a person.
CREATE TABLE review_case (
  id       TEXT PRIMARY KEY,
  seq      INTEGER NOT NULL,
  opened   INTEGER NOT NULL,
  clause   TEXT NOT NULL,
  rule     TEXT,
  queue    TEXT NOT NULL,
  urgent   INTEGER NOT NULL DEFAULT 0,
  reason   TEXT NOT NULL,        -- why a person is asked: 'no licence', 'hold', 'alert', 'over cap'
  decision TEXT,
  closed   INTEGER,
  cluster  INTEGER,              -- the first record of the texts that this one is nearly the same as
  timeline TEXT NOT NULL DEFAULT '',
  harm     TEXT NOT NULL DEFAULT '',     -- of the clause; empty where it asks about no person
  unsure   INTEGER NOT NULL DEFAULT 0,   -- whether it rests on what nobody has shown to be right
  behind   INTEGER NOT NULL DEFAULT 0,   -- how far its share of what is open puts it back
  place    INTEGER NOT NULL DEFAULT 0,   -- in the order: by when somebody should have looked
  subject  BLOB,                 -- what it was opened about: later asks about the same join it
  campaign INTEGER,              -- of appeals: the record whose decisions they are about
  assigned INTEGER,              -- token of who should look
  snoozed  INTEGER,              -- until when nobody need look
  holder   INTEGER,              -- who has it now (token), by which lease (digest), until when
  lease    BLOB,
  leased   INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX case_cluster ON review_case (cluster) WHERE cluster IS NOT NULL;
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
CREATE INDEX case_counts ON review_case (queue, urgent, opened) WHERE closed IS NULL;
CREATE INDEX case_opened ON review_case (opened);
CREATE INDEX case_ended ON review_case (closed) WHERE closed IS NOT NULL;
CREATE INDEX decision_author ON decision (author, leaf) WHERE author IS NOT NULL;

-- What a case is about: one row for each record that a person is asked about.
CREATE TABLE case_subject (
  id       TEXT NOT NULL,        -- of the case
  record   INTEGER NOT NULL,
  subject  BLOB NOT NULL,        -- keyed digest, as the lane of what is done to it
  author   INTEGER,              -- token of who is concerned
  decision TEXT,                 -- what was decided about it before, and may still stand
  apart    TEXT,                 -- why it is decided by itself: gathering.APART; NULL: in bulk
  key      TEXT,                 -- under which the next is sealed
  sealed   BLOB,                 -- what the rule saw
  PRIMARY KEY (id, record)
) WITHOUT ROWID;
CREATE INDEX case_subject_author ON case_subject (author) WHERE author IS NOT NULL;
CREATE INDEX case_subject_record ON case_subject (record);
CREATE INDEX case_subject_subject ON case_subject (subject);

-- How many open cases there are of one author, or of one source by one rule.
CREATE TABLE case_share (
  share BLOB PRIMARY KEY,        -- keyed digest
  open  INTEGER NOT NULL
) WITHOUT ROWID;
-- And of which shares each case is one.
CREATE TABLE case_shared (
  id    TEXT NOT NULL,
  share BLOB NOT NULL,
  PRIMARY KEY (id, share)
) WITHOUT ROWID;

-- One person's judgement of a case, and whether another one stood by it.
CREATE TABLE review (
  seq      INTEGER PRIMARY KEY,  -- of its control
  id       TEXT NOT NULL,        -- of the case
  time     INTEGER NOT NULL,
  person   INTEGER NOT NULL,     -- token
  role     TEXT NOT NULL,
  second   INTEGER,              -- token of who confirmed it
  alone    INTEGER NOT NULL DEFAULT 0,   -- a second person was needed and there was none
  outcome  TEXT NOT NULL CHECK (outcome IN ('upheld', 'released', 'seen')),
  action   TEXT,
  authors  INTEGER NOT NULL,     -- how many people it restricts, or lets go
  revocable INTEGER NOT NULL,    -- whether all that was done can be taken back
  undone   INTEGER,              -- seq of the undo
  CHECK (second IS NULL OR second != person),
  CHECK (second IS NOT NULL OR alone = 1 OR (authors <= 20 AND revocable = 1)),
  CHECK (alone = 0 OR (second IS NULL AND revocable = 1))
);
CREATE INDEX review_case_id ON review (id);

-- What a review says of each subject. Nothing is decided twice.
CREATE TABLE reviewed (
  review   INTEGER NOT NULL,
  id       TEXT NOT NULL,        -- of the case
  record   INTEGER NOT NULL,
  subject  BLOB NOT NULL,
  clause   TEXT NOT NULL,
  outcome  TEXT NOT NULL,
  decision TEXT,                 -- the new one, if any
  before   TEXT,                 -- the one that was released or replaced, if any
  changed  INTEGER,              -- the first edit of the subject since
  undone   INTEGER,
  PRIMARY KEY (review, record)
) WITHOUT ROWID;
CREATE UNIQUE INDEX reviewed_once ON reviewed (id, record) WHERE undone IS NULL;
CREATE INDEX reviewed_subject ON reviewed (subject, clause);
CREATE INDEX reviewed_record ON reviewed (record);
CREATE INDEX reviewed_decision ON reviewed (decision) WHERE decision IS NOT NULL;

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

-- What is looked at once more: a drawn part of what people judged, and of what two judged alike.
CREATE TABLE look (
  look   TEXT PRIMARY KEY,
  kind   TEXT NOT NULL CHECK (kind IN ('second', 'gold')),
  review INTEGER NOT NULL,       -- the judgement that was first
  id     TEXT NOT NULL,          -- of its case
  record INTEGER NOT NULL,
  clause TEXT NOT NULL,
  queue  TEXT NOT NULL,
  harm   TEXT NOT NULL,
  lang   TEXT NOT NULL,          -- '': unknown
  first  INTEGER NOT NULL,       -- who judged it before (tokens): they are not asked again
  second INTEGER,
  third  INTEGER,
  said   TEXT NOT NULL,          -- what they said
  due    INTEGER NOT NULL,       -- not before
  until  INTEGER NOT NULL,       -- nor after
  open   INTEGER NOT NULL,       -- of how many people it is still asked
  holder INTEGER,                -- who has it now (token), until when
  leased INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX look_open ON look (due) WHERE open > 0;
CREATE INDEX look_first ON look (first, due);

-- What was said of it. It acts on nobody.
CREATE TABLE look_answer (
  look   TEXT NOT NULL,
  person INTEGER NOT NULL,       -- token
  time   INTEGER NOT NULL,
  said   TEXT NOT NULL CHECK (said IN ('upheld', 'released', 'unclear')),
  PRIMARY KEY (look, person)
) WITHOUT ROWID;
CREATE INDEX look_answer_time ON look_answer (time);
CREATE INDEX look_answer_person ON look_answer (person, time);

-- What one person wants done and a second one has to confirm. Sealed: it may hold words.
CREATE TABLE proposal (
  key    TEXT PRIMARY KEY,       -- under which it is sealed
  id     TEXT NOT NULL,          -- of the case
  person INTEGER NOT NULL,
  made   INTEGER NOT NULL,
  until  INTEGER NOT NULL,       -- 0 once it has been confirmed, replaced or dropped
  sealed BLOB
);
CREATE INDEX proposal_id ON proposal (id, until);
CREATE INDEX proposal_until ON proposal (until);

-- What reviewers tell each other about a case; it ends.
CREATE TABLE case_note (
  note   TEXT PRIMARY KEY,
  id     TEXT NOT NULL,          -- of the case
  person INTEGER NOT NULL,
  made   INTEGER NOT NULL,
  until  INTEGER NOT NULL,
  sealed BLOB
);
CREATE INDEX case_note_id ON case_note (id);
CREATE INDEX case_note_until ON case_note (until);

-- The people who worked on cases, and when last: whether there is a second one.
CREATE TABLE case_person (
  person INTEGER PRIMARY KEY,
  last   INTEGER NOT NULL
);

-- What bodies a decision rests on, and until when they must not go.
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

-- Who flagged something and is told what came of it; the words are made when it is sent.
CREATE TABLE flag_answer (
  message TEXT PRIMARY KEY,      -- the outbox row that brings it
  record  INTEGER NOT NULL,      -- of the flag
  flagger INTEGER NOT NULL,      -- token
  lang    TEXT NOT NULL,
  outcome TEXT NOT NULL          -- 'upheld', 'released', 'unchanged', 'reversed'
);
CREATE INDEX flag_answer_flagger ON flag_answer (flagger);

-- Who is told. Written with its decision, released with its action.
CREATE TABLE notice (
  id        TEXT PRIMARY KEY,
  decision  TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  author    INTEGER,
  lang      TEXT NOT NULL,
  reason    TEXT NOT NULL,       -- 'decided', 'undone', 'ended'
  state     TEXT NOT NULL,       -- where it has no message of its own
  statement TEXT,                -- the page it stands on
  message   TEXT                 -- the outbox row that brings it
);
CREATE INDEX notice_decision ON notice (decision);
CREATE INDEX notice_statement ON notice (statement) WHERE statement IS NOT NULL;
CREATE INDEX notice_message ON notice (message) WHERE message IS NOT NULL;

-- What one person is shown of one clause and hour, under one link.
CREATE TABLE statement (
  id       TEXT PRIMARY KEY,
  token    BLOB NOT NULL UNIQUE, -- digest of the link's token
  timeline TEXT NOT NULL,
  author   INTEGER NOT NULL,
  clause   TEXT NOT NULL,
  lang     TEXT NOT NULL,
  opened   INTEGER NOT NULL,
  first    TEXT,                 -- outbox row of the first message; NULL: nothing is sent
  more     TEXT                  -- and of the one at the hour's end
);
CREATE INDEX statement_person ON statement (author, clause, opened);

-- What is asked of the platform, and what is told through it.
CREATE TABLE outbox (
  id        TEXT PRIMARY KEY,    -- the stable key
  decision  TEXT NOT NULL,
  seq       INTEGER NOT NULL,
  lane      BLOB NOT NULL,
  action    TEXT NOT NULL,
  inverse   INTEGER NOT NULL DEFAULT 0,
  state     TEXT NOT NULL,       -- actions.STATES
  kind      TEXT NOT NULL DEFAULT 'action',  -- or 'notice'
  connector TEXT NOT NULL DEFAULT '',
  statement TEXT,                -- of a notice
  due       INTEGER NOT NULL DEFAULT 0,      -- not before
  attempts  INTEGER NOT NULL DEFAULT 0,
  began     INTEGER,             -- the first attempt
  done      INTEGER,             -- when it reached its last state
  detail    TEXT NOT NULL DEFAULT '',
  line      INTEGER,             -- of a notice that has gone out: its position in the public log
  review    TEXT,                -- the case that was opened when it failed
  again     INTEGER,             -- when somebody had it tried once more, the last time
  again_by  INTEGER,             -- who that was (token)
  memory    TEXT NOT NULL DEFAULT ''  -- what the platform's connector must know at the undoing
);
CREATE INDEX outbox_decision ON outbox (decision);
CREATE INDEX outbox_open ON outbox (due, connector, lane) WHERE state IN ('asked', 'sending');
CREATE INDEX outbox_lane ON outbox (lane);
CREATE INDEX outbox_waiting ON outbox (lane, kind) WHERE state IN ('asked', 'sending');
CREATE INDEX outbox_seq ON outbox (seq, kind);
CREATE INDEX outbox_failed ON outbox (done) WHERE state = 'failed';

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

-- What a person answered to a decision. The text is sealed under a key of its own.
CREATE TABLE appeal (
  id        TEXT PRIMARY KEY,
  decision  TEXT NOT NULL,
  statement TEXT NOT NULL,
  made      INTEGER NOT NULL,
  state     TEXT NOT NULL,       -- 'open', 'answered'
  sealed    BLOB,
  leaf      INTEGER NOT NULL,
  due       INTEGER NOT NULL DEFAULT 0,  -- by when it should be decided
  review    TEXT                 -- the case it stands in
);
CREATE INDEX appeal_decision ON appeal (decision);
CREATE INDEX appeal_review ON appeal (review, due, id) WHERE review IS NOT NULL AND state = 'open';
CREATE INDEX appeal_of_case ON appeal (review, made, id) WHERE review IS NOT NULL;
CREATE INDEX appeal_due ON appeal (due, id) WHERE state = 'open';

-- One open appeal to a decision: what its person has to add is a message in it.
CREATE TRIGGER one_open_appeal BEFORE INSERT ON appeal
WHEN EXISTS (SELECT 1 FROM appeal a WHERE a.decision = new.decision AND a.state = 'open')
BEGIN
  SELECT raise(ABORT, 'one open appeal to a decision');
END;

-- What is written about an appeal, by its person and by staff. Sealed, each under a key of its own.
CREATE TABLE appeal_message (
  message TEXT PRIMARY KEY,
  appeal  TEXT NOT NULL,
  made    INTEGER NOT NULL,
  role    TEXT NOT NULL,         -- 'person', or a staff role
  staff   INTEGER,               -- token
  sealed  BLOB
);
CREATE INDEX appeal_message_appeal ON appeal_message (appeal, made);

-- Who stands behind the decision that is appealed: who decided it, or wrote the rule that did.
CREATE TABLE appeal_behind (
  appeal TEXT NOT NULL,
  person INTEGER NOT NULL,
  PRIMARY KEY (appeal, person)
) WITHOUT ROWID;

-- How an appeal ended. `alone`: reconsidered by the same person, there being no second one.
CREATE TABLE appeal_outcome (
  appeal    TEXT PRIMARY KEY,
  seq       INTEGER NOT NULL,    -- of its control
  time      INTEGER NOT NULL,
  person    INTEGER NOT NULL,    -- token
  role      TEXT NOT NULL,
  outcome   TEXT NOT NULL CHECK (outcome IN ('upheld', 'partial', 'reversed', 'omitted')),
  alone     INTEGER NOT NULL DEFAULT 0,
  revocable INTEGER NOT NULL,
  decision  TEXT,                -- of a partial outcome: what stands instead
  CHECK (alone = 0 OR revocable = 1)
);
CREATE INDEX appeal_outcome_seq ON appeal_outcome (seq);
CREATE INDEX appeal_outcome_time ON appeal_outcome (time, appeal);

-- Another pair of eyes (promise 4): whoever stands behind a decision may reverse it, and no more.
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

-- Who of the staff looked up whom, and why. The reason dies with whom it is about.
CREATE TABLE lookup (
  id     TEXT PRIMARY KEY,       -- under which the reason is sealed
  seq    INTEGER NOT NULL,       -- of its control
  time   INTEGER NOT NULL,
  person INTEGER NOT NULL,       -- token of who looks
  kind   TEXT NOT NULL,          -- 'member', 'post', 'room', 'server'
  about  INTEGER,                -- token of a member; NULL once erased, and of what is no member
  record INTEGER,                -- of a post
  review TEXT,                   -- the case that is the reason
  sealed BLOB                    -- the reason, and what was asked for
);
CREATE UNIQUE INDEX lookup_seq ON lookup (seq);
CREATE INDEX lookup_person ON lookup (person, time);
CREATE INDEX lookup_about ON lookup (about) WHERE about IS NOT NULL;
CREATE INDEX lookup_record ON lookup (record) WHERE record IS NOT NULL;

-- What authorities, lawyers and others demanded. Who and on what basis is sealed, and what was said
-- once stays as it was said.
CREATE TABLE demand (
  id        TEXT PRIMARY KEY,    -- under which the sealed part is
  seq       INTEGER NOT NULL,    -- of its control
  entered   INTEGER NOT NULL,
  received  INTEGER NOT NULL,    -- by who received it
  kind      TEXT NOT NULL CHECK (kind IN ('court', 'police', 'authority', 'lawyer', 'person')),
  country   TEXT NOT NULL,       -- ISO 3166-1 alpha-2; empty: not told
  binding   INTEGER NOT NULL,    -- an order; else it asks
  asks      TEXT NOT NULL CHECK (asks IN ('act', 'data')),
  clause    TEXT,                -- under which it is looked at
  deadline  INTEGER,
  person    INTEGER NOT NULL,    -- token of who entered it
  sealed    BLOB NOT NULL,
  confirmed INTEGER,             -- when its sender was told that it came
  answered  INTEGER,             -- when its sender was told what came of it
  outcome   TEXT CHECK (outcome IN ('done', 'in part', 'refused', 'nothing found', 'withdrawn')),
  secret    INTEGER,             -- until when the people concerned may not be told
  told      INTEGER,             -- when they were, after that
  words     BLOB                 -- what is never published, under a key of its own; NULL once ended
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
  person INTEGER,                -- NULL: by time
  what   TEXT NOT NULL,
  sealed BLOB
);
CREATE INDEX demand_step_demand ON demand_step (demand, seq);

-- What a demand is about, as it was named and as it was found.
CREATE TABLE demand_item (
  id      TEXT PRIMARY KEY,      -- under which the name is sealed
  demand  TEXT NOT NULL,
  place   INTEGER NOT NULL,
  record  INTEGER,               -- of a post that is known here
  subject BLOB,
  author  INTEGER,               -- token
  review  TEXT,                  -- the case
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

-- The programs that may use the doors. Of a key only its digest is kept.
CREATE TABLE platform_key (
  name    TEXT PRIMARY KEY,
  digest  BLOB NOT NULL UNIQUE,
  grants  TEXT NOT NULL,         -- JSON: sources, kinds, doors
  made    INTEGER NOT NULL,
  revoked INTEGER
);

CREATE TABLE licence (
  id     TEXT NOT NULL,
  kind   TEXT NOT NULL,          -- 'procedural', 'standing order', 'certificate'
  clause TEXT NOT NULL,
  rule   TEXT,
  hold   INTEGER,
  cap    INTEGER,
  since  INTEGER NOT NULL,       -- seq
  ended  INTEGER,                -- seq
  version TEXT,                  -- of a certificate: the rule's
  level  INTEGER NOT NULL DEFAULT 0,  -- the precision it proved, in permille
  until  INTEGER,                -- when it is over by itself
  PRIMARY KEY (id, since)
);

-- The public log. Derived files are made from it after commit and can be made again.
CREATE TABLE leaf (
  position INTEGER PRIMARY KEY,
  seq      INTEGER NOT NULL,
  entry    BLOB NOT NULL,
  hash     BLOB NOT NULL
);

-- Statements of reasons for the EU's transparency database, one for each decision that restricts,
-- in the order of the log. A `puid` follows from the decision (`filing.puid`), so no two are alike
-- and a store that is put back gives them again.
CREATE TABLE filing (
  leaf   INTEGER PRIMARY KEY,    -- the decision's
  puid   TEXT NOT NULL,
  made   INTEGER NOT NULL,
  state  TEXT NOT NULL DEFAULT 'written' CHECK (state IN ('written', 'sending', 'taken', 'refused')),
  done   INTEGER,                -- when it reached its state
  detail TEXT NOT NULL DEFAULT ''  -- of a refused one: which fields, never what they say
);
CREATE INDEX filing_state ON filing (state, leaf);
CREATE INDEX journal_flags ON journal (recv) WHERE type = 'flag.created';
CREATE TRIGGER filing_stays BEFORE DELETE ON filing
BEGIN
  SELECT raise(ABORT, 'what was filed stands');
END;
CREATE TRIGGER filing_keeps_its_name BEFORE UPDATE OF puid, leaf ON filing
BEGIN
  SELECT raise(ABORT, 'a puid is given once');
END;
-- Decisions as public files need them, without their seals.
CREATE INDEX decision_unsealed ON decision (leaf, id, seq, time, timeline, clause, rule, by_role, action,
                                            licence, until, about, target, content, lang, origin, found,
                                            ended, undone_by);

-- Runs over the past: what was asked and what was counted, without a person. Their lines in the
-- public log commit to the record under the salt.
CREATE TABLE run (
  id     TEXT PRIMARY KEY,
  leaf   INTEGER NOT NULL UNIQUE,
  made   INTEGER NOT NULL,
  kind   TEXT NOT NULL,          -- changes.RUNS
  salt   BLOB NOT NULL,
  record TEXT NOT NULL,          -- canonical JSON
  person INTEGER                 -- the token of who asked for it; NULL in those of earlier programs
);

-- How many live events each version of a rule on watch has hit, and when the first one was counted.
CREATE TABLE watch_hit (
  rule    TEXT NOT NULL,
  version TEXT NOT NULL,
  hits    INTEGER NOT NULL,
  first   INTEGER NOT NULL,
  PRIMARY KEY (rule, version)
) WITHOUT ROWID;

-- Rules that have a summary instead of their text, and up to which record the texts of those stay
-- back that had one when they went.
CREATE TABLE summarised (
  rule TEXT PRIMARY KEY,
  had  INTEGER NOT NULL,         -- whether it had one when last looked
  until INTEGER NOT NULL         -- -1: it did not go with one
) WITHOUT ROWID;

-- Contents by digest: lists and models as they were when a configuration was activated.
CREATE TABLE content (
  digest TEXT PRIMARY KEY,
  bytes  BLOB NOT NULL
);

-- Entries put into a new window from the past when its configuration was activated.
CREATE TABLE filling (
  activation INTEGER NOT NULL,
  window     INTEGER NOT NULL,
  timeline   TEXT    NOT NULL,
  seq        INTEGER NOT NULL,
  place      INTEGER NOT NULL,
  key        INTEGER NOT NULL,
  value      INTEGER NOT NULL
);
CREATE INDEX filling_activation ON filling (activation);

-- What the entries of lists have done: beside the verdicts, never part of them (`track.py`).
CREATE TABLE list_record (
  list   TEXT    NOT NULL,
  entry  TEXT    NOT NULL,       -- its key
  undone INTEGER NOT NULL DEFAULT 0,  -- decisions that were undone
  track  BLOB    NOT NULL,       -- msgpack
  PRIMARY KEY (list, entry)
) WITHOUT ROWID;

-- What one person wants gone from a list and a second one has to ask for too, since it lets people off.
CREATE TABLE list_going (
  list   TEXT    NOT NULL,
  entry  TEXT    NOT NULL,       -- its key
  do     TEXT    NOT NULL,
  person INTEGER NOT NULL,       -- token
  until  INTEGER NOT NULL,
  PRIMARY KEY (list, entry, do)
) WITHOUT ROWID;

-- What was done to each list up to a record, so that a start need not go through all of it again.
-- It follows from the journal, which alone is gone by where this is not there.
CREATE TABLE list_state (
  list     TEXT PRIMARY KEY,
  seq      INTEGER NOT NULL,     -- of the last change that is in it
  imported INTEGER NOT NULL,
  state    BLOB    NOT NULL      -- msgpack
);

-- The entries that a decision rests on.
CREATE TABLE list_match (
  decision TEXT NOT NULL,
  list     TEXT NOT NULL,
  entry    TEXT NOT NULL,
  PRIMARY KEY (decision, list, entry)
) WITHOUT ROWID;
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

CREATE TABLE history (
  timeline TEXT    NOT NULL,
  account  INTEGER NOT NULL,
  first    INTEGER NOT NULL,
  last     INTEGER NOT NULL,
  accepted INTEGER NOT NULL,
  PRIMARY KEY (timeline, account)
) WITHOUT ROWID;

CREATE TABLE stream (
  timeline TEXT NOT NULL,
  source   TEXT NOT NULL,
  place    INTEGER NOT NULL,
  PRIMARY KEY (timeline, source)
) WITHOUT ROWID;

-- One row: where everything stands. Every commit checks and moves it.
CREATE TABLE head (
  one       INTEGER PRIMARY KEY CHECK (one = 1),
  version   INTEGER NOT NULL,    -- of this schema
  epoch     INTEGER NOT NULL,    -- of the writer: a later writer fences off an earlier one
  seq       INTEGER NOT NULL,
  recv      INTEGER NOT NULL,
  config    INTEGER NOT NULL,
  leaves    INTEGER NOT NULL,
  frontier  BLOB    NOT NULL,
  origin    TEXT    NOT NULL,
  published INTEGER NOT NULL DEFAULT 0,  -- size of the last published checkpoint
  root      BLOB,                        -- and its root
  seen      INTEGER NOT NULL DEFAULT 0,  -- when an engine last went by the machine's clock
  salted    INTEGER NOT NULL DEFAULT 0   -- the first line of the log whose salt can be made again
);

-- What was signed of the public log: the latest checkpoint as it is published, with the
-- cosignatures it has by now, and the last one that a quorum of witnesses confirmed.
CREATE TABLE signed_head (
  kind      TEXT PRIMARY KEY CHECK (kind IN ('latest', 'attested')),
  size      INTEGER NOT NULL,
  note      BLOB    NOT NULL,
  witnesses TEXT    NOT NULL   -- who confirmed it, as people are told
) WITHOUT ROWID;

-- How the log came from key to key, or from an older log: notes that both keys signed, in order.
CREATE TABLE handover (
  number INTEGER PRIMARY KEY,
  leaf   INTEGER NOT NULL,
  note   BLOB    NOT NULL,
  salt   BLOB    NOT NULL
);

-- What became of asking each witness the last time, and how much of the log it has confirmed.
CREATE TABLE witness (
  name   TEXT PRIMARY KEY,
  size   INTEGER NOT NULL,
  state  TEXT    NOT NULL,
  asked  INTEGER NOT NULL,
  detail TEXT    NOT NULL
) WITHOUT ROWID;
