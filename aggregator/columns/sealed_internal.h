/*
 * What sealed_pack.c, sealed_unpack.c and those who read parts share.  Names
 * end in _: nobody else's.
 */

#ifndef GL_COLUMNS_SEALED_INTERNAL_H
#define GL_COLUMNS_SEALED_INTERNAL_H

#include <glib.h>

#include "columns/columns.h"
#include "columns/pack.h"

/* Of the head: numbers of 32 bits, and then their CRC. */
enum gl_sealed_head_ {
    GL_SEALED_HEAD_VISITORS,
    GL_SEALED_HEAD_IMPORTED,
    GL_SEALED_HEAD_VISITS,
    GL_SEALED_HEAD_EVENTS,
    GL_SEALED_HEAD_END,     /* events_end */
    GL_SEALED_HEAD_COLUMNS, /* visitor_columns */
    GL_SEALED_HEAD_PROPS,
    GL_SEALED_HEAD_N
};

/* A difference as a number that is small when the difference is. */
static inline uint32_t
gl_sealed_fold_(uint32_t difference)
{
    return difference << 1 ^ (0 - (difference >> 31));
}

static inline uint32_t
gl_sealed_unfold_(uint32_t folded)
{
    return folded >> 1 ^ (0 - (folded & 1));
}

/* What its events say of a visit. */
struct gl_sealed_told_ {
    uint32_t views, bounced, seconds;
};

static inline struct gl_sealed_told_
gl_sealed_told_(const struct gl_columns *set, uint32_t visit)
{
    uint32_t first = set->visit_first[visit];
    uint32_t end = set->visit_first[visit + 1];
    struct gl_sealed_told_ told = {0, 0, 0};

    for (uint32_t e = first; e < end; e++)
        told.views += gl_columns_viewed(set, e);
    told.bounced = told.views <= 1 && told.views == end - first;
    if (end > first)
        told.seconds = (set->event_at[end - 1] - set->visit_at[visit]) / 1000;
    return told;
}

/* Of which event column the entry or exit COLUMN of visits is one. */
static inline int
gl_sealed_is_path_(int column)
{
    return column == GL_VISIT_ENTRY_PATH || column == GL_VISIT_EXIT_PATH;
}

static inline int
gl_sealed_is_end_(int column)
{
    return column == GL_VISIT_ENTRY_HOST || column == GL_VISIT_EXIT_HOST ||
           gl_sealed_is_path_(column);
}

/* What its first (entry) or last pageview says of COLUMN; 0 = it has none. */
static inline uint32_t
gl_sealed_end_(const struct gl_columns *set, int column, uint32_t visit)
{
    int exit = column == GL_VISIT_EXIT_HOST || column == GL_VISIT_EXIT_PATH;
    const struct gl_column *codes =
        &set->event_codes[gl_sealed_is_path_(column) ? GL_EVENT_PATH
                                                     : GL_EVENT_HOST];
    uint32_t first = set->visit_first[visit];
    uint32_t n = set->visit_first[visit + 1] - first;

    for (uint32_t i = 0; i < n; i++) {
        uint32_t event = exit ? first + n - 1 - i : first + i;

        if (gl_columns_viewed(set, event))
            return gl_column_at(codes, event);
    }
    return 0;
}

/* ---- sealed_unpack.c drives, sealed_parts.c reads ---- */

struct gl_sealed_from;

struct gl_unpacking_ {
    const struct gl_sealed_from *source;
    struct gl_columns *set;
    uint32_t props_n;
    GByteArray *bytes; /* of the part */
    struct gl_packed from;
    int rc;
};

/* A part of U->set, when u->rc is still 0; rc tells whether it is damaged. */
void gl_sealed_take_(struct gl_unpacking_ *u, int part);

/* ---- sealed_lists.c ---- */

void gl_sealed_take_midnight_(struct gl_unpacking_ *u);
void gl_sealed_take_engaged_(struct gl_unpacking_ *u);
void gl_sealed_take_paid_(struct gl_unpacking_ *u);
void gl_sealed_take_props_(struct gl_unpacking_ *u);

/* ---- unpacking.c ---- */

/* The bytes of PART are at u->from: 0, or -1 and there is nothing to take. */
int gl_unpacking_open_(struct gl_unpacking_ *u, int part);
/* All of it is taken, or it is damaged. */
void gl_unpacking_close_(struct gl_unpacking_ *u);
void gl_unpacking_damaged_(struct gl_unpacking_ *u);
/* Room for N of SIZE bytes; at least one, so that none is NULL. */
void *gl_unpacking_array_(struct gl_columns *set, size_t n, size_t size);

#endif
