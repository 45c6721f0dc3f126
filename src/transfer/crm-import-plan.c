/* crm-import-plan.c: what an import would do, row by row, before it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "transfer/crm-import-plan.h"

#include "transfer/crm-import-reading.h"
#include "transfer/crm-import-refused.h"

/* Progress is told so often, in microseconds. */
#define TELL_INTERVAL (100 * G_TIME_SPAN_MILLISECOND)

/* Beside accounts.ini. */
#define REMEMBERED "imports.ini"

struct _CrmImportPlan
{
  GObject        parent_instance;

  CrmStore      *store;
  char           delimiter;
  char          *encoding;
  char          *zone_name;
  GStrv          told;
  gboolean       allow_duplicates;
  gboolean       draft;

  CrmImportMap  *map;       /* NULL: not read yet */
  CrmImportBook *book;      /* NULL: not read yet, or can't be */

  guint64        n_rows;
  double         progress;

  /* Of whatever thread reads or writes. */
  GMutex         mutex;
  guint64        told_rows;
  double         told_progress;
  gint64         told_at;
  gboolean       is_telling;
};

enum
{
  PROP_N_ROWS = 1,
  PROP_PROGRESS,
  N_PROPS
};

static GParamSpec *props[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmImportPlan, crm_import_plan, G_TYPE_OBJECT)

static void
set_progress (CrmImportPlan *self,
              guint64        n_rows,
              double         progress)
{
  self->n_rows = n_rows;
  self->progress = progress;
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_N_ROWS]);
  g_object_notify_by_pspec (G_OBJECT (self), props[PROP_PROGRESS]);
}

static gboolean
tell_cb (gpointer user_data)
{
  CrmImportPlan *self = user_data;
  guint64 n_rows;
  double progress;

  g_mutex_lock (&self->mutex);
  self->is_telling = FALSE;
  n_rows = self->told_rows;
  progress = self->told_progress;
  g_mutex_unlock (&self->mutex);
  set_progress (self, n_rows, progress);

  return G_SOURCE_REMOVE;
}

/* Any thread. */
static void
tell (CrmImportPlan *self,
      guint64        n_rows,
      double         progress)
{
  g_autoptr (GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->mutex);
  g_autoptr (GSource) source = NULL;
  gint64 now = g_get_monotonic_time ();

  self->told_rows = n_rows;
  self->told_progress = progress;
  if (self->is_telling || now - self->told_at < TELL_INTERVAL)
    return;

  self->told_at = now;
  self->is_telling = TRUE;
  source = g_idle_source_new ();
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, tell_cb, g_object_ref (self), g_object_unref);
  g_source_attach (source, NULL);
}

/* On the thread that reads. */
static void
read_cb (guint64  n_rows,
         double   progress,
         gpointer data)
{
  tell (data, n_rows, progress);
}

