-- Adds that went to the CRM in one request and are not all answered yet. async_id: what the CRM calls it; NULL until it has said so.
-- jobs: how many there were. Times as in `attempt`.
CREATE TABLE batch (
  batch_id            INTEGER PRIMARY KEY AUTOINCREMENT,
  async_id            TEXT,
  jobs                INTEGER NOT NULL,
  signed_at           INTEGER NOT NULL,
  started_at          INTEGER NOT NULL
) STRICT;

-- Which attempts went together, and where in it each stood, from 0; also when the batch has ended, unless it is known that the CRM
-- is done with it.
ALTER TABLE attempt ADD COLUMN batch_id INTEGER;
ALTER TABLE attempt ADD COLUMN position INTEGER;
CREATE INDEX attempt_batch ON attempt (batch_id, position) WHERE batch_id IS NOT NULL;
