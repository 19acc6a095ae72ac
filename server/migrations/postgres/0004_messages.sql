CREATE TABLE message (
  id         BIGINT PRIMARY KEY,
  channel_id BIGINT NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
  author_id  BIGINT NOT NULL REFERENCES account (id),
  position   BIGINT NOT NULL,          -- its event's place in the order
  content    TEXT NOT NULL,
  edited_at  BIGINT,
  pinned_at  BIGINT,
  reply_to   BIGINT,
  mentions   TEXT,                     -- JSON; NULL for none
  nonce      TEXT,
  deleted_at BIGINT,
  deleted_by BIGINT
);
CREATE INDEX message_channel ON message (channel_id, id);
CREATE UNIQUE INDEX message_nonce ON message (author_id, nonce) WHERE nonce IS NOT NULL;
CREATE INDEX message_pinned ON message (channel_id, pinned_at) WHERE pinned_at IS NOT NULL;
-- Deleted messages whose text is still here, for an undo.
CREATE INDEX message_deleted ON message (deleted_at) WHERE deleted_at IS NOT NULL AND content <> '';

CREATE TABLE reaction (
  message_id BIGINT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  emoji      TEXT NOT NULL,
  account_id BIGINT NOT NULL REFERENCES account (id),
  id         BIGINT NOT NULL,          -- a snowflake: orders reactions by time
  PRIMARY KEY (message_id, emoji, account_id)
);

-- `target` is an account, a role, or, for everyone, the role with the number of the space.
CREATE TABLE mention (
  target     BIGINT NOT NULL,
  message_id BIGINT NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  channel_id BIGINT NOT NULL,
  PRIMARY KEY (target, message_id)
);
CREATE INDEX mention_message ON mention (message_id);

CREATE TABLE read_state (
  account_id   BIGINT NOT NULL REFERENCES account (id),
  channel_id   BIGINT NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
  last_read_id BIGINT NOT NULL,
  PRIMARY KEY (account_id, channel_id)
);
