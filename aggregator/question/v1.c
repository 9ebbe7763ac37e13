/* Parameters of the Stats API v1 → a query of v2; see v1.h. */

#include "question/v1.h"

#include <string.h>

#include "question/terms.h"
#include "question/v1_filter.h"

#define LIMIT 100 /* rows of a breakdown, as Plausible's */
#define LIMIT_MAX 1000
#define PAGE_MAX 1000000 /* times LIMIT_MAX is an offset of v2 */

#define ALL                                                                   \
    (1 << GL_V1_AGGREGATE | 1 << GL_V1_TIMESERIES | 1 << GL_V1_BREAKDOWN)

static const struct {
    const char *name;
    int of; /* bit N: enum gl_v1 N takes it */
} known[] = {
    {"site_id", ALL},
    {"period", ALL},
    {"date", ALL},
    {"metrics", ALL},
    {"filters", ALL},
    {"with_imported", ALL},
    {"compare", 1 << GL_V1_AGGREGATE},
    {"interval", 1 << GL_V1_TIMESERIES},
    {"property", 1 << GL_V1_BREAKDOWN},
    {"limit", 1 << GL_V1_BREAKDOWN},
    {"page", 1 << GL_V1_BREAKDOWN},
};

/* Up to DATE: so many days before it, or months, its own being the last. */
static const struct {
    const char *word;
    int months; /* else days */
    int before;
    const char *step; /* of a timeseries, unless another is asked for */
} periods[] = {
    {"day", 0, 0, "time:hour"},   {"7d", 0, 6, "time:day"},
    {"28d", 0, 27, "time:day"},   {"30d", 0, 30, "time:day"},
    {"91d", 0, 90, "time:day"},   {"month", 1, 0, "time:day"},
    {"6mo", 1, 5, "time:month"},  {"12mo", 1, 11, "time:month"},
    {"year", 1, 0, "time:month"}, {"custom", 0, 0, "time:day"},
};

/* Those that end now, as version 2 has them. */
static const struct {
    const char *word;
    const char *step, *of_timeseries; /* NULL: the word */
} ends_now[] = {
    /* of a timeseries 30 minutes, each of them, as Plausible has it */
    {"realtime", "time:minute", "realtime_30m"},
    {"24h", "time:hour", NULL},
    {"all", "time:month", NULL},
};

struct v1 {
    enum gl_v1 kind;
    json_t *params;
    const struct gl_range_site *site;
    json_t *query;
    char **why;
};

static int refuse(struct v1 *v1, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static int
refuse(struct v1 *v1, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *v1->why = g_strdup_vprintf(format, args);
    va_end(args);
    return -1;
}

static const char *
param(const struct v1 *v1, const char *name, const char *other)
{
    const char *text = json_string_value(json_object_get(v1->params, name));

    return text == NULL ? other : text;
}

static int
check_names(struct v1 *v1)
{
    const char *name;
    json_t *value;

    json_object_foreach (v1->params, name, value) {
        size_t i = 0;

        while (i < G_N_ELEMENTS(known) && strcmp(known[i].name, name) != 0)
            i++;
        if (i == G_N_ELEMENTS(known) || !(known[i].of & 1 << v1->kind))
            return refuse(v1, "there is no parameter \"%s\" here", name);
        if (!json_is_string(value))
            return refuse(v1, "\"%s\" is a text", name);
    }
    return 0;
}

/* ---- when ---- */

static void
set_range(struct v1 *v1, int64_t first, int64_t last)
{
    char *from = gl_range_date_text(first), *to = gl_range_date_text(last);

    json_object_set_new(v1->query, "date_range",
                        json_pack("[s, s]", from, to));
    g_free(from);
    g_free(to);
}

/* WORD, of ends_now: 1, 0 = it is none, or -1. */
static int
read_now(struct v1 *v1, const char *word, const char **step)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(ends_now) && strcmp(ends_now[i].word, word) != 0)
        i++;
    if (i == G_N_ELEMENTS(ends_now))
        return 0;
    if (param(v1, "date", NULL) != NULL)
        return refuse(v1, "with the period \"%s\" there is no \"date\"", word);
    *step = ends_now[i].step;
    if (v1->kind == GL_V1_TIMESERIES && ends_now[i].of_timeseries != NULL)
        word = ends_now[i].of_timeseries;
    json_object_set_new(v1->query, "date_range", json_string(word));
    return 1;
}

static int
read_custom(struct v1 *v1, const char *text)
{
    char **dates = g_strsplit(text, ",", 3);
    int64_t first, last;
    int good = g_strv_length(dates) == 2 &&
               gl_range_read_date(g_strstrip(dates[0]), &first) &&
               gl_range_read_date(g_strstrip(dates[1]), &last) &&
               first <= last;

    g_strfreev(dates);
    if (!good)
        return refuse(v1, "with the period \"custom\", \"date\" is two dates "
                          "with a comma between: 2026-01-01,2026-01-31");
    set_range(v1, first, last);
    return 0;
}

