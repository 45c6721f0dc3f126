/* crm-environment.h: the account that the environment gives
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define CRM_ENVIRONMENT_ADDRESS "CRM_TASKS_ADDRESS"
#define CRM_ENVIRONMENT_KEY "CRM_TASKS_API_KEY"
#define CRM_ENVIRONMENT_SECRET "CRM_TASKS_API_SECRET"

typedef struct
{
  char *address;
  char *key;
  char *secret;
} CrmEnvironment;

gboolean crm_environment_get (const CrmEnvironment **environment,
                              GError               **error);

G_END_DECLS
