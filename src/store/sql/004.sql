-- What pulls bring of a task: `guessed`, a mask of fields that an add left out and a CRM fills in; `conflict`, a mask of fields changed
-- here and there to different values; `theirs`, the CRM's values of those, as JSON; `listed`, whether a list ever showed it.
ALTER TABLE task ADD COLUMN guessed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN conflict INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN theirs TEXT;
ALTER TABLE task ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;

CREATE INDEX task_doubtful ON task (local_id) WHERE may_be_there = 1;
CREATE INDEX task_assigned ON task (assigned_user_id, local_id);

-- The numbers of attempts are never used twice: a pull tells by them what was sent while a page was on its way.
CREATE TABLE attempt_numbered (
  attempt_id          INTEGER PRIMARY KEY AUTOINCREMENT,
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
INSERT INTO attempt_numbered
  SELECT attempt_id, local_id, entry, revision, is_add, body, signed_at, started_at, finished_at, class, http_status, error_code,
         specific_code, message, more, raw FROM attempt;
DROP TABLE attempt;
ALTER TABLE attempt_numbered RENAME TO attempt;
CREATE INDEX attempt_task ON attempt (local_id, attempt_id);
CREATE INDEX attempt_age ON attempt (started_at);

-- What tasks name: users, contacts, companies, leads, opportunities and venues. record_id: the kind, then the CRM's id
-- (crm-directory.c). used_at: when a person last chose it here; microseconds since 1970, UTC; 0: never.
CREATE TABLE record (
  record_id           INTEGER PRIMARY KEY,
  name                TEXT NOT NULL,
  detail              TEXT,
  words               TEXT,
  venue_id            INTEGER,
  companies           TEXT,
  closed              INTEGER NOT NULL DEFAULT 0,
  used_at             INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX record_used ON record (used_at) WHERE used_at > 0;
CREATE INDEX record_name ON record (record_id >> 54, name COLLATE NOCASE);

CREATE VIRTUAL TABLE record_search USING fts5 (
  name, words, content = 'record', content_rowid = 'record_id', prefix = '1 2 3', tokenize = "unicode61 remove_diacritics 2"
);
CREATE TRIGGER record_insert AFTER INSERT ON record BEGIN
  INSERT INTO record_search (rowid, name, words) VALUES (new.record_id, new.name, new.words);
END;
CREATE TRIGGER record_delete AFTER DELETE ON record BEGIN
  INSERT INTO record_search (record_search, rowid, name, words) VALUES ('delete', old.record_id, old.name, old.words);
END;
CREATE TRIGGER record_update AFTER UPDATE OF name, words ON record
WHEN (old.name, old.words) IS NOT (new.name, new.words) BEGIN
  INSERT INTO record_search (record_search, rowid, name, words) VALUES ('delete', old.record_id, old.name, old.words);
  INSERT INTO record_search (rowid, name, words) VALUES (new.record_id, new.name, new.words);
END;

-- How far each list is. since, begun: by the CRM's clock, seconds since 1970. What changed before `since` is here; 0: not all is.
-- size: how many rows the last whole sweep found. The rest is of the run under way or cut off: from 0 on it is a sweep; last_id ended the page before `position`.
CREATE TABLE pull (
  list                TEXT PRIMARY KEY,
  refused             INTEGER NOT NULL DEFAULT 0,
  since               INTEGER NOT NULL DEFAULT 0,
  swept_at            INTEGER NOT NULL DEFAULT 0,
  ended_at            INTEGER NOT NULL DEFAULT 0,
  size                INTEGER NOT NULL DEFAULT 0,
  serial              INTEGER NOT NULL DEFAULT 0,
  phase               INTEGER NOT NULL DEFAULT 0,
  run_from            INTEGER NOT NULL DEFAULT 0,
  begun               INTEGER NOT NULL DEFAULT 0,
  position            INTEGER NOT NULL DEFAULT 0,
  last_id             INTEGER NOT NULL DEFAULT 0,
  seen                INTEGER NOT NULL DEFAULT 0,
  total               INTEGER NOT NULL DEFAULT -1,
  pages               INTEGER NOT NULL DEFAULT 0,
  unsteady            INTEGER NOT NULL DEFAULT 0,
  kept_back           INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

-- What the run has seen.
CREATE TABLE pull_seen (
  list                TEXT NOT NULL,
  crm_id              INTEGER NOT NULL,
  PRIMARY KEY (list, crm_id)
) STRICT, WITHOUT ROWID;

-- Who of the CRM's users works here; 0: not said.
ALTER TABLE queue ADD COLUMN my_user_id INTEGER NOT NULL DEFAULT 0;
