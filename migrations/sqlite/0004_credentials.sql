-- Everything somebody is let in by stands in one table, so that one question asks whether it is in force: API tokens,
-- sessions of people, access tokens of an identity provider. Only hashes are kept.
ALTER TABLE api_token RENAME TO credential;
ALTER TABLE credential ADD COLUMN kind TEXT NOT NULL DEFAULT 'api_token';
-- To the hour for tokens, to the minute for sessions: never a write for each request.
ALTER TABLE credential ADD COLUMN last_used_at TEXT CHECK (length(last_used_at) = 27);
-- A session that rests for so long is over.
ALTER TABLE credential ADD COLUMN idle_seconds INTEGER;
-- Of an identity provider: its issuer, the holder there, its session.
ALTER TABLE credential ADD COLUMN issuer TEXT;
ALTER TABLE credential ADD COLUMN subject TEXT;
ALTER TABLE credential ADD COLUMN provider_session TEXT;
CREATE INDEX credential_by_officer ON credential (officer_id);
-- An access token is entered once. Whoever spells its signature in another way does not get another credential: what was signed
-- stands here for its provider's session.
CREATE UNIQUE INDEX credential_by_access_token ON credential (issuer, provider_session) WHERE kind = 'access_token';
CREATE INDEX credential_by_subject ON credential (issuer, subject) WHERE issuer IS NOT NULL;

-- Officers who sign in with a user name and a password of ours.
CREATE TABLE local_account (
  officer_id    BLOB NOT NULL PRIMARY KEY REFERENCES officer (id),
  user_name     TEXT NOT NULL,
  user_key      TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  changed_at    TEXT NOT NULL CHECK (length(changed_at) = 27)
) STRICT;

-- Which officer somebody at an identity provider is: entered by an administrator, never by a claim.
CREATE TABLE officer_identity (
  issuer     TEXT NOT NULL,
  subject    TEXT NOT NULL,
  officer_id BLOB NOT NULL REFERENCES officer (id),
  linked_at  TEXT NOT NULL CHECK (length(linked_at) = 27),
  PRIMARY KEY (issuer, subject),
  UNIQUE (issuer, officer_id)
) STRICT;

-- Attempts to sign in that failed, counted by a bucket of the user name and of the address: too small a number to tell
-- what was typed, large enough that two officers hardly share one.
CREATE TABLE sign_in_failure (
  kind     TEXT NOT NULL,
  bucket   INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  last_at  TEXT NOT NULL CHECK (length(last_at) = 27),
  PRIMARY KEY (kind, bucket)
) STRICT, WITHOUT ROWID;

-- Logout tokens that were obeyed, until they end: none counts twice.
CREATE TABLE logout_token (
  issuer     TEXT NOT NULL,
  jti        TEXT NOT NULL,
  expires_at TEXT NOT NULL CHECK (length(expires_at) = 27),
  PRIMARY KEY (issuer, jti)
) STRICT, WITHOUT ROWID;
