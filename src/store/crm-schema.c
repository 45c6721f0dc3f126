/* crm-schema.c: brings a database to the form this version knows
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "store/crm-schema.h"

#include "model/crm-error.h"

#include <gio/gio.h>
#include <glib/gi18n-lib.h>

/* The numbered files in sql/. */
#define NEWEST 8

static gboolean
run_migration (CrmConnection  *connection,
               int             version,
               GError        **error)
{
  g_autofree char *path = g_strdup_printf ("/org/example/CrmTasks/sql/%03d.sql", version);
  g_autofree char *mark = g_strdup_printf ("PRAGMA user_version = %d", version);
  g_autoptr (GBytes) sql = g_resources_lookup_data (path, G_RESOURCE_LOOKUP_FLAGS_NONE, error);

  return sql != NULL && crm_connection_exec (connection, g_bytes_get_data (sql, NULL), error) &&
         crm_connection_exec (connection, mark, error);
}

/* What tells this database from every other, also from those that are restored from its backups elsewhere: local ids mean the
 * same task only in one. */
static gboolean
mark (CrmConnection  *connection,
      GError        **error)
{
  gint64 id;

  return crm_connection_get_int (connection, "PRAGMA application_id", &id, error) &&
         (id != 0 || crm_schema_renew_id (connection, error));
}

/**
 * crm_schema_renew_id:
 * @connection: a connection that may write
 * @error: says what is wrong
 *
 * From now on the database is another one than those that have been copied from it, or it from them.
 *
 * Returns: whether it is
 */
gboolean
crm_schema_renew_id (CrmConnection  *connection,
                     GError        **error)
{
  g_autofree char *sql = g_strdup_printf ("PRAGMA application_id = %d", g_random_int_range (1, G_MAXINT32));

  return crm_connection_exec (connection, sql, error);
}

/**
 * crm_schema_migrate:
 * @connection: a connection that may write
 * @error: says what is wrong; %CRM_ERROR_DATABASE_NEWER for a database of a newer version, which is left alone
 *
 * Runs the migrations that are missing, all in one transaction.
 *
 * Returns: whether the database has the form this version knows
 */
gboolean
crm_schema_migrate (CrmConnection  *connection,
                    GError        **error)
{
  gint64 version;
  gboolean done = TRUE;

  g_return_val_if_fail (connection != NULL, FALSE);

  if (!crm_connection_get_int (connection, "PRAGMA user_version", &version, error))
    return FALSE;
  if (version == NEWEST)
    return TRUE;
  if (!crm_connection_exec (connection, "BEGIN IMMEDIATE", error))
    return FALSE;

  /* Another process may have been faster. */
  done = crm_connection_get_int (connection, "PRAGMA user_version", &version, error);
  if (done && version > NEWEST)
    {
      g_set_error (error, CRM_ERROR, CRM_ERROR_DATABASE_NEWER,
                   _("These tasks were last opened by a newer version of CRM Tasks (database %d, this one knows %d). "
                     "Install that version again; nothing was changed"),
                   (int) version, NEWEST);
      done = FALSE;
    }

  while (done && version < NEWEST)
    done = run_migration (connection, ++version, error);
  done = done && mark (connection, error);

  if (done)
    done = crm_connection_exec (connection, "COMMIT", error);
  if (!done && crm_connection_in_transaction (connection))
    crm_connection_exec (connection, "ROLLBACK", NULL);

  return done;
}
