/* The time that a page shows; see period.h. */

#include "dashboard/period.h"

#include <string.h>

#include "language/dates.h"
#include "language/say.h"

/* How a period is made of a date. */
enum kind {
    KIND_DAY,    /* so many days before today */
    KIND_HOURS,  /* to now */
    KIND_DAYS,   /* so many, to yesterday */
    KIND_MONTH,  /* so many months before the current one */
    KIND_MONTHS, /* so many, to the last one */
    KIND_YEAR,
    KIND_ALL,
    KIND_DATES,
    KIND_TIMES
};

static const struct kind_of {
    const char *word;
    enum gl_say text;
    const char *key; /* of the keyboard */
    enum kind kind;
    int n;
} menu[] = {
    {"day", GL_SAY_TODAY, "D", KIND_DAY, 0},
    {"yesterday", GL_SAY_YESTERDAY, "E", KIND_DAY, 1},
    {"24h", GL_SAY_LAST_24H, "H", KIND_HOURS, 24},
    {"7d", GL_SAY_LAST_7D, "W", KIND_DAYS, 7},
    {"28d", GL_SAY_LAST_28D, "F", KIND_DAYS, 28},
    {"30d", GL_SAY_LAST_30D, "T", KIND_DAYS, 30},
    {"91d", GL_SAY_LAST_91D, "N", KIND_DAYS, 91},
    {"month", GL_SAY_MONTH_TO_DATE, "M", KIND_MONTH, 0},
    {"last_month", GL_SAY_LAST_MONTH, "P", KIND_MONTH, 1},
    {"year", GL_SAY_YEAR_TO_DATE, "Y", KIND_YEAR, 0},
    {"6mo", GL_SAY_LAST_6MO, "S", KIND_MONTHS, 6},
    {"12mo", GL_SAY_LAST_12MO, "L", KIND_MONTHS, 12},
    {"all", GL_SAY_ALL_TIME, "A", KIND_ALL, 0},
    {"custom", GL_SAY_CUSTOM_PERIOD, "", KIND_DATES,
     0}, /* not in the menu: a form */
    {"hours", GL_SAY_CUSTOM_PERIOD, "", KIND_TIMES,
     0}, /* chosen on the chart */
};

#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)
#define HOUR_MS (60 * MINUTE_MS)

#define TODAY 0
#define DEFAULT 4 /* 28 days: whole weeks */
#define MONTH 7
#define YEAR 9
#define CUSTOM (G_N_ELEMENTS(menu) - 2)
#define HOURS (G_N_ELEMENTS(menu) - 1)

/* ---- dates ---- */

struct parts {
    int year, month, day; /* month from 0 */
};

static struct parts
parts_of(int64_t date)
{
    g_autofree char *text = gl_range_date_text(date);
    struct parts parts = {(int) g_ascii_strtoll(text, NULL, 10),
                          (int) g_ascii_strtoll(text + 5, NULL, 10) - 1,
                          (int) g_ascii_strtoll(text + 8, NULL, 10)};

    return parts;
}

static int64_t
month_begins(int64_t date, int n)
{
    return gl_range_month_begins(date, n);
}

static int64_t
year_begins(int64_t date)
{
    return month_begins(date, -parts_of(date).month);
}

char *
gl_period_day_text(int64_t date, int this_year)
{
    return gl_date_text(date, parts_of(date).year == this_year ? GL_DATE_DAY
                                                               : GL_DATE_FULL);
}

/* ---- read ---- */

static size_t
find(const char *word)
{
    size_t i = 0;

    while (word != NULL && i < G_N_ELEMENTS(menu) &&
           strcmp(menu[i].word, word) != 0)
        i++;
    return word == NULL ? G_N_ELEMENTS(menu) : i;
}

static int
read_date(const struct gl_address *address, const char *key, int64_t *date)
{
    const char *text = gl_address_get(address, key);

    return text != NULL && gl_range_read_date(text, date);
}

/* The first and last day of WHICH as seen on DATE. */
static void
span(struct gl_period *period, int64_t date, int64_t oldest)
{
    int n = menu[period->which].n;

    period->first = period->last = date;
    switch (menu[period->which].kind) {
    case KIND_DAY:
        period->first = period->last = date - n;
        break;
    case KIND_HOURS:
        period->first = date - 1;
        break;
    case KIND_DAYS:
        period->first = date - n;
        period->last = date - 1;
        break;
    case KIND_MONTH:
        period->first = month_begins(date, -n);
        period->last = month_begins(date, 1 - n) - 1;
        break;
    case KIND_MONTHS:
        period->first = month_begins(date, -n);
        period->last = month_begins(date, 0) - 1;
        break;
    case KIND_YEAR:
        period->first = year_begins(date);
        period->last = month_begins(period->first, 12) - 1;
        break;
    case KIND_ALL:
        period->first = MIN(oldest, date);
        break;
    case KIND_DATES:
    case KIND_TIMES:
        break;
    }
}

