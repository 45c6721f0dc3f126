/* crm-import-dialog.c: what an import would do, before it is done
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-import-dialog.h"

#include "ui/crm-import-rows.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* The choices of a column: these two, and then the fields. */
#define CHOICE_IGNORED 0
#define CHOICE_CRM_ID 1
#define CHOICE_FIELDS 2

#define N_CHIPS (CRM_N_IMPORT_VERDICTS + 1)

/* Letters of a header that are shown: a file that is no table may be all header. */
#define MOST_HEADER 200

struct _CrmImportDialog
{
  AdwWindow         parent_instance;

  AdwWindowTitle   *title;
  GtkWidget        *import_button;
  GtkStack         *stack;
  GtkLabel         *work_label;
  GtkProgressBar   *work_bar;
  AdwStatusPage    *trouble_page;
  AdwExpanderRow   *columns_row;
  GtkSwitch        *draft_switch;
  GtkSwitch        *again_switch;
  GtkWidget        *chips;
  GtkProgressBar   *again_bar;
  GtkStack         *rows_stack;
  GtkListView      *rows;
  CrmImportRows    *model;
  AdwStatusPage    *message_page;

  CrmStore         *store;
  GFile            *file; /* NULL: the text is read */
  GBytes           *text;
  GPtrArray        *column_rows; /* AdwComboRow, one a column; they belong to the window */
  GtkWidget        *chip[N_CHIPS];
  CrmImportPlan    *plan;    /* what is shown; NULL: nothing yet */
  CrmImportPlan    *reading; /* what is being read; NULL: nothing is */
  GCancellable     *cancellable; /* of what is being read or written */
  CrmImportVerdict  shown;
  gboolean          is_planned; /* the plan can be run */
  gboolean          writing;
  guint             updating;
};

enum
{
  IMPORTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmImportDialog, crm_import_dialog, ADW_TYPE_WINDOW)

static int
get_target (guint choice)
{
  return choice == CHOICE_IGNORED  ? CRM_IMPORT_COLUMN_IGNORED
         : choice == CHOICE_CRM_ID ? CRM_IMPORT_COLUMN_CRM_ID
                                   : (int) choice - CHOICE_FIELDS;
}

static guint
get_choice (int target)
{
  return target == CRM_IMPORT_COLUMN_IGNORED  ? CHOICE_IGNORED
         : target == CRM_IMPORT_COLUMN_CRM_ID ? CHOICE_CRM_ID
                                              : (guint) target + CHOICE_FIELDS;
}

static void
update_button (CrmImportDialog *self)
{
  gulong n = 0;
  g_autofree char *label = NULL;

  if (self->is_planned)
    n = crm_import_plan_get_n (self->plan, CRM_IMPORT_NEW) + crm_import_plan_get_n (self->plan, CRM_IMPORT_CHANGED);

  if (n > 0)
    label = g_strdup_printf (ngettext ("_Import %'lu Task", "_Import %'lu Tasks", n), n);
  gtk_button_set_label (GTK_BUTTON (self->import_button), n > 0 ? label : C_("button", "_Import"));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "preview.run", n > 0 && self->reading == NULL && !self->writing);
}

static void
update_chips (CrmImportDialog *self)
{
  for (guint i = 0; i < N_CHIPS; i++)
    {
      gint64 n = self->is_planned ? crm_import_plan_get_n (self->plan, i) : 0;
      const char *words = i == CRM_IMPORT_ALL ? C_("rows", "All") : crm_import_verdict_get_words (i);
      /* Translators: which rows, and how many */
      g_autofree char *label = g_strdup_printf (_("%s %'" PRId64), words, n);

      gtk_button_set_label (GTK_BUTTON (self->chip[i]), label);
      gtk_widget_set_visible (gtk_widget_get_parent (self->chip[i]), n > 0);
    }
  gtk_widget_set_visible (self->chips, self->is_planned);
}

static void
show_rows (CrmImportDialog *self)
{
  if (!self->is_planned)
    return;

  if (self->shown != CRM_IMPORT_ALL && crm_import_plan_get_n (self->plan, self->shown) == 0)
    {
      self->updating++;
      gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chip[CRM_IMPORT_ALL]), TRUE);
      self->updating--;
      self->shown = CRM_IMPORT_ALL;
    }

  gtk_adjustment_set_value (gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (self->rows)), 0);
  crm_import_rows_show (self->model, self->plan, self->shown);
  gtk_stack_set_visible_child_name (self->rows_stack, "rows");
}

