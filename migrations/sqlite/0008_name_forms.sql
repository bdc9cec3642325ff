-- Other forms of names that a partnership uses, beside the tables of nicknames: two words each, which name nobody in particular.
CREATE TABLE name_form (
  id             BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  partnership_id BLOB NOT NULL REFERENCES partnership (id),
  name           TEXT NOT NULL,
  form           TEXT NOT NULL,
  officer_id     BLOB NOT NULL REFERENCES officer (id),
  entered_at     TEXT NOT NULL CHECK (length(entered_at) = 27),
  withdrawn_at   TEXT CHECK (length(withdrawn_at) = 27),
  withdrawn_by   BLOB
) STRICT;
