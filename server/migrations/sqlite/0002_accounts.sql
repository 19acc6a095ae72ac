CREATE TABLE account (
  id            INTEGER PRIMARY KEY,
  username      TEXT NOT NULL UNIQUE,
  password_hash TEXT NOT NULL,
  display_name  TEXT NOT NULL,
  avatar        TEXT,
  bio           TEXT NOT NULL DEFAULT '',
  status        TEXT NOT NULL DEFAULT 'online',
  status_text   TEXT NOT NULL DEFAULT '',
  state         TEXT NOT NULL CHECK (state IN ('active', 'waiting', 'suspended', 'deleted')),
  admin         INTEGER NOT NULL DEFAULT 0,
  owner         INTEGER NOT NULL DEFAULT 0,
  knock         TEXT,                 -- what was said when knocking
  knock_invite  TEXT,                 -- the invite brought along, used on approval
  ticket_hash   BLOB,                -- of the ticket that becomes the log-in
  created_at    INTEGER NOT NULL,
  last_seen_at  INTEGER
) STRICT;
CREATE UNIQUE INDEX account_owner ON account (owner) WHERE owner = 1;

CREATE TABLE login (
  id               INTEGER PRIMARY KEY,
  account_id       INTEGER NOT NULL REFERENCES account (id),
  device           TEXT NOT NULL,
  address          TEXT NOT NULL,
  created_at       INTEGER NOT NULL,
  last_used_at     INTEGER NOT NULL,
  expires_at       INTEGER NOT NULL,
  refresh_hash     BLOB NOT NULL,    -- of the token that is good now
  previous_hash    BLOB,             -- of the token it was exchanged for,
  previous_attempt BLOB              -- and of the mark of that exchange
) STRICT;
CREATE INDEX login_account ON login (account_id);

CREATE TABLE image (
  hash       TEXT PRIMARY KEY,
  mime       TEXT NOT NULL,
  bytes      BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
