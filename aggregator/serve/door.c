/*
 * The door of one HTTP socket.  evhttp's own limits are unlimited by default
 * and it knows no deadline for a whole request, so a byte now and then would
 * hold a connection for ever; and it tells nobody when a connection that never
 * sent a request ends.  So the door makes each connection's bufferevent, keeps
 * a reference to it, and looks once a second: a bufferevent whose callbacks
 * are gone has been freed by evhttp.
 *
 *     FRESH ──first byte──► READING ──whole request──► BUSY
 *                              ▲                         │ reply sent
 *                              └──────first byte── IDLE ◄┘
 *
 * Too long in any of them but BUSY: the socket is shut down (CUT), evhttp sees
 * the end and frees it.  So is the one that has been in such a state for
 * longest, when a new one comes and there are too many: slow ones do not keep
 * others out.  What a request means is the business of the callback in the
 * rules.
 */

#include "serve/door.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/listener.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "clock.h"
#include "gl_assert.h"
#include "log.h"
#include "serve/reply.h"

#define GL_DOOR_HEADER_BYTES_MAX 8192 /* request line and headers */
#define GL_DOOR_STALL_S 60            /* of a reply that nobody reads */
#define GL_DOOR_IDLE_MS 10000         /* nginx keeps one for 5 s */
#define GL_DOOR_FIRST_BYTE_MS 10000   /* a connection that says nothing */
#define GL_DOOR_LOOK_S 1
#define GL_DOOR_READ_LEAST 4096 /* libevent's read, when there is more */
#define GL_DOOR_READ_BYTES (64 * 1024)

enum door_state {
    DOOR_FRESH = 0,
    DOOR_READING = 1,
    DOOR_BUSY = 2,
    DOOR_IDLE = 3,
    DOOR_CUT = 4 /* not counted any more */
};

struct connection {
    LIST_ENTRY(connection) link;
    struct gl_door *door;
    struct bufferevent *bev; /* one reference is ours */
    int64_t since_ms;        /* in this state */
    enum door_state state;
    int reads_on;
};

struct gl_door {
    LIST_ENTRY(gl_door) other;
    struct gl_door_rules rules;
    struct event_base *base;
    struct evhttp *http;
    struct evconnlistener *listener; /* owned by http */
    struct event *look;
    LIST_HEAD(, connection) connections;
    uint32_t connections_n;
    int closed; /* listener is switched off: too many */
};

/* Those that are open.  A listener that evhttp has tells evhttp's own data,
 * not ours, when accept fails.  Loop thread. */
static LIST_HEAD(, gl_door) doors = LIST_HEAD_INITIALIZER(doors);

static void
enter_state(struct connection *connection, enum door_state state)
{
    if (connection->state == DOOR_CUT)
        return;
    connection->state = state;
    connection->since_ms = gl_clock_boot_ms();
}

/* libevent reads 4 KiB a turn of the loop: of a long body, what is there. */
static void
read_on(struct connection *connection, struct evbuffer *input)
{
    struct evbuffer_iovec room;
    ssize_t n = -1;
    if (evbuffer_reserve_space(input, GL_DOOR_READ_BYTES, &room, 1) != 1)
        return;
    if (room.iov_len > GL_DOOR_READ_BYTES)
        room.iov_len = GL_DOOR_READ_BYTES;
    n = recv(bufferevent_getfd(connection->bev), room.iov_base, room.iov_len,
             MSG_DONTWAIT);
    if (n <= 0)
        return; /* libevent finds the same */
    room.iov_len = (size_t) n;
    connection->reads_on = 1;
    evbuffer_commit_space(input, &room, 1);
    connection->reads_on = 0;
}

static void
on_bytes(struct evbuffer *input, const struct evbuffer_cb_info *info,
         void *arg)
{
    struct connection *connection = arg;
    GL_ASSERT(input == bufferevent_get_input(connection->bev));
    if (info->n_added == GL_DOOR_READ_LEAST && !connection->reads_on &&
        connection->door->rules.body_max > GL_DOOR_READ_BYTES)
        read_on(connection, input);
    if (info->n_added > 0 &&
        (connection->state == DOOR_FRESH || connection->state == DOOR_IDLE))
        enter_state(connection, DOOR_READING);
}

