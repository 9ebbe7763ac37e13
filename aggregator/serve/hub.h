/*
 * The hub of live numbers: who looks at which site, and the newest numbers of
 * each site looked at.  Numbers come from the writer thread; a site's watchers
 * share one JSON text and one WebSocket frame a change.
 */

#ifndef GL_HUB_H
#define GL_HUB_H

#include <event2/event.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "writer/writer.h"

struct gl_hub;
struct gl_topic;

/* One state of a site's numbers, in the two forms it is sent in. */
struct gl_news {
    char *text; /* one JSON object, no line end */
    size_t text_len;
    uint8_t *frame; /* the same as an unmasked WebSocket text frame */
    size_t frame_len;
    json_t *object; /* the same for a page */
};

/* Part of whatever watches.  Loop thread. */
struct gl_watch {
    LIST_ENTRY(gl_watch) link;
    struct gl_topic *topic; /* NULL = watches nothing */
    int outside;            /* 1 = somebody outside: gl_hub_outside() */
    /* News of the topic.  May leave, also itself.  NEWS is valid until the
     * next news; ask gl_hub_news() for it later. */
    void (*changed)(struct gl_watch *watch, const struct gl_news *news);
};

struct gl_hub *gl_hub_new(struct event_base *base);
void gl_hub_attach(struct gl_hub *hub, struct gl_ingest *ingest);
/* After the writer thread has stopped and everybody has left. */
void gl_hub_free(struct gl_hub *hub);

/* LIVE as watchers and pages are told of it: as live.get has it, and how high
 * its bars are (dashboard/bars.h).  The caller's. */
json_t *gl_hub_object(const struct gl_live *live);

/* Any thread.  Numbers of a site nobody watches are dropped. */
void gl_hub_put(struct gl_hub *hub, const struct gl_live *live);

/* Watch the site with ID, which is called SITE.  0, or -1 when out of memory.
 * CHANGED follows, never before this returns, also when the numbers are
 * already known. */
int gl_hub_join(struct gl_hub *hub, struct gl_watch *watch, const char *site,
                int64_t id);
void gl_hub_leave(struct gl_hub *hub, struct gl_watch *watch);

/* One WebSocket more (1) or less (-1), for who measures. */
void gl_hub_socket(struct gl_hub *hub, int change);

/* How many from outside watch the site with ID. */
size_t gl_hub_outside(struct gl_hub *hub, int64_t id);

/* The site of WATCH's topic, as it was called when the first came to it. */
const char *gl_hub_site(const struct gl_watch *watch);

/* Its id. */
int64_t gl_hub_site_id(const struct gl_watch *watch);

/* The newest news of WATCH's topic; NULL = none yet. */
const struct gl_news *gl_hub_news(const struct gl_watch *watch);

#endif
