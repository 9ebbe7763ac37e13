/* Totals of days that another product counted; see imports.h. */

#include "query/imports/imports_internal.h"

#include <stdio.h>
#include <string.h>

#include "question/match.h"
#include "question/terms.h"
#include "store/rows/totals.h"

#define LOOK_ROWS 4096 /* between two looks at the clock */

/* A leaf of the filter: which text of the table, and what passes. */
struct leaf {
    const struct gl_predicate *predicate;
    int at;
    struct gl_match *match;
};

/* ---- which table ---- */

/* Which text of TABLE is BY, or -1. */
static int
text_of(const struct gl_day_table *table, const struct gl_by *by)
{
    const struct gl_day_column *column = table->columns;

    for (int texts_n = 0; column->name != NULL; column++) {
        struct gl_by own = {0};
        int same;

        if (column->word == NULL)
            continue;
        (void) gl_term_dimension(column->word, &own);
        same = own.what == by->what && g_strcmp0(own.prop, by->prop) == 0;
        g_free(own.prop);
        if (same)
            return texts_n;
        texts_n++;
    }
    return -1;
}

static int
has_filter(const struct gl_day_table *table,
           const struct gl_predicate *predicate)
{
    if (predicate == NULL)
        return 1;
    if (predicate->op == GL_PREDICATE_HAS_DONE)
        return 0;
    if (predicate->op >= GL_PREDICATE_IS)
        return text_of(table, &predicate->by) != -1;
    for (guint i = 0; i < predicate->children->len; i++)
        if (!has_filter(table, predicate->children->pdata[i]))
            return 0;
    return 1;
}

/* 1 = TABLE has all that QUESTION is by. */
static int
has_all(const struct gl_day_table *table, const struct gl_question *question)
{
    for (size_t i = 0; i < question->by_n; i++)
        if (question->by[i].what != GL_DIMENSION_TIME &&
            text_of(table, &question->by[i]) == -1)
            return 0;
    return has_filter(table, question->filter);
}

/* The first that has all: without dimensions, imported_visitors. */
static const char *
find_table(struct gl_adding *adding)
{
    const struct gl_question *question = adding->question;
    int table = 0;

    while (table < GL_DAY_TABLES_N &&
           !has_all(&gl_day_tables[table], question))
        table++;
    if (table == GL_DAY_TABLES_N)
        return "unsupported_query";
    adding->table = (enum gl_day_table_number) table;
    for (size_t i = 0; i < question->by_n; i++)
        adding->at[i] = question->by[i].what == GL_DIMENSION_TIME
                            ? -1
                            : text_of(&gl_day_tables[table], &question->by[i]);
    return NULL;
}

/* A label of an hour is longer than a date. */
static int
is_by_hour(const struct gl_question *question)
{
    const GPtrArray *labels = question->time.labels;

    return labels != NULL && labels->len > 0 &&
           strlen(labels->pdata[0]) > strlen("2026-11-28");
}

/* ---- the filter ---- */

static void
make_leaves(struct gl_adding *adding, const struct gl_predicate *predicate)
{
    struct leaf leaf = {.predicate = predicate};

    if (predicate == NULL || adding->result != GL_EXECUTED)
        return;
    if (predicate->op < GL_PREDICATE_IS) {
        for (guint i = 0; i < predicate->children->len; i++)
            make_leaves(adding, predicate->children->pdata[i]);
        return;
    }
    leaf.at = text_of(&gl_day_tables[adding->table], &predicate->by);
    leaf.match =
        gl_match_new(predicate, adding->run->why, sizeof adding->run->why);
    if (leaf.match == NULL)
        adding->result = GL_EXECUTE_BAD;
    else
        g_array_append_val(adding->leaves, leaf);
}

static int
leaf_passes(const struct gl_adding *adding,
            const struct gl_predicate *predicate, const char *const *texts)
{
    for (guint i = 0; i < adding->leaves->len; i++) {
        const struct leaf *leaf =
            &g_array_index(adding->leaves, struct leaf, i);

        if (leaf->predicate == predicate)
            return gl_match_text(leaf->match, texts[leaf->at]) == 1;
    }
    return 0;
}

static int
passes(const struct gl_adding *adding, const struct gl_predicate *predicate,
       const char *const *texts)
{
    int is_and = 1;

    if (predicate == NULL)
        return 1;
    if (predicate->op >= GL_PREDICATE_IS)
        return leaf_passes(adding, predicate, texts);
    if (predicate->op == GL_PREDICATE_NOT)
        return !passes(adding, predicate->children->pdata[0], texts);
    is_and = predicate->op == GL_PREDICATE_AND;
    for (guint i = 0; i < predicate->children->len; i++)
        if (passes(adding, predicate->children->pdata[i], texts) != is_and)
            return !is_and;
    return is_and;
}

/* ---- rows ---- */