static int
read_period(struct v1 *v1, const char **step)
{
    const char *word = param(v1, "period", "30d");
    const char *text = param(v1, "date", "");
    int64_t date = gl_zone_date(v1->site->zone, v1->site->now_ms);
    int now = read_now(v1, word, step);
    size_t i = 0;

    if (now != 0)
        return MIN(now, 0);
    while (i < G_N_ELEMENTS(periods) && strcmp(periods[i].word, word) != 0)
        i++;
    if (i == G_N_ELEMENTS(periods))
        return refuse(v1,
                      "\"period\" is day, 24h, 7d, 28d, 30d, 91d, month, "
                      "6mo, 12mo, year, all, realtime or custom, not \"%s\"",
                      word);
    *step = periods[i].step;
    if (strcmp(word, "custom") == 0)
        return read_custom(v1, text);
    if (text[0] != '\0' && !gl_range_read_date(text, &date))
        return refuse(v1, "\"date\" is a date: 2026-01-31");
    if (strcmp(word, "year") == 0)
        set_range(v1, gl_range_year_begins(date),
                  gl_range_month_begins(gl_range_year_begins(date), 12) - 1);
    else if (periods[i].months)
        set_range(v1, gl_range_month_begins(date, -periods[i].before),
                  gl_range_month_begins(date, 1) - 1);
    else
        set_range(v1, date - periods[i].before, date);
    return 0;
}

/* ---- the rest ---- */

static int
read_filters(struct v1 *v1)
{
    json_t *filters = json_array();

    json_object_set_new(v1->query, "filters", filters);
    return gl_v1_filters(param(v1, "filters", ""), filters, v1->why);
}

static void
read_metrics(struct v1 *v1)
{
    char **words = g_strsplit(param(v1, "metrics", "visitors"), ",", -1);
    json_t *metrics = json_array();

    for (size_t i = 0; words[i] != NULL; i++)
        json_array_append_new(metrics, json_string(g_strstrip(words[i])));
    g_strfreev(words);
    json_object_set_new(v1->query, "metrics", metrics);
}

static int
read_aggregate(struct v1 *v1, const char *step)
{
    const char *compare = param(v1, "compare", "");

    (void) step;
    if (compare[0] == '\0')
        return 0;
    if (strcmp(compare, "previous_period") != 0)
        return refuse(v1, "\"compare\" is previous_period");
    json_object_set_new(
        v1->query, "include",
        json_pack("{s:{s:s}}", "comparisons", "mode", compare));
    return 0;
}

static int
read_timeseries(struct v1 *v1, const char *step)
{
    const char *interval = param(v1, "interval", NULL);

    if (interval != NULL) {
        if (strcmp(interval, "month") == 0)
            step = "time:month";
        else if (strcmp(interval, "day") == 0 || strcmp(interval, "date") == 0)
            step = "time:day";
        else
            return refuse(v1, "\"interval\" is day or month");
    }
    json_object_set_new(v1->query, "dimensions", json_pack("[s]", step));
    json_object_set_new(v1->query, "include",
                        json_pack("{s:b}", "time_labels", 1));
    return 0;
}

static int
read_number(struct v1 *v1, const char *name, guint64 other, guint64 most,
            guint64 *n)
{
    const char *text = param(v1, name, NULL);

    *n = other;
    if (text == NULL || g_ascii_string_to_unsigned(text, 10, 1, most, n, NULL))
        return 0;
    return refuse(v1, "\"%s\" is a whole number from 1 to %d", name,
                  (int) most);
}

/* One of an answer's rows: not of time. */
static int
is_dimension(const char *property)
{
    struct gl_by by = {0};
    int is = gl_term_dimension(property, &by);

    g_free(by.prop);
    return is;
}

static int
read_breakdown(struct v1 *v1, const char *step)
{
    const char *property = param(v1, "property", "");
    guint64 limit, page;

    (void) step;
    if (!is_dimension(property))
        return refuse(v1,
                      "\"property\" is what to break down by: event:page, "
                      "visit:source and so on, not \"%s\"",
                      property);
    if (read_number(v1, "limit", LIMIT, LIMIT_MAX, &limit) == -1 ||
        read_number(v1, "page", 1, PAGE_MAX, &page) == -1)
        return -1;
    json_object_set_new(v1->query, "dimensions", json_pack("[s]", property));
    json_object_set_new(v1->query, "pagination",
                        json_pack("{s:I, s:I}", "limit", (json_int_t) limit,
                                  "offset",
                                  (json_int_t) ((page - 1) * limit)));
    return 0;
}

static const struct {
    const char *word;
    int (*read)(struct v1 *v1, const char *step);
} kinds[GL_V1_N] = {
    {"aggregate", read_aggregate},
    {"timeseries", read_timeseries},
    {"breakdown", read_breakdown},
};

enum gl_v1
gl_v1_kind(const char *word)
{
    int i = 0;

    while (i < GL_V1_N && strcmp(kinds[i].word, word) != 0)
        i++;
    return (enum gl_v1) i;
}

/* Totals of another product come along. */
static void
read_imports(struct v1 *v1)
{
    json_t *include = json_object_get(v1->query, "include");

    if (strcmp(param(v1, "with_imported", ""), "true") != 0)
        return;
    if (include == NULL) {
        include = json_object();
        json_object_set_new(v1->query, "include", include);
    }
    json_object_set_new(include, "imports", json_true());
}

json_t *
gl_v1_query(enum gl_v1 kind, json_t *params, const struct gl_range_site *site,
            char **why)
{
    struct v1 v1 = {kind, params, site, json_object(), why};
    const char *step = NULL;

    if (check_names(&v1) == 0 && read_period(&v1, &step) == 0 &&
        read_filters(&v1) == 0 && kinds[kind].read(&v1, step) == 0) {
        read_metrics(&v1);
        read_imports(&v1);
        json_object_set(v1.query, "site_id",
                        json_object_get(params, "site_id"));
        return v1.query;
    }
    json_decref(v1.query);
    return NULL;
}
