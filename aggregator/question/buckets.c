/* The minutes, hours, days, weeks and months of a range; see range.h. */

#include "question/range.h"

#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
/* No clock goes back further, and each by so much some times. */
#define BACK_MS_MAX (3 * HOUR_MS)
#define BACK_MS (HOUR_MS / 2)

/* 1970-01-01 was a Thursday. */
static int64_t
week_begins(int64_t date)
{
    int64_t after_monday = (date + 3) % 7;

    return date - (after_monday < 0 ? after_monday + 7 : after_monday);
}

enum gl_step
gl_range_step(const struct gl_time_range *range)
{
    int64_t len_ms = range->to_ms - range->from_ms;

    if (len_ms <= HOUR_MS)
        return GL_STEP_MINUTE;
    if (len_ms <= 2 * DAY_MS)
        return GL_STEP_HOUR;
    if (len_ms <= 40 * DAY_MS)
        return GL_STEP_DAY;
    return len_ms <= 52 * 7 * DAY_MS ? GL_STEP_WEEK : GL_STEP_MONTH;
}

static int64_t
local_ms(const struct gl_zone *zone, int64_t at_ms)
{
    return at_ms + gl_zone_ahead_ms(zone, at_ms);
}

/* The first second after FROM at which the clock is no longer as far ahead as
 * then, or TO. */
static int64_t
find_change(const struct gl_zone *zone, int64_t from_ms, int64_t to_ms)
{
    int64_t ahead = gl_zone_ahead_ms(zone, from_ms);

    if (gl_zone_ahead_ms(zone, to_ms) == ahead)
        return to_ms;
    while (to_ms - from_ms > SECOND_MS) {
        int64_t middle =
            from_ms + (to_ms - from_ms) / SECOND_MS / 2 * SECOND_MS;

        if (gl_zone_ahead_ms(zone, middle) == ahead)
            from_ms = middle;
        else
            to_ms = middle;
    }
    return to_ms;
}

/* The next beginning of an hour after AT.  A clock that jumps within an hour
 * (Lord Howe's, by half of one) begins none. */
static int64_t
next_hour(const struct gl_zone *zone, int64_t at_ms)
{
    for (;;) {
        int64_t local = local_ms(zone, at_ms), now;
        int64_t next =
            find_change(zone, at_ms, at_ms + HOUR_MS - local % HOUR_MS);

        local += next - at_ms - SECOND_MS; /* a second before */
        now = local_ms(zone, next);
        if (now % HOUR_MS == 0 || now / HOUR_MS != local / HOUR_MS)
            return next;
        at_ms = next;
    }
}

static int64_t
next_minute(const struct gl_zone *zone, int64_t at_ms)
{
    return find_change(zone, at_ms,
                       at_ms + MINUTE_MS - local_ms(zone, at_ms) % MINUTE_MS);
}

static int64_t
next_edge(const struct gl_zone *zone, int64_t at_ms, enum gl_step step)
{
    int64_t date;

    if (step == GL_STEP_MINUTE)
        return next_minute(zone, at_ms);
    if (step == GL_STEP_HOUR)
        return next_hour(zone, at_ms);
    date = gl_range_date_of_(zone, at_ms);
    if (step == GL_STEP_DAY)
        date += 1;
    else if (step == GL_STEP_WEEK)
        date = week_begins(date) + 7;
    else
        date = gl_range_month_begins(date, 1);
    return gl_zone_date_begins(zone, date);
}

/* The clock has shown AT's local hour, or minute, before: one so long. */
static int
comes_again(const struct gl_zone *zone, int64_t at_ms, int64_t long_ms)
{
    int64_t local = local_ms(zone, at_ms) / long_ms;

    for (int64_t back = MAX(BACK_MS, long_ms); back <= BACK_MS_MAX;
         back += MAX(BACK_MS, long_ms))
        if (local_ms(zone, at_ms - back) / long_ms >= local)
            return 1;
    return 0;
}

/* Of an hour or a minute, which is so long. */
static char *
clock_text(const struct gl_zone *zone, int64_t at_ms, int64_t long_ms)
{
    int64_t local = local_ms(zone, at_ms) / long_ms * long_ms;
    char *date = gl_range_date_text(local / DAY_MS), *text, *full;

    text = g_strdup_printf("%s %02d:%02d:00", date,
                           (int) (local % DAY_MS / HOUR_MS),
                           (int) (local % HOUR_MS / MINUTE_MS));
    g_free(date);
    if (!comes_again(zone, at_ms, long_ms))
        return text;
    full = gl_range_text(zone, at_ms);
    date = g_strconcat(text, full + strlen(full) - strlen("+00:00"), NULL);
    g_free(full);
    g_free(text);
    return date;
}

static char *
label(const struct gl_zone *zone, int64_t at_ms, enum gl_step step)
{
    switch (step) {
    case GL_STEP_MINUTE:
        return clock_text(zone, at_ms, MINUTE_MS);
    case GL_STEP_HOUR:
        return clock_text(zone, at_ms, HOUR_MS);
    case GL_STEP_MONTH:
        return gl_range_date_text(
            gl_range_month_begins(gl_range_date_of_(zone, at_ms), 0));
    case GL_STEP_DAY:
    case GL_STEP_WEEK:
        break;
    }
    return gl_range_date_text(gl_range_date_of_(zone, at_ms));
}

int
gl_range_buckets(const struct gl_zone *zone, const struct gl_time_range *range,
                 enum gl_step step, struct gl_buckets *buckets)
{
    int64_t at_ms = range->from_ms;

    buckets->edges = g_array_new(FALSE, FALSE, sizeof(int64_t));
    buckets->labels = g_ptr_array_new_with_free_func(g_free);
    g_array_append_val(buckets->edges, at_ms);
    while (at_ms < range->to_ms) {
        if (buckets->labels->len == GL_QUESTION_BUCKETS_MAX) {
            gl_buckets_fini(buckets);
            return -1;
        }
        g_ptr_array_add(buckets->labels, label(zone, at_ms, step));
        at_ms = MIN(next_edge(zone, at_ms, step), range->to_ms);
        g_array_append_val(buckets->edges, at_ms);
    }
    return 0;
}

void
gl_buckets_fini(struct gl_buckets *buckets)
{
    if (buckets->edges != NULL)
        g_array_free(buckets->edges, TRUE);
    if (buckets->labels != NULL)
        g_ptr_array_free(buckets->labels, TRUE);
    *buckets = (struct gl_buckets){0};
}
