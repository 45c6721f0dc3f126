/* test-answer.c: what an HTTP answer means, by API.md §1
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-answer.h"

#include <string.h>

#define JSON "application/json"
#define HTML "text/html"

#define ADD CRM_REQUEST_ADD
#define UPDATE CRM_REQUEST_UPDATE
#define PING CRM_REQUEST_PING
#define LIST CRM_REQUEST_LIST

#define ACCEPTED CRM_ANSWER_ACCEPTED
#define REJECTED CRM_ANSWER_REJECTED
#define TROUBLE CRM_ANSWER_TROUBLE
#define THROTTLED CRM_ANSWER_THROTTLED
#define ACCOUNT CRM_ANSWER_ACCOUNT
#define CLOCK CRM_ANSWER_CLOCK
#define NOT_A_CRM CRM_ANSWER_NOT_A_CRM
#define UNCONFIRMED CRM_ANSWER_UNCONFIRMED

#define UPDATED_ID 755

typedef struct
{
  CrmRequestKind  kind;
  guint           status;
  const char     *content_type;
  const char     *body;
  CrmAnswerClass  klass;
  gint64          id;
} Case;

static CrmAnswer *
answer_to (CrmRequestKind  kind,
           guint           status,
           const char     *content_type,
           const void     *body,
           gsize           size)
{
  g_autoptr (CrmTransportReply) reply = crm_transport_reply_new ();

  reply->status = status;
  reply->content_type = g_strdup (content_type);
  reply->body = g_bytes_new (body, size);

  return crm_answer_from_reply (kind, kind == UPDATE ? UPDATED_ID : 0, reply);
}

static void
check (const Case *cases,
       guint       n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    {
      const Case *c = &cases[i];
      g_autoptr (CrmAnswer) answer =
          answer_to (c->kind, c->status, c->content_type, c->body, strlen (c->body));

      g_test_message ("%u: kind %d, %u %s %.200s", i, c->kind, c->status, c->content_type, c->body);
      g_assert_cmpstr (crm_answer_class_get_nick (answer->outcome->klass), ==,
                       crm_answer_class_get_nick (c->klass));
      g_assert_cmpint (answer->id, ==, c->id);
      g_assert_cmpuint (answer->outcome->http_status, ==, c->status);
      g_assert_true (answer->written);
      g_assert_cmpint (answer->retry_after, ==, -1);
      g_assert_cmpint (answer->server_time, ==, 0);
      g_assert_true ((answer->json != NULL) == (c->kind == LIST && c->klass == ACCEPTED));
      g_assert_true ((answer->raw != NULL) == (*c->body != '\0'));
    }
}

#define CHECK(cases) check (cases, G_N_ELEMENTS (cases))

static void
test_success (void)
{
  static const Case cases[] = {
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755}", ACCEPTED, 755 },
    { ADD, 201, JSON, "{\"success\": true, \"id\": 1}", ACCEPTED, 1 },
    { ADD, 200, "Application/JSON; charset=UTF-8", " {\"id\":9,\"success\":true}\r\n", ACCEPTED, 9 },
    { ADD, 200, "application/hal+json", "{\"success\": true, \"id\": 755}", ACCEPTED, 755 },
    { ADD, 200, JSON, "\xef\xbb\xbf{\"success\": true, \"id\": 755}", ACCEPTED, 755 },
    { ADD, 500, JSON, "{\"success\": true, \"id\": 755}", ACCEPTED, 755 },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 9223372036854775807}", ACCEPTED, G_MAXINT64 },
    { ADD, 200, JSON, "{\"success\":true,\"id\":755}", ACCEPTED, 755 },
    { ADD, 299, JSON, " { \"success\"\t:\r\ntrue , \"id\" : 999999999999999999 } \n", ACCEPTED, 999999999999999999 },
    { ADD, 200, JSON, "{\"success\":true,\"id\":1000000000000000000}", ACCEPTED, 1000000000000000000 },
    { ADD, 200, JSON, "{\"success\":true,\"id\":755}}", UNCONFIRMED, 0 },
    { ADD, 429, JSON, "{\"success\":true,\"id\":755}", THROTTLED, 0 },
    { ADD, 302, JSON, "{\"success\":true,\"id\":755}", NOT_A_CRM, 0 },
    { ADD, 200, NULL, "{\"success\":true,\"id\":755}", NOT_A_CRM, 0 },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"errorCode\": 0, \"specificCode\": null}", ACCEPTED,
      755 },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"errorCode\": \"\", \"specificCode\": \"0\"}",
      ACCEPTED, 755 },
    { ADD, 200, JSON, "{\"success\": false, \"id\": 1, \"success\": true, \"id\": 2}", ACCEPTED, 2 },
    { UPDATE, 200, JSON, "{\"success\": true, \"id\": 755}", ACCEPTED, 755 },
    { UPDATE, 200, JSON, "{\"success\": true, \"id\": 756}", UNCONFIRMED, 0 },
    { UPDATE, 200, JSON, "{\"success\": true}", UNCONFIRMED, 0 },
  };

  CHECK (cases);
}

static void
test_absurd_ids (void)
{
  static const char *const ids[] = {
    "0",   "-1",   "-0",    "1.5",   "755.0",       "1e30", "755e0", "\"755\"",
    "true", "null", "[755]", "{}", "99999999999999999999", "9223372036854775808", "18446744073709551615",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    for (CrmRequestKind kind = ADD; kind <= UPDATE; kind++)
      {
        g_autofree char *body = g_strdup_printf ("{\"success\": true, \"id\": %s}", ids[i]);
        const Case c = { kind, 200, JSON, body, UNCONFIRMED, 0 };

        check (&c, 1);
      }
}

static void
test_success_and_code (void)
{
  static const Case cases[] = {
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"specificCode\": 24395}", UNCONFIRMED },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"specificCode\": 99999}", UNCONFIRMED },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"errorCode\": 400}", UNCONFIRMED },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"errorCode\": \"500\"}", UNCONFIRMED },
    { ADD, 200, JSON, "{\"success\": true, \"id\": 755, \"errorCode\": \"oops\"}", UNCONFIRMED },
    { UPDATE, 400, JSON, "{\"success\": true, \"id\": 755, \"errorCode\": 400}", UNCONFIRMED },
  };

  CHECK (cases);
}

static void
test_success_not_true (void)
{
  static const char *const values[] = { "false", "null", "0", "1", "\"true\"", "[]", "{}" };
  static const guint statuses[] = { 200, 400, 401, 404, 500 };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statuses); j++)
      {
        g_autofree char *body = g_strdup_printf ("{\"success\": %s, \"id\": 755}", values[i]);
        const Case c = { ADD, statuses[j], JSON, body, UNCONFIRMED, 0 };

        check (&c, 1);
      }
}

static void
test_specific_codes (void)
{
  static const struct
  {
    int            code;
    CrmAnswerClass klass;
  } codes[] = {
    { 24389, REJECTED }, { 24390, REJECTED }, { 24391, REJECTED }, { 24392, REJECTED },
    { 24393, TROUBLE },  { 24394, REJECTED }, { 24395, REJECTED }, { 24396, REJECTED },
    { 23005, CLOCK },    { 23016, REJECTED }, { 23017, REJECTED },
  };
  static const guint statuses[] = { 200, 400, 401, 403, 404, 406, 500, 501, 503 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statuses); j++)
      {
        g_autofree char *number = g_strdup_printf (
            "{\"errorCode\": 400, \"message\": \"M\", \"specificCode\": %d, \"success\": false}",
            codes[i].code);
        g_autofree char *text = g_strdup_printf ("{\"specificCode\": \" %d \"}", codes[i].code);
        const Case cases[] = {
          { ADD, statuses[j], JSON, number, codes[i].klass },
          { UPDATE, statuses[j], JSON, text, codes[i].klass },
        };

        CHECK (cases);
      }
}

static void
test_error_codes (void)
{
  static const struct
  {
    const char    *code;
    CrmAnswerClass klass;
  } codes[] = {
    { "400", REJECTED },   { "401", ACCOUNT },   { "403", ACCOUNT },    { "462", ACCOUNT },
    { "463", ACCOUNT },    { "404", NOT_A_CRM }, { "405", NOT_A_CRM },  { "406", NOT_A_CRM },
    { "501", NOT_A_CRM },  { "429", THROTTLED }, { "460", TROUBLE },    { "461", TROUBLE },
    { "500", TROUBLE },    { "502", TROUBLE },   { "503", TROUBLE },    { "599", TROUBLE },
    { "600", REJECTED },   { "409", REJECTED },  { "422", REJECTED },   { "1", REJECTED },
    { "-7", REJECTED },    { "401.0", ACCOUNT }, { "401.5", REJECTED }, { "\"401\"", ACCOUNT },
    { "\"x\"", REJECTED }, { "true", REJECTED }, { "[1]", REJECTED },   { "{\"a\":1}", REJECTED },
  };
  static const guint statuses[] = { 200, 400, 401, 404, 500, 501 };

  for (guint i = 0; i < G_N_ELEMENTS (codes); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statuses); j++)
      {
        g_autofree char *body = g_strdup_printf ("{\"errorCode\": %s}", codes[i].code);
        g_autofree char *unknown =
            g_strdup_printf ("{\"errorCode\": %s, \"specificCode\": 77777}", codes[i].code);
        const Case cases[] = {
          { ADD, statuses[j], JSON, body, codes[i].klass },
          { UPDATE, statuses[j], JSON, body, codes[i].klass },
          { LIST, statuses[j], JSON, body, codes[i].klass },
          { PING, statuses[j], JSON, body, codes[i].klass },
          { ADD, statuses[j], JSON, unknown, codes[i].klass },
        };

        CHECK (cases);
      }
}

static void
test_unknown_specific_code (void)
{
  static const Case cases[] = {
    { ADD, 200, JSON, "{\"specificCode\": 77777}", REJECTED },
    { ADD, 202, JSON, "{\"specificCode\": \"word\", \"success\": false}", REJECTED },
    { ADD, 400, JSON, "{\"specificCode\": 77777}", REJECTED },
    { ADD, 401, JSON, "{\"specificCode\": 77777}", ACCOUNT },
    { ADD, 403, JSON, "{\"specificCode\": 77777}", ACCOUNT },
    { ADD, 404, JSON, "{\"specificCode\": 77777}", NOT_A_CRM },
    { ADD, 418, JSON, "{\"specificCode\": 77777}", REJECTED },
    { ADD, 460, JSON, "{\"specificCode\": 77777}", TROUBLE },
    { ADD, 500, JSON, "{\"specificCode\": 77777}", TROUBLE },
    { ADD, 501, JSON, "{\"specificCode\": 77777}", NOT_A_CRM },
    { ADD, 429, JSON, "{\"specificCode\": 24395}", THROTTLED },
  };

  CHECK (cases);
}

/* status; without a code in a JSON object; as empty, malformed or other JSON; as declared something else */
static const struct
{
  guint          status;
  CrmAnswerClass object;
  CrmAnswerClass other;
  CrmAnswerClass html;
} by_status[] = {
  { 200, UNCONFIRMED, UNCONFIRMED, NOT_A_CRM }, { 204, UNCONFIRMED, UNCONFIRMED, NOT_A_CRM },
  { 299, UNCONFIRMED, UNCONFIRMED, NOT_A_CRM }, { 300, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },
  { 301, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },     { 302, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },
  { 307, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },     { 399, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },
  { 400, REJECTED, REJECTED, NOT_A_CRM },       { 401, ACCOUNT, ACCOUNT, NOT_A_CRM },
  { 402, REJECTED, NOT_A_CRM, NOT_A_CRM },      { 403, ACCOUNT, ACCOUNT, NOT_A_CRM },
  { 404, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },     { 405, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },
  { 406, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },     { 409, REJECTED, NOT_A_CRM, NOT_A_CRM },
  { 422, REJECTED, NOT_A_CRM, NOT_A_CRM },      { 429, THROTTLED, THROTTLED, THROTTLED },
  { 460, TROUBLE, TROUBLE, NOT_A_CRM },         { 461, TROUBLE, TROUBLE, NOT_A_CRM },
  { 462, ACCOUNT, ACCOUNT, NOT_A_CRM },         { 463, ACCOUNT, ACCOUNT, NOT_A_CRM },
  { 499, REJECTED, NOT_A_CRM, NOT_A_CRM },      { 500, TROUBLE, TROUBLE, TROUBLE },
  { 501, NOT_A_CRM, NOT_A_CRM, NOT_A_CRM },     { 502, TROUBLE, TROUBLE, TROUBLE },
  { 503, TROUBLE, TROUBLE, TROUBLE },           { 504, TROUBLE, TROUBLE, TROUBLE },
  { 599, TROUBLE, TROUBLE, TROUBLE },           { 600, UNCONFIRMED, UNCONFIRMED, UNCONFIRMED },
  { 100, UNCONFIRMED, UNCONFIRMED, NOT_A_CRM }, { 0, UNCONFIRMED, UNCONFIRMED, NOT_A_CRM },
};

