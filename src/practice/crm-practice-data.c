/* crm-practice-data.c: the venues, users, contacts, companies, leads and opportunities of the practice CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "practice/crm-practice-data.h"

#include "practice/crm-practice-world.h"

typedef struct
{
  gint64      id;
  const char *name;
} Venue;

typedef struct
{
  gint64      id;
  const char *first_name;
  const char *last_name;
  const char *email;
  int         current_status;
  const char *venues;
  const char *modified;
} User;

typedef struct
{
  gint64      id;
  const char *business_name;
  const char *trading_name;
  const char *email;
  const char *phone;
  const char *venues;
  const char *modified;
} Company;

typedef struct
{
  gint64      id;
  const char *first_name;
  const char *last_name;
  const char *email;
  const char *phone;
  gint64      company_id;
  const char *venues;
  const char *modified;
} Contact;

typedef struct
{
  gint64      id;
  gint64      venue_id;
  const char *name;
  gint64      contact_id;
  gint64      company_id;
  const char *stage;
  const char *closed;
  const char *modified;
} Lead;

static const Venue venues[] = {
  { 11, "Harbour House" },
  { 12, "The Old Woolstore" },
  { 13, "Lakeside Pavilion" },
  { 14, "Botanic Rooms" },
  { 15, "Café Zoë & Terrace" },
  { 16, "Northern Racecourse" },
};

static const User users[] = {
  { 1, "Alex", "Morgan", "alex.morgan@example.com", 1, "11 12 13 14 15 16", "2025-06-02 08:15:00" },
  { 2, "Priya", "Nair", "priya.nair@example.com", 1, "11 12", "2026-01-19 10:02:41" },
  { 3, "Tomás", "O'Brien", "tomas.obrien@example.com", 1, "13", "2026-02-03 16:40:09" },
  { 4, "Mei", "Tanaka", "mei.tanaka@example.com", 1, "14 15", "2026-03-27 09:00:00" },
  { 5, "Jordan", "Lee", NULL, 1, "16", "2026-04-11 12:31:55" },
  { 6, "Fatima", "Haddad", "fatima.haddad@example.com", 1, "11 14", "2026-05-20 07:45:30" },
  { 7, "Sam", "Whitfield", "sam.whitfield@example.com", 2, "12", "2024-11-08 17:59:59" },
  { 8, "Ingrid", "Sørensen", "ingrid.sorensen@example.com", 1, "13 16", "2026-09-01 00:00:00" },
};

static const Company companies[] = {
  { 51, "Blue Gum Engineering Pty Ltd", "Blue Gum Engineering", "office@bluegum.example.com", "0355501010", "11",
    "2025-12-01 03:20:11" },
  { 52, "Carver & Quill Publishing", NULL, "hello@carverquill.example.com", "0355501022", "11 12", "2026-01-08 22:10:00" },
  { 53, "Delta Orchestra Inc", "Delta Orchestra", NULL, "0355501033", "12", "2026-01-30 11:11:11" },
  { 54, "Everline Insurance Ltd", "Everline", "events@everline.example.com", "0355501044", "13", "2026-02-14 05:00:00" },
  { 55, "Fernhill Primary School", NULL, "office@fernhill.example.com", NULL, "13 14", "2026-03-02 01:30:45" },
  { 56, "Granite Legal", "Granite", "reception@granite.example.com", "0355501066", "14", "2026-03-27 09:00:00" },
  { 57, "Hollow Tree Brewing Co", "Hollow Tree", "taps@hollowtree.example.com", "0355501077", "15", "2026-05-05 05:05:05" },
  { 58, "Ibis Robotics", NULL, "events@ibis.example.com", "0355501088", "15 16", "2026-06-17 13:49:20" },
  { 59, "Juniper \"Fresh\" Foods", "Juniper", "hello@juniper.example.com", "0355501099", "16", "2026-07-01 08:00:00" },
  { 60, "Kestrel Air Charter", NULL, "ops@kestrel.example.com", "0355501100", "16", "2026-08-09 19:26:37" },
  { 61, "Lantern Theatre Trust", NULL, NULL, NULL, "12", "2026-09-12 04:18:02" },
  { 62, "Meridian Health", "Meridian", "people@meridian.example.com", "0355501122", "11 16", "2026-10-30 23:59:59" },
};

static const Contact contacts[] = {
  { 101, "Grace", "Abbott", "grace.abbott@example.com", "0400550101", 51, "11", "2025-12-02 03:20:11" },
  { 102, "Henry", "Baker", "henry.baker@example.com", "0400550102", 51, "11", "2025-12-03 03:20:11" },
  { 103, "Isla", "Carver", "isla.carver@example.com", "0400550103", 52, "11 12", "2026-01-08 22:11:00" },
  { 104, "Jakob", "Quill", "jakob.quill@example.com", NULL, 52, "12", "2026-01-09 09:00:00" },
  { 105, "Keiko", "Mori", "keiko.mori@example.com", "0400550105", 53, "12", "2026-01-30 11:12:00" },
  { 106, "Liam", "Nguyen", NULL, "0400550106", 53, "12", "2026-02-01 10:00:00" },
  { 107, "Maya", "Everett", "maya.everett@example.com", "0400550107", 54, "13", "2026-02-14 05:10:00" },
  { 108, "Noah", "Fischer", "noah.fischer@example.com", "0400550108", 54, "13", "2026-02-15 05:10:00" },
  { 109, "Olivia", "Grant", "olivia.grant@example.com", "0400550109", 55, "13 14", "2026-03-02 01:31:00" },
  { 110, "Pavel", "Horák", "pavel.horak@example.com", "0400550110", 55, "14", "2026-03-03 02:00:00" },
  { 111, "Quinn", "Irving", "quinn.irving@example.com", "0400550111", 56, "14", "2026-03-27 09:00:00" },
  { 112, "Rosa", "Jiménez", "rosa.jimenez@example.com", "0400550112", 56, "14", "2026-03-28 09:00:00" },
  { 113, "Stefan", "Kowalski", "stefan.kowalski@example.com", "0400550113", 57, "15", "2026-05-05 05:06:00" },
  { 114, "Thea", "Lindqvist", "thea.lindqvist@example.com", "0400550114", 57, "15", "2026-05-06 05:06:00" },
  { 115, "Uma", "Menon", "uma.menon@example.com", NULL, 58, "15 16", "2026-06-17 13:50:00" },
  { 116, "Victor", "Nolan", "victor.nolan@example.com", "0400550116", 58, "16", "2026-06-18 13:50:00" },
  { 117, "Wren", "O'Connor", "wren.oconnor@example.com", "0400550117", 59, "16", "2026-07-01 08:01:00" },
  { 118, "Xavier", "Petit", "xavier.petit@example.com", "0400550118", 60, "16", "2026-08-09 19:27:00" },
  { 119, "Yara", "Qureshi", "yara.qureshi@example.com", "0400550119", 61, "12", "2026-09-12 04:19:00" },
  { 120, "Zachary", "Reid", "zachary.reid@example.com", "0400550120", 62, "11 16", "2026-10-30 23:59:59" },
  { 121, "Anna", "Schmidt", "anna.schmidt@example.com", "0400550121", 0, "11", "2026-01-05 06:00:00" },
  { 122, "Ben", "Turner", "ben.turner@example.com", "0400550122", 0, "12", "2026-04-01 06:00:00" },
  { 123, "Chloë", "Underwood", "chloe.underwood@example.com", "0400550123", 0, "13", "2026-06-01 06:00:00" },
  { 124, "Dev", "Verma", "dev.verma@example.com", "0400550124", 0, "14", "2026-08-01 06:00:00" },
  { 125, "Eva", NULL, "eva@example.com", NULL, 0, "15", "2026-10-01 06:00:00" },
};

static const Lead leads[] = {
  { 2660, 0, "Annual dinner", 101, 51, "New", NULL, "2026-01-12 09:00:00" },
  { 2661, 0, "Book launch, spring list", 103, 52, "Contacted", NULL, "2026-02-20 10:30:00" },
  { 2662, 0, "Chamber concert series", 105, 53, "Qualified", NULL, "2026-03-15 11:00:00" },
  { 2663, 0, "Staff away day", 107, 54, "New", NULL, "2026-04-02 08:20:00" },
  { 2664, 0, "School leavers' evening", 109, 55, "Contacted", NULL, "2026-05-18 14:45:00" },
  { 2665, 0, "Wedding, Abbott & Reid", 121, 0, "Qualified", NULL, "2026-06-01 16:00:00" },
  { 2666, 0, "Partners' retreat", 111, 56, "New", NULL, "2026-06-25 09:09:09" },
  { 2667, 0, "Autumn beer festival", 113, 57, "Proposal", NULL, "2026-07-07 07:07:07" },
  { 2668, 0, "Robot football final", 115, 58, "Contacted", NULL, "2026-08-21 12:00:00" },
  { 2669, 0, "Engagement party", 123, 0, "Lost", "2026-09-01 10:00:00", "2026-09-01 10:00:00" },
  { 2670, 0, "Fundraiser for the theatre", 119, 61, "New", NULL, "2026-10-10 10:10:10" },
  { 2671, 0, "Nurses' ball", 120, 62, "New", NULL, "2026-11-02 18:00:00" },
};

static const Lead opportunities[] = {
  { 3101, 11, "Harbour gala", 102, 51, "Proposal", NULL, "2026-02-11 09:00:00" },
  { 3102, 12, "Poetry weekend", 104, 52, "Negotiation", NULL, "2026-03-22 10:00:00" },
  { 3103, 13, "Everline sales kick-off", 108, 54, "Proposal", NULL, "2026-04-30 11:00:00" },
  { 3104, 14, "Garden wedding, Verma", 124, 0, "Won", NULL, "2026-06-14 12:00:00" },
  { 3105, 15, "Tap takeover", 114, 57, "Qualified", NULL, "2026-07-19 13:00:00" },
  { 3106, 16, "Cup day marquee", 117, 59, "Negotiation", NULL, "2026-08-28 14:00:00" },
  { 3107, 16, "Charter launch", 118, 60, "Proposal", NULL, "2026-10-03 15:00:00" },
  { 3108, 11, "Meridian conference 2027", 120, 62, "Qualified", NULL, "2026-11-15 16:00:00" },
};

static GPtrArray *lists[CRM_PRACTICE_N_LISTS];

static void
set_text (JsonObject *row,
          const char *key,
          const char *text)
{
  if (text != NULL)
    json_object_set_string_member (row, key, text);
  else
    json_object_set_null_member (row, key);
}

static void
set_date (JsonObject *row,
          const char *key,
          const char *date)
{
  g_autofree char *text = date != NULL ? g_strconcat (date, " UTC", NULL) : NULL;

  set_text (row, key, text);
}

static void
set_ids (JsonObject *row,
         const char *key,
         const char *ids)
{
  g_auto (GStrv) words = g_strsplit (ids, " ", 0);
  JsonArray *array = json_array_new ();

  for (guint i = 0; words[i] != NULL; i++)
    json_array_add_int_element (array, g_ascii_strtoll (words[i], NULL, 10));

  json_object_set_array_member (row, key, array);
}

static JsonObject *
add_row (CrmPracticeList list,
         gint64          id)
{
  JsonObject *row = json_object_new ();

  json_object_set_int_member (row, "id", id);
  g_ptr_array_add (lists[list], row);

  return row;
}

static void
add_companies (JsonObject    *row,
               const Contact *contact)
{
  JsonArray *array = json_array_new ();
  g_autofree char *ids = g_strdup_printf ("%" G_GINT64_FORMAT, contact->company_id);

  if (contact->company_id != 0)
    {
      JsonObject *company = json_object_new ();

      json_object_set_int_member (company, "companyId", contact->company_id);
      for (guint i = 0; i < G_N_ELEMENTS (companies); i++)
        if (companies[i].id == contact->company_id)
          json_object_set_string_member (company, "businessName", companies[i].business_name);
      json_array_add_object_element (array, company);
    }

  json_object_set_array_member (row, "companies", array);
  set_ids (row, "@companyId", ids);
}

static void
add_people (JsonObject *row,
            const Lead *lead)
{
  json_object_set_null_member (row, "contact");
  for (guint i = 0; i < G_N_ELEMENTS (contacts); i++)
    {
      if (contacts[i].id == lead->contact_id)
        {
          JsonObject *contact = json_object_new ();

          json_object_set_int_member (contact, "id", contacts[i].id);
          set_text (contact, "firstName", contacts[i].first_name);
          set_text (contact, "lastName", contacts[i].last_name);
          json_object_set_object_member (row, "contact", contact);
        }
    }

  json_object_set_null_member (row, "company");
  for (guint i = 0; i < G_N_ELEMENTS (companies); i++)
    {
      if (companies[i].id == lead->company_id)
        {
          JsonObject *company = json_object_new ();

          json_object_set_int_member (company, "id", companies[i].id);
          set_text (company, "businessName", companies[i].business_name);
          json_object_set_object_member (row, "company", company);
        }
    }
}

static void
add_leads (CrmPracticeList  list,
           const Lead      *rows,
           guint            n_rows)
{
  for (guint i = 0; i < n_rows; i++)
    {
      JsonObject *row = add_row (list, rows[i].id);

      if (list == CRM_PRACTICE_LIST_OPPORTUNITIES)
        json_object_set_int_member (row, "venueId", rows[i].venue_id);
      set_text (row, "name", rows[i].name);
      add_people (row, &rows[i]);
      set_text (row, "stageName", rows[i].stage);
      if (list == CRM_PRACTICE_LIST_LEADS)
        set_date (row, "closedDate", rows[i].closed);
      set_date (row, "modifiedDate", rows[i].modified);
    }
}

static void
add_organisation (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (venues); i++)
    {
      JsonObject *row = add_row (CRM_PRACTICE_LIST_VENUES, venues[i].id);

      set_text (row, "name", venues[i].name);
      set_text (row, "timezone", "Australia/Melbourne");
    }

  for (guint i = 0; i < G_N_ELEMENTS (users); i++)
    {
      JsonObject *row = add_row (CRM_PRACTICE_LIST_USERS, users[i].id);

      set_text (row, "firstName", users[i].first_name);
      set_text (row, "lastName", users[i].last_name);
      set_text (row, "email", users[i].email);
      json_object_set_int_member (row, "currentStatus", users[i].current_status);
      set_date (row, "modifiedDate", users[i].modified);
      set_ids (row, "@venueId", users[i].venues);
    }
}

static void
add_customers (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (companies); i++)
    {
      JsonObject *row = add_row (CRM_PRACTICE_LIST_COMPANIES, companies[i].id);

      set_text (row, "businessName", companies[i].business_name);
      set_text (row, "tradingName", companies[i].trading_name);
      set_text (row, "email", companies[i].email);
      set_text (row, "phone", companies[i].phone);
      set_date (row, "modifiedDate", companies[i].modified);
      set_ids (row, "@venueId", companies[i].venues);
    }

  for (guint i = 0; i < G_N_ELEMENTS (contacts); i++)
    {
      JsonObject *row = add_row (CRM_PRACTICE_LIST_CONTACTS, contacts[i].id);

      set_text (row, "firstName", contacts[i].first_name);
      set_text (row, "lastName", contacts[i].last_name);
      set_text (row, "email", contacts[i].email);
      set_text (row, "phone", contacts[i].phone);
      add_companies (row, &contacts[i]);
      set_date (row, "modifiedDate", contacts[i].modified);
      set_ids (row, "@venueId", contacts[i].venues);
    }
}

/**
 * crm_practice_data_get_rows:
 * @list: which list
 *
 * The rows are made once and are the same for every server of the process.
 *
 * Returns: (transfer none) (element-type JsonObject): the rows, by ascending id
 */
