/* crm-record-row.c: a row in which somebody or something of the CRM is chosen by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-record-row.h"

#include "model/crm-shown-text.h"
#include "store/crm-directory.h"
#include "store/crm-inbox.h"

#include <glib/gi18n-lib.h>

/* So many are offered; who is not among them is found by typing on. */
#define MOST_OFFERED 20

struct _CrmRecordRow
{
  AdwEntryRow    parent_instance;

  GtkLabel      *id_label;
  GtkWidget     *list_button;
  GtkWidget     *popover;
  GtkScrolledWindow *scroller;
  GtkListBox    *list;

  CrmStore      *store;
  CrmRecordKind  kind;
  char          *offered;   /* ids, a space between two; NULL: none in particular */
  CrmRecord     *record;    /* what is named; NULL: what is typed is not, or not yet, the name of anything */
  GPtrArray     *found;     /* of CrmRecord, as listed */
  GCancellable  *searching;
  gboolean       take_first; /* Enter was pressed before what is listed was found */
  gboolean       setting;   /* the text is set by us */
};

enum
{
  CHOSEN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmRecordRow, crm_record_row, ADW_TYPE_ENTRY_ROW)

/* What the lists are called that hold a kind. */
static CrmList
get_list (CrmRecordKind kind)
{
  for (guint i = 0; i < CRM_N_LISTS; i++)
    {
      CrmRecordKind of_list;

      if (crm_list_get_record_kind (i, &of_list) && of_list == kind)
        return i;
    }

  return CRM_LIST_VENUES;
}

static CrmRecord *
find (CrmRecordRow *self,
      const char   *value)
{
  CrmRecord *record;
  gint64 id;

  if (self->store == NULL || !g_ascii_string_to_signed (value, 10, 1, G_MAXINT64, &id, NULL))
    return NULL;

  record = crm_directory_find (self->store, self->kind, id);
  /* Which of the two a lead is, is the CRM's to say. */
  if (record == NULL && self->kind == CRM_RECORD_OPPORTUNITY)
    record = crm_directory_find (self->store, CRM_RECORD_LEAD, id);
  else if (record == NULL && self->kind == CRM_RECORD_LEAD)
    record = crm_directory_find (self->store, CRM_RECORD_OPPORTUNITY, id);

  return record;
}

/* What tells it from another of its name. */
static char *
write_detail (CrmRecordRow    *self,
              const CrmRecord *record)
{
  g_autoptr (CrmRecord) venue = NULL;
  g_autoptr (GString) words = g_string_new (NULL);

  if (record->venue_id != 0 && record->kind == CRM_RECORD_OPPORTUNITY)
    venue = crm_directory_find (self->store, CRM_RECORD_VENUE, record->venue_id);
  if (venue != NULL)
    g_string_append_printf (words, "%s · ", venue->name);
  if (record->detail != NULL)
    g_string_append_printf (words, "%s · ", record->detail);
  if (record->closed)
    g_string_append_printf (words, "%s · ", record->kind == CRM_RECORD_USER ? C_("user", "inactive") : C_("opportunity or lead", "closed"));
  g_string_append_printf (words, "#%" G_GINT64_FORMAT, record->id);

  return crm_shown_text (words->str);
}

static void
set_shown (CrmRecordRow *self,
           const char   *text)
{
  self->setting = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self), text);
  self->setting = FALSE;
}

static void
update_id (CrmRecordRow *self)
{
  gtk_widget_set_visible (GTK_WIDGET (self->id_label), self->record != NULL);
  if (self->record != NULL)
    {
      g_autofree char *id = g_strdup_printf ("#%" G_GINT64_FORMAT, self->record->id);
      g_autofree char *detail = write_detail (self, self->record);

      gtk_label_set_label (self->id_label, id);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->id_label), detail);
    }
}

/* Takes @record. */
static void
take_record (CrmRecordRow *self,
             CrmRecord    *record)
{
  g_autofree char *name = crm_shown_text (record->name);

  crm_record_free (self->record);
  self->record = record;
  update_id (self);
  set_shown (self, name);
}

static void
close_list (CrmRecordRow *self)
{
  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  gtk_popover_popdown (GTK_POPOVER (self->popover));
}

