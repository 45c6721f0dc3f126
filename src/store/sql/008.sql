-- Which row of a file each task came from, or was found to be, so that the same file brings no second set. fingerprint: equal for equal
-- values (crm-import-row.c).
CREATE TABLE task_import (
  local_id            INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  fingerprint         TEXT NOT NULL,
  PRIMARY KEY (local_id, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE INDEX import_fingerprint ON task_import (fingerprint, local_id);
