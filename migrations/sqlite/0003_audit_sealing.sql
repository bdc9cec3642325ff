-- The audit ledger sealed: rows into a Merkle tree, its roots into signed checkpoints (docs/audit-ledger.md).

-- 32 random bytes made with the row, the first 16 once the payload is erased; what then stands for the payload.
ALTER TABLE audit ADD COLUMN salt BLOB CHECK (length(salt) IN (16, 32));
ALTER TABLE audit ADD COLUMN payload_commitment BLOB CHECK (length(payload_commitment) = 32);
UPDATE audit SET salt = randomblob(32);

-- What left the partnership.
CREATE INDEX audit_disclosure ON audit (agency_id, seq) WHERE operation = 'disclosure';

-- The keys that signed, in order; the statement is the old key's.
CREATE TABLE audit_key (
  number     INTEGER NOT NULL PRIMARY KEY,
  origin     TEXT NOT NULL,
  public_key BLOB NOT NULL CHECK (length(public_key) = 32),
  from_size  INTEGER NOT NULL,
  at         TEXT NOT NULL CHECK (length(at) = 27),
  statement  TEXT
) STRICT;

-- One row a checkpoint, with the leaves it added (number and hash of each row, 40 bytes).
CREATE TABLE audit_checkpoint (
  size        INTEGER NOT NULL PRIMARY KEY,
  at          TEXT NOT NULL CHECK (length(at) = 27),
  note        TEXT NOT NULL,
  cursor_txid INTEGER NOT NULL,
  cursor_seq  INTEGER NOT NULL,
  first_seq   INTEGER NOT NULL,
  leaves      BLOB NOT NULL
) STRICT;
CREATE INDEX audit_checkpoint_by_time ON audit_checkpoint (at, first_seq);

-- Which rows name a record, written as they are sealed.
CREATE TABLE audit_record (
  record_id BLOB NOT NULL CHECK (length(record_id) = 16),
  seq       INTEGER NOT NULL,
  PRIMARY KEY (record_id, seq)
) STRICT, WITHOUT ROWID;
