-- Whom moderators had muted or deafened when they left: they still are when they come again.
CREATE TABLE silenced (
  space_id   BIGINT NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  account_id BIGINT NOT NULL REFERENCES account (id),
  muted      BIGINT NOT NULL,
  deafened   BIGINT NOT NULL,
  PRIMARY KEY (space_id, account_id)
);
