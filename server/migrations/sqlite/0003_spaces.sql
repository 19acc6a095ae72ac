CREATE TABLE space (
  id          INTEGER PRIMARY KEY,
  name        TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  icon        TEXT,
  public      INTEGER NOT NULL DEFAULT 0,
  owner_id    INTEGER NOT NULL REFERENCES account (id)
) STRICT;

CREATE TABLE channel (
  id              INTEGER PRIMARY KEY,
  space_id        INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  kind            TEXT NOT NULL CHECK (kind IN ('text', 'voice', 'category')),
  name            TEXT NOT NULL,
  topic           TEXT NOT NULL DEFAULT '',
  parent_id       INTEGER REFERENCES channel (id),
  position        INTEGER NOT NULL,
  slow_mode_s     INTEGER NOT NULL DEFAULT 0,
  user_limit      INTEGER NOT NULL DEFAULT 0,
  last_message_id INTEGER,
  deleted_at      INTEGER
) STRICT;
CREATE INDEX channel_space ON channel (space_id);

CREATE TABLE role (
  id          INTEGER PRIMARY KEY,
  space_id    INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  name        TEXT NOT NULL,
  color       TEXT,
  position    INTEGER NOT NULL,
  permissions INTEGER NOT NULL,
  hoist       INTEGER NOT NULL DEFAULT 0,
  mentionable INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX role_space ON role (space_id);

CREATE TABLE member (
  space_id   INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id),
  nickname   TEXT,
  joined_at  INTEGER NOT NULL,
  PRIMARY KEY (space_id, account_id)
) STRICT;
CREATE INDEX member_account ON member (account_id);

CREATE TABLE member_role (
  space_id   INTEGER NOT NULL,
  account_id INTEGER NOT NULL,
  role_id    INTEGER NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (space_id, account_id, role_id),
  FOREIGN KEY (space_id, account_id) REFERENCES member (space_id, account_id) ON DELETE CASCADE
) STRICT;
CREATE INDEX member_role_role ON member_role (role_id);

-- Either role_id or account_id is 0: part of the key, so not NULL.
CREATE TABLE overwrite (
  channel_id INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
  role_id    INTEGER NOT NULL DEFAULT 0,
  account_id INTEGER NOT NULL DEFAULT 0,
  allow      INTEGER NOT NULL,
  deny       INTEGER NOT NULL,
  PRIMARY KEY (channel_id, role_id, account_id)
) STRICT;

CREATE TABLE ban (
  space_id   INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id),
  reason     TEXT NOT NULL,
  banned_by  INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (space_id, account_id)
) STRICT;

CREATE TABLE invite (
  code       TEXT PRIMARY KEY,
  space_id   INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  channel_id INTEGER REFERENCES channel (id) ON DELETE SET NULL,
  creator_id INTEGER NOT NULL REFERENCES account (id),
  uses       INTEGER NOT NULL DEFAULT 0,
  max_uses   INTEGER,
  expires_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX invite_space ON invite (space_id);

-- Who did what to whom, in the transaction of the change. `space_id` is NULL for the server itself.
CREATE TABLE audit (
  id         INTEGER PRIMARY KEY,
  space_id   INTEGER,
  actor_id   INTEGER,
  action     TEXT NOT NULL,
  target_id  INTEGER,
  before     TEXT,
  after      TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX audit_space ON audit (space_id, id);
