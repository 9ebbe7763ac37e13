/*
 * WebSockets.  evhttp does the handshake's HTTP; from the 101 on the
 * connection's bufferevent has our callbacks, while evhttp still owns it and
 * frees it when we free the connection.
 *
 * A watcher whose socket has not taken the last message gets none; when it
 * has, it gets the newest.  So a slow one misses states but never sees an old
 * one, and its queue is one message and what wslay writes (pongs).
 *
 * Once a second, if sites or tokens have changed, each is asked again whether
 * it may watch: who sees a site no more is told 1008.
 *
 *     OPEN ──over, flooded, stalled──► ENDING ──peer ended, 2 s──► freed
 *
 * Loop thread.
 */

#include "serve/watcher.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/util.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>

#include "clock.h"
#include "gl_assert.h"
#include "serve/handshake.h"
#include "serve/reply.h"
#include "serve/websocket.h"

#define GL_LIVE_QUEUE_MAX (64 * 1024) /* bytes; beyond: close 1013 */
#define GL_LIVE_INPUT_MAX 8192        /* read at once from one watcher */
#define GL_LIVE_STALL_S 10            /* nothing taken for so long: 1013 */
#define GL_LIVE_LINGER_S 2            /* to take the close frame and end */
/* Kernel memory for a watcher that reads nothing; 10,000 may come. */
#define GL_LIVE_SEND_BUFFER (16 * 1024)

struct watcher {
    struct gl_watch watch;
    LIST_ENTRY(watcher) link;
    struct gl_lives *lives;
    struct evhttp_connection *conn;
    struct bufferevent *bev; /* conn's */
    struct gl_websocket *socket;
    int64_t site_id;
    struct gl_asker asker; /* headers of the handshake, copied */
    char secret[GL_SECRET_LEN +
                1];      /* of a link by which it watches, "" = by none */
    struct event *timer; /* next tick; the end while ending */
    int behind;          /* has missed news */
    int flooded;         /* the queue was full */
    int ending;
};

struct gl_lives {
    struct event_base *base;
    const struct gl_access *access;
    uint64_t commits;   /* of the directory, at the last look */
    struct event *look; /* every second */
    struct gl_hub *hub;
    struct gl_lives_limits limits;
    uint32_t watchers_n;
    LIST_HEAD(, watcher) watchers;
};

static void
free_asker(struct watcher *watcher)
{
    free((char *) (uintptr_t) watcher->asker.host);
    free((char *) (uintptr_t) watcher->asker.authorization);
    free((char *) (uintptr_t) watcher->asker.person);
}

static void
destroy(struct watcher *watcher)
{
    GL_ASSERT(watcher->lives->watchers_n > 0);
    gl_hub_leave(watcher->lives->hub, &watcher->watch);
    LIST_REMOVE(watcher, link);
    watcher->lives->watchers_n--;
    gl_hub_socket(watcher->lives->hub, -1);
    if (watcher->timer != NULL)
        event_free(watcher->timer);
    gl_websocket_free(watcher->socket);
    evhttp_connection_free(watcher->conn);
    free_asker(watcher);
    free(watcher);
}

static void
set_timer(struct watcher *watcher, int64_t wait_ms)
{
    wait_ms = wait_ms < 0 ? 0 : wait_ms;
    struct timeval wait = {wait_ms / 1000, (wait_ms % 1000) * 1000};
    event_add(watcher->timer, &wait);
}

/* The close frame is out: half of the connection ends.  The other half is read
 * to its end, or a proxy that still sends would lose the close frame. */
static void
end_output(struct watcher *watcher)
{
    shutdown(bufferevent_getfd(watcher->bev), SHUT_WR);
}

