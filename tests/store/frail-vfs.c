/* frail-vfs.c: a SQLite VFS that remembers what was written and what of it was synced
 *
 * Every write, truncation, sync and deletion under the recorded folder is kept in order. The disk after a power loss at any
 * instant is made from that: what was synced, any part of what was not, and one of those writes torn.
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "frail-vfs.h"

#include <sqlite3.h>
#include <string.h>

/* What a disk writes as a whole. */
#define SECTOR 512

typedef enum
{
  STEP_WRITE,
  STEP_TRUNCATE,
  STEP_SYNC,
  STEP_DELETE,
} StepKind;

typedef struct
{
  StepKind  kind;
  char     *name;
  gint64    offset; /* of a truncation: the size */
  GBytes   *data;
} Step;

typedef struct
{
  sqlite3_file  base;
  char         *name; /* NULL: not recorded */
  sqlite3_file *real;
} File;

static sqlite3_vfs frail;
static sqlite3_vfs *real;
static GMutex mutex;
static char *recorded;    /* the folder */
static GPtrArray *steps;  /* of Step */
static FrailTrouble trouble;

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->name);
  g_clear_pointer (&step->data, g_bytes_unref);
  g_free (step);
}

static void
note (StepKind    kind,
      const char *name,
      gint64      offset,
      const void *data,
      gsize       size)
{
  Step *step;

  if (name == NULL)
    return;

  step = g_new0 (Step, 1);
  step->kind = kind;
  step->name = g_strdup (name);
  step->offset = offset;
  if (data != NULL)
    step->data = g_bytes_new (data, size);

  g_mutex_lock (&mutex);
  g_ptr_array_add (steps, step);
  g_mutex_unlock (&mutex);
}

static sqlite3_file *
get_real (sqlite3_file *file)
{
  return ((File *) file)->real;
}

static int
frail_close (sqlite3_file *file)
{
  File *self = (File *) file;
  int result = self->real->pMethods != NULL ? self->real->pMethods->xClose (self->real) : SQLITE_OK;

  g_clear_pointer (&self->name, g_free);
  return result;
}

static int
frail_read (sqlite3_file *file,
            void         *data,
            int           size,
            sqlite3_int64 offset)
{
  return get_real (file)->pMethods->xRead (get_real (file), data, size, offset);
}

static int
frail_write (sqlite3_file *file,
             const void   *data,
             int           size,
             sqlite3_int64 offset)
{
  FrailTrouble now = (FrailTrouble) g_atomic_int_get ((gint *) &trouble);
  int result;

  if (now == FRAIL_FULL)
    return SQLITE_FULL;
  if (now == FRAIL_READ_ONLY)
    return SQLITE_READONLY;

  result = get_real (file)->pMethods->xWrite (get_real (file), data, size, offset);
  if (result == SQLITE_OK)
    note (STEP_WRITE, ((File *) file)->name, offset, data, size);
  return result;
}

static int
frail_truncate (sqlite3_file *file,
                sqlite3_int64 size)
{
  int result = get_real (file)->pMethods->xTruncate (get_real (file), size);

  if (result == SQLITE_OK)
    note (STEP_TRUNCATE, ((File *) file)->name, size, NULL, 0);
  return result;
}

static int
frail_sync (sqlite3_file *file,
            int           flags)
{
  int result = get_real (file)->pMethods->xSync (get_real (file), flags);

  if (result == SQLITE_OK)
    note (STEP_SYNC, ((File *) file)->name, 0, NULL, 0);
  return result;
}

static int
frail_file_size (sqlite3_file  *file,
                 sqlite3_int64 *size)
{
  return get_real (file)->pMethods->xFileSize (get_real (file), size);
}

static int
frail_lock (sqlite3_file *file,
            int           level)
{
  return get_real (file)->pMethods->xLock (get_real (file), level);
}

static int
frail_unlock (sqlite3_file *file,
              int           level)
{
  return get_real (file)->pMethods->xUnlock (get_real (file), level);
}

static int
frail_check_reserved_lock (sqlite3_file *file,
                           int          *is_reserved)
{
  return get_real (file)->pMethods->xCheckReservedLock (get_real (file), is_reserved);
}

static int
frail_file_control (sqlite3_file *file,
                    int           op,
                    void         *arg)
{
  return get_real (file)->pMethods->xFileControl (get_real (file), op, arg);
}

