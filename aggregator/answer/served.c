/*
 * Pages served beside what scripts tell; see served.h.  What is held is LIMIT
 * rows a list, however many pages there are.
 */

#include "answer/served.h"

#include <glib.h>
#include <string.h>

#include "count/times.h"
#include "question/range.h"
#include "store/rows/served.h"

/* A span of times is as wide as a tenth of where it begins. */
#define ERROR_PERCENT 5

/* ---- the first rows of many ---- */

struct row {
    char *path;
    int64_t day;
    struct gl_served_page page;
    uint64_t timed;
    double p50, p95;
};

typedef int64_t row_key(const struct row *row);

struct top {
    struct row rows[GL_SERVED_LIMIT_MAX];
    size_t n, limit;
    row_key *key;
};

static int
is_before(const struct top *top, const struct row *a, const struct row *b)
{
    int64_t left = top->key(a), right = top->key(b);

    if (left != right)
        return left > right;
    if (strcmp(a->path, b->path) != 0)
        return strcmp(a->path, b->path) < 0;
    return a->day > b->day;
}

/* ROW is copied, if it is one of the first. */
static void
offer(struct top *top, const struct row *row)
{
    size_t at = top->n;

    if (top->key(row) <= 0)
        return;
    while (at > 0 && is_before(top, row, &top->rows[at - 1]))
        at--;
    if (at == top->limit)
        return;
    if (top->n == top->limit)
        g_free(top->rows[--top->n].path);
    memmove(&top->rows[at + 1], &top->rows[at],
            (top->n - at) * sizeof top->rows[0]);
    top->rows[at] = *row;
    top->rows[at].path = g_strdup(row->path);
    top->n++;
}

static int64_t
by_missing(const struct row *row)
{
    return row->page.replies.missing;
}

static int64_t
by_failed(const struct row *row)
{
    return row->page.replies.failed;
}

/* Half milliseconds, so that a page of 0 ms is one. */
static int64_t
by_p95(const struct row *row)
{
    return row->timed == 0 ? 0 : (int64_t) (row->p95 * 2) + 1;
}

/* ---- all that is read ---- */

enum { MISSING, FAILED, SLOW, SLOW_DAYS, TOPS };

struct reading {
    struct top *tops[TOPS];
    char *path; /* whose days are being read; NULL: none */
    struct gl_served_page page, all;
    struct gl_times times;
    json_t *by_day, *visitors, *views, *bots;
};

static void
add_page(struct gl_served_page *sum, const struct gl_served_page *page)
{
    sum->replies.views += page->replies.views;
    sum->replies.refused += page->replies.refused;
    sum->replies.missing += page->replies.missing;
    sum->replies.failed += page->replies.failed;
    sum->bytes += page->bytes;
    sum->asked += page->asked;
    sum->upstream_ms += page->upstream_ms;
    sum->cacheable += page->cacheable;
    sum->cached += page->cached;
}

static void
set_times(struct row *row, const struct gl_times *times)
{
    row->timed = times->n;
    row->p50 = gl_times_percentile(times, 50);
    row->p95 = gl_times_percentile(times, 95);
}

/* All days of a path were read. */
static void
end_path(struct reading *reading)
{
    struct row row = {.path = reading->path, .page = reading->page};

    if (reading->path == NULL)
        return;
    set_times(&row, &reading->times);
    offer(reading->tops[MISSING], &row);
    offer(reading->tops[FAILED], &row);
    offer(reading->tops[SLOW], &row);
    add_page(&reading->all, &reading->page);
    g_free(reading->path);
    reading->path = NULL;
}

