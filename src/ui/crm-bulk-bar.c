/* crm-bulk-bar.c: what can be done with several tasks at once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-bulk-bar.h"

#include "store/crm-bulk.h"
#include "ui/crm-set-field-dialog.h"
#include "ui/crm-undo-step.h"

#include <glib/gi18n-lib.h>

struct _CrmBulkBar
{
  GtkWidget      parent_instance;

  GtkRevealer   *revealer;
  GtkWidget     *surely_box;
  GtkLabel      *surely_label;
  GtkLabel      *label;
  GtkMenuButton *bulk_menu_button;
  GMenuModel    *bulk_menu;

  CrmTaskView   *view; /* weak */
  CrmStore      *store;
  GArray        *second_yes; /* of gint64: the tasks that want one; NULL: none */
};

enum
{
  SAID,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmBulkBar, crm_bulk_bar, GTK_TYPE_WIDGET)

typedef enum
{
  WHAT_RESUBMIT,
  WHAT_TO_DRAFTS,
  WHAT_DISCARD,
  WHAT_SET,
  WHAT_SET_AND_RESUBMIT,
  WHAT_UNDO,
} What;

typedef struct
{
  CrmBulkBar *self;
  What        what;
} Change;

typedef struct
{
  CrmBulkBar  *self;
  CrmStore    *store;
  CrmBulkUndo *undo;
} WayBack;

static void changed_cb (GObject      *source,
                        GAsyncResult *result,
                        gpointer      user_data);

static Change *
change_new (CrmBulkBar *self,
            What        what)
{
  Change *change = g_new0 (Change, 1);

  change->self = g_object_ref (self);
  change->what = what;

  return change;
}

static void
change_free (Change *change)
{
  g_object_unref (change->self);
  g_free (change);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Change, change_free)

static void
way_back_free (WayBack *back)
{
  g_object_unref (back->self);
  g_object_unref (back->store);
  crm_bulk_undo_unref (back->undo);
  g_free (back);
}

static void
take_back (gpointer data)
{
  WayBack *back = data;

  crm_bulk_undo_async (back->store, back->undo, changed_cb, change_new (back->self, WHAT_UNDO));
}

static CrmUndoStep *
write_way_back (CrmBulkBar  *self,
                CrmStore    *store,
                CrmBulkUndo *undo)
{
  WayBack *back;

  if (undo == NULL)
    return NULL;

  back = g_new0 (WayBack, 1);
  back->self = g_object_ref (self);
  back->store = g_object_ref (store);
  back->undo = crm_bulk_undo_ref (undo);

  return crm_undo_step_new (take_back, back, (GDestroyNotify) way_back_free);
}

static char *
write_done (What  what,
            guint n)
{
  switch (what)
    {
    case WHAT_RESUBMIT:
      return g_strdup_printf (ngettext ("%'u task goes to the CRM", "%'u tasks go to the CRM", n), n);
    case WHAT_TO_DRAFTS:
      return g_strdup_printf (ngettext ("%'u task moved to drafts", "%'u tasks moved to drafts", n), n);
    case WHAT_DISCARD:
      return g_strdup_printf (ngettext ("%'u task discarded", "%'u tasks discarded", n), n);
    case WHAT_SET_AND_RESUBMIT:
      return g_strdup_printf (ngettext ("%'u task changed and sent again", "%'u tasks changed and sent again", n), n);
    case WHAT_UNDO:
      return g_strdup_printf (ngettext ("%'u task is as it was", "%'u tasks are as they were", n), n);
    case WHAT_SET:
    default:
      return g_strdup_printf (ngettext ("%'u task changed", "%'u tasks changed", n), n);
    }
}

static char *
write_result (What                 what,
              const CrmBulkResult *result)
{
  g_autofree char *done = NULL;
  g_autofree char *refused = NULL;

  if (result->done == 0 && result->refused == 0)
    return g_strdup (_("There was nothing to do"));

  done = result->done > 0 || result->refused == 0 ? write_done (what, result->done) : NULL;
  if (result->refused == 0)
    return g_steal_pointer (&done);

  /* Translators: how many, and why the first of them */
  refused = g_strdup_printf (ngettext ("%'u task could not be changed: %s", "%'u tasks could not be changed: %s", result->refused),
                             result->refused, result->words);

  /* Translators: two sentences, as “2 tasks discarded; 1 task could not be changed: …” */
  return done != NULL ? g_strdup_printf (_("%s; %s"), done, refused) : g_steal_pointer (&refused);
}

static void
set_second_yes (CrmBulkBar *self,
                GArray     *ids)
{
  guint n = ids != NULL ? ids->len : 0;
  g_autofree char *words = NULL;

  g_clear_pointer (&self->second_yes, g_array_unref);
  if (n > 0)
    self->second_yes = g_array_ref (ids);

  words = g_strdup_printf (ngettext ("%'u of them may be on the CRM already, and would stay there",
                                     "%'u of them may be on the CRM already, and would stay there", n), n);
  gtk_label_set_label (self->surely_label, words);
  gtk_widget_set_visible (self->surely_box, n > 0);
}

