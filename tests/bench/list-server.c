/* list-server.c: a CRM of many rows for benchmarks, a process of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Prints its port, and ends when standard input closes. A line "touch LIST N" on it changes the first N rows of a list
 * now; it is answered with a line "ok".
 */

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <json-glib/json-glib.h>
#include <libsoup/soup.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST_PER_PAGE 100
#define LONG_AGO "2020-01-31 09:00:00"

/* One row in the whole list has this name. */
#define RARE_ROW 4711
#define RARE_NAME "Xanthippe"

typedef struct
{
  const char *nick;
  const char *action;
  void      (*write) (GString *text, gint64 id, guint version, const char *modified);
  int         n;
  int         n_touched;
  guint       version; /* of the touched rows */
  char       *touched; /* when */
} List;

static const char *const first_names[] = {
  "Mary",  "James", "Anna",  "Robert", "Maria",  "John",  "Linda", "Michael", "Sofia", "David",  "Elena",  "William", "Marta",
  "Peter", "Aisha", "Thomas", "Julia", "Carlos", "Karen", "Daniel", "Nancy",   "Matteo", "Lisa",  "Anton",  "Betty",   "Mark",
  "Ruth",  "Paul",  "Sarah", "Steven", "Laura",  "Kenji", "Amy",   "Brian",   "Zoé",    "Edward", "Ingrid", "Omar",    "Priya",
};
static const char *const last_names[] = {
  "Smith",  "Johnson", "Williams", "Brown",   "Jones", "Garcia", "Miller",  "Davis",  "Rodríguez", "Martinez", "Hernandez", "Lopez",
  "Wilson", "Anderson", "Thomas",  "Taylor",  "Moore", "Jackson", "Martin", "Lee",    "Perez",     "Thompson", "White",     "Harris",
  "Clark",  "Lewis",   "Robinson", "Walker",  "Young", "Allen",  "King",    "Wright", "Scott",     "Torres",   "Nguyen",    "Hill",
  "Flores", "Green",   "Adams",    "Nelson",  "Baker", "Hall",   "Rivera",  "Müller", "Novák",     "Kowalski", "Rossi",     "Jensen",
};
static const char *const errands[] = {
  "Call back about the menu", "Send the contract", "Confirm the room", "Ask for the deposit", "Plan the seating",
  "Check the invoice",        "Book the band",     "Order flowers",    "Meet at the venue",   "Follow up",
};

#define PICK(words, number) ((words)[(number) % G_N_ELEMENTS (words)])

static guint
scatter (gint64 id,
         guint  salt)
{
  return (guint) (((guint64) id * 2654435761u + salt * 40503u) >> 7) & 0x7fffffff;
}

static const char *
get_first (gint64 id)
{
  return id == RARE_ROW ? RARE_NAME : PICK (first_names, scatter (id, 1));
}

static const char *
get_last (gint64 id)
{
  return PICK (last_names, scatter (id, 2));
}

static void
write_contact (GString    *text,
               gint64      id,
               guint       version,
               const char *modified)
{
  gint64 company = scatter (id, 3) % 1000 + 1;

  g_string_append_printf (text,
                          "{\"id\":%" G_GINT64_FORMAT ",\"firstName\":\"%s\",\"lastName\":\"%s%s\","
                          "\"email\":\"contact%" G_GINT64_FORMAT "@company%" G_GINT64_FORMAT ".example\","
                          "\"phone\":\"+61 2 %08u\",\"companies\":[{\"companyId\":%" G_GINT64_FORMAT
                          ",\"businessName\":\"Company %" G_GINT64_FORMAT "\"}],\"modifiedDate\":\"%s UTC\"}",
                          id, get_first (id), get_last (id), version % 2 == 1 ? "-New" : "", id, company,
                          scatter (id, 4) % 100000000, company, company, modified);
}

static void
write_company (GString    *text,
               gint64      id,
               guint       version,
               const char *modified)
{
  g_string_append_printf (text,
                          "{\"id\":%" G_GINT64_FORMAT ",\"businessName\":\"Company %" G_GINT64_FORMAT "\",\"tradingName\":\"%s & %s\","
                          "\"email\":\"office@company%" G_GINT64_FORMAT ".example\",\"phone\":\"%u\",\"modifiedDate\":\"%s UTC\"}",
                          id, id, get_last (id), get_last (id + 1), id, scatter (id, 4), modified);
}