static void
forget(struct connection *connection)
{
    struct gl_door *door = connection->door;
    GL_ASSERT(connection->state == DOOR_CUT || door->connections_n > 0);
    evbuffer_remove_cb(bufferevent_get_input(connection->bev), on_bytes,
                       connection);
    bufferevent_decref(connection->bev);
    LIST_REMOVE(connection, link);
    door->connections_n -= connection->state != DOOR_CUT;
    free(connection);
}

static void
cut(struct connection *connection)
{
    GL_ASSERT(connection->state != DOOR_CUT && connection->state != DOOR_BUSY);
    shutdown(bufferevent_getfd(connection->bev), SHUT_RDWR);
    connection->state = DOOR_CUT;
    connection->door->connections_n--;
}

static int
is_freed(struct connection *connection)
{
    bufferevent_data_cb on_read, on_write;
    bufferevent_event_cb on_event;
    bufferevent_getcb(connection->bev, &on_read, &on_write, &on_event, NULL);
    return on_read == NULL && on_write == NULL && on_event == NULL;
}

/* Those that have ended.  One that evhttp has not taken yet looks the same. */
static void
forget_freed(struct gl_door *door)
{
    struct connection *connection = LIST_FIRST(&door->connections);
    while (connection != NULL) {
        struct connection *next = LIST_NEXT(connection, link);
        if (is_freed(connection))
            forget(connection);
        connection = next;
    }
}

static int
is_late(const struct connection *connection, int64_t now_ms)
{
    int64_t age_ms = now_ms - connection->since_ms;
    switch (connection->state) {
    case DOOR_FRESH:
        return age_ms > GL_DOOR_FIRST_BYTE_MS;
    case DOOR_READING:
        return age_ms > connection->door->rules.request_ms;
    case DOOR_IDLE:
        return age_ms > GL_DOOR_IDLE_MS;
    case DOOR_BUSY:
    case DOOR_CUT:
        return 0;
    }
    return 0;
}

static void
look(evutil_socket_t fd, short what, void *arg)
{
    struct gl_door *door = arg;
    int64_t now_ms = gl_clock_boot_ms();
    struct connection *connection;
    (void) fd;
    (void) what;
    forget_freed(door);
    LIST_FOREACH (connection, &door->connections, link)
        if (is_late(connection, now_ms))
            cut(connection);
    if (door->closed && door->connections_n < door->rules.connections_max) {
        door->closed = 0;
        evconnlistener_enable(door->listener);
    }
}

/* nginx asks again when it loses a connection that was idle. */
static void
cut_slowest(struct gl_door *door)
{
    struct connection *connection, *slowest = NULL;
    LIST_FOREACH (connection, &door->connections, link)
        if (connection->state != DOOR_BUSY && connection->state != DOOR_CUT &&
            (slowest == NULL || connection->since_ms <= slowest->since_ms))
            slowest = connection;
    if (slowest != NULL)
        cut(slowest);
}

static void
close_listener(struct gl_door *door)
{
    if (!door->closed) {
        gl_log(GL_LOG_NOTICE, "%s socket: %u connections, no more for now",
               door->rules.name, door->connections_n);
        door->closed = 1;
        evconnlistener_disable(door->listener);
    }
}

/* accept failed, most likely out of descriptors: rest until the next look. */
static void
on_accept_error(struct evconnlistener *listener, void *arg)
{
    struct gl_door *door = LIST_FIRST(&doors);

    (void) arg;
    while (door != NULL && door->listener != listener)
        door = LIST_NEXT(door, other);
    GL_ASSERT(door != NULL);
    close_listener(door);
}

static struct bufferevent *
on_connection(struct event_base *base, void *arg)
{
    struct gl_door *door = arg;
    struct bufferevent *bev =
        bufferevent_socket_new(base, -1, BEV_OPT_CLOSE_ON_FREE);
    struct connection *connection = calloc(1, sizeof *connection);
    GL_ASSERT(base == door->base);
    if (bev == NULL || connection == NULL) {
        free(connection);
        return bev; /* evhttp makes its own when it is NULL */
    }
    /* Many short connections are not many at a time. */
    if (door->connections_n + 1 >= door->rules.connections_max)
        forget_freed(door);
    if (door->connections_n + 1 >= door->rules.connections_max)
        cut_slowest(door);
    connection->door = door;
    connection->bev = bev;
    bufferevent_incref(bev);
    evbuffer_add_cb(bufferevent_get_input(bev), on_bytes, connection);
    enter_state(connection, DOOR_FRESH);
    LIST_INSERT_HEAD(&door->connections, connection, link);
    if (++door->connections_n >= door->rules.connections_max)
        close_listener(door);
    return bev;
}

