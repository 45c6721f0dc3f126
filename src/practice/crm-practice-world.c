/* crm-practice-world.c: a few hundred more rows for the practice CRM, and the tasks it begins with
 *
 * Made of parts, always the same ones, so that ids stay what they are. All names are made up.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-world.h"

#include <string.h>

/* Behind the rows of crm-practice-data.c. */
#define FIRST_VENUE 17
#define FIRST_USER 41
#define FIRST_COMPANY 1101
#define FIRST_CONTACT 2101
#define FIRST_LEAD 12601
#define FIRST_OPPORTUNITY 13101
/* Below the first that a client gets. */
#define FIRST_TASK 501

#define N_COMPANIES 108
#define N_CONTACTS 290
#define N_LEADS 48
#define N_OPPORTUNITIES 84
#define N_TASKS 120

static const char *const venues[] = { "Riverside Hall", "Old Customs House", "Mill Street Studios", "The Glasshouse" };

static const char *const users[][2] = {
  { "Marta", "Lindgren" }, { "Oliver", "Bennett" }, { "Chloé", "Martin" },
  { "Hiroshi", "Sato" },   { "Amina", "Diallo" },   { "Lukas", "Weber" },
};

static const char *const company_words[] = {
  "Amberfield", "Brightwater", "Cobalt",    "Dovecote",  "Elmsworth",  "Foxglove", "Goldcrest", "Hazelbrook", "Ironbark",
  "Kingfisher", "Larkspur",    "Moorland",  "Northgate", "Oakhurst",   "Pinecrest", "Quayside", "Redfern",    "Saltmarsh",
  "Tideway",    "Underhill",   "Valewood",  "Westbourne", "Yarrow",    "Zephyr",   "Birchwood", "Clearview",  "Driftwood",
};

static const char *const trades[] = {
  "Catering", "Architects", "Travel", "Law", "Accountants", "Media", "Pharmacy", "Motors", "Textiles", "Software", "College",
  "Foundation", "Logistics",
};

static const char *const first_names[] = {
  "Maria", "James",  "Aisha", "Pierre", "Sofía", "Daniel", "Emma",  "Kwame", "Hannah", "Rafael", "Ingrid", "Wei",    "Nadia", "Thomas", "Lucía",
  "Samuel", "Zoë",   "Mateo", "Freya",  "Omar",  "Clara",  "Viktor", "Leila", "George", "Yuki",   "Bruno",  "Camille", "David", "Elena",  "Felix",
};

static const char *const last_names[] = {
  "Santos",  "Wilson", "Khan",   "Dubois",  "García", "Okafor", "Müller",  "Larsen", "Novák",  "Rossi",  "Andersson", "Chen",
  "Haddad",  "Clarke", "Ferreira", "Jensen", "Kaur",  "Lambert", "Morris", "Nakamura", "O’Neill", "Petrov", "Quinn",  "Roberts",
  "Schäfer", "Turner", "Ueda",   "Vargas",  "Walsh",  "Yilmaz", "Ziegler", "Brooks", "Costa",  "Doyle",  "Evans",
};

static const char *const events[] = {
  "Winter ball", "Product launch", "Charity auction", "Board retreat", "Summer party", "Awards night", "Wedding reception",
  "Spring conference", "Team offsite", "Jubilee concert", "Trade fair", "Press breakfast", "Graduation lunch", "Film premiere",
  "Wine tasting", "Annual meeting", "Book fair", "Chess open", "Anniversary dinner", "Sales kick-off", "Harvest feast",
  "Art opening", "Science day", "Farewell party",
};

static const char *const stages[] = { "New", "Contacted", "Qualified", "Proposal", "Negotiation", "Won" };

static const char *const errands[] = {
  "Call %s about the menu", "Send the contract to %s", "Ask %s for the guest list", "Confirm the date with %s",
  "Show %s the rooms", "Invoice %s for the deposit", "Thank %s", "Plan the seating with %s",
};

#define PICK(array, i) ((array)[(i) % G_N_ELEMENTS (array)])

