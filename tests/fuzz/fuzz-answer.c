/* fuzz-answer.c: whatever a server answers, what the app makes of it keeps to API.md §1
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The input: lines with status, Content-Type, Retry-After and Date, then the body.
 */

#include "fuzz.h"

#include "api/crm-answer.h"
#include "api/crm-answer-text.h"
#include "model/crm-json-guard.h"

#include <string.h>

#define SENT_ID 755
#define N_KINDS (CRM_REQUEST_LIST + 1)
#define MOST_WORDS 4096
#define MOST_MESSAGES 50
#define MOST_RAW (64 * 1024)

static void
assert_depth (JsonNode *node,
              guint     left)
{
  if (JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);

      g_assert_cmpuint (left, >, 0);
      for (guint i = 0; i < json_array_get_length (array); i++)
        assert_depth (json_array_get_element (array, i), left - 1);
    }
  else if (JSON_NODE_HOLDS_OBJECT (node))
    {
      JsonObjectIter iter;
      JsonNode *member;

      g_assert_cmpuint (left, >, 0);
      json_object_iter_init (&iter, json_node_get_object (node));
      while (json_object_iter_next (&iter, NULL, &member))
        assert_depth (member, left - 1);
    }
}

static char
get_byte (GBytes *body,
          gsize   at)
{
  gsize size;
  const char *data = g_bytes_get_data (body, &size);

  return at < size ? data[at] : '\0';
}

/* An id can only come from a body in which a number is written just so. */
static void
assert_written_out (GBytes *body,
                    gint64  id)
{
  g_autofree char *digits = g_strdup_printf ("%" G_GINT64_FORMAT, id);
  gsize length = strlen (digits);
  gsize size;
  const char *data = g_bytes_get_data (body, &size);
  gboolean found = FALSE;

  for (gsize i = 1; !found && i + length < size; i++)
    found = memcmp (data + i, digits, length) == 0 && strchr (": \t\r\n", get_byte (body, i - 1)) != NULL &&
            strchr (",} \t\r\n", get_byte (body, i + length)) != NULL;

  g_assert_true (found);
}

static void
assert_problem (const CrmProblem *problem)
{
  g_autoptr (CrmProblem) copy = crm_problem_copy (problem);
  g_autofree char *words = crm_problem_get_words (copy);
  g_autofree char *title = crm_problem_get_title (copy);

  fuzz_assert_shown (words, 2 * MOST_WORDS);
  fuzz_assert_shown (title, MOST_WORDS);
  g_assert_cmpstr (words, !=, "");
  g_assert_cmpstr (title, !=, "");

  if (problem->message != NULL)
    fuzz_assert_shown (problem->message, MOST_WORDS);
  if (problem->additional_messages != NULL)
    {
      guint n = g_strv_length (problem->additional_messages);

      g_assert_cmpuint (n, >=, 1);
      g_assert_cmpuint (n, <=, MOST_MESSAGES);
      for (guint i = 0; i < n; i++)
        fuzz_assert_shown (problem->additional_messages[i], MOST_WORDS);
    }

  g_assert_cmpstr (copy->message, ==, problem->message);
  g_assert_cmpint (copy->klass, ==, problem->klass);
}

static void
assert_accepted (CrmRequestKind           kind,
                 const CrmAnswer         *answer,
                 const CrmTransportReply *reply)
{
  g_assert_cmpint (answer->outcome->error_code, ==, 0);
  g_assert_cmpint (answer->outcome->specific_code, ==, 0);
  g_assert_true (reply->status < 300 || reply->status >= 400);
  g_assert_cmpuint (reply->status, !=, 429);
  g_assert_true (crm_answer_text_declares_json (reply->content_type));
  g_assert_nonnull (answer->raw);

  switch (kind)
    {
    case CRM_REQUEST_ADD:
      g_assert_cmpint (answer->id, >, 0);
      assert_written_out (reply->body, answer->id);
      break;

    case CRM_REQUEST_UPDATE:
      g_assert_cmpint (answer->id, ==, SENT_ID);
      assert_written_out (reply->body, answer->id);
      break;

    case CRM_REQUEST_PING:
      g_assert_true (reply->status >= 200 && reply->status <= 299);
      break;

    case CRM_REQUEST_LIST:
      g_assert_true (reply->status >= 200 && reply->status <= 299);
      g_assert_nonnull (json_object_get_array_member (json_node_get_object (answer->json), "results"));
      assert_depth (answer->json, CRM_JSON_MAX_DEPTH);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
assert_answer (CrmRequestKind           kind,
               const CrmAnswer         *answer,
               const CrmTransportReply *reply)
{
  CrmAnswerClass klass = answer->outcome->klass;
  gboolean accepted = klass == CRM_ANSWER_ACCEPTED;

  assert_problem (answer->outcome);

  g_assert_cmpuint (klass, <, CRM_N_ANSWER_CLASSES);
  g_assert_cmpint (klass, !=, CRM_ANSWER_NOT_SENT);
  g_assert_true (answer->written);
  g_assert_cmpuint (answer->outcome->http_status, ==, reply->status);
  g_assert_true (answer->retry_after >= -1 && answer->retry_after <= 3600);

  if (reply->status >= 300 && reply->status <= 399)
    g_assert_cmpint (klass, ==, CRM_ANSWER_NOT_A_CRM);
  if (reply->status == 429)
    g_assert_cmpint (klass, ==, CRM_ANSWER_THROTTLED);

  g_assert_true ((answer->raw != NULL) == (g_bytes_get_size (reply->body) > 0));
  if (answer->raw != NULL)
    {
      g_assert_true (g_utf8_validate (answer->raw, -1, NULL));
      g_assert_cmpuint (strlen (answer->raw), <=, MOST_RAW);
    }

  g_assert_true ((answer->id != 0) == (accepted && kind <= CRM_REQUEST_UPDATE));
  g_assert_true ((answer->json != NULL) == (accepted && kind == CRM_REQUEST_LIST));
  if (accepted)
    assert_accepted (kind, answer, reply);
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         size)
{
  g_autoptr (CrmTransportReply) reply = crm_transport_reply_new ();
  g_autofree char *status = fuzz_take_line (&data, &size);
  CrmAnswer *answers[N_KINDS];
  const CrmAnswer *add, *update;

  reply->status = g_ascii_strtoull (status, NULL, 10) % 1000;
  reply->content_type = fuzz_take_line (&data, &size);
  reply->retry_after = fuzz_take_line (&data, &size);
  reply->date = fuzz_take_line (&data, &size);
  reply->body = g_bytes_new (data, size);

  for (guint kind = 0; kind < N_KINDS; kind++)
    {
      answers[kind] = crm_answer_from_reply (kind, kind == CRM_REQUEST_UPDATE ? SENT_ID : 0, reply);
      assert_answer (kind, answers[kind], reply);
      g_assert_cmpint (answers[kind]->outcome->error_code, ==, answers[0]->outcome->error_code);
      g_assert_cmpint (answers[kind]->outcome->specific_code, ==, answers[0]->outcome->specific_code);
    }

  /* The same answer to an add and to an update differs in nothing but whose id it has to bring. */
  add = answers[CRM_REQUEST_ADD];
  update = answers[CRM_REQUEST_UPDATE];
  if (add->id != 0 && add->id != SENT_ID)
    g_assert_cmpint (update->outcome->klass, ==, CRM_ANSWER_UNCONFIRMED);
  else
    g_assert_cmpint (update->outcome->klass, ==, add->outcome->klass);

  for (guint kind = 0; kind < N_KINDS; kind++)
    crm_answer_free (answers[kind]);

  return 0;
}