static int
frail_sector_size (sqlite3_file *file)
{
  return get_real (file)->pMethods->xSectorSize (get_real (file));
}

static int
frail_device_characteristics (sqlite3_file *file)
{
  return get_real (file)->pMethods->xDeviceCharacteristics (get_real (file));
}

static int
frail_shm_map (sqlite3_file   *file,
               int             page,
               int             size,
               int             extend,
               void volatile **data)
{
  return get_real (file)->pMethods->xShmMap (get_real (file), page, size, extend, data);
}

static int
frail_shm_lock (sqlite3_file *file,
                int           offset,
                int           n,
                int           flags)
{
  gboolean takes_exclusive = (flags & SQLITE_SHM_LOCK) != 0 && (flags & SQLITE_SHM_EXCLUSIVE) != 0;

  if (takes_exclusive && g_atomic_int_get ((gint *) &trouble) == FRAIL_BUSY)
    return SQLITE_BUSY;

  return get_real (file)->pMethods->xShmLock (get_real (file), offset, n, flags);
}

static void
frail_shm_barrier (sqlite3_file *file)
{
  get_real (file)->pMethods->xShmBarrier (get_real (file));
}

static int
frail_shm_unmap (sqlite3_file *file,
                 int           remove)
{
  return get_real (file)->pMethods->xShmUnmap (get_real (file), remove);
}

/* Version 2: no memory-mapped reads and writes, which nobody would see. */
static const sqlite3_io_methods methods = {
  .iVersion = 2,
  .xClose = frail_close,
  .xRead = frail_read,
  .xWrite = frail_write,
  .xTruncate = frail_truncate,
  .xSync = frail_sync,
  .xFileSize = frail_file_size,
  .xLock = frail_lock,
  .xUnlock = frail_unlock,
  .xCheckReservedLock = frail_check_reserved_lock,
  .xFileControl = frail_file_control,
  .xSectorSize = frail_sector_size,
  .xDeviceCharacteristics = frail_device_characteristics,
  .xShmMap = frail_shm_map,
  .xShmLock = frail_shm_lock,
  .xShmBarrier = frail_shm_barrier,
  .xShmUnmap = frail_shm_unmap,
};

static char *
get_name (const char *path)
{
  g_autofree char *folder = path != NULL ? g_path_get_dirname (path) : NULL;
  gboolean is_recorded;

  g_mutex_lock (&mutex);
  is_recorded = folder != NULL && g_strcmp0 (folder, recorded) == 0;
  g_mutex_unlock (&mutex);

  return is_recorded ? g_path_get_basename (path) : NULL;
}

static int
frail_open (sqlite3_vfs  *vfs,
            const char   *path,
            sqlite3_file *file,
            int           flags,
            int          *out_flags)
{
  File *self = (File *) file;
  int result;

  self->base.pMethods = NULL;
  self->real = (sqlite3_file *) (self + 1);
  self->name = NULL;
  result = real->xOpen (real, path, self->real, flags, out_flags);
  if (self->real->pMethods == NULL)
    return result;

  self->base.pMethods = &methods;
  if ((flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_WAL | SQLITE_OPEN_MAIN_JOURNAL)) != 0)
    self->name = get_name (path);

  return result;
}

static int
frail_delete (sqlite3_vfs *vfs,
              const char  *path,
              int          sync_folder)
{
  g_autofree char *name = get_name (path);
  int result = real->xDelete (real, path, sync_folder);

  if (result == SQLITE_OK)
    note (STEP_DELETE, name, 0, NULL, 0);
  return result;
}

/* Makes it the VFS of every connection opened from now on. */
void
frail_vfs_install (void)
{
  if (real != NULL)
    return;

  real = sqlite3_vfs_find (NULL);
  frail = *real;
  frail.zName = "frail";
  frail.pNext = NULL;
  frail.szOsFile = sizeof (File) + real->szOsFile;
  frail.xOpen = frail_open;
  frail.xDelete = frail_delete;
  steps = g_ptr_array_new_with_free_func (step_free);
  g_assert_cmpint (sqlite3_vfs_register (&frail, 1), ==, SQLITE_OK);
}

/* Begins anew, with the files in @folder, which are not there yet; NULL ends it and keeps what was recorded. */
void
frail_vfs_record (const char *folder)
{
  g_mutex_lock (&mutex);
  g_free (recorded);
  recorded = g_strdup (folder);
  if (folder != NULL)
    g_ptr_array_set_size (steps, 0);
  g_mutex_unlock (&mutex);
}

