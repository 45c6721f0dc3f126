/* push-server.c: the cheapest CRM there can be, for benchmarks of who pushes; a process of its own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Plain sockets, one thread, HTTP/1.1 kept alive, no check of anything: whoever pushes is to be the bottleneck. Prints its
 * port, and ends when standard input closes. A line "count" on it is answered with "TASKS NAMES TWICE": how many adds and
 * updates were taken, how many different names there were in adds, and how many adds brought a name that was there already.
 * "late" is answered with how late the answers that were delayed went out, in microseconds on average.
 */

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_SIZE (64 * 1024)

typedef struct
{
  int      fd;
  GString *in;
  GString *answer; /* waits to be sent, or for its time */
  gboolean answering;
  gboolean closed; /* by the other side, while an answer waits */
  gint64   due;    /* monotonic microseconds */
} Connection;

static int delay_ms;
static gboolean one_by_one;

static int epoll_fd;
static char listener_mark, input_mark;
static GQueue waiting = G_QUEUE_INIT; /* of Connection, in the order in which they are due */
static gint64 last_due;
static GHashTable *names;
static gint64 n_taken, n_twice, last_id;
static gint64 late_total, n_late;

static void
connection_free (Connection *self)
{
  close (self->fd);
  g_string_free (self->in, TRUE);
  g_string_free (self->answer, TRUE);
  g_free (self);
}

static void
set_answer (Connection *self,
            const char *status,
            const char *body)
{
  g_string_printf (self->answer,
                   "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s", status,
                   strlen (body), body);
}

static void
note_name (const char *body)
{
  const char *begin = strstr (body, "\"name\":\"");
  const char *end = begin != NULL ? strchr (begin + strlen ("\"name\":\""), '"') : NULL;

  if (end != NULL && !g_hash_table_add (names, g_strndup (begin, (gsize) (end - begin))))
    n_twice++;
}

static void
answer_task (Connection *self,
             const char *body)
{
  char text[64];
  gint64 id;

  n_taken++;
  if (g_str_has_prefix (body, "{\"id\":"))
    {
      id = g_ascii_strtoll (body + strlen ("{\"id\":"), NULL, 10);
    }
  else
    {
      id = ++last_id;
      note_name (body);
    }

  g_snprintf (text, sizeof text, "{\"success\":true,\"id\":%" G_GINT64_FORMAT "}", id);
  set_answer (self, "200 OK", text);
}

static void
answer (Connection *self,
        const char *head,
        const char *body)
{
  if (strstr (head, "action=addOrUpdateTask ") != NULL)
    answer_task (self, body);
  else if (strstr (head, "action=ping ") != NULL)
    set_answer (self, "200 OK", "{\"ack\":\"x\"}");
  else if (strstr (head, "action=get") != NULL && strstr (head, "List ") != NULL)
    set_answer (self, "200 OK", "{\"meta\":{\"totalResults\":0,\"start\":0,\"perPage\":100,\"count\":0},\"results\":[]}");
  else
    set_answer (self, "404 Not Found", "{\"errorCode\":404,\"message\":\"There is no such call\"}");
}

static void
send_answer (Connection *self)
{
  gsize done = 0;

  /* Answers are far smaller than what a socket takes at once. */
  while (done < self->answer->len)
    {
      ssize_t n = send (self->fd, self->answer->str + done, self->answer->len - done, MSG_NOSIGNAL);

      if (n <= 0)
        break;
      done += (gsize) n;
    }
  self->answering = FALSE;
}

static void
begin_answer (Connection *self)
{
  gint64 now = g_get_monotonic_time ();

  self->answering = TRUE;
  if (delay_ms == 0)
    {
      send_answer (self);
      return;
    }

  self->due = (one_by_one ? MAX (now, last_due) : now) + delay_ms * 1000;
  last_due = self->due;
  g_queue_push_tail (&waiting, self);
}

static const char *
find_header (const char *head,
             const char *name)
{
  const char *line = head;

  while ((line = strstr (line, "\r\n")) != NULL)
    {
      line += 2;
      if (g_ascii_strncasecmp (line, name, strlen (name)) == 0)
        return line + strlen (name);
    }

  return NULL;
}

/* Takes the first request out of what was read, if it is there as a whole. */
static void
take_requests (Connection *self)
{
  while (!self->answering)
    {
      char *end = strstr (self->in->str, "\r\n\r\n");
      const char *length;
      gsize head_size, size;

      if (end == NULL)
        return;

      *end = '\0';
      head_size = (gsize) (end - self->in->str) + 4;
      length = find_header (self->in->str, "Content-Length:");
      size = length != NULL ? (gsize) g_ascii_strtoull (length, NULL, 10) : 0;
      if (self->in->len < head_size + size)
        {
          *end = '\r';
          return;
        }

      {
        char *body = self->in->str + head_size;
        char kept = body[size];

        body[size] = '\0';
        answer (self, self->in->str, body);
        body[size] = kept;
      }
      if (self->in->len == head_size + size)
        g_string_truncate (self->in, 0);
      else
        g_string_erase (self->in, 0, (gssize) (head_size + size));
      begin_answer (self);
    }
}

