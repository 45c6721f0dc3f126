/* crm-typing.c: what is typed in the editor, character for character
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-typing.h"

#include "model/crm-datetime-words.h"
#include "model/crm-error.h"
#include "model/crm-shown-text.h"

#include <glib/gi18n-lib.h>
#include <json-glib/json-glib.h>
#include <string.h>

static CrmOwnerKind
get_kind (const CrmValues *values)
{
  if (crm_values_has (values, CRM_FIELD_LEAD))
    return crm_values_has (values, CRM_FIELD_VENUE) ? CRM_OWNER_OPPORTUNITY : CRM_OWNER_LEAD;
  if (crm_values_has (values, CRM_FIELD_COMPANY))
    return crm_values_has (values, CRM_FIELD_CONTACT) ? CRM_OWNER_COMPANY_CONTACT : CRM_OWNER_COMPANY;
  if (crm_values_has (values, CRM_FIELD_CONTACT))
    return CRM_OWNER_CONTACT;

  return CRM_OWNER_NOBODY;
}

static char *
write_local (const char *utc)
{
  char *text = crm_datetime_words_write (utc, NULL);

  return text != NULL ? text : g_strdup (utc);
}

/* Here a date may be typed in words; elsewhere it is written out. */
static gboolean
parse_field (CrmValues   *values,
             CrmFieldId   field,
             const char  *text,
             GError     **error)
{
  g_autofree char *utc = NULL;

  if (crm_field_get (field)->type == CRM_FIELD_TYPE_ID && text[strspn (text, "0123456789")] != '\0')
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_INVALID, _("“%s” is not chosen yet. Choose one from the list, or type its number"),
                   text);
      return FALSE;
    }

  if (crm_field_get (field)->type != CRM_FIELD_TYPE_DATETIME || *text == '\0')
    return crm_values_parse (values, field, text, NULL, NULL, error);

  utc = crm_datetime_words_parse (text, g_get_real_time () / G_USEC_PER_SEC, NULL, NULL, error);
  if (utc == NULL)
    return FALSE;

  crm_values_set_text (values, field, utc);
  return TRUE;
}

/**
 * crm_owner_kind_get_fields:
 * @kind: a kind of owner
 *
 * Returns: the fields that name such an owner
 */
CrmFieldMask
crm_owner_kind_get_fields (CrmOwnerKind kind)
{
  switch (kind)
    {
    case CRM_OWNER_OPPORTUNITY:
      return CRM_FIELD_BIT (CRM_FIELD_LEAD) | CRM_FIELD_BIT (CRM_FIELD_VENUE);
    case CRM_OWNER_LEAD:
      return CRM_FIELD_BIT (CRM_FIELD_LEAD);
    case CRM_OWNER_CONTACT:
      return CRM_FIELD_BIT (CRM_FIELD_CONTACT);
    case CRM_OWNER_COMPANY:
      return CRM_FIELD_BIT (CRM_FIELD_COMPANY);
    case CRM_OWNER_COMPANY_CONTACT:
      return CRM_FIELD_BIT (CRM_FIELD_COMPANY) | CRM_FIELD_BIT (CRM_FIELD_CONTACT);
    case CRM_OWNER_NOBODY:
    default:
      return 0;
    }
}

/**
 * crm_typing_new:
 *
 * Returns: (transfer full): nothing typed at all
 */
CrmTyping *
crm_typing_new (void)
{
  CrmTyping *self = g_new0 (CrmTyping, 1);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    self->texts[i] = g_strdup ("");

  return self;
}

/**
 * crm_typing_from_values:
 * @values: a task's values
 *
 * A description in HTML is written as plain text; what is not typed over keeps its tags.
 *
 * Returns: (transfer full): how they are written in the editor
 */
CrmTyping *
crm_typing_from_values (const CrmValues *values)
{
  CrmTyping *self = crm_typing_new ();

  g_return_val_if_fail (values != NULL, self);

  self->kind = get_kind (values);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const CrmField *field = crm_field_get (i);
      g_autofree char *text = NULL;

      if (!crm_values_has (values, i))
        continue;

      if (crm_field_type_is_number (field->type))
        text = g_strdup_printf ("%" G_GINT64_FORMAT, crm_values_get_number (values, i));
      else if (field->type == CRM_FIELD_TYPE_DATETIME)
        text = write_local (crm_values_get_text (values, i));
      else if (i == CRM_FIELD_DESCRIPTION && crm_text_is_html (crm_values_get_text (values, i)))
        text = crm_text_from_html (crm_values_get_text (values, i));
      else
        text = g_strdup (crm_values_get_text (values, i));

      crm_typing_set (self, i, text);
    }

  return self;
}

/**
 * crm_typing_copy:
 * @self: a typing
 *
 * Returns: (transfer full): a copy of its own
 */
CrmTyping *
crm_typing_copy (const CrmTyping *self)
{
  CrmTyping *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    copy->texts[i] = g_strdup (self->texts[i]);

  return copy;
}

/**
 * crm_typing_free:
 * @self: (transfer full) (nullable): a typing
 */
void
crm_typing_free (CrmTyping *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    g_free (self->texts[i]);
  g_free (self);
}

/**
 * crm_typing_set:
 * @self: a typing
 * @field: a field
 * @text: what is typed there
 */