static JsonObject *
add_row (GPtrArray *rows,
         gint64     id,
         guint      i)
{
  JsonObject *row = json_object_new ();
  g_autoptr (GDateTime) base = g_date_time_new_utc (2024, 12, 1, 8, 0, 0);
  g_autoptr (GDateTime) modified = g_date_time_add_minutes (base, (int) ((i * 7919) % 1000000));
  g_autofree char *date = g_date_time_format (modified, "%Y-%m-%d %H:%M:%S UTC");

  json_object_set_int_member (row, "id", id);
  json_object_set_string_member (row, "modifiedDate", date);
  g_ptr_array_add (rows, row);

  return row;
}

/* Which of all venues a row may be filtered by. */
static void
set_venue (JsonObject *row,
           guint       i)
{
  JsonArray *array = json_array_new ();

  json_array_add_int_element (array, 11 + i % (6 + G_N_ELEMENTS (venues)));
  json_object_set_array_member (row, "@venueId", array);
}

/* "Amberfield Catering" → "amberfieldcatering". */
static char *
write_domain (const char *name)
{
  g_autofree char *ascii = g_str_to_ascii (name, "C");
  g_autofree char *lower = g_ascii_strdown (ascii, -1);
  GString *domain = g_string_new (NULL);

  for (const char *p = lower; *p != '\0'; p++)
    if (g_ascii_isalnum (*p))
      g_string_append_c (domain, *p);

  return g_string_free (domain, FALSE);
}

static char *
write_company (guint i)
{
  return g_strdup_printf ("%s %s", PICK (company_words, i), PICK (trades, i + i / G_N_ELEMENTS (company_words) * 5));
}

/* A few people share a name, as they do. */
static const char *
get_first_name (guint i)
{
  return i % 67 == 0 ? "Maria" : i % 71 == 0 ? "James" : PICK (first_names, i);
}

static const char *
get_last_name (guint i)
{
  return i % 67 == 0 ? "Santos" : i % 71 == 0 ? "Wilson" : PICK (last_names, i * 7 + i / G_N_ELEMENTS (first_names));
}

/* The index of a contact's company; -1: none. */
static int
get_company (guint i)
{
  return i % 8 == 7 ? -1 : (int) (i * 11 % N_COMPANIES);
}

static void
add_venues (GPtrArray *rows)
{
  for (guint i = 0; i < G_N_ELEMENTS (venues); i++)
    {
      JsonObject *row = add_row (rows, FIRST_VENUE + i, i);

      json_object_remove_member (row, "modifiedDate");
      json_object_set_string_member (row, "name", venues[i]);
      json_object_set_string_member (row, "timezone", "Australia/Melbourne");
    }
}

static void
set_person (JsonObject *row,
            const char *first,
            const char *last,
            const char *domain)
{
  g_autofree char *user = write_domain (first);
  g_autofree char *family = write_domain (last);
  g_autofree char *email = g_strdup_printf ("%s.%s@%s.example.com", user, family, domain);

  json_object_set_string_member (row, "firstName", first);
  json_object_set_string_member (row, "lastName", last);
  json_object_set_string_member (row, "email", email);
}

static void
add_users (GPtrArray *rows)
{
  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      JsonObject *row = add_row (rows, FIRST_USER + i, i);

      set_person (row, users[i][0], users[i][1], "venues");
      json_object_set_int_member (row, "currentStatus", 1);
      set_venue (row, i);
    }
}

static void
add_companies (GPtrArray *rows)
{
  for (guint i = 0; i < N_COMPANIES; i++)
    {
      JsonObject *row = add_row (rows, FIRST_COMPANY + i, i);
      g_autofree char *name = write_company (i);
      g_autofree char *domain = write_domain (name);
      g_autofree char *email = g_strdup_printf ("office@%s.example.com", domain);
      g_autofree char *phone = g_strdup_printf ("03555%05u", 20000 + i * 37);

      json_object_set_string_member (row, "businessName", name);
      json_object_set_null_member (row, "tradingName");
      json_object_set_string_member (row, "email", email);
      json_object_set_string_member (row, "phone", phone);
      set_venue (row, i);
    }
}