static const char *
get_delimiter_words (CrmImportDialog *self,
                     char            *words)
{
  words[0] = crm_import_plan_get_delimiter (self->plan);
  words[1] = '\0';

  return words[0] == '\t' ? C_("delimiter", "tab") : words;
}

static void
update_description (CrmImportDialog *self)
{
  g_autofree char *zone = crm_import_plan_get_zone (self->plan);
  const char *encoding = crm_import_plan_get_encoding (self->plan);
  char delimiter[2];
  g_autofree char *words = NULL;
  g_autofree char *markup = NULL;

  /* Translators: an encoding, as UTF-8; what is between two cells; a time zone, as Europe/Berlin */
  words = g_strdup_printf (_("%s, with %s between cells; times that name no zone are of %s"), encoding != NULL ? encoding : "—",
                           get_delimiter_words (self, delimiter), zone);
  markup = g_markup_escape_text (words, -1);
  adw_expander_row_set_subtitle (self->columns_row, markup);
}

static void read_again (CrmImportDialog *self);

static void
choice_cb (CrmImportDialog *self)
{
  if (self->updating == 0)
    read_again (self);
}

static GListModel *
create_choices (void)
{
  GtkStringList *choices = gtk_string_list_new (NULL);

  gtk_string_list_append (choices, C_("column", "Left out"));
  gtk_string_list_append (choices, C_("column", "CRM id"));
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    gtk_string_list_append (choices, crm_field_get_label (i));

  return G_LIST_MODEL (choices);
}

static char *
cut (const char *header)
{
  return g_utf8_strlen (header, -1) > MOST_HEADER ? g_utf8_substring (header, 0, MOST_HEADER) : g_strdup (header);
}

static void
update_columns (CrmImportDialog *self)
{
  guint n = crm_import_plan_get_n_columns (self->plan);

  self->updating++;
  if (self->column_rows->len == 0)
    {
      g_autoptr (GListModel) choices = create_choices ();

      for (guint i = 0; i < n; i++)
        {
          g_autofree char *header = cut (crm_import_plan_get_column (self->plan, i)->header);
          GtkWidget *row = g_object_new (ADW_TYPE_COMBO_ROW, "use-markup", FALSE, "title-lines", 2, "model", choices, NULL);

          adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), *header != '\0' ? header : _("Without a header"));
          g_signal_connect_object (row, "notify::selected", G_CALLBACK (choice_cb), self, G_CONNECT_SWAPPED);
          adw_expander_row_add_row (self->columns_row, row);
          g_ptr_array_add (self->column_rows, row);
        }
    }
  for (guint i = 0; i < n && i < self->column_rows->len; i++)
    adw_combo_row_set_selected (self->column_rows->pdata[i],
                                get_choice (crm_import_plan_get_column (self->plan, i)->target));
  self->updating--;
}

static void
progress_cb (CrmImportPlan   *plan,
             GParamSpec      *pspec,
             CrmImportDialog *self)
{
  gulong n = crm_import_plan_get_n_rows (plan);
  double progress = crm_import_plan_get_progress (plan);
  g_autofree char *words = NULL;

  /* Who was closed meanwhile has no store any more. */
  if (self->store == NULL || (plan != self->reading && !self->writing))
    return;

  words = g_strdup_printf (self->writing ? ngettext ("%'lu row written", "%'lu rows written", n)
                                         : ngettext ("%'lu row read", "%'lu rows read", n), n);
  gtk_label_set_label (self->work_label, words);
  gtk_progress_bar_set_fraction (self->work_bar, progress);
  gtk_progress_bar_set_fraction (self->again_bar, progress);
}

static void
begin_work (CrmImportDialog *self)
{
  gtk_progress_bar_set_fraction (self->work_bar, 0);
  gtk_progress_bar_set_fraction (self->again_bar, 0);
  gtk_label_set_label (self->work_label, "");
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
}

