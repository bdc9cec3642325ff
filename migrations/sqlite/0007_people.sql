-- Two mentions an officer has decided on: one person, or two. Kept when undone. No reason in words: what a decision rests on is
-- a word of a list, so that nothing here names anybody.
CREATE TABLE person_link (
  id        BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  first_id  BLOB NOT NULL CHECK (length(first_id) = 16),
  second_id BLOB NOT NULL CHECK (length(second_id) = 16),
  decision  TEXT NOT NULL,
  grounds   TEXT NOT NULL,
  undone_at      TEXT CHECK (length(undone_at) = 27),
  undone_by      BLOB,
  undone_agency  BLOB
) STRICT;
CREATE INDEX person_link_by_first ON person_link (first_id);
CREATE INDEX person_link_by_second ON person_link (second_id);

-- Who decided it, and who of other agencies agreed.
CREATE TABLE person_link_agreement (
  link_id    BLOB NOT NULL REFERENCES person_link (id),
  agency_id  BLOB NOT NULL REFERENCES agency (id),
  officer_id BLOB NOT NULL REFERENCES officer (id),
  agreed_at  TEXT NOT NULL CHECK (length(agreed_at) = 27),
  PRIMARY KEY (link_id, agency_id)
) STRICT, WITHOUT ROWID;

-- Whom a person goes about with and what they drive, as an officer recorded it. Other is a mention, or a vehicle's involvement
-- in the incident.
CREATE TABLE association (
  id           BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  person_id    BLOB NOT NULL CHECK (length(person_id) = 16),
  other_id     BLOB NOT NULL CHECK (length(other_id) = 16),
  kind         TEXT NOT NULL,
  source       TEXT NOT NULL,
  incident_id  BLOB NOT NULL REFERENCES incident (id),
  on_day       TEXT NOT NULL,
  agency_id    BLOB NOT NULL REFERENCES agency (id),
  officer_id   BLOB NOT NULL REFERENCES officer (id),
  recorded_at  TEXT NOT NULL CHECK (length(recorded_at) = 27),
  withdrawn_at TEXT CHECK (length(withdrawn_at) = 27)
) STRICT;
CREATE INDEX association_by_person ON association (person_id);
CREATE INDEX association_by_other ON association (other_id);

-- A landlord's reference check: which one, on what basis, and what was answered. Nobody's name.
CREATE TABLE reference_check (
  id          BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  agency_id   BLOB NOT NULL REFERENCES agency (id),
  officer_id  BLOB NOT NULL REFERENCES officer (id),
  asked_at    TEXT NOT NULL CHECK (length(asked_at) = 27),
  basis       TEXT NOT NULL,
  answer      TEXT NOT NULL,
  disputed_at TEXT CHECK (length(disputed_at) = 27),
  disputed_by BLOB
) STRICT;
CREATE INDEX reference_check_by_agency ON reference_check (agency_id);

-- The review queue walks an agency's mentions, the latest first.
CREATE INDEX incident_by_owner ON incident (owning_agency_id, id);
