/* crm-task.c: one task as the store last had it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "model/crm-task.h"

#include "model/crm-shown-text.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>
#include <string.h>

struct _CrmTask
{
  GObject     parent_instance;

  CrmTaskData data;
};

enum
{
  PROP_0,
  PROP_LOCAL_ID,
  PROP_CRM_ID,
  PROP_REVISION,
  PROP_STATE_NICK,
  PROP_STATE_WORDS,
  PROP_STATE_ICON_NAME,
  PROP_VALUES,
  PROP_PROBLEM,
  PROP_PROBLEM_WORDS,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmTask, crm_task, G_TYPE_OBJECT)

static void
crm_task_finalize (GObject *object)
{
  CrmTask *self = CRM_TASK (object);

  crm_values_free (self->data.values);
  crm_values_free (self->data.theirs);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    g_free (self->data.names[i]);
  crm_problem_free (self->data.problem);

  G_OBJECT_CLASS (crm_task_parent_class)->finalize (object);
}

static void
crm_task_get_property (GObject    *object,
                       guint       prop_id,
                       GValue     *value,
                       GParamSpec *pspec)
{
  CrmTask *self = CRM_TASK (object);

  switch (prop_id)
    {
    case PROP_LOCAL_ID:
      g_value_set_int64 (value, self->data.local_id);
      break;
    case PROP_CRM_ID:
      g_value_set_int64 (value, self->data.crm_id);
      break;
    case PROP_REVISION:
      g_value_set_int64 (value, self->data.revision);
      break;
    case PROP_STATE_NICK:
      g_value_set_string (value, crm_sync_state_get_nick (self->data.state));
      break;
    case PROP_STATE_WORDS:
      g_value_set_string (value, crm_sync_state_get_words (self->data.state));
      break;
    case PROP_STATE_ICON_NAME:
      g_value_set_string (value, crm_sync_state_get_icon_name (self->data.state));
      break;
    case PROP_VALUES:
      g_value_set_boxed (value, self->data.values);
      break;
    case PROP_PROBLEM:
      g_value_set_boxed (value, self->data.problem);
      break;
    case PROP_PROBLEM_WORDS:
      g_value_take_string (value, self->data.problem != NULL ? crm_problem_get_words (self->data.problem) : NULL);
      break;
    case PROP_TITLE:
      g_value_take_string (value, crm_task_get_title (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_task_class_init (CrmTaskClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->finalize = crm_task_finalize;
  object_class->get_property = crm_task_get_property;

  properties[PROP_LOCAL_ID] = g_param_spec_int64 ("local-id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_CRM_ID] = g_param_spec_int64 ("crm-id", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_REVISION] = g_param_spec_int64 ("revision", NULL, NULL, 0, G_MAXINT64, 0, flags);
  properties[PROP_STATE_NICK] = g_param_spec_string ("state-nick", NULL, NULL, NULL, flags);
  properties[PROP_STATE_WORDS] = g_param_spec_string ("state-words", NULL, NULL, NULL, flags);
  properties[PROP_STATE_ICON_NAME] = g_param_spec_string ("state-icon-name", NULL, NULL, NULL, flags);
  properties[PROP_VALUES] = g_param_spec_boxed ("values", NULL, NULL, CRM_TYPE_VALUES, flags);
  properties[PROP_PROBLEM] = g_param_spec_boxed ("problem", NULL, NULL, CRM_TYPE_PROBLEM, flags);
  properties[PROP_PROBLEM_WORDS] = g_param_spec_string ("problem-words", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
crm_task_init (CrmTask *self)
{
}

/**
 * crm_task_new:
 * @data: what the task is made of; `values` must be there. What it points to is taken over and set to %NULL
 *
 * A task never changes: when the store does, there is a new one.
 *
 * Returns: (transfer full): a task
 */
CrmTask *
crm_task_new (CrmTaskData *data)
{
  CrmTask *self;

  g_return_val_if_fail (data != NULL && data->values != NULL, NULL);

  self = g_object_new (CRM_TYPE_TASK, NULL);
  self->data = *data;
  data->values = NULL;
  data->theirs = NULL;
  memset (data->names, 0, sizeof data->names);
  data->problem = NULL;

  return self;
}

/**
 * crm_task_copy_as_removed:
 * @self: a task
 *
 * Returns: (transfer full): the same task in the state %CRM_SYNC_REMOVED, for telling what was removed
 */
