/* crm-toolkit.h: what differs between the versions of the toolkit
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct
{
  const char *id;
  const char *label; /* with a mnemonic */
  gboolean    destroys;
} CrmAnswer;

void  crm_ask_async  (GtkWindow           *parent,
                      const char          *question,
                      const char          *words,
                      const CrmAnswer     *answers,
                      GAsyncReadyCallback  callback,
                      gpointer             user_data);
char *crm_ask_finish (GAsyncResult        *result);
void  crm_show_about (GtkWindow           *parent,
                      const char          *first_property,
                      ...) G_GNUC_NULL_TERMINATED;
void  crm_button_set_can_shrink (GtkButton      *button,
                                 gboolean        can_shrink);

G_END_DECLS
