-- What opens or closes single records beside their sharing, and what people are told of it.

-- Releases, emergency access and blocks in force, as part of the label: JSON. Counted up with every change of it, so that
-- whoever follows tells a later state from an earlier one of the same version.
ALTER TABLE incident ADD COLUMN openings TEXT;
ALTER TABLE incident ADD COLUMN openings_version INTEGER NOT NULL DEFAULT 0;

-- A record given to an agency or officer beyond its sharing: the register of disclosures. Like the other registers it outlives
-- a record that is erased, of which it keeps the id.
CREATE TABLE record_release (
  id            BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  incident_id   BLOB NOT NULL,
  owner_id      BLOB NOT NULL REFERENCES agency (id),
  to_agency_id  BLOB REFERENCES agency (id),
  to_officer_id BLOB REFERENCES officer (id),
  grade         TEXT NOT NULL,
  basis         TEXT NOT NULL,
  conditions    TEXT,
  from_at       TEXT NOT NULL CHECK (length(from_at) = 27),
  until_at      TEXT NOT NULL CHECK (length(until_at) = 27),
  officer_id    BLOB NOT NULL,
  recorded_at   TEXT NOT NULL CHECK (length(recorded_at) = 27),
  revoked_at    TEXT CHECK (length(revoked_at) = 27),
  revoked_by    BLOB
) STRICT;
CREATE INDEX record_release_by_owner ON record_release (owner_id, recorded_at);
CREATE INDEX record_release_by_incident ON record_release (incident_id);

-- An officer closed out of one record.
CREATE TABLE block (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  incident_id BLOB NOT NULL REFERENCES incident (id),
  officer_id  BLOB NOT NULL REFERENCES officer (id),
  agency_id   BLOB NOT NULL,
  reason      TEXT NOT NULL,
  set_by      BLOB NOT NULL,
  set_at      TEXT NOT NULL CHECK (length(set_at) = 27),
  lifted_at   TEXT CHECK (length(lifted_at) = 27),
  lifted_by   BLOB
) STRICT;
CREATE INDEX block_by_incident ON block (incident_id);

-- One safeguarding lead, one person, 60 minutes.
CREATE TABLE emergency_access (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  officer_id BLOB NOT NULL REFERENCES officer (id),
  agency_id  BLOB NOT NULL REFERENCES agency (id),
  reason     TEXT NOT NULL,
  opened_at  TEXT NOT NULL CHECK (length(opened_at) = 27),
  until_at   TEXT NOT NULL CHECK (length(until_at) = 27)
) STRICT;
CREATE TABLE emergency_record (
  emergency_id BLOB NOT NULL REFERENCES emergency_access (id),
  incident_id  BLOB NOT NULL,
  owner_id     BLOB NOT NULL REFERENCES agency (id),
  PRIMARY KEY (emergency_id, incident_id)
) STRICT, WITHOUT ROWID;

-- What an officer has declared about themselves, family and homes.
CREATE TABLE declaration (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  officer_id   BLOB NOT NULL REFERENCES officer (id),
  agency_id    BLOB NOT NULL REFERENCES agency (id),
  body         TEXT NOT NULL,
  declared_at  TEXT NOT NULL CHECK (length(declared_at) = 27),
  withdrawn_at TEXT CHECK (length(withdrawn_at) = 27)
) STRICT;
CREATE INDEX declaration_by_officer ON declaration (officer_id);

-- What somebody has to be told: a role of an agency, or one officer. Once for each subject and day.
CREATE TABLE notice (
  id         BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind       TEXT NOT NULL,
  agency_id  BLOB NOT NULL,
  role       TEXT,
  officer_id BLOB,
  about_id   BLOB,
  record_id  BLOB,
  at         TEXT NOT NULL CHECK (length(at) = 27),
  seen_at    TEXT CHECK (length(seen_at) = 27),
  seen_by    BLOB,
  once       TEXT NOT NULL UNIQUE
) STRICT;
CREATE INDEX notice_by_agency ON notice (agency_id, at);

-- A question to the agency that holds a record, and its answer.
CREATE TABLE ask (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  from_agency  BLOB NOT NULL REFERENCES agency (id),
  from_officer BLOB NOT NULL REFERENCES officer (id),
  to_agency    BLOB NOT NULL REFERENCES agency (id),
  incident_id  BLOB,
  body         TEXT NOT NULL,
  asked_at     TEXT NOT NULL CHECK (length(asked_at) = 27),
  answer       TEXT,
  note         TEXT,
  answered_by  BLOB,
  answered_at  TEXT CHECK (length(answered_at) = 27)
) STRICT;
CREATE INDEX ask_by_asker ON ask (from_agency, asked_at);
CREATE INDEX ask_by_holder ON ask (to_agency, asked_at);

-- How an agency's new records of a class are shared unless the officer says otherwise: its part of the sharing agreement.
CREATE TABLE sharing_agreement (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id   BLOB NOT NULL REFERENCES agency (id),
  class       TEXT NOT NULL,
  sharing     TEXT NOT NULL,
  basis       TEXT NOT NULL,
  document    TEXT,
  review_at   TEXT NOT NULL CHECK (length(review_at) = 27),
  officer_id  BLOB NOT NULL,
  recorded_at TEXT NOT NULL CHECK (length(recorded_at) = 27),
  ended_at    TEXT CHECK (length(ended_at) = 27)
) STRICT;

-- Where a piece of intelligence comes from: apart from it, for the named roles of the force that owns it.
CREATE TABLE intelligence_source (
  incident_id BLOB NOT NULL PRIMARY KEY REFERENCES incident (id),
  body        TEXT NOT NULL,
  officer_id  BLOB NOT NULL,
  recorded_at TEXT NOT NULL CHECK (length(recorded_at) = 27)
) STRICT;

-- The incident an intake led to; without one it is unfinished.
ALTER TABLE intake ADD COLUMN incident_id BLOB CHECK (length(incident_id) = 16);
CREATE INDEX intake_by_agency ON intake (agency_id, opened_at);
