-- Beacon's schema on SQLite; migrations/postgres holds the same tables in PostgreSQL's words.
-- Times are RFC 3339 UTC text of 27 characters, so that they sort; ids are 16-byte UUIDs; bodies are JSON text.

CREATE TABLE agency (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name        TEXT NOT NULL,
  name_key    TEXT NOT NULL UNIQUE,
  kind        TEXT NOT NULL,
  contact     TEXT,
  created_at  TEXT NOT NULL CHECK (length(created_at) = 27)
) STRICT;

CREATE TABLE officer (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id    BLOB NOT NULL REFERENCES agency (id),
  name         TEXT NOT NULL,
  name_key     TEXT NOT NULL,
  role         TEXT NOT NULL,
  created_at   TEXT NOT NULL CHECK (length(created_at) = 27),
  suspended_at TEXT CHECK (length(suspended_at) = 27),
  UNIQUE (agency_id, name_key)
) STRICT;

CREATE TABLE api_token (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  officer_id   BLOB NOT NULL REFERENCES officer (id),
  hash         BLOB NOT NULL UNIQUE CHECK (length(hash) = 32),
  created_at   TEXT NOT NULL CHECK (length(created_at) = 27),
  expires_at   TEXT CHECK (length(expires_at) = 27),
  revoked_at   TEXT CHECK (length(revoked_at) = 27)
) STRICT;

-- Agencies that share under one agreement. Each agency entered joins the only one there is, unless it is told otherwise.
CREATE TABLE partnership (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  name       TEXT NOT NULL,
  name_key   TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL CHECK (length(created_at) = 27)
) STRICT;
INSERT INTO partnership VALUES (x'00000000000070008000000000000001', 'Partnership', 'partnership', '1970-01-01T00:00:00.000000Z');

CREATE TABLE membership (
  partnership_id BLOB NOT NULL REFERENCES partnership (id),
  agency_id      BLOB NOT NULL REFERENCES agency (id),
  from_at        TEXT NOT NULL CHECK (length(from_at) = 27),
  until_at       TEXT CHECK (length(until_at) = 27),
  PRIMARY KEY (partnership_id, agency_id, from_at)
) STRICT;

-- An officer who acts for another agency for a while.
CREATE TABLE secondment (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  officer_id  BLOB NOT NULL REFERENCES officer (id),
  home_id     BLOB NOT NULL REFERENCES agency (id),
  host_id     BLOB NOT NULL REFERENCES agency (id),
  role        TEXT NOT NULL,
  sensitive   INTEGER NOT NULL,
  from_at     TEXT NOT NULL CHECK (length(from_at) = 27),
  until_at    TEXT NOT NULL CHECK (length(until_at) = 27),
  approved_by BLOB NOT NULL,
  approved_at TEXT NOT NULL CHECK (length(approved_at) = 27),
  ended_at    TEXT CHECK (length(ended_at) = 27)
) STRICT;

-- One row, counted up with every change of who stands where: what is remembered of it is asked for anew.
CREATE TABLE standing (version INTEGER NOT NULL) STRICT;
INSERT INTO standing VALUES (1);

-- A label never changes once written; a record whose sharing changes points to another.
CREATE TABLE access_label (
  id   INTEGER PRIMARY KEY,
  body TEXT NOT NULL UNIQUE
) STRICT;

-- The current version; officer_id and agency_id are who wrote it, at and request_id when and in which request.
CREATE TABLE incident (
  id                  BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  reference           TEXT NOT NULL UNIQUE,
  version             INTEGER NOT NULL,
  label_id            INTEGER NOT NULL REFERENCES access_label (id),
  owning_agency_id    BLOB NOT NULL REFERENCES agency (id),
  recording_agency_id BLOB NOT NULL REFERENCES agency (id),
  status              TEXT NOT NULL,
  first_day           INTEGER NOT NULL,
  last_day            INTEGER NOT NULL,
  types               INTEGER NOT NULL,
  easting             REAL,
  northing            REAL,
  event_id            BLOB CHECK (length(event_id) = 16),
  at                  TEXT NOT NULL CHECK (length(at) = 27),
  officer_id          BLOB NOT NULL,
  agency_id           BLOB NOT NULL,
  request_id          TEXT NOT NULL,
  body                TEXT NOT NULL
) STRICT;
CREATE INDEX incident_by_day ON incident (first_day, id);

-- The versions before the current one.
CREATE TABLE incident_version (
  incident_id BLOB NOT NULL CHECK (length(incident_id) = 16),
  version     INTEGER NOT NULL,
  at          TEXT NOT NULL CHECK (length(at) = 27),
  officer_id  BLOB NOT NULL,
  agency_id   BLOB NOT NULL,
  request_id  TEXT NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (incident_id, version)
) STRICT;

