/*
 * Promise: a range of days is what the local calendar says, ranges of N days
 * end before today, and buckets leave no moment out and none twice: the hours
 * of days of 23 and 25 hours are all there, weeks begin on Monday.
 *
 * The naive twin asks the C library, minute by minute, what the clock shows.
 */

#include "question/range.h"
#include "range_words.h"
#include "tap.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MINUTE_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

static void
text_of(int64_t at_ms, char text[32])
{
    time_t at = (time_t) (at_ms / 1000);
    struct tm tm;

    gmtime_r(&at, &tm);
    strftime(text, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

/* ---- ranges ---- */

#define NOW "2026-11-28T14:30:15Z"

static const struct {
    const char *zone, *now, *words;
    const char *from, *to;
} ranges[] = {
    {"UTC", NOW, "'day'", "2026-11-28T00:00:00Z", "2026-11-29T00:00:00Z"},
    {"UTC", NOW, "'24h'", "2026-11-27T14:30:15Z", "2026-11-28T14:30:15Z"},
    {"UTC", NOW, "'7d'", "2026-11-21T00:00:00Z", "2026-11-28T00:00:00Z"},
    {"UTC", NOW, "'28d'", "2026-10-31T00:00:00Z", "2026-11-28T00:00:00Z"},
    {"Europe/Berlin", NOW, "'30d'", "2026-10-28T23:00:00Z",
     "2026-11-27T23:00:00Z"},
    /* over the end of summer time */
    {"Europe/Berlin", NOW, "'91d'", "2026-08-28T22:00:00Z",
     "2026-11-27T23:00:00Z"},
    {"Asia/Kathmandu", "2026-11-30T18:20:00Z", "'month'",
     "2026-11-30T18:15:00Z", "2026-12-31T18:15:00Z"},
    {"UTC", NOW, "'6mo'", "2026-05-01T00:00:00Z", "2026-11-01T00:00:00Z"},
    {"UTC", NOW, "'12mo'", "2025-11-01T00:00:00Z", "2026-11-01T00:00:00Z"},
    {"America/St_Johns", NOW, "'year'", "2026-01-01T03:30:00Z",
     "2027-01-01T03:30:00Z"},
    {"Europe/Berlin", NOW, "'all'", "2024-02-03T23:00:00Z",
     "2026-11-28T23:00:00Z"},
    {"Europe/Berlin", "2024-01-01T12:00:00Z", "'all'", "2023-12-31T23:00:00Z",
     "2024-01-01T23:00:00Z"},
    {"Europe/Berlin", NOW, "['2026-03-29', '2026-03-29']",
     "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"},
    /* a date that Apia has left out */
    {"Pacific/Apia", NOW, "['2011-12-30', '2011-12-30']",
     "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z"},
    {"Pacific/Apia", NOW, "['2011-12-29', '2011-12-31']",
     "2011-12-29T10:00:00Z", "2011-12-31T10:00:00Z"},
    {"UTC", NOW,
     "['2026-01-01T12:00:00+02:00', "
     "'2026-01-01T15:59:59+02:00']",
     "2026-01-01T10:00:00Z", "2026-01-01T14:00:00Z"},
};

static void
check_range(const char *zone, const char *now, const char *words,
            const char *from, const char *to)
{
    struct gl_zone *own = gl_zone_new(zone);
    struct gl_range_site site = {.zone = own,
                                 .now_ms = utc(now) + 321,
                                 .first_ms = utc("2024-02-03T23:30:00Z")};
    json_t *json = json_of(words);
    struct gl_time_range range = {0};
    const char *why;
    char text[32];

    why = gl_range_read(json, &site, &range);
    tap_str(why, NULL, "%s %s is understood", zone, words);
    text_of(range.from_ms, text);
    tap_str(text, from, "%s %s: begins", zone, words);
    text_of(range.to_ms, text);
    tap_str(text, to, "%s %s: ends", zone, words);
    json_decref(json);
    gl_zone_free(own);
}

static void
test_words(void)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        check_range(ranges[i].zone, ranges[i].now, ranges[i].words,
                    ranges[i].from, ranges[i].to);
}

/* N days or months before those of NOW, as the C library counts. */
static int64_t
twin_back(int64_t now_ms, int days, int months, int first_of)
{
    time_t now = (time_t) (now_ms / 1000);
    struct tm tm;

    localtime_r(&now, &tm);
    tm.tm_sec = tm.tm_min = tm.tm_hour = 0;
    tm.tm_isdst = -1;
    tm.tm_mday -= days;
    if (first_of >= 1)
        tm.tm_mday = 1;
    if (first_of == 2)
        tm.tm_mon = 0;
    tm.tm_mon -= months;
    return (int64_t) mktime(&tm) * 1000;
}

/* FIRST_OF: 0 the day, 1 the month, 2 the year. */
static const struct {
    const char *word;
    int first_of, days, months; /* begins so much earlier */
    int end_days, end_months;   /* ends so much later */
} twins[] = {
    {"day", 0, 0, 0, 1, 0},   {"7d", 0, 7, 0, 0, 0},
    {"28d", 0, 28, 0, 0, 0},  {"30d", 0, 30, 0, 0, 0},
    {"91d", 0, 91, 0, 0, 0},  {"month", 1, 0, 0, 0, 1},
    {"6mo", 1, 0, 6, 0, 0},   {"12mo", 1, 0, 12, 0, 0},
    {"year", 2, 0, 0, 0, 12},
};

static int
read_word(const struct gl_zone *zone, const char *word, int64_t now_ms,
          struct gl_time_range *range)
{
    struct gl_range_site site = {
        .zone = zone, .now_ms = now_ms, .first_ms = now_ms - 400 * DAY_MS};
    json_t *json = json_string(word);
    const char *why = gl_range_read(json, &site, range);

    json_decref(json);
    return why == NULL;
}

static int
differs_from_twins(const struct gl_zone *zone, int64_t now_ms)
{
    struct gl_time_range range;
    int64_t second = now_ms / 1000 * 1000;
    int wrong = 0;

    for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++) {
        int64_t from = twin_back(now_ms, twins[i].days, twins[i].months,
                                 twins[i].first_of);
        int64_t to = twin_back(now_ms, -twins[i].end_days,
                               -twins[i].end_months, twins[i].first_of);
        int same = read_word(zone, twins[i].word, now_ms, &range) &&
                   range.from_ms == from && range.to_ms == to;

        if (!same)
            tap_diag("%s at %lld", twins[i].word, (long long) now_ms);
        wrong += !same;
    }
    wrong += !read_word(zone, "all", now_ms, &range) ||
             range.from_ms != twin_back(now_ms - 400 * DAY_MS, 0, 0, 0) ||
             range.to_ms != twin_back(now_ms, -1, 0, 0);
    wrong += !read_word(zone, "24h", now_ms, &range) ||
             range.from_ms != second - DAY_MS || range.to_ms != second;
    wrong += !read_word(zone, "realtime", now_ms, &range) ||
             range.from_ms != second + 1000 - 5 * MINUTE_MS ||
             range.to_ms != second + 1000;
    wrong += !read_word(zone, "realtime_30m", now_ms, &range) ||
             range.from_ms != now_ms - now_ms % MINUTE_MS - 29 * MINUTE_MS ||
             range.to_ms != second + 1000;
    return wrong;
}

