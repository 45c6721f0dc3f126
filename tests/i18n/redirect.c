/* redirect.c: loaded before a program, has it look for its translations in a folder of the test's
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <dlfcn.h>
#include <libintl.h>
#include <stdlib.h>
#include <string.h>

char *
bindtextdomain (const char *domain,
                const char *folder)
{
  char *(*real) (const char *, const char *) = (char *(*) (const char *, const char *)) dlsym (RTLD_NEXT, "bindtextdomain");

  return real (domain, strcmp (domain, "crm-tasks") == 0 ? getenv ("CRM_TASKS_PSEUDO_LOCALES") : folder);
}
