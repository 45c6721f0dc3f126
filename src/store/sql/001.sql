-- The tasks and their outbox. Times are microseconds since 1970, UTC; end_datetime is as the CRM takes it.

CREATE TABLE task (
  local_id            INTEGER PRIMARY KEY AUTOINCREMENT,
  crm_id              INTEGER UNIQUE,
  revision            INTEGER NOT NULL,
  state               TEXT NOT NULL
                      CHECK (state IN ('draft', 'queued', 'sending', 'failed', 'unconfirmed', 'synced')),

  name                TEXT,
  end_datetime        TEXT,
  venue_id            INTEGER,
  lead_id             INTEGER,
  contact_id          INTEGER,
  company_id          INTEGER,
  priority            TEXT,
  assigned_user_id    INTEGER,
  status              INTEGER,
  description         TEXT,

  -- What the CRM last confirmed, as JSON of the fields it is known of. NULL: of a task with an id, the values above.
  confirmed           TEXT,
  -- Masks of fields: what an update would send, and what an update that was not understood may have changed.
  dirty               INTEGER NOT NULL DEFAULT 0,
  uncertain           INTEGER NOT NULL DEFAULT 0,
  -- An add that was sent and not definitely refused; whether it may be sent again all the same.
  may_be_there        INTEGER NOT NULL DEFAULT 0,
  released            INTEGER NOT NULL DEFAULT 0,
  -- The id was found by looking, not answered.
  adopted             INTEGER NOT NULL DEFAULT 0,
  -- A discard waits for the answer.
  discarding          INTEGER NOT NULL DEFAULT 0,

  -- Counts the task's places in the outbox; attempts and failures are of the present one.
  entry               INTEGER NOT NULL DEFAULT 1,
  attempts            INTEGER NOT NULL DEFAULT 0,
  failures            INTEGER NOT NULL DEFAULT 0,
  attempt_id          INTEGER,
  next_attempt        INTEGER NOT NULL DEFAULT 0,
  set_at              INTEGER NOT NULL DEFAULT 0,

  problem_class       TEXT,
  problem_status      INTEGER NOT NULL DEFAULT 0,
  problem_error_code  INTEGER NOT NULL DEFAULT 0,
  problem_code        INTEGER NOT NULL DEFAULT 0,
  problem_message     TEXT,
  problem_more        TEXT
) STRICT;

-- What may be sent when it is due; and by when its wait was set, so that a clock set back delays nothing.
CREATE INDEX task_due ON task (next_attempt, local_id) WHERE state = 'queued' AND (may_be_there = 0 OR released = 1);
CREATE INDEX task_set ON task (set_at) WHERE state = 'queued' AND (may_be_there = 0 OR released = 1);
-- What must be looked for on the CRM first.
CREATE INDEX task_unsettled ON task (local_id)
  WHERE may_be_there = 1 AND released = 0 AND state IN ('queued', 'unconfirmed');
CREATE INDEX task_sending ON task (local_id) WHERE state = 'sending';
CREATE INDEX task_state ON task (state, local_id);

-- One row a request. Unfinished ones were cut off, or are under way.
CREATE TABLE attempt (
  attempt_id          INTEGER PRIMARY KEY,
  local_id            INTEGER NOT NULL REFERENCES task ON DELETE CASCADE,
  entry               INTEGER NOT NULL,
  revision            INTEGER NOT NULL,
  is_add              INTEGER NOT NULL,
  body                TEXT NOT NULL,
  signed_at           INTEGER NOT NULL,
  started_at          INTEGER NOT NULL,
  finished_at         INTEGER,
  class               TEXT,
  http_status         INTEGER NOT NULL DEFAULT 0,
  error_code          INTEGER NOT NULL DEFAULT 0,
  specific_code       INTEGER NOT NULL DEFAULT 0,
  message             TEXT,
  more                TEXT,
  raw                 TEXT
) STRICT;

CREATE INDEX attempt_task ON attempt (local_id, attempt_id);
CREATE INDEX attempt_age ON attempt (started_at);

