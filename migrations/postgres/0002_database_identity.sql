-- Made once for each database: a derived index that was built from another one is told apart by it.
CREATE TABLE database_identity (
  id text NOT NULL PRIMARY KEY
);
INSERT INTO database_identity (id) VALUES (replace(gen_random_uuid()::text, '-', ''));
