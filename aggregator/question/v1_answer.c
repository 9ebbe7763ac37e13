/* v2's answer → the Stats API v1's; see v1.h. */

#include "question/v1.h"

#include <string.h>

static const json_t *
asked(const json_t *answer, const char *key)
{
    return json_object_get(json_object_get(answer, "query"), key);
}

/* NUMBERS by the names of the metrics, into OBJECT. */
static void
set_metrics(const json_t *answer, const json_t *numbers, json_t *object)
{
    const json_t *metrics = asked(answer, "metrics");

    for (size_t i = 0; i < json_array_size(metrics); i++)
        json_object_set(object, json_string_value(json_array_get(metrics, i)),
                        json_array_get(numbers, i));
}

static json_t *
aggregate(const json_t *answer)
{
    const json_t *row = json_array_get(json_object_get(answer, "results"), 0);
    const json_t *numbers = json_object_get(row, "metrics");
    const json_t *then = json_object_get(row, "comparison");
    const json_t *metrics = asked(answer, "metrics");
    json_t *results = json_object();

    for (size_t i = 0; i < json_array_size(metrics); i++) {
        json_t *value =
            json_pack("{s:O}", "value", json_array_get(numbers, i));

        if (then != NULL)
            json_object_set(
                value, "change",
                json_array_get(json_object_get(then, "change"), i));
        json_object_set_new(
            results, json_string_value(json_array_get(metrics, i)), value);
    }
    return results;
}

/* What an hour, day or month without a visit has: no bounce rate and no
 * duration, 0 of the rest. */
static json_t *
empty_row(const json_t *answer, const char *label)
{
    const json_t *metrics = asked(answer, "metrics");
    json_t *row = json_pack("{s:s}", "date", label);

    for (size_t i = 0; i < json_array_size(metrics); i++) {
        const char *metric = json_string_value(json_array_get(metrics, i));
        int has_none = strcmp(metric, "bounce_rate") == 0 ||
                       strcmp(metric, "visit_duration") == 0;

        json_object_set_new(row, metric,
                            has_none ? json_null() : json_integer(0));
    }
    return row;
}

/* Rows come by time, and every label once. */
static json_t *
timeseries(const json_t *answer)
{
    const json_t *labels =
        json_object_get(json_object_get(answer, "meta"), "time_labels");
    const json_t *rows = json_object_get(answer, "results");
    json_t *results = json_array();
    size_t at = 0;

    for (size_t i = 0; i < json_array_size(labels); i++) {
        const json_t *row = json_array_get(rows, at);
        json_t *label = json_array_get(labels, i);
        json_t *out = empty_row(answer, json_string_value(label));

        if (json_equal(label, json_array_get(
                                  json_object_get(row, "dimensions"), 0))) {
            set_metrics(answer, json_object_get(row, "metrics"), out);
            at++;
        }
        json_array_append_new(results, out);
    }
    return results;
}

/* "source" of "visit:source", "plan" of "event:props:plan". */
static const char *
short_name(const char *property)
{
    static const char props[] = "event:props:";
    const char *colon = strchr(property, ':');

    if (strncmp(property, props, sizeof props - 1) == 0)
        return property + sizeof props - 1;
    return colon == NULL ? property : colon + 1;
}

static json_t *
breakdown(const json_t *answer)
{
    const json_t *rows = json_object_get(answer, "results");
    const char *name = short_name(
        json_string_value(json_array_get(asked(answer, "dimensions"), 0)));
    json_t *results = json_array();

    for (size_t i = 0; i < json_array_size(rows); i++) {
        const json_t *row = json_array_get(rows, i);
        json_t *out = json_object();

        set_metrics(answer, json_object_get(row, "metrics"), out);
        /* a property that is called as a metric wins: it is what was asked */
        json_object_set(out, name,
                        json_array_get(json_object_get(row, "dimensions"), 0));
        json_array_append_new(results, out);
    }
    return results;
}

json_t *
gl_v1_answer(enum gl_v1 kind, const json_t *answer)
{
    static json_t *(*const made[])(const json_t *) = {aggregate, timeseries,
                                                      breakdown};

    return json_pack("{s:o}", "results", made[kind](answer));
}
