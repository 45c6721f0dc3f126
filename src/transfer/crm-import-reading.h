/* crm-import-reading.h: a file is read, and each of its rows judged
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "store/crm-import-book.h"
#include "transfer/crm-import-map.h"

G_BEGIN_DECLS

typedef void (*CrmImportReadingFunc) (guint64  n_rows,
                                      double   progress,
                                      gpointer data);

typedef struct
{
  GFile               *file;      /* NULL: text */
  GBytes              *text;
  char                *folder;    /* the store's */
  char                *memory;    /* path of what is remembered of maps */
  GStrv                told;      /* lines HEADER=KEY; NULL: none */
  char                *zone_name; /* NULL: this computer's */
  gboolean             allow_duplicates;
  gboolean             draft;
  CrmImportReadingFunc progress;  /* on the thread that reads */
  gpointer             progress_data;
  gint64               size;      /* in bytes */

  /* What is not given, '\0' or NULL, is recognised. */
  char                 delimiter;
  char                *encoding;

  /* Out. */
  CrmImportMap        *map;
  CrmImportBook       *book;
} CrmImportReading;

gboolean crm_import_reading_run  (CrmImportReading  *self,
                                  GCancellable      *cancellable,
                                  GError           **error);
void     crm_import_reading_free (CrmImportReading  *self);

G_END_DECLS