/* Each word at moments around both changes of the clock, at the ends of months
 * and years, and at others. */
static void
test_words_twin(void)
{
    static const char *const zones[] = {"Europe/Berlin", "Asia/Kathmandu",
                                        "Australia/Lord_Howe",
                                        "America/St_Johns", "UTC"};
    static const char *const around[] = {
        "2026-03-29T01:00:00Z", "2026-10-25T01:00:00Z", "2026-04-04T15:00:00Z",
        "2026-10-03T15:30:00Z", "2024-02-29T12:00:00Z", "2025-12-31T23:00:00Z",
        "2026-05-31T00:00:00Z"};

    for (size_t i = 0; i < sizeof zones / sizeof zones[0]; i++) {
        struct gl_zone *zone = gl_zone_new(zones[i]);
        int wrong = 0;

        setenv("TZ", zones[i], 1);
        tzset();
        for (size_t k = 0; k < sizeof around / sizeof around[0]; k++)
            for (int n = 0; n < 200; n++)
                wrong += differs_from_twins(
                    zone, utc(around[k]) - 2 * DAY_MS +
                              (int64_t) tap_below(4 * 1440 * 60000));
        tap_int(wrong, 0, "%s: 1400 moments, each word as the twin has it",
                zones[i]);
        gl_zone_free(zone);
    }
}

static void
test_refused(void)
{
    static const char *const wrong[] = {
        "'8d'",
        "''",
        "7",
        "null",
        "{}",
        "[]",
        "['2026-01-01']",
        "['2026-01-01', 7]",
        "['2026-01-01', '2026-01-02', '2026-01-03']",
        "['2026-02-29', '2026-03-01']",
        "['2026-13-01', '2026-13-02']",
        "['2026-1-1', '2026-1-2']",
        "['2026-01-01x', '2026-01-02']",
        "['1969-12-31', '2026-01-02']",
        "['9999-01-01', '9999-01-02']",
        "['2026-01-02', '2026-01-01']",
        "['2026-01-01', '2026-01-02T00:00:00Z']",
        "['2026-01-01T00:00:00', '2026-01-02T00:00:00']",
        "['2026-01-02T00:00:01Z', '2026-01-02T00:00:00Z']",
    };
    struct gl_zone *zone = gl_zone_new("UTC");
    struct gl_range_site site = {.zone = zone, .now_ms = 1};

    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        json_t *json = json_of(wrong[i]);
        struct gl_time_range range;
        const char *why = gl_range_read(json, &site, &range);

        tap_ok(why != NULL && strstr(why, "\"date_range\"") != NULL,
               "%s is refused by name", wrong[i]);
        json_decref(json);
    }
    gl_zone_free(zone);
}

