/* sim.h: a world in which the store and the sync service run on virtual time
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <sqlite3.h>

#include "store/crm-store-private.h"
#include "sync/crm-sync-service.h"

G_BEGIN_DECLS

#define SIM_SECOND G_TIME_SPAN_SECOND
#define SIM_MINUTE G_TIME_SPAN_MINUTE

/* What a CRM fills in by itself says nothing of whose a task is (API.md §4). */
#define SIM_FILLED_IN                                                              \
  (CRM_FIELD_BIT (CRM_FIELD_STATUS) | CRM_FIELD_BIT (CRM_FIELD_PRIORITY) |         \
   CRM_FIELD_BIT (CRM_FIELD_ASSIGNED_USER) | CRM_FIELD_BIT (CRM_FIELD_VENUE))

typedef struct _SimApp SimApp;
typedef struct _SimCrm SimCrm;
typedef struct _SimMerge SimMerge;
typedef struct _SimBatches SimBatches;
typedef struct _SimWord SimWord;

/* What is planted to see whether the judge finds it. */
typedef enum
{
  SIM_PLANT_NONE,
  SIM_PLANT_SKIP_LOOK,    /* an unconfirmed add is sent again without looking */
  SIM_PLANT_OLD_REVISION, /* an answer marks what was edited meanwhile as sent */
  SIM_PLANT_REQUEUE_CUT,  /* an add that was cut off waits like one that was never sent */
  SIM_PLANT_LOSE,         /* a waiting task vanishes */
  SIM_PLANT_ALL_FIELDS,   /* an update carries every field */
  SIM_PLANT_BLAME_ALL,    /* everyone's trouble is held against one */
  SIM_PLANT_STALL,        /* an entry waits for ever */
  SIM_PLANT_NO_CONFLICT,  /* what was changed on both sides goes out without asking */
  SIM_PLANT_FORGET,       /* what was changed here counts as sent */
  SIM_PLANT_UNWHOLE,      /* a sweep that missed rows counts as whole */
  SIM_PLANT_RESEND_BATCH, /* what was in a batch whose answer was lost waits like what was never sent */
  SIM_PLANT_NAMELESS,     /* what the CRM calls a batch is not written down */
  SIM_PLANT_BREAK_BATCH,  /* what the CRM is still at is sent once more */
  SIM_N_PLANTS
} SimPlant;

/* The condition the CRM, or the way to it, is in. */
typedef enum
{
  SIM_MODE_HEALTHY,
  SIM_MODE_OFFLINE,
  SIM_MODE_DOWN,       /* 500 to everything */
  SIM_MODE_TASKS_DOWN, /* 500 to every task, pings succeed */
  SIM_MODE_UNAUTHORIZED,
  SIM_MODE_HTML,
  SIM_MODE_REDIRECT,
  SIM_MODE_THROTTLED,
  SIM_MODE_LOSSY,
  SIM_N_MODES
} SimMode;

typedef void (*SimFunc) (gpointer data);

typedef struct
{
  guint64     seed;
  SimPlant    plant;
  gboolean    verbose;
  GChecksum  *story;       /* of all that happened, to tell whether a world is the same again */
  GRand      *rand;
  char       *folder;
  sqlite3    *db;          /* the judge's own connection */
  gint64      db_version;  /* changes with each commit of an app */

  gint64      begun;
  gint64      now;         /* the true time, which is the CRM's: microseconds since 1970, UTC */
  gint64      skew;        /* how far the clock of this computer is ahead */
  GSequence  *events;
  GHashTable *events_by_id;
  guint       last_event;
  guint       in_progress; /* jobs that a database works on in real time */

  GPtrArray  *apps;        /* of SimApp: processes that run */
  GPtrArray  *dead_apps;
  guint       n_apps;
  guint       disk_full;   /* percent of the commits that fail */
  gint64      disk_speed;  /* microseconds a commit takes at most */
  SimCrm     *crm;
  SimBatches *batches;     /* of a world with batches, see sim-batch.c; else NULL */
  SimMerge   *merge;       /* of a world with a second person, see sim-merge.c; else NULL */

  GHashTable *intents;     /* local id → SimIntent */
  GPtrArray  *all_intents; /* in order */
  GHashTable *sends;       /* body, by address → SimSend not yet begun */
  GPtrArray  *all_sends;
  GArray     *looks;       /* SimLook */
  GArray     *well;        /* gint64: when the CRM answered a ping or accepted something, delivered */
  guint       families;
  gboolean    ending;      /* no more faults, no more whims */
  gboolean    planted;
  guint       n_crashes;

  char       *failure;
} SimWorld;