static void
choose (CrmRecordRow    *self,
        const CrmRecord *record)
{
  close_list (self);
  take_record (self, crm_record_copy (record));
  gtk_editable_set_position (GTK_EDITABLE (self), -1);
  g_signal_emit (self, signals[CHOSEN], 0, self->record);
}

static GtkWidget *
make_row (CrmRecordRow    *self,
          const CrmRecord *record)
{
  g_autofree char *name = crm_shown_text (record->name);
  g_autofree char *detail = write_detail (self, record);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *row = gtk_list_box_row_new ();
  const char *texts[] = { name, detail };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      GtkWidget *label = gtk_label_new (texts[i]);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      if (i > 0)
        {
          gtk_widget_add_css_class (label, "caption");
          gtk_widget_add_css_class (label, "dim-label");
        }
      gtk_box_append (GTK_BOX (box), label);
    }
  if (record->closed)
    gtk_widget_add_css_class (row, "closed");

  gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), box);
  gtk_widget_set_focusable (row, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, name,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);

  return row;
}

static const char *
get_empty_words (CrmRecordRow *self)
{
  CrmListState state = { 0 };

  crm_inbox_read_state (self->store, get_list (self->kind), &state, NULL);
  if (state.refused)
    return _("The key may not read this list; type the number");
  if (!state.complete)
    return _("Not had from the CRM yet: refresh, or type the number");

  return _("None of that name; a number is taken too");
}

static void
show_found (CrmRecordRow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, child);

  for (guint i = 0; i < self->found->len; i++)
    gtk_list_box_append (self->list, make_row (self, self->found->pdata[i]));

  if (self->found->len == 0)
    {
      GtkWidget *label = gtk_label_new (get_empty_words (self));
      GtkWidget *row = gtk_list_box_row_new ();

      gtk_label_set_wrap (GTK_LABEL (label), TRUE);
      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_widget_add_css_class (label, "dim-label");
      gtk_list_box_row_set_child (GTK_LIST_BOX_ROW (row), label);
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_list_box_row_set_selectable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_widget_set_focusable (row, FALSE);
      gtk_list_box_append (self->list, row);
    }
  else
    gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));

  gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (self->scroller), 0);
  gtk_widget_set_size_request (GTK_WIDGET (self->scroller), MAX (gtk_widget_get_width (GTK_WIDGET (self)) - 24, 200), -1);
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* Those in particular first, in their order. */
static void
put_offered_first (CrmRecordRow *self)
{
  g_auto (GStrv) ids = NULL;

  if (self->offered == NULL || *gtk_editable_get_text (GTK_EDITABLE (self)) != '\0')
    return;

  ids = g_strsplit (self->offered, " ", -1);
  for (guint i = g_strv_length (ids); i > 0; i--)
    {
      CrmRecord *record = find (self, ids[i - 1]);

      if (record == NULL)
        continue;
      for (guint j = 0; j < self->found->len; j++)
        if (((CrmRecord *) self->found->pdata[j])->id == record->id)
          {
            g_ptr_array_remove_index (self->found, j);
            break;
          }
      g_ptr_array_insert (self->found, 0, record);
    }
}

static void
searched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr (CrmRecordRow) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) found = crm_directory_search_finish (CRM_STORE (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || CRM_STORE (source) != self->store ||
      self->searching == NULL)
    return;

  g_clear_object (&self->searching);
  if (found == NULL)
    {
      g_info ("Could not search: %s", error->message);
      return;
    }

  g_ptr_array_unref (self->found);
  self->found = g_steal_pointer (&found);
  put_offered_first (self);
  show_found (self);
  if (self->take_first && self->found->len > 0)
    choose (self, self->found->pdata[0]);
  self->take_first = FALSE;
}

static void
search (CrmRecordRow *self)
{
  /* What is chosen is offered among all, not alone. */
  const char *text = self->record != NULL ? "" : gtk_editable_get_text (GTK_EDITABLE (self));

  if (self->store == NULL)
    return;

  if (self->searching != NULL)
    {
      g_cancellable_cancel (self->searching);
      g_object_unref (self->searching);
    }
  self->searching = g_cancellable_new ();
  self->take_first = FALSE;
  /* What is still listed was found for another text. */
  gtk_list_box_unselect_all (self->list);
  crm_directory_search_async (self->store, self->kind, text, MOST_OFFERED, self->searching, searched_cb, g_object_ref (self));
}