static void
test_statuses (void)
{
  static const char *const others[] = {
    "",
    "{",
    "{\"success\": true, \"id\": 75",
    "[{\"success\": true, \"id\": 755}]",
    "null",
    "755",
    "\"x\"",
    "{'success': true, 'id': 755}",
    "{\"success\": true, \"id\": 755,}",
    "{\"success\": true, \"id\": 0755}",
    "{\"success\": true, \"id\": 0x2f3}",
    "{\"success\": true, \"id\": 755} x",
    "/* */ {\"success\": true, \"id\": 7}",
    "{\"success\": TRUE, \"id\": 755}",
    "{success: true, \"id\": 755}",
    "{\"success\" true}",
    "{\"a\": \"\x01\"}",
    "{\"a\": \"\\x\"}",
    "{\"a\": \"\\u12g4\"}",
    "{\"a\": 1.}",
    "{\"a\": -}",
    "{\"a\": 1e}",
    "{\"a\": [1, ]}",
    "{\"a\": [}",
    "{\"a\": \"",
    "nul",
    "  ",
  };
  static const CrmRequestKind kinds[] = { ADD, UPDATE, LIST };

  for (guint i = 0; i < G_N_ELEMENTS (by_status); i++)
    for (guint k = 0; k < G_N_ELEMENTS (kinds); k++)
      {
        const Case objects[] = {
          { kinds[k], by_status[i].status, JSON, "{}", by_status[i].object },
          { kinds[k], by_status[i].status, JSON, "{\"ack\": \"pong\", \"id\": 755}", by_status[i].object },
          { kinds[k], by_status[i].status, HTML, "<html>Sign in</html>", by_status[i].html },
          { kinds[k], by_status[i].status, NULL, "hello", by_status[i].html },
          { kinds[k], by_status[i].status, "text/json", "{\"success\": true, \"id\": 755}",
            by_status[i].html },
          { kinds[k], by_status[i].status, HTML, "", by_status[i].other },
          { kinds[k], by_status[i].status, NULL, "", by_status[i].other },
        };

        CHECK (objects);

        for (guint j = 0; j < G_N_ELEMENTS (others); j++)
          {
            const Case c = { kinds[k], by_status[i].status, JSON, others[j], by_status[i].other };

            check (&c, 1);
          }
      }
}

