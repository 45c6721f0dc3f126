/* crm-file-dialog.h: asks for a file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Of files that may be asked for; an array of these ends with one without words. */
typedef struct
{
  const char *words;    /* in people's language */
  const char *suffixes[4];
} CrmFileKind;

void   crm_file_dialog_open_async (GtkWindow            *parent,
                                   const char           *title,
                                   const CrmFileKind    *kinds,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
void   crm_file_dialog_save_async (GtkWindow            *parent,
                                   const char           *title,
                                   const char           *name,
                                   const CrmFileKind    *kinds,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
GFile *crm_file_dialog_finish     (GtkWindow            *parent,
                                   GAsyncResult         *result,
                                   GError              **error);

G_END_DECLS
