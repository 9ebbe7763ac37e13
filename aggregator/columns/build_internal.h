/*
 * What build.c (reading) and gather.c (arrays) share.  Names end in _: nobody
 * else's.
 */

#ifndef GL_COLUMNS_BUILD_INTERNAL_H
#define GL_COLUMNS_BUILD_INTERNAL_H

#include <glib.h>

#include "columns/columns.h"
#include "count/count.h"

/* A row as it is read. */
struct gl_build_row {
    int64_t id, at_ms;
    uint64_t visitor;
    uint32_t host, path;
    union {
        uint32_t name;
        uint32_t engagement_ms; /* of engagement */
    };
    uint32_t referrer, agent, place, screen;
    uint32_t prop; /* its first in gl_building.props */
    uint8_t props_n;
    uint8_t kind, mark, passive;
    uint8_t scroll_depth; /* percent + 1, 0 = missing */
    uint8_t paid;         /* 1 = it is in gl_building.paid */
};

struct gl_build_prop {
    uint32_t key, value;
};

struct gl_build_paid {
    uint32_t row;
    struct gl_money money;
};

/* A visit as it is stored, or will be. */
struct gl_build_visit {
    struct gl_visit visit;
    int open;  /* only what its first event tells is known */
    int other; /* of the day after: what it has is not of this set */
};

struct gl_building {
    int64_t day;
    int open;        /* of the day: a visit is */
    GArray *rows;    /* struct gl_build_row, in the order of rowids */
    guint engaged_n; /* of them, those of engagement */
    GArray *props;   /* struct gl_build_prop */
    GArray *paid;    /* struct gl_build_paid, by row */
    GArray *visits;  /* struct gl_build_visit, any order */
    struct gl_words words;
};

/* ---- engaged.c: NULL where nothing was told ---- */

struct gl_engaging;
struct gl_engaging *gl_engaging_new_(const struct gl_building *b);
void gl_engaging_view_(struct gl_engaging *engaging, uint32_t path,
                       uint32_t event);
void gl_engaging_add_(struct gl_engaging *engaging,
                      const struct gl_build_row *row, uint32_t first,
                      const uint32_t *hosts);
void gl_engaging_end_(struct gl_engaging *engaging, struct gl_columns *set);

/* The set that B makes; B's arrays are sorted by it. */
struct gl_columns *gl_building_gather_(struct gl_building *b);

#endif