/* Days, months and years have a date of their own. */
static int
takes_date(int which)
{
    return which == TODAY || which == MONTH || which == YEAR;
}

static int
read_dates(const struct gl_address *address, struct gl_period *period)
{
    return read_date(address, "from", &period->first) &&
           read_date(address, "to", &period->last) &&
           period->first <= period->last;
}

static int
read_times(const struct gl_address *address, const struct gl_range_site *site,
           struct gl_period *period)
{
    const char *from = gl_address_get(address, "from");
    const char *to = gl_address_get(address, "to");

    if (from == NULL || to == NULL)
        return 0;
    json_auto_t *words = json_pack("[s, s]", from, to);
    int good = gl_range_read(words, site, &period->times) == NULL &&
               period->times.from_ms < period->times.to_ms;
    if (good) {
        period->first = gl_zone_date(site->zone, period->times.from_ms);
        period->last = gl_zone_date(site->zone, period->times.to_ms - 1);
    }
    return good;
}

void
gl_period_read(const struct gl_address *address,
               const struct gl_range_site *site, struct gl_period *period)
{
    int64_t oldest = gl_zone_date(site->zone, site->first_ms), date, first;
    size_t which = find(gl_address_get(address, "period"));

    *period = (struct gl_period){.which = (int) which, .zone = site->zone};
    period->today = date = gl_zone_date(site->zone, site->now_ms);
    if ((which == CUSTOM && read_dates(address, period)) ||
        (which == HOURS && read_times(address, site, period)))
        return;
    period->is_default = which >= CUSTOM;
    if (period->is_default)
        which = oldest >= period->today ? TODAY : DEFAULT;
    period->which = (int) which;
    if (takes_date(period->which) && read_date(address, "date", &first))
        date = first;
    span(period, date, oldest);
}

/* ["2026-11-28T14:00:00+01:00", ...], the first and the last second. */
static json_t *
times_json(const struct gl_zone *zone, int64_t from_ms, int64_t to_ms)
{
    g_autofree char *from = gl_range_text(zone, from_ms);
    g_autofree char *to = gl_range_text(zone, to_ms - SECOND_MS);
    return json_pack("[s, s]", from, to);
}

json_t *
gl_period_range(const struct gl_period *period)
{
    if (menu[period->which].kind == KIND_HOURS)
        return json_string(menu[period->which].word);
    if (menu[period->which].kind == KIND_TIMES)
        return times_json(period->zone, period->times.from_ms,
                          period->times.to_ms);
    g_autofree char *first = gl_range_date_text(period->first);
    g_autofree char *last = gl_range_date_text(period->last);
    return json_pack("[s, s]", first, last);
}

int64_t
gl_period_hours(const struct gl_period *period)
{
    int64_t len_ms = period->times.to_ms - period->times.from_ms;

    return menu[period->which].kind == KIND_TIMES
               ? (len_ms + HOUR_MS - 1) / HOUR_MS
               : 24 * (period->last - period->first + 1);
}

int
gl_period_is_open(const struct gl_period *period)
{
    return period->first <= period->today && period->today <= period->last;
}

/* ---- how it is called ---- */

static char *
day_name(const struct gl_period *period)
{
    if (period->first == period->today)
        return g_strdup(gl_say(GL_SAY_TODAY));
    if (period->first == period->today - 1)
        return g_strdup(gl_say(GL_SAY_YESTERDAY));
    return gl_date_text(period->first, GL_DATE_WITH_WEEKDAY);
}

/* The time AT_MS, with the day of DAY_MS, if any. */
static char *
time_text(const struct gl_zone *zone, int64_t at_ms, int64_t day_ms)
{
    int64_t day = gl_zone_date(zone, at_ms),
            minutes = (at_ms + gl_zone_ahead_ms(zone, at_ms)) / MINUTE_MS %
                      (24 * 60);
    int hour = (int) (minutes / 60), minute = (int) (minutes % 60);

    if (day_ms == 0)
        return gl_time_text(hour, minute);
    day = gl_zone_date(zone, day_ms);
    return gl_date_time_text(day, hour, minute);
}

