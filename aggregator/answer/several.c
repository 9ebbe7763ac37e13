/* One question as several; see several.h. */

#include "answer/several.h"

#include <string.h>

#define NONE SIZE_MAX

/* What all that is asked at once has in common. */
struct shared {
    struct gl_predicate *filter; /* NULL = all */
    struct gl_predicate *all;    /* without goals, where HAS_ALL */
    int has_all;
    GArray *questions;  /* struct gl_question: what they point to is lent */
    GPtrArray *nodes;   /* struct gl_predicate made here; children lent */
    GPtrArray *reached; /* struct gl_predicate: of goals, owned */
    struct gl_counted **counted; /* of each of QUESTIONS */
};

struct parts {
    struct shared *shared;
    const struct gl_asked *asked;
    const struct gl_question *question;
    size_t goal_at;     /* which dimension is "event:goal", or NONE */
    size_t first, n;    /* in shared.questions */
    size_t goals;       /* the first of one a goal */
    size_t all, groups; /* without goals: in all, by group; or NONE */
    size_t pages;       /* by page, or NONE */
};

/* ---- filters ---- */

static void
free_node(gpointer data)
{
    struct gl_predicate *node = data;

    g_ptr_array_free(node->children, TRUE);
    g_free(node);
}

static void
free_reached(gpointer predicate)
{
    gl_predicate_free(predicate);
}

static struct gl_predicate *
new_and(struct shared *shared)
{
    struct gl_predicate *node = g_new0(struct gl_predicate, 1);

    node->op = GL_PREDICATE_AND;
    node->children = g_ptr_array_new();
    g_ptr_array_add(shared->nodes, node);
    return node;
}

/* The filter, and GOAL is reached. */
static struct gl_predicate *
filter_goal(struct shared *shared, const struct gl_goal *goal)
{
    struct gl_predicate *both = new_and(shared);
    struct gl_predicate *reached = gl_goal_predicate(goal);

    g_ptr_array_add(shared->reached, reached);
    if (shared->filter != NULL)
        g_ptr_array_add(both->children, shared->filter);
    g_ptr_array_add(both->children, reached);
    return both;
}

/* A goal's, or on a property: those at the top are no filters of all whom
 * conversions are a part of. */
static int
is_of_conversion(const struct gl_predicate *filter)
{
    while (filter->op == GL_PREDICATE_NOT)
        filter = filter->children->pdata[0];
    return filter->of_goal || (filter->op >= GL_PREDICATE_IS &&
                               filter->by.what == GL_DIMENSION_PROP);
}

/* NULL when there is none left; the filter itself when all are. */
static struct gl_predicate *
make_filter_all(struct shared *shared)
{
    struct gl_predicate *filter = shared->filter, *rest;

    if (filter == NULL)
        return NULL;
    rest = new_and(shared);
    for (guint i = 0; i < filter->children->len; i++)
        if (!is_of_conversion(filter->children->pdata[i]))
            g_ptr_array_add(rest->children, filter->children->pdata[i]);
    if (rest->children->len == filter->children->len)
        return filter;
    return rest->children->len > 0 ? rest : NULL;
}

/* One for all, so that they are counted together. */
static struct gl_predicate *
filter_all(struct shared *shared)
{
    if (!shared->has_all)
        shared->all = make_filter_all(shared);
    shared->has_all = 1;
    return shared->all;
}

/* ---- questions ---- */

/* Another question: which one it is. */
static size_t
add(struct parts *parts, struct gl_question question)
{
    g_array_append_val(parts->shared->questions, question);
    return parts->shared->questions->len - 1;
}

/* The question, by no goal. */
static struct gl_question
without_goal(const struct parts *parts)
{
    struct gl_question question = *parts->question;

    question.filter = parts->shared->filter;
    if (parts->goal_at == NONE)
        return question;
    question.by_n--;
    for (size_t i = parts->goal_at; i < question.by_n; i++)
        question.by[i] = question.by[i + 1];
    return question;
}

static void
add_goals(struct parts *parts)
{
    const GPtrArray *goals = parts->asked->goals;

    parts->goals = parts->shared->questions->len;
    for (guint i = 0; parts->goal_at != NONE && i < goals->len; i++) {
        const struct gl_goal *goal = goals->pdata[i];
        struct gl_question question = without_goal(parts);

        question.filter = filter_goal(parts->shared, goal);
        question.currency = goal->currency;
        add(parts, question);
    }
}