void
crm_typing_set (CrmTyping  *self,
                CrmFieldId  field,
                const char *text)
{
  g_return_if_fail (self != NULL && field < CRM_N_FIELDS && text != NULL);

  if (text == self->texts[field])
    return;

  g_free (self->texts[field]);
  self->texts[field] = g_strdup (text);
}

/**
 * crm_typing_compare:
 * @self: a typing
 * @other: another
 *
 * Returns: the fields in which they differ
 */
CrmFieldMask
crm_typing_compare (const CrmTyping *self,
                    const CrmTyping *other)
{
  CrmFieldMask different = 0;

  g_return_val_if_fail (self != NULL && other != NULL, 0);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if (strcmp (self->texts[i], other->texts[i]) != 0)
      different |= CRM_FIELD_BIT (i);

  return different;
}

/**
 * crm_typing_merge:
 * @self: what is typed
 * @before: what it was typed over
 * @after: what the task holds now
 *
 * Takes @after where nothing was typed; what was typed stays. Who the task belongs to is one thing.
 */
void
crm_typing_merge (CrmTyping       *self,
                  const CrmTyping *before,
                  const CrmTyping *after)
{
  CrmFieldMask typed;

  g_return_if_fail (self != NULL && before != NULL && after != NULL);

  typed = crm_typing_compare (self, before);
  if ((typed & CRM_FIELDS_OWNER) != 0 || self->kind != before->kind)
    typed |= CRM_FIELDS_OWNER;
  else
    self->kind = after->kind;

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((typed & CRM_FIELD_BIT (i)) == 0)
      crm_typing_set (self, i, after->texts[i]);
}

/**
 * crm_typing_write:
 * @self: what is typed
 * @base: what it was typed over
 *
 * Returns: (transfer full) (nullable): what was typed alone, as JSON; %NULL when nothing was
 */
char *
crm_typing_write (const CrmTyping *self,
                  const CrmTyping *base)
{
  g_autoptr (JsonBuilder) builder = NULL;
  g_autoptr (JsonNode) root = NULL;
  CrmFieldMask typed;

  g_return_val_if_fail (self != NULL && base != NULL, NULL);

  typed = crm_typing_compare (self, base);
  if (typed == 0)
    return NULL;

  builder = json_builder_new ();
  json_builder_begin_object (builder);
  if ((typed & CRM_FIELDS_OWNER) != 0)
    {
      typed |= CRM_FIELDS_OWNER;
      json_builder_set_member_name (builder, "owner");
      json_builder_add_int_value (builder, self->kind);
    }
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    if ((typed & CRM_FIELD_BIT (i)) != 0)
      {
        json_builder_set_member_name (builder, crm_field_get (i)->key);
        json_builder_add_string_value (builder, self->texts[i]);
      }
  json_builder_end_object (builder);
  root = json_builder_get_root (builder);

  return json_to_string (root, FALSE);
}

/**
 * crm_typing_read:
 * @self: what the task holds; what was typed comes over it
 * @content: what crm_typing_write() wrote; what can't be read of it is left out
 */
void
crm_typing_read (CrmTyping  *self,
                 const char *content)
{
  g_autoptr (JsonNode) root = NULL;
  JsonObject *object;

  g_return_if_fail (self != NULL && content != NULL);

  root = json_from_string (content, NULL);
  if (root == NULL || !JSON_NODE_HOLDS_OBJECT (root))
    return;

  object = json_node_get_object (root);
  if (json_object_has_member (object, "owner"))
    {
      gint64 kind = json_object_get_int_member_with_default (object, "owner", 0);

      self->kind = kind >= 0 && kind < CRM_N_OWNER_KINDS ? (CrmOwnerKind) kind : CRM_OWNER_NOBODY;
    }
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      const char *text = json_object_get_string_member_with_default (object, crm_field_get (i)->key, NULL);

      if (text != NULL)
        crm_typing_set (self, i, text);
    }
}

/**
 * crm_typing_parse:
 * @self: a typing
 * @mask: which fields
 * @values: where they are set; a field of @mask that makes no sense keeps its value
 * @words: (out) (nullable): for each field of @mask what is wrong with it, %NULL when nothing is; to be freed
 *
 * Returns: the fields that make no sense
 */
CrmFieldMask
crm_typing_parse (const CrmTyping *self,
                  CrmFieldMask     mask,
                  CrmValues       *values,
                  char            *words[CRM_N_FIELDS])
{
  CrmFieldMask wrong = 0;

  g_return_val_if_fail (self != NULL && values != NULL, 0);

  for (guint i = 0; i < CRM_N_FIELDS; i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *stripped = NULL;
      g_autofree char *prefix = NULL;
      const char *said;

      if ((mask & CRM_FIELD_BIT (i)) == 0)
        continue;

      /* Around a number or a date spaces mean nothing; text is the person’s own. */
      stripped = g_strdup (self->texts[i]);
      if (crm_field_get (i)->type != CRM_FIELD_TYPE_TEXT)
        g_strstrip (stripped);

      if (parse_field (values, i, stripped, &error))
        continue;

      wrong |= CRM_FIELD_BIT (i);
      if (words == NULL)
        continue;

      /* The words stand at the field, and needn’t name it. */
      prefix = g_strconcat (crm_field_get_label (i), ": ", NULL);
      said = g_str_has_prefix (error->message, prefix) ? error->message + strlen (prefix) : error->message;
      words[i] = g_strdup (said);
    }

  return wrong;
}
