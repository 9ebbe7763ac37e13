/*
 * "filters" of the Stats API; see filter.h.
 *
 *     [op, dimension, [value ...], {"case_sensitive": false}?]
 *     ["and" | "or", [filter ...]]
 *     ["not" | "has_done" | "has_not_done", filter]
 *
 * What begins with "not", or ends with it, is a NOT of the rest.
 */

#include "question/filter.h"

#include "domain.h"
#include "question/segments.h"
#include "question/terms.h"

#include <string.h>

#define TOP 2 /* depth of the filters of the list */

struct reading {
    const struct gl_defined *defined;
    GPtrArray *goals; /* struct gl_goal: left by the filters at the top */
    char **why;
    int nodes, depth;
    int in_has_done;
};

static const struct word {
    const char *word;
    enum gl_predicate_op op;
    int negates;
} words[] = {
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

static struct gl_predicate *read_filter(struct reading *reading,
                                        const json_t *json);

/* NULL, so that it can be returned. */
static struct gl_predicate *refuse(struct reading *reading, const char *format,
                                   ...) __attribute__((format(printf, 2, 3)));

static struct gl_predicate *
refuse(struct reading *reading, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *reading->why = g_strdup_vprintf(format, args);
    va_end(args);
    return NULL;
}

static struct gl_predicate *
new_predicate(enum gl_predicate_op op)
{
    struct gl_predicate *filter = g_new0(struct gl_predicate, 1);

    filter->op = op;
    if (op >= GL_PREDICATE_IS)
        filter->values = g_ptr_array_new_with_free_func(g_free);
    else
        filter->children = g_ptr_array_new();
    return filter;
}

/* CHILD (taken; NULL is passed on) below OP. */
static struct gl_predicate *
wrap(enum gl_predicate_op op, struct gl_predicate *child)
{
    struct gl_predicate *filter = child == NULL ? NULL : new_predicate(op);

    if (filter != NULL)
        g_ptr_array_add(filter->children, child);
    return filter;
}

/* ---- groups ---- */

static struct gl_predicate *
read_list(struct reading *reading, enum gl_predicate_op op, const json_t *list)
{
    struct gl_predicate *filter = new_predicate(op);

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
read_group(struct reading *reading, const struct word *word,
           const json_t *json)
{
    const json_t *rest = json_array_get(json, 1);
    struct gl_predicate *child;

    if (json_array_size(json) != 2)
        return refuse(reading, "\"filters\": \"%s\" is followed by one thing",
                      word->word);
    if (word->op == GL_PREDICATE_AND || word->op == GL_PREDICATE_OR) {
        if (json_array_size(rest) == 0)
            return refuse(reading,
                          "\"filters\": \"%s\" is followed by a list of "
                          "filters",
                          word->word);
        return read_list(reading, word->op, rest);
    }
    if (word->op == GL_PREDICATE_HAS_DONE) {
        if (reading->in_has_done)
            return refuse(reading, "\"filters\": \"%s\" within another one",
                          word->word);
        reading->in_has_done = 1;
    }
    child = read_filter(reading, rest);
    if (word->op == GL_PREDICATE_HAS_DONE)
        reading->in_has_done = 0;
    return wrap(word->op, child);
}

/* ---- one dimension ---- */

static int
compiles(const char *pattern, char **message)
{
    GError *error = NULL;
    GRegex *regex = g_regex_new(pattern, 0, 0, &error);

    if (regex != NULL) {
        g_regex_unref(regex);
        return 1;
    }
    *message = g_strdup(error->message);
    g_error_free(error);
    return 0;
}

/* VALUE as it is kept of what FILTER is by, the caller's: a host has one name,
 * however it is written, a code too; "(other)" is no code.  Of letters that a
 * name contains its ASCII has others. */
static char *
kept_value(const struct gl_predicate *filter, const char *value)
{
    char host[GL_DOMAIN_BYTES];

    if (value[0] == '\0' ||
        !(filter->op == GL_PREDICATE_IS ||
          (filter->op == GL_PREDICATE_CONTAINS && !g_str_is_ascii(value))))
        return g_strdup(value);
    switch (filter->by.what) {
    case GL_DIMENSION_HOSTNAME:
    case GL_DIMENSION_ENTRY_HOSTNAME:
    case GL_DIMENSION_EXIT_HOSTNAME:
        return g_strdup(gl_domain(value, host) == 0 ? host : value);
    case GL_DIMENSION_COUNTRY:
    case GL_DIMENSION_REGION:
        return value[0] == '(' ? g_strdup(value) : g_ascii_strup(value, -1);
    default:
        return g_strdup(value);
    }
}

/* 0, or -1. */
static int
add_value(struct reading *reading, struct gl_predicate *filter,
          const json_t *json)
{
    const char *value = json_string_value(json);
    char *message;

    if (value == NULL) {
        refuse(reading, "\"filters\": values are texts");
        return -1;
    }
    if (filter->op == GL_PREDICATE_MATCHES && !compiles(value, &message)) {
        refuse(reading, "\"filters\": \"%s\" is not a regular expression: %s",
               value, message);
        g_free(message);
        return -1;
    }
    if (filter->op == GL_PREDICATE_IS &&
        strcmp(value, gl_term_none(filter->by.what)) == 0)
        value = "";
    g_ptr_array_add(filter->values, kept_value(filter, value));
    return 0;
}

static int
read_values(struct reading *reading, struct gl_predicate *filter,
            const char *word, const json_t *list)
{
    size_t n = json_array_size(list);

    if (n == 0 || n > GL_QUESTION_VALUES_MAX) {
        refuse(reading, "\"filters\": \"%s\" takes a list of 1 to %d values",
               word, GL_QUESTION_VALUES_MAX);
        return -1;
    }
    for (size_t i = 0; i < n; i++)
        if (add_value(reading, filter, json_array_get(list, i)) == -1)
            return -1;
    return 0;
}

/* The fourth part, which may be absent. */
static int
read_case(struct reading *reading, struct gl_predicate *filter,
          const json_t *json)
{
    const json_t *sensitive = json_object_get(json, "case_sensitive");

    filter->any_case = json_is_false(sensitive);
    if (json == NULL ||
        (json_object_size(json) == 1 && json_is_boolean(sensitive)))
        return 0;
    refuse(reading, "\"filters\": what may follow the values is "
                    "{\"case_sensitive\": true or false}");
    return -1;
}

static int
read_by(struct reading *reading, const char *word, struct gl_by *by)
{
    enum gl_step step;

    if (word == NULL)
        refuse(reading, "\"filters\": a filter is [how, dimension, [value]]");
    else if (strcmp(word, "time") == 0 || gl_term_step(word, &step))
        refuse(reading, "\"filters\": time is filtered by \"date_range\"");
    else if (!gl_term_dimension(word, by))
        refuse(reading, "\"filters\": there is no dimension \"%s\"", word);
    else
        return 0;
    return -1;
}

/* ---- goals ---- */

static int
is_named(const struct gl_predicate *filter, const char *name)
{
    char *text = filter->any_case ? g_utf8_casefold(name, -1) : g_strdup(name);
    int found = 0;

    for (guint i = 0; i < filter->values->len; i++) {
        const char *given = filter->values->pdata[i];
        char *value =
            filter->any_case ? g_utf8_casefold(given, -1) : g_strdup(given);

        found |= filter->op == GL_PREDICATE_IS ? strcmp(text, value) == 0
                                               : strstr(text, value) != NULL;
        g_free(value);
    }
    g_free(text);
    return found;
}

/* A goal that "is" names is there: 0, or -1. */
static int
check_names(struct reading *reading, struct gl_predicate *filter)
{
    const GPtrArray *goals = reading->defined->goals;

    for (guint i = 0; filter->op == GL_PREDICATE_IS && i < filter->values->len;
         i++) {
        const char *value = filter->values->pdata[i];
        struct gl_predicate one = *filter;
        guint at = 0;

        one.values = g_ptr_array_new();
        g_ptr_array_add(one.values, (gpointer) (uintptr_t) value);
        while (
            at < goals->len &&
            !is_named(&one, ((const struct gl_goal *) goals->pdata[at])->name))
            at++;
        g_ptr_array_free(one.values, TRUE);
        if (at == goals->len) {
            refuse(reading, "\"filters\": the site has no goal \"%s\"", value);
            return -1;
        }
    }
    return 0;
}

/* One of the goals that FILTER names is reached. */
static struct gl_predicate *
reach(struct reading *reading, const struct gl_predicate *filter)
{
    const GPtrArray *goals = reading->defined->goals;
    struct gl_predicate *any = new_predicate(GL_PREDICATE_OR);

    any->of_goal = 1;
    for (guint i = 0; i < goals->len; i++) {
        struct gl_goal *goal = goals->pdata[i];

        if (is_named(filter, goal->name))
            g_ptr_array_add(any->children, gl_goal_predicate(goal));
        else if (reading->depth == TOP)
            g_ptr_array_remove(reading->goals, goal);
    }
    return any;
}

/* FILTER is taken. */
static struct gl_predicate *
read_goals(struct reading *reading, const struct word *word,
           struct gl_predicate *filter)
{
    struct gl_predicate *any = NULL;

    if (word->negates || filter->op == GL_PREDICATE_MATCHES)
        refuse(reading,
               "\"filters\": \"event:goal\" goes with \"is\" and "
               "\"contains\" only, not with \"%s\"",
               word->word);
    else if (reading->depth != TOP && !reading->in_has_done)
        refuse(reading, "\"filters\": \"event:goal\" stands at the top or "
                        "in \"has_done\" only");
    else if (check_names(reading, filter) == 0)
        any = reach(reading, filter);
    gl_predicate_free(filter);
    return any;
}

/* ---- any ---- */

static struct gl_predicate *
read_one(struct reading *reading, const struct word *word, const json_t *json)
{
    struct gl_predicate *filter = new_predicate(word->op);
    const char *dimension = json_string_value(json_array_get(json, 1));

    if (json_array_size(json) > 4)
        refuse(reading, "\"filters\": \"%s\" is followed by too much",
               word->word);
    else if (read_by(reading, dimension, &filter->by) == 0 &&
             read_values(reading, filter, word->word,
                         json_array_get(json, 2)) == 0 &&
             read_case(reading, filter, json_array_get(json, 3)) == 0)
        return filter->by.what == GL_DIMENSION_GOAL
                   ? read_goals(reading, word, filter)
                   : filter;
    gl_predicate_free(filter);
    return NULL;
}

static const struct word *
find_word(const char *text)
{
    for (size_t i = 0; text != NULL && i < G_N_ELEMENTS(words); i++)
        if (strcmp(words[i].word, text) == 0)
            return &words[i];
    return NULL;
}

static struct gl_predicate *
read_filter(struct reading *reading, const json_t *json)
{
    const char *text = json_string_value(json_array_get(json, 0));
    const struct word *word = find_word(text);
    struct gl_predicate *filter;

    if (text == NULL)
        return refuse(reading, "\"filters\": a filter is a list that begins "
                               "with \"is\", \"contains\", \"and\" and so on");
    if (word == NULL)
        return refuse(reading, "\"filters\": there is no \"%s\"", text);
    reading->nodes += 1 + word->negates;
    reading->depth += 1 + word->negates;
    if (reading->nodes > GL_QUESTION_FILTERS_MAX)
        return refuse(reading, "\"filters\": more than %d, a not among them",
                      GL_QUESTION_FILTERS_MAX);
    if (reading->depth > GL_QUESTION_DEPTH_MAX)
        return refuse(reading, "\"filters\": deeper than %d",
                      GL_QUESTION_DEPTH_MAX);
    filter = word->op < GL_PREDICATE_IS ? read_group(reading, word, json)
                                        : read_one(reading, word, json);
    reading->depth -= 1 + word->negates;
    return word->negates ? wrap(GL_PREDICATE_NOT, filter) : filter;
}

static int
read_all(const json_t *list, const struct gl_defined *defined,
         GPtrArray *goals, struct gl_predicate **filter, char **why)
{
    struct reading reading = {.defined = defined,
                              .goals = goals,
                              .why = why,
                              .nodes = 1,
                              .depth = 1};

    *filter = NULL;
    if (!json_is_array(list)) {
        refuse(&reading, "\"filters\" is a list of filters");
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
