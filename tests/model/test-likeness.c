/* test-likeness.c: whether two texts say the same, however the CRM writes it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "model/crm-likeness.h"

static const struct
{
  const char *there;
  const char *sent;
  gboolean    alike;
} texts[] = {
  { "Call back", "Call back", TRUE },
  { NULL, NULL, TRUE },
  { "Call back", "  Call back\n", TRUE },
  { "Call  back", "Call back", TRUE },
  { "", NULL, TRUE },
  { NULL, "  ", TRUE },
  { "Fish &amp; chips", "Fish & chips", TRUE },
  { "&lt;b&gt; &#39;x&#39;", "<b> 'x'", TRUE },
  { "<p>Call back</p>", "Call back", TRUE },
  { "<p>One<br />two</p>", "One\ntwo", TRUE },
  { "<p>R&amp;D</p>", "R&D", TRUE },
  { "x", "<b>x</b>", TRUE },

  { "Call back", "Call back!", FALSE },
  { "Call back", "call back", FALSE },
  { "Callback", "Call back", FALSE },
  { NULL, "Call back", FALSE },
  { "Call back", NULL, FALSE },
  { "<p>Call</p>", "Call back", FALSE },
  { "Fish &amp; chips", "Fish and chips", FALSE },
  { "a < b", "a", FALSE },
};

static void
test_texts (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_test_message ("“%s”, “%s”", texts[i].there, texts[i].sent);
      g_assert_cmpint (crm_likeness_of_texts (texts[i].there, texts[i].sent), ==, texts[i].alike);
    }
}

/* Only free text is read for what it says; all else is the same or is not. */
static void
test_values (void)
{
  g_autoptr (CrmValues) there = crm_values_new ();
  g_autoptr (CrmValues) here = crm_values_new ();

  g_assert_cmpuint (crm_likeness_compare (there, here), ==, 0);

  crm_values_set_text (there, CRM_FIELD_NAME, "A &amp; B");
  crm_values_set_text (here, CRM_FIELD_NAME, " A & B");
  crm_values_set_text (there, CRM_FIELD_DESCRIPTION, "<p>Words</p>");
  crm_values_set_text (here, CRM_FIELD_DESCRIPTION, "Words");
  g_assert_cmpuint (crm_likeness_compare (there, here), ==, 0);

  crm_values_set_text (there, CRM_FIELD_END_DATETIME, "2026-12-01 17:00:00");
  crm_values_set_text (here, CRM_FIELD_END_DATETIME, "2026-12-01  17:00:00");
  crm_values_set_text (there, CRM_FIELD_PRIORITY, "low");
  crm_values_set_text (here, CRM_FIELD_PRIORITY, " low");
  crm_values_set_number (there, CRM_FIELD_STATUS, 0);
  crm_values_set_number (there, CRM_FIELD_LEAD, 5);
  crm_values_set_number (here, CRM_FIELD_LEAD, 6);
  g_assert_cmpuint (crm_likeness_compare (there, here), ==,
                    CRM_FIELD_BIT (CRM_FIELD_END_DATETIME) | CRM_FIELD_BIT (CRM_FIELD_PRIORITY) |
                        CRM_FIELD_BIT (CRM_FIELD_STATUS) | CRM_FIELD_BIT (CRM_FIELD_LEAD));

  crm_values_set_text (here, CRM_FIELD_NAME, "Another");
  g_assert_true ((crm_likeness_compare (there, here) & CRM_FIELD_BIT (CRM_FIELD_NAME)) != 0);
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/likeness/texts", test_texts);
  g_test_add_func ("/likeness/values", test_values);

  return g_test_run ();
}
