/* What questions about steps have in common; see steps.h. */

#include "answer/steps_internal.h"

static const struct kind {
    const char *key;
    int pages; /* 1 = takes "pagination" */
    gl_steps_kind_ *answer;
} kinds[] = {
    {"funnel", 0, gl_steps_funnel_},
    {"retention", 0, gl_steps_retention_},
    {"journey", 1, gl_steps_journey_},
};

static const struct kind *
kind_of(const json_t *query)
{
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++)
        if (json_object_get(query, kinds[i].key) != NULL)
            return &kinds[i];
    return NULL;
}

int
gl_steps_asked(const json_t *query)
{
    return kind_of(query) != NULL;
}

/* ---- the question ---- */

static int
check_keys(const json_t *query, const struct kind *kind, char **why)
{
    const char *const known[] = {"site_id",
                                 "date_range",
                                 "filters",
                                 kind->key,
                                 kind->pages ? "pagination" : NULL,
                                 NULL};
    json_t *copy = (json_t *) (uintptr_t) query, *value;
    const char *key;

    json_object_foreach (copy, key, value) {
        if (!g_strv_contains(known, key))
            return gl_defined_refuse_(why, "\"%s\" does not go with \"%s\"",
                                      key, kind->key);
    }
    return 1;
}

/* ---- the answer ---- */

/* TOLD is taken. */
static json_t *
answer_json(struct gl_steps_ *steps, json_t *told)
{
    json_object_set(told, "metrics", steps->metrics);
    json_object_set(told, "dimensions", steps->dimensions);
    return json_pack("{s:O, s:O, s:o}", "results", steps->results, "meta",
                     steps->meta, "query", told);
}

static void
finish(struct gl_steps_ *steps)
{
    gl_asked_walk_fini(&steps->asked);
    json_decref(steps->results);
    json_decref(steps->meta);
    json_decref(steps->metrics);
    json_decref(steps->dimensions);
}

enum gl_executed
gl_steps_answer(struct gl_execution *run, const struct gl_parse_site *site,
                const json_t *query, json_t **answer)
{
    const struct kind *kind = kind_of(query);
    char *why = NULL;
    struct gl_steps_ steps = {.run = run,
                              .site = site,
                              .body = json_object_get(query, kind->key),
                              .why = &why,
                              .results = json_array(),
                              .meta = json_object()};
    json_t *told = json_deep_copy(query);
    enum gl_executed result = GL_EXECUTE_BAD;

    if (check_keys(query, kind, &why) &&
        gl_parse_walk(query, site, kind->pages, told, &steps.asked, &why))
        result = kind->answer(&steps);
    if (result == GL_EXECUTED)
        *answer = answer_json(&steps, json_incref(told));
    if (why != NULL)
        g_strlcpy(run->why, why, sizeof run->why);
    json_decref(told);
    finish(&steps);
    g_free(why);
    return result;
}
