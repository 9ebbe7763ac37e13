/* Counts → the answer of the Stats API v2; see respond.h. */

#include "query/respond.h"

#include "query/terms.h"

#include <string.h>

struct respond {
    const struct gl_asked *asked;
    const struct gl_counted *counted;
};

/* ---- numbers ---- */

/* A / B as a whole number, halves up; 0 when there is none.  In whole numbers
 * all the way: of 97 / 40 a double is a little less than 2.425. */
static uint64_t
ratio(uint64_t a, uint64_t b)
{
    return b == 0 ? 0 : (2 * a + b) / (2 * b);
}

/* The same to two digits after the point. */
static double
hundredths(uint64_t a, uint64_t b)
{
    return (double) ratio(100 * a, b) / 100;
}

/* As it is shown. */
static double
value(const struct respond *respond, const struct gl_group *group,
      enum gl_metric metric)
{
    const uint64_t *sums = group->sums;

    switch (metric) {
    case GL_METRIC_VISITORS:
        return (double) sums[GL_SUM_VISITORS];
    case GL_METRIC_VISITS:
        return (double) sums[GL_SUM_VISITS];
    case GL_METRIC_PAGEVIEWS:
        return (double) sums[GL_SUM_PAGEVIEWS];
    case GL_METRIC_EVENTS:
        return (double) sums[GL_SUM_EVENTS];
    case GL_METRIC_VIEWS_PER_VISIT:
        return hundredths(sums[GL_SUM_VIEWS], sums[GL_SUM_ENTRIES]);
    case GL_METRIC_BOUNCE_RATE:
        return (double) ratio(100 * sums[GL_SUM_BOUNCES],
                              sums[GL_SUM_ENTRIES]);
    case GL_METRIC_VISIT_DURATION:
        return (double) ratio(sums[GL_SUM_SECONDS], sums[GL_SUM_ENTRIES]);
    case GL_METRIC_PERCENTAGE:
        return hundredths(100 * sums[GL_SUM_VISITORS],
                          respond->counted->all.sums[GL_SUM_VISITORS]);
    case GL_METRIC_N:
        break;
    }
    return 0;
}

static json_t *
number(enum gl_metric metric, double n)
{
    return metric == GL_METRIC_VIEWS_PER_VISIT ||
                   metric == GL_METRIC_PERCENTAGE
               ? json_real(n)
               : json_integer((json_int_t) n);
}

/* ---- texts ---- */

static const char *
text(const struct respond *respond, const struct gl_group *group, size_t i)
{
    const struct gl_question *question = &respond->asked->question;
    enum gl_dimension by = question->by[i].what;
    const GPtrArray *values = by == GL_DIMENSION_TIME
                                  ? question->time.labels
                                  : respond->counted->values[i];
    const char *found = g_ptr_array_index(values, group->keys[i]);

    return found[0] == '\0' ? gl_term_none(by) : found;
}

/* ---- which rows, in which order ---- */

/* GROUP has something that was asked for: a page that nobody entered by has no
 * bounce rate. */
static int
counts(const struct gl_asked *asked, const struct gl_group *group)
{
    const uint64_t *sums = group->sums;

    for (size_t i = 0; i < asked->metrics_n; i++) {
        enum gl_needs needs = gl_term_needs(asked->metrics[i]);

        if ((needs != GL_NEEDS_VISITS &&
             (sums[GL_SUM_EVENTS] > 0 || sums[GL_SUM_VISITORS] > 0)) ||
            (needs == GL_NEEDS_BOTH && sums[GL_SUM_VISITS] > 0) ||
            (needs == GL_NEEDS_VISITS && sums[GL_SUM_ENTRIES] > 0))
            return 1;
    }
    return 0;
}

static int
compare_texts(const struct respond *respond, const struct gl_group *a,
              const struct gl_group *b, size_t i)
{
    if (respond->asked->question.by[i].what == GL_DIMENSION_TIME)
        return (a->keys[i] > b->keys[i]) - (a->keys[i] < b->keys[i]);
    return strcmp(text(respond, a, i), text(respond, b, i));
}

static int
compare_numbers(const struct respond *respond, const struct gl_group *a,
                const struct gl_group *b, size_t i)
{
    double x = value(respond, a, respond->asked->metrics[i]);
    double y = value(respond, b, respond->asked->metrics[i]);

    return (x > y) - (x < y);
}

