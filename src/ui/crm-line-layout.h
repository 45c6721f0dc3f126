/* crm-line-layout.h: lays out a line of text and a second one that may be blank
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define CRM_TYPE_LINE_LAYOUT (crm_line_layout_get_type ())

G_DECLARE_FINAL_TYPE (CrmLineLayout, crm_line_layout, CRM, LINE_LAYOUT, GtkLayoutManager)

void crm_line_layout_align    (GtkInscription *line);
void crm_line_layout_set_text (GtkInscription *line,
                               const char     *text);

G_END_DECLS
