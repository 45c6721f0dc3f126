/* crm-account.h: a CRM that this computer keeps tasks of
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum
{
  CRM_ACCOUNT_LOCAL,       /* none yet: tasks are kept here until there is one */
  CRM_ACCOUNT_CRM,         /* address and key are stored, the secret is in the keyring */
  CRM_ACCOUNT_ENVIRONMENT, /* all three come from the environment, at each start anew */
  CRM_ACCOUNT_PRACTICE,    /* the practice CRM */
} CrmAccountKind;

#define CRM_TYPE_ACCOUNT (crm_account_get_type ())

G_DECLARE_FINAL_TYPE (CrmAccount, crm_account, CRM, ACCOUNT, GObject)

CrmAccount     *crm_account_new           (const char      *id,
                                           CrmAccountKind   kind,
                                           const char      *address,
                                           const char      *key);
const char     *crm_account_get_id        (CrmAccount      *self);
CrmAccountKind  crm_account_get_kind      (CrmAccount      *self);
const char     *crm_account_get_address   (CrmAccount      *self);
const char     *crm_account_get_key       (CrmAccount      *self);
const char     *crm_account_get_secret    (CrmAccount      *self);
void            crm_account_set_address   (CrmAccount      *self,
                                           const char      *address);
void            crm_account_set_key       (CrmAccount      *self,
                                           const char      *key);
void            crm_account_take_secret   (CrmAccount      *self,
                                           char            *secret);
char           *crm_account_get_folder    (CrmAccount      *self);

void            crm_account_load_secret_async   (CrmAccount           *self,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean        crm_account_load_secret_finish  (CrmAccount           *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
void            crm_account_store_secret_async  (CrmAccount           *self,
                                                 GCancellable         *cancellable,
                                                 GAsyncReadyCallback   callback,
                                                 gpointer              user_data);
gboolean        crm_account_store_secret_finish (CrmAccount           *self,
                                                 GAsyncResult         *result,
                                                 GError              **error);
void            crm_account_forget_secret_async  (CrmAccount           *self,
                                                  GCancellable         *cancellable,
                                                  GAsyncReadyCallback   callback,
                                                  gpointer              user_data);
gboolean        crm_account_forget_secret_finish (CrmAccount           *self,
                                                  GAsyncResult         *result,
                                                  GError              **error);
void            crm_account_free_secret          (char                 *secret);
void            crm_account_protect_process      (void);

char           *crm_account_check_address (const char      *typed,
                                           GError         **error);
char           *crm_account_check_key     (const char      *typed,
                                           GError         **error);

G_END_DECLS