static void
write_user (GString    *text,
            gint64      id,
            guint       version,
            const char *modified)
{
  g_string_append_printf (text,
                          "{\"id\":%" G_GINT64_FORMAT ",\"firstName\":\"%s\",\"lastName\":\"%s\","
                          "\"email\":\"user%" G_GINT64_FORMAT "@crm.example\",\"currentStatus\":1,\"modifiedDate\":\"%s UTC\"}",
                          id, get_first (id), get_last (id), id, modified);
}

static void
write_lead (GString    *text,
            gint64      id,
            guint       version,
            const char *modified)
{
  g_string_append_printf (text,
                          "{\"id\":%" G_GINT64_FORMAT ",\"venueId\":%d,\"name\":\"Wedding %s %" G_GINT64_FORMAT "\",\"contact\":"
                          "{\"firstName\":\"%s\",\"lastName\":\"%s\"},\"company\":null,\"stageName\":\"Proposal\",\"closedDate\":null,"
                          "\"modifiedDate\":\"%s UTC\"}",
                          id, (int) (id % 5) + 1, get_last (id), id, get_first (id), get_last (id), modified);
}

static void
write_venue (GString    *text,
             gint64      id,
             guint       version,
             const char *modified)
{
  g_string_append_printf (text, "{\"id\":%" G_GINT64_FORMAT ",\"name\":\"Hall %" G_GINT64_FORMAT "\"}", id, id);
}

static void
write_task (GString    *text,
            gint64      id,
            guint       version,
            const char *modified)
{
  guint day = scatter (id, 5) % 700;

  g_string_append_printf (text,
                          "{\"id\":%" G_GINT64_FORMAT ",\"venueId\":%d,\"bookingId\":null,\"leadId\":null,\"name\":\"%s%s, %s %s\","
                          "\"description\":\"%s. Ring +61 2 %08u first, and note what was said.\",\"status\":%u,"
                          "\"contactId\":%u,\"companyId\":null,\"companyContactId\":null,\"assignedUserId\":%d,"
                          "\"assignedUserFullName\":\"%s %s\",\"assignedUserEmail\":\"user@crm.example\",\"priority\":\"%s\","
                          "\"endDatetime\":\"%04u-%02u-%02u %02u:30:00 UTC\",\"progress\":\"0\","
                          "\"createdDate\":\"" LONG_AGO " UTC\",\"modifiedDate\":\"%s UTC\"}",
                          id, (int) (id % 5) + 1, PICK (errands, scatter (id, 6)), version % 2 == 1 ? " again" : "",
                          get_first (id), get_last (id), PICK (errands, scatter (id, 7)), scatter (id, 8) % 100000000,
                          scatter (id, 9) % 5, scatter (id, 3) % 1000 + 1, (int) (id % 20) + 1, get_first (id % 20 + 1),
                          get_last (id % 20 + 1), id % 3 == 0 ? "high" : "medium", 2026 + day / 336, day % 336 / 28 + 1,
                          day % 28 + 1, scatter (id, 10) % 24, modified);
}

static List lists[] = {
  { "tasks", "getTaskList", write_task, 100000 },
  { "contacts", "getContactList", write_contact, 100000 },
  { "companies", "getCompanyList", write_company, 1000 },
  { "leads", "getLeadList", write_lead, 500 },
  { "opportunities", "getOpportunityList", write_lead, 500 },
  { "users", "getUserList", write_user, 20 },
  { "venues", "getVenueList", write_venue, 5 },
};

/* What the client asks for since; NULL: all. */
static const char *
read_since (JsonObject *request)
{
  JsonObject *filter;

  if (!json_object_has_member (request, "filter"))
    return NULL;

  filter = json_object_get_object_member (request, "filter");
  if (json_object_has_member (filter, "fromModifiedDate"))
    return json_object_get_string_member (filter, "fromModifiedDate");

  return json_object_get_string_member_with_default (filter, "modifiedDate__GREATERTHAN", NULL);
}

