/* sim-crm-answers.c: what the model of the CRM answers when nothing goes wrong
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim.h"

#include "sim-merge.h"

#include "model/crm-datetime.h"

#include <json-glib/json-glib.h>
#include <string.h>

/* Whoever is named by such an id doesn't exist. */
#define NOBODY 900

void
sim_request_reply (SimRequest *request,
                   guint       status,
                   const char *type,
                   const char *retry_after,
                   const char *body)
{
  g_autoptr (GDateTime) now = g_date_time_new_from_unix_utc (request->world->now / SIM_SECOND);

  g_clear_pointer (&request->reply, crm_transport_reply_free);
  request->reply = crm_transport_reply_new ();
  request->reply->status = status;
  request->reply->content_type = g_strdup (type);
  request->reply->retry_after = g_strdup (retry_after);
  request->reply->date = g_date_time_format (now, "%a, %d %b %Y %H:%M:%S GMT");
  request->reply->body = g_bytes_new (body, strlen (body));
}

void
sim_request_cut (SimRequest        *request,
                 CrmTransportError  error)
{
  g_clear_pointer (&request->reply, crm_transport_reply_free);
  request->failure = error;
  request->klass = error == CRM_TRANSPORT_ERROR_NOT_SENT ? CRM_ANSWER_NOT_SENT : CRM_ANSWER_UNCONFIRMED;
}

/* By API.md §2, from the bytes alone. */
void
sim_crm_check_signature (SimRequest *request)
{
  const char *date = sim_request_get_header (request, "IVVY-Date");
  const char *md5 = sim_request_get_header (request, "Content-MD5");
  const char *target = strstr (request->url, "/api/1.0/");
  g_autofree char *real_md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, request->body);
  g_autofree char *text = g_strconcat ("POST", md5, sim_request_get_header (request, "Content-Type"), target, "1.0",
                                       "ivvydate=", date, NULL);
  g_autofree char *lower = g_ascii_strdown (text, -1);
  g_autofree char *signature = g_compute_hmac_for_string (G_CHECKSUM_SHA1, (const guchar *) "secret", 6, lower, -1);
  g_autofree char *authorization = g_strconcat ("IWS key:", signature, NULL);

  if (!g_str_equal (md5, real_md5) ||
      !g_str_equal (authorization, sim_request_get_header (request, "X-Api-Authorization")))
    sim_world_fail (request->world, "A request is signed wrongly: %s", request->url);
}

gboolean
sim_crm_is_stale (SimRequest *request)
{
  gint64 signed_at = 0;

  crm_datetime_from_utc (sim_request_get_header (request, "IVVY-Date"), &signed_at);

  return ABS (signed_at - request->world->now / SIM_SECOND) > 300;
}

gboolean
sim_crm_refuse_stale (SimRequest *request)
{
  if (!sim_crm_is_stale (request))
    return FALSE;

  sim_request_reply (request, 401, "application/json", NULL,
                     "{\"errorCode\": 401, \"specificCode\": 23005, \"message\": \"Request is stale\"}");
  request->klass = CRM_ANSWER_CLOCK;
  request->everyones = TRUE;
  return TRUE;
}

void
sim_crm_answer_ping (SimRequest *request)
{
  if (sim_crm_refuse_stale (request))
    return;

  sim_request_reply (request, 200, "application/json", NULL, "{\"ack\": \"pong\"}");
  request->klass = CRM_ANSWER_ACCEPTED;
}

static void
reject (SimRequest *request,
        int         code,
        const char *message,
        const char *more)
{
  g_autofree char *text = g_strdup_printf ("{\"errorCode\": 400, \"specificCode\": %d, \"message\": \"%s\", "
                                           "\"additionalMessages\": [%s]}",
                                           code, message, more);

  /* An error may arrive under HTTP 200 or under its own status. */
  sim_request_reply (request, request->world->crm->trims ? 200 : 400, "application/json", NULL, text);
  request->klass = CRM_ANSWER_REJECTED;
  request->code = code;
}

