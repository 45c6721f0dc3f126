/* crm-practice-host.c: one practice CRM for all programs that use a folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "practice/crm-practice-host.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n-lib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

/* How often the port is looked for until it is there, and how often the lock is tried for afterwards. */
#define PORT_INTERVAL 50
#define LOCK_INTERVAL 1000

struct _CrmPracticeHost
{
  GObject            parent_instance;

  char              *folder;
  char              *address;
  int                lock_fd;
  gboolean           holding;
  CrmPracticeServer *server;
  GMainContext      *context;
  GSource           *timer;
  GCancellable      *cancellable;
};

enum
{
  PROP_0,
  PROP_ADDRESS,
  N_PROPERTIES,
};

static GParamSpec *properties[N_PROPERTIES];

G_DEFINE_FINAL_TYPE (CrmPracticeHost, crm_practice_host, G_TYPE_OBJECT)

static void schedule (CrmPracticeHost *self);

static void
set_address (CrmPracticeHost *self,
             const char      *address)
{
  if (g_strcmp0 (self->address, address) == 0)
    return;

  g_free (self->address);
  self->address = g_strdup (address);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ADDRESS]);
}

static char *
build_path (CrmPracticeHost *self,
            const char      *name)
{
  return g_build_filename (self->folder, name, NULL);
}

static gboolean
set_file_error (GError     **error,
                const char  *path)
{
  int saved_errno = errno;

  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (saved_errno),
               _ ("The practice CRM cannot use “%s”: %s"), path, g_strerror (saved_errno));
  return FALSE;
}

static guint16
parse_port (const char *text)
{
  g_autofree char *word = text != NULL ? g_strstrip (g_strdup (text)) : NULL;
  guint64 port = 0;

  if (word == NULL || !g_ascii_string_to_unsigned (word, 10, 1, G_MAXUINT16, &port, NULL))
    return 0;

  return port;
}

/* An open file description lock: the kernel takes it back when its holder ends, however it ends. */
static gboolean
try_lock (CrmPracticeHost *self)
{
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

  if (!self->holding)
    self->holding = fcntl (self->lock_fd, F_OFD_SETLK, &lock) == 0;

  return self->holding;
}

