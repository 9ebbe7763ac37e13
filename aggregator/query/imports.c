/* Totals of days that another product counted; see imports.h. */

#include "query/imports.h"

#include <stdio.h>
#include <string.h>

#include "question/match.h"
#include "question/range.h"
#include "question/terms.h"
#include "store/totals.h"

#define LOOK_ROWS 4096 /* between two looks at the clock */

/* A leaf of the filter: which text of the table, and what passes. */
struct leaf {
    const struct gl_predicate *predicate;
    int at;
    struct gl_match *match;
};

struct adding {
    struct gl_execution *run;
    const struct gl_zone *zone;
    const struct gl_question *question;
    struct gl_counted *counted;
    enum gl_day_table_number table;
    int at[GL_QUESTION_DIMENSIONS_MAX];             /* which text; -1 = time */
    GArray *leaves;                                 /* struct leaf */
    GHashTable *values[GL_QUESTION_DIMENSIONS_MAX]; /* text -> 1 + key */
    GHashTable *groups;                             /* keys -> 1 + index */
    uint64_t rows;
    int alone; /* sums are those of all: no group, no filter */
    enum gl_executed result;
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
find_table(struct adding *adding)
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
make_leaves(struct adding *adding, const struct gl_predicate *predicate)
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
leaf_passes(const struct adding *adding, const struct gl_predicate *predicate,
            const char *const *texts)
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
passes(const struct adding *adding, const struct gl_predicate *predicate,
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

/* ---- groups ---- */

static void
begin_groups(struct adding *adding)
{
    struct gl_counted *counted = adding->counted;
    gsize size = adding->question->by_n * sizeof(uint32_t);

    adding->groups = g_hash_table_new_full(
        g_bytes_hash, g_bytes_equal, (GDestroyNotify) g_bytes_unref, NULL);
    for (guint i = 0; i < counted->groups->len; i++)
        g_hash_table_insert(
            adding->groups,
            g_bytes_new(
                g_array_index(counted->groups, struct gl_group, i).keys, size),
            GUINT_TO_POINTER(i + 1));
    for (size_t i = 0; i < adding->question->by_n; i++) {
        adding->values[i] = g_hash_table_new(g_str_hash, g_str_equal);
        for (guint k = 0;
             counted->values[i] != NULL && k < counted->values[i]->len; k++)
            g_hash_table_insert(adding->values[i],
                                counted->values[i]->pdata[k],
                                GUINT_TO_POINTER(k + 1));
    }
}

static uint32_t
key_of_text(struct adding *adding, size_t i, const char *text)
{
    struct gl_counted *counted = adding->counted;
    guint key = GPOINTER_TO_UINT(g_hash_table_lookup(adding->values[i], text));
    char *kept;

    if (key != 0)
        return key - 1;
    kept = g_string_chunk_insert(counted->texts, text);
    g_ptr_array_add(counted->values[i], kept);
    key = counted->values[i]->len;
    g_hash_table_insert(adding->values[i], kept, GUINT_TO_POINTER(key));
    return key - 1;
}

/* The bucket in which DATE begins; it is in the range. */
static uint32_t
key_of_date(const struct adding *adding, int64_t date)
{
    const GArray *edges = adding->question->time.edges;
    int64_t at_ms = gl_zone_date_begins(adding->zone, date);
    uint32_t low = 0, high = edges->len - 2;

    while (low < high) {
        uint32_t middle = (low + high + 1) / 2;

        if (g_array_index(edges, int64_t, middle) <= at_ms)
            low = middle;
        else
            high = middle - 1;
    }
    return low;
}

static struct gl_group *
group_of(struct adding *adding, const struct gl_group *key)
{
    GArray *groups = adding->counted->groups;
    GBytes *keys =
        g_bytes_new(key->keys, adding->question->by_n * sizeof key->keys[0]);
    guint at = GPOINTER_TO_UINT(g_hash_table_lookup(adding->groups, keys));

    if (at == 0) {
        g_array_append_vals(groups, key, 1);
        at = groups->len;
        g_hash_table_insert(adding->groups, keys, GUINT_TO_POINTER(at));
    } else {
        g_bytes_unref(keys);
    }
    return &g_array_index(groups, struct gl_group, at - 1);
}

/* As Plausible: events of a table without them are its pageviews. */
static void
add_sums(const struct adding *adding, struct gl_group *group,
         const int64_t *sums)
{
    uint64_t *to = group->sums;
    int of_visits =
        adding->table != GL_DAY_PAGES && adding->table != GL_DAY_CUSTOM_EVENTS;

    to[GL_SUM_VISITORS] += (uint64_t) sums[GL_DAY_SUM_VISITORS];
    to[GL_SUM_VISITS] += (uint64_t) sums[GL_DAY_SUM_VISITS];
    to[GL_SUM_PAGEVIEWS] += (uint64_t) sums[GL_DAY_SUM_PAGEVIEWS];
    to[GL_SUM_EVENTS] +=
        (uint64_t) (sums[GL_DAY_SUM_EVENTS] + sums[GL_DAY_SUM_PAGEVIEWS]);
    if (!of_visits)
        return;
    to[GL_SUM_ENTRIES] += (uint64_t) sums[GL_DAY_SUM_VISITS];
    to[GL_SUM_BOUNCES] += (uint64_t) sums[GL_DAY_SUM_BOUNCES];
    to[GL_SUM_SECONDS] += (uint64_t) sums[GL_DAY_SUM_SECONDS];
    to[GL_SUM_VIEWS] += (uint64_t) sums[GL_DAY_SUM_PAGEVIEWS];
}

/* ---- rows ---- */

static int
is_over(struct adding *adding)
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
    struct adding *adding = arg;
    const char *texts[GL_DAY_TEXTS_MAX];
    struct gl_group key = {0};

    for (int i = 0; i < GL_DAY_TEXTS_MAX; i++)
        texts[i] = total->texts[i].data != NULL ? total->texts[i].data : "";
    if (is_over(adding) || !passes(adding, adding->question->filter, texts))
        return adding->result != GL_EXECUTED;
    if (adding->alone || adding->question->filter != NULL)
        add_sums(adding, &adding->counted->all, total->sums);
    if (adding->alone || adding->question->by_n == 0)
        return 0;
    for (size_t i = 0; i < adding->question->by_n; i++)
        key.keys[i] = adding->at[i] == -1
                          ? key_of_date(adding, total->date)
                          : key_of_text(adding, i, texts[adding->at[i]]);
    add_sums(adding, group_of(adding, &key), total->sums);
    return 0;
}

static enum gl_executed
read_table(struct adding *adding, int64_t first, int64_t last)
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
read_all(struct adding *adding, int64_t first, int64_t last)
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
add_dates(struct adding *adding, int64_t first, int64_t last)
{
    enum gl_executed result;

    adding->leaves = g_array_new(FALSE, FALSE, sizeof(struct leaf));
    make_leaves(adding, adding->question->filter);
    begin_groups(adding);
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
    struct adding adding = {
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
