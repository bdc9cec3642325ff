-- Made once for each database: a derived index that was built from another one is told apart by it.
CREATE TABLE database_identity (
  id TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;
INSERT INTO database_identity (id) VALUES (lower(hex(randomblob(16))));
