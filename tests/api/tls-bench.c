/* tls-bench.c: authorities and certificates, made for one test
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "config.h"

#include "tls-bench.h"

#include <glib/gstdio.h>

/* What `openssl ca` wants to know; only it can make a certificate that has expired already. */
static const char settings[] =
    "[req]\nprompt = no\ndistinguished_name = dn\n[dn]\nCN = unused\n"
    "[ca]\ndefault_ca = any\n"
    "[any]\ndatabase = index.txt\nnew_certs_dir = .\nrand_serial = yes\nunique_subject = no\ndefault_md = sha256\n"
    "policy = policy\n"
    "[policy]\ncommonName = supplied\n"
    "[authority]\nbasicConstraints = critical, CA:true\nkeyUsage = critical, keyCertSign\n"
    "subjectKeyIdentifier = hash\n"
    "[here]\nsubjectAltName = IP:127.0.0.1, IP:::1, DNS:localhost\nextendedKeyUsage = serverAuth\n"
    "[elsewhere]\nsubjectAltName = DNS:elsewhere.example\nextendedKeyUsage = serverAuth\n";

/* Name, subject, who signs it (NULL: itself), from, to, extensions */
static const char *const certificates[][6] = {
  { "authority", "/CN=Known Authority", NULL, "20250101000000Z", "20491231000000Z", "authority" },
  { "stranger", "/CN=Unknown Authority", NULL, "20250101000000Z", "20491231000000Z", "authority" },
  { "good", "/CN=Here", "authority", "20250101000000Z", "20491231000000Z", "here" },
  { "expired", "/CN=Here Once", "authority", "20200101000000Z", "20200201000000Z", "here" },
  { "early", "/CN=Here One Day", "authority", "20480101000000Z", "20491231000000Z", "here" },
  { "elsewhere", "/CN=Elsewhere", "authority", "20250101000000Z", "20491231000000Z", "elsewhere" },
  { "unknown", "/CN=Here Too", "stranger", "20250101000000Z", "20491231000000Z", "here" },
  { "self-signed", "/CN=Myself", NULL, "20250101000000Z", "20491231000000Z", "here" },
};

static void
run (TlsBench           *self,
     const char *const  *arguments)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *said = NULL;
  int status;

  g_spawn_sync (self->folder, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL, NULL, NULL,
                NULL, &said, &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, &error))
    g_error ("%s: %s: %s", arguments[1], error->message, said);
}

static void
make_certificate (TlsBench           *self,
                  const char *const  *line)
{
  g_autofree char *key = g_strconcat (line[0], ".key", NULL);
  g_autofree char *request = g_strconcat (line[0], ".csr", NULL);
  g_autofree char *pem = g_strconcat (line[0], ".pem", NULL);
  g_autofree char *signer_key = line[2] != NULL ? g_strconcat (line[2], ".key", NULL) : g_strdup (key);
  g_autofree char *signer_pem = line[2] != NULL ? g_strconcat (line[2], ".pem", NULL) : NULL;
  const char *const ask[] = { "openssl", "req",  "-new", "-newkey", "ec",    "-pkeyopt", "ec_paramgen_curve:prime256v1",
                              "-nodes",  "-config", "settings", "-subj", line[1], "-keyout", key, "-out", request, NULL };
  const char *const sign[] = { "openssl", "ca", "-batch", "-notext", "-config", "settings", "-in", request, "-out", pem,
                               "-startdate", line[3], "-enddate", line[4], "-extensions", line[5], "-keyfile", signer_key,
                               signer_pem != NULL ? "-cert" : "-selfsign", signer_pem, NULL };

  run (self, ask);
  run (self, sign);
}

static void
write_file (TlsBench   *self,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

TlsBench *
tls_bench_new (void)
{
  TlsBench *self = g_new0 (TlsBench, 1);

  self->folder = g_dir_make_tmp ("crm-tls-XXXXXX", NULL);
  self->authority = g_build_filename (self->folder, "authority.pem", NULL);
  write_file (self, "settings", settings);
  write_file (self, "index.txt", "");
  for (guint i = 0; i < G_N_ELEMENTS (certificates); i++)
    make_certificate (self, certificates[i]);

  return self;
}

void
tls_bench_free (TlsBench *self)
{
  g_autoptr (GDir) dir = g_dir_open (self->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->folder, name, NULL);

      g_remove (path);
    }
  g_rmdir (self->folder);
  g_free (self->authority);
  g_free (self->folder);
  g_free (self);
}

GTlsCertificate *
tls_bench_get_certificate (TlsBench   *self,
                           const char *name)
{
  g_autofree char *key_name = g_strconcat (name, ".key", NULL);
  g_autofree char *pem_name = g_strconcat (name, ".pem", NULL);
  g_autofree char *key = g_build_filename (self->folder, key_name, NULL);
  g_autofree char *pem = g_build_filename (self->folder, pem_name, NULL);
  g_autoptr (GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_files (pem, key, &error);

  g_assert_no_error (error);
  return certificate;
}

/* @address: (out): `https://127.0.0.1:PORT` */
SoupServer *
tls_bench_serve (TlsBench            *self,
                 const char          *name,
                 SoupServerCallback   callback,
                 gpointer             user_data,
                 char               **address)
{
  g_autoptr (GTlsCertificate) certificate = tls_bench_get_certificate (self, name);
  SoupServer *server = soup_server_new ("tls-certificate", certificate, NULL);
  g_autoptr (GError) error = NULL;
  GSList *uris;

  soup_server_add_handler (server, NULL, callback, user_data, NULL);
  soup_server_listen_local (server, 0, SOUP_SERVER_LISTEN_HTTPS | SOUP_SERVER_LISTEN_IPV4_ONLY, &error);
  g_assert_no_error (error);
  uris = soup_server_get_uris (server);
  *address = g_strdup_printf ("https://127.0.0.1:%d", g_uri_get_port (uris->data));
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);

  return server;
}
