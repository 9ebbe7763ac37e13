/* HTTP and JSON on the admin socket: the verbs of admin/verbs.def. */

#ifndef GL_ADMIN_H
#define GL_ADMIN_H

#include <event2/http.h>

#include "admin/table.h"
#include "serve/ask.h"
#include "serve/stream.h"

struct gl_admin {
    struct gl_asks *asks;
    struct gl_streams *streams;
};

/* Largest body of the socket: one log.chunk. */
#define GL_ADMIN_BODY_MAX GL_LOG_CHUNK_MAX
/* Of every other verb. */
#define GL_ADMIN_ARGS_MAX (64 * 1024)

/* Callback for a door; ARG is the struct gl_admin. */
void gl_admin_request(struct evhttp_request *req, void *arg);

#endif
