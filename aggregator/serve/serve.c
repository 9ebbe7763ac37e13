/*
 * The loop thread: its loop, its three sockets, its end.  What is said on a
 * socket is in hints.c, admin.c and paths.c.
 */

#include "serve/serve.h"

#include <errno.h>
#include <event2/event.h>
#include <jansson.h>
#include <event2/thread.h>
#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "access/form.h"
#include "ending.h"
#include "gl_assert.h"
#include "log.h"
#include "serve/admin.h"
#include "serve/ahead.h"
#include "serve/ask.h"
#include "serve/door.h"
#include "serve/hints.h"
#include "serve/hub.h"
#include "serve/kept.h"
#include "serve/watcher.h"
#include "serve/path.h"
#include "serve/paths.h"
#include "serve/socket.h"
#include "serve/stream.h"
#include "wiped.h"

#define GL_SERVE_ADMIN_CONNECTIONS_MAX 64
#define GL_SERVE_DASHBOARD_CONNECTIONS_MAX 512 /* nginx opens few */
#define GL_SERVE_ADMIN_REQUEST_MS 30000
#define GL_SERVE_DASHBOARD_REQUEST_MS 10000
/* More than any path takes, which then says so itself. */
#define GL_SERVE_DASHBOARD_BODY_MAX (8 * GL_PATHS_BODY_MAX)

enum serve_socket {
    SOCKET_EVENTS = 0,
    SOCKET_ADMIN = 1,
    SOCKET_DASHBOARD = 2,
    SOCKET_N = 3
};

struct gl_serve {
    const struct gl_conf *conf;
    struct event_base *base;
    struct event *on_signal;
    int signals; /* signalfd */
    void (*hup)(void *arg);
    void *hup_arg;
    struct gl_asks *asks;
    struct gl_hub *hub;
    struct gl_lives *lives;
    struct gl_kept *kept;
    struct gl_ahead *ahead;
    struct gl_streams *streams;
    struct gl_rate *rate;
    struct gl_admin admin;
    struct gl_paths paths;
    struct gl_socket sockets[SOCKET_N];
    struct gl_hints *hints;
    struct gl_door *admin_door, *dashboard_door;
};

static struct gl_lives_limits
limits_of(const struct gl_conf *conf)
{
    return (struct gl_lives_limits){.all = conf->watchers_max,
                                    .site = conf->watchers_per_site};
}

static void
on_signal(evutil_socket_t fd, short what, void *arg)
{
    struct gl_serve *serve = arg;
    struct signalfd_siginfo info;

    (void) what;
    GL_ASSERT(fd == serve->signals);
    while (read(fd, &info, sizeof info) == sizeof info) {
        if (info.ssi_signo != SIGHUP) {
            event_base_loopbreak(serve->base);
            continue;
        }
        if (serve->hup != NULL)
            serve->hup(serve->hup_arg);
        struct gl_lives_limits limits = limits_of(serve->conf);
        gl_lives_limit(serve->lives, &limits);
        gl_ahead_reread(serve->ahead);
    }
}

/* A signal waits in the kernel until the loop sees it: a handler that wakes
 * the loop through a pipe loses the signal when its write fails. */
static int
make_events(struct gl_serve *serve)
{
    sigset_t set;
    if (gl_ending_hold(&set) == -1)
        return -1;
    serve->signals = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    if (serve->signals == -1)
        return -1;
    serve->on_signal = event_new(serve->base, serve->signals,
                                 EV_READ | EV_PERSIST, on_signal, serve);
    return serve->on_signal != NULL && event_add(serve->on_signal, NULL) == 0
               ? 0
               : -1;
}

static int
make_parts(struct gl_serve *serve)
{
    const struct gl_lives_limits limits = limits_of(serve->conf);
    serve->asks = gl_asks_new(serve->base);
    serve->hub = gl_hub_new(serve->base);
    serve->lives = gl_lives_new(serve->base, serve->hub, &limits);
    serve->kept = gl_kept_new(serve->base, serve->hub);
    serve->ahead = gl_ahead_new(serve->base, serve->hub, serve->asks);
    serve->streams = gl_streams_new(serve->hub);
    serve->rate = gl_rate_new();
    serve->admin.asks = serve->asks;
    serve->admin.streams = serve->streams;
    serve->paths.asks = serve->asks;
    serve->paths.hub = serve->hub;
    serve->paths.lives = serve->lives;
    serve->paths.kept = serve->kept;
    serve->paths.ahead = serve->ahead;
    return serve->asks != NULL && serve->hub != NULL && serve->lives != NULL &&
                   serve->kept != NULL && serve->streams != NULL
               ? 0
               : -1;
}

struct gl_serve *
gl_serve_new(const struct gl_conf *conf, char *why, size_t why_len)
{
    struct gl_serve *serve = calloc(1, sizeof *serve);
    if (serve == NULL) {
        snprintf(why, why_len, "out of memory");
        return NULL;
    }
    serve->conf = conf;
    serve->signals = -1;
    for (int i = 0; i < SOCKET_N; i++)
        serve->sockets[i].fd = -1;
    signal(SIGPIPE, SIG_IGN);
    /* Without memory evhttp goes on with what is not there; GLib, which the
     * writer thread lives on, ends the process with a sentence. */
    event_set_mem_functions(g_malloc, gl_wiped_resize, gl_wiped_free);
    json_set_alloc_funcs(malloc, gl_wiped_free);
    if (evthread_use_pthreads() == 0)
        serve->base = event_base_new();
    if (serve->base == NULL) {
        snprintf(why, why_len, "cannot make an event loop");
        free(serve);
        return NULL;
    }
    if (make_parts(serve) == -1 || make_events(serve) == -1) {
        snprintf(why, why_len, "cannot begin to serve: %s", strerror(errno));
        gl_serve_free(serve);
        return NULL;
    }
    return serve;
}