/* Of a plan that can't be run. */
static char *
get_message (CrmImportPlan *plan,
             const GError  *error)
{
  gboolean has_name = FALSE;

  for (guint i = 0; i < crm_import_plan_get_n_columns (plan); i++)
    has_name |= crm_import_plan_get_column (plan, i)->target == CRM_FIELD_NAME;

  return g_markup_escape_text (has_name ? error->message : _("Choose above which column is the name of a task."), -1);
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr (CrmImportDialog) self = user_data;
  CrmImportPlan *plan = CRM_IMPORT_PLAN (source);
  g_autoptr (GError) error = NULL;
  gboolean done = crm_import_plan_read_finish (plan, result, &error);

  /* Another has begun, or nobody wants it any more. */
  if (plan != self->reading)
    return;

  g_set_object (&self->plan, plan);
  g_clear_object (&self->reading);
  self->is_planned = done;
  gtk_widget_set_visible (GTK_WIDGET (self->again_bar), FALSE);
  if (crm_import_plan_get_n_columns (plan) == 0)
    {
      g_autofree char *markup = g_markup_escape_text (error != NULL ? error->message : _("There are no rows"), -1);

      adw_status_page_set_description (self->trouble_page, markup);
      gtk_stack_set_visible_child_name (self->stack, "trouble");
    }
  else
    {
      update_columns (self);
      update_description (self);
      show_rows (self);
      gtk_stack_set_visible_child_name (self->stack, "preview");
    }
  if (error != NULL)
    {
      g_autofree char *markup = get_message (plan, error);

      adw_status_page_set_description (self->message_page, markup);
      gtk_stack_set_visible_child_name (self->rows_stack, "message");
      adw_expander_row_set_expanded (self->columns_row, TRUE);
    }
  update_chips (self);
  update_button (self);
}

/* A field is one column, the last that is told: first what is left out, then the rest. */
static GStrv
create_map (CrmImportDialog *self)
{
  g_autoptr (GStrvBuilder) lines = g_strv_builder_new ();

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < self->column_rows->len; i++)
      {
        int target = get_target (adw_combo_row_get_selected (self->column_rows->pdata[i]));
        const char *header = crm_import_plan_get_column (self->plan, i)->header;
        gboolean left_out = target == CRM_IMPORT_COLUMN_IGNORED;
        g_autofree char *line = g_strconcat (header, "=", left_out ? "" : crm_import_column_get_key (target), NULL);

        if (left_out == (pass == 0))
          g_strv_builder_add (lines, line);
      }

  return g_strv_builder_end (lines);
}

static void
read_plan (CrmImportDialog *self,
           GStrv            map)
{
  CrmImportOptions options = {
    .map = (const char *const *) map,
    .allow_duplicates = gtk_switch_get_active (self->again_switch),
    .draft = gtk_switch_get_active (self->draft_switch),
  };
  g_autoptr (CrmImportPlan) plan = crm_import_plan_new (self->store, &options);

  begin_work (self);
  g_set_object (&self->reading, plan);
  g_signal_connect_object (plan, "notify::progress", G_CALLBACK (progress_cb), self, 0);
  update_button (self);
  if (self->file != NULL)
    crm_import_plan_read_file_async (plan, self->file, self->cancellable, read_cb, g_object_ref (self));
  else
    crm_import_plan_read_text_async (plan, self->text, self->cancellable, read_cb, g_object_ref (self));
}

static void
read_again (CrmImportDialog *self)
{
  g_auto (GStrv) map = NULL;

  if (self->plan == NULL || self->writing)
    return;

  map = create_map (self);
  gtk_widget_set_visible (GTK_WIDGET (self->again_bar), TRUE);
  read_plan (self, map);
}

static void
run_cb (GObject      *source,
        GAsyncResult *result,
        gpointer      user_data)
{
  g_autoptr (CrmImportDialog) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmImportResult) outcome = crm_import_plan_run_finish (CRM_IMPORT_PLAN (source), result, &error);

  self->writing = FALSE;
  if (self->store == NULL)
    return;
  if (outcome != NULL)
    {
      g_signal_emit (self, signals[IMPORTED], 0, source, outcome->n[CRM_IMPORT_NEW] + outcome->n[CRM_IMPORT_CHANGED],
                     outcome->n[CRM_IMPORT_REFUSED]);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  /* A plan is run once. */
  gtk_stack_set_visible_child_name (self->stack, "preview");
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      read_again (self);
    }
  else
    {
      g_autofree char *markup = g_markup_escape_text (error->message, -1);

      self->is_planned = FALSE;
      adw_status_page_set_description (self->message_page, markup);
      gtk_stack_set_visible_child_name (self->rows_stack, "message");
      update_chips (self);
    }
  update_button (self);
}

static void
run_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  CrmImportDialog *self = CRM_IMPORT_DIALOG (widget);

  begin_work (self);
  self->writing = TRUE;
  update_button (self);
  gtk_stack_set_visible_child_name (self->stack, "working");
  crm_import_plan_run_async (self->plan, self->cancellable, run_cb, g_object_ref (self));
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  CrmImportDialog *self = CRM_IMPORT_DIALOG (widget);

  if (self->writing)
    g_cancellable_cancel (self->cancellable);
  else
    gtk_window_close (GTK_WINDOW (self));
}

static void
chip_cb (CrmImportDialog *self)
{
  if (self->updating > 0)
    return;

  for (guint i = 0; i < N_CHIPS; i++)
    if (gtk_toggle_button_get_active (GTK_TOGGLE_BUTTON (self->chip[i])) && self->shown != i)
      {
        self->shown = i;
        show_rows (self);
        return;
      }
}

