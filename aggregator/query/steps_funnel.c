/* Funnels asked about; see steps.h. */

#include "query/steps.h"

#include <stdio.h>
#include <string.h>

#include "query/filter.h"
#include "query/funnel.h"
#include "query/parse_internal.h"
#include "query/value.h"

struct steps {
    const struct gl_parse_site *site;
    char **why;
    struct gl_time_range range;
    struct gl_predicate *filter;
    GPtrArray *goals; /* struct gl_goal, owned: a step each */
    int strict;
};

static void
free_goal(gpointer goal)
{
    gl_goal_free(goal);
}

/* ---- a funnel ---- */

static const struct gl_goal *
find_goal(const struct gl_defined *defined, const char *name)
{
    for (guint i = 0; i < defined->goals->len; i++) {
        const struct gl_goal *goal = defined->goals->pdata[i];

        if (strcmp(goal->name, name) == 0)
            return goal;
    }
    return NULL;
}

/* A step, of a goal's name or of what one is; NULL and *WHY. */
static struct gl_goal *
read_step(const json_t *step, const struct gl_defined *defined, char **why)
{
    const char *name = json_string_value(step);
    const struct gl_goal *goal;
    struct gl_goal *made;
    char *wrong;

    if (name == NULL) {
        made = gl_goal_new(NULL, step, &wrong);
        if (made == NULL) {
            gl_defined_refuse_(
                why, "\"funnel\": a step is the name of a goal, or one: %s",
                wrong);
            g_free(wrong);
        }
        return made;
    }
    goal = find_goal(defined, name);
    if (goal != NULL)
        return gl_goal_copy(goal);
    gl_defined_refuse_(why, "\"funnel\": the site has no goal \"%s\"", name);
    return NULL;
}

static int
read_funnel(const json_t *body, const struct gl_defined *defined,
            GPtrArray *goals, char **why)
{
    const json_t *steps = json_object_get(body, "steps");
    size_t n = json_array_size(steps);

    if (n < 2 || n > GL_FUNNEL_STEPS_MAX)
        return gl_defined_refuse_(why, "\"funnel\": \"steps\" are 2 to %d",
                                  GL_FUNNEL_STEPS_MAX);
    for (size_t i = 0; i < n; i++) {
        struct gl_goal *goal =
            read_step(json_array_get(steps, i), defined, why);

        if (goal == NULL)
            return 0;
        g_ptr_array_add(goals, goal);
    }
    if (json_object_get(body, "strict") != NULL &&
        !json_is_boolean(json_object_get(body, "strict")))
        return gl_defined_refuse_(why,
                                  "\"funnel\": \"strict\" is true or false");
    if (json_object_size(body) !=
        1 + (size_t) (json_object_get(body, "strict") != NULL))
        return gl_defined_refuse_(
            why, "\"funnel\" has \"steps\" and \"strict\" only");
    return 1;
}

int
gl_steps_check(const json_t *body, const struct gl_defined *defined,
               char **why)
{
    GPtrArray *goals = g_ptr_array_new_with_free_func(free_goal);
    int good = read_funnel(body, defined, goals, why);

    g_ptr_array_free(goals, TRUE);
    return good;
}

/* What "funnel" says, or what is kept under its id; NULL: nothing. */
static const json_t *
body_of(const json_t *given, const struct gl_defined *defined)
{
    if (!json_is_integer(given))
        return given;
    for (guint i = 0; i < defined->funnels->len; i++) {
        const struct gl_kept_funnel *funnel = defined->funnels->pdata[i];

        if (funnel->id == json_integer_value(given))
            return funnel->body;
    }
    return NULL;
}

/* ---- a question ---- */

static int
check_keys(const json_t *query, char **why)
{
    static const char *const known[] = {"site_id", "date_range", "filters",
                                        "funnel", NULL};
    json_t *copy = (json_t *) (uintptr_t) query, *value;
    const char *key;

    json_object_foreach(copy, key, value)
    {
        if (!g_strv_contains(known, key))
            return gl_defined_refuse_(
                why, "\"%s\" does not go with \"funnel\"", key);
    }
    return 1;
}