/* Nothing more is heard or told; what is in the queue still goes out. */
static void
end(struct watcher *watcher)
{
    struct evbuffer *queue = bufferevent_get_output(watcher->bev);
    watcher->ending = 1;
    gl_hub_leave(watcher->lives->hub, &watcher->watch);
    bufferevent_enable(watcher->bev, EV_READ | EV_WRITE);
    set_timer(watcher, GL_LIVE_LINGER_S * 1000);
    if (evbuffer_get_length(queue) == 0)
        end_output(watcher);
}

static void
end_with(struct watcher *watcher, enum gl_websocket_code code)
{
    watcher->ending = 1;
    gl_websocket_close(watcher->socket, code);
    end(watcher);
}

static void
on_output(void *arg, const uint8_t *bytes, size_t len)
{
    struct watcher *watcher = arg;
    struct evbuffer *queue = bufferevent_get_output(watcher->bev);
    GL_ASSERT(watcher->socket != NULL);
    /* The close frame goes out whatever the queue holds. */
    if (!watcher->ending &&
        evbuffer_get_length(queue) + len > GL_LIVE_QUEUE_MAX) {
        watcher->flooded = 1;
        return;
    }
    evbuffer_add(queue, bytes, len);
}

/* After the WebSocket had its say: go on, or end. */
static void
settle(struct watcher *watcher, int over)
{
    if (watcher->flooded) {
        end_with(watcher, GL_WEBSOCKET_LATER);
    } else if (over) {
        end(watcher);
    } else {
        set_timer(watcher,
                  gl_websocket_next_ms(watcher->socket) - gl_clock_boot_ms());
    }
}

static void
on_read(struct bufferevent *bev, void *arg)
{
    struct watcher *watcher = arg;
    struct evbuffer *input = bufferevent_get_input(bev);
    uint8_t bytes[GL_LIVE_INPUT_MAX];
    int over = 0;
    ev_ssize_t n;
    GL_ASSERT(bev == watcher->bev);
    if (watcher->ending) {
        evbuffer_drain(input, evbuffer_get_length(input));
        return;
    }
    while (!over && !watcher->flooded &&
           (n = evbuffer_remove(input, bytes, sizeof bytes)) > 0) {
        over = gl_websocket_input(watcher->socket, bytes, (size_t) n,
                                  gl_clock_boot_ms());
    }
    settle(watcher, over);
}

static void
on_changed(struct gl_watch *watch, const struct gl_news *news)
{
    struct watcher *watcher = (struct watcher *) watch; /* first member */
    struct evbuffer *queue = bufferevent_get_output(watcher->bev);
    watcher->behind = evbuffer_get_length(queue) > 0;
    if (!watcher->behind)
        evbuffer_add(queue, news->frame, news->frame_len);
}

/* The queue is empty. */
static void
on_drained(struct bufferevent *bev, void *arg)
{
    struct watcher *watcher = arg;
    GL_ASSERT(bev == watcher->bev);
    if (watcher->ending)
        end_output(watcher);
    else if (watcher->behind)
        on_changed(&watcher->watch, gl_hub_news(&watcher->watch));
}

static void
on_event(struct bufferevent *bev, short what, void *arg)
{
    struct watcher *watcher = arg;
    GL_ASSERT(bev == watcher->bev);
    if (what & BEV_EVENT_TIMEOUT && !watcher->ending)
        end_with(watcher, GL_WEBSOCKET_LATER);
    else
        destroy(watcher);
}

static void
on_timer(evutil_socket_t fd, short what, void *arg)
{
    struct watcher *watcher = arg;
    (void) fd;
    (void) what;
    GL_ASSERT(watcher->timer != NULL && watcher->socket != NULL);
    if (watcher->ending) {
        destroy(watcher);
    } else {
        settle(watcher,
               gl_websocket_tick(watcher->socket, gl_clock_boot_ms()));
    }
}