static void
test_ping (void)
{
  static const Case cases[] = {
    { PING, 200, JSON, "{\"ack\": \"pong\"}", ACCEPTED },
    { PING, 200, JSON, "{}", ACCEPTED },
    { PING, 204, JSON, "{\"errorCode\": 0}", ACCEPTED },
    { PING, 200, JSON, "{\"success\": true}", ACCEPTED },
    { PING, 200, JSON, "", NOT_A_CRM },
    { PING, 200, JSON, "{", NOT_A_CRM },
    { PING, 200, JSON, "[]", NOT_A_CRM },
    { PING, 200, NULL, "", NOT_A_CRM },
    { PING, 200, HTML, "<html/>", NOT_A_CRM },
    { PING, 200, JSON, "{\"errorCode\": 401}", ACCOUNT },
    { PING, 401, JSON, "{\"specificCode\": 23005}", CLOCK },
    { PING, 401, JSON, "{}", ACCOUNT },
    { PING, 401, HTML, "x", NOT_A_CRM },
    { PING, 403, JSON, "", ACCOUNT },
    { PING, 404, JSON, "{\"success\": true, \"id\": 755}", NOT_A_CRM },
    { PING, 429, HTML, "x", THROTTLED },
    { PING, 500, JSON, "{}", TROUBLE },
    { PING, 502, HTML, "x", TROUBLE },
    { PING, 302, HTML, "", NOT_A_CRM },
  };

  CHECK (cases);
}

