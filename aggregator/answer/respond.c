/* Counts → the answer of the Stats API v2; see respond.h. */

#include "answer/respond.h"

#include "question/terms.h"
#include "answer/value.h"

#include <string.h>

struct respond {
    const struct gl_asked *asked;
    const struct gl_question *question; /* of ASKED */
    const struct gl_counted *counted;
    /* what is compared with, and its groups by their keys; NULL: nothing */
    const struct respond *before;
    GHashTable *groups_before;
    struct gl_group *empty; /* rows of it alone */
};

/* ---- texts ---- */

/* "" = it has none. */
static const char *
raw_text(const struct respond *respond, const struct gl_group *group, size_t i)
{
    const struct gl_question *question = respond->question;
    const GPtrArray *values = question->by[i].what == GL_DIMENSION_TIME
                                  ? question->time.labels
                                  : respond->counted->values[i];

    return g_ptr_array_index(values, group->keys[i]);
}

static const char *
text(const struct respond *respond, const struct gl_group *group, size_t i)
{
    const char *found = raw_text(respond, group, i);

    return found[0] == '\0' ? gl_term_none(respond->question->by[i].what)
                            : found;
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
    if (respond->question->by[i].what == GL_DIMENSION_TIME)
        return (a->keys[i] > b->keys[i]) - (a->keys[i] < b->keys[i]);
    return strcmp(text(respond, a, i), text(respond, b, i));
}

static int
compare_numbers(const struct respond *respond, const struct gl_group *a,
                const struct gl_group *b, size_t i)
{
    enum gl_metric metric = respond->asked->metrics[i];
    double x = gl_value(&(struct gl_value_of){respond->counted, a}, metric);
    double y = gl_value(&(struct gl_value_of){respond->counted, b}, metric);

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

/* To ROWS, those by time alone, comes what only the earlier time has: a row of
 * nothing, so that both can be drawn.  The memory of those rows. */
static struct gl_group *
add_empty(const struct respond *respond, GPtrArray *rows)
{
    const struct gl_question *question = respond->question;
    const struct respond *before = respond->before;
    struct gl_group *empty;

    if (before == NULL || question->by_n != 1 ||
        question->by[0].what != GL_DIMENSION_TIME)
        return NULL;
    empty = g_new0(struct gl_group, question->time.labels->len);
    for (guint i = 0; i < question->time.labels->len; i++)
        empty[i].keys[0] = i;
    for (guint i = 0; i < rows->len; i++) {
        const struct gl_group *row = g_ptr_array_index(rows, i);

        empty[row->keys[0]].sums[0] = 1; /* not empty */
    }
    for (guint i = 0; i < before->counted->groups->len; i++) {
        const struct gl_group *group =
            &g_array_index(before->counted->groups, struct gl_group, i);
        uint32_t bucket = group->keys[0];

        if (bucket < question->time.labels->len &&
            empty[bucket].sums[0] == 0 && counts(before->asked, group))
            g_ptr_array_add(rows, &empty[bucket]);
    }
    return empty;
}

/* struct gl_group *, the caller's array. */
static GPtrArray *
pick(struct respond *respond)
{
    const struct gl_counted *counted = respond->counted;
    GPtrArray *rows = g_ptr_array_new();

    if (respond->question->by_n == 0) {
        g_ptr_array_add(rows, (gpointer) (uintptr_t) &counted->all);
        return rows;
    }
    for (guint i = 0; i < counted->groups->len; i++) {
        struct gl_group *group =
            &g_array_index(counted->groups, struct gl_group, i);

        if (counts(respond->asked, group))
            g_ptr_array_add(rows, group);
    }
    respond->empty = add_empty(respond, rows);
    g_ptr_array_sort_with_data(rows, compare, respond);
    return rows;
}

/* ---- beside what was ---- */

/* What GROUP is grouped by, the same at both times: texts, and which of the
 * buckets of time.  The caller's. */
static char *
key_of(const struct respond *respond, const struct gl_group *group)
{
    GString *key = g_string_new("");

    for (size_t i = 0; i < respond->question->by_n; i++) {
        const char *found = raw_text(respond, group, i);

        if (respond->question->by[i].what == GL_DIMENSION_TIME)
            g_string_append_printf(key, "%u,", group->keys[i]);
        else
            g_string_append_printf(key, "%zu:%s,", strlen(found), found);
    }
    return g_string_free(key, FALSE);
}

static void
index_groups(struct respond *respond)
{
    const struct respond *before = respond->before;
    const GArray *groups = before == NULL ? NULL : before->counted->groups;

    respond->groups_before =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; groups != NULL && i < groups->len; i++) {
        struct gl_group *group = &g_array_index(groups, struct gl_group, i);

        g_hash_table_insert(respond->groups_before, key_of(before, group),
                            group);
    }
}

/* The texts of GROUP in the earlier time: the bucket as far from its
 * beginning, else the texts themselves.  0: it has no such bucket. */
static int
texts_before(const struct respond *respond, const struct gl_group *group,
             json_t *texts)
{
    const GPtrArray *labels = respond->before->question->time.labels;

    for (size_t i = 0; i < respond->question->by_n; i++)
        if (respond->question->by[i].what != GL_DIMENSION_TIME)
            json_array_append_new(texts, json_string(text(respond, group, i)));
        else if (group->keys[i] < labels->len)
            json_array_append_new(
                texts, json_string(g_ptr_array_index(labels, group->keys[i])));
        else
            return 0;
    return 1;
}

