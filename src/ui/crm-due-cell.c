/* crm-due-cell.c: the cell that says when a task is due
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-due-cell.h"

#include "ui/crm-line-layout.h"
#include "ui/crm-task-words.h"

#include "model/crm-datetime.h"

#include <glib/gi18n-lib.h>

struct _CrmDueCell
{
  GtkWidget       parent_instance;

  GtkInscription *overdue_line;
  CrmTask        *task;
  char           *words;
  gboolean        overdue;
  guint           tick_id;
};

enum
{
  PROP_0,
  PROP_TASK,
  PROP_WORDS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmDueCell, crm_due_cell, GTK_TYPE_WIDGET)

static void update_words (CrmDueCell *self);

static gboolean
tick_cb (gpointer user_data)
{
  CrmDueCell *self = user_data;

  self->tick_id = 0;
  update_words (self);

  return G_SOURCE_REMOVE;
}

static const char *
get_due (CrmDueCell *self)
{
  return self->task != NULL ? crm_values_get_text (crm_task_get_values (self->task), CRM_FIELD_END_DATETIME) : NULL;
}

/* The words change when the task falls due and at midnight; a clock that jumps is noticed soon after. */
static guint
get_seconds_to_change (CrmDueCell *self,
                       gint64      now)
{
  g_autoptr (GDateTime) here = g_date_time_new_now_local ();
  gint64 wait = 24 * 3600 - (g_date_time_get_hour (here) * 60 + g_date_time_get_minute (here)) * 60 -
                g_date_time_get_second (here);
  gint64 due;

  if (get_due (self) != NULL && crm_datetime_from_utc (get_due (self), &due) &&
      due >= now / G_USEC_PER_SEC)
    wait = MIN (wait, due - now / G_USEC_PER_SEC);

  return (guint) CLAMP (wait + 1, 1, 600);
}

static void
update_words (CrmDueCell *self)
{
  gint64 now = g_get_real_time ();
  const char *due = get_due (self);
  g_autofree char *words = crm_task_words_get_due (due, now);
  g_autofree char *exact = crm_task_words_get_due_exact (due);
  gboolean overdue = self->task != NULL && crm_task_words_is_overdue (self->task, now);

  gtk_widget_set_tooltip_text (GTK_WIDGET (self), exact);

  g_clear_handle_id (&self->tick_id, g_source_remove);
  if (due != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->tick_id = g_timeout_add_seconds (get_seconds_to_change (self, now), tick_cb, self);

  if (g_strcmp0 (self->words, words) != 0)
    {
      g_free (self->words);
      self->words = g_steal_pointer (&words);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_WORDS]);
    }
  if (self->overdue != overdue)
    {
      self->overdue = overdue;
      crm_line_layout_set_text (self->overdue_line, overdue ? C_("task", "Overdue") : NULL);
    }
}

static void
crm_due_cell_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (crm_due_cell_parent_class)->map (widget);

  update_words (CRM_DUE_CELL (widget));
}

static void
crm_due_cell_unmap (GtkWidget *widget)
{
  g_clear_handle_id (&CRM_DUE_CELL (widget)->tick_id, g_source_remove);

  GTK_WIDGET_CLASS (crm_due_cell_parent_class)->unmap (widget);
}

static void
crm_due_cell_dispose (GObject *object)
{
  CrmDueCell *self = CRM_DUE_CELL (object);
  GtkWidget *child;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  g_clear_object (&self->task);
  g_clear_pointer (&self->words, g_free);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (crm_due_cell_parent_class)->dispose (object);
}

static void
crm_due_cell_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  CrmDueCell *self = CRM_DUE_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      g_value_set_object (value, self->task);
      break;
    case PROP_WORDS:
      g_value_set_string (value, self->words);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_due_cell_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  CrmDueCell *self = CRM_DUE_CELL (object);

  switch (prop_id)
    {
    case PROP_TASK:
      if (g_set_object (&self->task, g_value_get_object (value)))
        {
          update_words (self);
          g_object_notify_by_pspec (object, pspec);
        }
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_due_cell_class_init (CrmDueCellClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_due_cell_dispose;
  object_class->get_property = crm_due_cell_get_property;
  object_class->set_property = crm_due_cell_set_property;
  widget_class->map = crm_due_cell_map;
  widget_class->unmap = crm_due_cell_unmap;

  properties[PROP_TASK] = g_param_spec_object ("task", NULL, NULL, CRM_TYPE_TASK,
                                               G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_WORDS] = g_param_spec_string ("words", NULL, NULL, NULL,
                                                G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  gtk_widget_class_set_css_name (widget_class, "duecell");
  g_type_ensure (CRM_TYPE_LINE_LAYOUT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-due-cell.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmDueCell, overdue_line);
}

static void
crm_due_cell_init (CrmDueCell *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
