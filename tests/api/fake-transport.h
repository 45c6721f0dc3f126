/* fake-transport.h: a transport that keeps what it is given and answers as told
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "api/crm-transport.h"

G_BEGIN_DECLS

#define FAKE_TYPE_TRANSPORT (fake_transport_get_type ())

G_DECLARE_FINAL_TYPE (FakeTransport, fake_transport, FAKE, TRANSPORT, GObject)

struct _FakeTransport
{
  GObject parent_instance;

  guint       n_requests;
  char       *url;
  char      **headers;
  GBytes     *body;

  guint       status; /* 0: an error is returned */
  const char *answer;
  int         error_code;
};

FakeTransport *fake_transport_new        (void);
const char    *fake_transport_get_header (FakeTransport *self,
                                          const char    *name);

G_END_DECLS
