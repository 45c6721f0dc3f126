/* tls-bench.h: authorities and certificates, made for one test
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

typedef struct
{
  char *folder;
  char *authority; /* the PEM file of the one to trust */
} TlsBench;

TlsBench        *tls_bench_new             (void);
void             tls_bench_free            (TlsBench         *self);
GTlsCertificate *tls_bench_get_certificate (TlsBench         *self,
                                            const char       *name);
SoupServer      *tls_bench_serve           (TlsBench         *self,
                                            const char       *name,
                                            SoupServerCallback callback,
                                            gpointer          user_data,
                                            char            **address);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TlsBench, tls_bench_free)

G_END_DECLS
