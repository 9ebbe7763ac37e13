/* Arguments as questions; see questions.h. */

#include "mcp/questions.h"

#include <glib.h>

#include "question/parse.h"

#define ROWS 10 /* unless more are asked for: who asks reads all of them */

json_t *
gl_mcp_pick(const json_t *arguments, const char *const *keys)
{
    json_t *picked = json_object(), *value;

    for (; *keys != NULL; keys++)
        if ((value = json_object_get(arguments, *keys)) != NULL)
            json_object_set(picked, *keys, value);
    return picked;
}

int
gl_mcp_limit(const json_t *arguments, json_int_t other, json_int_t most,
             json_int_t *limit, char **why)
{
    const json_t *given = json_object_get(arguments, "limit");

    *limit = given == NULL ? other : json_integer_value(given);
    if ((given == NULL || json_is_integer(given)) && *limit >= 1 &&
        *limit <= most)
        return 0;
    *why = g_strdup_printf("\"limit\" is a whole number from 1 to %d",
                           (int) most);
    return -1;
}

/* QUERY, taken, with "limit" of its rows, and how many there are in all. */
static json_t *
limited(json_t *query, const json_t *arguments, char **why)
{
    json_int_t limit;

    if (gl_mcp_limit(arguments, ROWS, GL_PARSE_LIMIT_MAX, &limit, why) == -1) {
        json_decref(query);
        return NULL;
    }
    json_object_set_new(query, "pagination",
                        json_pack("{s:I}", "limit", limit));
    json_object_set_new(query, "include", json_pack("{s:b}", "total_rows", 1));
    return query;
}

json_t *
gl_mcp_breakdown(json_t *arguments, char **why)
{
    static const char *const keys[] = {"site_id", "date_range", "metrics",
                                       "filters", "order_by",   NULL};
    json_t *query = gl_mcp_pick(arguments, keys);

    if (json_object_get(query, "metrics") == NULL)
        json_object_set_new(query, "metrics", json_pack("[s]", "visitors"));
    json_object_set_new(
        query, "dimensions",
        json_pack("[O]", json_object_get(arguments, "dimension")));
    return limited(query, arguments, why);
}

json_t *
gl_mcp_compare(json_t *arguments, char **why)
{
    static const char *const keys[] = {"site_id",    "date_range", "metrics",
                                       "dimensions", "filters",    "order_by",
                                       NULL};
    json_t *with = json_object_get(arguments, "with");
    json_t *query = limited(gl_mcp_pick(arguments, keys), arguments, why);

    if (query == NULL)
        return NULL;
    json_object_set_new(json_object_get(query, "include"), "comparisons",
                        with != NULL
                            ? json_deep_copy(with)
                            : json_pack("{s:s}", "mode", "previous_period"));
    return query;
}

/* ---- now ---- */

/* Visitors, pageviews and events of RANGE, by DIMENSION; NULL = of all. */
static json_t *
recent(const json_t *arguments, const char *range, const char *dimension)
{
    static const char *const keys[] = {"site_id", "filters", NULL};
    json_t *query = gl_mcp_pick(arguments, keys);

    json_object_set_new(
        query, "metrics",
        json_pack("[s, s, s]", "visitors", "pageviews", "events"));
    json_object_set_new(query, "date_range", json_string(range));
    if (dimension != NULL)
        json_object_set_new(query, "dimensions", json_pack("[s]", dimension));
    return query;
}

/* The first ROWS of QUERY, which is returned. */
static json_t *
first(json_t *query)
{
    json_object_set_new(query, "pagination",
                        json_pack("{s:i}", "limit", ROWS));
    return query;
}

json_t *
gl_mcp_realtime(json_t *arguments)
{
    static const char range[] = "realtime_30m";

    return json_pack("[o, o, o, o, o]", recent(arguments, "realtime", NULL),
                     recent(arguments, range, NULL),
                     recent(arguments, range, "time:minute"),
                     first(recent(arguments, range, "event:page")),
                     first(recent(arguments, range, "visit:source")));
}

/* Row AT of ANSWER as an object; its dimension, if it has one, is NAME. */
static json_t *
row_json(const json_t *answer, size_t at, const char *name)
{
    const json_t *metrics =
        json_object_get(json_object_get(answer, "query"), "metrics");
    const json_t *row = json_array_get(json_object_get(answer, "results"), at);
    json_t *object = json_object();

    if (name != NULL)
        json_object_set(object, name,
                        json_array_get(json_object_get(row, "dimensions"), 0));
    for (size_t i = 0; i < json_array_size(metrics); i++)
        json_object_set(object, json_string_value(json_array_get(metrics, i)),
                        json_array_get(json_object_get(row, "metrics"), i));
    return object;
}

static json_t *
rows_json(const json_t *answer, const char *name)
{
    json_t *rows = json_array();
    size_t n = json_array_size(json_object_get(answer, "results"));

    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, row_json(answer, i, name));
    return rows;
}

json_t *
gl_mcp_realtime_told(json_t *arguments, const json_t *answers)
{
    const json_t *now = json_array_get(answers, 0);

    return json_pack(
        "{s:O, s:O, s:o, s:o, s:o, s:o, s:o}", "site_id",
        json_object_get(arguments, "site_id"), "at",
        json_array_get(
            json_object_get(json_object_get(now, "query"), "date_range"), 1),
        "last_5_minutes", row_json(now, 0, NULL), "last_30_minutes",
        row_json(json_array_get(answers, 1), 0, NULL), "minutes",
        rows_json(json_array_get(answers, 2), "minute"), "pages",
        rows_json(json_array_get(answers, 3), "page"), "sources",
        rows_json(json_array_get(answers, 4), "source"));
}
