/* crm-csv-reader.h: the records of a CSV file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define CRM_TYPE_CSV_READER (crm_csv_reader_get_type ())

G_DECLARE_FINAL_TYPE (CrmCsvReader, crm_csv_reader, CRM, CSV_READER, GObject)

CrmCsvReader *crm_csv_reader_new           (GInputStream  *stream,
                                            char           delimiter);
GStrv         crm_csv_reader_read          (CrmCsvReader  *self,
                                            gint64        *number,
                                            GCancellable  *cancellable,
                                            GError       **error);
char          crm_csv_reader_get_delimiter (CrmCsvReader  *self);

G_END_DECLS