/* What is written already stays; what is not is not. */
static gboolean
crm_import_dialog_close_request (GtkWindow *window)
{
  CrmImportDialog *self = CRM_IMPORT_DIALOG (window);

  g_clear_object (&self->reading);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);

  return self->writing || GTK_WINDOW_CLASS (crm_import_dialog_parent_class)->close_request (window);
}

static void
crm_import_dialog_dispose (GObject *object)
{
  CrmImportDialog *self = CRM_IMPORT_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_object (&self->model);
  g_clear_object (&self->plan);
  g_clear_object (&self->store);
  g_clear_object (&self->file);
  g_clear_pointer (&self->text, g_bytes_unref);
  g_clear_pointer (&self->column_rows, g_ptr_array_unref);

  G_OBJECT_CLASS (crm_import_dialog_parent_class)->dispose (object);
}

static void
crm_import_dialog_class_init (CrmImportDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_import_dialog_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = crm_import_dialog_close_request;

  signals[IMPORTED] = g_signal_new ("imported", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 3, CRM_TYPE_IMPORT_PLAN, G_TYPE_INT64, G_TYPE_INT64);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-import-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, title);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, import_button);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, work_label);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, work_bar);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, trouble_page);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, columns_row);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, draft_switch);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, again_switch);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, chips);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, again_bar);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, rows_stack);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, rows);
  gtk_widget_class_bind_template_child (widget_class, CrmImportDialog, message_page);
  gtk_widget_class_bind_template_callback (widget_class, choice_cb);

  gtk_widget_class_install_action (widget_class, "preview.run", NULL, run_action);
  gtk_widget_class_install_action (widget_class, "preview.cancel", NULL, cancel_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "preview.cancel", NULL);
}

static void
crm_import_dialog_init (CrmImportDialog *self)
{
  g_autoptr (GtkNoSelection) selection = NULL;

  self->column_rows = g_ptr_array_new ();
  self->model = crm_import_rows_new ();
  self->shown = CRM_IMPORT_ALL;

  gtk_widget_init_template (GTK_WIDGET (self));

  selection = gtk_no_selection_new (g_object_ref (G_LIST_MODEL (self->model)));
  gtk_list_view_set_model (self->rows, GTK_SELECTION_MODEL (selection));

  /* All come first, and are chosen. */
  for (guint i = 0; i < N_CHIPS; i++)
    {
      self->chip[i] = gtk_toggle_button_new ();
      gtk_widget_add_css_class (self->chip[i], "chip");
      g_signal_connect_object (self->chip[i], "toggled", G_CALLBACK (chip_cb), self, G_CONNECT_SWAPPED);
      gtk_flow_box_insert (GTK_FLOW_BOX (self->chips), self->chip[i], i == CRM_IMPORT_ALL ? 0 : -1);
      gtk_widget_set_focusable (gtk_widget_get_parent (self->chip[i]), FALSE);
      if (i > 0)
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (self->chip[i]), GTK_TOGGLE_BUTTON (self->chip[0]));
    }
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->chip[CRM_IMPORT_ALL]), TRUE);
  update_button (self);
}

/**
 * crm_import_dialog_new:
 * @parent: the window it belongs to
 * @store: where to
 * @file: (nullable): a CSV file; %NULL with @text
 * @text: (nullable): CSV, or cells with tabs between them; %NULL with @file
 *
 * Begins to read. Nothing is written before a person says so.
 *
 * Returns: (transfer none): a modal window
 */
GtkWidget *
crm_import_dialog_new (GtkWindow *parent,
                       CrmStore  *store,
                       GFile     *file,
                       GBytes    *text)
{
  CrmImportDialog *self;
  g_autofree char *name = NULL;

  g_return_val_if_fail (GTK_IS_WINDOW (parent), NULL);
  g_return_val_if_fail (CRM_IS_STORE (store), NULL);
  g_return_val_if_fail ((file == NULL) != (text == NULL), NULL);

  self = g_object_new (CRM_TYPE_IMPORT_DIALOG, "transient-for", parent, NULL);
  self->store = g_object_ref (store);
  self->file = file != NULL ? g_object_ref (file) : NULL;
  self->text = text != NULL ? g_bytes_ref (text) : NULL;

  name = file != NULL ? g_file_get_basename (file) : g_strdup (_("From the clipboard"));
  adw_window_title_set_subtitle (self->title, name);
  read_plan (self, NULL);

  return GTK_WIDGET (self);
}
