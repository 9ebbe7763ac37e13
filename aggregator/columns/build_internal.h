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
    uint32_t referrer, agent, place, screen, language;
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
    int open;          /* only what its first event tells is known */
    int other;         /* of the day after: what it has is not of this set */
    uint32_t was;      /* 1 + its number in the set that is added to; 0 = it
                          is new */
    uint32_t put;      /* 1 + its number in the set; 0 = it has no event */
    int64_t newest_ms; /* of its rows; 0 = it has none */
};

/* Engagement that no pageview is there for: one of the set that is added to
 * may be. */
struct gl_build_told {
    uint32_t visit, row; /* in visits, rows */
};

struct gl_building {
    int64_t day;
    int open;        /* of the day: a visit is */
    GArray *rows;    /* struct gl_build_row, in the order of rowids */
    guint engaged_n; /* of them, those of engagement */
    GArray *props;   /* struct gl_build_prop */
    GArray *paid;    /* struct gl_build_paid, by row */
    GArray *visits;  /* struct gl_build_visit, any order */
    GArray *told;    /* struct gl_build_told */
    struct gl_words words;
};

/* ---- build.c ---- */

/* All that is of a day, or what came to WAS since. */
struct gl_build_reading {
    const struct gl_build *build;
    struct gl_building *b;
    const struct gl_columns *was; /* NULL: all */
    int64_t after;                /* rowids above */
    GHashTable *went_on; /* visitors whose visits may go on the day after */
    GHashTable *met;     /* visitors of WAS, by number + 1 */
    int other;           /* 1 = it is the day after that is read */
};
void gl_building_init_(struct gl_building *b, const struct gl_build *build);
void gl_building_fini_(struct gl_building *b);
int gl_build_read_(struct gl_build_reading *reading);

/* ---- growth.c ---- */

/* SET has what B had, whose visits are sorted by visitor and start. */
void gl_growth_note_(struct gl_columns *set, const struct gl_building *b);

/* ---- engaged.c: NULL where nothing was told ---- */

struct gl_engaging;
struct gl_engaging *gl_engaging_new_(const struct gl_building *b);
void gl_engaging_view_(struct gl_engaging *engaging, uint32_t path,
                       uint32_t event);
/* 1, or 0: the visit has no pageview of the path. */
int gl_engaging_add_(struct gl_engaging *engaging,
                     const struct gl_build_row *row, uint32_t first,
                     const uint32_t *hosts);
void gl_engaging_end_(struct gl_engaging *engaging, struct gl_columns *set);

/* The set that B makes; B's arrays are sorted by it. */
struct gl_columns *gl_building_gather_(struct gl_building *b);

#endif