static int
is_over(struct gl_adding *adding)
{
    const struct gl_execution *run = adding->run;

    if (++adding->rows % LOOK_ROWS != 0)
        return 0;
    if (atomic_load(run->cancelled) ||
        g_get_monotonic_time() > run->deadline_us)
        adding->result = GL_EXECUTE_LATE;
    return adding->result != GL_EXECUTED;
}

static int
take(void *arg, const struct gl_total *total)
{
    struct gl_adding *adding = arg;
    const char *texts[GL_DAY_TEXTS_MAX];
    struct gl_group key = {0};

    for (int i = 0; i < GL_DAY_TEXTS_MAX; i++)
        texts[i] = total->texts[i].data != NULL ? total->texts[i].data : "";
    if (is_over(adding) || !passes(adding, adding->question->filter, texts))
        return adding->result != GL_EXECUTED;
    if (adding->alone || adding->question->filter != NULL)
        gl_imports_add_sums_(adding, &adding->counted->all, total->sums);
    if (adding->alone || adding->question->by_n == 0)
        return 0;
    for (size_t i = 0; i < adding->question->by_n; i++)
        key.keys[i] =
            adding->at[i] == -1
                ? gl_imports_key_of_date_(adding, total->date)
                : gl_imports_key_of_text_(adding, i, texts[adding->at[i]]);
    gl_imports_add_sums_(adding, gl_imports_group_(adding, &key), total->sums);
    return 0;
}

static enum gl_executed
read_table(struct gl_adding *adding, int64_t first, int64_t last)
{
    struct gl_execution *run = adding->run;
    int rc = gl_account_totals(run->reader, adding->question->site,
                               adding->table, first, last, take, adding);

    if (rc >= 0)
        return adding->result;
    snprintf(run->why, sizeof run->why, "%s", gl_account_why(run->reader));
    return GL_EXECUTE_STORAGE;
}

/* What all of them have, who is counted once a day: of no dimension. */
static enum gl_executed
read_all(struct gl_adding *adding, int64_t first, int64_t last)
{
    enum gl_day_table_number table = adding->table;
    enum gl_executed result;

    adding->alone = 1;
    adding->table = GL_DAY_VISITORS;
    result = read_table(adding, first, last);
    adding->alone = 0;
    adding->table = table;
    return result;
}

static enum gl_executed
add_dates(struct gl_adding *adding, int64_t first, int64_t last)
{
    enum gl_executed result;

    adding->leaves = g_array_new(FALSE, FALSE, sizeof(struct leaf));
    make_leaves(adding, adding->question->filter);
    gl_imports_begin_groups_(adding);
    result = adding->result;
    if (result == GL_EXECUTED && adding->question->filter == NULL)
        result = read_all(adding, first, last);
    if (result == GL_EXECUTED &&
        (adding->question->by_n > 0 || adding->question->filter != NULL))
        result = read_table(adding, first, last);
    adding->counted->rows += adding->rows;
    g_hash_table_destroy(adding->groups);
    for (size_t i = 0; i < adding->question->by_n; i++)
        g_hash_table_destroy(adding->values[i]);
    for (guint i = 0; i < adding->leaves->len; i++)
        gl_match_free(g_array_index(adding->leaves, struct leaf, i).match);
    g_array_free(adding->leaves, TRUE);
    return result;
}

/* The dates that are whole in QUESTION's range: 0 = none. */
static int
whole_dates(const struct gl_zone *zone, const struct gl_question *question,
            int64_t *first, int64_t *last)
{
    *first = gl_zone_date(zone, question->from_ms);
    if (gl_zone_date_begins(zone, *first) < question->from_ms)
        (*first)++;
    *last = gl_zone_date(zone, question->to_ms);
    while (gl_zone_date_begins(zone, *last + 1) > question->to_ms)
        (*last)--;
    return *first <= *last;
}

enum gl_executed
gl_imports_add(struct gl_execution *run, const struct gl_zone *zone,
               const struct gl_question *question, struct gl_counted *counted)
{
    struct gl_adding adding = {
        .run = run, .zone = zone, .question = question, .counted = counted};
    int64_t from = 0, to = 0, first, last;
    int found = gl_account_total_dates(run->reader, question->site, 0,
                                       INT32_MAX, &first, &last);

    if (found == 0)
        counted->without_imports = "no_imported_data";
    if (found == 1 && !whole_dates(zone, question, &from, &to))
        found = 0;
    if (found == 1)
        found = gl_account_total_dates(run->reader, question->site, from, to,
                                       &first, &last);
    if (found < 0) {
        snprintf(run->why, sizeof run->why, "%s", gl_account_why(run->reader));
        return GL_EXECUTE_STORAGE;
    }
    if (found == 0 && counted->without_imports == NULL)
        counted->without_imports = "out_of_range";
    if (found == 1)
        counted->without_imports = is_by_hour(question)
                                       ? "unsupported_interval"
                                       : find_table(&adding);
    return counted->without_imports != NULL ? GL_EXECUTED
                                            : add_dates(&adding, from, to);
}
