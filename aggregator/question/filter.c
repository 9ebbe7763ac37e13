/*
 * "filters" of the Stats API; see filter.h.
 *
 *     [op, dimension, [value ...], {"case_sensitive": false}?]
 *     ["and" | "or", [filter ...]]
 *     ["not" | "has_done" | "has_not_done", filter]
 *
 * What begins with "not", or ends with it, is a NOT of the rest.
 */

#include "question/filter_internal.h"

#include "question/segments.h"

#include <string.h>

static const struct gl_filter_word words[] = {
    {"and", GL_PREDICATE_AND, 0},
    {"or", GL_PREDICATE_OR, 0},
    {"not", GL_PREDICATE_NOT, 0},
    {"has_done", GL_PREDICATE_HAS_DONE, 0},
    {"has_not_done", GL_PREDICATE_HAS_DONE, 1},
    {"is", GL_PREDICATE_IS, 0},
    {"is_not", GL_PREDICATE_IS, 1},
    {"contains", GL_PREDICATE_CONTAINS, 0},
    {"contains_not", GL_PREDICATE_CONTAINS, 1},
    {"matches", GL_PREDICATE_MATCHES, 0},
    {"matches_not", GL_PREDICATE_MATCHES, 1},
};

static struct gl_predicate *read_filter(struct gl_filter_reading *reading,
                                        const json_t *json);

/* CHILD (taken; NULL is passed on) below OP. */
static struct gl_predicate *
wrap(enum gl_predicate_op op, struct gl_predicate *child)
{
    struct gl_predicate *filter = child == NULL ? NULL : gl_filter_new_(op);

    if (filter != NULL)
        g_ptr_array_add(filter->children, child);
    return filter;
}

/* ---- groups ---- */

static struct gl_predicate *
read_list(struct gl_filter_reading *reading, enum gl_predicate_op op,
          const json_t *list)
{
    struct gl_predicate *filter = gl_filter_new_(op);

    for (size_t i = 0; i < json_array_size(list); i++) {
        struct gl_predicate *child =
            read_filter(reading, json_array_get(list, i));

        if (child == NULL) {
            gl_predicate_free(filter);
            return NULL;
        }
        g_ptr_array_add(filter->children, child);
    }
    return filter;
}

static struct gl_predicate *
read_group(struct gl_filter_reading *reading,
           const struct gl_filter_word *word, const json_t *json)
{
    const json_t *rest = json_array_get(json, 1);
    struct gl_predicate *child;

    if (json_array_size(json) != 2)
        return gl_filter_refuse_(
            reading, "\"filters\": \"%s\" is followed by one thing",
            word->word);
    if (word->op == GL_PREDICATE_AND || word->op == GL_PREDICATE_OR) {
        if (json_array_size(rest) == 0)
            return gl_filter_refuse_(
                reading,
                "\"filters\": \"%s\" is followed by a list of "
                "filters",
                word->word);
        return read_list(reading, word->op, rest);
    }
    if (word->op == GL_PREDICATE_HAS_DONE) {
        if (reading->in_has_done)
            return gl_filter_refuse_(
                reading, "\"filters\": \"%s\" within another one", word->word);
        reading->in_has_done = 1;
    }
    child = read_filter(reading, rest);
    if (word->op == GL_PREDICATE_HAS_DONE)
        reading->in_has_done = 0;
    return wrap(word->op, child);
}

static const struct gl_filter_word *
find_word(const char *text)
{
    for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].word, text) == 0)
            return &words[i];
    return NULL;
}

static struct gl_predicate *
read_filter(struct gl_filter_reading *reading, const json_t *json)
{
    const char *text = json_string_value(json_array_get(json, 0));
    const struct gl_filter_word *word = find_word(text);
    struct gl_predicate *filter;

    if (text == NULL)
        return gl_filter_refuse_(
            reading, "\"filters\": a filter is a list that begins "
                     "with \"is\", \"contains\", \"and\" and so on");
    if (word == NULL)
        return gl_filter_refuse_(reading, "\"filters\": there is no \"%s\"",
                                 text);
    reading->nodes += 1 + word->negates;
    reading->depth += 1 + word->negates;
    if (reading->nodes > GL_QUESTION_FILTERS_MAX)
        return gl_filter_refuse_(reading,
                                 "\"filters\": more than %d, a not among them",
                                 GL_QUESTION_FILTERS_MAX);
    if (reading->depth > GL_QUESTION_DEPTH_MAX)
        return gl_filter_refuse_(reading, "\"filters\": deeper than %d",
                                 GL_QUESTION_DEPTH_MAX);
    filter = word->op < GL_PREDICATE_IS ? read_group(reading, word, json)
                                        : gl_filter_one_(reading, word, json);
    reading->depth -= 1 + word->negates;
    return word->negates ? wrap(GL_PREDICATE_NOT, filter) : filter;
}

static int
read_all(const json_t *list, const struct gl_defined *defined,
         GPtrArray *goals, struct gl_predicate **filter, char **why)
{
    struct gl_filter_reading reading = {.defined = defined,
                                        .goals = goals,
                                        .why = why,
                                        .nodes = 1,
                                        .depth = 1};

    *filter = NULL;
    if (!json_is_array(list)) {
        gl_filter_refuse_(&reading, "\"filters\" is a list of filters");
        return -1;
    }
    if (json_array_size(list) == 0)
        return 0;
    *filter = read_list(&reading, GL_PREDICATE_AND, list);
    return *filter == NULL ? -1 : 0;
}

int
gl_filters_read(const json_t *list, const struct gl_defined *defined,
                GPtrArray *goals, struct gl_predicate **filter, char **why)
{
    json_t *expanded;
    int error;

    *filter = NULL;
    if (defined == NULL || !json_is_array(list))
        return read_all(list, defined, goals, filter, why);
    expanded = gl_segments_expand(list, defined, why);
    if (expanded == NULL)
        return -1;
    error = read_all(expanded, defined, goals, filter, why);
    json_decref(expanded);
    return error;
}
