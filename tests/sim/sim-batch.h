/* sim-batch.h: batches, as the model of the CRM does them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_ECHO_PARAMS, /* a result repeats what it answers */
  SIM_ECHO_TEXT,
  SIM_ECHO_JOB,
  SIM_ECHO_NONE,
  SIM_N_ECHOES
} SimEcho;

struct _SimBatches
{
  guint      least;   /* adds that make a batch */
  GPtrArray *all;     /* of SimBatch */
  guint      refuses; /* percent of the requests for one; 100: there is no such call */
  guint      sticks;  /* percent of the batches that go on only when all is well */
  gint64     before;  /* microseconds until a batch begins, at most */
  gint64     each;    /* microseconds that a job takes, at most */
  SimEcho    echo;
};

void      sim_batches_set_on     (gboolean    on);
void      sim_batches_begin      (SimWorld   *world);
void      sim_batches_free       (SimWorld   *world);
void      sim_batches_start_app  (SimApp     *app);
void      sim_batches_narrow     (SimApp     *app);
gboolean  sim_batch_is_run       (SimRequest *request);
gboolean  sim_batch_is_call      (SimRequest *request);
void      sim_batch_receive      (SimRequest *request);
void      sim_batch_expect       (SimRequest *request,
                                  gint64      when);
void      sim_batch_answer       (SimRequest *request);
void      sim_batch_forsake      (SimRequest *request);
void      sim_batch_delivered    (SimRequest *request);

G_END_DECLS
