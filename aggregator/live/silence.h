/*
 * When a site that is quiet is told to be silent.
 *
 * A site is silent when nothing has come for so long, ten minutes at least,
 * that just as much time from this time of the day on brought twenty pageviews
 * or more on the same weekday in each of the last three weeks.  A site that is
 * younger is compared with the weeks there are and the last three days; one of
 * less than three days with each ten minutes of the fifty before.
 *
 *     three weeks ago      ...│:.::..:.               │
 *     two weeks ago        ...│.:.:::..               │
 *     a week ago           ...│::.. .:.               │
 *     today                ...│        ▲ twenty in each of them: it is told
 *                       the last event
 *
 * Times are those of the site's local clock.  Who sleeps at night or on
 * Sundays is not silent, nor is a site after a burst, nor one with fewer than
 * twenty pageviews a day.  Everything is a function of the last event and of
 * rows before it: it is worked out once for each silence.
 *
 * Pure but for the time zones of the system.  Any thread.
 */

#ifndef GL_LIVE_SILENCE_H
#define GL_LIVE_SILENCE_H

#include <stdint.h>

#include "clock.h"

/* A phone's way through a tunnel, a reload of nginx are none. */
#define GL_SILENCE_LEAST_MS INT64_C(600000)
/* By chance a site that is half as busy as it used to be, ten where twenty
 * came, is quiet for so long once in twenty thousand waits (e^-10). */
#define GL_SILENCE_PAGEVIEWS 20

/* A time that is compared with, and its first pageviews, sorted. */
struct gl_silence_span {
    int64_t from_ms, to_ms;
    int64_t views_ms[GL_SILENCE_PAGEVIEWS];
    int n;
};

#define GL_SILENCE_SPANS_MAX 5
struct gl_silence {
    const struct gl_zone *zone;
    int64_t last_ms;
    struct gl_silence_span spans[GL_SILENCE_SPANS_MAX]; /* oldest first */
    int spans_n;
};

/* What is compared with when the last event came at LAST; SINCE: from then on
 * the site was counted.  ZONE is kept. */
void gl_silence_init(struct gl_silence *silence, const struct gl_zone *zone,
                     int64_t since_ms, int64_t last_ms);
/* A pageview of the site, in any order, also one that does not matter. */
void gl_silence_pageview(struct gl_silence *silence, int64_t at_ms);
/* From when on it is silent; INT64_MAX = it never will be. */
int64_t gl_silence_begins_ms(const struct gl_silence *silence);

#endif
