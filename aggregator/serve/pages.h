/* What a browser gets below /glinto/.  Loop thread. */

#ifndef GL_PAGES_H
#define GL_PAGES_H

#include <event2/http.h>

#include "serve/door.h"
#include "serve/kept.h"
#include "serve/watcher.h"

struct gl_pages {
    struct gl_directory *directory;
    struct gl_hub *hub;
    struct gl_kept *kept;
    struct gl_lives *lives;
    struct gl_door *door; /* the requests come through it */
};

/* Callback for a door; ARG is the struct gl_pages. */
void gl_pages_request(struct evhttp_request *req, void *arg);

#endif
