/* crm-cli.h: what the commands share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "api/crm-account.h"
#include "practice/crm-practice-host.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* Exit statuses: DESIGN.md §6. */
typedef enum
{
  CRM_EXIT_DONE = 0,
  CRM_EXIT_ATTENTION = 1,
  CRM_EXIT_REFUSED = 2,
  CRM_EXIT_UNREACHABLE = 3,
  CRM_EXIT_DATABASE = 4,
} CrmExit;

/* One run of the program. */
typedef struct
{
  char           **argv; /* as the program was given it */
  gboolean         json;
  gboolean         practice;
  CrmAccount      *account;
  CrmStore        *store;
  CrmPracticeHost *host;
  CrmExit          status;
} CrmCli;

typedef CrmExit (*CrmCliCommand) (CrmCli  *cli,
                                  GStrv   *args,
                                  GError **error);

typedef struct
{
  const char    *name;
  CrmCliCommand  command;
  const char    *words; /* what it does, to be translated */
} CrmCliEntry;

int           crm_cli_main        (char               **argv,
                                   const CrmCliEntry   *commands);
CrmExit       crm_cli_run_part    (CrmCli              *self,
                                   const CrmCliEntry   *parts,
                                   GStrv               *args,
                                   GError             **error);
void          crm_cli_clear       (CrmCli              *self);
gboolean      crm_cli_parse       (CrmCli              *self,
                                   GStrv               *args,
                                   const GOptionEntry  *entries,
                                   GError             **error);
gboolean      crm_cli_open        (CrmCli              *self,
                                   GError             **error);
void          crm_cli_on_ready    (GObject             *source,
                                   GAsyncResult        *result,
                                   gpointer             user_data);
GAsyncResult *crm_cli_wait        (GAsyncResult       **result);
void          crm_cli_note        (CrmCli              *self,
                                   CrmExit              status,
                                   const char          *words);
CrmExit       crm_cli_judge_error (const GError        *error);
gboolean      crm_cli_read_ids    (GStrv                args,
                                   GArray             **ids,
                                   GError             **error);
gboolean      crm_cli_refuse_more (GStrv                args,
                                   guint                most,
                                   GError             **error);
GOutputStream *crm_cli_open_output (const char         *name,
                                    GError            **error);
gboolean      crm_cli_close_output (GOutputStream      *stream,
                                    const char         *name,
                                    GError             *why,
                                    GError            **error);
gboolean      crm_cli_read_states (char               **states,
                                   guint               *mask,
                                   GError             **error);

/* The commands of crm-tasks-cli itself */
CrmExit crm_cli_add          (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_edit         (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_submit       (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_resubmit     (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_discard      (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_settle       (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_list         (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_show         (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_backup       (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_restore      (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_import       (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_status       (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_account      (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_hand_over    (CrmCli *cli, GStrv *args, GError **error);

/* Those of crm-tasks-cli-wire, that it hands over to */
CrmExit crm_cli_export       (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_sync         (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_pull         (CrmCli *cli, GStrv *args, GError **error);
CrmExit crm_cli_wire_account (CrmCli *cli, GStrv *args, GError **error);

G_END_DECLS
