-- Data protection: what was erased (never the content), and what was proposed and decided about free text.

-- One row, counted up with every erasure: a name index built before is built anew in another folder, since it keeps erased words.
CREATE TABLE erasure_epoch (number INTEGER NOT NULL) STRICT;
INSERT INTO erasure_epoch VALUES (0);

CREATE TABLE erasure (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id  BLOB NOT NULL REFERENCES agency (id),
  officer_id BLOB NOT NULL,
  at         TEXT NOT NULL CHECK (length(at) = 27),
  kind       TEXT NOT NULL,
  basis      TEXT NOT NULL,
  reason     TEXT NOT NULL,
  incidents  TEXT NOT NULL,
  people     TEXT NOT NULL,
  erased     TEXT NOT NULL
) STRICT;

-- Where free text may still name somebody erased: places and lengths in it, no words.
CREATE TABLE erasure_proposal (
  erasure_id  BLOB NOT NULL REFERENCES erasure (id),
  number      INTEGER NOT NULL,
  record_kind TEXT NOT NULL,
  record_id   BLOB NOT NULL CHECK (length(record_id) = 16),
  pointer     TEXT NOT NULL,
  versions    TEXT NOT NULL,
  spans       TEXT NOT NULL,
  decision    TEXT,
  reason      TEXT,
  decided_by  BLOB CHECK (length(decided_by) = 16),
  decided_at  TEXT CHECK (length(decided_at) = 27),
  PRIMARY KEY (erasure_id, number)
) STRICT;
CREATE INDEX erasure_proposal_by_record ON erasure_proposal (record_id);

-- What was put right: where in every version, and until a day what was wrong, for data protection officers alone.
CREATE TABLE rectification (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id   BLOB NOT NULL REFERENCES agency (id),
  officer_id  BLOB NOT NULL,
  at          TEXT NOT NULL CHECK (length(at) = 27),
  incident_id BLOB NOT NULL CHECK (length(incident_id) = 16),
  pointer     TEXT NOT NULL,
  reason      TEXT NOT NULL,
  old         TEXT,
  kept_until  TEXT NOT NULL CHECK (length(kept_until) = 27),
  edits       TEXT NOT NULL
) STRICT;
CREATE INDEX rectification_by_incident ON rectification (incident_id);

-- How long an agency keeps a class of records; what it has not set goes by the default.
CREATE TABLE retention_schedule (
  agency_id  BLOB NOT NULL REFERENCES agency (id),
  class      TEXT NOT NULL,
  children   INTEGER NOT NULL,
  months     INTEGER NOT NULL,
  officer_id BLOB NOT NULL,
  at         TEXT NOT NULL CHECK (length(at) = 27),
  PRIMARY KEY (agency_id, class, children)
) STRICT;

-- What was decided about records that were due, kept when they are gone.
CREATE TABLE retention_decision (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id   BLOB NOT NULL REFERENCES agency (id),
  officer_id  BLOB NOT NULL,
  at          TEXT NOT NULL CHECK (length(at) = 27),
  incident_id BLOB NOT NULL CHECK (length(incident_id) = 16),
  decision    TEXT NOT NULL,
  reason      TEXT NOT NULL,
  next_review TEXT,
  erasure_id  BLOB CHECK (length(erasure_id) = 16)
) STRICT;
CREATE INDEX retention_decision_by_incident ON retention_decision (incident_id);

-- A person asks what is held on them: which mentions they are, and until when they are to be answered.
CREATE TABLE subject_request (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id   BLOB NOT NULL REFERENCES agency (id),
  officer_id  BLOB NOT NULL,
  opened_at   TEXT NOT NULL CHECK (length(opened_at) = 27),
  people      TEXT NOT NULL,
  received    TEXT NOT NULL,
  due         TEXT NOT NULL,
  released_at TEXT CHECK (length(released_at) = 27),
  released_by BLOB CHECK (length(released_by) = 16)
) STRICT;

-- The lines of the draft: where each stands and what was decided, never what it says.
CREATE TABLE subject_line (
  request_id  BLOB NOT NULL REFERENCES subject_request (id),
  number      INTEGER NOT NULL,
  record_kind TEXT NOT NULL,
  record_id   BLOB NOT NULL CHECK (length(record_id) = 16),
  version     INTEGER NOT NULL,
  pointer     TEXT NOT NULL,
  marks       TEXT NOT NULL,
  decision    TEXT,
  spans       TEXT NOT NULL,
  exemption   TEXT,
  decided_by  BLOB CHECK (length(decided_by) = 16),
  decided_at  TEXT CHECK (length(decided_at) = 27),
  PRIMARY KEY (request_id, number)
) STRICT;
