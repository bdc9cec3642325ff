-- Beacon's schema on PostgreSQL; migrations/sqlite holds the same tables in SQLite's words.
-- Bodies are JSON kept as text: the program reads them whole, and text is returned byte for byte.

CREATE TABLE agency (
  id          uuid NOT NULL PRIMARY KEY,
  name        text NOT NULL,
  name_key    text NOT NULL UNIQUE,
  kind        text NOT NULL,
  contact     text,
  created_at  timestamptz NOT NULL
);

CREATE TABLE officer (
  id           uuid NOT NULL PRIMARY KEY,
  agency_id    uuid NOT NULL REFERENCES agency (id),
  name         text NOT NULL,
  name_key     text NOT NULL,
  role         text NOT NULL,
  created_at   timestamptz NOT NULL,
  suspended_at timestamptz,
  UNIQUE (agency_id, name_key)
);

CREATE TABLE api_token (
  id           uuid NOT NULL PRIMARY KEY,
  officer_id   uuid NOT NULL REFERENCES officer (id),
  hash         bytea NOT NULL UNIQUE,
  created_at   timestamptz NOT NULL,
  expires_at   timestamptz,
  revoked_at   timestamptz
);

-- Agencies that share under one agreement. Each agency entered joins the only one there is, unless it is told otherwise.
CREATE TABLE partnership (
  id         uuid NOT NULL PRIMARY KEY,
  name       text NOT NULL,
  name_key   text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL
);
INSERT INTO partnership VALUES ('00000000-0000-7000-8000-000000000001', 'Partnership', 'partnership', '1970-01-01T00:00:00Z');

CREATE TABLE membership (
  partnership_id uuid NOT NULL REFERENCES partnership (id),
  agency_id      uuid NOT NULL REFERENCES agency (id),
  from_at        timestamptz NOT NULL,
  until_at       timestamptz,
  PRIMARY KEY (partnership_id, agency_id, from_at)
);

-- An officer who acts for another agency for a while.
CREATE TABLE secondment (
  id          uuid NOT NULL PRIMARY KEY,
  officer_id  uuid NOT NULL REFERENCES officer (id),
  home_id     uuid NOT NULL REFERENCES agency (id),
  host_id     uuid NOT NULL REFERENCES agency (id),
  role        text NOT NULL,
  sensitive   bigint NOT NULL,
  from_at     timestamptz NOT NULL,
  until_at    timestamptz NOT NULL,
  approved_by uuid NOT NULL,
  approved_at timestamptz NOT NULL,
  ended_at    timestamptz
);

-- One row, counted up with every change of who stands where: what is remembered of it is asked for anew.
CREATE TABLE standing (version bigint NOT NULL);
INSERT INTO standing VALUES (1);

-- A label never changes once written; a record whose sharing changes points to another.
CREATE TABLE access_label (
  id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  body text NOT NULL UNIQUE
);

-- The current version; officer_id and agency_id are who wrote it, at and request_id when and in which request.
CREATE TABLE incident (
  id                  uuid NOT NULL PRIMARY KEY,
  reference           text NOT NULL UNIQUE,
  version             bigint NOT NULL,
  label_id            bigint NOT NULL REFERENCES access_label (id),
  owning_agency_id    uuid NOT NULL REFERENCES agency (id),
  recording_agency_id uuid NOT NULL REFERENCES agency (id),
  status              text NOT NULL,
  first_day           bigint NOT NULL,
  last_day            bigint NOT NULL,
  types               bigint NOT NULL,
  easting             double precision,
  northing            double precision,
  event_id            uuid,
  at                  timestamptz NOT NULL,
  officer_id          uuid NOT NULL,
  agency_id           uuid NOT NULL,
  request_id          text NOT NULL,
  body                text NOT NULL
);
CREATE INDEX incident_by_day ON incident (first_day, id);

-- The versions before the current one.
CREATE TABLE incident_version (
  incident_id uuid NOT NULL,
  version     bigint NOT NULL,
  at          timestamptz NOT NULL,
  officer_id  uuid NOT NULL,
  agency_id   uuid NOT NULL,
  request_id  text NOT NULL,
  body        text NOT NULL,
  PRIMARY KEY (incident_id, version)
);