static gboolean
check_owner (SimRequest *request,
             CrmValues  *values)
{
  gboolean lead = crm_values_has (values, CRM_FIELD_LEAD);
  gboolean contact = crm_values_has (values, CRM_FIELD_CONTACT);
  gboolean company = crm_values_has (values, CRM_FIELD_COMPANY);

  if (lead && crm_values_get_number (values, CRM_FIELD_LEAD) >= NOBODY)
    reject (request, 24389, "The lead does not exist", "\"leadId: *Invalid item selected*\"");
  else if (contact && crm_values_get_number (values, CRM_FIELD_CONTACT) >= NOBODY)
    reject (request, 24390, "The contact does not exist", "");
  else if (company && crm_values_get_number (values, CRM_FIELD_COMPANY) >= NOBODY)
    reject (request, 24391, "The company does not exist", "");
  else if (lead && (contact || company))
    reject (request, 24396, "A task belongs to either contact, company or opportunity/lead", "");
  else
    return TRUE;

  return FALSE;
}

static void
accept (SimRequest *request,
        gint64      id)
{
  g_autofree char *text = g_strdup_printf ("{\"success\": true, \"id\": %" G_GINT64_FORMAT "}", id);

  sim_request_reply (request, 200, "application/json", NULL, text);
  request->klass = CRM_ANSWER_ACCEPTED;
}

/* The body's values, read without the app's help. */
static CrmValues *
read_values (SimRequest   *request,
             CrmFieldMask *mask,
             gint64       *id)
{
  g_autoptr (JsonParser) parser = json_parser_new ();
  CrmValues *values = crm_values_new ();
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  JsonObject *object;

  *mask = 0;
  *id = 0;
  if (!json_parser_load_from_data (parser, data, size, NULL) || !JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
    {
      sim_world_fail (request->world, "What was sent is no JSON object");
      return values;
    }

  object = json_node_get_object (json_parser_get_root (parser));
  *id = json_object_get_int_member_with_default (object, "id", 0);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      JsonNode *node = json_object_get_member (object, crm_field_get (i)->key);

      if (node == NULL)
        continue;
      *mask |= CRM_FIELD_BIT (i);
      if (JSON_NODE_HOLDS_NULL (node))
        continue;
      if (crm_field_type_is_number (crm_field_get (i)->type))
        crm_values_set_number (values, i, json_node_get_int (node));
      else if (*json_node_get_string (node) != '\0')
        crm_values_set_text (values, i, json_node_get_string (node));
    }

  return values;
}

static void
update (SimRequest   *request,
        gint64        id,
        CrmValues    *sent,
        CrmFieldMask  mask)
{
  SimWorld *world = request->world;
  SimCrmTask *task = sim_crm_find (world->crm, id);
  g_autoptr (CrmValues) values = NULL;

  if (task == NULL)
    {
      reject (request, 24392, "The task does not exist", "");
      return;
    }

  values = crm_values_copy (task->values);
  crm_values_take_over (values, sent, mask);
  if (!check_owner (request, values))
    return;

  if (world->merge != NULL)
    sim_merge_written (world, task, sent, mask, request->send);
  crm_values_take_over (task->values, sent, mask);
  task->modified = world->now;
  task->ours |= mask;
  task->theirs &= ~mask;
  request->send->effected = TRUE;
  accept (request, task->id);
  sim_world_trace (world, "CRM: #%" G_GINT64_FORMAT " is updated", id);
}

/* Whether the CRM fails at this task, and at no other. */
gboolean
sim_crm_curses (const CrmValues *values)
{
  const char *name = crm_values_get_text (values, CRM_FIELD_NAME);

  return name != NULL && strstr (name, "cursed") != NULL;
}