static void
on_readable (Connection *self)
{
  static char buffer[READ_SIZE];

  for (;;)
    {
      ssize_t n = recv (self->fd, buffer, sizeof buffer, 0);

      if (n < 0 && errno == EAGAIN)
        return;
      if (n <= 0)
        {
          epoll_ctl (epoll_fd, EPOLL_CTL_DEL, self->fd, NULL);
          self->closed = TRUE;
          if (!self->answering)
            connection_free (self);
          return;
        }

      g_string_append_len (self->in, buffer, n);
      take_requests (self);
      if (n < (ssize_t) sizeof buffer)
        return;
    }
}

static void
send_what_is_due (void)
{
  gint64 now = g_get_monotonic_time ();
  Connection *self;

  while ((self = g_queue_peek_head (&waiting)) != NULL && self->due <= now)
    {
      g_queue_pop_head (&waiting);
      late_total += now - self->due;
      n_late++;
      send_answer (self);
      if (self->closed)
        connection_free (self);
      else
        take_requests (self);
    }
}

static void
on_connection (int listener)
{
  for (;;)
    {
      int fd = accept4 (listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
      struct epoll_event event = { .events = EPOLLIN };
      Connection *self;
      int on = 1;

      if (fd == -1)
        return;

      setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      self = g_new0 (Connection, 1);
      self->fd = fd;
      self->in = g_string_new (NULL);
      self->answer = g_string_new (NULL);
      event.data.ptr = self;
      epoll_ctl (epoll_fd, EPOLL_CTL_ADD, fd, &event);
    }
}

/* Returns whether to go on. */
static gboolean
on_line (void)
{
  char line[256];
  ssize_t n = read (STDIN_FILENO, line, sizeof line - 1);

  if (n <= 0)
    return FALSE;

  line[n] = '\0';
  if (g_str_has_prefix (line, "count"))
    printf ("%" G_GINT64_FORMAT " %u %" G_GINT64_FORMAT "\n", n_taken, g_hash_table_size (names), n_twice);
  else if (g_str_has_prefix (line, "late"))
    printf ("%" G_GINT64_FORMAT "\n", n_late > 0 ? late_total / n_late : 0);
  fflush (stdout);

  return TRUE;
}

static int
listen_local (void)
{
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl (INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int fd = socket (AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

  if (fd == -1 || bind (fd, (struct sockaddr *) &address, sizeof address) != 0 || listen (fd, 64) != 0 ||
      getsockname (fd, (struct sockaddr *) &address, &size) != 0)
    {
      perror ("push-server");
      exit (EXIT_FAILURE);
    }

  printf ("%u\n", ntohs (address.sin_port));
  fflush (stdout);

  return fd;
}

static void
serve (int listener)
{
  struct epoll_event events[64];

  for (;;)
    {
      Connection *first = g_queue_peek_head (&waiting);
      gint64 wait = first != NULL ? MAX (first->due - g_get_monotonic_time (), 0) : 0;
      struct timespec timeout = { .tv_sec = wait / G_USEC_PER_SEC, .tv_nsec = wait % G_USEC_PER_SEC * 1000 };
      int n = epoll_pwait2 (epoll_fd, events, G_N_ELEMENTS (events), first != NULL ? &timeout : NULL, NULL);

      for (int i = 0; i < n; i++)
        {
          if (events[i].data.ptr == &listener_mark)
            on_connection (listener);
          else if (events[i].data.ptr == &input_mark)
            {
              if (!on_line ())
                return;
            }
          else
            on_readable (events[i].data.ptr);
        }
      send_what_is_due ();
    }
}

static void
watch (int      fd,
       gpointer mark)
{
  struct epoll_event event = { .events = EPOLLIN, .data.ptr = mark };

  epoll_ctl (epoll_fd, EPOLL_CTL_ADD, fd, &event);
}

int
main (int    argc,
      char **argv)
{
  const GOptionEntry entries[] = {
    { "delay", 0, 0, G_OPTION_ARG_INT, &delay_ms, "Wait so long before each answer, many at once", "MILLISECONDS" },
    { "one-by-one", 0, 0, G_OPTION_ARG_NONE, &one_by_one, "Begin with a request when the one before is answered", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_autoptr (GError) error = NULL;
  int listener;

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error))
    {
      g_printerr ("%s\n", error->message);
      return EXIT_FAILURE;
    }

  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  epoll_fd = epoll_create1 (EPOLL_CLOEXEC);
  listener = listen_local ();
  watch (listener, &listener_mark);
  watch (STDIN_FILENO, &input_mark);
  serve (listener);
  g_hash_table_unref (names);

  return EXIT_SUCCESS;
}