static void
test_list (void)
{
  static const Case cases[] = {
    { LIST, 200, JSON, "{\"meta\": {}, \"results\": [{\"id\": 1}]}", ACCEPTED },
    { LIST, 200, JSON, "{\"results\": []}", ACCEPTED },
    { LIST, 200, JSON, "{\"results\": {}}", UNCONFIRMED },
    { LIST, 200, JSON, "{\"results\": null}", UNCONFIRMED },
    { LIST, 200, JSON, "{\"success\": true, \"id\": 755}", UNCONFIRMED },
    { LIST, 200, JSON, "{\"results\": [], \"errorCode\": 403}", ACCOUNT },
    { LIST, 200, JSON, "{\"results\": [], \"specificCode\": 77777}", REJECTED },
    { LIST, 500, JSON, "{\"results\": []}", TROUBLE },
    { LIST, 500, JSON, "{\"success\": true, \"id\": 755}", TROUBLE },
    { LIST, 401, JSON, "{\"results\": []}", ACCOUNT },
  };
  g_autoptr (CrmAnswer) answer = NULL;

  CHECK (cases);

  answer = answer_to (LIST, 200, JSON, cases[0].body, strlen (cases[0].body));
  g_assert_cmpint (json_array_get_length (json_object_get_array_member (json_node_get_object (answer->json),
                                                                       "results")), ==, 1);
}

