/* test-model.c: values, rules, dates and words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-datetime.h"
#include "model/crm-error.h"
#include "model/crm-problem.h"
#include "model/crm-task-json.h"
#include "model/crm-task-rules.h"

#include <string.h>

static void
test_messages (void)
{
  static const struct
  {
    const char *message;
    int         field; /* -1: names none */
    const char *words;
  } cases[] = {
    { "leadId: *Invalid item selected*", CRM_FIELD_LEAD, "Invalid item selected" },
    { "*leadId*: Invalid item selected", CRM_FIELD_LEAD, "Invalid item selected" },
    { "'name' is required", CRM_FIELD_NAME, "'name' is required" },
    { "Value must be a whole number", -1, "Value must be a whole number" },
    { "Please note: 2 * 3 is 6", -1, "Please note: 2 * 3 is 6" },
    { "leadIdentity: other", -1, "leadIdentity: other" },
    { "", -1, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      CrmFieldId field = 0;
      g_autofree char *words = NULL;

      g_assert_cmpint (crm_field_of_message (cases[i].message, &field, &words), ==, cases[i].field >= 0);
      if (cases[i].field >= 0)
        g_assert_cmpint (field, ==, cases[i].field);
      g_assert_cmpstr (words, ==, cases[i].words);
    }
}

/* What the CRM always says in the same words is told from what people wrote. */
static void
test_known_messages (void)
{
  static const char *const known[] = { "Invalid item selected", "Value must be a whole number", "'name' is required",
                                       "'endDatetime' does not validate" };
  static const char *const unknown[] = { "", "Invalid item", "is required", "' is required", "'' is required",
                                         "Ask Anna: 'name' is required", "The name is required" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    {
      g_autofree char *words = crm_known_message_words (known[i]);

      g_assert_cmpstr (words, ==, known[i]);
    }
  for (guint i = 0; i < G_N_ELEMENTS (unknown); i++)
    g_assert_null (crm_known_message_words (unknown[i]));
}

static void
test_problem_words (void)
{
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_REJECTED);
  g_autofree char *words = NULL;
  g_auto (GStrv) at_field = NULL;
  g_auto (GStrv) others = NULL;
  const char *more[] = { "leadId: *Invalid item selected*", "Value must be a whole number", NULL };

  problem->specific_code = 24395;
  problem->message = g_strdup ("The request contains invalid data");
  problem->additional_messages = g_strdupv ((GStrv) more);
  words = crm_problem_get_words (problem);
  g_assert_cmpstr (words, ==, "Opportunity or lead: Invalid item selected (24395)");
  at_field = crm_problem_get_field_messages (problem, CRM_FIELD_LEAD);
  others = crm_problem_get_other_messages (problem);
  g_assert_cmpuint (g_strv_length (at_field), ==, 1);
  g_assert_cmpstr (at_field[0], ==, "Invalid item selected");
  g_assert_cmpuint (g_strv_length (others), ==, 1);
  g_assert_cmpstr (others[0], ==, "Value must be a whole number");
}

