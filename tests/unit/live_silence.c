/*
 * Promise: a site is told to be silent when nothing came for so long that the
 * same time of the day brought enough on the same weekday of each of the last
 * weeks, and never because it sleeps: at night, on Sundays, after a burst,
 * over a change of the clocks.  A plain twin, which counts every moment anew
 * with the C library's calendar, says the same of random histories.
 */

#include "live/silence.h"
#include "tap.h"

#include <stdlib.h>
#include <time.h>

#define SECOND INT64_C(1000)
#define MINUTE (60 * SECOND)
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)
#define NEVER INT64_MAX
#define EVENTS_MAX 200000

static struct gl_zone *zone;
static int64_t events[EVENTS_MAX];
static size_t events_n;
static int64_t since_ms; /* from when the site was counted */

static void
live_in(const char *name)
{
    gl_zone_free(zone);
    zone = gl_zone_new(name);
    setenv("TZ", name, 1);
    tzset();
    events_n = 0;
}

/* When the local clock shows it. */
static int64_t
local(int year, int month, int day, int hour, int minute)
{
    struct tm tm = {.tm_year = year - 1900,
                    .tm_mon = month - 1,
                    .tm_mday = day,
                    .tm_hour = hour,
                    .tm_min = minute,
                    .tm_isdst = -1};

    return (int64_t) mktime(&tm) * 1000;
}

/* Every EVERY from FROM on and before TO. */
static void
come(int64_t from_ms, int64_t to_ms, int64_t every_ms)
{
    for (; from_ms < to_ms; from_ms += every_ms) {
        if (events_n == EVENTS_MAX)
            tap_bail("too many events");
        events[events_n++] = from_ms;
    }
}

/* The last event: all before it is known, nothing after it. */
static int64_t
last(void)
{
    int64_t last_ms = 0;

    for (size_t i = 0; i < events_n; i++)
        if (events[i] > last_ms)
            last_ms = events[i];
    return last_ms;
}

static int64_t
begins(void)
{
    struct gl_silence silence;

    gl_silence_init(&silence, zone, since_ms, last());
    for (size_t i = 0; i < events_n; i++)
        gl_silence_pageview(&silence, events[i]);
    return gl_silence_begins_ms(&silence);
}

/* ---- the twin ---- */

static int64_t
days_before(int64_t at_ms, int days)
{
    time_t at_s = (time_t) (at_ms / 1000);
    struct tm tm;

    localtime_r(&at_s, &tm);
    tm.tm_mday -= days;
    tm.tm_isdst = -1;
    return (int64_t) mktime(&tm) * 1000 + at_ms % 1000;
}

static int
enough(int64_t from_ms, int64_t to_ms)
{
    int n = 0;

    for (size_t i = 0; i < events_n; i++)
        n += events[i] >= from_ms && events[i] <= to_ms;
    return n >= 20;
}

static int
enough_before(int64_t last_ms, int64_t now_ms, int days)
{
    return enough(days_before(last_ms, days), days_before(now_ms, days));
}

static int
twin_is_silent(int64_t now_ms)
{
    int64_t last_ms = last(), day_ms = days_before(last_ms, -1) - 1;
    int weeks = 0, silent = 1;

    if (now_ms < last_ms + 10 * MINUTE)
        return 0;
    if (now_ms > day_ms)
        now_ms = day_ms;
    for (int week = 1; week <= 3; week++)
        if (days_before(last_ms, 7 * week) >= since_ms) {
            silent &= enough_before(last_ms, now_ms, 7 * week);
            weeks++;
        }
    if (weeks == 3)
        return silent;
    if (days_before(last_ms, 3) >= since_ms) {
        for (int day = 1; day <= 3; day++)
            silent &= enough_before(last_ms, now_ms, day);
        return silent;
    }
    for (int i = 0; i < 5; i++)
        silent &= enough(last_ms + 1 - (i + 1) * 10 * MINUTE,
                         last_ms - i * 10 * MINUTE);
    return silent;
}

/* ---- a site that sleeps ---- */

/* Open from eight to eight, a view every half minute. */
static void
office(int year, int month, int first, int last_day, int weekends)
{
    for (int day = first; day <= last_day; day++) {
        int64_t open_ms = local(year, month, day, 8, 0);
        time_t open_s = (time_t) (open_ms / 1000);
        struct tm tm;

        localtime_r(&open_s, &tm);
        if (weekends || (tm.tm_wday != 0 && tm.tm_wday != 6))
            come(open_ms, local(year, month, day, 20, 0), MINUTE / 2);
    }
}

static void
test_night(void)
{
    live_in("Europe/Berlin");
    since_ms = local(2026, 9, 1, 0, 0);
    office(2026, 9, 1, 28, 1);
    tap_int(begins(), local(2026, 9, 29, 8, 9),
            "who sleeps at night is silent when it should have woken");
    come(local(2026, 9, 29, 8, 0), local(2026, 9, 29, 12, 0), MINUTE / 2);
    tap_int(begins(), last() + 10 * MINUTE,
            "and at noon ten minutes after it stopped");
    live_in("Europe/Berlin");
    since_ms = local(2026, 9, 1, 0, 0);
    office(2026, 9, 1, 5, 1);
    tap_int(begins(), local(2026, 9, 6, 8, 9),
            "so does one of five days, by its last three");
}

static void
test_weekend(void)
{
    live_in("America/New_York");
    since_ms = local(2026, 9, 1, 0, 0);
    office(2026, 9, 1, 25, 0); /* to a Friday */
    tap_int(begins(), NEVER, "a Saturday without a view is none");
    come(local(2026, 9, 28, 8, 0), local(2026, 9, 28, 8, 30), MINUTE / 2);
    tap_int(begins(), last() + 10 * MINUTE, "a Monday is");
}

