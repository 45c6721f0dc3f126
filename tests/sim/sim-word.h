/* sim-word.h: one thing that a person says to the store
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "sim.h"

G_BEGIN_DECLS

typedef enum
{
  SIM_WORD_ADD,
  SIM_WORD_EDIT,
  SIM_WORD_APPLY,
  SIM_WORD_SETTLE,
  SIM_WORD_UNDO,
} SimWordKind;

struct _SimWord
{
  SimWorld     *world;
  SimApp       *app;
  SimWordKind   kind;
  SimIntent    *intent;        /* NULL for an add until it is committed */
  CrmValues    *values;
  CrmFieldMask  touched;
  CrmEditMode   mode;
  CrmAction     action;
  gint64        crm_id;
  gboolean      draft;
  guint         family;
  CrmUndo      *undo;
  gboolean      is_untruthful;
  SimRow        before;
};

SimWord *sim_word_new (SimWorld    *world,
                       SimApp      *app,
                       SimWordKind  kind,
                       SimIntent   *intent);
void     sim_word_say (SimWord     *word);

G_END_DECLS
