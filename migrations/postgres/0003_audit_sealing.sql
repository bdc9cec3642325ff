-- The audit ledger sealed: rows into a Merkle tree, its roots into signed checkpoints (docs/audit-ledger.md).

-- 32 random bytes made with the row, the first 16 once the payload is erased; what then stands for the payload.
ALTER TABLE audit ADD COLUMN salt bytea CHECK (length(salt) IN (16, 32));
ALTER TABLE audit ADD COLUMN payload_commitment bytea CHECK (length(payload_commitment) = 32);
UPDATE audit SET salt = uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid());

-- Rows are sealed in the order in which they were completed.
CREATE INDEX audit_by_txid ON audit (txid, seq);
-- What left the partnership.
CREATE INDEX audit_disclosure ON audit (agency_id, seq) WHERE operation = 'disclosure';

-- The keys that signed, in order; the statement is the old key's.
CREATE TABLE audit_key (
  number     bigint NOT NULL PRIMARY KEY,
  origin     text NOT NULL,
  public_key bytea NOT NULL CHECK (length(public_key) = 32),
  from_size  bigint NOT NULL,
  at         timestamptz NOT NULL,
  statement  text
);

-- One row a checkpoint, with the leaves it added (number and hash of each row, 40 bytes).
CREATE TABLE audit_checkpoint (
  size        bigint NOT NULL PRIMARY KEY,
  at          timestamptz NOT NULL,
  note        text NOT NULL,
  cursor_txid bigint NOT NULL,
  cursor_seq  bigint NOT NULL,
  first_seq   bigint NOT NULL,
  leaves      bytea NOT NULL
);
CREATE INDEX audit_checkpoint_by_time ON audit_checkpoint (at, first_seq);

-- Which rows name a record, written as they are sealed.
CREATE TABLE audit_record (
  record_id uuid NOT NULL,
  seq       bigint NOT NULL,
  PRIMARY KEY (record_id, seq)
);
