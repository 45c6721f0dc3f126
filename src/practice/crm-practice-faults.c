/* crm-practice-faults.c: trouble on request
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-faults.h"

#include <glib/gi18n-lib.h>
#include <string.h>

typedef enum
{
  NO_VALUE,
  MAY_HAVE_TEXT,
  MAY_HAVE_NUMBER,
  NEEDS_NUMBER,
  NEEDS_TEXT,
} ValueRule;

/* Whether the request takes effect although its answer is spoilt; "processed=" overrides it. */
static const struct
{
  const char           *word;
  CrmPracticeFaultKind  kind;
  ValueRule             value;
  gboolean              processed;
  guint                 number;
} kinds[] = {
  { "delay", CRM_PRACTICE_FAULT_DELAY, NEEDS_NUMBER, TRUE, 0 },
  { "delay-after", CRM_PRACTICE_FAULT_DELAY_AFTER, NEEDS_NUMBER, TRUE, 0 },
  { "refuse", CRM_PRACTICE_FAULT_REFUSE, MAY_HAVE_NUMBER, TRUE, 0 },
  { "cut-before", CRM_PRACTICE_FAULT_CUT, MAY_HAVE_TEXT, FALSE, 0 },
  { "cut-after", CRM_PRACTICE_FAULT_CUT, MAY_HAVE_TEXT, TRUE, 0 },
  { "create-then-500", CRM_PRACTICE_FAULT_STATUS, NO_VALUE, TRUE, 500 },
  { "html", CRM_PRACTICE_FAULT_HTML, NO_VALUE, FALSE, 0 },
  { "redirect", CRM_PRACTICE_FAULT_REDIRECT, MAY_HAVE_TEXT, FALSE, 0 },
  { "specific", CRM_PRACTICE_FAULT_SPECIFIC, NEEDS_NUMBER, FALSE, 0 },
  { "stale", CRM_PRACTICE_FAULT_SPECIFIC, NO_VALUE, FALSE, 23005 },
  { "empty", CRM_PRACTICE_FAULT_EMPTY, NO_VALUE, TRUE, 0 },
  { "truncated", CRM_PRACTICE_FAULT_TRUNCATED, NO_VALUE, TRUE, 0 },
  { "malformed", CRM_PRACTICE_FAULT_MALFORMED, NO_VALUE, TRUE, 0 },
  { "id-absurd", CRM_PRACTICE_FAULT_ID_ABSURD, NEEDS_TEXT, TRUE, 0 },
  { "success-false", CRM_PRACTICE_FAULT_SUCCESS_FALSE, NO_VALUE, FALSE, 0 },
  { "huge", CRM_PRACTICE_FAULT_HUGE, NO_VALUE, TRUE, 0 },
  { "close-idle", CRM_PRACTICE_FAULT_CLOSE_IDLE, NO_VALUE, TRUE, 0 },
  { "short", CRM_PRACTICE_FAULT_SHORT, NO_VALUE, TRUE, 0 },
  { "swapped", CRM_PRACTICE_FAULT_SWAPPED, NO_VALUE, TRUE, 0 },
  { "raw", CRM_PRACTICE_FAULT_RAW, NEEDS_TEXT, FALSE, 0 },
};

static gboolean
refuse_spec (GError     **error,
             const char  *spec)
{
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, _ ("“%s” is not a fault the practice CRM knows"), spec);
  return FALSE;
}

static gboolean
is_option (const char *part)
{
  static const char * const options[] = { "times=", "after=", "action=", "name=", "processed=" };

  for (guint i = 0; i < G_N_ELEMENTS (options); i++)
    if (g_str_has_prefix (part, options[i]))
      return TRUE;

  return FALSE;
}

/* The parts between commas; one that starts no option belongs to what stands before it ("Mon, 23 Nov"), and all that
 * follows "raw=" to it. */
static GPtrArray *
split (const char *spec)
{
  GPtrArray *parts = g_ptr_array_new_with_free_func (g_free);
  g_auto (GStrv) words = g_strsplit (spec, ",", 0);
  gboolean seen_what = FALSE;
  gboolean verbatim = FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (parts->len > 0 && (verbatim || (seen_what && !is_option (words[i]))))
        {
          char **last = (char **) &g_ptr_array_index (parts, parts->len - 1);
          char *joined = g_strconcat (*last, ",", words[i], NULL);

          g_free (*last);
          *last = joined;
          continue;
        }

      seen_what = seen_what || !is_option (words[i]);
      verbatim = g_str_has_prefix (words[i], "raw=");
      g_ptr_array_add (parts, g_strdup (words[i]));
    }

  return parts;
}

