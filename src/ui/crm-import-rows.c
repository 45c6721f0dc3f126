/* crm-import-rows.c: the rows of an import as a list model that reads only what is looked at
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "ui/crm-import-rows.h"

#include "ui/crm-import-line.h"

/* Rows read at a time, and so many of these pages are kept: more than GTK has widgets for. */
#define PAGE 64
#define MOST_PAGES 8

struct _CrmImportRows
{
  GObject           parent_instance;

  CrmImportPlan    *plan;
  CrmImportVerdict  verdict;
  guint             n;
  GHashTable       *pages; /* number → GPtrArray of CrmImportEntry */
};

static void crm_import_rows_iface_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (CrmImportRows, crm_import_rows, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, crm_import_rows_iface_init))

static GPtrArray *
get_page (CrmImportRows *self,
          guint          number)
{
  GPtrArray *page = g_hash_table_lookup (self->pages, GUINT_TO_POINTER (number));
  g_autoptr (GError) error = NULL;

  if (page != NULL)
    return page;

  page = crm_import_plan_read_rows (self->plan, self->verdict, (gint64) number * PAGE, PAGE, &error);
  if (page == NULL)
    {
      g_warning ("Rows of an import can’t be read: %s", error->message);
      return NULL;
    }

  if (g_hash_table_size (self->pages) >= MOST_PAGES)
    g_hash_table_remove_all (self->pages);
  g_hash_table_insert (self->pages, GUINT_TO_POINTER (number), page);

  return page;
}

static GType
crm_import_rows_get_item_type (GListModel *model)
{
  return CRM_TYPE_IMPORT_LINE;
}

static guint
crm_import_rows_get_n_items (GListModel *model)
{
  return CRM_IMPORT_ROWS (model)->n;
}

static gpointer
crm_import_rows_get_item (GListModel *model,
                          guint       position)
{
  CrmImportRows *self = CRM_IMPORT_ROWS (model);
  GPtrArray *page;

  if (position >= self->n)
    return NULL;

  page = get_page (self, position / PAGE);
  return crm_import_line_new (page != NULL && position % PAGE < page->len ? page->pdata[position % PAGE] : NULL);
}

static void
crm_import_rows_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = crm_import_rows_get_item_type;
  iface->get_n_items = crm_import_rows_get_n_items;
  iface->get_item = crm_import_rows_get_item;
}

static void
crm_import_rows_finalize (GObject *object)
{
  CrmImportRows *self = CRM_IMPORT_ROWS (object);

  g_clear_object (&self->plan);
  g_hash_table_unref (self->pages);

  G_OBJECT_CLASS (crm_import_rows_parent_class)->finalize (object);
}

static void
crm_import_rows_class_init (CrmImportRowsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = crm_import_rows_finalize;
}

static void
crm_import_rows_init (CrmImportRows *self)
{
  self->pages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
}

/**
 * crm_import_rows_new:
 *
 * Returns: (transfer full): a model without rows
 */
CrmImportRows *
crm_import_rows_new (void)
{
  return g_object_new (CRM_TYPE_IMPORT_ROWS, NULL);
}

/**
 * crm_import_rows_show:
 * @self: a model
 * @plan: a plan that was read
 * @verdict: of which rows; %CRM_IMPORT_ALL: of all
 *
 * Shows these rows instead, in the order of the file: the same model, so that the widgets of the others are used again.
 */
void
crm_import_rows_show (CrmImportRows    *self,
                      CrmImportPlan    *plan,
                      CrmImportVerdict  verdict)
{
  guint n_before;

  g_return_if_fail (CRM_IS_IMPORT_ROWS (self));
  g_return_if_fail (CRM_IS_IMPORT_PLAN (plan));

  n_before = self->n;
  g_set_object (&self->plan, plan);
  self->verdict = verdict;
  self->n = (guint) MIN (crm_import_plan_get_n (plan, verdict), G_MAXUINT - 1);
  g_hash_table_remove_all (self->pages);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, self->n);
}