static json_t *
numbers_json(const struct respond *respond, const struct gl_group *group)
{
    const struct gl_asked *asked = respond->asked;
    const struct gl_value_of of = {respond->counted, group};
    json_t *numbers = json_array();

    for (size_t i = 0; i < asked->metrics_n; i++)
        json_array_append_new(numbers, gl_value_json(&of, asked->metrics[i]));
    return numbers;
}

/* GROUP of the earlier time. */
static const struct gl_group *
group_before(const struct respond *respond, const struct gl_group *group)
{
    static const struct gl_group none;
    const struct gl_group *before;
    char *key;

    if (respond->question->by_n == 0)
        return &respond->before->counted->all;
    key = key_of(respond, group);
    before = g_hash_table_lookup(respond->groups_before, key);
    g_free(key);
    return before == NULL ? &none : before;
}

static json_t *
comparison_json(const struct respond *respond, const struct gl_group *group)
{
    const struct gl_asked *asked = respond->asked;
    json_t *changes = json_array(), *texts = json_array(), *comparison;
    struct gl_value_of now = {respond->counted, group};
    struct gl_value_of then = {respond->before->counted,
                               group_before(respond, group)};

    for (size_t i = 0; i < asked->metrics_n; i++)
        json_array_append_new(
            changes, gl_value_change_json(asked->metrics[i], &now, &then));
    comparison = texts_before(respond, group, texts)
                     ? json_pack("{s:o, s:O, s:O}", "metrics",
                                 numbers_json(respond->before, then.group),
                                 "change", changes, "dimensions", texts)
                     : json_null();
    json_decref(changes);
    json_decref(texts);
    return comparison;
}

/* ---- JSON ---- */

static json_t *
row_json(const struct respond *respond, const struct gl_group *group)
{
    json_t *texts = json_array(), *row;

    for (size_t i = 0; i < respond->question->by_n; i++)
        json_array_append_new(texts, json_string(text(respond, group, i)));
    row = json_pack("{s:o, s:o}", "metrics", numbers_json(respond, group),
                    "dimensions", texts);
    if (respond->before != NULL)
        json_object_set_new(row, "comparison",
                            comparison_json(respond, group));
    return row;
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

/* Why there is no revenue to be told, as Plausible does. */
static void
warn(const struct gl_asked *asked, json_t *meta)
{
    const char *code = asked->many_currencies ? "no_single_revenue_currency"
                                              : "no_revenue_goals_matching";
    const char *why = asked->many_currencies
                          ? "Revenue is null: the goals asked for have "
                            "several currencies."
                          : "Revenue is null: no goal asked for has a "
                            "currency.";
    json_t *warnings = json_object();

    for (size_t i = 0; i < asked->metrics_n; i++)
        if (asked->question.currency == 0 &&
            (asked->metrics[i] == GL_METRIC_TOTAL_REVENUE ||
             asked->metrics[i] == GL_METRIC_AVERAGE_REVENUE))
            json_object_set_new(
                warnings, gl_term_metric_word(asked->metrics[i]),
                json_pack("{s:s, s:s}", "code", code, "warning", why));
    if (json_object_size(warnings) > 0)
        json_object_set(meta, "metric_warnings", warnings);
    json_decref(warnings);
}

static json_t *
meta_json(const struct respond *respond, const GPtrArray *rows, double ms)
{
    const struct gl_asked *asked = respond->asked;
    uint64_t scanned =
        respond->counted->rows +
        (respond->before == NULL ? 0 : respond->before->counted->rows);
    json_t *meta = json_object();

    if (asked->imports) {
        const char *why = respond->counted->without_imports;

        json_object_set_new(meta, "imports_included",
                            json_boolean(why == NULL));
        if (why != NULL)
            json_object_set_new(meta, "imports_skip_reason", json_string(why));
    }
    if (asked->time_labels)
        json_object_set_new(meta, "time_labels",
                            labels_json(&asked->question.time));
    if (asked->time_labels && asked->compared)
        json_object_set_new(meta, "comparison_time_labels",
                            labels_json(&asked->before.time));
    warn(asked, meta);
    if (asked->total_rows)
        json_object_set_new(meta, "total_rows", json_integer(rows->len));
    if (asked->cost) {
        json_object_set_new(meta, "rows_scanned",
                            json_integer((json_int_t) scanned));
        json_object_set_new(
            meta, "milliseconds",
            json_real(gl_value_hundredths((uint64_t) (1000 * ms), 1000)));
    }
    return meta;
}

json_t *
gl_respond(const struct gl_asked *asked, const struct gl_counted *counted,
           const struct gl_counted *before, double ms)
{
    struct respond then = {
        .asked = asked, .question = &asked->before, .counted = before};
    struct respond respond = {.asked = asked,
                              .question = &asked->question,
                              .counted = counted,
                              .before = before == NULL ? NULL : &then};
    GPtrArray *rows = pick(&respond);
    json_t *answer;

    index_groups(&respond);
    answer = json_pack("{s:o, s:o, s:O}", "results", page_json(&respond, rows),
                       "meta", meta_json(&respond, rows, ms), "query",
                       asked->query);
    g_hash_table_destroy(respond.groups_before);
    g_ptr_array_free(rows, TRUE);
    g_free(respond.empty);
    return answer;
}