static void
add_all(struct parts *parts)
{
    uint32_t metrics = parts->question->metrics;
    struct gl_question question = without_goal(parts);

    parts->all = parts->groups = NONE;
    question.metrics = 1u << GL_METRIC_VISITORS;
    question.filter = filter_all(parts->shared);
    if (metrics & 1u << GL_METRIC_GROUP_CONVERSION_RATE)
        parts->groups = add(parts, question);
    question.by_n = 0;
    if (metrics & 1u << GL_METRIC_CONVERSION_RATE)
        parts->all = add(parts, question);
}

static void
add_pages(struct parts *parts)
{
    struct gl_question question = without_goal(parts);

    parts->pages = NONE;
    if (!(question.metrics & 1u << GL_METRIC_EXIT_RATE))
        return;
    question.by[0] = (struct gl_by){GL_DIMENSION_PAGE, NULL};
    question.by_n = 1;
    question.metrics = 1u << GL_METRIC_PAGEVIEWS;
    parts->pages = add(parts, question);
}

/* The first is the question itself; by goal, what all of them are of. */
static void
divide(struct parts *parts)
{
    struct gl_question question = *parts->question;

    parts->first = parts->shared->questions->len;
    question.filter = parts->shared->filter;
    parts->goal_at = NONE;
    for (size_t i = 0; i < question.by_n; i++)
        if (question.by[i].what == GL_DIMENSION_GOAL)
            parts->goal_at = i;
    if (parts->goal_at != NONE) {
        question.by_n = 0;
        question.metrics = 1u << GL_METRIC_VISITORS;
    }
    add(parts, question);
    add_goals(parts);
    add_all(parts);
    add_pages(parts);
    parts->n = parts->shared->questions->len - parts->first;
}

/* ---- counts ---- */

/* Texts of a dimension, each once. */
struct texts {
    GPtrArray *list; /* NULL: of time */
    GHashTable *at;
};

static uint32_t
text_at(struct gl_counted *to, struct texts *texts, const char *text)
{
    gpointer at;

    if (!g_hash_table_lookup_extended(texts->at, text, NULL, &at)) {
        at = GUINT_TO_POINTER(texts->list->len);
        g_ptr_array_add(texts->list, g_string_chunk_insert(to->texts, text));
        g_hash_table_insert(texts->at,
                            texts->list->pdata[texts->list->len - 1], at);
    }
    return GPOINTER_TO_UINT(at);
}

/* A group of goal number GOAL, whose counts are FROM, becomes one of TO. */
static void
take_group(const struct parts *parts, struct gl_counted *to,
           struct texts *texts, guint goal, const struct gl_counted *from,
           const struct gl_group *found)
{
    struct gl_group group = *found;
    struct gl_more more =
        g_array_index(from->more, struct gl_more, found->more);

    for (size_t i = 0, k = 0; i < parts->question->by_n; i++) {
        if (i == parts->goal_at) {
            group.keys[i] = goal;
            continue;
        }
        group.keys[i] = found->keys[k];
        if (from->values[k] != NULL)
            group.keys[i] =
                text_at(to, &texts[i], from->values[k]->pdata[found->keys[k]]);
        k++;
    }
    group.more = to->more->len;
    g_array_append_val(to->more, more);
    g_array_append_val(to->groups, group);
}

static void
take_goal(const struct parts *parts, struct gl_counted *to,
          struct texts *texts, guint goal)
{
    const struct gl_counted *from =
        parts->shared->counted[parts->goals + goal];

    to->rows += from->rows;
    if (parts->question->by_n == 1 && from->all.sums[GL_SUM_EVENTS] > 0)
        take_group(parts, to, texts, goal, from, &from->all);
    for (guint i = 0; i < from->groups->len; i++)
        take_group(parts, to, texts, goal, from,
                   &g_array_index(from->groups, struct gl_group, i));
}

/* Groups of goals, in counts that have none. */
static void
take_goals(const struct parts *parts, struct gl_counted *to)
{
    const GPtrArray *goals = parts->asked->goals;
    struct texts texts[GL_QUESTION_DIMENSIONS_MAX] = {{0}};

    for (size_t i = 0; i < parts->question->by_n; i++) {
        if (parts->question->by[i].what == GL_DIMENSION_TIME)
            continue;
        to->values[i] = texts[i].list = g_ptr_array_new();
        texts[i].at = g_hash_table_new(g_str_hash, g_str_equal);
    }
    for (guint i = 0; i < goals->len; i++) {
        const struct gl_goal *goal = goals->pdata[i];

        g_ptr_array_add(texts[parts->goal_at].list,
                        g_string_chunk_insert(to->texts, goal->name));
        take_goal(parts, to, texts, i);
    }
    for (size_t i = 0; i < parts->question->by_n; i++)
        if (texts[i].at != NULL)
            g_hash_table_destroy(texts[i].at);
}