static void
test_depth (void)
{
  static const char *const openings[] = { "[", "{\"a\":" };

  for (guint i = 0; i < G_N_ELEMENTS (openings); i++)
    {
      g_autoptr (GString) bomb = g_string_new ("{\"success\": true, \"id\": 755, \"a\": ");
      g_autoptr (CrmAnswer) answer = NULL;

      for (guint j = 0; j < 200000; j++)
        g_string_append (bomb, openings[i]);
      answer = answer_to (ADD, 200, JSON, bomb->str, bomb->len);
      g_assert_cmpint (answer->outcome->klass, ==, UNCONFIRMED);
      g_assert_cmpuint (strlen (answer->raw), <=, 64 * 1024);
    }

  for (guint depth = 99; depth <= 100; depth++)
    {
      g_autoptr (GString) nest = g_string_new ("{\"success\": true, \"id\": 755, \"a\": ");
      g_autoptr (CrmAnswer) answer = NULL;

      for (guint j = 0; j < depth; j++)
        g_string_append_c (nest, '[');
      for (guint j = 0; j < depth; j++)
        g_string_append_c (nest, ']');
      g_string_append_c (nest, '}');
      answer = answer_to (ADD, 200, JSON, nest->str, nest->len);
      g_assert_cmpint (answer->outcome->klass, ==, depth == 99 ? ACCEPTED : UNCONFIRMED);
    }
}

static void
test_bytes (void)
{
  static const char nul[] = "{\"success\": true, \"id\": 755}\0";
  static const char inner[] = "{\"success\": true, \"x\": \"a\0b\", \"id\": 755}";
  static const char latin[] = "{\"success\": true, \"x\": \"\xe9\", \"id\": 755}";
  g_autoptr (CrmAnswer) with_nul = answer_to (ADD, 200, JSON, nul, sizeof nul);
  g_autoptr (CrmAnswer) with_inner = answer_to (ADD, 200, JSON, inner, sizeof inner - 1);
  g_autoptr (CrmAnswer) with_latin = answer_to (ADD, 200, JSON, latin, sizeof latin - 1);

  g_assert_cmpint (with_nul->outcome->klass, ==, UNCONFIRMED);
  g_assert_cmpint (with_inner->outcome->klass, ==, UNCONFIRMED);
  g_assert_cmpint (with_latin->outcome->klass, ==, UNCONFIRMED);
  g_assert_true (g_utf8_validate (with_nul->raw, -1, NULL));
  g_assert_nonnull (strstr (with_inner->raw, "a\xef\xbf\xbd" "b"));
  g_assert_nonnull (strstr (with_latin->raw, "\xef\xbf\xbd"));
}

