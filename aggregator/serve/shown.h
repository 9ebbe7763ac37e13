/*
 * Which sites nginx shows by itself, and on which hosts: what is in its folder
 * (folder.h) and why.  A site is there as long as a stranger who asked that
 * host for it would be let in by access/.  Loop thread.
 */

#ifndef GL_SHOWN_H
#define GL_SHOWN_H

#include "access/access.h"

struct gl_shown;

/* What is in FOLDER already, from another life, is looked at; the assets of
 * pages are put there.  Never NULL. */
struct gl_shown *gl_shown_new(const struct gl_access *access,
                              const char *folder);
void gl_shown_free(struct gl_shown *shown);

/* HOST shows SITE, if a stranger may see it there: 1 = and nginx has no page
 * of it yet. */
int gl_shown_open(struct gl_shown *shown, const struct gl_meta_site *site,
                  const char *host);
/* PAGE is what its hosts give out to those who are spoken to so. */
void gl_shown_put(struct gl_shown *shown, int64_t id, const char *page);
/* It is new no more. */
void gl_shown_rest(struct gl_shown *shown, int64_t id);
/* Nothing of the site that is stored as DOMAIN. */
void gl_shown_remove(struct gl_shown *shown, const char *domain);
/* Nothing that a stranger may not see now. */
void gl_shown_check(struct gl_shown *shown);
/* What nginx says by itself is written, in the languages of now. */
void gl_shown_asides(struct gl_shown *shown);

#endif
