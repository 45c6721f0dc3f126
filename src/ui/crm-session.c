/* crm-session.c: one account at work: its store, its sync service and, to practise, its CRM
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-session.h"

struct _CrmSession
{
  GObject          parent_instance;

  CrmAccount      *account;
  CrmStore        *store;
  CrmSyncService  *service; /* NULL of the local account */
  CrmPracticeHost *host;    /* NULL but of the practice account */
  CrmCounts        counts;
  char            *notice;         /* what the store has to say */
  char            *secret_trouble; /* why requests can't be signed */
  guint            count_id;
};

enum
{
  PROP_0,
  PROP_NOTICE,
  N_PROPS
};

enum
{
  COUNTS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (CrmSession, crm_session, G_TYPE_OBJECT)

static gboolean
count_cb (gpointer user_data)
{
  CrmSession *self = user_data;
  g_autoptr (GError) error = NULL;

  self->count_id = 0;
  if (crm_store_read_counts (self->store, &self->counts, &error))
    g_signal_emit (self, signals[COUNTS_CHANGED], 0);
  else
    g_info ("Could not read the counts: %s", error->message);

  return G_SOURCE_REMOVE;
}

static void
store_changed_cb (CrmSession *self)
{
  /* Many answers in one turn of the main loop are counted once. */
  if (self->count_id == 0)
    self->count_id = g_idle_add (count_cb, self);
}

static void
address_cb (CrmSession *self)
{
  crm_account_set_address (self->account, crm_practice_host_get_address (self->host));
}

static gboolean
start_practice (CrmSession  *self,
                GError     **error)
{
  g_autofree char *folder = crm_account_get_folder (self->account);

  self->host = crm_practice_host_new (folder);
  g_signal_connect_object (self->host, "notify::address", G_CALLBACK (address_cb), self, G_CONNECT_SWAPPED);
  if (!crm_practice_host_start (self->host, error))
    return FALSE;

  address_cb (self);
  return TRUE;
}

static void
start_service (CrmSession *self)
{
  self->service = crm_sync_service_new (self->store, self->account, NULL, NULL);
  crm_sync_service_start (self->service);
}

static void
secret_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  CrmSession *self = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  /* Without a secret everything can be written, and waits. */
  if (!crm_account_load_secret_finish (self->account, result, &error))
    self->secret_trouble = g_strdup (error->message);

  start_service (self);
  g_task_return_pointer (task, g_object_ref (self), g_object_unref);
}

static void
opened_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  CrmSession *self = g_task_get_task_data (task);
  GError *error = NULL;

  self->store = crm_store_open_finish (result, &error);
  if (self->store == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  self->notice = g_strdup (crm_store_get_notice (self->store));
  g_signal_connect_object (self->store, "changed", G_CALLBACK (store_changed_cb), self, G_CONNECT_SWAPPED);
  if (!crm_store_read_counts (self->store, &self->counts, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (crm_account_get_kind (self->account) == CRM_ACCOUNT_PRACTICE && !start_practice (self, &error))
    {
      g_task_return_error (task, error);
      return;
    }

  if (crm_account_get_kind (self->account) == CRM_ACCOUNT_LOCAL)
    g_task_return_pointer (task, g_object_ref (self), g_object_unref);
  else
    crm_account_load_secret_async (self->account, g_task_get_cancellable (task), secret_cb, g_object_ref (task));
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr (GTask) task = user_data;
  CrmSession *self = g_task_get_source_object (task);
  GError *error = NULL;

  if (self->host != NULL)
    crm_practice_host_stop (self->host);

  if (crm_sync_service_stop_finish (CRM_SYNC_SERVICE (source), result, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
crm_session_dispose (GObject *object)
{
  CrmSession *self = CRM_SESSION (object);

  g_clear_handle_id (&self->count_id, g_source_remove);
  if (self->store != NULL)
    g_signal_handlers_disconnect_by_data (self->store, self);
  g_clear_object (&self->service);
  g_clear_object (&self->host);
  g_clear_object (&self->store);
  g_clear_object (&self->account);
  g_clear_pointer (&self->notice, g_free);
  g_clear_pointer (&self->secret_trouble, g_free);

  G_OBJECT_CLASS (crm_session_parent_class)->dispose (object);
}

static void
crm_session_get_property (GObject    *object,
                          guint       prop_id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_NOTICE:
      g_value_set_string (value, crm_session_get_notice (CRM_SESSION (object)));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_session_class_init (CrmSessionClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = crm_session_dispose;
  object_class->get_property = crm_session_get_property;

  properties[PROP_NOTICE] = g_param_spec_string ("notice", NULL, NULL, NULL,
                                                 G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[COUNTS_CHANGED] = g_signal_new ("counts-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL,
                                          NULL, NULL, G_TYPE_NONE, 0);
}

static void
crm_session_init (CrmSession *self)
{
}

/**
 * crm_session_open_async:
 * @account: the account to work with
 * @cancellable: (nullable): a cancellable
 * @callback: called when its tasks can be worked with, or can’t
 * @user_data: given to @callback
 *
 * Opens the account’s store, starts its practice CRM if it is that, and the sync service unless it is the local
 * account. A secret that can’t be had is no failure: see the property "notice".
 */
void
crm_session_open_async (CrmAccount          *account,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;
  g_autofree char *folder = NULL;
  CrmSession *self;

  g_return_if_fail (CRM_IS_ACCOUNT (account));

  self = g_object_new (CRM_TYPE_SESSION, NULL);
  self->account = g_object_ref (account);
  folder = crm_account_get_folder (account);

  task = g_task_new (NULL, cancellable, callback, user_data);
  g_task_set_source_tag (task, crm_session_open_async);
  g_task_set_task_data (task, self, g_object_unref);
  crm_store_open_async (folder, cancellable, opened_cb, g_steal_pointer (&task));
}

/**
 * crm_session_open_finish:
 * @result: what the callback was given
 * @error: why the tasks can’t be worked with, in words
 *
 * Returns: (transfer full) (nullable): the session
 */
CrmSession *
crm_session_open_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, NULL), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/**
 * crm_session_close_async:
 * @self: a session
 * @callback: called when nothing is under way any more
 * @user_data: given to @callback
 *
 * Waits for the answers to requests under way; begins no new ones.
 */
void
crm_session_close_async (CrmSession          *self,
                         GAsyncReadyCallback  callback,
                         gpointer             user_data)
{
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (CRM_IS_SESSION (self));

  task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (task, crm_session_close_async);

  if (self->service == NULL)
    g_task_return_boolean (task, TRUE);
  else
    crm_sync_service_stop_async (self->service, NULL, stopped_cb, g_steal_pointer (&task));
}

/**
 * crm_session_close_finish:
 * @self: a session
 * @result: what the callback was given
 * @error: what went wrong
 *
 * Returns: whether it ended cleanly
 */
gboolean
crm_session_close_finish (CrmSession    *self,
                          GAsyncResult  *result,
                          GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

/**
 * crm_session_get_account:
 * @self: a session
 *
 * Returns: (transfer none): its account
 */
CrmAccount *
crm_session_get_account (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), NULL);

  return self->account;
}

/**
 * crm_session_get_store:
 * @self: a session
 *
 * Returns: (transfer none): its tasks
 */
CrmStore *
crm_session_get_store (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), NULL);

  return self->store;
}

/**
 * crm_session_get_service:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what sends them; %NULL of the local account
 */
CrmSyncService *
crm_session_get_service (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), NULL);

  return self->service;
}

/**
 * crm_session_get_host:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): the practice CRM; %NULL of any other account
 */
CrmPracticeHost *
crm_session_get_host (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), NULL);

  return self->host;
}

