/*
 * The first numbers of a site that nobody has looked at for a while: they are
 * asked for by looking at it, and waited for as long as a page may take.  Loop
 * thread.
 */

#ifndef GL_FIRST_H
#define GL_FIRST_H

#include <event2/http.h>
#include <jansson.h>

#include "serve/hub.h"
#include "store/directory/directory.h"

/* LIVE: the numbers, or null where they were not there in time. */
typedef void gl_first_done(void *arg, struct evhttp_request *req,
                           const struct gl_meta_site *site,
                           const json_t *live);

/* DONE answers REQ once; unless it goes before. */
void gl_first_wait(struct gl_hub *hub, struct evhttp_request *req,
                   const struct gl_meta_site *site, gl_first_done *done,
                   void *arg);

#endif
