/* test-typing.c: what the editor shows of a task, and what of it goes back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-typing.h"

#define HTML "<p>Bring the <b>big</b> map</p><p>And chalk</p>"

/* A description in HTML is shown as plain text, and stays as it is on the CRM unless it is typed over. */
static void
test_html (void)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmTyping) base = NULL;
  g_autoptr (CrmTyping) typed = NULL;

  crm_values_set_text (values, CRM_FIELD_NAME, "<b>Call</b>");
  crm_values_set_text (values, CRM_FIELD_DESCRIPTION, HTML);
  base = crm_typing_from_values (values);
  g_assert_cmpstr (base->texts[CRM_FIELD_NAME], ==, "<b>Call</b>");
  g_assert_cmpstr (base->texts[CRM_FIELD_DESCRIPTION], ==, "Bring the big map\n\nAnd chalk");

  typed = crm_typing_copy (base);
  g_assert_cmpuint (crm_typing_compare (typed, base), ==, 0);
  crm_typing_set (typed, CRM_FIELD_NAME, "Call back");
  g_assert_cmpuint (crm_typing_compare (typed, base), ==, CRM_FIELD_BIT (CRM_FIELD_NAME));
  crm_typing_set (typed, CRM_FIELD_DESCRIPTION, "Bring nothing");
  g_assert_cmpuint (crm_typing_compare (typed, base), ==, CRM_FIELD_BIT (CRM_FIELD_NAME) | CRM_FIELD_BIT (CRM_FIELD_DESCRIPTION));
}

static void
test_plain (void)
{
  g_autoptr (CrmValues) values = crm_values_new ();
  g_autoptr (CrmTyping) base = NULL;

  crm_values_set_text (values, CRM_FIELD_DESCRIPTION, "1 < 2, see <info@example.com>\n  indented");
  base = crm_typing_from_values (values);
  g_assert_cmpstr (base->texts[CRM_FIELD_DESCRIPTION], ==, "1 < 2, see <info@example.com>\n  indented");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/typing/html", test_html);
  g_test_add_func ("/typing/plain", test_plain);

  return g_test_run ();
}
