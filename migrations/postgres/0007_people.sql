-- Two mentions an officer has decided on: one person, or two. Kept when undone. No reason in words: what a decision rests on is
-- a word of a list, so that nothing here names anybody.
CREATE TABLE person_link (
  id        uuid NOT NULL PRIMARY KEY,
  first_id  uuid NOT NULL,
  second_id uuid NOT NULL,
  decision  text NOT NULL,
  grounds   text NOT NULL,
  undone_at      timestamptz,
  undone_by      uuid,
  undone_agency  uuid
);
CREATE INDEX person_link_by_first ON person_link (first_id);
CREATE INDEX person_link_by_second ON person_link (second_id);

-- Who decided it, and who of other agencies agreed.
CREATE TABLE person_link_agreement (
  link_id    uuid NOT NULL REFERENCES person_link (id),
  agency_id  uuid NOT NULL REFERENCES agency (id),
  officer_id uuid NOT NULL REFERENCES officer (id),
  agreed_at  timestamptz NOT NULL,
  PRIMARY KEY (link_id, agency_id)
);

-- Whom a person goes about with and what they drive, as an officer recorded it. Other is a mention, or a vehicle's involvement
-- in the incident.
CREATE TABLE association (
  id           uuid NOT NULL PRIMARY KEY,
  person_id    uuid NOT NULL,
  other_id     uuid NOT NULL,
  kind         text NOT NULL,
  source       text NOT NULL,
  incident_id  uuid NOT NULL REFERENCES incident (id),
  on_day       text NOT NULL,
  agency_id    uuid NOT NULL REFERENCES agency (id),
  officer_id   uuid NOT NULL REFERENCES officer (id),
  recorded_at  timestamptz NOT NULL,
  withdrawn_at timestamptz
);
CREATE INDEX association_by_person ON association (person_id);
CREATE INDEX association_by_other ON association (other_id);

-- A landlord's reference check: which one, on what basis, and what was answered. Nobody's name.
CREATE TABLE reference_check (
  id          uuid NOT NULL PRIMARY KEY,
  agency_id   uuid NOT NULL REFERENCES agency (id),
  officer_id  uuid NOT NULL REFERENCES officer (id),
  asked_at    timestamptz NOT NULL,
  basis       text NOT NULL,
  answer      text NOT NULL,
  disputed_at timestamptz,
  disputed_by uuid
);
CREATE INDEX reference_check_by_agency ON reference_check (agency_id);

-- The review queue walks an agency's mentions, the latest first.
CREATE INDEX incident_by_owner ON incident (owning_agency_id, id);
