-- What opens or closes single records beside their sharing, and what people are told of it.

-- Releases, emergency access and blocks in force, as part of the label: JSON. Counted up with every change of it, so that
-- whoever follows tells a later state from an earlier one of the same version.
ALTER TABLE incident ADD COLUMN openings text;
ALTER TABLE incident ADD COLUMN openings_version bigint NOT NULL DEFAULT 0;

-- A record given to an agency or officer beyond its sharing: the register of disclosures. Like the other registers it outlives
-- a record that is erased, of which it keeps the id.
CREATE TABLE record_release (
  id            uuid NOT NULL PRIMARY KEY,
  incident_id   uuid NOT NULL,
  owner_id      uuid NOT NULL REFERENCES agency (id),
  to_agency_id  uuid REFERENCES agency (id),
  to_officer_id uuid REFERENCES officer (id),
  grade         text NOT NULL,
  basis         text NOT NULL,
  conditions    text,
  from_at       timestamptz NOT NULL,
  until_at      timestamptz NOT NULL,
  officer_id    uuid NOT NULL,
  recorded_at   timestamptz NOT NULL,
  revoked_at    timestamptz,
  revoked_by    uuid
);
CREATE INDEX record_release_by_owner ON record_release (owner_id, recorded_at);
CREATE INDEX record_release_by_incident ON record_release (incident_id);

-- An officer closed out of one record.
CREATE TABLE block (
  id          uuid NOT NULL PRIMARY KEY,
  incident_id uuid NOT NULL REFERENCES incident (id),
  officer_id  uuid NOT NULL REFERENCES officer (id),
  agency_id   uuid NOT NULL,
  reason      text NOT NULL,
  set_by      uuid NOT NULL,
  set_at      timestamptz NOT NULL,
  lifted_at   timestamptz,
  lifted_by   uuid
);
CREATE INDEX block_by_incident ON block (incident_id);

-- One safeguarding lead, one person, 60 minutes.
CREATE TABLE emergency_access (
  id         uuid NOT NULL PRIMARY KEY,
  officer_id uuid NOT NULL REFERENCES officer (id),
  agency_id  uuid NOT NULL REFERENCES agency (id),
  reason     text NOT NULL,
  opened_at  timestamptz NOT NULL,
  until_at   timestamptz NOT NULL
);
CREATE TABLE emergency_record (
  emergency_id uuid NOT NULL REFERENCES emergency_access (id),
  incident_id  uuid NOT NULL,
  owner_id     uuid NOT NULL REFERENCES agency (id),
  PRIMARY KEY (emergency_id, incident_id)
);

-- What an officer has declared about themselves, family and homes.
CREATE TABLE declaration (
  id           uuid NOT NULL PRIMARY KEY,
  officer_id   uuid NOT NULL REFERENCES officer (id),
  agency_id    uuid NOT NULL REFERENCES agency (id),
  body         text NOT NULL,
  declared_at  timestamptz NOT NULL,
  withdrawn_at timestamptz
);
CREATE INDEX declaration_by_officer ON declaration (officer_id);

-- What somebody has to be told: a role of an agency, or one officer. Once for each subject and day.
CREATE TABLE notice (
  id         uuid NOT NULL PRIMARY KEY,
  kind       text NOT NULL,
  agency_id  uuid NOT NULL,
  role       text,
  officer_id uuid,
  about_id   uuid,
  record_id  uuid,
  at         timestamptz NOT NULL,
  seen_at    timestamptz,
  seen_by    uuid,
  once       text NOT NULL UNIQUE
);
CREATE INDEX notice_by_agency ON notice (agency_id, at);

-- A question to the agency that holds a record, and its answer.
CREATE TABLE ask (
  id           uuid NOT NULL PRIMARY KEY,
  from_agency  uuid NOT NULL REFERENCES agency (id),
  from_officer uuid NOT NULL REFERENCES officer (id),
  to_agency    uuid NOT NULL REFERENCES agency (id),
  incident_id  uuid,
  body         text NOT NULL,
  asked_at     timestamptz NOT NULL,
  answer       text,
  note         text,
  answered_by  uuid,
  answered_at  timestamptz
);
CREATE INDEX ask_by_asker ON ask (from_agency, asked_at);
CREATE INDEX ask_by_holder ON ask (to_agency, asked_at);

-- How an agency's new records of a class are shared unless the officer says otherwise: its part of the sharing agreement.
CREATE TABLE sharing_agreement (
  id          uuid NOT NULL PRIMARY KEY,
  agency_id   uuid NOT NULL REFERENCES agency (id),
  class       text NOT NULL,
  sharing     text NOT NULL,
  basis       text NOT NULL,
  document    text,
  review_at   timestamptz NOT NULL,
  officer_id  uuid NOT NULL,
  recorded_at timestamptz NOT NULL,
  ended_at    timestamptz
);

-- Where a piece of intelligence comes from: apart from it, for the named roles of the force that owns it.
CREATE TABLE intelligence_source (
  incident_id uuid NOT NULL PRIMARY KEY REFERENCES incident (id),
  body        text NOT NULL,
  officer_id  uuid NOT NULL,
  recorded_at timestamptz NOT NULL
);

-- The incident an intake led to; without one it is unfinished.
ALTER TABLE intake ADD COLUMN incident_id uuid;
CREATE INDEX intake_by_agency ON intake (agency_id, opened_at);
