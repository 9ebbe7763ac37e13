/* What an account has used: events by day.  Any thread, with a reader of its
 * own. */

#ifndef GL_STORE_USAGE_H
#define GL_STORE_USAGE_H

#include <stdatomic.h>
#include <stdint.h>

struct gl_meta;

/* Rows of one UTC day: pageviews and custom events; none is of engagement. */
struct gl_usage_day {
    int64_t day; /* since 1970 */
    int64_t events, imported;
};

/*
 * Days FIRST to LAST of ACCOUNT that have some, in order, to EACH.  Rows that
 * were let go are among EVENTS; what was erased is in neither.  Only the
 * folder of META is used.  It looks at every row since FIRST, and ends when
 * STOPPING is not 0.  0; -1: it ended, or the file cannot be read now.
 */
int gl_usage_read(const struct gl_meta *meta, const char *account,
                  int64_t first, int64_t last, const atomic_int *stopping,
                  void (*each)(void *arg, const struct gl_usage_day *day),
                  void *arg);

#endif
