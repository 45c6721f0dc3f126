/* crm-due-row.c: the row for a date and time, typed or picked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-due-row.h"

#include "model/crm-datetime-words.h"
#include "model/crm-datetime.h"
#include "model/crm-shown-text.h"
#include "ui/crm-date-words.h"

#include <glib/gi18n-lib.h>

/* When a day begins and ends for the buttons of the popover. */
#define MORNING_HOUR 9
#define EVENING_HOUR CRM_DATETIME_WORDS_USUAL_HOUR

struct _CrmDueRow
{
  AdwEntryRow    parent_instance;

  GtkMenuButton *button;
  GtkPopover    *popover;
  GtkCalendar   *calendar;
  GtkSpinButton *hour;
  GtkSpinButton *minute;
  GtkWidget     *today;
  GtkLabel      *today_label;
  GtkLabel      *tomorrow_label;
  GtkLabel      *monday_label;

  gboolean       filling;
  char          *utc; /* what was meant when it was typed; NULL while that is no time */
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
to_local (const char *utc)
{
  g_autoptr (GDateTime) there = NULL;
  gint64 seconds;

  if (utc == NULL || !crm_datetime_from_utc (utc, &seconds))
    return NULL;

  there = g_date_time_new_from_unix_utc (seconds);
  return g_date_time_to_local (there);
}

static char *
make_note (const char *utc,
           const char *doubt)
{
  g_autoptr (GTimeZone) local = g_time_zone_new_local ();
  g_autoptr (GDateTime) here = to_local (utc);
  g_autofree char *day = crm_date_words_get_day (here, CRM_DAY_WEEKDAY);
  g_autofree char *hour = crm_date_words_get_time (here, FALSE);
  g_autofree char *there = crm_date_words_get_utc (utc);
  g_autofree char *note = NULL;

  /* Translators: a day, a time, the time zone it is in, and the same in UTC, as in “Tue 1 Dec 2026, 17:00
   * (Europe/Berlin)”, “The CRM gets 2026-12-01 16:00:00 UTC” */
  note = g_strdup_printf (_("%s, %s (%s)\nThe CRM gets %s UTC"), day, hour, g_time_zone_get_identifier (local), there);

  return doubt != NULL ? g_strconcat (note, "\n", doubt, NULL) : g_steal_pointer (&note);
}

/* The parts of a date in numbers stand in one order, also among words from right to left. */
static void
turn_text (CrmDueRow *self)
{
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self));
  gboolean numbers = crm_shown_text_get_written (gtk_editable_get_text (text)) == CRM_WRITTEN_EITHER;

  if (gtk_widget_get_direction (GTK_WIDGET (self)) != GTK_TEXT_DIR_RTL)
    return;

  gtk_widget_set_direction (GTK_WIDGET (text), numbers ? GTK_TEXT_DIR_LTR : GTK_TEXT_DIR_RTL);
  gtk_editable_set_alignment (text, numbers ? 1 : 0);
}

/* What was typed means what it meant then: “tomorrow” is no other day when it is saved after midnight. */
static void
changed_cb (CrmDueRow *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self));
  g_autofree char *doubt = NULL;
  g_autofree char *note = NULL;

  turn_text (self);
  g_free (self->utc);
  self->utc = crm_datetime_words_parse (text, g_get_real_time () / G_USEC_PER_SEC, NULL, &doubt, NULL);
  if (self->utc != NULL)
    note = make_note (self->utc, doubt);

  if (g_strcmp0 (note, self->note) == 0)
    return;

  g_free (self->note);
  self->note = g_steal_pointer (&note);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTE]);
}

/* Writes in numbers what was typed in words. */
static void
settle_cb (CrmDueRow *self)
{
  g_autofree char *text = crm_due_row_get_definite (self);

  if (g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
    return;

  gtk_editable_set_text (GTK_EDITABLE (self), text);
  gtk_editable_set_position (GTK_EDITABLE (self), -1);
}

/* Someone who only looks at another window goes on typing afterwards. */
static void
focus_left_cb (CrmDueRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (GTK_IS_WINDOW (root) && gtk_window_is_active (GTK_WINDOW (root)))
    settle_cb (self);
}

static void
fill_popover_cb (CrmDueRow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) time = to_local (self->utc);
  gboolean evening = g_date_time_get_hour (now) >= EVENING_HOUR;

  if (time == NULL)
    {
      g_autoptr (GDateTime) day = g_date_time_add_days (now, evening ? 1 : 0);

      time = g_date_time_new_local (g_date_time_get_year (day), g_date_time_get_month (day),
                                    g_date_time_get_day_of_month (day), EVENING_HOUR, 0, 0);
    }

  gtk_widget_set_sensitive (self->today, !evening);

  self->filling = TRUE;
  gtk_calendar_select_day (self->calendar, time);
  gtk_spin_button_set_value (self->hour, g_date_time_get_hour (time));
  gtk_spin_button_set_value (self->minute, g_date_time_get_minute (time));
  self->filling = FALSE;
}