static void
add_company (JsonArray *companies,
             JsonArray *ids,
             guint      index)
{
  JsonObject *company = json_object_new ();
  g_autofree char *name = write_company (index);

  json_object_set_int_member (company, "companyId", FIRST_COMPANY + index);
  json_object_set_string_member (company, "businessName", name);
  json_array_add_object_element (companies, company);
  json_array_add_int_element (ids, FIRST_COMPANY + index);
}

static void
add_contacts (GPtrArray *rows)
{
  for (guint i = 0; i < N_CONTACTS; i++)
    {
      JsonObject *row = add_row (rows, FIRST_CONTACT + i, i);
      JsonArray *companies = json_array_new ();
      JsonArray *ids = json_array_new ();
      int company = get_company (i);
      g_autofree char *company_name = company >= 0 ? write_company ((guint) company) : g_strdup ("mail");
      g_autofree char *domain = write_domain (company_name);
      g_autofree char *phone = g_strdup_printf ("0400%06u", 600000 + i * 13);

      set_person (row, get_first_name (i), get_last_name (i), domain);
      json_object_set_string_member (row, "phone", phone);
      if (company >= 0)
        add_company (companies, ids, (guint) company);
      if (company >= 0 && i % 23 == 5)
        add_company (companies, ids, (guint) (company + 1) % N_COMPANIES);
      json_object_set_array_member (row, "companies", companies);
      json_object_set_array_member (row, "@companyId", ids);
      set_venue (row, i);
    }
}

static void
set_people (JsonObject *row,
            guint       i)
{
  guint contact_index = i * 3 % N_CONTACTS;
  int company_index = get_company (contact_index);
  JsonObject *contact = json_object_new ();

  json_object_set_int_member (contact, "id", FIRST_CONTACT + contact_index);
  json_object_set_string_member (contact, "firstName", get_first_name (contact_index));
  json_object_set_string_member (contact, "lastName", get_last_name (contact_index));
  json_object_set_object_member (row, "contact", contact);

  json_object_set_null_member (row, "company");
  if (company_index >= 0)
    {
      JsonObject *company = json_object_new ();
      g_autofree char *name = write_company ((guint) company_index);

      json_object_set_int_member (company, "id", FIRST_COMPANY + company_index);
      json_object_set_string_member (company, "businessName", name);
      json_object_set_object_member (row, "company", company);
    }
}

static char *
write_event (guint i)
{
  g_autofree char *company = write_company (i * 5 % N_COMPANIES);

  return g_strdup_printf ("%s, %s", PICK (events, i), company);
}

static void
add_leads (GPtrArray *rows)
{
  for (guint i = 0; i < N_LEADS; i++)
    {
      JsonObject *row = add_row (rows, FIRST_LEAD + i, i);
      g_autofree char *name = write_event (i + 7);

      json_object_set_string_member (row, "name", name);
      set_people (row, i);
      json_object_set_string_member (row, "stageName", i % 12 == 11 ? "Lost" : PICK (stages, i));
      if (i % 12 == 11)
        json_object_set_string_member (row, "closedDate", "2026-08-01 10:00:00 UTC");
      else
        json_object_set_null_member (row, "closedDate");
    }
}

static guint
get_opportunity_venue (guint i)
{
  /* The one that README and tests speak of, and one of its name elsewhere. */
  if (i < 2)
    return i == 0 ? FIRST_VENUE : 12;

  return 11 + i % (6 + G_N_ELEMENTS (venues));
}

static void
add_opportunities (GPtrArray *rows)
{
  for (guint i = 0; i < N_OPPORTUNITIES; i++)
    {
      JsonObject *row = add_row (rows, FIRST_OPPORTUNITY + i, i);
      g_autofree char *name = i < 2 ? g_strdup ("Gala dinner") : write_event (i);

      json_object_set_int_member (row, "venueId", get_opportunity_venue (i));
      json_object_set_string_member (row, "name", name);
      set_people (row, i + 50);
      json_object_set_string_member (row, "stageName", PICK (stages, i + 2));
    }
}