static void
test_clocks(void)
{
    live_in("Europe/Berlin");
    since_ms = local(2026, 10, 1, 0, 0);
    office(2026, 10, 1, 24, 1);
    tap_int(begins(), local(2026, 10, 25, 8, 9),
            "the night in which summer time ends is an hour longer");
    live_in("Europe/Berlin");
    since_ms = local(2026, 3, 1, 0, 0);
    office(2026, 3, 1, 28, 1);
    tap_int(begins(), local(2026, 3, 29, 8, 9),
            "the one in which it begins an hour shorter");
    office(2026, 3, 29, 31, 1);
    tap_int(begins(), local(2026, 4, 1, 8, 9),
            "and weeks before and after it have the same hours");
}

/* ---- a site that does not ---- */

static void
test_steady(void)
{
    live_in("UTC");
    since_ms = local(2026, 9, 1, 0, 0);
    come(since_ms, local(2026, 9, 28, 3, 0), 20 * SECOND);
    tap_int(begins(), last() + 10 * MINUTE, "a busy site: ten minutes");
    live_in("UTC");
    come(since_ms, local(2026, 9, 28, 3, 0), 6 * MINUTE);
    tap_int(begins(), last() + 19 * 6 * MINUTE,
            "ten views an hour: two hours");
    live_in("UTC");
    come(since_ms, local(2026, 9, 28, 3, 0), 2 * HOUR);
    tap_int(begins(), NEVER, "twelve a day: never");
}

static void
test_young(void)
{
    live_in("UTC");
    since_ms = local(2026, 9, 1, 0, 0);
    come(local(2026, 9, 1, 12, 0), local(2026, 9, 1, 12, 50), 20 * SECOND);
    tap_int(begins(), last() + 10 * MINUTE, "new, and busy for fifty minutes");
    live_in("UTC");
    come(local(2026, 9, 1, 12, 0), local(2026, 9, 1, 12, 39), 20 * SECOND);
    tap_int(begins(), NEVER, "for thirty-nine");
    live_in("UTC");
    come(local(2026, 9, 1, 12, 0), local(2026, 9, 1, 12, 2), SECOND);
    tap_int(begins(), NEVER, "a burst alone");
    live_in("UTC");
    come(since_ms, local(2026, 9, 28, 12, 0), HOUR);
    come(local(2026, 9, 28, 12, 0), local(2026, 9, 28, 12, 5), SECOND / 2);
    tap_int(begins(), last() + 19 * HOUR + 55 * MINUTE + SECOND / 2,
            "a burst of a quiet site: as ever");
    live_in("UTC");
    come(local(2026, 9, 21, 9, 0), local(2026, 9, 21, 10, 0), SECOND);
    come(since_ms, local(2026, 9, 28, 9, 0), 2 * HOUR);
    tap_int(begins(), NEVER, "a burst of last week is no habit");
}

/* ---- against the twin ---- */

/* When clocks change: nobody comes, nobody asks. */
static int
is_night(int64_t at_ms)
{
    time_t at_s = (time_t) (at_ms / 1000);
    struct tm tm;

    localtime_r(&at_s, &tm);
    return tm.tm_hour >= 0 && tm.tm_hour < 5;
}

/* Each hour of the week has its own pace, the same every week. */
static void
random_history(int64_t from_ms, int64_t to_ms)
{
    int64_t pace_ms[24], at_ms = from_ms, quiet_day = (int64_t) tap_below(8);

    for (int hour = 0; hour < 24; hour++)
        pace_ms[hour] = (1 + (int64_t) tap_below(900)) * SECOND *
                        (tap_below(3) == 0 ? 50 : 1);
    while (at_ms < to_ms) {
        time_t at_s = (time_t) (at_ms / 1000);
        struct tm tm;

        localtime_r(&at_s, &tm);
        if (!is_night(at_ms) && tm.tm_wday != quiet_day)
            come(at_ms, at_ms + 1, 1);
        at_ms += 1 + (int64_t) tap_below((uint64_t) pace_ms[tm.tm_hour] * 2);
    }
    for (size_t i = events_n; i > 1; i--) { /* they come in any order */
        size_t other = (size_t) tap_below(i);
        int64_t event = events[i - 1];

        events[i - 1] = events[other];
        events[other] = event;
    }
}

static void
test_twin(void)
{
    static const char *const names[] = {
        "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"};
    size_t wrong = 0, silent = 0;

    for (int i = 0; i < 400; i++) {
        int month = tap_below(2) ? 3 : 10;
        int64_t from_ms, begins_ms, now_ms;

        live_in(names[tap_below(4)]);
        from_ms = local(2026, month, 1, 0, 0);
        since_ms = local(2026, month, 2, 0, 0);
        random_history(from_ms, from_ms + (1 + (int64_t) tap_below(40)) * DAY +
                                    (int64_t) tap_below(DAY));
        if (events_n == 0)
            continue;
        begins_ms = begins();
        for (int look = 0; look < 20; look++) {
            now_ms = last() + (int64_t) tap_below(look % 2 ? DAY : 3 * HOUR);
            if (is_night(now_ms))
                continue;
            silent += twin_is_silent(now_ms);
            wrong += twin_is_silent(now_ms) != (now_ms >= begins_ms);
        }
    }
    tap_int((int64_t) wrong, 0, "as the twin says of random histories");
    tap_ok(silent > 100, "of which some are silent (%zu)", silent);
}

int
main(void)
{
    test_night();
    test_weekend();
    test_clocks();
    test_steady();
    test_young();
    test_twin();
    gl_zone_free(zone);
    return tap_done();
}