static void
take_page(void *arg, int64_t day, const char *path,
          const struct gl_served_page *page, const uint8_t *bytes, size_t len)
{
    struct reading *reading = arg;
    struct gl_times times = {0};
    struct row row = {.day = day, .page = *page};

    if (reading->path == NULL || strcmp(reading->path, path) != 0) {
        end_path(reading);
        reading->path = g_strdup(path);
        memset(&reading->page, 0, sizeof reading->page);
        memset(&reading->times, 0, sizeof reading->times);
    }
    row.path = reading->path;
    gl_times_read(&times, bytes, len);
    gl_times_read(&reading->times, bytes, len);
    add_page(&reading->page, page);
    set_times(&row, &times);
    offer(reading->tops[SLOW_DAYS], &row);
}

static void
add_to(json_t *sums, const char *key, int64_t n)
{
    json_int_t before = json_integer_value(json_object_get(sums, key));

    json_object_set_new(sums, key, json_integer(before + (json_int_t) n));
}

/* What the visitor is in the report. */
static const char *
word_of(const struct gl_served_visitors *visitors)
{
    const int browser = GL_SERVED_BROWSER | GL_SERVED_ASSET;

    if (visitors->has & GL_SERVED_SCRIPT)
        return "script";
    return (visitors->has & browser) == browser ? "blocks_script"
                                                : "unexplained";
}

static json_t *
sums_of_visitors(void)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i}", "served", 0, "script", 0,
                     "blocks_script", 0, "unexplained", 0, "script_alone", 0);
}

static json_t *
sums_of_views(void)
{
    return json_pack("{s:i, s:i, s:i, s:i, s:i}", "served", 0, "script", 0,
                     "blocks_script", 0, "unexplained", 0, "told", 0);
}

static void
add_visitors(json_t *visitors, json_t *views,
             const struct gl_served_visitors *some)
{
    add_to(views, "told", some->told);
    if (some->views == 0) {
        add_to(visitors, "script_alone", some->n);
        return;
    }
    add_to(visitors, "served", some->n);
    add_to(visitors, word_of(some), some->n);
    add_to(views, "served", some->views);
    add_to(views, word_of(some), some->views);
}

/* The last of BY_DAY, which is DAY. */
static json_t *
day_of(json_t *by_day, int64_t day)
{
    json_t *last = json_array_get(by_day, json_array_size(by_day) - 1);
    char *text = gl_range_date_text(day);
    const char *is = json_string_value(json_object_get(last, "day"));

    if (is == NULL || strcmp(is, text) != 0) {
        last = json_pack("{s:s, s:o, s:o}", "day", text, "visitors",
                         sums_of_visitors(), "views", sums_of_views());
        json_array_append_new(by_day, last);
    }
    g_free(text);
    return last;
}

static void
take_visitors(void *arg, int64_t day, const struct gl_served_visitors *some)
{
    struct reading *reading = arg;
    json_t *one = day_of(reading->by_day, day);

    add_visitors(json_object_get(one, "visitors"),
                 json_object_get(one, "views"), some);
    add_visitors(reading->visitors, reading->views, some);
}

static void
take_bot(void *arg, int64_t day, const struct gl_store_bot *bot,
         const char *path, const struct gl_served_replies *to)
{
    struct reading *reading = arg;
    char *text = gl_range_date_text(day);

    json_array_append_new(
        reading->bots,
        json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I}", "day",
                  text, "bot", bot->family, "operator", bot->operator, "kind",
                  bot->kind, "reason", bot->reason, "page", path, "views",
                  (json_int_t) to->views, "refused", (json_int_t) to->refused,
                  "missing", (json_int_t) to->missing, "failed",
                  (json_int_t) to->failed));
    g_free(text);
}

/* ---- told ---- */

static json_t *
share_or_null(int64_t n, int64_t of)
{
    return of == 0 ? json_null() : json_real((double) n / (double) of);
}

static json_t *
number_view(const struct row *row, int64_t n)
{
    return json_pack("{s:s, s:I}", "page", row->path, "n", (json_int_t) n);
}