/* Rows that are equal in what was asked for stand by their dimensions, so that
 * pages of an answer fit together. */
static gint
compare(gconstpointer left, gconstpointer right, gpointer arg)
{
    const struct gl_group *a = *(const struct gl_group *const *) left;
    const struct gl_group *b = *(const struct gl_group *const *) right;
    const struct respond *respond = arg;
    const struct gl_asked *asked = respond->asked;
    int order = 0;

    for (size_t i = 0; order == 0 && i < asked->order_n; i++) {
        const struct gl_order *by = &asked->order[i];

        order = by->is_metric ? compare_numbers(respond, a, b, by->at)
                              : compare_texts(respond, a, b, by->at);
        if (by->down)
            order = -order;
    }
    for (size_t i = 0; order == 0 && i < asked->question.by_n; i++)
        order = compare_texts(respond, a, b, i);
    return order;
}

/* struct gl_group *, the caller's array. */
static GPtrArray *
pick(struct respond *respond)
{
    const struct gl_counted *counted = respond->counted;
    GPtrArray *rows = g_ptr_array_new();

    if (respond->asked->question.by_n == 0) {
        g_ptr_array_add(rows, (gpointer) (uintptr_t) &counted->all);
        return rows;
    }
    for (guint i = 0; i < counted->groups->len; i++) {
        struct gl_group *group =
            &g_array_index(counted->groups, struct gl_group, i);

        if (counts(respond->asked, group))
            g_ptr_array_add(rows, group);
    }
    g_ptr_array_sort_with_data(rows, compare, respond);
    return rows;
}

/* ---- JSON ---- */

static json_t *
row_json(const struct respond *respond, const struct gl_group *group)
{
    const struct gl_asked *asked = respond->asked;
    json_t *numbers = json_array(), *texts = json_array();

    for (size_t i = 0; i < asked->metrics_n; i++)
        json_array_append_new(
            numbers, number(asked->metrics[i],
                            value(respond, group, asked->metrics[i])));
    for (size_t i = 0; i < asked->question.by_n; i++)
        json_array_append_new(texts, json_string(text(respond, group, i)));
    return json_pack("{s:o, s:o}", "metrics", numbers, "dimensions", texts);
}

static json_t *
page_json(const struct respond *respond, const GPtrArray *rows)
{
    const struct gl_asked *asked = respond->asked;
    size_t end = MIN(rows->len, asked->offset + asked->limit);
    json_t *results = json_array();

    for (size_t i = asked->offset; i < end; i++)
        json_array_append_new(results,
                              row_json(respond, g_ptr_array_index(rows, i)));
    return results;
}

static json_t *
labels_json(const struct gl_buckets *time)
{
    json_t *labels = json_array();

    for (guint i = 0; i < time->labels->len; i++)
        json_array_append_new(labels,
                              json_string(g_ptr_array_index(time->labels, i)));
    return labels;
}

static json_t *
meta_json(const struct respond *respond, const GPtrArray *rows, double ms)
{
    const struct gl_asked *asked = respond->asked;
    json_t *meta = json_object();

    if (asked->imports) {
        /* rows of imported events are rows; tables of another product, which
         * this is about, are not kept */
        json_object_set_new(meta, "imports_included", json_false());
        json_object_set_new(meta, "imports_skip_reason",
                            json_string("no_imported_data"));
    }
    if (asked->time_labels)
        json_object_set_new(meta, "time_labels",
                            labels_json(&asked->question.time));
    if (asked->total_rows)
        json_object_set_new(meta, "total_rows", json_integer(rows->len));
    if (asked->cost) {
        json_object_set_new(meta, "rows_scanned",
                            json_integer((json_int_t) respond->counted->rows));
        json_object_set_new(
            meta, "milliseconds",
            json_real(hundredths((uint64_t) (1000 * ms), 1000)));
    }
    return meta;
}

json_t *
gl_respond(const struct gl_asked *asked, const struct gl_counted *counted,
           double ms)
{
    struct respond respond = {asked, counted};
    GPtrArray *rows = pick(&respond);
    json_t *answer = json_pack(
        "{s:o, s:o, s:O}", "results", page_json(&respond, rows), "meta",
        meta_json(&respond, rows, ms), "query", asked->query);

    g_ptr_array_free(rows, TRUE);
    return answer;
}
