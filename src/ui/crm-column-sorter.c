/* crm-column-sorter.c: a sorter that never sorts, and so tells which column was clicked
 *
 * The database sorts. GtkColumnView only sorts by what its columns' sorters say, and GTK 4.8 has no other way to
 * ask it which column that is and in which direction: so its sorter is asked to compare two objects, and the
 * column that is asked in turn is the one.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-column-sorter.h"

struct _CrmColumnSorter
{
  GtkSorter  parent_instance;

  char      *key;
  gboolean   asked;
};

enum
{
  PROP_0,
  PROP_KEY,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (CrmColumnSorter, crm_column_sorter, GTK_TYPE_SORTER)

static GtkOrdering
crm_column_sorter_compare (GtkSorter *sorter,
                           gpointer   item1,
                           gpointer   item2)
{
  CRM_COLUMN_SORTER (sorter)->asked = TRUE;

  return GTK_ORDERING_SMALLER;
}

static GtkSorterOrder
crm_column_sorter_get_order (GtkSorter *sorter)
{
  return GTK_SORTER_ORDER_TOTAL;
}

static void
crm_column_sorter_finalize (GObject *object)
{
  g_free (CRM_COLUMN_SORTER (object)->key);

  G_OBJECT_CLASS (crm_column_sorter_parent_class)->finalize (object);
}

static void
crm_column_sorter_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  switch (prop_id)
    {
    case PROP_KEY:
      g_value_set_string (value, CRM_COLUMN_SORTER (object)->key);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_column_sorter_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  switch (prop_id)
    {
    case PROP_KEY:
      CRM_COLUMN_SORTER (object)->key = g_value_dup_string (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
crm_column_sorter_class_init (CrmColumnSorterClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkSorterClass *sorter_class = GTK_SORTER_CLASS (klass);

  object_class->finalize = crm_column_sorter_finalize;
  object_class->get_property = crm_column_sorter_get_property;
  object_class->set_property = crm_column_sorter_set_property;
  sorter_class->compare = crm_column_sorter_compare;
  sorter_class->get_order = crm_column_sorter_get_order;

  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL,
                                              G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
crm_column_sorter_init (CrmColumnSorter *self)
{
}

/**
 * crm_column_sorter_get_key:
 * @self: a sorter
 *
 * Returns: (transfer none): what the column is sorted by, as crm_task_query_parse_sort() knows it
 */
const char *
crm_column_sorter_get_key (CrmColumnSorter *self)
{
  g_return_val_if_fail (CRM_IS_COLUMN_SORTER (self), NULL);

  return self->key;
}

/**
 * crm_column_sorter_take_asked:
 * @self: a sorter
 *
 * Returns: whether it was asked to compare since this function was last called
 */
gboolean
crm_column_sorter_take_asked (CrmColumnSorter *self)
{
  gboolean asked;

  g_return_val_if_fail (CRM_IS_COLUMN_SORTER (self), FALSE);

  asked = self->asked;
  self->asked = FALSE;

  return asked;
}
