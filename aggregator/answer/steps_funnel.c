/* Funnels asked about; see steps.h. */

#include "answer/steps_internal.h"

#include <string.h>

#include "query/walk/funnel.h"

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

/* ---- the answer ---- */

/* GOALS: struct gl_goal, a step each. */
static enum gl_executed
count(struct gl_steps_ *steps, const GPtrArray *goals,
      struct gl_funnel *funnel)
{
    struct gl_question questions[1 + GL_FUNNEL_STEPS_MAX];
    const struct gl_question *list[1 + GL_FUNNEL_STEPS_MAX] = {NULL};
    size_t n = 1 + goals->len;
    enum gl_executed result;

    for (size_t i = 0; i < n; i++) {
        questions[i] = (struct gl_question){
            .site = steps->site->id,
            .from_ms = steps->asked.range.from_ms,
            .to_ms = steps->asked.range.to_ms,
            .filter = i == 0 ? steps->asked.filter
                             : gl_goal_predicate(goals->pdata[i - 1]),
        };
        list[i] = &questions[i];
    }
    result = gl_execute_walk(steps->run, list, n, gl_funnel_step, funnel);
    for (size_t i = 1; i < n; i++)
        gl_predicate_free(questions[i].filter);
    return gl_steps_end_(steps, result, funnel->many,
                         "too many visitors were imported; ask for less");
}

static void
tell(struct gl_steps_ *steps, const GPtrArray *goals,
     const struct gl_funnel *funnel)
{
    steps->metrics = json_pack("[s, s, s, s]", "visitors", "dropped",
                               "drop_rate", "conversion_rate");
    steps->dimensions = json_pack("[s]", "step");
    json_object_set_new(steps->meta, "visitors",
                        json_integer((json_int_t) funnel->visitors));
    for (guint i = 0; i < goals->len; i++) {
        const struct gl_goal *goal = goals->pdata[i];
        uint64_t here = funnel->reached[i];
        uint64_t before = i == 0 ? funnel->visitors : funnel->reached[i - 1];

        gl_steps_add_row_(steps,
                          json_pack("[I, I, o, o]", (json_int_t) here,
                                    (json_int_t) (before - here),
                                    gl_steps_share_(before - here, before),
                                    gl_steps_share_(here, funnel->reached[0])),
                          json_pack("[s]", goal->name));
    }
}

static enum gl_executed
answer(struct gl_steps_ *steps, const json_t *body, const GPtrArray *goals)
{
    int strict = json_is_true(json_object_get(body, "strict"));
    struct gl_funnel funnel;
    enum gl_executed result;

    gl_funnel_init(&funnel, goals->len, strict);
    result = count(steps, goals, &funnel);
    if (result == GL_EXECUTED)
        tell(steps, goals, &funnel);
    gl_funnel_fini(&funnel);
    return result;
}

enum gl_executed
gl_steps_funnel_(struct gl_steps_ *steps)
{
    const struct gl_defined *defined = steps->site->defined;
    const json_t *body = body_of(steps->body, defined);
    GPtrArray *goals = g_ptr_array_new_with_free_func(free_goal);
    enum gl_executed result = GL_EXECUTE_BAD;

    if (body == NULL)
        gl_defined_refuse_(steps->why,
                           "\"funnel\": the site has none of that id");
    else if (read_funnel(body, defined, goals, steps->why))
        result = answer(steps, body, goals);
    g_ptr_array_free(goals, TRUE);
    return result;
}
