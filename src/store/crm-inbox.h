/* crm-inbox.h: what the CRM has, page by page, for whoever pulls it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-record.h"
#include "store/crm-store.h"

G_BEGIN_DECLS

/* In the order in which they are pulled: few and wanted first. */
typedef enum
{
  CRM_LIST_VENUES,
  CRM_LIST_USERS,
  CRM_LIST_OPPORTUNITIES,
  CRM_LIST_LEADS,
  CRM_LIST_COMPANIES,
  CRM_LIST_TASKS,
  CRM_LIST_CONTACTS,
} CrmList;

#define CRM_N_LISTS (CRM_LIST_CONTACTS + 1)

/* A task as the CRM lists it. */
typedef struct
{
  gint64     id;
  CrmValues *values;
  gboolean   edited; /* somebody changed it since it was made */
} CrmPulledTask;

/* What came of one request. One of the two arrays is NULL. */
typedef struct
{
  gint64     total;   /* how many rows the CRM says there are */
  GArray    *ids;     /* gint64, of all rows as they came; 0 for one that can't be understood */
  GPtrArray *tasks;   /* of CrmPulledTask */
  GPtrArray *records; /* of CrmRecord */
} CrmPage;

typedef enum
{
  CRM_STEP_ASK,      /* for the page at `position` */
  CRM_STEP_CONCLUDE, /* a sweep came through whole: see what it did not find */
  CRM_STEP_DONE,
  CRM_STEP_GIVE_UP,  /* the list can't be had: it shifts too much, or another process pulls it */
} CrmStepKind;

/* Where a list's run stands, and what to do next. */
typedef struct
{
  CrmStepKind kind;
  CrmList     list;
  gint64      serial;   /* which step this is: one that isn't the latest any more has no effect */
  gint64      from;     /* modified since; seconds since 1970, UTC, by the CRM's clock; 0: a sweep of all */
  gint64      position;
  gint64      seen;
  gint64      total;    /* -1: not known yet */
  gint64      last_attempt; /* the last attempt when this step began */
  GArray     *sending;  /* gint64: the tasks being sent then */
} CrmStep;

/* How much a pull has to do with a list. */
typedef enum
{
  CRM_RUN_CHANGES, /* what changed since the last run; all of it the first time */
  CRM_RUN_SWEEP,   /* all of it, to find what is there no more */
} CrmRunKind;

typedef struct
{
  gboolean refused;  /* the key has no right to it */
  gboolean complete; /* a run came through */
  gint64   swept_at; /* when the last whole sweep ended; microseconds since 1970, UTC; 0: never */
  gint64   ended_at; /* when the last run did */
  gint64   size;     /* how many rows the last whole sweep found */
} CrmListState;

const char *crm_list_get_nick           (CrmList              list);
gboolean    crm_list_get_record_kind    (CrmList              list,
                                         CrmRecordKind       *kind);

void        crm_pulled_task_free        (CrmPulledTask       *self);
void        crm_page_free               (CrmPage             *self);
void        crm_step_free               (CrmStep             *self);

void        crm_inbox_begin_async       (CrmStore            *store,
                                         CrmList              list,
                                         CrmRunKind           kind,
                                         gint64               crm_now,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
void        crm_inbox_store_async       (CrmStore            *store,
                                         const CrmStep       *step,
                                         CrmPage             *page,
                                         gint64               now,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
void        crm_inbox_conclude_async    (CrmStore            *store,
                                         const CrmStep       *step,
                                         gint64               now,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
void        crm_inbox_refuse_async      (CrmStore            *store,
                                         CrmList              list,
                                         GAsyncReadyCallback  callback,
                                         gpointer             user_data);
CrmStep    *crm_inbox_finish            (CrmStore            *store,
                                         GAsyncResult        *result,
                                         guint               *changed,
                                         GError             **error);
gboolean    crm_inbox_read_state        (CrmStore            *store,
                                         CrmList              list,
                                         CrmListState        *state,
                                         GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmPulledTask, crm_pulled_task_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmPage, crm_page_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmStep, crm_step_free)

G_END_DECLS