static gboolean
parse_number (const char *text,
              guint      *number)
{
  guint64 value;

  if (!g_ascii_string_to_unsigned (text, 10, 0, G_MAXINT, &value, NULL))
    return FALSE;

  *number = value;
  return TRUE;
}

static gboolean
parse_option (CrmPracticeFault *self,
              const char       *part)
{
  const char *value = strchr (part, '=') + 1;

  switch (part[0])
    {
    case 't':
      return parse_number (value, &self->times);
    case 'n':
      g_free (self->name);
      self->name = g_strdup (value);
      return TRUE;
    case 'p':
      self->processed = strcmp (value, "yes") == 0;
      return self->processed || strcmp (value, "no") == 0;
    default:
      break;
    }

  if (g_str_has_prefix (part, "after="))
    return parse_number (value, &self->after);

  g_free (self->action);
  self->action = g_strdup (value);
  return TRUE;
}

static gboolean
parse_raw (CrmPracticeFault *self,
           const char       *value)
{
  g_auto (GStrv) parts = g_strsplit (value, ":", 3);

  if (g_strv_length (parts) != 3 || !parse_number (parts[0], &self->number))
    return FALSE;

  self->content_type = g_strdup (parts[1]);
  self->text = g_strdup (parts[2]);
  return self->number >= 100 && self->number <= 999;
}

static gboolean
parse_value (CrmPracticeFault *self,
             ValueRule         rule,
             const char       *value)
{
  if (self->kind == CRM_PRACTICE_FAULT_RAW)
    return value != NULL && parse_raw (self, value);

  switch (rule)
    {
    case NO_VALUE:
      return value == NULL;
    case MAY_HAVE_NUMBER:
      return value == NULL || parse_number (value, &self->number);
    case NEEDS_NUMBER:
      return value != NULL && parse_number (value, &self->number);
    case NEEDS_TEXT:
      self->text = g_strdup (value);
      return value != NULL;
    case MAY_HAVE_TEXT:
    default:
      self->text = g_strdup (value);
      return TRUE;
    }
}

static gboolean
parse_what (CrmPracticeFault *self,
            const char       *part)
{
  const char *equals = strchr (part, '=');
  g_autofree char *word = equals != NULL ? g_strndup (part, equals - part) : g_strdup (part);
  const char *value = equals != NULL ? equals + 1 : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    {
      if (strcmp (kinds[i].word, word) != 0)
        continue;
      self->kind = kinds[i].kind;
      self->processed = kinds[i].processed;
      self->number = kinds[i].number;
      return parse_value (self, kinds[i].value, value);
    }

  self->kind = CRM_PRACTICE_FAULT_STATUS;
  return strlen (word) == 3 && parse_number (word, &self->number) && self->number >= 400 && self->number <= 599 &&
         parse_value (self, MAY_HAVE_TEXT, value);
}

/* The jobs of a batch meet only what is meant for them. */
static gboolean
applies (const CrmPracticeFault *self,
         const char             *action,
         const char             *name)
{
  if (self->action == NULL && g_strcmp0 (action, CRM_PRACTICE_JOB) == 0)
    return FALSE;

  return (self->action == NULL || g_strcmp0 (self->action, action) == 0) &&
         (self->name == NULL || (name != NULL && strstr (name, self->name) != NULL));
}

/* Delays go together with another fault; of the others one request meets one. */
static gboolean
is_company (CrmPracticeFaultKind kind)
{
  return kind == CRM_PRACTICE_FAULT_DELAY || kind == CRM_PRACTICE_FAULT_DELAY_AFTER ||
         kind == CRM_PRACTICE_FAULT_REFUSE || kind == CRM_PRACTICE_FAULT_CLOSE_IDLE;
}

