/* sim.c: runs the app through worlds of chance, each made again by its seed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "sim-batch.h"
#include "sim-merge.h"

#include <glib/gstdio.h>
#include <locale.h>

static const char *const plant_names[SIM_N_PLANTS] = {
  [SIM_PLANT_SKIP_LOOK] = "skip-look",   [SIM_PLANT_OLD_REVISION] = "old-revision",
  [SIM_PLANT_REQUEUE_CUT] = "requeue-cut", [SIM_PLANT_LOSE] = "lose",
  [SIM_PLANT_ALL_FIELDS] = "all-fields", [SIM_PLANT_BLAME_ALL] = "blame-all",
  [SIM_PLANT_STALL] = "stall",           [SIM_PLANT_NO_CONFLICT] = "no-conflict",
  [SIM_PLANT_FORGET] = "forget",         [SIM_PLANT_UNWHOLE] = "unwhole",
  [SIM_PLANT_RESEND_BATCH] = "resend-batch", [SIM_PLANT_NAMELESS] = "nameless",
  [SIM_PLANT_BREAK_BATCH] = "break-batch",
};

static GLogWriterOutput
on_log (GLogLevelFlags   level,
        const GLogField *fields,
        gsize            n_fields,
        gpointer         user_data)
{
  /* What the app says of a full disk and of lost answers is what it should say. */
  if ((level & (G_LOG_LEVEL_MESSAGE | G_LOG_LEVEL_INFO | G_LOG_LEVEL_DEBUG)) != 0)
    return G_LOG_WRITER_HANDLED;

  return g_log_writer_default (level, fields, n_fields, user_data);
}

static char *
make_folder (void)
{
  g_autofree char *template = NULL;

  /* In memory where that can be: what is tried here is the order of things, not the disk. */
  if (g_access ("/dev/shm", W_OK) == 0)
    {
      template = g_strdup ("/dev/shm/crm-sim-XXXXXX");
      if (g_mkdtemp (template) != NULL)
        return g_steal_pointer (&template);
    }

  return g_dir_make_tmp ("crm-sim-XXXXXX", NULL);
}

/* One world in so many is run twice, to see that its seed makes it again. */
#define REPLAYED 50

typedef char *(*Run) (guint64     seed,
                      SimPlant    plant,
                      const char *folder,
                      gboolean    verbose,
                      gboolean   *planted,
                      char      **story);

static char *
run_world (Run         run,
           guint64     seed,
           const char *folder,
           gboolean    verbose)
{
  g_autofree char *story = NULL;
  g_autofree char *again = NULL;
  g_autofree char *failure_again = NULL;
  g_autofree char *failure = run (seed, SIM_PLANT_NONE, folder, verbose, NULL, &story);

  if (seed % REPLAYED != 0 || failure != NULL)
    return g_steal_pointer (&failure);

  failure_again = run (seed, SIM_PLANT_NONE, folder, FALSE, NULL, &again);

  return g_str_equal (story, again) ? NULL : g_strdup ("The same seed has made another world");
}

static gboolean
run_worlds (Run         run,
            guint64     first,
            guint       n,
            const char *folder,
            gboolean    verbose)
{
  gint64 begun = g_get_monotonic_time ();
  guint failed = 0;

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *failure = run_world (run, first + i, folder, verbose);

      if (failure == NULL)
        continue;
      failed++;
      g_print ("# world %" G_GUINT64_FORMAT ": %s\n", first + i, failure);
    }

  g_print ("# %u worlds in %.1f s, %u failed\n", n, (g_get_monotonic_time () - begun) / 1e6, failed);
  g_print ("%s 1 - worlds %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT " keep the promises\n1..1\n",
           failed == 0 ? "ok" : "not ok", first, first + n - 1);

  return failed == 0;
}

/* Every world in which the fault acts, and one in two of them at least fails, where the same world without it doesn't. */
static gboolean
run_plant (Run         run,
           SimPlant    plant,
           guint64     first,
           guint       n,
           const char *folder,
           gboolean    verbose)
{
  guint acted = 0, found = 0;
  gboolean ok;

  for (guint i = 0; i < n; i++)
    {
      gboolean planted = FALSE;
      g_autofree char *failure = run (first + i, plant, folder, verbose, &planted, NULL);

      acted += planted;
      if (failure == NULL || !planted)
        continue;
      if (found++ == 0)
        g_print ("# for one: world %" G_GUINT64_FORMAT ": %s\n", first + i, failure);
    }

  ok = acted > 0 && 2 * found >= acted;
  g_print ("# %s acted in %u of %u worlds, and was found in %u\n", plant_names[plant], acted, n, found);
  g_print ("%s 1 - the judge finds %s\n1..1\n", ok ? "ok" : "not ok", plant_names[plant]);

  return ok;
}

int
main (int   argc,
      char *argv[])
{
  int worlds = 0;
  gint64 seed = 1;
  gboolean verbose = FALSE, ok = FALSE, has_seed = FALSE, merge = FALSE, batches = FALSE;
  Run run;
  g_autofree char *plant_name = NULL;
  g_autofree char *folder = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  SimPlant plant = SIM_PLANT_NONE;
  const GOptionEntry entries[] = {
    { "worlds", 'n', 0, G_OPTION_ARG_INT, &worlds, "How many worlds (with --seed: 1; else 1000)", "N" },
    { "seed", 's', 0, G_OPTION_ARG_INT64, &seed, "The first world", "S" },
    { "plant", 'p', 0, G_OPTION_ARG_STRING, &plant_name, "A fault that the judge must find", "NAME" },
    { "merge", 'm', 0, G_OPTION_ARG_NONE, &merge, "Worlds with a second person, who edits on the CRM", NULL },
    { "batches", 'b', 0, G_OPTION_ARG_NONE, &batches, "Worlds in which adds go in batches", NULL },
    { "verbose", 'v', 0, G_OPTION_ARG_NONE, &verbose, "Tell what happens", NULL },
    { NULL },
  };

  setlocale (LC_ALL, "C.UTF-8");
  g_setenv ("GIO_USE_NETWORK_MONITOR", "base", TRUE);
  g_setenv ("GIO_USE_VFS", "local", TRUE);
  g_setenv ("GSETTINGS_BACKEND", "memory", TRUE);
  for (int i = 1; i < argc; i++)
    has_seed = has_seed || g_str_has_prefix (argv[i], "-s") || g_str_has_prefix (argv[i], "--seed");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return 2;
    }
  for (guint i = 1; plant_name != NULL && i < SIM_N_PLANTS; i++)
    if (g_str_equal (plant_names[i], plant_name))
      plant = i;
  if (plant_name != NULL && plant == SIM_PLANT_NONE)
    {
      g_printerr ("There is no fault called %s\n", plant_name);
      return 2;
    }
  if (worlds == 0)
    worlds = has_seed ? 1 : 1000;

  g_log_set_writer_func (on_log, NULL, NULL);
  /* Held throughout: no other thread may run what is meant for this one between two iterations. */
  g_main_context_acquire (NULL);
  folder = make_folder ();
  run = merge ? sim_merge_run : sim_run;
  sim_batches_set_on (batches);
  if (plant != SIM_PLANT_NONE)
    ok = run_plant (run, plant, seed, worlds, folder, verbose);
  else
    ok = run_worlds (run, seed, worlds, folder, verbose);
  g_rmdir (folder);

  return ok ? 0 : 1;
}
