-- Data protection: what was erased (never the content), and what was proposed and decided about free text.

-- One row, counted up with every erasure: a name index built before is built anew in another folder, since it keeps erased words.
CREATE TABLE erasure_epoch (number bigint NOT NULL);
INSERT INTO erasure_epoch VALUES (0);

CREATE TABLE erasure (
  id         uuid NOT NULL PRIMARY KEY,
  agency_id  uuid NOT NULL REFERENCES agency (id),
  officer_id uuid NOT NULL,
  at         timestamptz NOT NULL,
  kind       text NOT NULL,
  basis      text NOT NULL,
  reason     text NOT NULL,
  incidents  text NOT NULL,
  people     text NOT NULL,
  erased     text NOT NULL
);

-- Where free text may still name somebody erased: places and lengths in it, no words.
CREATE TABLE erasure_proposal (
  erasure_id  uuid NOT NULL REFERENCES erasure (id),
  number      bigint NOT NULL,
  record_kind text NOT NULL,
  record_id   uuid NOT NULL,
  pointer     text NOT NULL,
  versions    text NOT NULL,
  spans       text NOT NULL,
  decision    text,
  reason      text,
  decided_by  uuid,
  decided_at  timestamptz,
  PRIMARY KEY (erasure_id, number)
);
CREATE INDEX erasure_proposal_by_record ON erasure_proposal (record_id);

-- What was put right: where in every version, and until a day what was wrong, for data protection officers alone.
CREATE TABLE rectification (
  id          uuid NOT NULL PRIMARY KEY,
  agency_id   uuid NOT NULL REFERENCES agency (id),
  officer_id  uuid NOT NULL,
  at          timestamptz NOT NULL,
  incident_id uuid NOT NULL,
  pointer     text NOT NULL,
  reason      text NOT NULL,
  old         text,
  kept_until  timestamptz NOT NULL,
  edits       text NOT NULL
);
CREATE INDEX rectification_by_incident ON rectification (incident_id);

-- How long an agency keeps a class of records; what it has not set goes by the default.
CREATE TABLE retention_schedule (
  agency_id  uuid NOT NULL REFERENCES agency (id),
  class      text NOT NULL,
  children   bigint NOT NULL,
  months     bigint NOT NULL,
  officer_id uuid NOT NULL,
  at         timestamptz NOT NULL,
  PRIMARY KEY (agency_id, class, children)
);

-- What was decided about records that were due, kept when they are gone.
CREATE TABLE retention_decision (
  id          uuid NOT NULL PRIMARY KEY,
  agency_id   uuid NOT NULL REFERENCES agency (id),
  officer_id  uuid NOT NULL,
  at          timestamptz NOT NULL,
  incident_id uuid NOT NULL,
  decision    text NOT NULL,
  reason      text NOT NULL,
  next_review text,
  erasure_id  uuid
);
CREATE INDEX retention_decision_by_incident ON retention_decision (incident_id);

-- A person asks what is held on them: which mentions they are, and until when they are to be answered.
CREATE TABLE subject_request (
  id          uuid NOT NULL PRIMARY KEY,
  agency_id   uuid NOT NULL REFERENCES agency (id),
  officer_id  uuid NOT NULL,
  opened_at   timestamptz NOT NULL,
  people      text NOT NULL,
  received    text NOT NULL,
  due         text NOT NULL,
  released_at timestamptz,
  released_by uuid
);

-- The lines of the draft: where each stands and what was decided, never what it says.
CREATE TABLE subject_line (
  request_id  uuid NOT NULL REFERENCES subject_request (id),
  number      bigint NOT NULL,
  record_kind text NOT NULL,
  record_id   uuid NOT NULL,
  version     bigint NOT NULL,
  pointer     text NOT NULL,
  marks       text NOT NULL,
  decision    text,
  spans       text NOT NULL,
  exemption   text,
  decided_by  uuid,
  decided_at  timestamptz,
  PRIMARY KEY (request_id, number)
);