static void
read_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  GError *error = NULL;

  if (crm_import_reading_run (task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
read_async (CrmImportPlan       *self,
            GFile               *file,
            GBytes              *text,
            GCancellable        *cancellable,
            GAsyncReadyCallback  callback,
            gpointer             user_data)
{
  g_autoptr (GTask) task = g_task_new (self, cancellable, callback, user_data);
  CrmImportReading *reading = g_new0 (CrmImportReading, 1);
  g_autofree char *data = NULL;

  reading->file = file != NULL ? g_object_ref (file) : NULL;
  reading->text = text != NULL ? g_bytes_ref (text) : NULL;
  reading->folder = g_strdup (crm_store_get_folder (self->store));
  data = g_path_get_dirname (reading->folder);
  reading->memory = g_build_filename (data, REMEMBERED, NULL);
  reading->told = g_strdupv (self->told);
  reading->zone_name = g_strdup (self->zone_name);
  reading->allow_duplicates = self->allow_duplicates;
  reading->draft = self->draft;
  reading->progress = read_cb;
  reading->progress_data = self;
  reading->delimiter = self->delimiter;
  reading->encoding = g_strdup (self->encoding);

  g_task_set_source_tag (task, read_async);
  g_task_set_task_data (task, reading, (GDestroyNotify) crm_import_reading_free);
  g_task_set_check_cancellable (task, FALSE);
  g_task_run_in_thread (task, read_thread);
}

static void
crm_import_plan_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  CrmImportPlan *self = CRM_IMPORT_PLAN (object);

  switch (property_id)
    {
    case PROP_N_ROWS:
      g_value_set_uint64 (value, self->n_rows);
      break;
    case PROP_PROGRESS:
      g_value_set_double (value, self->progress);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
crm_import_plan_finalize (GObject *object)
{
  CrmImportPlan *self = CRM_IMPORT_PLAN (object);

  g_clear_object (&self->store);
  g_free (self->encoding);
  g_free (self->zone_name);
  g_strfreev (self->told);
  crm_import_map_free (self->map);
  g_clear_pointer (&self->book, crm_import_book_unref);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (crm_import_plan_parent_class)->finalize (object);
}

static void
crm_import_plan_class_init (CrmImportPlanClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = crm_import_plan_get_property;
  object_class->finalize = crm_import_plan_finalize;

  props[PROP_N_ROWS] = g_param_spec_uint64 ("n-rows", NULL, NULL, 0, G_MAXUINT64, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  props[PROP_PROGRESS] = g_param_spec_double ("progress", NULL, NULL, 0, 1, 0, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, props);
}

static void
crm_import_plan_init (CrmImportPlan *self)
{
  g_mutex_init (&self->mutex);
}

/**
 * crm_import_plan_new:
 * @store: where to
 * @options: (nullable): how to read it, and what to make of it; copied
 *
 * Returns: (transfer full): a plan without rows
 */
CrmImportPlan *
crm_import_plan_new (CrmStore               *store,
                     const CrmImportOptions *options)
{
  CrmImportPlan *self;

  g_return_val_if_fail (CRM_IS_STORE (store), NULL);

  self = g_object_new (CRM_TYPE_IMPORT_PLAN, NULL);
  self->store = g_object_ref (store);
  if (options != NULL)
    {
      self->delimiter = options->delimiter;
      self->encoding = g_strdup (options->encoding);
      self->zone_name = g_strdup (options->zone);
      self->told = g_strdupv ((GStrv) options->map);
      self->allow_duplicates = options->allow_duplicates;
      self->draft = options->draft;
    }

  return self;
}

/**
 * crm_import_plan_read_file_async:
 * @self: a plan without rows
 * @file: a CSV file
 * @cancellable: (nullable): a cancellable
 * @callback: called when every row is judged, or it can't be read
 * @user_data: given to @callback
 *
 * Reads and judges all rows in a thread, and writes nothing but that the columns were mapped so. Ends with
 * crm_import_plan_read_finish().
 */
void
crm_import_plan_read_file_async (CrmImportPlan       *self,
                                 GFile               *file,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (CRM_IS_IMPORT_PLAN (self) && self->map == NULL);
  g_return_if_fail (G_IS_FILE (file));

  read_async (self, file, NULL, cancellable, callback, user_data);
}

/**
 * crm_import_plan_read_text_async:
 * @self: a plan without rows
 * @text: CSV, or cells with tabs between them, as spreadsheets copy them
 * @cancellable: (nullable): a cancellable
 * @callback: called when every row is judged, or it can't be read
 * @user_data: given to @callback
 *
 * The same for what is in memory already.
 */
void
crm_import_plan_read_text_async (CrmImportPlan       *self,
                                 GBytes              *text,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (CRM_IS_IMPORT_PLAN (self) && self->map == NULL);
  g_return_if_fail (text != NULL);

  read_async (self, NULL, text, cancellable, callback, user_data);
}

/**
 * crm_import_plan_read_finish:
 * @self: a plan
 * @result: what the callback was given
 * @error: why there is no plan: %CRM_ERROR_INVALID when the file is no list of tasks, or can't be read; what is wrong with the
 *   database; or %G_IO_ERROR_CANCELLED
 *
 * When the columns could be read they are known from now on, also when none of them is a name; another plan may map them then.
 *
 * Returns: whether there is a plan to look at, and to run
 */
gboolean
crm_import_plan_read_finish (CrmImportPlan  *self,
                             GAsyncResult   *result,
                             GError        **error)
{
  CrmImportReading *reading;
  gboolean done;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  reading = g_task_get_task_data (G_TASK (result));
  done = g_task_propagate_boolean (G_TASK (result), error);
  self->map = g_steal_pointer (&reading->map);
  self->delimiter = reading->delimiter;
  g_free (self->encoding);
  self->encoding = g_steal_pointer (&reading->encoding);
  if (done)
    {
      self->book = g_steal_pointer (&reading->book);
      set_progress (self, (guint64) crm_import_plan_get_n (self, CRM_IMPORT_ALL), 1);
    }

  return done;
}

/**
 * crm_import_plan_get_n_columns:
 * @self: a plan
 *
 * Returns: how many columns there are; 0 when they could not be read
 */
guint
crm_import_plan_get_n_columns (CrmImportPlan *self)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), 0);

  return self->map != NULL ? crm_import_map_get_n (self->map) : 0;
}

/**
 * crm_import_plan_get_column:
 * @self: a plan
 * @column: a column, from 0
 *
 * Returns: (transfer none): its header and what it is
 */
const CrmImportColumn *
crm_import_plan_get_column (CrmImportPlan *self,
                            guint          column)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self) && self->map != NULL, NULL);

  return crm_import_map_get (self->map, column);
}