static int
may_watch(const struct watcher *watcher)
{
    struct gl_meta_site site;
    const char *sentence;
    int status =
        watcher->secret[0] != '\0'
            ? gl_access_check(watcher->lives->access, GL_ACCESS_SHARE,
                              &watcher->asker, watcher->secret, &site,
                              &sentence)
            : gl_access_check(watcher->lives->access, GL_ACCESS_SEE,
                              &watcher->asker, gl_hub_site(&watcher->watch),
                              &site, &sentence);
    return status == 200 && site.id == watcher->site_id;
}

static void
on_look(evutil_socket_t fd, short what, void *arg)
{
    struct gl_lives *lives = arg;
    uint64_t commits = gl_directory_commits(lives->access->directory);
    struct watcher *watcher;
    (void) fd;
    (void) what;
    if (commits == lives->commits)
        return;
    lives->commits = commits;
    LIST_FOREACH (watcher, &lives->watchers, link)
        if (!watcher->ending && !may_watch(watcher))
            end_with(watcher, GL_WEBSOCKET_POLICY);
}

/* 1, or 0 when out of memory. */
static int
keep(const char **to, const char *value)
{
    *to = value == NULL ? NULL : strdup(value);
    return value == NULL || *to != NULL;
}

/* Of REQ the headers that let it in; 1, or 0 when out of memory. */
static int
keep_asker(struct watcher *watcher, struct evhttp_request *req)
{
    struct gl_asker asker = gl_reply_asker(req, watcher->lives->access->conf);
    watcher->asker.has_opened = 1; /* or it was not let in */
    memcpy(watcher->asker.session, asker.session, sizeof asker.session);
    return keep(&watcher->asker.host, asker.host) &&
           keep(&watcher->asker.authorization, asker.authorization) &&
           keep(&watcher->asker.person, asker.person);
}

static struct watcher *
new_watcher(struct gl_lives *lives, struct evhttp_request *req)
{
    struct watcher *watcher = calloc(1, sizeof *watcher);
    uint32_t luck;
    if (watcher == NULL)
        return NULL;
    evutil_secure_rng_get_bytes(&luck, sizeof luck);
    watcher->lives = lives;
    watcher->watch.changed = on_changed;
    watcher->watch.outside = 1;
    watcher->conn = evhttp_request_get_connection(req);
    watcher->bev = evhttp_connection_get_bufferevent(watcher->conn);
    watcher->timer = event_new(lives->base, -1, 0, on_timer, watcher);
    watcher->socket =
        gl_websocket_new(on_output, watcher, gl_clock_boot_ms(), luck);
    if (watcher->timer == NULL || watcher->socket == NULL ||
        !keep_asker(watcher, req)) {
        if (watcher->timer != NULL)
            event_free(watcher->timer);
        gl_websocket_free(watcher->socket);
        free_asker(watcher);
        free(watcher);
        return NULL;
    }
    return watcher;
}

/* 101, and the bufferevent is ours. */
static void
take_over(struct watcher *watcher, struct gl_door *door,
          struct evhttp_request *req, const char *accept)
{
    static const struct timeval stall = {GL_LIVE_STALL_S, 0};
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    int size = GL_LIVE_SEND_BUFFER;
    evhttp_add_header(headers, "Upgrade", "websocket");
    evhttp_add_header(headers, "Connection", "Upgrade");
    evhttp_add_header(headers, "Sec-WebSocket-Accept", accept);
    evhttp_send_reply_start(req, 101, "Switching Protocols");
    gl_door_leave(door, req);
    setsockopt(bufferevent_getfd(watcher->bev), SOL_SOCKET, SO_SNDBUF, &size,
               sizeof size);
    bufferevent_setcb(watcher->bev, on_read, on_drained, on_event, watcher);
    bufferevent_set_timeouts(watcher->bev, NULL, &stall);
    bufferevent_setwatermark(watcher->bev, EV_READ, 0, GL_LIVE_INPUT_MAX);
    bufferevent_enable(watcher->bev, EV_READ | EV_WRITE);
    /* evhttp keeps the request as long as the connection: make it small. */
    evhttp_clear_headers(evhttp_request_get_input_headers(req));
    evhttp_clear_headers(headers);
    LIST_INSERT_HEAD(&watcher->lives->watchers, watcher, link);
    watcher->lives->watchers_n++;
    gl_hub_socket(watcher->lives->hub, 1);
}

