/* WebSockets: GET /glinto/SITE/live.  Loop thread. */

#ifndef GL_LIVE_SERVE_H
#define GL_LIVE_SERVE_H

#include <event2/event.h>
#include <event2/http.h>
#include <stdint.h>

#include "serve/ask.h"
#include "serve/door.h"
#include "serve/hub.h"

struct gl_lives;

struct gl_lives *gl_lives_new(struct event_base *base, struct gl_asks *asks,
                              struct gl_hub *hub, uint32_t watchers_max);

/* Answer the handshake REQ, which came through DOOR, for SITE. */
void gl_lives_request(struct gl_lives *lives, struct gl_door *door,
                      struct evhttp_request *req, const char *site);

/* Tell every watcher 1001 and hang up. */
void gl_lives_stop(struct gl_lives *lives);
void gl_lives_free(struct gl_lives *lives);

#endif