-- How many tasks are in each state, kept by whoever changes one.
CREATE TABLE state_count (
  state               TEXT PRIMARY KEY,
  n                   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO state_count VALUES ('draft', 0), ('queued', 0), ('sending', 0), ('failed', 0), ('unconfirmed', 0), ('synced', 0);

CREATE TRIGGER count_insert AFTER INSERT ON task BEGIN
  UPDATE state_count SET n = n + 1 WHERE state = new.state;
END;
CREATE TRIGGER count_delete AFTER DELETE ON task BEGIN
  UPDATE state_count SET n = n - 1 WHERE state = old.state;
END;
CREATE TRIGGER count_update AFTER UPDATE OF state ON task WHEN old.state <> new.state BEGIN
  UPDATE state_count SET n = n - 1 WHERE state = old.state;
  UPDATE state_count SET n = n + 1 WHERE state = new.state;
END;

-- What the queue as a whole remembers between two starts. clock_offset: seconds that the CRM's clock is ahead.
CREATE TABLE queue (
  id                  INTEGER PRIMARY KEY CHECK (id = 1),
  pause_class         TEXT,
  pause_words         TEXT,
  resume_at           INTEGER NOT NULL DEFAULT 0,
  set_at              INTEGER NOT NULL DEFAULT 0,
  clock_offset        INTEGER NOT NULL DEFAULT 0,
  last_sync           INTEGER NOT NULL DEFAULT 0
) STRICT;

INSERT INTO queue (id) VALUES (1);

-- Search.
CREATE VIEW task_text AS
  SELECT local_id, name, description,
         coalesce (problem_message, '') || ' ' || coalesce (nullif (problem_code, 0), '') || ' ' ||
         coalesce (problem_more, '') AS problem,
         coalesce (crm_id, '') || ' ' || coalesce (venue_id, '') || ' ' || coalesce (lead_id, '') || ' ' ||
         coalesce (contact_id, '') || ' ' || coalesce (company_id, '') || ' ' || coalesce (assigned_user_id, '') AS ids
    FROM task;

CREATE VIRTUAL TABLE task_search USING fts5 (
  name, description, problem, ids,
  content = 'task_text', content_rowid = 'local_id', tokenize = "unicode61 remove_diacritics 2"
);

CREATE TRIGGER search_insert AFTER INSERT ON task BEGIN
  INSERT INTO task_search (rowid, name, description, problem, ids)
    SELECT local_id, name, description, problem, ids FROM task_text WHERE local_id = new.local_id;
END;
-- FTS5 needs the words that were indexed to take them out again, so this runs before they are gone.
CREATE TRIGGER search_delete BEFORE DELETE ON task BEGIN
  INSERT INTO task_search (task_search, rowid, name, description, problem, ids)
    SELECT 'delete', local_id, name, description, problem, ids FROM task_text WHERE local_id = old.local_id;
END;
CREATE TRIGGER search_before_update BEFORE UPDATE OF name, description, crm_id, venue_id, lead_id, contact_id, company_id,
                                                     assigned_user_id, problem_code, problem_message, problem_more ON task
WHEN (old.name, old.description, old.crm_id, old.venue_id, old.lead_id, old.contact_id, old.company_id,
      old.assigned_user_id, old.problem_code, old.problem_message, old.problem_more) IS NOT
     (new.name, new.description, new.crm_id, new.venue_id, new.lead_id, new.contact_id, new.company_id,
      new.assigned_user_id, new.problem_code, new.problem_message, new.problem_more) BEGIN
  INSERT INTO task_search (task_search, rowid, name, description, problem, ids)
    SELECT 'delete', local_id, name, description, problem, ids FROM task_text WHERE local_id = old.local_id;
END;
CREATE TRIGGER search_after_update AFTER UPDATE OF name, description, crm_id, venue_id, lead_id, contact_id, company_id,
                                                   assigned_user_id, problem_code, problem_message, problem_more ON task
WHEN (old.name, old.description, old.crm_id, old.venue_id, old.lead_id, old.contact_id, old.company_id,
      old.assigned_user_id, old.problem_code, old.problem_message, old.problem_more) IS NOT
     (new.name, new.description, new.crm_id, new.venue_id, new.lead_id, new.contact_id, new.company_id,
      new.assigned_user_id, new.problem_code, new.problem_message, new.problem_more) BEGIN
  INSERT INTO task_search (rowid, name, description, problem, ids)
    SELECT local_id, name, description, problem, ids FROM task_text WHERE local_id = new.local_id;
END;