static struct connection *
find(struct gl_door *door, struct evhttp_request *req)
{
    struct evhttp_connection *conn = evhttp_request_get_connection(req);
    struct bufferevent *bev =
        conn == NULL ? NULL : evhttp_connection_get_bufferevent(conn);
    struct connection *connection;
    LIST_FOREACH (connection, &door->connections, link)
        if (connection->bev == bev)
            break;
    return connection;
}

static void
on_replied(struct evhttp_request *req, void *arg)
{
    struct connection *connection = find(arg, req);
    if (connection != NULL)
        enter_state(connection, DOOR_IDLE);
}

static int
peer_allowed(struct gl_door *door, struct evhttp_request *req)
{
    uid_t uid;
    if (!door->rules.own_users_only)
        return 1;
    return gl_reply_peer(req, &uid) == 0 && (uid == 0 || uid == geteuid());
}

static void
on_request(struct evhttp_request *req, void *arg)
{
    struct gl_door *door = arg;
    struct connection *connection = find(door, req);
    if (connection != NULL) {
        enter_state(connection, DOOR_BUSY);
        evhttp_request_set_on_complete_cb(req, on_replied, door);
    }
    if (!peer_allowed(door, req)) {
        gl_reply_refuse(req, 403, "this user may not use this socket");
        return;
    }
    const char *fault = gl_reply_fault(req);
    if (fault != NULL) {
        gl_reply_refuse(req, 400, fault);
        return;
    }
    door->rules.request(req, door->rules.arg);
}

static int
make_http(struct gl_door *door, struct gl_socket *listening)
{
    /* Other methods evhttp refuses by itself with 501. */
    const ev_uint16_t methods =
        EVHTTP_REQ_GET | EVHTTP_REQ_HEAD | EVHTTP_REQ_POST | EVHTTP_REQ_PUT |
        EVHTTP_REQ_DELETE | EVHTTP_REQ_OPTIONS | EVHTTP_REQ_PATCH;
    door->http = evhttp_new(door->base);
    if (door->http == NULL)
        return -1;
    evhttp_set_max_headers_size(door->http, GL_DOOR_HEADER_BYTES_MAX);
    evhttp_set_max_body_size(door->http, (ev_ssize_t) door->rules.body_max);
    evhttp_set_timeout(door->http, GL_DOOR_STALL_S);
    evhttp_set_allowed_methods(door->http, methods);
    evhttp_set_bevcb(door->http, on_connection, door);
    evhttp_set_gencb(door->http, on_request, door);
    door->listener = evconnlistener_new(
        door->base, NULL, NULL,
        LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC | LEV_OPT_DISABLED, 0,
        listening->fd);
    if (door->listener == NULL)
        return -1;
    listening->fd = -1;
    evconnlistener_set_error_cb(door->listener, on_accept_error);
    return evhttp_bind_listener(door->http, door->listener) != NULL ? 0 : -1;
}

struct gl_door *
gl_door_open(struct event_base *base, struct gl_socket *listening,
             const struct gl_door_rules *rules)
{
    static const struct timeval every = {GL_DOOR_LOOK_S, 0};
    struct gl_door *door = calloc(1, sizeof *door);
    if (door == NULL)
        return NULL;
    door->rules = *rules;
    door->base = base;
    LIST_INIT(&door->connections);
    LIST_INSERT_HEAD(&doors, door, other);
    door->look = event_new(base, -1, EV_PERSIST, look, door);
    if (door->look == NULL || event_add(door->look, &every) == -1 ||
        make_http(door, listening) == -1) {
        gl_door_close(door);
        return NULL;
    }
    evconnlistener_enable(door->listener);
    return door;
}

void
gl_door_leave(struct gl_door *door, struct evhttp_request *req)
{
    struct connection *connection = find(door, req);
    if (connection != NULL) {
        evhttp_request_set_on_complete_cb(req, NULL, NULL);
        forget(connection);
    }
}

void
gl_door_close(struct gl_door *door)
{
    struct connection *connection;
    if (door == NULL)
        return;
    LIST_REMOVE(door, other);
    if (door->http != NULL)
        evhttp_free(door->http);
    while ((connection = LIST_FIRST(&door->connections)) != NULL)
        forget(connection);
    if (door->look != NULL)
        event_free(door->look);
    free(door);
}
