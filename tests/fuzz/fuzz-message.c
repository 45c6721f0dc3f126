/* fuzz-message.c: the words of an answer reach the field they speak of, and its headers a sane wait
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input: a line with the header Retry-After or Date, then messages, one a line.
 */

#include "fuzz.h"

#include "api/crm-answer-text.h"
#include "model/crm-datetime.h"
#include "model/crm-problem.h"

#include <string.h>

#define MOST_MESSAGES 8
#define MOST_WAIT 3600

static void
read_header (const char *header)
{
  g_autofree char *text = g_strstrip (g_strdup (header));
  gint64 date = crm_answer_text_date (text);
  gint64 wait = crm_answer_text_retry_after (header, 0);

  g_assert_true (wait >= -1 && wait <= MOST_WAIT);
  crm_answer_text_declares_json (header);

  if (*text != '\0' && strspn (text, "0123456789") == strlen (text))
    {
      const char *digits = text + strspn (text, "0");
      gint64 seconds = strlen (digits) > 4 ? MOST_WAIT : g_ascii_strtoll (digits, NULL, 10);

      g_assert_cmpint (wait, ==, MIN (seconds, MOST_WAIT));
      return;
    }

  g_assert_true ((wait >= 0) == (date != 0));
  if (date == 0)
    return;

  g_assert_cmpint (crm_answer_text_retry_after (header, date - 60), ==, 60);
  g_assert_cmpint (crm_answer_text_retry_after (header, date + 60), ==, 0);
  g_assert_cmpint (crm_answer_text_retry_after (header, date - 2 * MOST_WAIT), ==, MOST_WAIT);
}

static void
assert_plain (const char *words,
              const char *message)
{
  g_autofree char *stripped = g_strstrip (g_strdup (words));

  g_assert_cmpstr (words, ==, stripped);
  /* A control character of one byte is shown with three. */
  g_assert_cmpuint (strlen (words), <=, 3 * strlen (message));
  g_assert_true (g_utf8_validate (words, -1, NULL));
}

/* Gives how many of the messages have words. */
static guint
read_messages (GStrv messages)
{
  guint n = 0;

  for (guint i = 0; messages[i] != NULL; i++)
    {
      g_autofree char *words = NULL;
      CrmFieldId field = CRM_N_FIELDS;
      gboolean named = crm_field_of_message (messages[i], &field, &words);

      g_assert_true (named == (field < CRM_N_FIELDS));
      g_assert_true (!named || strstr (messages[i], crm_field_get (field)->key) != NULL);
      assert_plain (words, messages[i]);
      n += *words != '\0';
    }

  return n;
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autofree char *header = fuzz_take_line (&data, &size);
  g_autofree char *text = g_utf8_make_valid ((const char *) data, size);
  g_autoptr (CrmProblem) problem = crm_problem_new (CRM_ANSWER_REJECTED);
  g_autofree char *line = NULL;
  guint n_words, n_shown = 0;

  read_header (header);

  problem->additional_messages = g_strsplit (text, "\n", MOST_MESSAGES);
  problem->message = g_strdup (problem->additional_messages[0]);
  n_words = read_messages (problem->additional_messages);

  /* Every message is shown beside one field, or beside none. */
  if (problem->additional_messages[0] != NULL)
    {
      g_auto (GStrv) others = crm_problem_get_other_messages (problem);

      n_shown = g_strv_length (others);
      for (guint i = 0; i < CRM_N_FIELDS; i++)
        {
          g_auto (GStrv) said = crm_problem_get_field_messages (problem, i);

          n_shown += g_strv_length (said);
        }
    }
  g_assert_cmpuint (n_shown, ==, n_words);

  line = crm_problem_get_words (problem);
  g_assert_cmpstr (line, !=, "");
  g_assert_true (g_utf8_validate (line, -1, NULL));

  return 0;
}
