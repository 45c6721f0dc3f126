-- What was typed of a task and is not saved yet, as JSON. local_id: of a new task 0 or less. typed_at: microseconds since 1970, UTC.
CREATE TABLE typed (
  local_id            INTEGER PRIMARY KEY,
  typed_at            INTEGER NOT NULL,
  content             TEXT NOT NULL
) STRICT;