static void
changed_cb (CrmRecordRow *self)
{
  if (self->setting)
    return;

  g_clear_pointer (&self->record, crm_record_free);
  update_id (self);
  if (*gtk_editable_get_text (GTK_EDITABLE (self)) != '\0')
    search (self);
  else
    close_list (self);
}

static void
list_cb (CrmRecordRow *self)
{
  if (gtk_widget_get_visible (self->popover))
    {
      close_list (self);
      return;
    }

  gtk_widget_grab_focus (GTK_WIDGET (self));
  search (self);
}

static void
row_activated_cb (CrmRecordRow  *self,
                  GtkListBoxRow *row)
{
  guint index = gtk_list_box_row_get_index (row);

  if (index < self->found->len)
    choose (self, self->found->pdata[index]);
}

static void
move (CrmRecordRow *self,
      int           step)
{
  GtkListBoxRow *selected = gtk_list_box_get_selected_row (self->list);
  int index = selected != NULL ? gtk_list_box_row_get_index (selected) + step : 0;
  GtkListBoxRow *row = index >= 0 ? gtk_list_box_get_row_at_index (self->list, index) : NULL;
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scroller);
  graphene_rect_t bounds;

  if (row == NULL || !gtk_list_box_row_get_selectable (row))
    return;

  gtk_list_box_select_row (self->list, row);
  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &bounds))
    gtk_adjustment_clamp_page (adjustment, bounds.origin.y, bounds.origin.y + bounds.size.height);
}

/* The entry keeps the focus; the list is walked from there. */
static gboolean
key_cb (CrmRecordRow   *self,
        guint           keyval,
        guint           keycode,
        GdkModifierType state)
{
  gboolean is_open = gtk_widget_get_visible (self->popover);
  GtkListBoxRow *selected;

  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  switch (keyval)
    {
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      if (is_open)
        move (self, 1);
      else
        search (self);
      return GDK_EVENT_STOP;

    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      if (is_open)
        move (self, -1);
      return is_open ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;

    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      if (self->searching != NULL)
        {
          self->take_first = TRUE;
          return GDK_EVENT_STOP;
        }
      selected = is_open ? gtk_list_box_get_selected_row (self->list) : NULL;
      if (selected == NULL)
        return GDK_EVENT_PROPAGATE;
      row_activated_cb (self, selected);
      return GDK_EVENT_STOP;

    case GDK_KEY_Escape:
      if (is_open)
        close_list (self);
      return is_open ? GDK_EVENT_STOP : GDK_EVENT_PROPAGATE;

    default:
      return GDK_EVENT_PROPAGATE;
    }
}

/* A number that was typed is shown by its name. */
static void
focus_left_cb (CrmRecordRow *self)
{
  CrmRecord *record = NULL;

  close_list (self);
  if (self->record == NULL)
    record = find (self, gtk_editable_get_text (GTK_EDITABLE (self)));
  if (record != NULL)
    take_record (self, record);
}

static void
names_changed_cb (CrmRecordRow *self)
{
  g_autofree char *value = crm_record_row_get_value (self);

  /* Not under the person's hands. */
  if (gtk_widget_get_state_flags (GTK_WIDGET (self)) & GTK_STATE_FLAG_FOCUS_WITHIN)
    return;

  crm_record_row_set_value (self, value);
}

static void
crm_record_row_dispose (GObject *object)
{
  CrmRecordRow *self = CRM_RECORD_ROW (object);

  if (self->searching != NULL)
    g_cancellable_cancel (self->searching);
  g_clear_object (&self->searching);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->store);
  g_clear_pointer (&self->popover, gtk_widget_unparent);

  G_OBJECT_CLASS (crm_record_row_parent_class)->dispose (object);
}

static void
crm_record_row_finalize (GObject *object)
{
  CrmRecordRow *self = CRM_RECORD_ROW (object);

  crm_record_free (self->record);
  g_ptr_array_unref (self->found);
  g_free (self->offered);

  G_OBJECT_CLASS (crm_record_row_parent_class)->finalize (object);
}

