/* crm-clock.h: the time, and waiting for it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

#define CRM_TYPE_CLOCK (crm_clock_get_type ())

G_DECLARE_DERIVABLE_TYPE (CrmClock, crm_clock, CRM, CLOCK, GObject)

/* The class itself is the system's clock; a simulator overrides all five. */
struct _CrmClockClass
{
  GObjectClass parent_class;

  gint64 (*now)       (CrmClock       *self);
  gint64 (*monotonic) (CrmClock       *self);
  guint  (*call)      (CrmClock       *self,
                       gint64          delay,
                       GSourceFunc     func,
                       gpointer        user_data);
  guint  (*call_when_calm) (CrmClock    *self, /* NULL: as call, at once */
                            GSourceFunc  func,
                            gpointer     user_data);
  void   (*cancel)    (CrmClock       *self,
                       guint           id);
  double (*random)    (CrmClock       *self);
};

CrmClock *crm_clock_new       (void);
gint64    crm_clock_now       (CrmClock    *self);
gint64    crm_clock_monotonic (CrmClock    *self);
guint     crm_clock_call      (CrmClock    *self,
                               gint64       delay,
                               GSourceFunc  func,
                               gpointer     user_data);
guint     crm_clock_call_when_calm (CrmClock    *self,
                                    GSourceFunc  func,
                                    gpointer     user_data);
void      crm_clock_cancel    (CrmClock    *self,
                               guint        id);
double    crm_clock_random    (CrmClock    *self);

G_END_DECLS
