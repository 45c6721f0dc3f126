/* crm-text-decoder.h: text of whatever encoding, as UTF-8
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

char         *crm_text_decoder_recognise (GInputStream  *stream,
                                          GCancellable  *cancellable,
                                          GError       **error);
GInputStream *crm_text_decoder_new       (GInputStream  *stream,
                                          const char    *encoding,
                                          GCancellable  *cancellable,
                                          GError       **error);

G_END_DECLS
