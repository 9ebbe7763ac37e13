/* A filter on one dimension, a goal among them; see filter.h. */

#include "question/filter_internal.h"

#include "domain.h"
#include "question/terms.h"

#include <string.h>

struct gl_predicate *
gl_filter_refuse_(struct gl_filter_reading *reading, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    *reading->why = g_strdup_vprintf(format, args);
    va_end(args);
    return NULL;
}

struct gl_predicate *
gl_filter_new_(enum gl_predicate_op op)
{
    struct gl_predicate *filter = g_new0(struct gl_predicate, 1);

    filter->op = op;
    if (op >= GL_PREDICATE_IS)
        filter->values = g_ptr_array_new_with_free_func(g_free);
    else
        filter->children = g_ptr_array_new();
    return filter;
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
add_value(struct gl_filter_reading *reading, struct gl_predicate *filter,
          const json_t *json)
{
    const char *value = json_string_value(json);
    char *message;

    if (value == NULL) {
        gl_filter_refuse_(reading, "\"filters\": values are texts");
        return -1;
    }
    if (filter->op == GL_PREDICATE_MATCHES && !compiles(value, &message)) {
        gl_filter_refuse_(
            reading, "\"filters\": \"%s\" is not a regular expression: %s",
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
read_values(struct gl_filter_reading *reading, struct gl_predicate *filter,
            const char *word, const json_t *list)
{
    size_t n = json_array_size(list);

    if (n == 0 || n > GL_QUESTION_VALUES_MAX) {
        gl_filter_refuse_(reading,
                          "\"filters\": \"%s\" takes a list of 1 to %d values",
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
read_case(struct gl_filter_reading *reading, struct gl_predicate *filter,
          const json_t *json)
{
    const json_t *sensitive = json_object_get(json, "case_sensitive");

    filter->any_case = json_is_false(sensitive);
    if (json == NULL ||
        (json_object_size(json) == 1 && json_is_boolean(sensitive)))
        return 0;
    gl_filter_refuse_(reading, "\"filters\": what may follow the values is "
                               "{\"case_sensitive\": true or false}");
    return -1;
}

static int
read_by(struct gl_filter_reading *reading, const char *word, struct gl_by *by)
{
    enum gl_step step;

    if (word == NULL)
        gl_filter_refuse_(
            reading, "\"filters\": a filter is [how, dimension, [value]]");
    else if (strcmp(word, "time") == 0 || gl_term_step(word, &step))
        gl_filter_refuse_(reading,
                          "\"filters\": time is filtered by \"date_range\"");
    else if (!gl_term_dimension(word, by))
        gl_filter_refuse_(reading, "\"filters\": there is no dimension \"%s\"",
                          word);
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
check_names(struct gl_filter_reading *reading, struct gl_predicate *filter)
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
            gl_filter_refuse_(
                reading, "\"filters\": the site has no goal \"%s\"", value);
            return -1;
        }
    }
    return 0;
}

/* One of the goals that FILTER names is reached. */
static struct gl_predicate *
reach(struct gl_filter_reading *reading, const struct gl_predicate *filter)
{
    const GPtrArray *goals = reading->defined->goals;
    struct gl_predicate *any = gl_filter_new_(GL_PREDICATE_OR);

    any->of_goal = 1;
    for (guint i = 0; i < goals->len; i++) {
        struct gl_goal *goal = goals->pdata[i];

        if (is_named(filter, goal->name))
            g_ptr_array_add(any->children, gl_goal_predicate(goal));
        else if (reading->depth == GL_FILTER_TOP)
            g_ptr_array_remove(reading->goals, goal);
    }
    return any;
}

/* FILTER is taken. */
static struct gl_predicate *
read_goals(struct gl_filter_reading *reading,
           const struct gl_filter_word *word, struct gl_predicate *filter)
{
    struct gl_predicate *any = NULL;

    if (word->negates || filter->op == GL_PREDICATE_MATCHES)
        gl_filter_refuse_(reading,
                          "\"filters\": \"event:goal\" goes with \"is\" and "
                          "\"contains\" only, not with \"%s\"",
                          word->word);
    else if (reading->depth != GL_FILTER_TOP && !reading->in_has_done)
        gl_filter_refuse_(reading,
                          "\"filters\": \"event:goal\" stands at the top or "
                          "in \"has_done\" only");
    else if (check_names(reading, filter) == 0)
        any = reach(reading, filter);
    gl_predicate_free(filter);
    return any;
}

/* ---- any ---- */

struct gl_predicate *
gl_filter_one_(struct gl_filter_reading *reading,
               const struct gl_filter_word *word, const json_t *json)
{
    struct gl_predicate *filter = gl_filter_new_(word->op);
    const char *dimension = json_string_value(json_array_get(json, 1));

    if (json_array_size(json) > 4)
        gl_filter_refuse_(reading,
                          "\"filters\": \"%s\" is followed by too much",
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