static void
refuse(struct evhttp_request *req, const char *sentence)
{
    evhttp_add_header(evhttp_request_get_output_headers(req), "Retry-After",
                      "30");
    gl_reply_error(req, 503, sentence);
}

static void
welcome(struct gl_lives *lives, struct gl_door *door,
        struct evhttp_request *req, const struct gl_meta_site *site,
        const char *secret, const char *accept)
{
    struct watcher *watcher = new_watcher(lives, req);
    if (watcher == NULL) {
        gl_reply_error(req, 503, "out of memory");
        return;
    }
    watcher->site_id = site->id;
    evutil_snprintf(watcher->secret, sizeof watcher->secret, "%s", secret);
    take_over(watcher, door, req, accept);
    if (gl_hub_join(lives->hub, &watcher->watch, site->domain, site->id) == -1)
        end_with(watcher, GL_WEBSOCKET_LATER);
    else
        on_read(watcher->bev, watcher); /* sets the timer, too */
}

void
gl_lives_request(struct gl_lives *lives, struct gl_door *door,
                 struct evhttp_request *req, enum gl_access_to to,
                 const char *name)
{
    char accept[GL_WEBSOCKET_ACCEPT_LEN];
    const struct gl_asker asker = gl_reply_asker(req, lives->access->conf);
    struct gl_meta_site site;
    const char *sentence;
    if (gl_handshake_check(req, accept) == -1)
        return;
    int status =
        gl_access_check(lives->access, to, &asker, name, &site, &sentence);
    if (status != 200)
        gl_reply_error(req, status, sentence);
    else if (lives->watchers_n >= lives->limits.all)
        refuse(req, "too many live connections");
    else if (gl_hub_outside(lives->hub, site.id) >= lives->limits.site)
        refuse(req, "too many live connections to this site");
    else
        welcome(lives, door, req, &site, to == GL_ACCESS_SHARE ? name : "",
                accept);
}

struct gl_lives *
gl_lives_new(struct event_base *base, struct gl_hub *hub,
             const struct gl_lives_limits *limits)
{
    struct gl_lives *lives = calloc(1, sizeof *lives);
    if (lives == NULL)
        return NULL;
    lives->base = base;
    lives->hub = hub;
    lives->limits = *limits;
    LIST_INIT(&lives->watchers);
    lives->look = event_new(base, -1, EV_PERSIST, on_look, lives);
    if (lives->look == NULL) {
        free(lives);
        return NULL;
    }
    return lives;
}

void
gl_lives_limit(struct gl_lives *lives, const struct gl_lives_limits *limits)
{
    lives->limits = *limits;
    lives->commits = 0; /* look again at who may watch */
}

void
gl_lives_attach(struct gl_lives *lives, const struct gl_access *access)
{
    static const struct timeval second = {1, 0};
    lives->access = access;
    event_add(lives->look, &second);
}

void
gl_lives_stop(struct gl_lives *lives)
{
    struct watcher *watcher;
    while ((watcher = LIST_FIRST(&lives->watchers)) != NULL) {
        watcher->ending = 1;
        gl_websocket_close(watcher->socket, GL_WEBSOCKET_AWAY);
        /* The loop has ended: one try, and what does not go stays. */
        bufferevent_disable(watcher->bev, EV_READ | EV_WRITE);
        evbuffer_unfreeze(bufferevent_get_output(watcher->bev), 1);
        evbuffer_write(bufferevent_get_output(watcher->bev),
                       bufferevent_getfd(watcher->bev));
        destroy(watcher);
    }
}

void
gl_lives_free(struct gl_lives *lives)
{
    if (lives != NULL)
        event_free(lives->look);
    free(lives);
}
