/*
 * The door of one HTTP socket: an evhttp with every limit set, the number of
 * connections, and deadlines against slow requests.  Loop thread.
 */

#ifndef GL_DOOR_H
#define GL_DOOR_H

#include <event2/event.h>
#include <event2/http.h>
#include <stdint.h>

#include "serve/socket.h"

struct gl_door;

struct gl_door_rules {
    const char *name;         /* for the log: "admin" */
    size_t body_max;          /* bytes of a request's body */
    uint32_t connections_max; /* those that are no WebSocket */
    int request_ms;           /* first byte to last byte of a request */
    int own_users_only;       /* 1 = peers must be root or our own user */
    void (*request)(struct evhttp_request *req, void *arg);
    void *arg;
};

/* Takes SOCKET's descriptor.  NULL when out of memory. */
struct gl_door *gl_door_open(struct event_base *base,
                             struct gl_socket *listening,
                             const struct gl_door_rules *rules);

/* REQ's connection is a WebSocket from now on: no deadline, not counted. */
void gl_door_leave(struct gl_door *door, struct evhttp_request *req);

/* Closes all connections; NULL is allowed. */
void gl_door_close(struct gl_door *door);

#endif
