-- One index an order and one a filter, each of which holds all that is read of it (crm-task-order.c, crm-task-finder.c): a place is
-- the ids of its filters, taken in the order of the other.
DROP INDEX task_state;
DROP INDEX task_open_due;
DROP INDEX task_assigned;

-- How much a state wants of a person; how high a priority is; the code of a problem, 0 of one without; and whom a task belongs to, as
-- in `record`: the first that is there of lead or opportunity, company, contact, venue.
ALTER TABLE task ADD COLUMN urgency INTEGER GENERATED ALWAYS AS (
  CASE state WHEN 'failed' THEN 1 WHEN 'unconfirmed' THEN 2 WHEN 'sending' THEN 3 WHEN 'queued' THEN 4 WHEN 'draft' THEN 5 ELSE 6 END
) VIRTUAL;
ALTER TABLE task ADD COLUMN height INTEGER GENERATED ALWAYS AS (
  CASE priority WHEN 'low' THEN 1 WHEN 'medium' THEN 2 WHEN 'high' THEN 3 END
) VIRTUAL;
ALTER TABLE task ADD COLUMN problem INTEGER GENERATED ALWAYS AS (CASE WHEN problem_class IS NOT NULL THEN problem_code END) VIRTUAL;
ALTER TABLE task ADD COLUMN owner INTEGER GENERATED ALWAYS AS (
  coalesce ((CASE WHEN venue_id IS NULL THEN 3 ELSE 2 END << 54) + lead_id, (4 << 54) + company_id, (5 << 54) + contact_id, venue_id)
) VIRTUAL;

CREATE INDEX task_urgency ON task (urgency);
CREATE INDEX task_name ON task (name COLLATE NOCASE) WHERE name IS NOT NULL;
CREATE INDEX task_when ON task (end_datetime) WHERE end_datetime IS NOT NULL;
CREATE INDEX task_height ON task (height) WHERE height IS NOT NULL;
CREATE INDEX task_status ON task (status) WHERE status IS NOT NULL;
CREATE INDEX task_problem ON task (problem, problem_error_code) WHERE problem IS NOT NULL;
CREATE INDEX task_owner ON task (owner) WHERE owner IS NOT NULL;
CREATE INDEX task_assigned ON task (assigned_user_id, status) WHERE assigned_user_id IS NOT NULL;
CREATE INDEX record_by_name ON record (name COLLATE NOCASE);

-- Filters: what is neither cancelled nor completed, and what names a record.
CREATE INDEX task_open ON task (end_datetime, status) WHERE status IS NULL OR status NOT IN (3, 4);
CREATE INDEX task_lead ON task (lead_id, venue_id) WHERE lead_id IS NOT NULL;
CREATE INDEX task_company ON task (company_id) WHERE company_id IS NOT NULL;
CREATE INDEX task_contact ON task (contact_id) WHERE contact_id IS NOT NULL;
CREATE INDEX task_venue ON task (venue_id) WHERE venue_id IS NOT NULL;

-- Numbers are found by the indexes, not by words: an id that comes with an answer changes no text.
DROP TRIGGER search_insert;
DROP TRIGGER search_delete;
DROP TRIGGER search_before_update;
DROP TRIGGER search_after_update;
DROP TABLE task_search;
DROP VIEW task_text;

CREATE VIEW task_text AS
  SELECT local_id, name, description,
         nullif (coalesce (problem_message, '') || ' ' || coalesce (nullif (problem_code, 0), '') || ' ' ||
                 coalesce (problem_more, ''), '  ') AS problem
    FROM task;

CREATE VIRTUAL TABLE task_search USING fts5 (
  name, description, problem,
  content = 'task_text', content_rowid = 'local_id', columnsize = 0, tokenize = "unicode61 remove_diacritics 2"
);
INSERT INTO task_search (task_search) VALUES ('rebuild');

CREATE TRIGGER search_insert AFTER INSERT ON task BEGIN
  INSERT INTO task_search (rowid, name, description, problem)
    SELECT local_id, name, description, problem FROM task_text WHERE local_id = new.local_id;
END;
-- FTS5 needs the words that were indexed to take them out again, so this runs before they are gone.
CREATE TRIGGER search_delete BEFORE DELETE ON task BEGIN
  INSERT INTO task_search (task_search, rowid, name, description, problem)
    SELECT 'delete', local_id, name, description, problem FROM task_text WHERE local_id = old.local_id;
END;
CREATE TRIGGER search_before_update BEFORE UPDATE OF name, description, problem_code, problem_message, problem_more ON task
WHEN (old.name, old.description, old.problem_code, old.problem_message, old.problem_more) IS NOT
     (new.name, new.description, new.problem_code, new.problem_message, new.problem_more) BEGIN
  INSERT INTO task_search (task_search, rowid, name, description, problem)
    SELECT 'delete', local_id, name, description, problem FROM task_text WHERE local_id = old.local_id;
END;
CREATE TRIGGER search_after_update AFTER UPDATE OF name, description, problem_code, problem_message, problem_more ON task
WHEN (old.name, old.description, old.problem_code, old.problem_message, old.problem_more) IS NOT
     (new.name, new.description, new.problem_code, new.problem_message, new.problem_more) BEGIN
  INSERT INTO task_search (rowid, name, description, problem)
    SELECT local_id, name, description, problem FROM task_text WHERE local_id = new.local_id;
END;
