/* crm-task-cell.c: the cell with a task’s name and what there is to say of it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-task-cell.h"

#include "ui/crm-line-layout.h"
#include "ui/crm-task-words.h"

#include <glib/gi18n-lib.h>

struct _CrmTaskCell
{
  GtkWidget       parent_instance;

  GtkInscription *title_line;
  GtkInscription *note_line;

  CrmTask        *task;
  char           *note;
  guint           tick_id;
};

enum
{
  PROP_0,
  PROP_TASK,
  PROP_NOTE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmTaskCell, crm_task_cell, GTK_TYPE_WIDGET)

static void update_note (CrmTaskCell *self);

static gboolean
tick_cb (gpointer user_data)
{
  CrmTaskCell *self = user_data;

  self->tick_id = 0;
  update_note (self);

  return G_SOURCE_REMOVE;
}

static void
update_note (CrmTaskCell *self)
{
  gint64 now = g_get_real_time ();
  gint64 next = 0;
  g_autofree char *note = NULL;

  g_clear_handle_id (&self->tick_id, g_source_remove);

  if (self->task != NULL)
    {
      note = crm_task_words_get_note (self->task, now);
      if (crm_task_get_state (self->task) == CRM_SYNC_QUEUED)
        next = crm_task_get_next_attempt (self->task);
    }

  /* “Next try in 40 s” counts down while it can be seen. */
  if (next > now && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);

  if (g_strcmp0 (self->note, note) == 0)
    return;

  g_free (self->note);
  self->note = g_steal_pointer (&note);
  crm_line_layout_set_text (self->note_line, self->note);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

/* What a screen reader says of the whole row. GTK 4.8 makes the row, and lets nobody name it but through its cells. */
static void
name_row (CrmTaskCell *self)
{
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (self));
  g_autofree char *title = NULL;
  g_autofree char *due = NULL;
  g_autofree char *words = NULL;

  while (row != NULL && !g_str_equal (gtk_widget_get_css_name (row), "row"))
    row = gtk_widget_get_parent (row);
  if (row == NULL || self->task == NULL)
    return;

  title = crm_task_get_title (self->task);
  due = crm_task_words_get_due (crm_values_get_text (crm_task_get_values (self->task), CRM_FIELD_END_DATETIME), g_get_real_time ());
  /* Translators: a task’s name, its state, what there is to say of that, and when it is due */
  words = g_strdup_printf (_("%s, %s, %s, due %s"), title, crm_sync_state_get_words (crm_task_get_state (self->task)),
                           self->note != NULL ? self->note : "", due);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

static void
set_task (CrmTaskCell *self,
          CrmTask     *task)
{
  if (self->task == task)
    return;

  if (self->task != NULL)
    gtk_widget_remove_css_class (GTK_WIDGET (self), crm_sync_state_get_nick (crm_task_get_state (self->task)));
  if (task != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self), crm_sync_state_get_nick (crm_task_get_state (task)));

  /* The code of a problem stands at its end. */
  gtk_inscription_set_text_overflow (self->note_line, task != NULL && crm_task_get_state (task) == CRM_SYNC_FAILED
                                                          ? GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_MIDDLE
                                                          : GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);

  g_set_object (&self->task, task);
  {
    g_autofree char *title = task != NULL ? crm_task_get_title (task) : NULL;

    crm_line_layout_set_text (self->title_line, title);
  }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TASK]);
  update_note (self);
  name_row (self);
}

static void
crm_task_cell_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (crm_task_cell_parent_class)->map (widget);

  update_note (CRM_TASK_CELL (widget));
  name_row (CRM_TASK_CELL (widget));
}

static void
crm_task_cell_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&CRM_TASK_CELL (widget)->tick_id, g_source_remove);

  GTK_WIDGET_CLASS (crm_task_cell_parent_class)->unmap (widget);
}

static void
crm_task_cell_dispose (GObject *object)
{
  CrmTaskCell *self = CRM_TASK_CELL (object);
  GtkWidget *child;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->task);
  g_clear_pointer (&self->note, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (crm_task_cell_parent_class)->dispose (object);
}

static void
crm_task_cell_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  CrmTaskCell *self = CRM_TASK_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      g_value_set_object (value, self->task);
      break;
    case PROP_NOTE:
      g_value_set_string (value, self->note);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_cell_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  CrmTaskCell *self = CRM_TASK_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      set_task (self, g_value_get_object (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_cell_class_init (CrmTaskCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_task_cell_dispose;
  object_class->get_property = crm_task_cell_get_property;
  object_class->set_property = crm_task_cell_set_property;
  widget_class->map = crm_task_cell_map;
  widget_class->unmap = crm_task_cell_unmap;

  properties[PROP_TASK] = g_param_spec_object ("task", NULL, NULL, CRM_TYPE_TASK,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (CRM_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_css_name (widget_class, "taskcell");
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-task-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmTaskCell, note_line);
  gtk_widget_class_bind_template_child (widget_class, CrmTaskCell, title_line);
}

static void
crm_task_cell_init (CrmTaskCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
