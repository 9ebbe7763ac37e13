/* What the engine says of a site's day, as lines of the ten tables. */

#ifndef GL_EXPORT_DAY_H
#define GL_EXPORT_DAY_H

#include <glib.h>
#include <jansson.h>

#include "store/rows/day_tables.h"
#include "calls/query.h"
#include "store/meta/sites.h"

struct gl_export_day {
    const struct gl_query_view *view;
    const struct gl_meta_site *site;
    struct gl_account *reader;
    int64_t begun_us; /* of what may take GL_QUERY_DEADLINE_MS */
    int64_t from_ms, to_ms;
    const char *date;                  /* "2026-11-28" */
    GPtrArray *lines[GL_DAY_TABLES_N]; /* out: char *, without their end */
    json_t **answer;                   /* out: why not */

    GHashTable *_hosts; /* page -> struct host of most pageviews */
};

/* 0, or a status with a sentence. */
int gl_export_day_(struct gl_export_day *day);

#endif
