-- From schema 3 to schema 4: cases say which cluster of texts that are nearly the same they are about.

ALTER TABLE review_case ADD COLUMN cluster INTEGER;
CREATE INDEX case_cluster ON review_case (cluster) WHERE cluster IS NOT NULL;

UPDATE head SET version = 4;
