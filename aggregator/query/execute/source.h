/*
 * The days that questions are counted from: sets and sums, from the shelf or
 * made now.  What late rows change is made for this one question.
 *
 * Any one thread, with a reader of its own.
 */

#ifndef GL_QUERY_EXECUTE_SOURCE_H
#define GL_QUERY_EXECUTE_SOURCE_H

#include "columns/build.h"
#include "columns/shelf.h"
#include "query/sums/sums.h"

struct gl_source {
    struct gl_shelf *shelf;
    uint64_t question;     /* gl_shelf_question() */
    struct gl_build build; /* of each day in turn */
    const uint64_t *token; /* of that day, and of ten after it */
    uint32_t wants;        /* gl_plans_parts() of that day */
    int sealed;            /* is the day?  -1 = nobody has looked */
    uint32_t events_end;   /* of its set, when it is */
    int64_t no_days;       /* day 0 of eight of which one is not sealed */

    struct gl_columns *own; /* what is lent: one that nobody else may see */
    struct gl_shelved *set;
};

/* The set of the day: 0 and *SET, until it is put back; or as
 * gl_columns_build(). */
int gl_source_set(struct gl_source *source, const struct gl_columns **set);
void gl_source_put_back(struct gl_source *source);

/* The day is sealed as its token says: 1, 0 or -enum gl_store_error. */
int gl_source_is_sealed(struct gl_source *source);

/* 1 = no event of the day's set is at FROM_MS or later, 0 = perhaps; or -enum
 * gl_store_error. */
int gl_source_is_before(struct gl_source *source, int64_t from_ms);

/*
 * Add all of the day to what TALLYING has, from sums, where nothing of it is
 * out of range or filtered: what could be added is done, and the set need not
 * be counted for it.  0, or as gl_columns_build().
 */
int gl_source_sums(struct gl_source *source, struct gl_tallying *tallying);

#endif
