/* crm-id-set.c: a set of local ids
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "store/crm-id-set.h"

#include <string.h>

#define WORDS_IN_A_PAGE 512
#define PAGE_SHIFT 15

/* Local ids count up from 1, so that nearly all are near. */
#define NEAR_PAGES 4096

typedef struct
{
  guint64 words[WORDS_IN_A_PAGE];
} Page;

struct _CrmIdSet
{
  Page       *near[NEAR_PAGES];
  GHashTable *far; /* gint64: the page's number → Page */
  gsize       size;
};

G_STATIC_ASSERT (1 << PAGE_SHIFT == WORDS_IN_A_PAGE * 64);

static Page *
get_page (const CrmIdSet *self,
          gint64          number)
{
  return number >= 0 && number < NEAR_PAGES ? self->near[number] : g_hash_table_lookup (self->far, &number);
}

static Page *
ensure_page (CrmIdSet *self,
             gint64    number)
{
  Page *page = get_page (self, number);

  if (page != NULL)
    return page;

  page = g_new0 (Page, 1);
  if (number >= 0 && number < NEAR_PAGES)
    self->near[number] = page;
  else
    g_hash_table_insert (self->far, g_memdup2 (&number, sizeof number), page);

  return page;
}

static int
compare_numbers (gconstpointer a,
                 gconstpointer b)
{
  gint64 one = *(const gint64 *) a;
  gint64 other = *(const gint64 *) b;

  return one < other ? -1 : one > other;
}

/* The numbers of the pages that are there, ascending. */
static GArray *
list_pages (const CrmIdSet *self)
{
  GArray *numbers = g_array_new (FALSE, FALSE, sizeof (gint64));
  GHashTableIter iter;
  gpointer key;

  for (gint64 i = 0; i < NEAR_PAGES; i++)
    if (self->near[i] != NULL)
      g_array_append_val (numbers, i);

  g_hash_table_iter_init (&iter, self->far);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_array_append_vals (numbers, key, 1);
  if (g_hash_table_size (self->far) > 0)
    g_array_sort (numbers, compare_numbers);

  return numbers;
}

static guint
count_bits (guint64 word)
{
  return (guint) __builtin_popcountll (word);
}

/**
 * crm_id_set_new:
 *
 * Returns: (transfer full): an empty set
 */
CrmIdSet *
crm_id_set_new (void)
{
  CrmIdSet *self = g_new0 (CrmIdSet, 1);

  self->far = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, g_free);

  return self;
}

/**
 * crm_id_set_free:
 * @self: (transfer full) (nullable): a set
 */
void
crm_id_set_free (CrmIdSet *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < NEAR_PAGES; i++)
    g_free (self->near[i]);
  g_hash_table_unref (self->far);
  g_free (self);
}

/**
 * crm_id_set_add:
 * @self: a set
 * @id: any number
 *
 * Returns: whether it was not in it before
 */
gboolean
crm_id_set_add (CrmIdSet *self,
                gint64    id)
{
  Page *page = ensure_page (self, id >> PAGE_SHIFT);
  guint64 *word = &page->words[(id >> 6) & (WORDS_IN_A_PAGE - 1)];
  guint64 bit = G_GUINT64_CONSTANT (1) << (id & 63);

  if ((*word & bit) != 0)
    return FALSE;

  *word |= bit;
  self->size++;
  return TRUE;
}

/**
 * crm_id_set_contains:
 * @self: a set
 * @id: any number
 *
 * Returns: whether it is in it
 */
gboolean
crm_id_set_contains (const CrmIdSet *self,
                     gint64          id)
{
  const Page *page = get_page (self, id >> PAGE_SHIFT);

  return page != NULL && (page->words[(id >> 6) & (WORDS_IN_A_PAGE - 1)] >> (id & 63) & 1) != 0;
}

/**
 * crm_id_set_get_size:
 * @self: a set
 *
 * Returns: how many ids are in it
 */
gsize
crm_id_set_get_size (const CrmIdSet *self)
{
  return self->size;
}

/**
 * crm_id_set_unite:
 * @self: a set
 * @other: another; what is in it is in @self as well from now on
 */
void
crm_id_set_unite (CrmIdSet       *self,
                  const CrmIdSet *other)
{
  g_autoptr (GArray) numbers = list_pages (other);

  for (guint i = 0; i < numbers->len; i++)
    {
      gint64 number = g_array_index (numbers, gint64, i);
      const Page *from = get_page (other, number);
      Page *page = ensure_page (self, number);

      for (guint j = 0; j < WORDS_IN_A_PAGE; j++)
        {
          self->size += count_bits (from->words[j] & ~page->words[j]);
          page->words[j] |= from->words[j];
        }
    }
}

static void
keep (CrmIdSet       *self,
      const CrmIdSet *other,
      gboolean        what_is_in_other)
{
  static const Page empty;
  g_autoptr (GArray) numbers = list_pages (self);

  for (guint i = 0; i < numbers->len; i++)
    {
      gint64 number = g_array_index (numbers, gint64, i);
      const Page *mask = get_page (other, number);
      Page *page = get_page (self, number);

      if (mask == NULL)
        mask = &empty;
      for (guint j = 0; j < WORDS_IN_A_PAGE; j++)
        {
          guint64 kept = page->words[j] & (what_is_in_other ? mask->words[j] : ~mask->words[j]);

          self->size -= count_bits (page->words[j] ^ kept);
          page->words[j] = kept;
        }
    }
}

/**
 * crm_id_set_intersect:
 * @self: a set
 * @other: another; what is not in it is not in @self either from now on
 */
void
crm_id_set_intersect (CrmIdSet       *self,
                      const CrmIdSet *other)
{
  keep (self, other, TRUE);
}

/**
 * crm_id_set_subtract:
 * @self: a set
 * @other: another; what is in it is not in @self from now on
 */
void
crm_id_set_subtract (CrmIdSet       *self,
                     const CrmIdSet *other)
{
  keep (self, other, FALSE);
}

/**
 * crm_id_set_list:
 * @self: a set
 * @ids: (element-type gint64): its ids are appended to this, ascending
 */
void
crm_id_set_list (const CrmIdSet *self,
                 GArray         *ids)
{
  g_autoptr (GArray) numbers = list_pages (self);

  for (guint i = 0; i < numbers->len; i++)
    {
      gint64 number = g_array_index (numbers, gint64, i);
      const Page *page = get_page (self, number);

      for (guint j = 0; j < WORDS_IN_A_PAGE; j++)
        for (guint64 word = page->words[j]; word != 0; word &= word - 1)
          {
            gint64 id = number * (1 << PAGE_SHIFT) + j * 64 + __builtin_ctzll (word);

            g_array_append_val (ids, id);
          }
    }
}
