/*
 * GET /counter/PATH.json: how many visitors a page had, for everybody where
 * the site is public; as GoatCounter has it, whose pages ask for it by script.
 *
 *     GET /counter/%2Fblog.json?start=2026-01-01&end=2026-01-31
 *     {"count": "1 234", "count_unique": "1 234"}
 *
 * The site is the request's host.  PATH is a page, or, without a slash before
 * it, a custom event, too; TOTAL is all of the site.  Both numbers are that of
 * visitors, texts with a narrow space between thousands; of a PATH that nobody
 * has seen the status is 404.  Loop thread.
 */

#include <glib.h>
#include <string.h>

#include "clock.h"
#include "gl_assert.h"
#include "number.h"
#include "question/range.h"
#include "serve/pages.h"
#include "serve/path.h"
#include "serve/reply.h"

#define DAY_MS INT64_C(86400000)
#define ENDING ".json"
#define ALL "TOTAL"
#define NARROW_SPACE "\u202f"
/* By a browser, for everybody alike; nginx asks once a second. */
#define CACHE "public, max-age=60"

struct counter {
    struct evhttp_request *req;
    int is_public;
};

/* {"week": 7 days ...}, or a date; days since 1970, or *FAULT. */
static int64_t
read_day(const json_t *asked, const char *name, int64_t other, int *fault)
{
    static const struct {
        const char *word;
        int days;
    } words[] = {{"week", 7}, {"month", 30}, {"year", 365}};
    const char *text = json_string_value(json_object_get(asked, name));
    int64_t date, today = gl_clock_now_ms() / DAY_MS;

    if (text == NULL || text[0] == '\0')
        return other;
    for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
        if (strcmp(name, "start") == 0 && strcmp(text, words[i].word) == 0)
            return today - words[i].days;
    if (!gl_range_read_date(text, &date))
        *fault = 1;
    return *fault ? 0 : date;
}

/* NULL: no range. */
static json_t *
range_of(const json_t *asked)
{
    int fault = 0;
    int64_t tomorrow = gl_clock_now_ms() / DAY_MS + 1;
    int64_t first = read_day(asked, "start", 0, &fault);
    int64_t last = read_day(asked, "end", MAX(tomorrow, first), &fault);

    if (fault || first > last)
        return NULL;
    if (first == 0 && last == tomorrow)
        return json_string("all");
    g_autofree char *from = gl_range_date_text(first);
    g_autofree char *to = gl_range_date_text(last);
    return json_pack("[s, s]", from, to);
}

/* The page with and without a slash at its end; an event's name has none
 * before it, and is of none that is built in. */
static json_t *
filters_of(const char *path)
{
    g_autofree char *plain = g_strdup(path + strspn(path, "/"));

    for (size_t len = strlen(plain); len > 0 && plain[len - 1] == '/';)
        plain[--len] = '\0';
    g_autofree char *page = g_strconcat("/", plain, NULL);
    g_autofree char *folder =
        g_strconcat(page, plain[0] == '\0' ? "" : "/", NULL);
    json_t *filter =
        json_pack("[s, s, [s, s]]", "is", "event:page", page, folder);
    if (path[0] != '/' && strcmp(path, "pageview") != 0 &&
        strcmp(path, "engagement") != 0)
        filter = json_pack("[s, [o, [s, s, [s]]]]", "or", filter, "is",
                           "event:name", path);
    return json_pack("[o]", filter);
}

static void
send_count(const struct counter *counter, int64_t n)
{
    struct evhttp_request *req = counter->req;
    char digits[GL_NUMBER_MAX];

    gl_number(digits, n);
    g_auto(GStrv) groups = g_strsplit(digits, ",", -1);
    g_autofree char *count = g_strjoinv(NARROW_SPACE, groups);
    json_auto_t *answer =
        json_pack("{s:s, s:s}", "count", count, "count_unique", count);
    char *text = json_dumps(answer, JSON_COMPACT);
    evhttp_add_header(evhttp_request_get_output_headers(req),
                      "Access-Control-Allow-Origin", "*");
    if (counter->is_public)
        gl_pages_share(req);
    if (text == NULL)
        gl_reply_error(req, 503, "out of memory");
    else
        gl_reply_text(req, n == 0 ? 404 : 200, "application/json",
                      counter->is_public ? CACHE : "no-store", text,
                      strlen(text));
    free(text);
}

/* {"results": [{"metrics": [N]}]} */
static void
on_answer(void *arg, int status, const char *answer)
{
    struct counter *counter = arg;
    json_auto_t *said = answer == NULL ? NULL : json_loads(answer, 0, NULL);
    const json_t *row = json_array_get(json_object_get(said, "results"), 0);

    if (status == 200)
        send_count(counter, json_integer_value(json_array_get(
                                json_object_get(row, "metrics"), 0)));
    else if (status != GL_ASK_GONE)
        gl_reply_json_text(counter->req, status, answer);
    g_free(counter);
}

void
gl_path_counter_(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct evhttp_request *req = request->req;
    json_t *query;
    struct counter *counter;

    GL_ASSERT(request->site != NULL);
    if (!g_str_has_suffix(request->rest, ENDING)) {
        gl_reply_error(req, 400, "the address ends with .json");
        return;
    }
    json_t *range = range_of(request->asked);
    if (range == NULL) {
        gl_reply_error(req, 400,
                       "\"start\" is week, month, year or a date, \"end\" a "
                       "date that is not before: 2026-01-31");
        return;
    }
    g_autofree char *path =
        g_strndup(request->rest, strlen(request->rest) - strlen(ENDING));
    query =
        json_pack("{s:s, s:[s], s:o, s:o*}", "site_id", request->site->domain,
                  "metrics", "visitors", "date_range", range, "filters",
                  strcmp(path, ALL) == 0 ? NULL : filters_of(path));
    counter = g_new(struct counter, 1);
    *counter = (struct counter){req, request->site->is_public};
    gl_ask(paths->asks, req, "query",
           json_pack("{s:o, s:s}", "query", query, "account",
                     request->site->account),
           NULL, 0, "counter", on_answer, counter);
}