static void
test_values (void)
{
  static const struct
  {
    CrmFieldId  field;
    const char *input;
    gboolean    understood;
    gint64      number;
    const char *text;
  } cases[] = {
    { CRM_FIELD_LEAD, "2665", TRUE, 2665 },
    { CRM_FIELD_LEAD, "9007199254740991", TRUE, 9007199254740991 },
    { CRM_FIELD_LEAD, "9007199254740992", FALSE },
    { CRM_FIELD_LEAD, "99999999999999999999", FALSE },
    { CRM_FIELD_LEAD, "0", FALSE },
    { CRM_FIELD_LEAD, "-1", FALSE },
    { CRM_FIELD_LEAD, "1.5", FALSE },
    { CRM_FIELD_LEAD, "12a", FALSE },
    { CRM_FIELD_STATUS, "4", TRUE, 4 },
    { CRM_FIELD_STATUS, "5", FALSE },
    { CRM_FIELD_STATUS, "in-progress", TRUE, 1 },
    { CRM_FIELD_STATUS, "On Hold", TRUE, 2 },
    { CRM_FIELD_PRIORITY, "HIGH", TRUE, 0, "high" },
    { CRM_FIELD_PRIORITY, "urgent", FALSE },
    { CRM_FIELD_NAME, "caf\xc3\xa9", TRUE, 0, "caf\xc3\xa9" },
    { CRM_FIELD_NAME, "caf\xe9", FALSE },
    { CRM_FIELD_END_DATETIME, "2021-11-01 17:00:00Z", TRUE, 0, "2021-11-01 17:00:00" },
    { CRM_FIELD_END_DATETIME, "2021-02-30 17:00Z", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CrmValues) values = crm_values_new ();
      g_autoptr (GError) error = NULL;

      g_test_message ("case %u", i);
      g_assert_cmpint (crm_values_parse (values, cases[i].field, cases[i].input, NULL, NULL, &error), ==, cases[i].understood);
      if (!cases[i].understood)
        {
          g_assert_error (error, CRM_ERROR, CRM_ERROR_INVALID);
          g_assert_true (g_str_has_prefix (error->message, crm_field_get_label (cases[i].field)));
          g_assert_cmpuint (crm_values_get_mask (values), ==, 0);
        }
      else if (cases[i].text != NULL)
        g_assert_cmpstr (crm_values_get_text (values, cases[i].field), ==, cases[i].text);
      else
        g_assert_cmpint (crm_values_get_number (values, cases[i].field), ==, cases[i].number);
    }
}

static void
test_dates (void)
{
  static const struct
  {
    const char *zone;
    const char *input;
    const char *utc; /* NULL: refused */
    gboolean    noted;
  } cases[] = {
    { "UTC", "2026-12-01 17:00", "2026-12-01 17:00:00" },
    { "UTC", "2026-12-01T17:00:30", "2026-12-01 17:00:30" },
    { "UTC", "2026-12-01 17:00Z", "2026-12-01 17:00:00" },
    { "UTC", "2026-12-01 17:00:00+02:00", "2026-12-01 15:00:00" },
    { "UTC", "2026-12-01 17:00 -0530", "2026-12-01 22:30:00" },
    { "UTC", "2024-02-29 00:00", "2024-02-29 00:00:00" },
    { "UTC", "2026-02-29 00:00" },
    { "UTC", "2026-13-01 00:00" },
    { "UTC", "2026-12-01 24:00" },
    { "UTC", "2026-12-01 23:59:60" },
    { "UTC", "2026-12-01" },
    { "UTC", "tomorrow" },
    { "UTC", "2026-12-01 17:00 CET" },
    { "UTC", "2026-12-01 17:00+99:00" },
    { "UTC", "0000-01-01 00:00" },
    { "UTC", "9999-12-31 23:59:59-01:00" },
    { "Europe/Berlin", "2026-12-01 17:00", "2026-12-01 16:00:00" },
    { "Europe/Berlin", "2026-07-01 17:00", "2026-07-01 15:00:00" },
    { "Europe/Berlin", "2026-03-29 02:30" },
    { "Europe/Berlin", "2026-03-29 03:00", "2026-03-29 01:00:00" },
    { "Europe/Berlin", "2026-03-29 01:59:59", "2026-03-29 00:59:59" },
    { "Europe/Berlin", "2026-10-25 02:30", "2026-10-25 00:30:00", TRUE },
    { "Europe/Berlin", "2026-10-25 03:00", "2026-10-25 02:00:00" },
    { "America/New_York", "2026-03-08 02:30" },
    { "America/New_York", "2026-11-01 01:30", "2026-11-01 05:30:00", TRUE },
    { "Australia/Lord_Howe", "2026-10-04 02:15" },
    { "Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 14:45:00", TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GTimeZone) zone = g_time_zone_new_identifier (cases[i].zone);
      g_autoptr (GError) error = NULL;
      g_autofree char *note = NULL;
      g_autofree char *utc = NULL;

      if (zone == NULL)
        {
          g_test_message ("%s is not on this machine", cases[i].zone);
          continue;
        }

      g_test_message ("%s in %s", cases[i].input, cases[i].zone);
      utc = crm_datetime_parse (cases[i].input, zone, &note, &error);
      g_assert_cmpstr (utc, ==, cases[i].utc);
      g_assert_cmpint (error != NULL, ==, cases[i].utc == NULL);
      g_assert_cmpint (note != NULL, ==, cases[i].noted);
    }
}

