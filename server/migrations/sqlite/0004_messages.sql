CREATE TABLE message (
  id         INTEGER PRIMARY KEY,
  channel_id INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
  author_id  INTEGER NOT NULL REFERENCES account (id),
  position   INTEGER NOT NULL,          -- its event's place in the order
  content    TEXT NOT NULL,
  edited_at  INTEGER,
  pinned_at  INTEGER,
  reply_to   INTEGER,
  mentions   TEXT,                     -- JSON; NULL for none
  nonce      TEXT,
  deleted_at INTEGER,
  deleted_by INTEGER
) STRICT;
CREATE INDEX message_channel ON message (channel_id, id);
CREATE UNIQUE INDEX message_nonce ON message (author_id, nonce) WHERE nonce IS NOT NULL;
CREATE INDEX message_pinned ON message (channel_id, pinned_at) WHERE pinned_at IS NOT NULL;
-- Deleted messages whose text is still here, for an undo.
CREATE INDEX message_deleted ON message (deleted_at) WHERE deleted_at IS NOT NULL AND content <> '';

CREATE TABLE reaction (
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  emoji      TEXT NOT NULL,
  account_id INTEGER NOT NULL REFERENCES account (id),
  id         INTEGER NOT NULL,          -- a snowflake: orders reactions by time
  PRIMARY KEY (message_id, emoji, account_id)
) STRICT;

-- `target` is an account, a role, or, for everyone, the role with the number of the space.
CREATE TABLE mention (
  target     INTEGER NOT NULL,
  message_id INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,
  channel_id INTEGER NOT NULL,
  PRIMARY KEY (target, message_id)
) STRICT;
CREATE INDEX mention_message ON mention (message_id);

CREATE TABLE read_state (
  account_id   INTEGER NOT NULL REFERENCES account (id),
  channel_id   INTEGER NOT NULL REFERENCES channel (id) ON DELETE CASCADE,
  last_read_id INTEGER NOT NULL,
  PRIMARY KEY (account_id, channel_id)
) STRICT;