static void
crm_record_row_class_init (CrmRecordRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = crm_record_row_dispose;
  object_class->finalize = crm_record_row_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, CRM_TYPE_RECORD);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-record-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmRecordRow, id_label);
  gtk_widget_class_bind_template_child (widget_class, CrmRecordRow, list_button);
  gtk_widget_class_bind_template_child (widget_class, CrmRecordRow, popover);
  gtk_widget_class_bind_template_child (widget_class, CrmRecordRow, scroller);
  gtk_widget_class_bind_template_child (widget_class, CrmRecordRow, list);
  gtk_widget_class_bind_template_callback (widget_class, list_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
crm_record_row_init (CrmRecordRow *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();
  GtkEventController *focus = gtk_event_controller_focus_new ();

  self->found = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_record_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
  g_signal_connect_swapped (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), focus);
  g_signal_connect (self, "changed", G_CALLBACK (changed_cb), NULL);
}

/**
 * crm_record_row_set_store:
 * @self: a row
 * @store: (nullable): where names are looked up
 */
void
crm_record_row_set_store (CrmRecordRow *self,
                          CrmStore     *store)
{
  g_return_if_fail (CRM_IS_RECORD_ROW (self));
  g_return_if_fail (store == NULL || CRM_IS_STORE (store));

  if (self->store == store)
    return;

  close_list (self);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_set_object (&self->store, store);
  if (store != NULL)
    g_signal_connect_object (store, "names-changed", G_CALLBACK (names_changed_cb), self, G_CONNECT_SWAPPED);
}

/**
 * crm_record_row_set_kind:
 * @self: a row
 * @kind: what is chosen there
 */
void
crm_record_row_set_kind (CrmRecordRow  *self,
                         CrmRecordKind  kind)
{
  g_return_if_fail (CRM_IS_RECORD_ROW (self));
  g_return_if_fail (kind < CRM_N_RECORD_KINDS);

  if (self->kind == kind)
    return;

  close_list (self);
  self->kind = kind;
}

/**
 * crm_record_row_set_offered:
 * @self: a row
 * @ids: (nullable): which are offered first while nothing is typed; a space between two
 */
void
crm_record_row_set_offered (CrmRecordRow *self,
                            const char   *ids)
{
  g_return_if_fail (CRM_IS_RECORD_ROW (self));

  g_free (self->offered);
  self->offered = g_strdup (ids);
}

/**
 * crm_record_row_set_value:
 * @self: a row
 * @value: a number of the CRM's, shown by the name that it has here, or any other text
 */
void
crm_record_row_set_value (CrmRecordRow *self,
                          const char   *value)
{
  g_autofree char *before = NULL;
  CrmRecord *record;

  g_return_if_fail (CRM_IS_RECORD_ROW (self));
  g_return_if_fail (value != NULL);

  before = crm_record_row_get_value (self);
  record = find (self, value);
  if (g_str_equal (before, value) && record != NULL && self->record != NULL && crm_record_equal (self->record, record))
    {
      crm_record_free (record);
      return;
    }

  if (record != NULL)
    {
      take_record (self, record);
      return;
    }

  g_clear_pointer (&self->record, crm_record_free);
  update_id (self);
  if (!g_str_equal (gtk_editable_get_text (GTK_EDITABLE (self)), value))
    set_shown (self, value);
}

/**
 * crm_record_row_get_value:
 * @self: a row
 *
 * Returns: (transfer full): the number of what is named, or the text that is typed
 */
char *
crm_record_row_get_value (CrmRecordRow *self)
{
  g_return_val_if_fail (CRM_IS_RECORD_ROW (self), NULL);

  if (self->record != NULL)
    return g_strdup_printf ("%" G_GINT64_FORMAT, self->record->id);

  return g_strdup (gtk_editable_get_text (GTK_EDITABLE (self)));
}

/**
 * crm_record_row_get_record:
 * @self: a row
 *
 * Returns: (transfer none) (nullable): what is named; %NULL when that is not known here
 */
const CrmRecord *
crm_record_row_get_record (CrmRecordRow *self)
{
  g_return_val_if_fail (CRM_IS_RECORD_ROW (self), NULL);

  return self->record;
}