/**
 * crm_practice_fault_parse:
 * @spec: `WHAT[=VALUE][,times=N][,after=N][,action=ACTION][,name=PART][,processed=yes|no]`
 * @error: where to put that @spec is not understood
 *
 * WHAT is one of: `delay=MS` (before the request is looked at), `delay-after=MS` (it takes effect, its answer waits),
 * `refuse[=MS]` (nothing listens for so long, or until the faults are cleared), `cut-before`, `cut-after` (the
 * connection ends without an answer; `=reset` resets it), `create-then-500`, `html`, `redirect[=ADDRESS]`, a status
 * from 400 to 599 (`429[=RETRY-AFTER]`, `503[=RETRY-AFTER]`), `specific=CODE`, `stale`, `empty`, `truncated`,
 * `malformed`, `id-absurd=TEXT`, `success-false`, `huge`, `close-idle`, `short` and `swapped` (the last of the results
 * is missing, the first two stand in the other order), and `raw=STATUS:CONTENT-TYPE:BODY`, which must
 * come last. The options: how often (1; 0 for ever), after how many matching requests, which `action` (`job`: each job
 * of a batch) and tasks whose name contains PART only, and whether the request takes effect.
 *
 * Returns: (transfer full) (nullable): the fault
 */
CrmPracticeFault *
crm_practice_fault_parse (const char  *spec,
                          GError     **error)
{
  g_autoptr (CrmPracticeFault) self = g_new0 (CrmPracticeFault, 1);
  g_autofree char *stripped = g_strstrip (g_strdup (spec));
  g_autoptr (GPtrArray) parts = split (stripped);
  gboolean understood = FALSE;

  self->times = 1;
  for (guint i = 0; i < parts->len; i++)
    if (!is_option (g_ptr_array_index (parts, i)))
      understood = parse_what (self, g_ptr_array_index (parts, i));

  for (guint i = 0; i < parts->len; i++)
    if (is_option (g_ptr_array_index (parts, i)))
      understood = understood && parse_option (self, g_ptr_array_index (parts, i));

  if (!understood)
    {
      refuse_spec (error, spec);
      return NULL;
    }

  return g_steal_pointer (&self);
}

/**
 * crm_practice_fault_copy:
 * @self: a fault
 *
 * Returns: (transfer full): a copy of @self
 */
CrmPracticeFault *
crm_practice_fault_copy (const CrmPracticeFault *self)
{
  CrmPracticeFault *copy = g_memdup2 (self, sizeof *self);

  copy->text = g_strdup (self->text);
  copy->content_type = g_strdup (self->content_type);
  copy->action = g_strdup (self->action);
  copy->name = g_strdup (self->name);

  return copy;
}

/**
 * crm_practice_fault_free:
 * @self: a fault
 */
void
crm_practice_fault_free (CrmPracticeFault *self)
{
  g_free (self->text);
  g_free (self->content_type);
  g_free (self->action);
  g_free (self->name);
  g_free (self);
}

/**
 * crm_practice_faults_new:
 *
 * Returns: (transfer full) (element-type CrmPracticeFault): an empty array that owns its faults
 */
GPtrArray *
crm_practice_faults_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) crm_practice_fault_free);
}

/**
 * crm_practice_faults_take:
 * @faults: (element-type CrmPracticeFault): what is asked for; those used up are removed
 * @action: (nullable): the request's action
 * @name: (nullable): the name of the task it carries
 *
 * Counts one request. The first fault that applies is taken, delays, `close-idle` and `refuse` beside it.
 *
 * Returns: (transfer full) (element-type CrmPracticeFault): the faults this request meets, perhaps none
 */
GPtrArray *
crm_practice_faults_take (GPtrArray  *faults,
                          const char *action,
                          const char *name)
{
  GPtrArray *taken = crm_practice_faults_new ();
  gboolean met = FALSE;

  for (guint i = 0; i < faults->len; i++)
    {
      CrmPracticeFault *fault = g_ptr_array_index (faults, i);

      if (!applies (fault, action, name) || (met && !is_company (fault->kind)))
        continue;

      /* Refusing begins behind a request: with "after=3" the third is the last that is answered. */
      if (fault->after > (fault->kind == CRM_PRACTICE_FAULT_REFUSE ? 1 : 0))
        {
          fault->after--;
          continue;
        }

      met = met || !is_company (fault->kind);
      g_ptr_array_add (taken, crm_practice_fault_copy (fault));
      if (fault->times > 0 && --fault->times == 0)
        g_ptr_array_remove_index (faults, i--);
    }

  return taken;
}