void
gl_serve_on_hup(struct gl_serve *serve, void (*hup)(void *arg), void *arg)
{
    serve->hup = hup;
    serve->hup_arg = arg;
}

void
gl_serve_live(void *arg, const struct gl_live *live)
{
    struct gl_serve *serve = arg;
    gl_hub_put(serve->hub, live);
}

static int
open_sockets(struct gl_serve *serve, char *why, size_t why_len)
{
    const struct gl_conf *conf = serve->conf;
    const struct {
        const char *path;
        int type;
        mode_t mode;
    } sockets[SOCKET_N] = {
        [SOCKET_EVENTS] = {conf->events_socket, SOCK_SEQPACKET, 0660},
        [SOCKET_ADMIN] = {conf->admin_socket, SOCK_STREAM, 0600},
        [SOCKET_DASHBOARD] = {conf->dashboard_socket, SOCK_STREAM, 0660},
    };
    for (int i = 0; i < SOCKET_N; i++) {
        if (gl_socket_open(&serve->sockets[i], sockets[i].path,
                           sockets[i].type, sockets[i].mode, why,
                           why_len) == -1) {
            serve->sockets[i].path = NULL;
            return -1;
        }
    }
    return 0;
}

static void
close_sockets(struct gl_serve *serve)
{
    gl_hints_close(serve->hints);
    gl_door_close(serve->admin_door);
    gl_door_close(serve->dashboard_door);
    serve->hints = NULL;
    serve->admin_door = serve->dashboard_door = NULL;
    for (int i = 0; i < SOCKET_N; i++)
        gl_socket_close(&serve->sockets[i]);
}

static void
attach(struct gl_serve *serve, struct gl_ingest *ingest)
{
    struct gl_directory *directory = gl_writer_directory(ingest);
    gl_asks_attach(serve->asks, ingest);
    gl_hub_attach(serve->hub, ingest);
    gl_lives_attach(serve->lives, &serve->paths.access);
    gl_streams_attach(serve->streams, directory, serve->conf);
    serve->paths.access =
        (struct gl_access){directory, serve->conf, serve->rate, {0}};
    gl_form_begin(&serve->paths.access);
    gl_ahead_attach(serve->ahead, &serve->paths.access, serve->conf->pages);
}

int
gl_serve_attach(struct gl_serve *serve, struct gl_ingest *ingest, char *why,
                size_t why_len)
{
    const struct gl_door_rules admin = {
        .name = "admin",
        .body_max = GL_ADMIN_BODY_MAX,
        .connections_max = GL_SERVE_ADMIN_CONNECTIONS_MAX,
        .request_ms = GL_SERVE_ADMIN_REQUEST_MS,
        .own_users_only = 1,
        .request = gl_admin_request,
        .arg = &serve->admin};
    const struct gl_door_rules dashboard = {
        .name = "dashboard",
        .body_max = GL_SERVE_DASHBOARD_BODY_MAX,
        .connections_max = GL_SERVE_DASHBOARD_CONNECTIONS_MAX,
        .request_ms = GL_SERVE_DASHBOARD_REQUEST_MS,
        .request = gl_paths_request,
        .arg = &serve->paths};
    attach(serve, ingest);
    if (open_sockets(serve, why, why_len) == -1) {
        close_sockets(serve);
        return -1;
    }
    serve->hints = gl_hints_open(serve->base, &serve->sockets[SOCKET_EVENTS],
                                 serve->conf, ingest);
    serve->admin_door =
        gl_door_open(serve->base, &serve->sockets[SOCKET_ADMIN], &admin);
    serve->dashboard_door = gl_door_open(
        serve->base, &serve->sockets[SOCKET_DASHBOARD], &dashboard);
    serve->paths.door = serve->dashboard_door;
    if (serve->hints == NULL || serve->admin_door == NULL ||
        serve->dashboard_door == NULL) {
        snprintf(why, why_len, "out of memory");
        close_sockets(serve);
        return -1;
    }
    return 0;
}

int
gl_serve_run(struct gl_serve *serve)
{
    int rc = event_base_dispatch(serve->base);
    gl_lives_stop(serve->lives);
    gl_kept_stop(serve->kept);
    gl_ahead_stop(serve->ahead);
    close_sockets(serve);
    return rc == -1 ? -1 : 0;
}

static void
free_event(struct event *event)
{
    if (event != NULL)
        event_free(event);
}

void
gl_serve_free(struct gl_serve *serve)
{
    if (serve == NULL)
        return;
    if (serve->lives != NULL)
        gl_lives_stop(serve->lives);
    close_sockets(serve);
    gl_asks_free(serve->asks);
    gl_streams_free(serve->streams);
    gl_rate_free(serve->rate);
    gl_lives_free(serve->lives);
    gl_kept_free(serve->kept);
    gl_ahead_free(serve->ahead);
    gl_hub_free(serve->hub);
    free_event(serve->on_signal);
    if (serve->signals != -1)
        close(serve->signals);
    event_base_free(serve->base);
    libevent_global_shutdown();
    free(serve);
}