static void
test_rules (void)
{
  static const struct
  {
    gint64       lead, contact, company, venue;
    const char  *name, *due;
    CrmFieldMask sent;
    guint        complaints;
  } cases[] = {
    { 0, 0, 0, 0, "A", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 0 },
    { 5, 0, 0, 3, "A", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 0 },
    { 0, 7, 6, 0, "A", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 0 },
    { 5, 7, 0, 0, "A", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 1 },
    { 5, 0, 6, 0, "A", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 1 },
    { 0, 0, 0, 0, NULL, "2026-12-01 17:00:00", CRM_FIELDS_ALL, 1 },
    { 0, 0, 0, 0, " \t", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 1 },
    { 0, 0, 0, 0, NULL, NULL, CRM_FIELDS_ALL, 2 },
    { 0, 0, 0, 0, "A", "2026-02-30 17:00:00", CRM_FIELDS_ALL, 1 },
    { 0, 0, 0, 0, NULL, NULL, CRM_FIELD_BIT (CRM_FIELD_STATUS), 0 },
    { 0, 0, 0, 0, NULL, NULL, CRM_FIELD_BIT (CRM_FIELD_NAME), 1 },
    { -5, 0, 0, 0, "A", "2026-12-01 17:00:00", CRM_FIELDS_ALL, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (CrmValues) values = crm_values_new ();
      g_autoptr (GPtrArray) complaints = NULL;
      const gint64 owners[] = { cases[i].lead, cases[i].contact, cases[i].company, cases[i].venue };
      const CrmFieldId fields[] = { CRM_FIELD_LEAD, CRM_FIELD_CONTACT, CRM_FIELD_COMPANY, CRM_FIELD_VENUE };

      crm_values_set_text (values, CRM_FIELD_NAME, cases[i].name);
      crm_values_set_text (values, CRM_FIELD_END_DATETIME, cases[i].due);
      for (guint j = 0; j < G_N_ELEMENTS (owners); j++)
        if (owners[j] != 0)
          crm_values_set_number (values, fields[j], owners[j]);

      g_test_message ("case %u", i);
      complaints = crm_task_rules_check (values, cases[i].sent);
      g_assert_cmpuint (complaints->len, ==, cases[i].complaints);
    }
}

static void
test_json (void)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmValues) read = NULL;
  g_autofree char *add = NULL;
  g_autofree char *update = NULL;
  CrmFieldMask mask;

  crm_values_set_text (values, CRM_FIELD_NAME, "Test Task API");
  crm_values_set_text (values, CRM_FIELD_END_DATETIME, "2021-11-01 17:00:00");
  crm_values_set_number (values, CRM_FIELD_STATUS, 1);
  crm_values_set_number (values, CRM_FIELD_LEAD, 2665);
  add = crm_task_json_write_body (values, crm_values_get_mask (values), 0);
  g_assert_cmpstr (add, ==, "{\"name\":\"Test Task API\",\"endDatetime\":\"2021-11-01 17:00:00\",\"leadId\":2665,\"status\":1}");

  update = crm_task_json_write_body (values, CRM_FIELD_BIT (CRM_FIELD_COMPANY) | CRM_FIELD_BIT (CRM_FIELD_DESCRIPTION), 755);
  g_assert_cmpstr (update, ==, "{\"id\":755,\"companyId\":null,\"description\":\"\"}");

  read = crm_task_json_read_body (add, &mask);
  g_assert_cmpuint (crm_values_compare (read, values), ==, 0);
  g_assert_cmpuint (mask, ==, crm_values_get_mask (values));
  g_assert_null (crm_task_json_read_body ("{\"leadId\": \"x\"}", &mask));
  g_assert_null (crm_task_json_read_body ("[", &mask));
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/model/messages", test_messages);
  g_test_add_func ("/model/known-messages", test_known_messages);
  g_test_add_func ("/model/problem-words", test_problem_words);
  g_test_add_func ("/model/values", test_values);
  g_test_add_func ("/model/dates", test_dates);
  g_test_add_func ("/model/rules", test_rules);
  g_test_add_func ("/model/json", test_json);

  return g_test_run ();
}
