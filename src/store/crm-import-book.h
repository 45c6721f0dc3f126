/* crm-import-book.h: the rows of an import, judged and not written yet, in a file of their own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "model/crm-values.h"

G_BEGIN_DECLS

typedef enum
{
  CRM_IMPORT_NEW,       /* a task that is not here */
  CRM_IMPORT_CHANGED,   /* a task that is here, and some of its fields differ */
  CRM_IMPORT_UNCHANGED, /* a task that is here already */
  CRM_IMPORT_REFUSED,
  CRM_N_IMPORT_VERDICTS
} CrmImportVerdict;

/* Any verdict. */
#define CRM_IMPORT_ALL CRM_N_IMPORT_VERDICTS

typedef struct
{
  gint64           number;   /* the row's, as a spreadsheet counts: the header is 1 */
  CrmImportVerdict verdict;
  gint64           local_id; /* the task here that it is, or was when it was judged; 0: none */
  gint64           crm_id;   /* 0: the row says none */
  CrmValues       *values;   /* what the row says */
  CrmFieldMask     touched;  /* of which fields */
  char            *words;    /* why it is refused, a line a reason; of others what should be known; NULL: nothing */
  GStrv            cells;    /* of a refused row all that it says; else NULL */
  char            *fingerprint; /* equal for equal values; NULL when there is a CRM id */
} CrmImportEntry;

/* Any thread, one at a time: it holds a lock of its own. Its file has no name, and goes with the last reference. */
typedef struct _CrmImportBook CrmImportBook;

const char     *crm_import_verdict_get_nick  (CrmImportVerdict verdict);
const char     *crm_import_verdict_get_words (CrmImportVerdict verdict);

CrmImportEntry *crm_import_entry_new  (gint64                 number);
void            crm_import_entry_free (CrmImportEntry        *self);

CrmImportBook  *crm_import_book_new   (const char            *folder,
                                       GError               **error);
CrmImportBook  *crm_import_book_ref   (CrmImportBook         *self);
void            crm_import_book_unref (CrmImportBook         *self);
gboolean        crm_import_book_add   (CrmImportBook         *self,
                                       const CrmImportEntry  *entry,
                                       GError               **error);
gboolean        crm_import_book_end   (CrmImportBook         *self,
                                       GError               **error);
gint64          crm_import_book_get_n (CrmImportBook         *self,
                                       CrmImportVerdict       verdict);
GPtrArray      *crm_import_book_read  (CrmImportBook         *self,
                                       CrmImportVerdict       verdict,
                                       gint64                 first,
                                       gint64                 n,
                                       GError               **error);

/* For who judges: what was found already for rows before this one. */
gboolean        crm_import_book_forget_claims (CrmImportBook  *self,
                                               GError        **error);
gboolean        crm_import_book_claim         (CrmImportBook  *self,
                                               gint64          local_id,
                                               gboolean       *is_free,
                                               GError        **error);
gboolean        crm_import_book_claim_crm_id  (CrmImportBook  *self,
                                               gint64          crm_id,
                                               gint64         *number,
                                               GError        **error);
gboolean        crm_import_book_get_searched  (CrmImportBook  *self,
                                               const char     *fingerprint,
                                               gint64          searched[2],
                                               GError        **error);
gboolean        crm_import_book_set_searched  (CrmImportBook  *self,
                                               const char     *fingerprint,
                                               const gint64    searched[2],
                                               GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmImportEntry, crm_import_entry_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CrmImportBook, crm_import_book_unref)

G_END_DECLS
