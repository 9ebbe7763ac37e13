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
    uint32_t host, path, name;
    uint32_t referrer, agent, place, screen;
    uint32_t prop; /* its first in gl_building.props */
    uint8_t props_n;
    uint8_t kind, mark, passive;
};

struct gl_build_prop {
    uint32_t key, value;
};

/* A visit as it is stored, or will be. */
struct gl_build_visit {
    struct gl_visit visit;
    int open;  /* only what its first event tells is known */
    int other; /* of the day after: what it has is not of this set */
};

struct gl_building {
    int64_t day;
    int open;       /* of the day: a visit is */
    GArray *rows;   /* struct gl_build_row, in the order of rowids */
    GArray *props;  /* struct gl_build_prop */
    GArray *visits; /* struct gl_build_visit, any order */
    struct gl_words words;
};

/* The set that B makes; B's arrays are sorted by it. */
struct gl_columns *gl_building_gather_(struct gl_building *b);

#endif
