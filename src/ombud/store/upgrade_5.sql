-- From schema 4 to schema 5: people.

-- Certificates: a licence says which version it is bound to, what it proved and until when.
ALTER TABLE licence ADD COLUMN version TEXT;
ALTER TABLE licence ADD COLUMN level INTEGER NOT NULL DEFAULT 0;
ALTER TABLE licence ADD COLUMN until INTEGER;
CREATE INDEX journal_certificates ON journal (seq)
  WHERE type IN ('!population', '!draw', '!label', '!labelling', '!certificate', '!demotion',
                 '!config', '!erasure', '!undo');
CREATE INDEX decision_certified ON decision (leaf) WHERE substr(licence, 1, 11) = 'certificate';

UPDATE head SET version = 5;
