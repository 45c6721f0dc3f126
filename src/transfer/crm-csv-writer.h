/* crm-csv-writer.h: rows of a CSV file
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

void  crm_csv_writer_append_row (GString           *csv,
                                 const char *const *cells,
                                 gsize              n_cells);
char *crm_csv_writer_defuse     (const char        *text);
char *crm_csv_writer_fuse       (const char        *text);

G_END_DECLS
