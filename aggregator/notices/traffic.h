/*
 * Whether a site has far more or far fewer pageviews than usual, or none: by
 * whole hours of its local clock, beside the same hours of the same weekday in
 * up to four weeks before.  Fewer than three of them: nothing is told.
 *
 *     spike      the last hour has 100 pageviews or more, three times what is
 *                usual, and five standard deviations more; until it has less
 *                than twice
 *     drop       the last three hours have half of what is usual or less,
 *                where that is 100 or more, and five standard deviations less;
 *                until they have three quarters
 *     no events  nothing in the last hours, up to 24, which had 20 pageviews
 *                or more in each of the weeks before; until the first event
 *
 * Usual is the median of the weeks; its standard deviation that of a count,
 * its root.  Pure.
 */

#ifndef GL_NOTICES_TRAFFIC_H
#define GL_NOTICES_TRAFFIC_H

#include <stdint.h>

#define GL_TRAFFIC_HOURS 24
#define GL_TRAFFIC_WEEKS 4

/* Pageviews of whole hours, 0 the last one; WEEK 0 is this, 1 the one
 * before. */
struct gl_traffic {
    int64_t views[GL_TRAFFIC_WEEKS + 1][GL_TRAFFIC_HOURS];
    int weeks; /* before, that are known */
};

enum gl_traffic_state {
    GL_TRAFFIC_ENDS = 0,  /* it does not hold */
    GL_TRAFFIC_HOLDS = 1, /* it does */
    GL_TRAFFIC_STAYS = 2  /* it does if it did before */
};

struct gl_traffic_said {
    enum gl_traffic_state state;
    int hours; /* the last ones it is about */
    int64_t n, usual;
};

struct gl_traffic_told {
    struct gl_traffic_said spike, drop, none;
};

void gl_traffic_judge(const struct gl_traffic *traffic,
                      struct gl_traffic_told *told);

#endif