static json_t *
row_view(int list, const struct row *row)
{
    const struct gl_served_page *page = &row->page;
    json_t *view;
    char *day;

    if (list == MISSING || list == FAILED)
        return number_view(row, list == MISSING ? page->replies.missing
                                                : page->replies.failed);
    view = json_pack("{s:s, s:I, s:f, s:f}", "page", row->path, "views",
                     (json_int_t) page->replies.views, "p50_ms", row->p50,
                     "p95_ms", row->p95);
    if (list == SLOW_DAYS) {
        day = gl_range_date_text(row->day);
        json_object_set_new(view, "day", json_string(day));
        g_free(day);
        return view;
    }
    json_object_set_new(view, "bytes", json_integer(page->bytes));
    json_object_set_new(view, "upstream_ms",
                        share_or_null(page->upstream_ms, page->asked));
    json_object_set_new(view, "cached",
                        share_or_null(page->cached, page->cacheable));
    return view;
}

static json_t *
top_view(int list, const struct top *top)
{
    json_t *rows = json_array();

    for (size_t i = 0; i < top->n; i++)
        json_array_append_new(rows, row_view(list, &top->rows[i]));
    return rows;
}

static json_t *
reading_view(const struct reading *reading, int64_t first, int64_t last)
{
    const struct gl_served_replies *to = &reading->all.replies;
    char *from = gl_range_date_text(first), *until = gl_range_date_text(last);
    json_t *view = json_pack(
        "{s:s, s:s, s:O, s:O, s:{s:I, s:I, s:I, s:I}, s:I, s:O, s:o, s:o, "
        "s:o, s:o, s:O, s:i}",
        "from", from, "to", until, "visitors", reading->visitors, "views",
        reading->views, "replies", "views", (json_int_t) to->views, "refused",
        (json_int_t) to->refused, "missing", (json_int_t) to->missing,
        "failed", (json_int_t) to->failed, "bytes",
        (json_int_t) reading->all.bytes, "by_day", reading->by_day, "missing",
        top_view(MISSING, reading->tops[MISSING]), "failed",
        top_view(FAILED, reading->tops[FAILED]), "slow",
        top_view(SLOW, reading->tops[SLOW]), "slow_days",
        top_view(SLOW_DAYS, reading->tops[SLOW_DAYS]), "bots", reading->bots,
        "error_percent", ERROR_PERCENT);

    g_free(from);
    g_free(until);
    return view;
}

static struct reading *
reading_new(int limit)
{
    static row_key *const keys[TOPS] = {by_missing, by_failed, by_p95, by_p95};
    struct reading *reading = g_new0(struct reading, 1);

    for (int i = 0; i < TOPS; i++) {
        reading->tops[i] = g_new0(struct top, 1);
        reading->tops[i]->limit =
            (size_t) CLAMP(limit, 1, GL_SERVED_LIMIT_MAX);
        reading->tops[i]->key = keys[i];
    }
    reading->by_day = json_array();
    reading->visitors = sums_of_visitors();
    reading->views = sums_of_views();
    reading->bots = json_array();
    return reading;
}

static void
reading_free(struct reading *reading)
{
    for (int i = 0; i < TOPS; i++) {
        while (reading->tops[i]->n > 0)
            g_free(reading->tops[i]->rows[--reading->tops[i]->n].path);
        g_free(reading->tops[i]);
    }
    json_decref(reading->by_day);
    json_decref(reading->visitors);
    json_decref(reading->views);
    json_decref(reading->bots);
    g_free(reading->path);
    g_free(reading);
}

json_t *
gl_served_answer(struct gl_account *account, int64_t site, int64_t first,
                 int64_t last, int limit)
{
    struct reading *reading = reading_new(limit);
    json_t *answer = NULL;

    if (gl_account_served_pages(account, site, first, last, take_page,
                                reading) == 0 &&
        gl_account_served_visitors(account, site, first, last, take_visitors,
                                   reading) == 0 &&
        gl_account_served_bots(account, site, first, last, limit, take_bot,
                               reading) == 0) {
        end_path(reading);
        answer = reading_view(reading, first, last);
    }
    reading_free(reading);
    return answer;
}