/* ---- buckets, beside the twin ---- */

/* What bucket of STEP the local time TM is in. */
static void
twin_label(const struct tm *tm, enum gl_step step, char text[32])
{
    struct tm day = *tm;
    time_t at;

    if (step == GL_STEP_MINUTE || step == GL_STEP_HOUR) {
        strftime(text, 32,
                 step == GL_STEP_HOUR ? "%Y-%m-%d %H:00:00"
                                      : "%Y-%m-%d %H:%M:00",
                 tm);
        return;
    }
    if (step == GL_STEP_MONTH)
        day.tm_mday = 1;
    at = timegm(&day);
    if (step == GL_STEP_WEEK)
        at -= (tm->tm_wday + 6) % 7 * 86400;
    gmtime_r(&at, &day);
    strftime(text, 32, "%Y-%m-%d", &day);
}

/* Buckets by looking at every minute: a new one where the label is another or
 * the clock shows the full hour once more. */
static void
twin(const struct gl_time_range *range, enum gl_step step,
     struct gl_buckets *buckets)
{
    char before[32] = "", now[32];

    buckets->edges = g_array_new(FALSE, FALSE, sizeof(int64_t));
    buckets->labels = g_ptr_array_new_with_free_func(g_free);
    for (int64_t at = range->from_ms; at < range->to_ms; at += MINUTE_MS) {
        time_t seconds = (time_t) (at / 1000);
        struct tm tm;

        localtime_r(&seconds, &tm);
        twin_label(&tm, step, now);
        if (strcmp(before, now) != 0 ||
            (step == GL_STEP_HOUR && tm.tm_min == 0)) {
            g_array_append_val(buckets->edges, at);
            g_ptr_array_add(buckets->labels, g_strdup(now));
        }
        memcpy(before, now, sizeof now);
    }
    g_array_append_val(buckets->edges, range->to_ms);
}

/* How many differ; of labels up to the offset of an hour that comes twice. */
static int64_t
differences(const struct gl_buckets *got, const struct gl_buckets *want,
            int first_cut)
{
    int64_t n = got->labels->len != want->labels->len ||
                got->edges->len != got->labels->len + 1;

    for (guint i = 0; n == 0 && i < got->labels->len; i++) {
        const char *label = g_ptr_array_index(got->labels, i);
        const char *other = g_ptr_array_index(want->labels, i);

        n += g_array_index(got->edges, int64_t, i) !=
             g_array_index(want->edges, int64_t, i);
        n += strncmp(label, other, strlen(other)) != 0 &&
             !(i == 0 && first_cut);
        if (n != 0)
            tap_diag("%u: \"%s\" at %lld, want \"%s\" at %lld", i, label,
                     (long long) g_array_index(got->edges, int64_t, i), other,
                     (long long) g_array_index(want->edges, int64_t, i));
    }
    return n;
}

static int64_t
twice(const struct gl_buckets *buckets)
{
    GHashTable *seen = g_hash_table_new(g_str_hash, g_str_equal);
    int64_t n = 0;

    for (guint i = 0; i < buckets->labels->len; i++)
        n += !g_hash_table_add(seen, g_ptr_array_index(buckets->labels, i));
    g_hash_table_destroy(seen);
    return n;
}

static void
check_buckets(const char *name, const struct gl_zone *zone,
              const struct gl_time_range *range, enum gl_step step)
{
    struct gl_buckets got = {0}, want = {0};
    char from[32];

    text_of(range->from_ms, from);
    tap_int(gl_range_buckets(zone, range, step, &got), 0, "%s: buckets", name);
    twin(range, step, &want);
    tap_int(differences(&got, &want, step == GL_STEP_WEEK), 0,
            "%s: step %d from %s, %u buckets as the twin's", name, (int) step,
            from, want.labels->len);
    tap_int(twice(&got), 0, "%s: no label twice", name);
    gl_buckets_fini(&got);
    gl_buckets_fini(&want);
}

