-- How many tasks are in each state is kept by who updates a row (crm-row.c), once for all that one transaction moves; a trigger costs
-- every update a journal of its own.
DROP TRIGGER count_update;

-- The same states, but SQLite makes a table of a list anew for each row that it checks.
PRAGMA writable_schema = ON;
UPDATE sqlite_schema
   SET sql = replace (sql, 'CHECK (state IN (''draft'', ''queued'', ''sending'', ''failed'', ''unconfirmed'', ''synced''))',
                      'CHECK (state = ''synced'' OR state = ''sending'' OR state = ''queued'' OR state = ''draft'' OR state = ''failed'''
                      || ' OR state = ''unconfirmed'')')
 WHERE type = 'table' AND name = 'task';
PRAGMA writable_schema = RESET;

-- Only a wait that was set at some time is of interest; what was never tried is most of a long queue.
DROP INDEX task_set;
CREATE INDEX task_set ON task (set_at) WHERE set_at > 0 AND state = 'queued' AND (may_be_there = 0 OR released = 1);