/* One request for one task, from the claim on. */
typedef struct
{
  SimApp        *app;
  gint64         local_id;
  gint64         attempt_id;
  gint64         crm_id;
  gboolean       is_add;
  CrmValues     *values;
  CrmFieldMask   mask;
  GBytes        *body;
  gint64         sent_at;     /* 0: not sent */
  gboolean       is_stale;    /* signed with a time that the CRM refuses, whatever it answers */
  gint64         effect_due;  /* when the CRM acts; 0: it won't */
  gboolean       effected;
  gint64         created_id;
  gint64         answered_at; /* 0: no answer reached the app */
  CrmAnswerClass klass;       /* of that answer */
  gint64         code;
  gboolean       everyones;   /* in a condition that hits everyone */
  gboolean       is_forgotten; /* the app died before it had recorded the answer */
  gboolean       is_batched;
  gboolean       is_settled;   /* of one in a batch: its answer says that the CRM is done with it */
} SimSend;

/* A full list that reached the app. */
typedef struct
{
  gint64 begun;
  gint64 ended;
  char  *name; /* NULL: of all names */
} SimLook;

/* What the person means one task to be. */
typedef struct
{
  gint64        local_id;
  guint         family;     /* tasks that may be equal on the CRM */
  CrmValues    *want;       /* the last saved revision */
  CrmFieldMask  edited;     /* changed since the CRM last confirmed it for sure */
  CrmFieldMask  unsure;     /* sent in an update that nobody knows the end of */
  CrmFieldMask  given_up;   /* likewise, and dropped since: what the CRM had before is not known here */
  gboolean      draft;
  gboolean      removed;
  gboolean      sure;       /* with a second yes */
  gboolean      discarding;
  gboolean      is_update;  /* of a task known only by its CRM id */
  guint         excuses;    /* what the person did to double it */
  gint64        word_at;    /* “send again”, or anything else that ends the doubt about earlier sends */
  CrmUndo      *undo;
  SimApp       *undo_app;
  CrmValues    *before;     /* the discard that can be undone */
  gboolean      before_draft;
} SimIntent;

/* As the database has it. */
typedef struct
{
  gboolean     exists;
  gint64       crm_id;
  gint64       revision;
  CrmSyncState state;
  CrmValues   *values;
  gint64       dirty;
  gint64       uncertain;
  gboolean     may_be_there;
  gboolean     released;
  gboolean     adopted;
  gboolean     discarding;
  gint64       failures;
  char        *problem_class;
  gint64       problem_error_code;
  gint64       problem_code;
  char        *problem_message;
} SimRow;

/* sim-world.c */
SimWorld   *sim_world_new          (guint64        seed,
                                    SimPlant       plant,
                                    const char    *folder,
                                    gboolean       verbose);
void        sim_world_free         (SimWorld      *self);
guint       sim_world_call         (SimWorld      *self,
                                    gint64         delay,
                                    SimFunc        func,
                                    gpointer       data);
void        sim_world_cancel       (SimWorld      *self,
                                    guint          id);
void        sim_world_settle_down  (SimWorld      *self);
gboolean    sim_world_step         (SimWorld      *self,
                                    gint64         until);
gint64      sim_world_range        (SimWorld      *self,
                                    gint64         from,
                                    gint64         to);
gboolean    sim_world_chance       (SimWorld      *self,
                                    guint          percent);
gint64      sim_world_get_count    (SimWorld      *self,
                                    const char    *sql);
void        sim_world_trace        (SimWorld      *self,
                                    const char    *format,
                                    ...) G_GNUC_PRINTF (2, 3);
void        sim_world_fail         (SimWorld      *self,
                                    const char    *format,
                                    ...) G_GNUC_PRINTF (2, 3);
SimIntent  *sim_world_get_intent   (SimWorld      *self,
                                    gint64         local_id);
void        sim_row_read           (SimRow        *row,
                                    SimWorld      *world,
                                    gint64         local_id);
void        sim_row_clear          (SimRow        *row);
char       *sim_values_to_string   (const CrmValues *values);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SimRow, sim_row_clear)

/* sim-app.c: one process */
struct _SimApp
{
  SimWorld       *world;
  guint           number;
  gboolean        dead;
  gboolean        stopping;
  CrmStore       *store;
  CrmSyncService *service;
  CrmClock       *clock;
  CrmTransport   *transport;
  GQueue          jobs;        /* SimJob, see sim-database.c */
  gint64          last_commit;
  gint64          last_return;
  SimWord        *word;        /* the person's, being handed to the store */
  gint64          list_begun;  /* of the list under way */
};

SimApp     *sim_app_start          (SimWorld      *world);
void        sim_app_crash          (SimApp        *self);
void        sim_app_stop           (SimApp        *self);
SimApp     *sim_world_get_app      (SimWorld      *self);

/* sim-clock.c */
CrmClock   *sim_clock_new          (SimApp        *app);
void        sim_clock_die          (CrmClock      *clock);