/**
 * crm_import_plan_get_delimiter:
 * @self: a plan that was read
 *
 * Returns: what is between two cells; '\0' when that is not known
 */
char
crm_import_plan_get_delimiter (CrmImportPlan *self)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), '\0');

  return self->delimiter;
}

/**
 * crm_import_plan_get_encoding:
 * @self: a plan that was read
 *
 * Returns: (transfer none) (nullable): the text's encoding; %NULL when that is not known
 */
const char *
crm_import_plan_get_encoding (CrmImportPlan *self)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), NULL);

  return self->encoding;
}

/**
 * crm_import_plan_get_zone:
 * @self: a plan
 *
 * Returns: (transfer full): the zone of dates that name none, as Europe/Berlin
 */
char *
crm_import_plan_get_zone (CrmImportPlan *self)
{
  g_autoptr (GTimeZone) local = NULL;

  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), NULL);

  if (self->zone_name != NULL)
    return g_strdup (self->zone_name);

  local = g_time_zone_new_local ();
  return g_strdup (g_time_zone_get_identifier (local));
}

/**
 * crm_import_plan_get_n:
 * @self: a plan
 * @verdict: a verdict, or %CRM_IMPORT_ALL
 *
 * Returns: how many rows have it
 */
gint64
crm_import_plan_get_n (CrmImportPlan    *self,
                       CrmImportVerdict  verdict)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), 0);

  return self->book != NULL ? crm_import_book_get_n (self->book, verdict) : 0;
}

/**
 * crm_import_plan_read_rows:
 * @self: a plan that was read
 * @verdict: a verdict, or %CRM_IMPORT_ALL
 * @first: of the rows that have it, from 0
 * @n: how many
 * @error: why they can't be read
 *
 * As quick for the last rows as for the first: for a list that asks for the page in sight.
 *
 * Returns: (transfer full) (nullable) (element-type CrmImportEntry): the rows, in the order of the file
 */