/* Midnight is the end of the day before. */
static char *
times_text(const struct gl_period *period)
{
    int64_t from_ms = period->times.from_ms, to_ms = period->times.to_ms;
    int one = period->first == period->last;
    g_autofree char *from = time_text(period->zone, from_ms, from_ms);
    g_autofree char *to = time_text(period->zone, to_ms, one ? 0 : to_ms - 1);
    return g_strdup_printf("%s – %s", from, to);
}

char *
gl_period_when_text(const struct gl_period *period)
{
    return menu[period->which].kind == KIND_TIMES
               ? times_text(period)
               : gl_date_span_text(period->first, period->last);
}

char *
gl_period_text(const struct gl_period *period)
{
    switch (menu[period->which].kind) {
    case KIND_DAY:
        return day_name(period);
    case KIND_MONTH:
        return gl_date_text(period->first, GL_DATE_LONG_MONTH);
    case KIND_YEAR:
        return g_strdup_printf("%d", parts_of(period->first).year);
    case KIND_DATES:
    case KIND_TIMES:
        return gl_period_when_text(period);
    default:
        return g_strdup(gl_say(menu[period->which].text));
    }
}

/* ---- links ---- */

json_t *
gl_period_menu(const struct gl_period *period,
               const struct gl_address *address)
{
    json_t *list = json_array();

    for (size_t i = 0; i < CUSTOM; i++) {
        g_autofree char *href =
            gl_address_with(address, "period", menu[i].word, "date", NULL,
                            "from", NULL, "to", NULL, "page", NULL, NULL);

        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:b}", "text",
                            gl_say(menu[i].text), "href", href, "key",
                            menu[i].key, "current", (int) i == period->which));
    }
    return list;
}

/* Of day, month or year DATE is in. */
static char *
on_date(const struct gl_period *period, const struct gl_address *address,
        int which, int64_t date)
{
    g_autofree char *text =
        date > period->today ? NULL : gl_range_date_text(date);
    return text == NULL ? NULL
                        : gl_address_with(address, "period", menu[which].word,
                                          "date", text, "from", NULL, "to",
                                          NULL, "page", NULL, NULL);
}

static char *
of_dates(const struct gl_period *period, const struct gl_address *address,
         int64_t first, int64_t last)
{
    if (first > period->today || first < 0)
        return NULL;
    g_autofree char *from = gl_range_date_text(first);
    g_autofree char *to = gl_range_date_text(last);
    return gl_address_with(address, "period", menu[CUSTOM].word, "from", from,
                           "to", to, "date", NULL, "page", NULL, NULL);
}

static char *
of_times(const struct gl_period *period, const struct gl_address *address,
         int way)
{
    int64_t len_ms = period->times.to_ms - period->times.from_ms;
    int64_t from_ms = period->times.from_ms + way * len_ms;

    if (gl_zone_date(period->zone, from_ms) > period->today)
        return NULL;
    json_auto_t *words = times_json(period->zone, from_ms, from_ms + len_ms);
    return gl_address_with(address, "period", menu[HOURS].word, "from",
                           json_string_value(json_array_get(words, 0)), "to",
                           json_string_value(json_array_get(words, 1)), "date",
                           NULL, "page", NULL, NULL);
}

char *
gl_period_beside(const struct gl_period *period,
                 const struct gl_address *address, int way)
{
    int64_t days = way * (period->last - period->first + 1);
    int n = way * menu[period->which].n;

    if (period->first < 400) /* 1971: nothing is older */
        return NULL;
    switch (menu[period->which].kind) {
    case KIND_DAY:
        return on_date(period, address, TODAY, period->first + way);
    case KIND_MONTH:
        return on_date(period, address, MONTH,
                       month_begins(period->first, way));
    case KIND_YEAR:
        return on_date(period, address, YEAR,
                       month_begins(period->first, 12 * way));
    case KIND_MONTHS:
        return of_dates(period, address, month_begins(period->first, n),
                        month_begins(period->last + 1, n) - 1);
    case KIND_DAYS:
    case KIND_DATES:
        return of_dates(period, address, period->first + days,
                        period->last + days);
    case KIND_TIMES:
        return of_times(period, address, way);
    case KIND_HOURS:
    case KIND_ALL:
        break;
    }
    return NULL;
}