-- Derived from the incident's body in the same transaction: which people it names.
CREATE TABLE mention (
  id             uuid NOT NULL PRIMARY KEY,
  incident_id    uuid NOT NULL REFERENCES incident (id),
  label_id       bigint NOT NULL REFERENCES access_label (id),
  same_person_as uuid
);
CREATE INDEX mention_by_incident ON mention (incident_id);
CREATE INDEX mention_by_person ON mention (same_person_as) WHERE same_person_as IS NOT NULL;

-- Derived likewise: what a place look-up compares, in the order of its answer.
CREATE TABLE place_key (
  incident_id uuid NOT NULL REFERENCES incident (id),
  kind        text NOT NULL,
  value       text NOT NULL,
  first_day   bigint NOT NULL,
  hidden      bigint NOT NULL,
  PRIMARY KEY (kind, value, first_day, incident_id)
);
CREATE INDEX place_key_by_incident ON place_key (incident_id);

CREATE TABLE duplicate_link (
  id         uuid NOT NULL PRIMARY KEY,
  first_id   uuid NOT NULL REFERENCES incident (id),
  second_id  uuid NOT NULL REFERENCES incident (id),
  officer_id uuid NOT NULL,
  agency_id  uuid NOT NULL,
  linked_at  timestamptz NOT NULL,
  removed_at timestamptz,
  removed_by uuid
);
CREATE INDEX duplicate_link_by_first ON duplicate_link (first_id);
CREATE INDEX duplicate_link_by_second ON duplicate_link (second_id);

CREATE TABLE change_log (
  seq         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  incident_id uuid NOT NULL,
  version     bigint NOT NULL
);

CREATE INDEX change_log_by_txid ON change_log (txid, seq);

CREATE TABLE audit (
  seq               bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
  at                timestamptz NOT NULL,
  officer_id        uuid NOT NULL,
  agency_id         uuid NOT NULL,
  operation         text NOT NULL,
  action            text NOT NULL,
  records           text NOT NULL,
  purpose           text,
  purpose_reference text,
  outcome           text NOT NULL,
  request_id        text NOT NULL,
  detail            text
);

CREATE TABLE idempotency_key (
  officer_id   uuid NOT NULL,
  agency_id    uuid NOT NULL,
  operation    text NOT NULL,
  key          text NOT NULL,
  request_hash bytea NOT NULL,
  resource_id  uuid NOT NULL,
  at           timestamptz NOT NULL,
  PRIMARY KEY (officer_id, agency_id, operation, key)
);
CREATE INDEX idempotency_key_by_time ON idempotency_key (at);

CREATE TABLE intake (
  id         uuid NOT NULL PRIMARY KEY,
  reference  text NOT NULL UNIQUE,
  officer_id uuid NOT NULL,
  agency_id  uuid NOT NULL,
  note       text,
  opened_at  timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);

CREATE TABLE marker (
  id            uuid NOT NULL PRIMARY KEY,
  agency_id     uuid NOT NULL,
  label_id      bigint NOT NULL REFERENCES access_label (id),
  subject_kind  text NOT NULL,
  subject_value text NOT NULL,
  ended_at      timestamptz,
  body          text NOT NULL
);
CREATE INDEX marker_by_subject ON marker (subject_kind, subject_value);

CREATE TABLE area (
  id      uuid NOT NULL PRIMARY KEY,
  kind    text NOT NULL,
  code    text NOT NULL,
  name    text NOT NULL,
  polygon text NOT NULL,
  UNIQUE (kind, code)
);

CREATE TABLE postcode (
  postcode text NOT NULL PRIMARY KEY,
  quality  bigint NOT NULL,
  easting  double precision NOT NULL,
  northing double precision NOT NULL
);

CREATE TABLE import_run (
  id          uuid NOT NULL PRIMARY KEY,
  officer_id  uuid NOT NULL,
  agency_id   uuid NOT NULL,
  kind        text NOT NULL,
  file        text NOT NULL,
  started_at  timestamptz NOT NULL,
  finished_at timestamptz,
  figures     text NOT NULL
);