GPtrArray *
crm_import_plan_read_rows (CrmImportPlan     *self,
                           CrmImportVerdict   verdict,
                           gint64             first,
                           gint64             n,
                           GError           **error)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self) && self->book != NULL, NULL);

  return crm_import_book_read (self->book, verdict, first, n, error);
}

static void
save_thread (GTask        *task,
             gpointer      source,
             gpointer      task_data,
             GCancellable *cancellable)
{
  CrmImportPlan *self = source;
  GError *error = NULL;

  if (crm_import_refused_write (self->map, self->book, task_data, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/**
 * crm_import_plan_save_refused_async:
 * @self: a plan that was read
 * @stream: where to; it is left open
 * @cancellable: (nullable): a cancellable
 * @callback: called when all is written
 * @user_data: given to @callback
 *
 * Writes the refused rows as CSV, with a column that says why, in a thread.
 */
void
crm_import_plan_save_refused_async (CrmImportPlan       *self,
                                    GOutputStream       *stream,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CRM_IS_IMPORT_PLAN (self) && self->book != NULL);
  g_return_if_fail (G_IS_OUTPUT_STREAM (stream));

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_import_plan_save_refused_async);
  g_task_set_task_data (task, g_object_ref (stream), g_object_unref);
  g_task_run_in_thread (task, save_thread);
}

/**
 * crm_import_plan_save_refused_finish:
 * @self: a plan
 * @result: what the callback was given
 * @error: why not all is written
 *
 * Returns: whether all is written
 */
gboolean
crm_import_plan_save_refused_finish (CrmImportPlan  *self,
                                     GAsyncResult   *result,
                                     GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/* On the writer thread. */
static void
written_cb (gint64   n_rows,
            gpointer data)
{
  CrmImportPlan *self = data;
  gint64 n = crm_import_book_get_n (self->book, CRM_IMPORT_ALL);

  tell (self, (guint64) n_rows, n > 0 ? n_rows / (double) n : 1);
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  GError *error = NULL;
  CrmImportResult *outcome = crm_import_run_finish (CRM_STORE (source), result, &error);

  if (outcome == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  set_progress (g_task_get_source_object (task), (guint64) crm_import_plan_get_n (g_task_get_source_object (task), CRM_IMPORT_ALL), 1);
  g_task_return_pointer (task, outcome, (GDestroyNotify) crm_import_result_free);
}

/**
 * crm_import_plan_run_async:
 * @self: a plan that was read
 * @cancellable: (nullable): a cancellable; nothing is written then
 * @callback: called when all is durable, or nothing was written
 * @user_data: given to @callback
 *
 * Does what was planned, as crm_import_run_async() says.
 */
void
crm_import_plan_run_async (CrmImportPlan       *self,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  GTask *task;

  g_return_if_fail (CRM_IS_IMPORT_PLAN (self) && self->book != NULL);

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_import_plan_run_async);
  set_progress (self, 0, 0);
  crm_import_run_async (self->store, self->book, self->allow_duplicates, self->draft, written_cb, self, cancellable, run_cb, task);
}

/**
 * crm_import_plan_run_finish:
 * @self: a plan
 * @result: what the callback was given
 * @error: why nothing was written
 *
 * Returns: (transfer full) (nullable): what was done
 */
CrmImportResult *
crm_import_plan_run_finish (CrmImportPlan  *self,
                            GAsyncResult   *result,
                            GError        **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * crm_import_plan_get_progress:
 * @self: a plan
 *
 * Returns: how much of what is being read or written is, from 0 to 1
 */
double
crm_import_plan_get_progress (CrmImportPlan *self)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), 0);

  return self->progress;
}

/**
 * crm_import_plan_get_n_rows:
 * @self: a plan
 *
 * Returns: how many rows are read or written so far
 */
guint64
crm_import_plan_get_n_rows (CrmImportPlan *self)
{
  g_return_val_if_fail (CRM_IS_IMPORT_PLAN (self), 0);

  return self->n_rows;
}
