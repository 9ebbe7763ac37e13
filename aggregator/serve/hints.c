/*
 * The hint socket.  A packet of the right shape from an allowed user goes to
 * the writer thread, and the end of a worker is told it, too; anything else
 * ends the connection.  Nothing is ever sent back, and nothing depends on a
 * packet: files are the truth.
 */

#include "serve/hints.h"

#include <errno.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "gl_assert.h"
#include "hint.h"
#include "log.h"

#define GL_HINTS_CONNECTIONS_MAX 1024 /* workers of reloads and upgrades */
/* Packets of one worker before the others' turn. */
#define GL_HINTS_AT_ONCE 32

struct worker {
    LIST_ENTRY(worker) link;
    struct gl_hints *hints;
    struct event *readable;
    int fd;
    uint8_t hello[GL_HINT_HELLO_BYTES]; /* its last; all zero = none yet */
};

struct gl_hints {
    const struct gl_conf *conf;
    struct gl_ingest *ingest;
    struct event_base *base;
    struct evconnlistener *listener;
    LIST_HEAD(, worker) workers;
    int workers_n;
    uint8_t packet[GL_HINT_PACKET_MAX];
};

static void
drop(struct worker *worker)
{
    GL_ASSERT(worker->hints->workers_n > 0);
    LIST_REMOVE(worker, link);
    worker->hints->workers_n--;
    event_free(worker->readable);
    close(worker->fd);
    free(worker);
}

/* The worker has gone, and says so no more: it writes nowhere now. */
static void
leave(struct worker *worker)
{
    if (worker->hello[0] == GL_HINT_HELLO) {
        memset(worker->hello + GL_HINT_PLACE_AT, 0, GL_HINT_PLACE_BYTES);
        gl_writer_hint(worker->hints->ingest, worker->hello,
                       sizeof worker->hello);
    }
    drop(worker);
}

static int
packet_ok(const uint8_t *packet, size_t len)
{
    static const size_t shortest[] = {
        [GL_HINT_HELLO] = GL_HINT_HELLO_BYTES,
        [GL_HINT_EVENTS] = GL_HINT_EVENTS_HEADER_BYTES + 1,
        [GL_HINT_SEALED] = GL_HINT_SEALED_BYTES,
        [GL_HINT_DROPS] = GL_HINT_DROPS_BYTES,
    };
    if (len < 4 || packet[0] < GL_HINT_HELLO || packet[0] > GL_HINT_DROPS ||
        packet[1] != GL_HINT_PROTO || packet[2] != 0 || packet[3] != 0)
        return 0;
    return packet[0] == GL_HINT_EVENTS ? len >= shortest[GL_HINT_EVENTS]
                                       : len == shortest[packet[0]];
}

static void
on_packets(evutil_socket_t fd, short what, void *arg)
{
    struct worker *worker = arg;
    struct gl_hints *hints = worker->hints;
    (void) what;
    GL_ASSERT(fd == worker->fd);
    for (int i = 0; i < GL_HINTS_AT_ONCE; i++) {
        /* MSG_TRUNC: the true length, also of a packet that is too long. */
        ssize_t n = recv(fd, hints->packet, sizeof hints->packet, MSG_TRUNC);
        if (n == -1 && (errno == EAGAIN || errno == EINTR))
            return;
        if (n <= 0) {
            leave(worker);
            return;
        }
        if ((size_t) n > sizeof hints->packet ||
            !packet_ok(hints->packet, (size_t) n)) {
            gl_log(GL_LOG_ERROR,
                   "hint socket: a packet of %zd bytes is none of ours, "
                   "connection closed",
                   n);
            leave(worker);
            return;
        }
        if (hints->packet[0] == GL_HINT_HELLO)
            memcpy(worker->hello, hints->packet, sizeof worker->hello);
        gl_writer_hint(hints->ingest, hints->packet, (size_t) n);
    }
}

static int
user_allowed(const struct gl_conf *conf, int fd)
{
    uid_t uid;
    if (gl_socket_peer(fd, &uid) == -1)
        return 0;
    for (int i = 0; i < conf->workers_n; i++)
        if (conf->workers[i] == uid)
            return 1;
    if (uid != geteuid()) {
        gl_log(GL_LOG_ERROR,
               "hint socket: user %u is not in \"workers\", connection closed",
               (unsigned) uid);
        return 0;
    }
    return 1;
}

static void
on_connection(struct evconnlistener *listener, evutil_socket_t fd,
              struct sockaddr *address, int address_len, void *arg)
{
    struct gl_hints *hints = arg;
    struct worker *worker;
    (void) address;
    (void) address_len;
    GL_ASSERT(listener == hints->listener);
    if (!user_allowed(hints->conf, fd) ||
        hints->workers_n >= GL_HINTS_CONNECTIONS_MAX ||
        (worker = calloc(1, sizeof *worker)) == NULL) {
        close(fd);
        return;
    }
    worker->readable =
        event_new(hints->base, fd, EV_READ | EV_PERSIST, on_packets, worker);
    if (worker->readable == NULL || event_add(worker->readable, NULL) == -1) {
        if (worker->readable != NULL)
            event_free(worker->readable);
        free(worker);
        close(fd);
        return;
    }
    worker->hints = hints;
    worker->fd = fd;
    LIST_INSERT_HEAD(&hints->workers, worker, link);
    hints->workers_n++;
}

struct gl_hints *
gl_hints_open(struct event_base *base, struct gl_socket *listening,
              const struct gl_conf *conf, struct gl_ingest *ingest)
{
    struct gl_hints *hints = calloc(1, sizeof *hints);
    if (hints == NULL)
        return NULL;
    hints->conf = conf;
    hints->ingest = ingest;
    hints->base = base;
    LIST_INIT(&hints->workers);
    hints->listener = evconnlistener_new(
        base, on_connection, hints,
        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, listening->fd);
    if (hints->listener == NULL) {
        free(hints);
        return NULL;
    }
    listening->fd = -1;
    return hints;
}

void
gl_hints_close(struct gl_hints *hints)
{
    struct worker *worker;
    if (hints == NULL)
        return;
    evconnlistener_free(hints->listener);
    while ((worker = LIST_FIRST(&hints->workers)) != NULL)
        drop(worker);
    free(hints);
}
