/*
 * Random events of a few visitors: pauses around the 30 minutes, three
 * midnights, some of them long on their way.
 */

#ifndef GL_TEST_HISTORY_H
#define GL_TEST_HISTORY_H

#include <stdlib.h>
#include <string.h>

#include "count/count.h"
#include "event.h"
#include "store_probe.h"
#include "tap.h"

#define EVENTS 400
#define MINUTE INT64_C(60000)
#define START (PROBE_DAY * GL_DAY_MS - 6 * 60 * MINUTE)

static int
by_time(const void *left, const void *right)
{
    const struct gl_row *a = left, *b = right;

    return (a->at_ms > b->at_ms) - (a->at_ms < b->at_ms);
}

/* Few visitors, pauses around the 30 minutes, three midnights. */
static void
make_events(struct gl_row *events)
{
    int64_t at_ms = START;

    memset(events, 0, EVENTS * sizeof *events);
    for (size_t i = 0; i < EVENTS; i++) {
        struct gl_row *event = &events[i];

        at_ms += (int64_t) tap_below(2 * 10 * MINUTE);
        event->at_ms = at_ms - at_ms % (MINUTE / 2);
        event->visitor = 1 + tap_below(5);
        event->host = 1;
        event->path = 1 + (uint32_t) tap_below(3);
        event->kind = (uint8_t) (1 + tap_below(3));
        event->server = tap_below(8) == 0;
        if (event->kind == GL_ENGAGEMENT)
            event->engagement_ms = 1 + (uint32_t) tap_below(1000);
    }
    qsort(events, EVENTS, sizeof *events, by_time);
}

/* Some events arrive up to two days after they happened. */
static void
delay_some(struct gl_row *events)
{
    for (size_t i = 0; i < EVENTS; i++) {
        size_t to = i + tap_below(EVENTS / 3);
        struct gl_row held = events[i];

        if (tap_below(8) != 0)
            continue;
        if (to >= EVENTS)
            to = EVENTS - 1;
        memmove(&events[i], &events[i + 1], (to - i) * sizeof *events);
        events[to] = held;
    }
}

#endif
