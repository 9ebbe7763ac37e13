/* Why a number changed; see explain.h. */

#include "mcp/explain.h"

#include <glib.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "mcp/questions.h"

#define VALUES 5 /* of each dimension */
#define VALUES_MAX 50
#define DIMENSIONS_MAX 10 /* of GL_PARSE_QUERIES_MAX, with one of all */

static const char *const usual[] = {
    "visit:source", "visit:channel", "visit:utm_campaign",
    "event:page",   "visit:country", "visit:entry_page",
    "visit:device", "visit:browser", "visit:os"};

/* ---- questions ---- */

static json_t *
dimensions_json(const json_t *arguments)
{
    json_t *given = json_object_get(arguments, "dimensions");
    json_t *dimensions = json_array();

    for (size_t i = 0; given == NULL && i < G_N_ELEMENTS(usual); i++)
        json_array_append_new(dimensions, json_string(usual[i]));
    json_array_extend(dimensions, given);
    return dimensions;
}

/* What is asked of RANGE, which is borrowed. */
static json_t *
of_range(const json_t *arguments, json_t *range)
{
    static const char *const keys[] = {"site_id", "filters", NULL};
    json_t *query = gl_mcp_pick(arguments, keys);

    json_object_set(query, "date_range", range);
    return query;
}

static json_t *
metrics_json(const json_t *arguments)
{
    return json_pack("[O]", json_object_get(arguments, "metric"));
}

/* What is wrong with what no question shows, or NULL; the caller's. */
static char *
fault(const json_t *arguments)
{
    const json_t *dimensions = json_object_get(arguments, "dimensions");
    size_t n = json_array_size(dimensions);
    json_int_t limit;
    char *why = NULL;

    if (dimensions != NULL && (n < 1 || n > DIMENSIONS_MAX))
        return g_strdup_printf("\"dimensions\" is a list of 1 to %d",
                               DIMENSIONS_MAX);
    gl_mcp_limit(arguments, VALUES, VALUES_MAX, &limit, &why);
    return why;
}

json_t *
gl_explain_ranges(json_t *arguments, char **why)
{
    json_t *with = json_object_get(arguments, "compared_with");

    *why = fault(arguments);
    if (*why != NULL)
        return NULL;
    json_t *query =
        of_range(arguments, json_object_get(arguments, "date_range"));
    json_object_set_new(query, "metrics", metrics_json(arguments));
    json_object_set_new(
        query, "include",
        json_pack("{s:o}", "comparisons",
                  with != NULL
                      ? json_deep_copy(with)
                      : json_pack("{s:s}", "mode", "previous_period")));
    return query;
}

static json_t *
range_before(const json_t *ranges)
{
    const json_t *include =
        json_object_get(json_object_get(ranges, "query"), "include");

    return json_object_get(json_object_get(include, "comparisons"),
                           "date_range");
}

static json_t *
range_now(const json_t *ranges)
{
    return json_object_get(json_object_get(ranges, "query"), "date_range");
}

/* Of all, then of each dimension: the visits of RANGE are read once. */
static json_t *
questions_json(const json_t *arguments, json_t *range)
{
    json_t *query = of_range(arguments, range), *dimension;
    json_t *queries = json_pack("[{s:o}]", "metrics", metrics_json(arguments));
    json_auto_t *dimensions = dimensions_json(arguments);
    size_t i;

    json_array_foreach (dimensions, i, dimension) {
        json_array_append_new(queries, json_pack("{s:o, s:[O]}", "metrics",
                                                 metrics_json(arguments),
                                                 "dimensions", dimension));
    }
    json_object_set_new(query, "queries", queries);
    return query;
}

json_t *
gl_explain_questions(json_t *arguments, const json_t *ranges)
{
    return json_pack("[o, o]", questions_json(arguments, range_before(ranges)),
                     questions_json(arguments, range_now(ranges)));
}

/* ---- what is told ---- */

struct value {
    const char *text;
    json_int_t before, now;
};

static json_int_t
number(const json_t *row)
{
    return json_integer_value(
        json_array_get(json_object_get(row, "metrics"), 0));
}

/* Of the range before (SIDE 0) or now (1): of all (AT 0), of a dimension. */
static const json_t *
answer_at(const json_t *answers, size_t side, size_t at)
{
    return json_array_get(
        json_object_get(json_array_get(answers, side), "answers"), at);
}

static json_int_t
total(const json_t *answer)
{
    return number(json_array_get(json_object_get(answer, "results"), 0));
}

