/*
 * What a day's set sums up to by each dimension, as it was sealed, so that a
 * question without a filter reads no set.
 *
 * Any one thread, with a reader of its own.
 */

#ifndef GL_QUERY_SUMS_SEALED_SUMS_H
#define GL_QUERY_SUMS_SEALED_SUMS_H

#include "columns/sealed.h"
#include "query/sums/sums.h"

/*
 * Where they are among the sums of a day:
 *
 *   0           by no dimension; of time where a day has no edge
 *   1 + what    by a dimension; of time by local days
 *   HOURS       by local hours
 *
 * of the whole day, and then the same, PART further each, of the day until the
 * local midnight in it, and from there on.
 */
enum {
    GL_SUMS_NONE = 0,
    GL_SUMS_DAYS = 1 + GL_DIMENSION_TIME,
    GL_SUMS_HOURS = 1 + GL_DIMENSION_N,
    GL_SUMS_PART,
    GL_SUMS_PARTS = 3
};
_Static_assert(GL_SUMS_PARTS *GL_SUMS_PART <= GL_SEALED_SUMS_MAX,
               "there is room for each");

/* What gl_sums_pack() is told of those by WHICH, below PART: since dimensions
 * may be put in another order. */
uint32_t gl_sealed_sums_what(unsigned which);

/* Those OF that of DAY, which is sealed, by the dimension of PLAN, NULL = by
 * none: 0 and *SUMS, NULL = there are none such; or -enum gl_store_error. */
int gl_sealed_sums_load(struct gl_account *reader,
                        const struct gl_sealed_day *day, struct gl_stretch of,
                        const struct gl_plan *plan, struct gl_sums **sums);

#endif
