/* What is told of a site as it happens. */

#ifndef GL_COUNT_LIVE_NUMBERS_H
#define GL_COUNT_LIVE_NUMBERS_H

#include <stdint.h>

#define GL_LIVE_WINDOW_S 300 /* live visitors: 5 minutes */
#define GL_LIVE_MINUTES 30

struct gl_live_numbers {
    uint32_t visitors; /* distinct, pageview or custom event in 5 minutes */
    uint32_t pageviews_30m[GL_LIVE_MINUTES]; /* oldest first; last = this
                                                minute */
    uint32_t today_visitors, today_visits, today_pageviews;
    int64_t last_ms; /* newest event that is known; 0 = none */
};

#endif