void
sim_crm_answer_task (SimRequest *request)
{
  SimWorld *world = request->world;
  CrmFieldMask mask;
  gint64 id;
  g_autoptr (CrmValues) values = read_values (request, &mask, &id);
  const char *name = crm_values_get_text (values, CRM_FIELD_NAME);
  SimCrmTask *task = id != 0 ? sim_crm_find (world->crm, id) : NULL;
  SimIntent *intent = sim_world_get_intent (world, request->send->local_id);
  gboolean has_name = name != NULL;

  if (name == NULL && task != NULL)
    name = crm_values_get_text (task->values, CRM_FIELD_NAME);

  if (sim_crm_refuse_stale (request))
    return;

  if (sim_crm_curses (has_name || task == NULL ? values : task->values))
    {
      sim_request_reply (request, 500, "application/json", NULL, "{\"errorCode\": 500, \"message\": \"Oops\"}");
      request->klass = CRM_ANSWER_TROUBLE;
    }
  else if (name != NULL && strstr (name, "forbidden") != NULL)
    {
      sim_request_reply (request, 403, "application/json", NULL, "{\"errorCode\": 403, \"message\": \"Not yours\"}");
      request->klass = CRM_ANSWER_ACCOUNT;
    }
  else if (crm_values_has (values, CRM_FIELD_DESCRIPTION) &&
           strstr (crm_values_get_text (values, CRM_FIELD_DESCRIPTION), "REFUSE") != NULL)
    reject (request, 24395, "The request contains invalid data", "\"description: *Not so*\"");
  else if (id != 0)
    update (request, id, values, mask);
  else if (name == NULL || !crm_values_has (values, CRM_FIELD_END_DATETIME))
    reject (request, 23017, "'name' is required", "");
  else if (check_owner (request, values))
    {
      if (world->merge != NULL)
        sim_merge_written (world, NULL, values, mask, request->send);
      task = sim_crm_add (world->crm, values, request->send->local_id, intent != NULL ? intent->family : 0);
      request->send->effected = TRUE;
      request->send->created_id = task->id;
      accept (request, task->id);
      sim_world_trace (world, "CRM: #%" G_GINT64_FORMAT " is made for task %" G_GINT64_FORMAT, task->id,
                       request->send->local_id);
    }
}

/* Lists */

static void
add_id (JsonBuilder     *builder,
        SimCrm          *crm,
        const char      *key,
        const CrmValues *values,
        CrmFieldId       field)
{
  json_builder_set_member_name (builder, key);
  if (!crm_values_has (values, field))
    json_builder_add_null_value (builder);
  else if (crm->writes_strings)
    {
      g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, field));

      json_builder_add_string_value (builder, text);
    }
  else
    json_builder_add_int_value (builder, crm_values_get_number (values, field));
}

static char *
write_text (SimCrm     *crm,
            const char *text,
            gboolean    is_html)
{
  g_autofree char *stripped = crm->trims ? g_strstrip (g_strdup (text)) : g_strdup (text);
  g_autofree char *escaped = g_markup_escape_text (stripped, -1);

  if (!crm->writes_html)
    return g_steal_pointer (&stripped);

  return is_html ? g_strdup_printf ("<p>%s</p>", escaped) : g_steal_pointer (&escaped);
}

static void
add_text (JsonBuilder     *builder,
          SimCrm          *crm,
          const CrmValues *values,
          CrmFieldId       field)
{
  const char *text = crm_values_get_text (values, field);

  json_builder_set_member_name (builder, crm_field_get (field)->key);
  if (text == NULL)
    json_builder_add_null_value (builder);
  else
    {
      g_autofree char *written = write_text (crm, text, field == CRM_FIELD_DESCRIPTION);

      json_builder_add_string_value (builder, written);
    }
}

static void
add_row (JsonBuilder      *builder,
         SimCrm           *crm,
         const SimCrmTask *task)
{
  const CrmValues *values = task->values;
  g_autofree char *created = crm_datetime_to_utc (task->created / SIM_SECOND);
  g_autofree char *modified = crm_datetime_to_utc (task->modified / SIM_SECOND);
  g_autofree char *created_utc = g_strconcat (created, crm->writes_html ? " UTC" : "", NULL);
  g_autofree char *due = g_strconcat (crm_values_get_text (values, CRM_FIELD_END_DATETIME),
                                      crm->writes_strings ? " UTC" : "", NULL);
  gboolean pair = crm_values_has (values, CRM_FIELD_CONTACT) && crm_values_has (values, CRM_FIELD_COMPANY);

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "id");
  json_builder_add_int_value (builder, task->id);
  add_text (builder, crm, values, CRM_FIELD_NAME);
  json_builder_set_member_name (builder, "endDatetime");
  json_builder_add_string_value (builder, due);
  add_id (builder, crm, "venueId", values, CRM_FIELD_VENUE);
  add_id (builder, crm, "leadId", values, CRM_FIELD_LEAD);
  add_id (builder, crm, "companyId", values, CRM_FIELD_COMPANY);
  add_id (builder, crm, pair ? "companyContactId" : "contactId", values, CRM_FIELD_CONTACT);
  add_id (builder, crm, "assignedUserId", values, CRM_FIELD_ASSIGNED_USER);
  add_id (builder, crm, "status", values, CRM_FIELD_STATUS);
  add_text (builder, crm, values, CRM_FIELD_PRIORITY);
  add_text (builder, crm, values, CRM_FIELD_DESCRIPTION);
  json_builder_set_member_name (builder, "createdDate");
  json_builder_add_string_value (builder, created_utc);
  json_builder_set_member_name (builder, "modifiedDate");
  json_builder_add_string_value (builder, modified);
  json_builder_set_member_name (builder, "bookingId");
  json_builder_add_null_value (builder);
  json_builder_end_object (builder);
}