/* What GROUP is grouped by, goals left out; the caller's. */
static char *
key_of(const struct gl_counted *counted, const struct gl_group *group,
       size_t n, size_t goal_at)
{
    GString *key = g_string_new("");

    for (size_t i = 0; i < n; i++) {
        const GPtrArray *values = counted->values[i];

        if (i == goal_at)
            continue;
        if (values == NULL) {
            g_string_append_printf(key, "%u,", group->keys[i]);
        } else {
            const char *text = values->pdata[group->keys[i]];

            g_string_append_printf(key, "%zu:%s,", strlen(text), text);
        }
    }
    return g_string_free(key, FALSE);
}

static void
put_visitors(struct gl_more *more, const struct gl_group *beside)
{
    more->visitors = beside == NULL ? 0 : beside->sums[GL_SUM_VISITORS];
}

static void
put_views(struct gl_more *more, const struct gl_group *beside)
{
    more->views = beside == NULL ? 0 : beside->sums[GL_SUM_PAGEVIEWS];
}

/* PUT to each group what the one beside it has, of question number AT. */
static void
take_beside(const struct parts *parts, struct gl_counted *to, size_t at,
            void (*put)(struct gl_more *more, const struct gl_group *beside))
{
    const struct gl_counted *from = parts->shared->counted[at];
    size_t n = parts->question->by_n - (parts->goal_at != NONE);
    GHashTable *found =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (guint i = 0; i < from->groups->len; i++) {
        struct gl_group *group =
            &g_array_index(from->groups, struct gl_group, i);

        g_hash_table_insert(found, key_of(from, group, n, NONE), group);
    }
    for (guint i = 0; i < to->groups->len; i++) {
        struct gl_group *group =
            &g_array_index(to->groups, struct gl_group, i);
        char *key = key_of(to, group, parts->question->by_n, parts->goal_at);
        const struct gl_group *all =
            n == 0 ? &from->all : g_hash_table_lookup(found, key);
        struct gl_more more =
            g_array_index(to->more, struct gl_more, group->more);

        put(&more, all);
        group->more = to->more->len;
        g_array_append_val(to->more, more);
        g_free(key);
    }
    g_hash_table_destroy(found);
}

/* The counts of the first, completed with those of the others. */
static struct gl_counted *
join(const struct parts *parts)
{
    struct gl_counted **all = parts->shared->counted;
    struct gl_counted *counted = all[parts->first];

    if (parts->goal_at != NONE)
        take_goals(parts, counted);
    if (parts->groups != NONE)
        take_beside(parts, counted, parts->groups, put_visitors);
    if (parts->pages != NONE)
        take_beside(parts, counted, parts->pages, put_views);
    if (parts->all != NONE)
        counted->visitors = all[parts->all]->all.sums[GL_SUM_VISITORS];
    for (size_t i = 1; i < parts->n; i++)
        gl_counted_free(all[parts->first + i]);
    return counted;
}

static enum gl_executed
execute(const struct gl_several_counter *counter, struct shared *shared)
{
    size_t n = shared->questions->len;
    const struct gl_question **list = g_new(const struct gl_question *, n);
    enum gl_executed result;

    for (guint i = 0; i < n; i++)
        list[i] = &g_array_index(shared->questions, struct gl_question, i);
    shared->counted = g_new0(struct gl_counted *, n);
    result = counter->count(counter->arg, list, n, shared->counted);
    g_free(list);
    return result;
}

enum gl_executed
gl_several_count(const struct gl_several_counter *counter,
                 const struct gl_several_ask *asks, size_t n,
                 struct gl_counted **counted)
{
    struct shared shared = {.filter = asks[0].question->filter};
    struct parts *parts = g_new0(struct parts, n);
    enum gl_executed result;

    shared.questions = g_array_new(FALSE, FALSE, sizeof(struct gl_question));
    shared.nodes = g_ptr_array_new_with_free_func(free_node);
    shared.reached = g_ptr_array_new_with_free_func(free_reached);
    for (size_t i = 0; i < n; i++) {
        parts[i].shared = &shared;
        parts[i].asked = asks[i].asked;
        parts[i].question = asks[i].question;
        divide(&parts[i]);
    }
    result = execute(counter, &shared);
    for (size_t i = 0; result == GL_EXECUTED && i < n; i++)
        counted[i] = join(&parts[i]);
    g_free(shared.counted);
    g_ptr_array_free(shared.nodes, TRUE);
    g_ptr_array_free(shared.reached, TRUE);
    g_array_free(shared.questions, TRUE);
    g_free(parts);
    return result;
}
