/* crm-connection.h: one connection to the database, and its statements
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Used by one thread at a time. Statements belong to it and are kept for the next use. */
typedef struct _CrmConnection CrmConnection;
typedef struct _CrmStatement  CrmStatement;

typedef void (*CrmDamageFunc) (gpointer data);

CrmConnection *crm_connection_new            (const char     *path);
CrmConnection *crm_connection_open           (const char     *path,
                                              gboolean        read_only,
                                              GError        **error);
CrmConnection *crm_connection_open_alone     (const char     *path,
                                              GError        **error);
void           crm_connection_close          (CrmConnection  *self);
void           crm_connection_set_damage_func (CrmConnection *self,
                                               CrmDamageFunc  func,
                                               gpointer       data);
gboolean       crm_connection_exec           (CrmConnection  *self,
                                              const char     *sql,
                                              GError        **error);
gboolean       crm_connection_get_int        (CrmConnection  *self,
                                              const char     *sql,
                                              gint64         *value,
                                              GError        **error);
gint64         crm_connection_get_last_id    (CrmConnection  *self);
gboolean       crm_connection_in_transaction (CrmConnection  *self);
gboolean       crm_connection_copy           (CrmConnection  *self,
                                              CrmConnection  *to,
                                              GCancellable   *cancellable,
                                              GError        **error);
CrmStatement  *crm_connection_prepare        (CrmConnection  *self,
                                              const char     *sql,
                                              GError        **error);

void           crm_statement_bind_int        (CrmStatement   *self,
                                              int             index,
                                              gint64          value);
void           crm_statement_bind_id         (CrmStatement   *self,
                                              int             index,
                                              gint64          value);
void           crm_statement_bind_text       (CrmStatement   *self,
                                              int             index,
                                              const char     *value);
gboolean       crm_statement_step            (CrmStatement   *self,
                                              gboolean       *has_row,
                                              GError        **error);
gboolean       crm_statement_run             (CrmStatement   *self,
                                              GError        **error);
gint64         crm_statement_get_int         (CrmStatement   *self,
                                              int             column);
const char    *crm_statement_get_text        (CrmStatement   *self,
                                              int             column);
gboolean       crm_statement_is_null         (CrmStatement   *self,
                                              int             column);
gboolean       crm_statement_is_text         (CrmStatement   *self,
                                              int             column);
guint          crm_statement_get_n_columns   (CrmStatement   *self);
void           crm_statement_reset           (CrmStatement   *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmConnection, crm_connection_close)
/* A statement is reset, not freed: the connection keeps it. */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmStatement, crm_statement_reset)

G_END_DECLS
