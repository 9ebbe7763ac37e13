/*
 * Which crawler, fetcher or automation a User-Agent names itself: the
 * published list, and words that crawlers nobody has listed yet use.  A
 * client that lies about itself is not found here.
 */

#ifndef GL_ENRICH_BOTS_H
#define GL_ENRICH_BOTS_H

#include "pattern.h"

struct gl_bots;

/* NULL with *WHY a static sentence when FILE (bots.json) is unusable. */
struct gl_bots *gl_bots_new_(const char *file, const char **why);
void gl_bots_free_(struct gl_bots *bots);

/*
 * The family of the matcher's text, "" when it is none; lives as long as BOTS.
 * There are only as many families as the list has.
 */
const char *gl_bots_find_(struct gl_bots *bots, struct gl_matcher *matcher);

#endif
