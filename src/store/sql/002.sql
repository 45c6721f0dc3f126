-- What is due in a span of time, of the tasks that are neither cancelled nor completed.
CREATE INDEX task_open_due ON task (end_datetime, local_id) WHERE status IS NULL OR status NOT IN (3, 4);
