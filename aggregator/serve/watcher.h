/* WebSockets: GET /glinto/SITE/live.  Loop thread. */

#ifndef GL_LIVE_SERVE_H
#define GL_LIVE_SERVE_H

#include <event2/event.h>
#include <event2/http.h>
#include <stdint.h>

#include "access/access.h"
#include "serve/door.h"
#include "serve/hub.h"

struct gl_lives;

/* How many may watch. */
struct gl_lives_limits {
    uint32_t all;  /* in all */
    uint32_t site; /* one site */
};

struct gl_lives *gl_lives_new(struct event_base *base, struct gl_hub *hub,
                              const struct gl_lives_limits *limits);
/* From now on.  Who watches stays, unless the configuration, which may have
 * changed, shows them the site no more. */
void gl_lives_limit(struct gl_lives *lives,
                    const struct gl_lives_limits *limits);
void gl_lives_attach(struct gl_lives *lives, const struct gl_access *access);

/* Answer the handshake REQ, which came through DOOR, for the site NAME; or, TO
 * is GL_ACCESS_SHARE, of the link that NAME is the secret of. */
void gl_lives_request(struct gl_lives *lives, struct gl_door *door,
                      struct evhttp_request *req, enum gl_access_to to,
                      const char *name);

/* Tell every watcher 1001 and hang up. */
void gl_lives_stop(struct gl_lives *lives);
void gl_lives_free(struct gl_lives *lives);

#endif