-- Derived from the incident's body in the same transaction: which people it names.
CREATE TABLE mention (
  id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  incident_id    BLOB NOT NULL REFERENCES incident (id),
  label_id       INTEGER NOT NULL REFERENCES access_label (id),
  same_person_as BLOB CHECK (length(same_person_as) = 16)
) STRICT;
CREATE INDEX mention_by_incident ON mention (incident_id);
CREATE INDEX mention_by_person ON mention (same_person_as) WHERE same_person_as IS NOT NULL;

-- Derived likewise: what a place look-up compares, in the order of its answer.
CREATE TABLE place_key (
  incident_id BLOB NOT NULL REFERENCES incident (id),
  kind        TEXT NOT NULL,
  value       TEXT NOT NULL,
  first_day   INTEGER NOT NULL,
  hidden      INTEGER NOT NULL,
  PRIMARY KEY (kind, value, first_day, incident_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX place_key_by_incident ON place_key (incident_id);

CREATE TABLE duplicate_link (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  first_id   BLOB NOT NULL REFERENCES incident (id),
  second_id  BLOB NOT NULL REFERENCES incident (id),
  officer_id BLOB NOT NULL,
  agency_id  BLOB NOT NULL,
  linked_at  TEXT NOT NULL CHECK (length(linked_at) = 27),
  removed_at TEXT CHECK (length(removed_at) = 27),
  removed_by BLOB
) STRICT;
CREATE INDEX duplicate_link_by_first ON duplicate_link (first_id);
CREATE INDEX duplicate_link_by_second ON duplicate_link (second_id);

CREATE TABLE change_log (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  incident_id BLOB NOT NULL CHECK (length(incident_id) = 16),
  version     INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
  seq               INTEGER PRIMARY KEY AUTOINCREMENT,
  at                TEXT NOT NULL CHECK (length(at) = 27),
  officer_id        BLOB NOT NULL CHECK (length(officer_id) = 16),
  agency_id         BLOB NOT NULL CHECK (length(agency_id) = 16),
  operation         TEXT NOT NULL,
  action            TEXT NOT NULL,
  records           TEXT NOT NULL,
  purpose           TEXT,
  purpose_reference TEXT,
  outcome           TEXT NOT NULL,
  request_id        TEXT NOT NULL,
  detail            TEXT
) STRICT;

CREATE TABLE idempotency_key (
  officer_id   BLOB NOT NULL CHECK (length(officer_id) = 16),
  agency_id    BLOB NOT NULL CHECK (length(agency_id) = 16),
  operation    TEXT NOT NULL,
  key          TEXT NOT NULL,
  request_hash BLOB NOT NULL CHECK (length(request_hash) = 32),
  resource_id  BLOB NOT NULL CHECK (length(resource_id) = 16),
  at           TEXT NOT NULL CHECK (length(at) = 27),
  PRIMARY KEY (officer_id, agency_id, operation, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_key_by_time ON idempotency_key (at);

CREATE TABLE intake (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  reference  TEXT NOT NULL UNIQUE,
  officer_id BLOB NOT NULL,
  agency_id  BLOB NOT NULL,
  note       TEXT,
  opened_at  TEXT NOT NULL CHECK (length(opened_at) = 27),
  expires_at TEXT NOT NULL CHECK (length(expires_at) = 27)
) STRICT;

CREATE TABLE marker (
  id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id     BLOB NOT NULL,
  label_id      INTEGER NOT NULL REFERENCES access_label (id),
  subject_kind  TEXT NOT NULL,
  subject_value TEXT NOT NULL,
  ended_at      TEXT CHECK (length(ended_at) = 27),
  body          TEXT NOT NULL
) STRICT;
CREATE INDEX marker_by_subject ON marker (subject_kind, subject_value);

CREATE TABLE area (
  id      BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind    TEXT NOT NULL,
  code    TEXT NOT NULL,
  name    TEXT NOT NULL,
  polygon TEXT NOT NULL,
  UNIQUE (kind, code)
) STRICT;

CREATE TABLE postcode (
  postcode TEXT NOT NULL PRIMARY KEY,
  quality  INTEGER NOT NULL,
  easting  REAL NOT NULL,
  northing REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE import_run (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  officer_id  BLOB NOT NULL,
  agency_id   BLOB NOT NULL,
  kind        TEXT NOT NULL,
  file        TEXT NOT NULL,
  started_at  TEXT NOT NULL CHECK (length(started_at) = 27),
  finished_at TEXT CHECK (length(finished_at) = 27),
  figures     TEXT NOT NULL
) STRICT;
