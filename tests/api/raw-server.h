/* raw-server.h: a server that answers with any bytes, or none
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What becomes of one connection when a request is there. */
typedef enum
{
  RAW_KEEP,     /* the bytes are sent, the connection is kept */
  RAW_CLOSE,    /* the bytes are sent, then the connection is closed */
  RAW_SILENT,   /* nothing is sent, the connection is kept */
  RAW_SLAM,     /* closed at the request's first byte, nothing is read */
} RawEnd;

typedef struct
{
  const void *bytes; /* NULL: none */
  gssize      size;  /* -1: as long as the text is */
  RawEnd      end;
} RawAnswer;

typedef struct _RawServer RawServer;

typedef void (*RawSeen) (RawServer *server,
                         gpointer   user_data);

struct _RawServer
{
  GSocketService  *service;
  const RawAnswer *answers;       /* the last one is for all further requests */
  guint            n_answers;
  GPtrArray       *requests;      /* each as it came, head and body */
  guint            n_connections;
  guint            n_slammed;
  guint            n_closed;      /* by the client */
  guint            n_open;
  RawSeen          seen;          /* NULL: nobody wants to know; called before the answer is sent */
  gpointer         seen_data;
  char            *url;
};

RawServer *raw_server_new   (const RawAnswer *answers,
                             guint            n_answers);
void       raw_server_free  (RawServer       *self);
guint      raw_server_count (RawServer       *self,
                             const char      *body);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (RawServer, raw_server_free)

G_END_DECLS
