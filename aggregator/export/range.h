/* Which days of a site are exported. */

#ifndef GL_EXPORT_RANGE_H
#define GL_EXPORT_RANGE_H

#include <jansson.h>

#include "clock.h"
#include "store/meta/sites.h"

/* Of the site's zone, both included; NULL = all there is. */
struct gl_export_range {
    const char *from, *to; /* "2026-11-28" */
};

/* A gl_export_range as dates, days since 1970. */
struct gl_export_dates {
    struct gl_zone *zone;
    int64_t from, to;
};

/* 0 and *DATES, whose zone is the caller's, or a status with a sentence. */
int gl_export_dates_read(const struct gl_export_range *range,
                         const struct gl_meta_site *site,
                         struct gl_export_dates *dates, json_t **answer);

#endif