/**
 * crm_practice_world_add_rows:
 * @list: a list
 * @rows: (element-type JsonObject): gets its rows, by ascending id
 */
void
crm_practice_world_add_rows (CrmPracticeList  list,
                             GPtrArray       *rows)
{
  switch (list)
    {
    case CRM_PRACTICE_LIST_VENUES:
      add_venues (rows);
      break;
    case CRM_PRACTICE_LIST_USERS:
      add_users (rows);
      break;
    case CRM_PRACTICE_LIST_COMPANIES:
      add_companies (rows);
      break;
    case CRM_PRACTICE_LIST_CONTACTS:
      add_contacts (rows);
      break;
    case CRM_PRACTICE_LIST_LEADS:
      add_leads (rows);
      break;
    case CRM_PRACTICE_LIST_OPPORTUNITIES:
    default:
      add_opportunities (rows);
      break;
    }
}

static char *
write_date (gint64 seconds)
{
  g_autoptr (GDateTime) date = g_date_time_new_from_unix_utc (seconds);

  return g_date_time_format (date, "%Y-%m-%d %H:%M:%S");
}

static void
set_owner (CrmPracticeTask *task,
           guint            i)
{
  guint contact = i * 3 % N_CONTACTS;

  switch (i % 5)
    {
    case 0:
    case 1:
      task->lead_id = FIRST_OPPORTUNITY + i % N_OPPORTUNITIES;
      task->venue_id = get_opportunity_venue (i % N_OPPORTUNITIES);
      break;
    case 2:
      task->lead_id = FIRST_LEAD + i % N_LEADS;
      break;
    case 3:
      task->contact_id = FIRST_CONTACT + contact;
      if (get_company (contact) >= 0)
        task->company_id = FIRST_COMPANY + get_company (contact);
      break;
    default:
      task->company_id = FIRST_COMPANY + i % N_COMPANIES;
      break;
    }
}

/**
 * crm_practice_world_get_tasks:
 * @now: seconds since 1970, UTC
 *
 * Returns: (transfer full) (element-type CrmPracticeTask): tasks that are due around @now, as colleagues would have written them
 */
GPtrArray *
crm_practice_world_get_tasks (gint64 now)
{
  static const char *const priorities[] = { "medium", "low", "high", "medium" };
  static const int statuses[] = { 0, 1, 0, 2, 4, 0, 0, 3 };
  GPtrArray *tasks = g_ptr_array_new_with_free_func ((GDestroyNotify) crm_practice_task_free);
  const gint64 day = 24 * 60 * 60;
  gint64 today = now - now % day;

  for (guint i = 0; i < N_TASKS; i++)
    {
      CrmPracticeTask *task = crm_practice_task_new ();
      g_autofree char *who = g_strdup_printf ("%s %s", get_first_name (i * 3 % N_CONTACTS), get_last_name (i * 3 % N_CONTACTS));
      g_auto (GStrv) parts = g_strsplit (PICK (errands, i), "%s", 2);
      /* From three weeks ago to eight weeks ahead, in the hours in which people work. */
      gint64 due = today + ((gint64) (i * 31 % 77) - 21) * day + (gint64) (8 + i % 10) * 3600;

      task->id = FIRST_TASK + i;
      task->name = g_strconcat (parts[0], who, parts[1], NULL);
      task->end_datetime = write_date (due);
      task->priority = g_strdup (PICK (priorities, i));
      task->status = PICK (statuses, i);
      task->assigned_user_id = i % 2 == 0 ? 1 + i % 8 : FIRST_USER + i % G_N_ELEMENTS (users);
      if (i % 3 == 0)
        task->description = g_strdup_printf ("<p>%s would like an answer this week.</p><p>See the notes of the last visit.</p>", who);
      task->created_date = write_date (today - (gint64) (60 + i % 300) * day);
      task->modified_date = write_date (today - (gint64) (1 + i % 50) * day);
      set_owner (task, i);
      g_ptr_array_add (tasks, task);
    }

  return tasks;
}