/* sim-transport.c */
typedef struct
{
  gatomicrefcount      refs;
  SimApp              *app;       /* NULL once it is dead */
  SimWorld            *world;
  CrmTransport        *transport;
  GAsyncReadyCallback  callback;
  gpointer             user_data;
  GCancellable        *cancellable;
  gulong               cancelled_id;
  char                *url;
  GBytes              *body;
  char               **headers;
  SimSend             *send;      /* of a task */
  GPtrArray           *sends;     /* of SimSend: of a batch to be done */
  gpointer             batch;     /* that is asked for */
  GArray              *klasses;   /* of CrmAnswerClass: what each of its results means */
  gboolean             done;
  gint64               sent_at;
  gint64               list_begun;
  CrmTransportReply   *reply;     /* what will be delivered */
  int                  failure;   /* a CrmTransportError, when there is no reply */
  CrmAnswerClass       klass;     /* what it means */
  gint64               code;
  gboolean             everyones;
  char                *look_name; /* of the last page of a list */
  gboolean             is_last_page;
  guint                fault;
  gboolean             acts;      /* whether the CRM does what is asked */
  gboolean             processed;
} SimRequest;

CrmTransport *sim_transport_new    (SimApp        *app);
void          sim_transport_die    (CrmTransport  *transport);
SimRequest   *sim_request_ref      (SimRequest    *request);
void          sim_request_unref    (SimRequest    *request);
void          sim_request_deliver  (SimRequest    *request);
const char   *sim_request_get_header (SimRequest  *request,
                                      const char  *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (SimRequest, sim_request_unref)

/* sim-database.c */
gboolean    sim_database_die       (SimApp        *app);

/* sim-crm.c */
typedef struct
{
  gint64      id;
  CrmValues  *values;
  gint64      created;       /* microseconds since 1970 */
  gint64      modified;      /* likewise */
  gint64      visible;       /* from when on it is listed */
  gint64      creator;       /* local id; 0: a colleague */
  guint       family;
  gboolean    gone;
  gboolean    unknowable;    /* a colleague gave it another name or time while no task here was known to be it */
  CrmFieldMask ours;         /* fields that the app wrote last */
  CrmFieldMask theirs;       /* fields that a colleague wrote last */
} SimCrmTask;

struct _SimCrm
{
  SimWorld  *world;
  SimMode    mode;
  guint      faults;         /* percent of the requests that meet one */
  gint64     slowness;       /* microseconds that an answer takes at most */
  gboolean   ignores_filters;
  gboolean   trims;
  gboolean   writes_html;
  gboolean   writes_strings;
  gboolean   newest_first;
  gboolean   refuses_lists;
  guint      page;
  gint64     lag;            /* until a new task is listed */
  gint64     last_id;
  GPtrArray *tasks;          /* of SimCrmTask */
};

SimCrm     *sim_crm_new            (SimWorld      *world);
void        sim_crm_free           (SimCrm        *self);
void        sim_crm_receive        (SimCrm        *self,
                                    SimRequest    *request);
SimCrmTask *sim_crm_find           (SimCrm        *self,
                                    gint64         id);
SimCrmTask *sim_crm_add            (SimCrm        *self,
                                    const CrmValues *values,
                                    gint64         creator,
                                    guint          family);
void        sim_crm_abandon        (SimCrm        *self,
                                    SimRequest    *request);

/* sim-crm-answers.c */
void        sim_crm_answer_ping    (SimRequest    *request);
void        sim_crm_answer_list    (SimRequest    *request);
void        sim_crm_answer_task    (SimRequest    *request);
void        sim_request_reply      (SimRequest    *request,
                                    guint          status,
                                    const char    *type,
                                    const char    *retry_after,
                                    const char    *body);
void        sim_request_cut        (SimRequest    *request,
                                    CrmTransportError error);
gboolean    sim_crm_curses         (const CrmValues *values);
gboolean    sim_crm_is_stale       (SimRequest    *request);
gboolean    sim_crm_refuse_stale   (SimRequest    *request);
void        sim_crm_check_signature (SimRequest   *request);

/* sim-person.c and sim-word.c */
CrmValues  *sim_person_invent      (SimWorld      *world,
                                    guint          family);
void        sim_person_act         (SimWorld      *world);
void        sim_person_import      (SimWorld      *world);
void        sim_person_settle_all  (SimWorld      *world);
void        sim_colleague_act      (SimWorld      *world);
void        sim_intent_catch_up    (SimWorld      *world,
                                    SimIntent     *intent);
void        sim_word_before_commit (SimWord       *word);
void        sim_word_committed     (SimWord       *word,
                                    const GError  *error);

/* sim-judge.c */
void        sim_judge_claims       (SimWorld      *world,
                                    GPtrArray     *claims);
SimSend    *sim_judge_begin_send   (SimRequest    *request);
void        sim_judge_begin        (SimRequest    *request,
                                    SimSend       *send);
void        sim_judge_take_answer  (SimWorld      *world,
                                    SimSend       *send);
void        sim_judge_delivered    (SimRequest    *request);
void        sim_judge_check        (SimWorld      *world);
void        sim_judge_end          (SimWorld      *world);
gboolean    sim_judge_is_doubtful  (const SimSend *send);

/* sim-plant.c */
void        sim_plant_after_commit (SimWorld      *world);

/* sim-run.c */
char       *sim_run                (guint64        seed,
                                    SimPlant       plant,
                                    const char    *folder,
                                    gboolean       verbose,
                                    gboolean      *planted,
                                    char         **story);

G_END_DECLS
