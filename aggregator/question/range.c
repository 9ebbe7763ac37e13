/* Stretches of time; see range.h. */

#include "question/range.h"

#include <stdio.h>
#include <string.h>

#define SECOND_MS INT64_C(1000)
#define MINUTE_MS INT64_C(60000)
#define HOUR_MS INT64_C(3600000)
#define DAY_MS INT64_C(86400000)
#define REALTIME_MS INT64_C(300000) /* as live visitors */
#define REALTIME_MINUTES 30
/* 1970-01-01 in GDate's days, which begin with the year 1. */
#define EPOCH_JULIAN INT64_C(719163)
/* No event is older, and GDate ends before the year 65536. */
#define YEAR_MIN 1970
#define YEAR_MAX 9998

static const char words_sentence[] =
    "\"date_range\" is realtime, realtime_30m, day, 24h, 7d, 28d, 30d, 91d, "
    "month, 6mo, 12mo, year, all, or a list of two dates or of two times with "
    "an offset";

/* ---- dates: days since 1970 ---- */

static GDate
to_gdate(int64_t date)
{
    GDate gdate;

    g_date_clear(&gdate, 1);
    g_date_set_julian(&gdate, (guint32) (date + EPOCH_JULIAN));
    return gdate;
}

static int64_t
from_gdate(const GDate *gdate)
{
    return (int64_t) g_date_get_julian(gdate) - EPOCH_JULIAN;
}

int64_t
gl_range_month_begins(int64_t date, int n)
{
    GDate gdate = to_gdate(date);

    g_date_set_day(&gdate, 1);
    if (n < 0)
        g_date_subtract_months(&gdate, (guint) -n);
    else
        g_date_add_months(&gdate, (guint) n);
    return from_gdate(&gdate);
}

int64_t
gl_range_year_begins(int64_t date)
{
    GDate gdate = to_gdate(date);

    return gl_range_month_begins(date, 1 - (int) g_date_get_month(&gdate));
}
char *
gl_range_date_text(int64_t date)
{
    GDate gdate = to_gdate(date);

    return g_strdup_printf("%04d-%02d-%02d", g_date_get_year(&gdate),
                           (int) g_date_get_month(&gdate),
                           g_date_get_day(&gdate));
}

/* ---- what a range's words mean ---- */

static void
set_dates(const struct gl_range_site *site, int64_t first, int64_t next,
          struct gl_time_range *range)
{
    range->from_ms = gl_zone_date_begins(site->zone, first);
    range->to_ms = gl_zone_date_begins(site->zone, next);
}

static const struct {
    const char *word;
    int days, months;
} last_n[] = {
    {"7d", 7, 0},   {"28d", 28, 0}, {"30d", 30, 0},
    {"91d", 91, 0}, {"6mo", 0, 6},  {"12mo", 0, 12},
};

/* N days or months before those of TODAY: 1, or 0 when WORD is none. */
static int
read_last(const char *word, const struct gl_range_site *site, int64_t today,
          struct gl_time_range *range)
{
    for (size_t i = 0; i < G_N_ELEMENTS(last_n); i++) {
        if (strcmp(last_n[i].word, word) != 0)
            continue;
        if (last_n[i].days > 0)
            set_dates(site, today - last_n[i].days, today, range);
        else
            set_dates(site, gl_range_month_begins(today, -last_n[i].months),
                      gl_range_month_begins(today, 0), range);
        return 1;
    }
    return 0;
}

static const char *
read_word(const char *word, const struct gl_range_site *site,
          struct gl_time_range *range)
{
    int64_t today = gl_zone_date(site->zone, site->now_ms);
    int64_t now_ms = site->now_ms - site->now_ms % SECOND_MS;

    if (read_last(word, site, today, range))
        return NULL;
    if (strcmp(word, "day") == 0) {
        set_dates(site, today, today + 1, range);
    } else if (strcmp(word, "24h") == 0) {
        *range = (struct gl_time_range){now_ms - DAY_MS, now_ms};
    } else if (strcmp(word, "realtime") == 0) {
        /* the second under way is in it */
        *range = (struct gl_time_range){now_ms + SECOND_MS - REALTIME_MS,
                                        now_ms + SECOND_MS};
    } else if (strcmp(word, "realtime_30m") == 0) { /* whole minutes */
        *range = (struct gl_time_range){now_ms - now_ms % MINUTE_MS -
                                            (REALTIME_MINUTES - 1) * MINUTE_MS,
                                        now_ms + SECOND_MS};
    } else if (strcmp(word, "month") == 0) {
        set_dates(site, gl_range_month_begins(today, 0),
                  gl_range_month_begins(today, 1), range);
    } else if (strcmp(word, "year") == 0) {
        int64_t first = gl_range_year_begins(today);

        set_dates(site, first, gl_range_month_begins(first, 12), range);
    } else if (strcmp(word, "all") == 0) {
        int64_t first = gl_zone_date(site->zone, site->first_ms);

        set_dates(site, MIN(first, today), today + 1, range);
    } else {
        return words_sentence;
    }
    return NULL;
}