static gboolean
serve (CrmPracticeHost  *self,
       GError          **error)
{
  g_autofree char *state_path = build_path (self, "practice.json");
  g_autofree char *port_path = build_path (self, "practice.port");
  g_autofree char *text = NULL;
  g_autofree char *written = NULL;
  g_autoptr (CrmPracticeServer) server = NULL;
  guint16 port;

  g_file_get_contents (port_path, &text, NULL, NULL);
  port = parse_port (text);

  server = crm_practice_server_new (state_path, CRM_PRACTICE_KEY, CRM_PRACTICE_SECRET);
  crm_practice_server_set_furnished (server, g_getenv ("CRM_TASKS_PRACTICE_EMPTY") == NULL);
  if ((port == 0 || !crm_practice_server_start (server, port, NULL)) && !crm_practice_server_start (server, 0, error))
    return FALSE;

  if (port != crm_practice_server_get_port (server))
    {
      written = g_strdup_printf ("%u\n", crm_practice_server_get_port (server));
      if (!g_file_set_contents_full (port_path, written, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
        return FALSE;
    }

  self->server = g_steal_pointer (&server);
  set_address (self, crm_practice_server_get_address (self->server));

  return TRUE;
}

static void
on_port_read (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr (CrmPracticeHost) self = user_data;
  g_autofree char *text = NULL;
  g_autofree char *address = NULL;
  gboolean read = g_file_load_contents_finish (G_FILE (source), result, &text, NULL, NULL, NULL);

  if (self->lock_fd < 0 || self->server != NULL)
    return;

  if (read && parse_port (text) != 0)
    {
      address = g_strdup_printf ("http://127.0.0.1:%u", parse_port (text));
      set_address (self, address);
    }

  schedule (self);
}

static void
read_port (CrmPracticeHost *self)
{
  g_autofree char *path = build_path (self, "practice.port");
  g_autoptr (GFile) file = g_file_new_for_path (path);

  g_file_load_contents_async (file, self->cancellable, on_port_read, g_object_ref (self));
}

static gboolean
on_timer (gpointer user_data)
{
  CrmPracticeHost *self = user_data;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&self->timer, g_source_unref);

  if (!try_lock (self))
    read_port (self);
  else if (!serve (self, &error))
    {
      g_message ("The practice CRM cannot be taken over: %s", error->message);
      schedule (self);
    }

  return G_SOURCE_REMOVE;
}

static void
schedule (CrmPracticeHost *self)
{
  self->timer = g_timeout_source_new (self->address != NULL ? LOCK_INTERVAL : PORT_INTERVAL);
  g_source_set_callback (self->timer, on_timer, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
crm_practice_host_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  CrmPracticeHost *self = CRM_PRACTICE_HOST (object);

  switch (prop_id)
    {
    case PROP_ADDRESS:
      g_value_set_string (value, self->address);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_practice_host_finalize (GObject *object)
{
  CrmPracticeHost *self = CRM_PRACTICE_HOST (object);

  crm_practice_host_stop (self);
  g_free (self->folder);
  g_free (self->address);

  G_OBJECT_CLASS (crm_practice_host_parent_class)->finalize (object);
}

static void
crm_practice_host_class_init (CrmPracticeHostClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = crm_practice_host_get_property;
  object_class->finalize = crm_practice_host_finalize;

  properties[PROP_ADDRESS] = g_param_spec_string ("address", NULL, NULL, NULL,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPERTIES, properties);
}

static void
crm_practice_host_init (CrmPracticeHost *self)
{
  self->lock_fd = -1;
}

/**
 * crm_practice_host_new:
 * @folder: where `practice.lock`, `practice.port` and `practice.json` are
 *
 * Of all hosts of one folder, in whatever process, one runs the practice CRM; the others know its address, and take
 * over when it ends, with the same tasks and if they can on the same port. The first time it has tasks of colleagues already,
 * unless CRM_TASKS_PRACTICE_EMPTY is set.
 *
 * Returns: (transfer full): a host that is still to be started
 */
CrmPracticeHost *
crm_practice_host_new (const char *folder)
{
  CrmPracticeHost *self;

  g_return_val_if_fail (folder != NULL, NULL);

  self = g_object_new (CRM_PRACTICE_TYPE_HOST, NULL);
  self->folder = g_strdup (folder);

  return self;
}

/**
 * crm_practice_host_start:
 * @self: a host that does not run
 * @error: where to put what went wrong, in words for a person
 *
 * Makes the folder (mode 0700) when it is missing. When this host is the one to serve, the address is known on return;
 * else "address" is notified of a moment later. Never waits for another process. To be called in the thread, and with
 * the thread-default main context, that the host is used in.
 *
 * Returns: whether the host runs
 */
gboolean
crm_practice_host_start (CrmPracticeHost  *self,
                         GError          **error)
{
  g_autofree char *lock_path = NULL;

  g_return_val_if_fail (CRM_PRACTICE_IS_HOST (self), FALSE);
  g_return_val_if_fail (self->lock_fd < 0, FALSE);

  if (g_mkdir_with_parents (self->folder, 0700) != 0)
    return set_file_error (error, self->folder);

  lock_path = build_path (self, "practice.lock");
  self->lock_fd = open (lock_path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (self->lock_fd < 0)
    return set_file_error (error, lock_path);

  self->context = g_main_context_ref_thread_default ();
  self->cancellable = g_cancellable_new ();

  if (!try_lock (self))
    read_port (self);
  else if (!serve (self, error))
    {
      crm_practice_host_stop (self);
      return FALSE;
    }

  return TRUE;
}

/**
 * crm_practice_host_stop:
 * @self: a host
 *
 * Ends the server, if it is this host's, and lets another take over. The address is %NULL afterwards.
 */
void
crm_practice_host_stop (CrmPracticeHost *self)
{
  g_return_if_fail (CRM_PRACTICE_IS_HOST (self));

  if (self->lock_fd < 0)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->server != NULL)
    crm_practice_server_stop (self->server);
  g_clear_object (&self->server);
  g_clear_pointer (&self->context, g_main_context_unref);

  /* Closing gives the lock back. */
  close (self->lock_fd);
  self->lock_fd = -1;
  self->holding = FALSE;
  set_address (self, NULL);
}

/**
 * crm_practice_host_get_address:
 * @self: a host
 *
 * Returns: (nullable): the address of the practice CRM, or %NULL while it is not known
 */
const char *
crm_practice_host_get_address (CrmPracticeHost *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_HOST (self), NULL);

  return self->address;
}

/**
 * crm_practice_host_get_server:
 * @self: a host
 *
 * Returns: (transfer none) (nullable): the server, or %NULL when another host runs it
 */
CrmPracticeServer *
crm_practice_host_get_server (CrmPracticeHost *self)
{
  g_return_val_if_fail (CRM_PRACTICE_IS_HOST (self), NULL);

  return self->server;
}
