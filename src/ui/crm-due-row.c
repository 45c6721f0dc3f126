/* crm-due-row.c: the row for a date and time, typed or picked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-due-row.h"

#include "model/crm-datetime.h"

#include <glib/gi18n-lib.h>

/* What is offered when nothing is set yet: the end of a working day. */
#define USUAL_HOUR 17

struct _CrmDueRow
{
  AdwEntryRow    parent_instance;

  GtkPopover    *popover;
  GtkCalendar   *calendar;
  GtkSpinButton *hour;
  GtkSpinButton *minute;

  gboolean       filling;
  char          *note;
};

enum
{
  PROP_0,
  PROP_NOTE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmDueRow, crm_due_row, ADW_TYPE_ENTRY_ROW)

static GDateTime *
get_time (CrmDueRow *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
  g_autofree char *utc = crm_datetime_parse (text, NULL, NULL, NULL);
  g_autoptr (GDateTime) there = NULL;
  gint64 seconds;

  if (utc == NULL || !crm_datetime_from_utc (utc, &seconds))
    return NULL;

  there = g_date_time_new_from_unix_utc (seconds);
  return g_date_time_to_local (there);
}

static void
update_note (CrmDueRow *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self))));
  g_autofree char *doubt = NULL;
  g_autofree char *utc = crm_datetime_parse (text, NULL, &doubt, NULL);
  g_autofree char *here = NULL;
  g_autofree char *note = NULL;
  const char *zone;
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();

  if (utc != NULL)
    {
      zone = g_time_zone_get_identifier (local);
      here = crm_datetime_to_local (utc, NULL, _("%a %-d %b %Y, %H:%M"));

      /* Translators: a date and time, the time zone it is in, and the same in UTC */
      note = g_strdup_printf (_("%s (%s)\nThe CRM gets %s UTC"), here, zone, utc);
      if (doubt != NULL)
        {
          char *longer = g_strdup_printf ("%s\n%s", note, doubt);

          g_free (note);
          note = longer;
        }
    }

  if (g_strcmp0 (note, self->note) == 0)
    return;

  g_free (self->note);
  self->note = g_steal_pointer (&note);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

static void
changed_cb (CrmDueRow *self)
{
  update_note (self);
}

static void
fill_popover_cb (CrmDueRow *self)
{
  g_autoptr (GDateTime) time = get_time (self);

  if (time == NULL)
    {
      g_autoptr (GDateTime) now = g_date_time_new_now_local ();

      time = g_date_time_new_local (g_date_time_get_year (now), g_date_time_get_month (now),
                                    g_date_time_get_day_of_month (now), USUAL_HOUR, 0, 0);
    }

  self->filling = TRUE;
  gtk_calendar_select_day (self->calendar, time);
  gtk_spin_button_set_value (self->hour, g_date_time_get_hour (time));
  gtk_spin_button_set_value (self->minute, g_date_time_get_minute (time));
  self->filling = FALSE;
}

static void
picked_cb (CrmDueRow *self)
{
  g_autoptr (GDateTime) day = NULL;
  g_autofree char *text = NULL;

  if (self->filling)
    return;

  day = gtk_calendar_get_date (self->calendar);
  text = g_strdup_printf ("%04d-%02d-%02d %02d:%02d", g_date_time_get_year (day), g_date_time_get_month (day),
                          g_date_time_get_day_of_month (day), gtk_spin_button_get_value_as_int (self->hour),
                          gtk_spin_button_get_value_as_int (self->minute));
  gtk_editable_set_text (GTK_EDITABLE (self), text);
}

static void
done_cb (CrmDueRow *self)
{
  picked_cb (self);
  gtk_popover_popdown (self->popover);
}

static gboolean
show_two_digits_cb (CrmDueRow     *self,
                    GtkSpinButton *spin)
{
  g_autofree char *text = g_strdup_printf ("%02d", (int) gtk_adjustment_get_value (gtk_spin_button_get_adjustment (spin)));

  gtk_editable_set_text (GTK_EDITABLE (spin), text);
  return TRUE;
}

static void
crm_due_row_finalize (GObject *object)
{
  g_free (CRM_DUE_ROW (object)->note);

  G_OBJECT_CLASS (crm_due_row_parent_class)->finalize (object);
}

static void
crm_due_row_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NOTE:
      g_value_set_string (value, CRM_DUE_ROW (object)->note);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_due_row_class_init (CrmDueRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->finalize = crm_due_row_finalize;
  object_class->get_property = crm_due_row_get_property;

  /* What the time means here and what the CRM gets, in words; NULL while what is typed is no time. */
  properties[PROP_NOTE] = g_param_spec_string ("note", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_property (object_class, PROP_NOTE, properties[PROP_NOTE]);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/example/CrmTasks/ui/crm-due-row.ui");
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, popover);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, calendar);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, hour);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, minute);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, fill_popover_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, done_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_two_digits_cb);
}

static void
crm_due_row_init (CrmDueRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}