/* The instant that is now. */
guint
frail_vfs_get_length (void)
{
  guint n;

  g_mutex_lock (&mutex);
  n = steps->len;
  g_mutex_unlock (&mutex);

  return n;
}

guint
frail_vfs_get_n_syncs (void)
{
  guint n = 0;

  g_mutex_lock (&mutex);
  for (guint i = 0; i < steps->len; i++)
    n += ((Step *) steps->pdata[i])->kind == STEP_SYNC;
  g_mutex_unlock (&mutex);

  return n;
}

static void
apply (GByteArray *file,
       const Step *step,
       gsize       most)
{
  gsize size;
  const guint8 *data;

  if (step->kind == STEP_TRUNCATE)
    {
      g_byte_array_set_size (file, MIN ((gint64) file->len, step->offset));
      return;
    }

  data = g_bytes_get_data (step->data, &size);
  size = MIN (size, most);
  if (size == 0)
    return;
  if (file->len < step->offset + size)
    {
      guint before = file->len;

      g_byte_array_set_size (file, step->offset + size);
      memset (file->data + before, 0, file->len - before);
    }
  memcpy (file->data + step->offset, data, size);
}

typedef struct
{
  GByteArray *synced;
  GPtrArray  *pending; /* of Step, not owned */
} Image;

static void
image_free (gpointer data)
{
  Image *image = data;

  g_byte_array_unref (image->synced);
  g_ptr_array_unref (image->pending);
  g_free (image);
}

static void
flush (Image *image)
{
  for (guint i = 0; i < image->pending->len; i++)
    apply (image->synced, image->pending->pdata[i], G_MAXSIZE);
  g_ptr_array_set_size (image->pending, 0);
}

/* Each write that wasn't synced is there or isn't; one of them in part. */
static void
keep_some (Image *image,
           GRand *rand)
{
  guint torn = image->pending->len > 0 ? g_rand_int_range (rand, 0, image->pending->len) : 0;
  gboolean in_order = g_rand_boolean (rand);

  for (guint i = 0; i < image->pending->len; i++)
    {
      const Step *step = image->pending->pdata[i];

      if (i == torn && step->kind == STEP_WRITE)
        apply (image->synced, step, g_rand_int_range (rand, 0, 1 + g_bytes_get_size (step->data) / SECTOR) * SECTOR);
      else if (in_order ? i < torn : g_rand_boolean (rand))
        apply (image->synced, step, G_MAXSIZE);
    }
  g_ptr_array_set_size (image->pending, 0);
}

/* Writes to @folder what is left when the power goes after @instant steps. A disk that @lies has only said that it syncs. */
void
frail_vfs_lose (guint       instant,
                gboolean    lies,
                GRand      *rand,
                const char *folder)
{
  g_autoptr (GHashTable) images = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, image_free);
  GHashTableIter iter;
  gpointer key, value;

  g_assert_cmpuint (instant, <=, steps->len);
  for (guint i = 0; i < instant; i++)
    {
      Step *step = steps->pdata[i];
      Image *image = g_hash_table_lookup (images, step->name);

      if (image == NULL)
        {
          image = g_new0 (Image, 1);
          image->synced = g_byte_array_new ();
          image->pending = g_ptr_array_new ();
          g_hash_table_insert (images, step->name, image);
        }

      if (step->kind == STEP_DELETE)
        g_hash_table_remove (images, step->name);
      else if (step->kind != STEP_SYNC)
        g_ptr_array_add (image->pending, step);
      else if (!lies)
        flush (image);
    }

  g_hash_table_iter_init (&iter, images);
  while (g_hash_table_iter_next (&iter, &key, &value))
    {
      Image *image = value;
      g_autofree char *path = g_build_filename (folder, key, NULL);
      g_autoptr (GError) error = NULL;

      keep_some (image, rand);
      g_file_set_contents_full (path, (const char *) image->synced->data, image->synced->len, G_FILE_SET_CONTENTS_NONE, 0600,
                                &error);
      g_assert_no_error (error);
    }
}

/* From now on, for every connection. */
void
frail_vfs_set_trouble (FrailTrouble what)
{
  g_atomic_int_set ((gint *) &trouble, what);
}
