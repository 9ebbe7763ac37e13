/*
 * A day set: the visits of one site that began on one UTC day, and all their
 * events, as arrays of dictionary codes.  Never changed once it is made.
 *
 *   visitors   a            b      c
 *   visits     0      1     2      3          by visitor, then by start
 *   events     0 1 2  3 4   5 6 7  8          by visit, then by time
 *
 * A visit is whole in one set: its events after midnight are here, in the set
 * of the day it began, and not in the next one.  So whatever is asked of a
 * visit and its events is answered by one set, a carrier of a visit is not
 * needed, and a range is answered by its days and the day before.
 *
 * A visitor's id belongs to the day its visits began: of one that was not
 * imported (GL_VISITOR_IMPORTED) all visits are in one set.
 *
 * Script rows alone; engagement is told of the pageviews it follows; no
 * refresh within the site's window, but it is known to its visit (exit page,
 * length).
 */

#ifndef GL_COLUMNS_H
#define GL_COLUMNS_H

#include <stddef.h>
#include <stdint.h>

#include "columns/column.h"
#include "columns/money.h"

enum gl_event_column {
    GL_EVENT_HOST,
    GL_EVENT_PATH,
    GL_EVENT_NAME, /* 0 = a pageview */
    GL_EVENT_COLUMNS
};

enum gl_visit_column {
    GL_VISIT_REFERRER,
    GL_VISIT_AGENT,
    GL_VISIT_PLACE,
    GL_VISIT_SCREEN,
    GL_VISIT_LANGUAGE,
    GL_VISIT_ENTRY_HOST,
    GL_VISIT_ENTRY_PATH,
    GL_VISIT_EXIT_HOST,
    GL_VISIT_EXIT_PATH,
    GL_VISIT_COLUMNS
};

/* What a set may be without, when it was sealed and nobody asked for it. */
enum gl_part {
    GL_PART_IDS,      /* visitor_id */
    GL_PART_TIMES,    /* visit_at, event_at */
    GL_PART_MIDNIGHT, /* midnight: events of the day after alone */
    GL_PART_SUMS,     /* visit_bounced, visit_seconds, visit_views */
    GL_PART_PROPS,
    GL_PART_ENGAGED,
    GL_PART_PAID,
    GL_PART_EVENT,                                    /* event_codes[n]: + n */
    GL_PART_VISIT = GL_PART_EVENT + GL_EVENT_COLUMNS, /* visit_codes[n] */
    GL_PARTS = GL_PART_VISIT + GL_VISIT_COLUMNS
};
#define GL_PART_BIT(part) (1u << (part))
#define GL_PARTS_ALL ((1u << GL_PARTS) - 1)

/* Events that have a property, ascending, and its values. */
struct gl_prop_column {
    uint32_t key; /* code of prop_keys */
    uint32_t n;
    uint32_t *event;
    struct gl_column value; /* codes of prop_values */
};

/* Pageviews of which engagement told, ascending. */
struct gl_engaged {
    uint32_t n;
    uint32_t *event;
    struct gl_column ms;
    struct gl_column depth; /* of scrolling: percent + 1, 0 = not told */
};

/* Events of the day after, ascending; IS: one bit an event. */
struct gl_midnight {
    uint32_t n;
    uint32_t *event, *at;
    uint64_t *is;
};

/* Events that brought revenue, ascending. */
struct gl_paid {
    uint32_t n;
    uint32_t *event;
    struct gl_money *money;
};

struct gl_columns {
    int64_t day;
    size_t bytes; /* of all of it */
    uint32_t has; /* bits of enum gl_part: what is there, the rest is NULL */
    int open;     /* 1 = it may get more events, also of the day after */
    uint32_t visitors_n, visits_n, events_n, props_n;
    uint32_t events_end; /* after the last event, as event_at */

    uint64_t *visitor_id; /* ascending: imported ones are the last */
    uint32_t imported;    /* the first of these; visitors_n = there is none */

    uint32_t *visit_visitor;
    uint32_t *visit_first; /* [visits_n + 1]: its first event */
    uint32_t *visit_at;    /* start: ms since the day began */
    uint8_t *visit_bounced;
    struct gl_column visit_seconds; /* whole ones, to the last event */
    struct gl_column visit_views;
    /* of two that are the same, as entry and exit host where there is one,
     * or what no visit has, the later one is lent */
    struct gl_column visit_codes[GL_VISIT_COLUMNS];
    /* bit enum gl_visit_column: all visits of a visitor have the same code */
    uint32_t visitor_columns;

    uint32_t *event_at;     /* as visit_at; below two days */
    uint64_t *event_viewed; /* bits: 1 = a pageview, 0 = a custom event */
    struct gl_column event_codes[GL_EVENT_COLUMNS];

    struct gl_prop_column *props; /* by key */
    struct gl_midnight midnight;  /* where there is no event_at */
    struct gl_engaged engaged;
    struct gl_paid paid;

    struct gl_growth *growth; /* growth.h; NULL: it is never added to */
};

static inline uint32_t
gl_columns_viewed(const struct gl_columns *set, uint32_t event)
{
    return (uint32_t) (set->event_viewed[event / 64] >> event % 64) & 1;
}

void gl_columns_free(struct gl_columns *set);
/* A column of visits that is as an earlier one is lent from there. */
void gl_columns_lend(struct gl_columns *set, int column);

#endif
