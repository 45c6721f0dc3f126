/* crm-field.c: the table of a task's fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-field.h"

#include "model/crm-error.h"
#include "model/crm-shown-text.h"

#include <glib/gi18n-lib.h>
#include <string.h>

/* The largest integer that every JSON implementation keeps exactly. */
#define LARGEST_ID G_GINT64_CONSTANT (9007199254740991)
#define MOST_TEXT (1024 * 1024)

static const char *const priorities[] = { "low", "medium", "high", NULL };
static const char *const priority_labels[] = { NC_("priority", "Low"), NC_("priority", "Medium"), NC_("priority", "High"), NULL };
static const char *const statuses[] = { "not-started", "in-progress", "on-hold", "cancelled", "completed", NULL };
static const char *const status_labels[] = { NC_("status", "Not started"), NC_("status", "In progress"),
                                             NC_("status", "On hold"),     NC_("status", "Cancelled"),
                                             NC_("status", "Completed"),   NULL };

static const CrmField fields[CRM_N_FIELDS] = {
  { CRM_FIELD_NAME, "name", "name", "name", NC_("field", "Name"), CRM_FIELD_TYPE_TEXT, TRUE, MOST_TEXT },
  { CRM_FIELD_END_DATETIME, "endDatetime", "end_datetime", "due", NC_("field", "Due"), CRM_FIELD_TYPE_DATETIME, TRUE, 19 },
  { CRM_FIELD_VENUE, "venueId", "venue_id", "venue", NC_("field", "Venue"), CRM_FIELD_TYPE_ID, FALSE, LARGEST_ID },
  { CRM_FIELD_LEAD, "leadId", "lead_id", "lead", NC_("field", "Opportunity or lead"), CRM_FIELD_TYPE_ID, FALSE, LARGEST_ID },
  { CRM_FIELD_CONTACT, "contactId", "contact_id", "contact", NC_("field", "Contact"), CRM_FIELD_TYPE_ID, FALSE, LARGEST_ID },
  { CRM_FIELD_COMPANY, "companyId", "company_id", "company", NC_("field", "Company"), CRM_FIELD_TYPE_ID, FALSE, LARGEST_ID },
  { CRM_FIELD_PRIORITY, "priority", "priority", "priority", NC_("field", "Priority"), CRM_FIELD_TYPE_WORD, FALSE, 6,
    priorities, priority_labels },
  { CRM_FIELD_ASSIGNED_USER, "assignedUserId", "assigned_user_id", "assignee", NC_("field", "Assigned to"),
    CRM_FIELD_TYPE_ID, FALSE, LARGEST_ID },
  { CRM_FIELD_STATUS, "status", "status", "status", NC_("field", "Status"), CRM_FIELD_TYPE_CHOICE, FALSE, 4, statuses,
    status_labels },
  { CRM_FIELD_DESCRIPTION, "description", "description", "description", NC_("field", "Description"), CRM_FIELD_TYPE_TEXT,
    FALSE, MOST_TEXT },
};

/* `*emphasis*` is how the CRM marks what it stresses; people read the words alone, known ones in their language. */
static char *
get_words (const char *text)
{
  g_autoptr (GString) plain = g_string_new (NULL);
  g_autofree char *words = NULL;
  char *known;

  for (const char *p = text; *p != '\0'; p++)
    {
      gboolean opens = p[0] == '*' && (p == text || g_ascii_isspace (p[-1])) && p[1] != '\0' && !g_ascii_isspace (p[1]);
      gboolean closes = p[0] == '*' && p != text && !g_ascii_isspace (p[-1]) &&
                        (p[1] == '\0' || g_ascii_isspace (p[1]) || g_ascii_ispunct (p[1]));

      if (!opens && !closes)
        g_string_append_c (plain, *p);
    }

  words = g_strstrip (crm_shown_text (plain->str));
  known = crm_known_message_words (words);

  return known != NULL ? known : g_steal_pointer (&words);
}

/**
 * crm_field_get:
 * @id: which field
 *
 * Returns: (transfer none): its line of the table. Any thread.
 */
const CrmField *
crm_field_get (CrmFieldId id)
{
  g_return_val_if_fail (id < CRM_N_FIELDS, NULL);

  return &fields[id];
}

/**
 * crm_field_by_key:
 * @key: a JSON key of the CRM, as `leadId`
 *
 * Returns: (transfer none) (nullable): the field with that key, or %NULL when there is none. Any thread.
 */
const CrmField *
crm_field_by_key (const char *key)
{
  g_return_val_if_fail (key != NULL, NULL);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (strcmp (fields[i].key, key) == 0)
      return &fields[i];

  return NULL;
}

/**
 * crm_field_get_label:
 * @id: which field
 *
 * Returns: (transfer none): what people call the field, in their language. Any thread.
 */
const char *
crm_field_get_label (CrmFieldId id)
{
  g_return_val_if_fail (id < CRM_N_FIELDS, NULL);

  return g_dpgettext2 (GETTEXT_PACKAGE, "field", fields[id].label);
}

/**
 * crm_field_get_choice:
 * @id: a field with choices
 * @choice: index of one
 *
 * Returns: (transfer none) (nullable): the choice in people's language; %NULL when there is no such choice.
 * Any thread.
 */
const char *
crm_field_get_choice (CrmFieldId id,
                      gint64     choice)
{
  g_return_val_if_fail (id < CRM_N_FIELDS && fields[id].labels != NULL, NULL);

  if (choice < 0 || choice >= (gint64) g_strv_length ((char **) fields[id].labels))
    return NULL;

  /* The context is the key: “priority” or “status”. */
  return g_dpgettext2 (GETTEXT_PACKAGE, fields[id].key, fields[id].labels[choice]);
}

/**
 * crm_field_type_is_number:
 * @type: a field's type
 *
 * Returns: whether its values are integers; otherwise they are text. Any thread.
 */
gboolean
crm_field_type_is_number (CrmFieldType type)
{
  return type == CRM_FIELD_TYPE_ID || type == CRM_FIELD_TYPE_CHOICE;
}

/**
 * crm_field_of_message:
 * @message: one message of the CRM, as `leadId: *Invalid item selected*` or `'name' is required`
 * @field: (out): the field it speaks of
 * @words: (out) (transfer full): what it says, without the key and the emphasis, as crm_shown_text() shows it, and in
 *   people’s language when the CRM always says it in the same words
 *
 * Finds the field a message speaks of (API.md §1: it may begin with the key and a colon, or quote the key).
 * @words is set also when no field is named. Any thread.
 *
 * Returns: whether @message names a field.
 */
gboolean
crm_field_of_message (const char  *message,
                      CrmFieldId  *field,
                      char       **words)
{
  g_return_val_if_fail (message != NULL && field != NULL && words != NULL, FALSE);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      gsize length = strlen (fields[i].key);
      g_autofree char *quoted = g_strdup_printf ("'%s'", fields[i].key);
      const char *at = message + strspn (message, " *");

      if (strncmp (at, fields[i].key, length) == 0 && at[length + strspn (at + length, " *")] == ':')
        {
          *field = i;
          *words = get_words (strchr (at + length, ':') + 1);
          return TRUE;
        }

      if (g_str_has_prefix (at, quoted))
        {
          *field = i;
          *words = get_words (message);
          return TRUE;
        }
    }

  *words = get_words (message);
  return FALSE;
}