static struct value *
find(GHashTable *values, const json_t *row)
{
    const char *text = json_string_value(
        json_array_get(json_object_get(row, "dimensions"), 0));
    struct value *value = g_hash_table_lookup(values, text);

    if (value == NULL) {
        value = g_new0(struct value, 1);
        value->text = text;
        g_hash_table_insert(values, (gpointer) (uintptr_t) text, value);
    }
    return value;
}

/* Values of a dimension: struct value by its text, which is the answers'. */
static GHashTable *
join(const json_t *before, const json_t *now)
{
    GHashTable *values =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    json_t *row;
    size_t i;

    json_array_foreach (json_object_get(before, "results"), i, row)
        find(values, row)->before = number(row);
    json_array_foreach (json_object_get(now, "results"), i, row)
        find(values, row)->now = number(row);
    return values;
}

/* What changed most first; then by text, so that it is always the same. */
static gint
compare(gconstpointer left, gconstpointer right)
{
    const struct value *a = *(const struct value *const *) left;
    const struct value *b = *(const struct value *const *) right;
    json_int_t x = llabs(a->now - a->before), y = llabs(b->now - b->before);

    return x != y ? (x < y) - (x > y) : g_strcmp0(a->text, b->text);
}

static GPtrArray *
sorted(GHashTable *values)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;

    g_hash_table_iter_init(&iter, values);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(list, value);
    g_ptr_array_sort(list, compare);
    return list;
}

static double
shift(const GPtrArray *list)
{
    double before = 0, now = 0, apart = 0;

    for (guint i = 0; i < list->len; i++) {
        const struct value *value = g_ptr_array_index(list, i);

        before += (double) value->before;
        now += (double) value->now;
    }
    if (before == 0 || now == 0)
        return 0;
    for (guint i = 0; i < list->len; i++) {
        const struct value *value = g_ptr_array_index(list, i);

        apart +=
            fabs((double) value->now / now - (double) value->before / before);
    }
    return round(apart / 2 * 1000) / 1000;
}

/* VALUE's part of DIFFERENCE in percent, to a tenth. */
static json_t *
share_json(const struct value *value, json_int_t difference)
{
    double share = 100 * (double) (value->now - value->before);

    return difference == 0
               ? json_null()
               : json_real(round(share / (double) difference * 10) / 10);
}

static json_t *
values_json(const GPtrArray *list, json_int_t limit, json_int_t difference)
{
    json_t *values = json_array();

    for (guint i = 0; i < list->len && i < (guint) limit; i++) {
        const struct value *value = g_ptr_array_index(list, i);

        if (value->now == value->before)
            break;
        json_array_append_new(values,
                              json_pack("{s:s, s:I, s:I, s:I, s:o}", "value",
                                        value->text, "before", value->before,
                                        "now", value->now, "difference",
                                        value->now - value->before, "share",
                                        share_json(value, difference)));
    }
    return values;
}

static json_t *
dimension_json(json_t *name, const json_t *before, const json_t *now,
               json_int_t limit, json_int_t difference)
{
    g_autoptr(GHashTable) joined = join(before, now);
    g_autoptr(GPtrArray) list = sorted(joined);
    json_t *told =
        json_pack("{s:O, s:f, s:I, s:o}", "dimension", name, "shift",
                  shift(list), "values_n", (json_int_t) list->len, "values",
                  values_json(list, limit, difference));

    return told;
}

static double
shift_of(const json_t *dimension)
{
    return json_real_value(json_object_get(dimension, "shift"));
}

/* Into LIST, after those that shifted as much or more. */
static void
insert(json_t *list, json_t *dimension)
{
    size_t at = 0;

    while (at < json_array_size(list) &&
           shift_of(json_array_get(list, at)) >= shift_of(dimension))
        at++;
    json_array_insert_new(list, at, dimension);
}

json_t *
gl_explain_told(json_t *arguments, const json_t *ranges, const json_t *answers)
{
    json_int_t before = total(answer_at(answers, 0, 0));
    json_int_t now = total(answer_at(answers, 1, 0)), limit;
    json_t *dimension;
    json_auto_t *dimensions = dimensions_json(arguments);
    json_t *list = json_array();
    size_t i;
    char *why = NULL;

    gl_mcp_limit(arguments, VALUES, VALUES_MAX, &limit, &why);
    json_array_foreach (dimensions, i, dimension) {
        insert(list, dimension_json(dimension, answer_at(answers, 0, 1 + i),
                                    answer_at(answers, 1, 1 + i), limit,
                                    now - before));
    }
    return json_pack("{s:O, s:O, s:O, s:I, s:I, s:I, s:o}", "metric",
                     json_object_get(arguments, "metric"), "date_range",
                     range_now(ranges), "compared_with", range_before(ranges),
                     "before", before, "now", now, "difference", now - before,
                     "dimensions", list);
}