/* json-glib aborts on halves of surrogate pairs. */
static void
test_surrogates (void)
{
  static const struct
  {
    const char *escaped;
    const char *text;
  } texts[] = {
    { "\\ud83d\\ude00", "\xf0\x9f\x98\x80" },
    { "\\ud83d", "\xef\xbf\xbd" },
    { "\\ude00", "\xef\xbf\xbd" },
    { "\\ud83dx", "\xef\xbf\xbdx" },
    { "\\ud83d\\n", "\xef\xbf\xbd\n" },
    { "\\ud83d\\u0041", "\xef\xbf\xbd" "A" },
    { "\\ud83d\\ud83d\\ude00", "\xef\xbf\xbd\xf0\x9f\x98\x80" },
    { "\\ude00\\ud83d", "\xef\xbf\xbd\xef\xbf\xbd" },
    { "a\\u0000b", "a\xef\xbf\xbd" "b" },
    { "\\u00e9", "\xc3\xa9" },
    { "\\\\ud83d", "\\ud83d" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *body =
          g_strdup_printf ("{\"specificCode\": 24395, \"message\": \"%s\"}", texts[i].escaped);
      g_autoptr (CrmAnswer) answer = answer_to (ADD, 400, JSON, body, strlen (body));

      g_assert_cmpint (answer->outcome->klass, ==, REJECTED);
      g_assert_cmpstr (answer->outcome->message, ==, texts[i].text);
    }
}

static void
test_messages (void)
{
  static const char body[] =
      "{\"errorCode\": 400, \"message\": \"The request contains invalid data\","
      " \"specificCode\": \"24395\", \"additionalMessages\":"
      " [\"leadId: *Invalid item selected*\", 7, 1.5, null, {}, [\"x\"], true, \"two\"]}";
  g_autoptr (CrmAnswer) answer = answer_to (ADD, 200, JSON, body, strlen (body));
  const char *const expected[] = { "leadId: *Invalid item selected*", "7", "1.5", "two", NULL };

  g_assert_cmpint (answer->outcome->error_code, ==, 400);
  g_assert_cmpint (answer->outcome->specific_code, ==, 24395);
  g_assert_cmpstr (answer->outcome->message, ==, "The request contains invalid data");
  g_assert_cmpstrv (answer->outcome->additional_messages, expected);
  g_assert_cmpstr (answer->raw, ==, body);
}

static void
test_message_shapes (void)
{
  static const struct
  {
    const char *json;
    const char *message;
  } shapes[] = {
    { "{\"errorCode\": 400}", NULL },
    { "{\"errorCode\": 400, \"message\": null}", NULL },
    { "{\"errorCode\": 400, \"message\": {}}", NULL },
    { "{\"errorCode\": 400, \"message\": [\"x\"]}", NULL },
    { "{\"errorCode\": 400, \"message\": true}", NULL },
    { "{\"errorCode\": 400, \"message\": 12}", "12" },
    { "{\"errorCode\": 400, \"message\": \"a\\tb\\r\\nc\"}", "a\tb\nc" },
    { "{\"errorCode\": 400, \"message\": \"a\\u001b[31mb\\u0007\\u007f\\u0085\\u202ec\"}",
      "a␛[31mb␇␡\xef\xbf\xbd[RLO]c" },
    { "{\"success\": true, \"message\": \"fine\"}", "fine" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++)
    {
      g_autoptr (CrmAnswer) answer = answer_to (ADD, 200, JSON, shapes[i].json, strlen (shapes[i].json));

      g_assert_cmpstr (answer->outcome->message, ==, shapes[i].message);
      g_assert_null (answer->outcome->additional_messages);
    }
}

static void
test_message_caps (void)
{
  g_autoptr (GString) body = g_string_new ("{\"specificCode\": 24395, \"message\": \"x");
  g_autoptr (CrmAnswer) answer = NULL;

  for (guint i = 0; i < 50000; i++)
    g_string_append (body, "\xc3\xa9");
  g_string_append (body, "\", \"additionalMessages\": [\"first\"");
  for (guint i = 0; i < 1000; i++)
    g_string_append (body, ", \"more\"");
  g_string_append (body, "]}");

  answer = answer_to (ADD, 400, JSON, body->str, body->len);
  g_assert_cmpint (answer->outcome->klass, ==, REJECTED);
  g_assert_cmpuint (strlen (answer->outcome->message), ==, 4095);
  g_assert_true (g_utf8_validate (answer->outcome->message, -1, NULL));
  g_assert_cmpuint (g_strv_length (answer->outcome->additional_messages), ==, 50);
  g_assert_cmpuint (strlen (answer->raw), <=, 64 * 1024);
  g_assert_true (g_utf8_validate (answer->raw, -1, NULL));
}

static void
test_headers (void)
{
  static const struct
  {
    const char *retry_after;
    const char *date;
    gint64      seconds;
    gint64      server_time;
  } headers[] = {
    { NULL, NULL, -1, 0 },
    { "7", NULL, 7, 0 },
    { " 7 ", "Mon, 23 Nov 2026 10:00:00 GMT", 7, 1795428000 },
    { "0", NULL, 0, 0 },
    { "99999", NULL, 3600, 0 },
    { "99999999999999999999999", NULL, 3600, 0 },
    { "-5", NULL, -1, 0 },
    { "soon", NULL, -1, 0 },
    { "", "nonsense", -1, 0 },
    { "Mon, 23 Nov 2026 10:01:30 GMT", "Mon, 23 Nov 2026 10:00:00 GMT", 90, 1795428000 },
    { "Mon, 23 Nov 2026 09:00:00 GMT", "Mon, 23 Nov 2026 10:00:00 GMT", 0, 1795428000 },
    { "Tue, 24 Nov 2026 10:00:00 GMT", "Mon, 23 Nov 2026 10:00:00 GMT", 3600, 1795428000 },
    { "Sun, 23 Nov 2008 10:00:00 GMT", NULL, 0, 0 },
  };
  static const guint statuses[] = { 200, 400, 429, 503 };

  for (guint i = 0; i < G_N_ELEMENTS (headers); i++)
    for (guint j = 0; j < G_N_ELEMENTS (statuses); j++)
      {
        g_autoptr (CrmTransportReply) reply = crm_transport_reply_new ();
        g_autoptr (CrmAnswer) answer = NULL;

        reply->status = statuses[j];
        reply->retry_after = g_strdup (headers[i].retry_after);
        reply->date = g_strdup (headers[i].date);
        answer = crm_answer_from_reply (ADD, 0, reply);

        g_assert_cmpint (answer->retry_after, ==, headers[i].seconds);
        g_assert_cmpint (answer->server_time, ==, headers[i].server_time);
        g_assert_null (answer->raw);
      }
}

static void
test_errors (void)
{
  static const struct
  {
    int            code;
    CrmAnswerClass klass;
    gboolean       written;
  } errors[] = {
    { CRM_TRANSPORT_ERROR_NOT_SENT, CRM_ANSWER_NOT_SENT, FALSE },
    { CRM_TRANSPORT_ERROR_CUT_OFF, UNCONFIRMED, TRUE },
  };
  g_autoptr (GError) other = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "words");
  g_autoptr (CrmAnswer) answer = crm_answer_from_error (other);

  g_assert_cmpint (answer->outcome->klass, ==, UNCONFIRMED);
  g_assert_true (answer->written);

  for (guint i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      g_autoptr (GError) error = g_error_new_literal (CRM_TRANSPORT_ERROR, errors[i].code, "words");
      g_autoptr (CrmAnswer) failed = crm_answer_from_error (error);

      g_assert_cmpint (failed->outcome->klass, ==, errors[i].klass);
      g_assert_true (failed->written == errors[i].written);
      g_assert_cmpstr (failed->outcome->message, ==, "words");
      g_assert_cmpint (failed->retry_after, ==, -1);
      g_assert_null (failed->raw);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/answer/success", test_success);
  g_test_add_func ("/answer/absurd-ids", test_absurd_ids);
  g_test_add_func ("/answer/success-and-code", test_success_and_code);
  g_test_add_func ("/answer/success-not-true", test_success_not_true);
  g_test_add_func ("/answer/specific-codes", test_specific_codes);
  g_test_add_func ("/answer/error-codes", test_error_codes);
  g_test_add_func ("/answer/unknown-specific-code", test_unknown_specific_code);
  g_test_add_func ("/answer/statuses", test_statuses);
  g_test_add_func ("/answer/ping", test_ping);
  g_test_add_func ("/answer/list", test_list);
  g_test_add_func ("/answer/depth", test_depth);
  g_test_add_func ("/answer/bytes", test_bytes);
  g_test_add_func ("/answer/surrogates", test_surrogates);
  g_test_add_func ("/answer/messages", test_messages);
  g_test_add_func ("/answer/message-shapes", test_message_shapes);
  g_test_add_func ("/answer/message-caps", test_message_caps);
  g_test_add_func ("/answer/headers", test_headers);
  g_test_add_func ("/answer/errors", test_errors);

  return g_test_run ();
}
