-- Rows for the stories from before migration 037. From that migration on, triggers make and change the rows, so each
-- statement can run while stories change.
-- transaction: none
SET lock_timeout = '500ms';

INSERT INTO reference.listed_stories SELECT n.*
  FROM reference.listings(ARRAY(SELECT s.id FROM reference.stories s WHERE s.visibility = 'public')) n ORDER BY n.published_at
  ON CONFLICT DO NOTHING;

-- Stories that were archived during the first statement.
DELETE FROM reference.listed_stories l
  WHERE NOT EXISTS (SELECT FROM reference.stories s WHERE s.id = l.id AND s.visibility = 'public');
