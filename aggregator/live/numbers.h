/* What is told of a site to those who look at it. */

#ifndef GL_LIVE_NUMBERS_H
#define GL_LIVE_NUMBERS_H

#include <jansson.h>
#include <stdint.h>

#include "count/site.h"
#include "live/condition.h"

#define GL_LIVE_CONDITIONS_MAX 8 /* more at once is nothing to read */

/* A site's live numbers, from committed rows only, and what to know beside
 * them. */
struct gl_live {
    int64_t id;     /* of the site */
    char site[254]; /* its domain */
    int64_t at_ms;
    const struct gl_zone *zone; /* the site's, as long as the writer lives */
    int known;                  /* 0 = the storage tells no numbers */
    int conditions_n;
    struct gl_condition conditions[GL_LIVE_CONDITIONS_MAX];
    struct gl_live_numbers numbers;
};

/* As JSON (live.get); the caller's. */
json_t *gl_live_json(const struct gl_live *live);

#endif
