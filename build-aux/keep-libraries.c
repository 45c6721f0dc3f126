/* keep-libraries.c: a dlclose() that closes nothing, for leak reports that can name what leaked
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

int dlclose (void *handle);

int
dlclose (void *handle)
{
  (void) handle;
  return 0;
}
