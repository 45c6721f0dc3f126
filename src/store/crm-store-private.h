/* crm-store-private.h: the store, for the other files of its folder
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "store/crm-database.h"
#include "store/crm-row.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* What a person wants changed of one task, and what came of it. */
typedef struct
{
  gint64       local_id;
  gint64       crm_id;
  CrmValues   *values;
  CrmFieldMask touched;
  gboolean     draft;
  CrmEditMode  mode;
  CrmAction    action;
  gint64       revision; /* of a choice: the one that was seen */
  CrmFieldMask theirs;   /* of a choice: where the CRM's values shall be */
  gint64       typed; /* of crm_store_save_typed_async(): where it was kept */
  CrmUndo     *undo;  /* in: of an undo; out: of a discard */
  CrmRow      *row;   /* out */
  gint64       replaced; /* out: of a settling, the task that a pull had brought in its place; 0: none */
  gboolean     removed;
} CrmChange;

void         crm_change_free        (CrmChange      *self);

/* The jobs of a change: CrmDatabaseFuncs. */
gboolean     crm_change_edit_job    (CrmConnection  *connection,
                                     gpointer        data,
                                     GError        **error);
gboolean     crm_change_add_job     (CrmConnection  *connection,
                                     gpointer        data,
                                     GError        **error);
gboolean     crm_change_save_typed_job (CrmConnection  *connection,
                                        gpointer        data,
                                        GError        **error);
gboolean     crm_change_settle_job  (CrmConnection  *connection,
                                     gpointer        data,
                                     GError        **error);
gboolean     crm_change_choose_job  (CrmConnection  *connection,
                                     gpointer        data,
                                     GError        **error);
gboolean     crm_change_apply_job   (CrmConnection  *connection,
                                     gpointer        data,
                                     GError        **error);
gboolean     crm_change_undo_job    (CrmConnection  *connection,
                                     gpointer        data,
                                     GError        **error);

CrmDatabase *crm_store_get_database (CrmStore *self);
void         crm_store_emit_changed (CrmStore *self,
                                     GArray   *local_ids);

void         crm_store_emit_names_changed (CrmStore *self);

/* Of crm-store-read.c: a person's words, and as FTS5 takes them; NULL when there are none. */
GStrv        crm_store_split_search (const char *search);
char        *crm_store_write_match  (const char *search);

/* Of crm-typed.c: what was typed of a task is saved with the task, in one transaction. */
gboolean     crm_typed_forget       (CrmConnection  *connection,
                                     gint64          local_id,
                                     GError        **error);

G_END_DECLS
