/* crm-batch.c: how far the sending of many tasks is
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-batch.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Fewer are sent before one has read of them. */
#define FEWEST 5

/* Before so long has passed no time left is told: it would jump about. */
#define FIRST_GUESS (3 * G_TIME_SPAN_SECOND)

/**
 * crm_batch_update:
 * @self: a batch
 * @waiting: how many tasks wait or are being sent
 * @now: microseconds of a clock that doesn't jump
 *
 * A batch begins when something waits and ends when nothing does; what is added meanwhile makes it longer.
 */
void
crm_batch_update (CrmBatch *self,
                  gint64    waiting,
                  gint64    now)
{
  g_return_if_fail (self != NULL);

  if (waiting == 0 || self->total == 0)
    {
      *self = (CrmBatch) { .total = waiting, .waiting = waiting, .begun = now };
      return;
    }

  if (waiting > self->waiting)
    self->total += waiting - self->waiting;
  self->waiting = waiting;
}

/**
 * crm_batch_is_worth:
 * @self: a batch
 *
 * Returns: whether there are so many that their progress is worth showing
 */
gboolean
crm_batch_is_worth (const CrmBatch *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  return self->total >= FEWEST && self->waiting > 0;
}

/**
 * crm_batch_get_fraction:
 * @self: a batch
 *
 * Returns: how much of it is done, from 0 to 1
 */
double
crm_batch_get_fraction (const CrmBatch *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return self->total > 0 ? (double) (self->total - self->waiting) / self->total : 0;
}

/**
 * crm_batch_get_words:
 * @self: a batch worth showing
 * @now: microseconds of the same clock
 *
 * Returns: (transfer full): how far it is, and how long it still takes when that can be told
 */
char *
crm_batch_get_words (const CrmBatch *self,
                     gint64          now)
{
  gint64 done = self->total - self->waiting;
  gint64 passed = now - self->begun;
  g_autofree char *words = NULL;
  gulong left;

  g_return_val_if_fail (self != NULL, NULL);

  words = g_strdup_printf (_("Sending %'" PRId64 " of %'" PRId64), MIN (done + 1, self->total), self->total);
  if (passed < FIRST_GUESS || done == 0)
    return g_steal_pointer (&words);

  left = (gulong) ((double) passed / done * self->waiting / G_TIME_SPAN_SECOND);
  if (left < 60)
    /* Translators: “Sending 12 of 3,400 · less than a minute left” */
    return g_strdup_printf (_("%s · less than a minute left"), words);

  left = (left + 59) / 60;
  return g_strdup_printf (ngettext ("%s · %lu minute left", "%s · %lu minutes left", left), words, left);
}
