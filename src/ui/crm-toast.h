/* crm-toast.h: a word that passes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

AdwToast *crm_toast_new (const char *words);

G_END_DECLS