static int
parse(struct steps *steps, const json_t *query)
{
    const struct gl_defined *defined = steps->site->defined;
    const json_t *filters = json_object_get(query, "filters");
    const json_t *body = body_of(json_object_get(query, "funnel"), defined);
    const char *wrong;
    GPtrArray *left;
    int error = 0;

    if (!check_keys(query, steps->why))
        return 0;
    if (body == NULL)
        return gl_defined_refuse_(steps->why,
                                  "\"funnel\": the site has none of that id");
    wrong = gl_range_read(json_object_get(query, "date_range"),
                          &steps->site->range, &steps->range);
    if (wrong != NULL)
        return gl_defined_refuse_(steps->why, "%s", wrong);
    left = g_ptr_array_new();
    if (filters != NULL)
        error = gl_filters_read(filters, defined, left, &steps->filter,
                                steps->why);
    g_ptr_array_free(left, TRUE);
    steps->strict = json_is_true(json_object_get(body, "strict"));
    return error == 0 && read_funnel(body, defined, steps->goals, steps->why);
}

static enum gl_executed
count(struct gl_execution *run, const struct steps *steps,
      struct gl_funnel *funnel)
{
    struct gl_question questions[1 + GL_FUNNEL_STEPS_MAX];
    const struct gl_question *list[1 + GL_FUNNEL_STEPS_MAX] = {NULL};
    size_t n = 1 + steps->goals->len;
    enum gl_executed result;

    for (size_t i = 0; i < n; i++) {
        questions[i] = (struct gl_question){
            .site = steps->site->id,
            .from_ms = steps->range.from_ms,
            .to_ms = steps->range.to_ms,
            .filter = i == 0 ? steps->filter
                             : gl_goal_predicate(steps->goals->pdata[i - 1]),
        };
        list[i] = &questions[i];
    }
    result = gl_execute_walk(run, list, n, gl_funnel_step, funnel);
    for (size_t i = 1; i < n; i++)
        gl_predicate_free(questions[i].filter);
    if (result == GL_EXECUTED && funnel->many) {
        snprintf(run->why, sizeof run->why,
                 "too many visitors were imported; ask for less");
        result = GL_EXECUTE_MUCH;
    }
    return result;
}

/* ---- the answer ---- */

static json_t *
share_json(uint64_t n, uint64_t of)
{
    return json_real(gl_value_hundredths(100 * n, of));
}

static json_t *
rows_json(const struct steps *steps, const struct gl_funnel *funnel)
{
    json_t *rows = json_array();

    for (guint i = 0; i < steps->goals->len; i++) {
        const struct gl_goal *goal = steps->goals->pdata[i];
        uint64_t here = funnel->reached[i];
        uint64_t before = i == 0 ? funnel->visitors : funnel->reached[i - 1];

        json_array_append_new(
            rows, json_pack("{s:[I, I, o, o], s:[s]}", "metrics",
                            (json_int_t) here, (json_int_t) (before - here),
                            share_json(before - here, before),
                            share_json(here, funnel->reached[0]), "dimensions",
                            goal->name));
    }
    return rows;
}

static json_t *
answer_json(const struct steps *steps, const json_t *query,
            const struct gl_funnel *funnel)
{
    struct gl_parsing parsing = {.site = steps->site};
    json_t *told = json_deep_copy(query);

    json_object_set_new(told, "date_range",
                        gl_parse_range_json_(&parsing, &steps->range));
    json_object_set_new(told, "metrics",
                        json_pack("[s, s, s, s]", "visitors", "dropped",
                                  "drop_rate", "conversion_rate"));
    json_object_set_new(told, "dimensions", json_pack("[s]", "step"));
    return json_pack("{s:o, s:{s:I}, s:o}", "results",
                     rows_json(steps, funnel), "meta", "visitors",
                     (json_int_t) funnel->visitors, "query", told);
}

int
gl_steps_asked(const json_t *query)
{
    return json_object_get(query, "funnel") != NULL;
}

enum gl_executed
gl_steps_answer(struct gl_execution *run, const struct gl_parse_site *site,
                const json_t *query, json_t **answer)
{
    char *why = NULL;
    struct steps steps = {.site = site, .why = &why};
    struct gl_funnel funnel;
    enum gl_executed result = GL_EXECUTE_BAD;

    steps.goals = g_ptr_array_new_with_free_func(free_goal);
    if (parse(&steps, query)) {
        gl_funnel_init(&funnel, steps.goals->len, steps.strict);
        result = count(run, &steps, &funnel);
        if (result == GL_EXECUTED)
            *answer = answer_json(&steps, query, &funnel);
        gl_funnel_fini(&funnel);
    } else {
        g_strlcpy(run->why, why, sizeof run->why);
    }
    gl_predicate_free(steps.filter);
    g_ptr_array_free(steps.goals, TRUE);
    g_free(why);
    return result;
}