/* Both changes of the clock, a change of date, and any other stretch. */
static void
test_twin(void)
{
    static const struct {
        const char *zone, *around;
    } cases[] = {
        {"Europe/Berlin", "2026-03-29T01:00:00Z"},
        {"Europe/Berlin", "2026-10-25T01:00:00Z"},
        {"Asia/Kathmandu", "2026-03-29T01:00:00Z"},
        {"America/St_Johns", "2026-03-08T05:30:00Z"},
        {"America/St_Johns", "2026-11-01T04:30:00Z"},
        {"Pacific/Apia", "2011-12-30T10:00:00Z"},
        {"Pacific/Apia", "2011-09-24T14:00:00Z"},
        {"Africa/Cairo", "2024-04-25T22:00:00Z"},
        {"Australia/Lord_Howe", "2026-04-04T15:00:00Z"},
        {"Australia/Lord_Howe", "2026-10-03T15:30:00Z"},
        {"Antarctica/Troll", "2025-10-26T01:00:00Z"},
        {"America/Havana", "2026-11-01T05:00:00Z"},
        {"UTC", "2026-01-01T00:00:00Z"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gl_zone *zone = gl_zone_new(cases[i].zone);
        int64_t around = utc(cases[i].around);

        setenv("TZ", cases[i].zone, 1);
        tzset();
        for (int step = GL_STEP_MINUTE; step <= GL_STEP_MONTH; step++) {
            int64_t days = step == GL_STEP_MINUTE ? 1
                           : step == GL_STEP_HOUR ? 3
                                                  : 70;
            struct gl_time_range range = {
                around -
                    (int64_t) tap_below((uint64_t) days * 1440) * MINUTE_MS,
                around + days * DAY_MS};

            check_buckets(cases[i].zone, zone, &range, (enum gl_step) step);
        }
        gl_zone_free(zone);
    }
}

static void
check_day(const char *zone_name, const char *from, const char *to, guint hours,
          const char *last)
{
    struct gl_zone *zone = gl_zone_new(zone_name);
    struct gl_time_range range = {utc(from), utc(to)};
    struct gl_buckets buckets = {0};

    gl_range_buckets(zone, &range, GL_STEP_HOUR, &buckets);
    tap_int(buckets.labels->len, hours, "%s: hours of the day", zone_name);
    tap_str(g_ptr_array_index(buckets.labels, 3), last, "%s: the fourth hour",
            zone_name);
    gl_buckets_fini(&buckets);
    gl_zone_free(zone);
}

static void
test_labels(void)
{
    struct gl_zone *zone = gl_zone_new("Asia/Kathmandu");
    struct gl_time_range range = {utc("2026-11-26T00:00:00Z"),
                                  utc("2026-12-10T00:00:00Z")};
    struct gl_buckets buckets = {0};
    char *text = gl_range_text(zone, range.from_ms);

    check_day("Europe/Berlin", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z",
              23, "2026-03-29 04:00:00");
    check_day("Europe/Berlin", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z",
              25, "2026-10-25 02:00:00+01:00");
    tap_str(text, "2026-11-26T05:45:00+05:45", "a time as text");
    g_free(text);
    gl_range_buckets(zone, &range, GL_STEP_WEEK, &buckets);
    tap_int(buckets.labels->len, 3, "weeks");
    tap_str(g_ptr_array_index(buckets.labels, 0), "2026-11-26",
            "the week that the range cuts is called by its first day");
    tap_str(g_ptr_array_index(buckets.labels, 1), "2026-11-30", "Monday");
    gl_buckets_fini(&buckets);
    range.to_ms += 500 * DAY_MS;
    tap_int(gl_range_buckets(zone, &range, GL_STEP_HOUR, &buckets), -1,
            "too many hours");
    tap_ok(buckets.edges == NULL, "and nothing is kept");
    gl_zone_free(zone);
}

static void
check_step(int64_t len_ms, enum gl_step step)
{
    struct gl_time_range range = {7, 7 + len_ms};

    tap_int(gl_range_step(&range), step, "\"time\" over %lld ms",
            (long long) len_ms);
}

int
main(void)
{
    test_words();
    test_words_twin();
    test_refused();
    test_twin();
    test_labels();
    check_step(60 * MINUTE_MS, GL_STEP_MINUTE);
    check_step(60 * MINUTE_MS + 1000, GL_STEP_HOUR);
    check_step(2 * DAY_MS, GL_STEP_HOUR);
    check_step(2 * DAY_MS + 1000, GL_STEP_DAY);
    check_step(40 * DAY_MS, GL_STEP_DAY);
    check_step(41 * DAY_MS, GL_STEP_WEEK);
    check_step(364 * DAY_MS, GL_STEP_WEEK);
    check_step(365 * DAY_MS, GL_STEP_MONTH);
    return tap_done();
}