static void
update (CrmBulkBar *self)
{
  guint n = self->view != NULL ? crm_task_view_get_n_selected (self->view) : 0;
  g_autofree char *words = g_strdup_printf (ngettext ("%'u task selected", "%'u tasks selected", n), n);

  if (n > 1)
    gtk_label_set_label (self->label, words);
  gtk_revealer_set_reveal_child (self->revealer, n > 1 || self->second_yes != NULL);
}

static void
changed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (Change) change = user_data;
  CrmBulkBar *self = change->self;
  g_autoptr (CrmBulkUndo) undo = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmBulkResult) done = crm_bulk_finish (CRM_STORE (source), result, &undo, &error);
  g_autoptr (CrmUndoStep) step = NULL;
  g_autofree char *words = NULL;

  if (done == NULL)
    {
      g_signal_emit (self, signals[SAID], 0, error->message, NULL);
      return;
    }

  step = write_way_back (self, CRM_STORE (source), undo);
  words = write_result (change->what, done);
  if (CRM_STORE (source) == self->store)
    set_second_yes (self, done->second_yes);
  g_signal_emit (self, signals[SAID], 0, words, step);
  update (self);
}

static void
apply (CrmBulkBar *self,
       GArray     *ids,
       CrmAction   action,
       What        what)
{
  if (self->store == NULL || ids->len == 0)
    return;

  set_second_yes (self, NULL);
  crm_bulk_apply_async (self->store, (const gint64 *) (gpointer) ids->data, ids->len, action, changed_cb,
                        change_new (self, what));
  update (self);
}

static void
apply_to_selected (GtkWidget *widget,
                   CrmAction  action,
                   What       what)
{
  CrmBulkBar *self = CRM_BULK_BAR (widget);
  g_autoptr (GArray) ids = NULL;

  if (self->view == NULL)
    return;

  ids = crm_task_view_get_selected_ids (self->view);
  apply (self, ids, action, what);
}

static void
set_cb (CrmSetFieldDialog *dialog,
        gboolean           resubmit,
        CrmBulkBar        *self)
{
  GArray *ids = g_object_get_data (G_OBJECT (dialog), "ids");
  CrmFieldMask touched;
  g_autoptr (CrmValues) values = crm_set_field_dialog_get_values (dialog, &touched);

  /* The account may have been switched meanwhile. */
  if (self->store == NULL || self->store != g_object_get_data (G_OBJECT (dialog), "store"))
    return;

  crm_bulk_edit_async (self->store, (const gint64 *) (gpointer) ids->data, ids->len, values, touched,
                       resubmit ? CRM_EDIT_SUBMIT : CRM_EDIT_KEEP, changed_cb,
                       change_new (self, resubmit ? WHAT_SET_AND_RESUBMIT : WHAT_SET));
}

static void
ask_for_value (CrmBulkBar *self,
               GArray     *ids,
               CrmFieldId  field)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *dialog;

  if (self->store == NULL || ids->len == 0)
    return;

  dialog = crm_set_field_dialog_new (GTK_WINDOW (root), self->store, ids->len, field);
  g_object_set_data_full (G_OBJECT (dialog), "ids", g_array_ref (ids), (GDestroyNotify) g_array_unref);
  g_object_set_data_full (G_OBJECT (dialog), "store", g_object_ref (self->store), g_object_unref);
  g_signal_connect_object (dialog, "set", G_CALLBACK (set_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
resubmit_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  apply_to_selected (widget, CRM_ACTION_RESUBMIT, WHAT_RESUBMIT);
}

static void
to_drafts_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  apply_to_selected (widget, CRM_ACTION_TO_DRAFTS, WHAT_TO_DRAFTS);
}

static void
discard_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  apply_to_selected (widget, CRM_ACTION_DISCARD, WHAT_DISCARD);
}

static void
discard_surely_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  CrmBulkBar *self = CRM_BULK_BAR (widget);
  g_autoptr (GArray) ids = g_steal_pointer (&self->second_yes);

  if (ids != NULL)
    apply (self, ids, CRM_ACTION_DISCARD_SURELY, WHAT_DISCARD);
}

static void
set_field_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  CrmBulkBar *self = CRM_BULK_BAR (widget);
  g_autoptr (GArray) ids = NULL;

  if (self->view == NULL)
    return;

  ids = crm_task_view_get_selected_ids (self->view);
  ask_for_value (self, ids, CRM_FIELD_END_DATETIME);
}

static void
clear_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  CrmBulkBar *self = CRM_BULK_BAR (widget);

  set_second_yes (self, NULL);
  if (self->view != NULL)
    crm_task_view_set_selected_id (self->view, crm_task_view_get_selected_id (self->view));
  update (self);
}

