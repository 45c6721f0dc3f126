/* crm-toast.c: a word that passes
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-toast.h"

#include "model/crm-shown-text.h"

/**
 * crm_toast_new:
 * @words: what it says: plain text, of whoever wrote it
 *
 * Returns: (transfer full): a toast that shows it as crm_shown_text() does, and takes nothing in it for markup
 */
AdwToast *
crm_toast_new (const char *words)
{
  g_autofree char *shown = NULL;
  g_autofree char *markup = NULL;

  g_return_val_if_fail (words != NULL, NULL);

  shown = crm_shown_text (words);
  markup = g_markup_escape_text (shown, -1);

  return adw_toast_new (markup);
}
