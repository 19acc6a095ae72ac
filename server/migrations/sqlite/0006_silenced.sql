-- Whom moderators had muted or deafened when they left: they still are when they come again.
CREATE TABLE silenced (
  space_id   INTEGER NOT NULL REFERENCES space (id) ON DELETE CASCADE,
  account_id INTEGER NOT NULL REFERENCES account (id),
  muted      INTEGER NOT NULL,
  deafened   INTEGER NOT NULL,
  PRIMARY KEY (space_id, account_id)
) STRICT;