int
gl_range_read_date(const char *text, int64_t *date)
{
    int year, month, day, len = 0;
    GDate gdate;

    if (strspn(text, "0123456789-") != 10 ||
        sscanf(text, "%4d-%2d-%2d%n", &year, &month, &day, &len) != 3 ||
        len != 10 || text[len] != '\0' || year < YEAR_MIN || year > YEAR_MAX ||
        month < 1 || day < 1 ||
        !g_date_valid_dmy((GDateDay) day, (GDateMonth) month,
                          (GDateYear) year))
        return 0;
    g_date_clear(&gdate, 1);
    g_date_set_dmy(&gdate, (GDateDay) day, (GDateMonth) month,
                   (GDateYear) year);
    *date = from_gdate(&gdate);
    return 1;
}

/* A time with an offset, cut to its second: 1, or 0. */
static int
read_time(const char *text, int64_t *at_ms)
{
    GDateTime *time = g_date_time_new_from_iso8601(text, NULL);
    int year = time == NULL ? 0 : g_date_time_get_year(time);

    *at_ms = time == NULL ? 0 : g_date_time_to_unix(time) * SECOND_MS;
    if (time != NULL)
        g_date_time_unref(time);
    return year >= YEAR_MIN && year <= YEAR_MAX;
}

static const char *
read_two(const char *from, const char *to, const struct gl_range_site *site,
         struct gl_time_range *range)
{
    int64_t first, last;

    if (gl_range_read_date(from, &first) && gl_range_read_date(to, &last))
        set_dates(site, first, last + 1, range);
    else if (read_time(from, &first) && read_time(to, &last))
        *range = (struct gl_time_range){first, last + SECOND_MS};
    else
        return words_sentence;
    return last < first ? "\"date_range\" ends before it begins" : NULL;
}

const char *
gl_range_read(const json_t *words, const struct gl_range_site *site,
              struct gl_time_range *range)
{
    const char *from = json_string_value(json_array_get(words, 0));
    const char *to = json_string_value(json_array_get(words, 1));

    if (json_is_string(words))
        return read_word(json_string_value(words), site, range);
    if (json_array_size(words) != 2 || from == NULL || to == NULL)
        return words_sentence;
    return read_two(from, to, site, range);
}

/* ---- ranges beside each other ---- */

/* The date whose day AT is in. */
int64_t
gl_range_date_of_(const struct gl_zone *zone, int64_t at_ms)
{
    int64_t date = gl_zone_date(zone, at_ms);

    return gl_zone_date_begins(zone, date) > at_ms ? date - 1 : date;
}

int64_t
gl_range_days(const struct gl_zone *zone, const struct gl_time_range *range)
{
    int64_t first = gl_range_date_of_(zone, range->from_ms), days;

    if (gl_zone_date_begins(zone, first) == range->from_ms)
        days = gl_range_date_of_(zone, range->to_ms - 1) - first + 1;
    else
        days = (range->to_ms - range->from_ms + DAY_MS - 1) / DAY_MS;
    return MAX(days, 1);
}

int64_t
gl_range_days_of_year_before(const struct gl_zone *zone,
                             const struct gl_time_range *range)
{
    int64_t first = gl_range_date_of_(zone, range->from_ms);
    GDate gdate = to_gdate(first);

    g_date_subtract_years(&gdate, 1);
    return first - from_gdate(&gdate);
}

void
gl_range_cut(struct gl_time_range *range, int64_t now_ms)
{
    range->to_ms = MIN(range->to_ms, now_ms - now_ms % SECOND_MS);
    range->to_ms = MAX(range->to_ms, range->from_ms);
}

static int64_t
back(const struct gl_zone *zone, int64_t at_ms, int64_t days)
{
    int64_t date = gl_range_date_of_(zone, at_ms);

    return gl_zone_date_begins(zone, date - days) + at_ms -
           gl_zone_date_begins(zone, date);
}

void
gl_range_back(const struct gl_zone *zone, const struct gl_time_range *range,
              int64_t days, struct gl_time_range *before)
{
    before->from_ms = back(zone, range->from_ms, days);
    before->to_ms = MAX(back(zone, range->to_ms, days), before->from_ms);
}

char *
gl_range_text(const struct gl_zone *zone, int64_t at_ms)
{
    int64_t ahead = gl_zone_ahead_ms(zone, at_ms);
    int64_t local_s = (at_ms + ahead) / SECOND_MS;
    int minutes = (int) (ahead / 60000),
        away = minutes < 0 ? -minutes : minutes;
    char *date = gl_range_date_text(local_s / 86400), *text;

    text = g_strdup_printf("%sT%02d:%02d:%02d%c%02d:%02d", date,
                           (int) (local_s / 3600 % 24),
                           (int) (local_s / 60 % 60), (int) (local_s % 60),
                           minutes < 0 ? '-' : '+', away / 60, away % 60);
    g_free(date);
    return text;
}