static char *
write_page (const List *list,
            JsonObject *request)
{
  GString *text = g_string_new (NULL);
  const char *since = read_since (request);
  gint64 start = json_object_get_int_member_with_default (request, "start", 0);
  gint64 per_page = CLAMP (json_object_get_int_member_with_default (request, "perPage", MOST_PER_PAGE), 1, MOST_PER_PAGE);
  gint64 total = list->n;
  gint64 end;

  /* The touched rows come first, so that what is left of a filter is the beginning. */
  if (since != NULL && strcmp (since, LONG_AGO) > 0)
    total = list->touched != NULL && strcmp (since, list->touched) <= 0 ? list->n_touched : 0;
  start = CLAMP (start, 0, total);
  end = MIN (start + per_page, total);

  g_string_append_printf (text,
                          "{\"meta\":{\"totalResults\":%" G_GINT64_FORMAT ",\"start\":%" G_GINT64_FORMAT ",\"perPage\":%" G_GINT64_FORMAT
                          ",\"count\":%" G_GINT64_FORMAT "},\"results\":[",
                          total, start, per_page, end - start);
  for (gint64 i = start; i < end; i++)
    {
      gboolean touched = i < list->n_touched;

      if (i > start)
        g_string_append_c (text, ',');
      list->write (text, i + 1, touched ? list->version : 0, touched ? list->touched : LONG_AGO);
    }
  g_string_append (text, "]}");

  return g_string_free (text, FALSE);
}

static void
on_request (SoupServer        *server,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  const char *action = query != NULL ? g_hash_table_lookup (query, "action") : NULL;
  SoupMessageBody *body = soup_server_message_get_request_body (message);
  g_autoptr (JsonParser) parser = json_parser_new ();
  char *text = NULL;

  if (g_strcmp0 (action, "ping") == 0)
    text = g_strdup ("{\"success\":true}");
  for (guint i = 0; text == NULL && i < G_N_ELEMENTS (lists); i++)
    if (g_strcmp0 (action, lists[i].action) == 0 && json_parser_load_from_data (parser, body->data, body->length, NULL) &&
        JSON_NODE_HOLDS_OBJECT (json_parser_get_root (parser)))
      text = write_page (&lists[i], json_node_get_object (json_parser_get_root (parser)));

  if (text == NULL)
    {
      soup_server_message_set_status (message, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }

  soup_server_message_set_status (message, SOUP_STATUS_OK, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_TAKE, text, strlen (text));
}

static void
touch (const char *nick,
       int         n)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (g_str_equal (nick, lists[i].nick))
      {
        g_free (lists[i].touched);
        lists[i].touched = g_date_time_format (now, "%Y-%m-%d %H:%M:%S");
        lists[i].n_touched = MIN (n, lists[i].n);
        lists[i].version++;
      }
}

static void
on_line (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  GMainLoop *loop = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (G_DATA_INPUT_STREAM (source), result, NULL, NULL);
  g_auto (GStrv) words = line != NULL ? g_strsplit (line, " ", -1) : NULL;

  if (line == NULL)
    {
      g_main_loop_quit (loop);
      return;
    }

  if (g_strv_length (words) == 3 && g_str_equal (words[0], "touch"))
    {
      touch (words[1], atoi (words[2]));
      g_print ("ok\n");
    }
  g_data_input_stream_read_line_async (G_DATA_INPUT_STREAM (source), G_PRIORITY_DEFAULT, NULL, on_line, loop);
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "tasks", 0, 0, G_OPTION_ARG_INT, &lists[0].n, "How many tasks there are", "N" },
    { "contacts", 0, 0, G_OPTION_ARG_INT, &lists[1].n, "How many contacts there are", "N" },
    { "companies", 0, 0, G_OPTION_ARG_INT, &lists[2].n, "How many companies there are", "N" },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (SoupServer) server = soup_server_new (NULL, NULL);
  g_autoptr (GInputStream) in = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) lines = g_data_input_stream_new (in);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || !soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  soup_server_add_handler (server, "/api/1.0", on_request, NULL, NULL);
  uris = soup_server_get_uris (server);
  g_print ("%d\n", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_line, loop);
  g_main_loop_run (loop);
  soup_server_disconnect (server);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    g_free (lists[i].touched);

  return EXIT_SUCCESS;
}
