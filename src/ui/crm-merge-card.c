/* crm-merge-card.c: what was changed here and on the CRM as well, side by side
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-merge-card.h"

#include "ui/crm-task-words.h"

#include <glib/gi18n-lib.h>

struct _CrmMergeCard
{
  AdwPreferencesGroup  parent_instance;

  GtkWidget           *title_row;
  GtkWidget           *use_button;

  gint64               local_id;
  gint64               revision;
  GPtrArray           *choices; /* of Choice */
};

/* One field, or the owners as one. */
typedef struct
{
  CrmFieldMask    fields;
  GtkWidget      *row;   /* of the group; not owned */
  GtkCheckButton *here;
  GtkCheckButton *there;
} Choice;

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmMergeCard, crm_merge_card, ADW_TYPE_PREFERENCES_GROUP)

static void
toggled_cb (CrmMergeCard *self)
{
  gboolean all = TRUE;

  for (guint i = 0; i < self->choices->len; i++)
    {
      const Choice *choice = self->choices->pdata[i];

      all = all && (gtk_check_button_get_active (choice->here) || gtk_check_button_get_active (choice->there));
    }
  gtk_widget_set_sensitive (self->use_button, all);
}

static void
use_cb (CrmMergeCard *self)
{
  CrmFieldMask theirs = 0;

  for (guint i = 0; i < self->choices->len; i++)
    {
      const Choice *choice = self->choices->pdata[i];

      if (gtk_check_button_get_active (choice->there))
        theirs |= choice->fields;
    }
  g_signal_emit (self, signals[CHOSEN], 0, theirs);
}

static GtkCheckButton *
make_button (CrmMergeCard *self,
             GtkWidget    *box,
             const char   *title,
             const char   *field,
             const char   *value)
{
  GtkWidget *button = gtk_check_button_new ();
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *caption = gtk_label_new (title);
  GtkWidget *label = gtk_label_new (*value != '\0' ? value : C_("value of a field", "Nothing"));
  g_autofree char *spoken = g_strdup_printf ("%s, %s: %s", field, title, *value != '\0' ? value : C_("value of a field", "Nothing"));

  gtk_label_set_xalign (GTK_LABEL (caption), 0);
  gtk_widget_add_css_class (caption, "caption");
  gtk_widget_add_css_class (caption, "dim-label");
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  /* As wide as there is room, and no wider. */
  gtk_label_set_max_width_chars (GTK_LABEL (label), 1);
  gtk_label_set_lines (GTK_LABEL (label), 6);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
  gtk_widget_set_tooltip_text (label, value);

  gtk_box_append (GTK_BOX (lines), caption);
  gtk_box_append (GTK_BOX (lines), label);
  gtk_widget_set_hexpand (lines, TRUE);
  gtk_check_button_set_child (GTK_CHECK_BUTTON (button), lines);
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_set_valign (button, GTK_ALIGN_START);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  g_signal_connect_swapped (button, "toggled", G_CALLBACK (toggled_cb), self);
  gtk_box_append (GTK_BOX (box), button);

  return GTK_CHECK_BUTTON (button);
}

static void
add_choice (CrmMergeCard *self,
            CrmStore     *store,
            CrmTask      *task,
            CrmFieldMask  fields,
            const char   *title)
{
  Choice *choice = g_new0 (Choice, 1);
  g_autofree char *here = crm_task_words_describe (store, crm_task_get_values (task), fields);
  g_autofree char *there = crm_task_words_describe (store, crm_task_get_theirs (task), fields);
  GtkWidget *lines = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *both = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *label = gtk_label_new (title);

  choice->fields = fields;
  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_widget_add_css_class (label, "heading");
  gtk_box_set_homogeneous (GTK_BOX (both), TRUE);
  gtk_widget_add_css_class (lines, "choice");
  gtk_box_append (GTK_BOX (lines), label);
  gtk_box_append (GTK_BOX (lines), both);

  choice->here = make_button (self, both, C_("value of a field", "Here"), title, here);
  choice->there = make_button (self, both, C_("value of a field", "On the CRM"), title, there);
  gtk_check_button_set_group (choice->there, choice->here);

  choice->row = adw_preferences_row_new ();
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (choice->row), title);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (choice->row), FALSE);
  gtk_widget_set_focusable (choice->row, FALSE);
  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (choice->row), lines);
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (self), choice->row);
  g_ptr_array_add (self->choices, choice);
}

static void
crm_merge_card_finalize (GObject *object)
{
  g_ptr_array_unref (CRM_MERGE_CARD (object)->choices);

  G_OBJECT_CLASS (crm_merge_card_parent_class)->finalize (object);
}

static void
crm_merge_card_class_init (CrmMergeCardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = crm_merge_card_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_UINT);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-merge-card.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmMergeCard, title_row);
  gtk_widget_class_bind_template_child (widget_class, CrmMergeCard, use_button);
  gtk_widget_class_bind_template_callback (widget_class, use_cb);
}

static void
crm_merge_card_init (CrmMergeCard *self)
{
  self->choices = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * crm_merge_card_set_task:
 * @self: a card
 * @store: (nullable): where names are looked up
 * @task: (nullable): a task; the card hides unless it was changed on both sides
 */
void
crm_merge_card_set_task (CrmMergeCard *self,
                         CrmStore     *store,
                         CrmTask      *task)
{
  CrmFieldMask conflict;

  g_return_if_fail (CRM_IS_MERGE_CARD (self));

  conflict = task != NULL ? crm_task_get_conflict (task) : 0;
  gtk_widget_set_visible (GTK_WIDGET (self), conflict != 0);
  if (conflict == 0)
    {
      self->local_id = 0;
      return;
    }

  /* What was chosen stays while what there is to choose from does. */
  if (self->local_id == crm_task_get_local_id (task) && self->revision == crm_task_get_revision (task))
    return;
  self->local_id = crm_task_get_local_id (task);
  self->revision = crm_task_get_revision (task);

  for (guint i = 0; i < self->choices->len; i++)
    adw_preferences_group_remove (ADW_PREFERENCES_GROUP (self), ((Choice *) self->choices->pdata[i])->row);
  g_ptr_array_set_size (self->choices, 0);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((conflict & CRM_FIELD_BIT (i)) != 0 && (CRM_FIELD_BIT (i) & CRM_FIELDS_OWNER) == 0)
      add_choice (self, store, task, CRM_FIELD_BIT (i), crm_field_get_label (i));
  if ((conflict & CRM_FIELDS_OWNER) != 0)
    add_choice (self, store, task, CRM_FIELDS_OWNER, C_("field", "Belongs to"));
  toggled_cb (self);
}
