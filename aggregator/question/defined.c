/* What is defined for questions; see defined.h. */

#include "question/defined.h"

#include <string.h>

/* ---- all of a site ---- */

static void
free_goal(gpointer goal)
{
    gl_goal_free(goal);
}

static void
free_segment(gpointer data)
{
    struct gl_segment *segment = data;

    json_decref(segment->filters);
    g_free(segment);
}

static void
free_funnel(gpointer data)
{
    struct gl_kept_funnel *funnel = data;

    json_decref(funnel->body);
    g_free(funnel);
}

struct gl_defined *
gl_defined_new(void)
{
    struct gl_defined *defined = g_new0(struct gl_defined, 1);

    defined->goals = g_ptr_array_new_with_free_func(free_goal);
    defined->segments = g_ptr_array_new_with_free_func(free_segment);
    defined->funnels = g_ptr_array_new_with_free_func(free_funnel);
    return defined;
}

void
gl_defined_add(struct gl_defined *defined, int64_t id, const char *kind,
               const char *name, const char *body)
{
    json_t *json = json_loads(body, 0, NULL);
    char *why = NULL;
    struct gl_goal *goal =
        strcmp(kind, "goal") == 0 ? gl_goal_new(name, json, &why) : NULL;

    if (goal != NULL) {
        goal->id = id;
        g_ptr_array_add(defined->goals, goal);
    }
    if (strcmp(kind, "segment") == 0 &&
        json_is_array(json_object_get(json, "filters"))) {
        struct gl_segment *segment = g_new(struct gl_segment, 1);

        segment->id = id;
        segment->filters = json_incref(json_object_get(json, "filters"));
        g_ptr_array_add(defined->segments, segment);
    }
    if (strcmp(kind, "funnel") == 0 && json_is_object(json)) {
        struct gl_kept_funnel *funnel = g_new(struct gl_kept_funnel, 1);

        funnel->id = id;
        funnel->body = json_incref(json);
        g_ptr_array_add(defined->funnels, funnel);
    }
    g_free(why);
    json_decref(json);
}

void
gl_defined_free(struct gl_defined *defined)
{
    if (defined == NULL)
        return;
    g_ptr_array_free(defined->goals, TRUE);
    g_ptr_array_free(defined->segments, TRUE);
    g_ptr_array_free(defined->funnels, TRUE);
    g_free(defined);
}

int
gl_defined_needed(const json_t *query)
{
    const char *text = json_string_value(query);
    json_t *copy, *value;
    const char *key;
    int needed = 0;
    size_t i;

    if (text != NULL)
        return strcmp(text, "event:goal") == 0 || strcmp(text, "segment") == 0;
    if (json_object_get(query, "funnel") != NULL)
        return 1;
    copy = (json_t *) (uintptr_t) query;
    json_array_foreach (copy, i, value)
        needed |= gl_defined_needed(value);
    json_object_foreach (copy, key, value)
        needed |= gl_defined_needed(value);
    return needed;
}
