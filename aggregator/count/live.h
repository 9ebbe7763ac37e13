/*
 * A site's live numbers: visitors of the last five minutes, pageviews of the
 * last thirty, and today's totals.  Rings of counters, tagged with the second
 * or minute they stand for, so that nothing needs clearing on time.
 */

#ifndef GL_LIVE_H
#define GL_LIVE_H

#include <stddef.h>

#include "count/count.h"
#include "count/live_numbers.h"

#define GL_LIVE_SECONDS 512 /* ring: the window and a clock 60 s ahead */
#define GL_LIVE_RING 64     /* minutes: 30 and as many ahead */

/* 8 bytes: the rings are most of what a quiet site's object is. */
struct gl_live_slot {
    uint32_t stands_for; /* second or minute since 1970 */
    uint32_t n;
};

/* Distinct visitors: a set of ids, open addressing, 0 = free place. */
struct gl_visitor_set {
    uint64_t *ids;
    size_t places, n;
};

struct gl_day_numbers {
    struct gl_visitor_set visitors;
    uint32_t visits, pageviews;
};

struct gl_live_counts {
    struct gl_live_slot seconds[GL_LIVE_SECONDS]; /* visitors by last act */
    struct gl_live_slot minutes[GL_LIVE_RING];    /* pageviews */
    int64_t day_start_ms, day_end_ms;
    struct gl_day_numbers today, tomorrow;
    int64_t last_ms; /* newest event, 0 = none */
};

void gl_live_init(struct gl_live_counts *live, int64_t day_start_ms,
                  int64_t day_end_ms);
void gl_live_fini(struct gl_live_counts *live);

/* Room for one more visitor in both days: 0, -1 out of memory.  Called before
 * anything is changed, so that gl_live_event() cannot fail. */
int gl_live_reserve(struct gl_live_counts *live);

/* A pageview or custom event of VISITOR.  BEFORE: the visitor's last one in
 * the visit, INT64_MIN = none.  NEW_VISIT: it starts a visit. */
void gl_live_event(struct gl_live_counts *live, const struct gl_row *row,
                   int64_t before_ms, int new_visit);

/* A stored event of a visit that is over: day and minutes only. */
void gl_live_past(struct gl_live_counts *live, const struct gl_row *row);

/* The visit that acted at LAST is no more the visitor's newest, or is. */
void gl_live_forget(struct gl_live_counts *live, int64_t last_ms);
void gl_live_remember(struct gl_live_counts *live, int64_t last_ms);

/* So many visits begun, or pageviews, more or less at AT than were told. */
void gl_live_recount(struct gl_live_counts *live, int64_t at_ms, int visits,
                     int pageviews);

void gl_live_turn_day(struct gl_live_counts *live, int64_t start_ms,
                      int64_t end_ms);

void gl_live_numbers(const struct gl_live_counts *live, int64_t now_ms,
                     struct gl_live_numbers *numbers);

size_t gl_live_bytes(const struct gl_live_counts *live);

#endif
