/* test-batch.c: how far the sending of many tasks is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "ui/crm-batch.h"

#include <locale.h>

#define SECOND G_TIME_SPAN_SECOND

static void
assert_words (const CrmBatch *batch,
              gint64          now,
              const char     *wanted)
{
  g_autofree char *words = crm_batch_get_words (batch, now);

  g_assert_cmpstr (words, ==, wanted);
}

static void
test_progress (void)
{
  CrmBatch batch = { 0 };

  crm_batch_update (&batch, 4, 0);
  g_assert_false (crm_batch_is_worth (&batch));
  crm_batch_update (&batch, 340, 0);
  g_assert_true (crm_batch_is_worth (&batch));
  assert_words (&batch, SECOND, "Sending 1 of 340");

  crm_batch_update (&batch, 329, 2 * SECOND);
  assert_words (&batch, 2 * SECOND, "Sending 12 of 340");
  g_assert_cmpfloat_with_epsilon (crm_batch_get_fraction (&batch), 11.0 / 340, 1e-9);
  assert_words (&batch, 11 * SECOND, "Sending 12 of 340 · 6 minutes left");
  crm_batch_update (&batch, 20, 320 * SECOND);
  assert_words (&batch, 320 * SECOND, "Sending 321 of 340 · less than a minute left");

  crm_batch_update (&batch, 0, 340 * SECOND);
  g_assert_false (crm_batch_is_worth (&batch));
}

/* What is added meanwhile makes the batch longer; the next one begins anew. */
static void
test_added (void)
{
  CrmBatch batch = { 0 };

  crm_batch_update (&batch, 10, 0);
  crm_batch_update (&batch, 6, SECOND);
  crm_batch_update (&batch, 8, SECOND);
  assert_words (&batch, SECOND, "Sending 5 of 12");
  crm_batch_update (&batch, 0, 2 * SECOND);
  crm_batch_update (&batch, 5, 3 * SECOND);
  assert_words (&batch, 3 * SECOND, "Sending 1 of 5");
}

int
main (int   argc,
      char *argv[])
{
  setlocale (LC_ALL, "C.UTF-8");
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/batch/progress", test_progress);
  g_test_add_func ("/batch/added", test_added);

  return g_test_run ();
}
