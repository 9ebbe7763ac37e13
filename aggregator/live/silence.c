/* What a silence is; see silence.h. */

#include "live/silence.h"

#include <glib.h> /* MAX */
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define WEEKS 3
#define DAYS 3
#define WINDOWS 5
#define WINDOW_MS INT64_C(600000)

/* What the local clock shows, as ms since 1970; and when it does. */
static int64_t
local_ms(const struct gl_zone *zone, int64_t at_ms)
{
    return at_ms + gl_zone_ahead_ms(zone, at_ms);
}

static int64_t
utc_ms(const struct gl_zone *zone, int64_t shown_ms)
{
    int64_t near_ms = shown_ms - gl_zone_ahead_ms(zone, shown_ms);

    return shown_ms - gl_zone_ahead_ms(zone, near_ms);
}

static void
add(struct gl_silence *silence, int64_t from_ms, int64_t to_ms)
{
    struct gl_silence_span *span = &silence->spans[silence->spans_n++];

    span->from_ms = from_ms;
    span->to_ms = to_ms;
}

/* From the time of the last event on, so many days before: 1, or 0 when the
 * site was not counted yet. */
static int
add_day(struct gl_silence *silence, int64_t since_ms, int days)
{
    int64_t shown_ms = local_ms(silence->zone, silence->last_ms);
    int64_t from_ms = utc_ms(silence->zone, shown_ms - days * DAY_MS);

    if (from_ms < since_ms)
        return 0;
    add(silence, from_ms,
        utc_ms(silence->zone, shown_ms - (days - 1) * DAY_MS));
    return 1;
}

void
gl_silence_init(struct gl_silence *silence, const struct gl_zone *zone,
                int64_t since_ms, int64_t last_ms)
{
    int weeks = 0, days = 0;

    memset(silence, 0, sizeof *silence);
    silence->zone = zone;
    silence->last_ms = last_ms;
    for (int week = WEEKS; week > 0; week--)
        weeks += add_day(silence, since_ms, 7 * week);
    for (int day = DAYS; day > 0 && weeks < WEEKS; day--)
        days += add_day(silence, since_ms, day);
    if (weeks == WEEKS || days == DAYS)
        return;
    silence->spans_n = 0;
    for (int i = WINDOWS; i > 0; i--) /* up to LAST itself */
        add(silence, last_ms + 1 - i * WINDOW_MS,
            last_ms + 1 - (i - 1) * WINDOW_MS);
}

static void
keep_first(struct gl_silence_span *span, int64_t at_ms)
{
    int i = span->n;

    if (i == GL_SILENCE_PAGEVIEWS && span->views_ms[--i] <= at_ms)
        return;
    if (span->n < GL_SILENCE_PAGEVIEWS)
        span->n++;
    for (; i > 0 && span->views_ms[i - 1] > at_ms; i--)
        span->views_ms[i] = span->views_ms[i - 1];
    span->views_ms[i] = at_ms;
}

void
gl_silence_pageview(struct gl_silence *silence, int64_t at_ms)
{
    for (int i = 0; i < silence->spans_n; i++)
        if (at_ms >= silence->spans[i].from_ms &&
            at_ms < silence->spans[i].to_ms)
            keep_first(&silence->spans[i], at_ms);
}

int64_t
gl_silence_begins_ms(const struct gl_silence *silence)
{
    int64_t longest_ms = 0;

    for (int i = 0; i < silence->spans_n; i++) {
        const struct gl_silence_span *span = &silence->spans[i];
        int64_t enough_ms = span->views_ms[GL_SILENCE_PAGEVIEWS - 1];

        if (span->n < GL_SILENCE_PAGEVIEWS)
            return INT64_MAX;
        longest_ms =
            MAX(longest_ms, local_ms(silence->zone, enough_ms) -
                                local_ms(silence->zone, span->from_ms));
    }
    int64_t begins_ms = utc_ms(
        silence->zone, local_ms(silence->zone, silence->last_ms) + longest_ms);
    return MAX(begins_ms, silence->last_ms + GL_SILENCE_LEAST_MS);
}