GPtrArray *
crm_practice_data_get_rows (CrmPracticeList list)
{
  static gsize ready = 0;

  if (g_once_init_enter (&ready))
    {
      for (guint i = 0; i < CRM_PRACTICE_N_LISTS; i++)
        lists[i] = g_ptr_array_new_with_free_func ((GDestroyNotify) json_object_unref);

      add_organisation ();
      add_customers ();
      add_leads (CRM_PRACTICE_LIST_LEADS, leads, G_N_ELEMENTS (leads));
      add_leads (CRM_PRACTICE_LIST_OPPORTUNITIES, opportunities, G_N_ELEMENTS (opportunities));
      for (guint i = 0; i < CRM_PRACTICE_N_LISTS; i++)
        crm_practice_world_add_rows (i, lists[i]);
      g_once_init_leave (&ready, 1);
    }

  return lists[list];
}

/**
 * crm_practice_data_find:
 * @list: which list
 * @id: the id to look for
 *
 * Returns: (transfer none) (nullable): the row with @id
 */
JsonObject *
crm_practice_data_find (CrmPracticeList list,
                        gint64          id)
{
  GPtrArray *rows = crm_practice_data_get_rows (list);

  for (guint i = 0; i < rows->len; i++)
    if (json_object_get_int_member (g_ptr_array_index (rows, i), "id") == id)
      return g_ptr_array_index (rows, i);

  return NULL;
}
