/* fuzz.h: what the fuzz targets share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The names are libFuzzer's. Without it, replay.c calls them. */
int   LLVMFuzzerInitialize   (int           *argc,
                              char        ***argv);
int   LLVMFuzzerTestOneInput (const guint8  *data,
                              gsize          size);

char *fuzz_take_line         (const guint8 **data,
                              gsize         *size);
void  fuzz_assert_shown      (const char    *text,
                              gsize          most);

G_END_DECLS