/**
 * crm_session_get_counts:
 * @self: a session
 *
 * Returns: (transfer none): how many tasks are in each state
 */
const CrmCounts *
crm_session_get_counts (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), NULL);

  return &self->counts;
}

/**
 * crm_session_get_total:
 * @self: a session
 *
 * Returns: how many tasks there are
 */
gint64
crm_session_get_total (CrmSession *self)
{
  gint64 total = 0;

  g_return_val_if_fail (CRM_IS_SESSION (self), 0);

  for (guint i = 0; i < CRM_N_SYNC_STATES; i++)
    total += self->counts.states[i];

  return total;
}

/**
 * crm_session_get_notice:
 * @self: a session
 *
 * Returns: (transfer none) (nullable): what keeps the account from being used, in words
 */
const char *
crm_session_get_notice (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), NULL);

  return self->secret_trouble != NULL ? self->secret_trouble : self->notice;
}

/**
 * crm_session_needs_secret:
 * @self: a session
 *
 * Returns: whether nothing can be sent because the API secret could not be had: see crm_session_sign_in()
 */
gboolean
crm_session_needs_secret (CrmSession *self)
{
  g_return_val_if_fail (CRM_IS_SESSION (self), FALSE);

  return self->secret_trouble != NULL;
}

static void
signed_in_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (CrmSession) self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->secret_trouble, g_free);
  if (!crm_account_load_secret_finish (CRM_ACCOUNT (source), result, &error))
    self->secret_trouble = g_strdup (error->message);
  else if (self->service != NULL)
    crm_sync_service_sync_now (self->service);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_NOTICE]);
}

/**
 * crm_session_set_refresh_interval:
 * @self: a session
 * @minutes: how long after a refresh from the CRM the next one begins by itself; 0: never
 */
void
crm_session_set_refresh_interval (CrmSession *self,
                                  guint       minutes)
{
  g_return_if_fail (CRM_IS_SESSION (self));

  if (self->service != NULL)
    crm_puller_set_interval (crm_sync_service_get_puller (self->service), minutes * 60);
}

/**
 * crm_session_sign_in:
 * @self: a session that needs its secret
 *
 * Asks the keyring again, which may ask the person to unlock it; "notice" tells how that went.
 */
void
crm_session_sign_in (CrmSession *self)
{
  g_return_if_fail (CRM_IS_SESSION (self));

  crm_account_load_secret_async (self->account, NULL, signed_in_cb, g_object_ref (self));
}
