/* main.c: the program’s beginning
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "api/crm-account.h"
#include "sync/crm-sync-service.h"
#include "ui/crm-application.h"

#include <glib/gi18n.h>
#include <locale.h>

int
main (int   argc,
      char *argv[])
{
  g_autoptr (CrmApplication) application = NULL;

  crm_account_protect_process ();
  crm_sync_service_prepare ();
  setlocale (LC_ALL, "");
  bindtextdomain (GETTEXT_PACKAGE, LOCALE_DIR);
  bind_textdomain_codeset (GETTEXT_PACKAGE, "UTF-8");
  textdomain (GETTEXT_PACKAGE);
  g_set_application_name (_("CRM Tasks"));

  application = crm_application_new (0);
  return g_application_run (G_APPLICATION (application), argc, argv);
}
