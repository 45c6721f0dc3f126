/* test-shown-text.c: foreign text is shown as what it is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-field.h"
#include "model/crm-shown-text.h"
#include "model/crm-task.h"

static void
test_shown (void)
{
  static const struct
  {
    const char *text;
    const char *shown;
  } texts[] = {
    { "", "" },
    { "Call <b>Zoë</b> & Søren", "Call <b>Zoë</b> & Søren" },
    { "one\ntwo\tthree\r\nfour", "one\ntwo\tthree\nfour" },
    { "bell\a escape\033[31m", "bell␇ escape␛[31m" },
    { "carriage\rreturn", "carriage␍return" },
    { "delete\177", "delete␡" },
    { "C1 \302\233 31m", "C1 � 31m" },
    { "invoice\342\200\256fdp.exe", "invoice[RLO]fdp.exe" },
    { "\342\201\247isolated\342\201\251", "[RLI]isolated[PDI]" },
    { "شكرا\342\200\217!", "شكرا\342\200\217!" },
    { "line\342\200\250break", "line\nbreak" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *shown = crm_shown_text (texts[i].text);

      g_assert_cmpstr (shown, ==, texts[i].shown);
    }

  g_assert_null (crm_shown_text (NULL));
}

/* What stands in rows and at fields goes through it. */
static void
test_users (void)
{
  CrmTaskData data = { .values = crm_values_new () };
  g_autoptr (CrmTask) task = NULL;
  g_autofree char *title = NULL;
  g_autofree char *words = NULL;
  CrmFieldId field;

  crm_values_set_text (data.values, CRM_FIELD_NAME, "a\342\200\256b");
  task = crm_task_new (&data);
  title = crm_task_get_title (task);
  g_assert_cmpstr (title, ==, "a[RLO]b");

  g_assert_true (crm_field_of_message ("name: *too\033 long*", &field, &words));
  g_assert_cmpstr (words, ==, "too␛ long");
}

static void
test_html (void)
{
  static const struct
  {
    const char *html;
    const char *text;
  } pages[] = {
    { "<p>Bring the <b>big</b> map</p>", "Bring the big map" },
    { "<p>One</p><p>Two</p>", "One\n\nTwo" },
    { "One<br>Two<BR/>Three", "One\nTwo\nThree" },
    { "<ul><li>a</li>\n <li>b</li></ul>", "a\nb" },
    { "<p>Fish &amp; chips &lt;3 &#233;&#x20AC;&nbsp;5</p>", "Fish & chips <3 é€ 5" },
    { "<p class=\"x>y\">quoted</p>", "y\">quoted" },
    { "  much \n\n space  ", "much space" },
    { "1 < 2 and 3 > 2", "1 < 2 and 3 > 2" },
    { "an open <p", "an open <p" },
    { "&unknown; &#0; &#xD800; &", "&unknown; &#0; &#xD800; &" },
    { "<td>a</td><td>b</td>", "a b" },
    { "", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    {
      g_autofree char *text = crm_text_from_html (pages[i].html);

      g_strstrip (text);
      g_assert_cmpstr (text, ==, pages[i].text);
    }
}

static void
test_is_html (void)
{
  static const char *const html[] = { "<p>a</p>", "a<br>b", "<A HREF='x'>b</a>", "x <strong>y</strong>", "</div>", "<br/>" };
  static const char *const plain[] = { "", "a < b > c", "<name>", "see <info@example.com>", "<p", "1<2", "<b2b> fair", "<!-- p -->" };

  for (guint i = 0; i < G_N_ELEMENTS (html); i++)
    g_assert_true (crm_text_is_html (html[i]));
  for (guint i = 0; i < G_N_ELEMENTS (plain); i++)
    g_assert_false (crm_text_is_html (plain[i]));
  g_assert_false (crm_text_is_html (NULL));
}

static void
test_written (void)
{
  g_assert_cmpint (crm_shown_text_get_written (NULL), ==, CRM_WRITTEN_EITHER);
  g_assert_cmpint (crm_shown_text_get_written ("2026-12-01 17:00"), ==, CRM_WRITTEN_EITHER);
  g_assert_cmpint (crm_shown_text_get_written ("3 Tische"), ==, CRM_WRITTEN_LEFT_TO_RIGHT);
  g_assert_cmpint (crm_shown_text_get_written ("商談"), ==, CRM_WRITTEN_LEFT_TO_RIGHT);
  g_assert_cmpint (crm_shown_text_get_written ("“3” اتصل بـ Anna"), ==, CRM_WRITTEN_RIGHT_TO_LEFT);
  g_assert_cmpint (crm_shown_text_get_written ("שלום"), ==, CRM_WRITTEN_RIGHT_TO_LEFT);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/shown-text/shown", test_shown);
  g_test_add_func ("/shown-text/users", test_users);
  g_test_add_func ("/shown-text/html", test_html);
  g_test_add_func ("/shown-text/is-html", test_is_html);
  g_test_add_func ("/shown-text/written", test_written);

  return g_test_run ();
}