CrmTask *
crm_task_copy_as_removed (CrmTask *self)
{
  CrmTaskData data;

  g_return_val_if_fail (CRM_IS_TASK (self), NULL);

  data = self->data;
  data.state = CRM_SYNC_REMOVED;
  data.values = crm_values_copy (self->data.values);
  data.theirs = crm_values_copy (self->data.theirs);
  for (guint i = 0; i < CRM_N_FIELDS; i++)
    data.names[i] = g_strdup (self->data.names[i]);
  data.problem = crm_problem_copy (self->data.problem);

  return crm_task_new (&data);
}

/**
 * crm_task_get_typed:
 * @self: a task
 *
 * Returns: whether something that was typed of it is not saved yet
 */
gboolean
crm_task_get_typed (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), FALSE);

  return self->data.typed;
}

/**
 * crm_task_get_title:
 * @self: a task
 *
 * Returns: (transfer full): its name as crm_shown_text() shows it, or words that stand for it when the name isn't known
 */
char *
crm_task_get_title (CrmTask *self)
{
  const char *name;

  g_return_val_if_fail (CRM_IS_TASK (self), NULL);

  name = crm_values_get_text (self->data.values, CRM_FIELD_NAME);
  if (name != NULL)
    return crm_shown_text (name);
  if (self->data.crm_id != 0)
    return g_strdup_printf (_("Task #%" PRId64), self->data.crm_id);
  return g_strdup (_("Unnamed task"));
}

/**
 * crm_task_get_local_id:
 * @self: a task
 *
 * Returns: the number by which this computer knows it
 */
gint64
crm_task_get_local_id (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.local_id;
}

/**
 * crm_task_get_crm_id:
 * @self: a task
 *
 * Returns: its id on the CRM, 0 while it has none
 */
gint64
crm_task_get_crm_id (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.crm_id;
}

/**
 * crm_task_get_revision:
 * @self: a task
 *
 * Returns: the count of its edits, from 1
 */
gint64
crm_task_get_revision (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.revision;
}

/**
 * crm_task_get_state:
 * @self: a task
 *
 * Returns: where it stands
 */
CrmSyncState
crm_task_get_state (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), CRM_SYNC_REMOVED);

  return self->data.state;
}

/**
 * crm_task_get_values:
 * @self: a task
 *
 * Returns: (transfer none): the values of its fields
 */
const CrmValues *
crm_task_get_values (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), NULL);

  return self->data.values;
}

/**
 * crm_task_get_dirty:
 * @self: a task
 *
 * Returns: the fields that the CRM hasn't confirmed
 */
CrmFieldMask
crm_task_get_dirty (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.dirty;
}

/**
 * crm_task_get_conflict:
 * @self: a task
 *
 * Returns: the fields that were changed here and on the CRM to different values, which a person must choose between
 */
CrmFieldMask
crm_task_get_conflict (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.conflict;
}

/**
 * crm_task_get_theirs:
 * @self: a task
 *
 * Returns: (transfer none) (nullable): the CRM's values of the fields in conflict; %NULL when there are none
 */
const CrmValues *
crm_task_get_theirs (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), NULL);

  return self->data.theirs;
}

/**
 * crm_task_get_name_of:
 * @self: a task
 * @field: a field that names something on the CRM
 *
 * Returns: (transfer none) (nullable): the name of what it names, as the CRM has it; %NULL when that is not known here
 */
const char *
crm_task_get_name_of (CrmTask    *self,
                      CrmFieldId  field)
{
  g_return_val_if_fail (CRM_IS_TASK (self) && field < CRM_N_FIELDS, NULL);

  return self->data.names[field];
}

/**
 * crm_task_get_may_be_there:
 * @self: a task
 *
 * Returns: whether an add of it may have reached the CRM (DESIGN.md §2)
 */
gboolean
crm_task_get_may_be_there (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), FALSE);

  return self->data.may_be_there;
}

/**
 * crm_task_get_discarding:
 * @self: a task
 *
 * Returns: whether it goes as soon as the answer under way allows it
 */
gboolean
crm_task_get_discarding (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), FALSE);

  return self->data.discarding;
}

/**
 * crm_task_get_attempts:
 * @self: a task
 *
 * Returns: how many requests made for its entry were written
 */
gint64
crm_task_get_attempts (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.attempts;
}

/**
 * crm_task_get_next_attempt:
 * @self: a task
 *
 * Returns: when a waiting task is due, in microseconds since 1970, UTC; 0 when at once or not at all
 */
gint64
crm_task_get_next_attempt (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), 0);

  return self->data.next_attempt;
}

/**
 * crm_task_get_problem:
 * @self: a task
 *
 * Returns: (transfer none) (nullable): why the CRM did not take it
 */
const CrmProblem *
crm_task_get_problem (CrmTask *self)
{
  g_return_val_if_fail (CRM_IS_TASK (self), NULL);

  return self->data.problem;
}
