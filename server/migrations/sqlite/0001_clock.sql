-- One row: the place in the order of the last change, and the last identifier given out.
CREATE TABLE clock (
  id       INTEGER PRIMARY KEY CHECK (id = 1),
  position INTEGER NOT NULL,
  last_id  INTEGER NOT NULL
) STRICT;
INSERT INTO clock (id, position, last_id) VALUES (1, 0, 0);

-- What an administrator set, and the secret that signs tokens.
CREATE TABLE setting (
  name  TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
