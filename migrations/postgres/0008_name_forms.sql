-- Other forms of names that a partnership uses, beside the tables of nicknames: two words each, which name nobody in particular.
CREATE TABLE name_form (
  id             uuid NOT NULL PRIMARY KEY,
  partnership_id uuid NOT NULL REFERENCES partnership (id),
  name           text NOT NULL,
  form           text NOT NULL,
  officer_id     uuid NOT NULL REFERENCES officer (id),
  entered_at     timestamptz NOT NULL,
  withdrawn_at   timestamptz,
  withdrawn_by   uuid
);