static GPtrArray *
choose_rows (SimCrm     *crm,
             JsonObject *filter)
{
  GPtrArray *rows = g_ptr_array_new ();
  const char *name = filter != NULL ? json_object_get_string_member_with_default (filter, "name", NULL) : NULL;
  const char *since = filter != NULL ? json_object_get_string_member_with_default (filter, "createdDate__GREATERTHAN", NULL)
                                     : NULL;
  const char *changed = filter != NULL ? json_object_get_string_member_with_default (filter, "modifiedDate__GREATERTHAN", NULL)
                                       : NULL;
  gint64 since_time = 0, changed_since = 0;

  if (changed != NULL)
    crm_datetime_from_utc (changed, &changed_since);
  if (since != NULL)
    crm_datetime_from_utc (since, &since_time);

  for (guint i = 0; i < crm->tasks->len; i++)
    {
      SimCrmTask *task = crm->tasks->pdata[i];
      g_autofree char *written = write_text (crm, crm_values_get_text (task->values, CRM_FIELD_NAME), FALSE);

      if (task->gone || task->visible > crm->world->now)
        continue;
      if (!crm->ignores_filters && ((name != NULL && !g_str_equal (name, written)) || task->created / SIM_SECOND < since_time ||
                                    task->modified / SIM_SECOND < changed_since))
        continue;
      g_ptr_array_insert (rows, crm->newest_first ? 0 : -1, task);
    }

  return rows;
}

static void
note_page (SimRequest *request,
           JsonObject *filter,
           gint64      start,
           gboolean    is_last)
{
  if (start == 0)
    request->app->list_begun = request->sent_at;
  request->list_begun = request->app->list_begun;
  request->is_last_page = is_last;
  g_free (request->look_name);
  request->look_name = filter != NULL ? g_strdup (json_object_get_string_member_with_default (filter, "name", NULL)) : NULL;
}

void
sim_crm_answer_list (SimRequest *request)
{
  SimCrm *crm = request->world->crm;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (JsonBuilder) builder = json_builder_new ();
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autofree char *text = NULL;
  gsize size;
  const char *data = g_bytes_get_data (request->body, &size);
  JsonObject *asked, *filter;
  gint64 start, end;
  gboolean is_short = !request->world->ending && sim_world_chance (request->world, crm->faults / 10);

  if (sim_crm_refuse_stale (request))
    return;

  if (crm->refuses_lists)
    {
      sim_request_reply (request, 403, "application/json", NULL, "{\"errorCode\": 403, \"message\": \"No right\"}");
      request->klass = CRM_ANSWER_ACCOUNT;
      return;
    }

  json_parser_load_from_data (parser, data, size, NULL);
  asked = json_node_get_object (json_parser_get_root (parser));
  filter = json_object_has_member (asked, "filter") ? json_object_get_object_member (asked, "filter") : NULL;
  start = json_object_get_int_member_with_default (asked, "start", 0);
  /* There is nobody and nothing else there. */
  rows = strstr (request->url, "getTaskList") != NULL ? choose_rows (crm, filter) : g_ptr_array_new ();
  end = MIN ((gint64) rows->len, start + MIN (crm->page, json_object_get_int_member_with_default (asked, "perPage", 100)));

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "meta");
  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "totalResults");
  json_builder_add_int_value (builder, rows->len + (is_short ? 1 : 0));
  json_builder_end_object (builder);
  json_builder_set_member_name (builder, "results");
  json_builder_begin_array (builder);
  for (gint64 i = start; i < end; i++)
    add_row (builder, crm, rows->pdata[i]);
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);
  text = json_to_string (root, FALSE);

  note_page (request, filter, start, !is_short && end >= (gint64) rows->len);
  sim_request_reply (request, 200, "application/json", NULL, text);
  request->klass = CRM_ANSWER_ACCEPTED;
}