static void
write_time (CrmDueRow *self,
            GDateTime *day,
            int        hour,
            int        minute)
{
  g_autofree char *text = g_strdup_printf ("%04d-%02d-%02d %02d:%02d", g_date_time_get_year (day),
                                           g_date_time_get_month (day), g_date_time_get_day_of_month (day), hour,
                                           minute);

  if (!g_str_equal (text, gtk_editable_get_text (GTK_EDITABLE (self))))
    gtk_editable_set_text (GTK_EDITABLE (self), text);
}

static void
picked_cb (CrmDueRow *self)
{
  g_autoptr (GDateTime) day = NULL;

  if (self->filling)
    return;

  day = gtk_calendar_get_date (self->calendar);
  write_time (self, day, gtk_spin_button_get_value_as_int (self->hour),
              gtk_spin_button_get_value_as_int (self->minute));
}

static void
done_cb (CrmDueRow *self)
{
  /* What is still being typed there counts. */
  gtk_spin_button_update (self->hour);
  gtk_spin_button_update (self->minute);
  picked_cb (self);
  gtk_popover_popdown (self->popover);
}

static void
pick_day (CrmDueRow *self,
          int        days_ahead,
          int        hour)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) day = g_date_time_add_days (now, days_ahead);

  write_time (self, day, hour, 0);
  gtk_popover_popdown (self->popover);
}

static char *
write_hour (int hour)
{
  g_autoptr (GDateTime) time = g_date_time_new_utc (2000, 1, 1, hour, 0, 0);

  return crm_date_words_get_time (time, FALSE);
}

static void
today_cb (CrmDueRow *self)
{
  pick_day (self, 0, EVENING_HOUR);
}

static void
tomorrow_cb (CrmDueRow *self)
{
  pick_day (self, 1, MORNING_HOUR);
}

static void
next_monday_cb (CrmDueRow *self)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();

  pick_day (self, 8 - g_date_time_get_day_of_week (now), MORNING_HOUR);
}

static gboolean
show_popover_cb (GtkWidget *widget,
                 GVariant  *args,
                 gpointer   user_data)
{
  gtk_menu_button_popup (CRM_DUE_ROW (widget)->button);
  return TRUE;
}

static void
closed_cb (CrmDueRow *self)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_widget_grab_focus (GTK_WIDGET (self->button));
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
  CrmDueRow *self = CRM_DUE_ROW (object);

  g_free (self->utc);
  g_free (self->note);

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
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, button);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, popover);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, calendar);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, hour);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, minute);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, today);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, today_label);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, tomorrow_label);
  gtk_widget_class_bind_template_child (widget_class, CrmDueRow, monday_label);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, fill_popover_cb);
  gtk_widget_class_bind_template_callback (widget_class, picked_cb);
  gtk_widget_class_bind_template_callback (widget_class, done_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_two_digits_cb);
  gtk_widget_class_bind_template_callback (widget_class, settle_cb);
  gtk_widget_class_bind_template_callback (widget_class, focus_left_cb);
  gtk_widget_class_bind_template_callback (widget_class, today_cb);
  gtk_widget_class_bind_template_callback (widget_class, tomorrow_cb);
  gtk_widget_class_bind_template_callback (widget_class, next_monday_cb);
  gtk_widget_class_bind_template_callback (widget_class, closed_cb);

  gtk_widget_class_add_binding (widget_class, GDK_KEY_Down, GDK_ALT_MASK, show_popover_cb, NULL);
}

static void
crm_due_row_init (CrmDueRow *self)
{
  g_autofree char *morning = write_hour (MORNING_HOUR);
  g_autofree char *evening = write_hour (EVENING_HOUR);
  g_autofree char *today = g_strdup_printf (_("Today %s"), evening);
  g_autofree char *tomorrow = g_strdup_printf (_("Tomorrow %s"), morning);
  /* Translators: behind the day stands a time, as in “Next Monday 9:00” */
  g_autofree char *monday = g_strdup_printf (_("Next Monday %s"), morning);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_label_set_label (self->today_label, today);
  gtk_label_set_label (self->tomorrow_label, tomorrow);
  gtk_label_set_label (self->monday_label, monday);
}

/**
 * crm_due_row_get_definite:
 * @self: a row
 *
 * Returns: (transfer full): what is meant, in a form that means the same later (`2026-12-01 17:00`); what
 *   is typed, when that is no time
 */
char *
crm_due_row_get_definite (CrmDueRow *self)
{
  const char *text;
  g_autofree char *definite = NULL;
  g_autofree char *strict = NULL;

  g_return_val_if_fail (CRM_IS_DUE_ROW (self), NULL);

  /* What already is definite stays as it was typed. */
  text = gtk_editable_get_text (GTK_EDITABLE (self));
  strict = crm_datetime_parse (text, NULL, NULL, NULL);
  if (self->utc != NULL && strict == NULL)
    definite = crm_datetime_words_write (self->utc, NULL);

  return definite != NULL ? g_steal_pointer (&definite) : g_strdup (text);
}
