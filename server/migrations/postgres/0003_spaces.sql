CREATE TABLE space (
  id          BIGINT PRIMARY KEY,
  name        TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  icon        TEXT,
  public      BIGINT NOT NULL DEFAULT 0,
  owner_id    BIGINT NOT NULL REFERENCES account (id)
);

CREATE TABLE channel (
  id              BIGINT PRIMARY KEY,
  space_id        BIGINT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  kind            TEXT NOT NULL CHECK (kind IN ('text', 'voice', 'category')),
  name            TEXT NOT NULL,
  topic           TEXT NOT NULL DEFAULT '',
  parent_id       BIGINT REFERENCES channel (id),
  position        BIGINT NOT NULL,
  slow_mode_s     BIGINT NOT NULL DEFAULT 0,
  user_limit      BIGINT NOT NULL DEFAULT 0,
  last_message_id BIGINT,
  deleted_at      BIGINT
);
CREATE INDEX channel_space ON channel (space_id);

CREATE TABLE role (
  id          BIGINT PRIMARY KEY,
  space_id    BIGINT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  name        TEXT NOT NULL,
  color       TEXT,
  position    BIGINT NOT NULL,
  permissions BIGINT NOT NULL,
  hoist       BIGINT NOT NULL DEFAULT 0,
  mentionable BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX role_space ON role (space_id);

CREATE TABLE member (
  space_id   BIGINT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES account (id),
  nickname   TEXT,
  joined_at  BIGINT NOT NULL,
  PRIMARY KEY (space_id, account_id)
);
CREATE INDEX member_account ON member (account_id);

CREATE TABLE member_role (
  space_id   BIGINT NOT NULL,
  account_id BIGINT NOT NULL,
  role_id    BIGINT NOT NULL REFERENCES role (id) ON DELETE CASCADE,
  PRIMARY KEY (space_id, account_id, role_id),
  FOREIGN KEY (space_id, account_id) REFERENCES member (space_id, account_id) ON DELETE CASCADE
);
CREATE INDEX member_role_role ON member_role (role_id);

-- Either role_id or account_id is 0: part of the key, so not NULL.
CREATE TABLE overwrite (
  channel_id BIGINT NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
  role_id    BIGINT NOT NULL DEFAULT 0,
  account_id BIGINT NOT NULL DEFAULT 0,
  allow      BIGINT NOT NULL,
  deny       BIGINT NOT NULL,
  PRIMARY KEY (channel_id, role_id, account_id)
);

CREATE TABLE ban (
  space_id   BIGINT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES account (id),
  reason     TEXT NOT NULL,
  banned_by  BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (space_id, account_id)
);

CREATE TABLE invite (
  code       TEXT PRIMARY KEY,
  space_id   BIGINT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  channel_id BIGINT REFERENCES channel (id) ON DELETE SET NULL,
  creator_id BIGINT NOT NULL REFERENCES account (id),
  uses       BIGINT NOT NULL DEFAULT 0,
  max_uses   BIGINT,
  expires_at BIGINT,
  created_at BIGINT NOT NULL
);
CREATE INDEX invite_space ON invite (space_id);

-- Who did what to whom, in the transaction of the change. `space_id` is NULL for the server itself.
CREATE TABLE audit (
  id         BIGINT PRIMARY KEY,
  space_id   BIGINT,
  actor_id   BIGINT,
  action     TEXT NOT NULL,
  target_id  BIGINT,
  before     TEXT,
  after      TEXT,
  created_at BIGINT NOT NULL
);
CREATE INDEX audit_space ON audit (space_id, id);