/* One command for all tasks that the CRM refused with one code. */
typedef struct
{
  CrmBulkBar *self;
  CrmFieldId  field; /* CRM_N_FIELDS: only resubmit */
} ForCode;

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autofree ForCode *what = user_data;
  g_autoptr (CrmBulkBar) self = what->self;
  g_autoptr (GError) error = NULL;
  g_autoptr (CrmIdList) list = crm_store_query_finish (CRM_STORE (source), result, &error);
  g_autoptr (GArray) ids = crm_id_list_to_array (list);

  if (ids == NULL)
    g_signal_emit (self, signals[SAID], 0, error->message, NULL);
  else if (CRM_STORE (source) != self->store)
    return;
  else if (what->field == CRM_N_FIELDS)
    apply (self, ids, CRM_ACTION_RESUBMIT, WHAT_RESUBMIT);
  else
    ask_for_value (self, ids, what->field);
}

static void
find_code (CrmBulkBar *self,
           gint64      code,
           CrmFieldId  field)
{
  g_autoptr (CrmTaskQuery) query = crm_task_query_new ();
  ForCode *what;

  if (self->store == NULL || code == 0)
    return;

  query->states = 1u << CRM_SYNC_FAILED;
  query->code = code;
  what = g_new0 (ForCode, 1);
  what->self = g_object_ref (self);
  what->field = field;
  crm_store_query_async (self->store, query, 0, NULL, NULL, NULL, found_cb, what);
}

/* A menu is built when it is opened. */
static void
create_menu_cb (GtkMenuButton *button,
                gpointer       user_data)
{
  if (gtk_menu_button_get_menu_model (button) == NULL)
    gtk_menu_button_set_menu_model (button, CRM_BULK_BAR (user_data)->bulk_menu);
}

static void
crm_bulk_bar_dispose (GObject *object)
{
  CrmBulkBar *self = CRM_BULK_BAR (object);

  crm_bulk_bar_set_view (self, NULL);
  g_clear_object (&self->store);
  g_clear_pointer (&self->second_yes, g_array_unref);
  g_clear_pointer ((GtkWidget **) &self->revealer, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_bulk_bar_parent_class)->dispose (object);
}

static void
crm_bulk_bar_class_init (CrmBulkBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = crm_bulk_bar_dispose;

  signals[SAID] = g_signal_new ("said", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 2, G_TYPE_STRING, CRM_TYPE_UNDO_STEP);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-bulk-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmBulkBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, CrmBulkBar, surely_box);
  gtk_widget_class_bind_template_child (widget_class, CrmBulkBar, surely_label);
  gtk_widget_class_bind_template_child (widget_class, CrmBulkBar, label);
  gtk_widget_class_bind_template_child (widget_class, CrmBulkBar, bulk_menu_button);
  gtk_widget_class_bind_template_child (widget_class, CrmBulkBar, bulk_menu);

  gtk_widget_class_install_action (widget_class, "bulk.resubmit", NULL, resubmit_action);
  gtk_widget_class_install_action (widget_class, "bulk.set-field", NULL, set_field_action);
  gtk_widget_class_install_action (widget_class, "bulk.to-drafts", NULL, to_drafts_action);
  gtk_widget_class_install_action (widget_class, "bulk.discard", NULL, discard_action);
  gtk_widget_class_install_action (widget_class, "bulk.discard-surely", NULL, discard_surely_action);
  gtk_widget_class_install_action (widget_class, "bulk.clear", NULL, clear_action);
}

static void
crm_bulk_bar_init (CrmBulkBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_menu_button_set_create_popup_func (self->bulk_menu_button, create_menu_cb, self, NULL);
}

/**
 * crm_bulk_bar_set_view:
 * @self: a bar
 * @view: (nullable): in which the tasks are selected
 */
void
crm_bulk_bar_set_view (CrmBulkBar  *self,
                       CrmTaskView *view)
{
  g_return_if_fail (CRM_IS_BULK_BAR (self));

  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (self->view, self);
  g_set_weak_pointer (&self->view, view);
  if (view != NULL)
    g_signal_connect_object (view, "notify::n-selected", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
}

/**
 * crm_bulk_bar_set_store:
 * @self: a bar
 * @store: (nullable): whose tasks they are
 */
void
crm_bulk_bar_set_store (CrmBulkBar *self,
                        CrmStore   *store)
{
  g_return_if_fail (CRM_IS_BULK_BAR (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  g_set_object (&self->store, store);
  set_second_yes (self, NULL);
  update (self);
}

/**
 * crm_bulk_bar_resubmit_code:
 * @self: a bar
 * @code: a code of the CRM
 *
 * Resubmits every task that needs attention because of it.
 */
void
crm_bulk_bar_resubmit_code (CrmBulkBar *self,
                            gint64      code)
{
  g_return_if_fail (CRM_IS_BULK_BAR (self));

  find_code (self, code, CRM_N_FIELDS);
}

/**
 * crm_bulk_bar_set_field_code:
 * @self: a bar
 * @code: a code of the CRM
 * @field: the field to begin with
 *
 * Asks for a field’s value, and sets it in every task that needs attention because of that code.
 */
void
crm_bulk_bar_set_field_code (CrmBulkBar *self,
                             gint64      code,
                             CrmFieldId  field)
{
  g_return_if_fail (CRM_IS_BULK_BAR (self));
  g_return_if_fail (field < CRM_N_FIELDS);

  find_code (self, code, field);
}
