/*
 * Pages that are made before somebody asks: the page of a site as it is first
 * seen ("?" with nothing behind it, or a language), one for each way in which
 * readers are spoken to (gl_spoken()).  Once asked for it is kept, and made
 * anew a minute after visits have changed it, for as long as it is looked at;
 * so opening it asks no row.  What a stranger may see is a file that nginx
 * gives out by itself, too (folder.h); what he may not is here alone, and
 * whoever asks for it comes past access/ first.
 *
 *     asked for ──► kept ──minute, changed──► made anew
 *                    │ nobody looks for 10 min, or somebody changed the site
 *                    ▼
 *                  gone; the file is for the time while glintod is away
 *
 * Loop thread.
 */

#ifndef GL_AHEAD_H
#define GL_AHEAD_H

#include <event2/event.h>
#include <jansson.h>

#include "access/access.h"
#include "serve/ask.h"
#include "serve/hub.h"
#include "store/directory/directory.h"

struct gl_ahead;

/* Without memory GLib ends the process. */
struct gl_ahead *gl_ahead_new(struct event_base *base, struct gl_hub *hub,
                              struct gl_asks *asks);
/* FOLDER is for nginx: what is there from another life is kept where a
 * stranger may still see it.  From now on, when somebody has changed a site by
 * a verb, nothing of what it was is given out when he is answered, nor of what
 * a stranger may not see any more. */
void gl_ahead_attach(struct gl_ahead *ahead, const struct gl_access *access,
                     const char *folder);
/* The configuration has changed: which host shows what. */
void gl_ahead_reread(struct gl_ahead *ahead);
/* Nothing is new any more. */
void gl_ahead_stop(struct gl_ahead *ahead);
void gl_ahead_free(struct gl_ahead *ahead);

/* The page of SITE that is kept, for somebody who may see it and asked HOST
 * for it; LIVE, unless NULL: of these numbers.  NULL = there is none. */
const char *gl_ahead_page(struct gl_ahead *ahead,
                          const struct gl_meta_site *site, const char *host,
                          const json_t *live);

/* PAGE of SITE, made with LIVE, is kept, unless it was begun when there were
 * other CHANGES than now (gl_asks_changes()). */
void gl_ahead_keep(struct gl_ahead *ahead, const struct gl_meta_site *site,
                   const char *host, const char *page, const json_t *live,
                   unsigned changes);

/* HOST shows SITE, which is public, to everybody: nginx may keep its views. */
void gl_ahead_open(struct gl_ahead *ahead, const struct gl_meta_site *site,
                   const char *host);

#endif
