/*
 * Numbers of the sites whose pages were asked for of late.  They are watched
 * as by a WebSocket, so that the next page of such a site is made of what the
 * loop thread has and waits for nobody.  Loop thread.
 */

#ifndef GL_KEPT_H
#define GL_KEPT_H

#include <event2/event.h>

#include "serve/hub.h"
#include "store/directory/directory.h"

struct gl_kept;

/* NULL when out of memory. */
struct gl_kept *gl_kept_new(struct event_base *base, struct gl_hub *hub);

/* The newest numbers of SITE, which exists; NULL = none yet, they come. */
const struct gl_news *gl_kept_news(struct gl_kept *kept,
                                   const struct gl_meta_site *site);

/* Watch nothing any more. */
void gl_kept_stop(struct gl_kept *kept);
void gl_kept_free(struct gl_kept *kept);

#endif
