/* Definitions of meta.db as questions use them; see definitions.h. */

#include "answer/definitions.h"

#include <string.h>

#include "calls/answer.h"
#include "question/filter.h"
#include "answer/steps.h"
#include "store/meta/definitions.h"

static int
add_definition(void *arg, const struct gl_meta_definition *definition)
{
    gl_defined_add(arg, definition->id, definition->kind, definition->name,
                   definition->body);
    return 0;
}

int
gl_definitions_read(const struct gl_query_view *view, int64_t site,
                    const json_t *query, struct gl_defined **defined,
                    json_t **answer)
{
    char why[256];
    struct gl_meta *reader;
    int status = 0;

    *defined = NULL;
    if (!gl_defined_needed(query))
        return 0;
    reader = gl_meta_reader(view->meta, why, sizeof why);
    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    *defined = gl_defined_new();
    if (gl_meta_definitions(reader, site, add_definition, *defined) != 0)
        status = gl_verb_storage_(answer, gl_meta_why(reader));
    gl_meta_reader_free(reader);
    return status;
}

/* 0, or 400 with a sentence. */
static int
check_body(const char *kind, const json_t *body, struct gl_defined *defined,
           json_t **answer)
{
    GPtrArray *goals = g_ptr_array_new();
    struct gl_predicate *filter = NULL;
    char *why = NULL;
    int status = 0;

    if (strcmp(kind, "funnel") == 0) {
        if (!gl_steps_check(body, defined, &why))
            status = gl_verb_refuse_why_(answer, why);
    } else if (gl_filters_read(json_object_get(body, "filters"), defined,
                               goals, &filter, &why) == -1) {
        status = gl_verb_refuse_why_(answer, why);
    } else if (filter == NULL) {
        status =
            gl_verb_refuse_(answer, 400, "\"filters\" of a segment are some");
    }
    gl_predicate_free(filter);
    g_ptr_array_free(goals, TRUE);
    return status;
}

int
gl_definitions_check(struct gl_meta *meta, int64_t site, const char *kind,
                     const char *name, const json_t *body, json_t **answer)
{
    struct gl_defined *defined = gl_defined_new();
    int status = 0;

    if (gl_meta_definitions(meta, site, add_definition, defined) != 0)
        status = gl_verb_storage_(answer, gl_meta_why(meta));
    g_ptr_array_set_size(defined->segments, 0); /* none within another */
    if (status == 0 &&
        (name[0] == '\0' || g_utf8_strlen(name, -1) > GL_DEFINED_NAME_MAX))
        status =
            gl_verb_refuse_(answer, 400, "\"name\" has 1 to %d characters",
                            GL_DEFINED_NAME_MAX);
    if (status == 0)
        status = check_body(kind, body, defined, answer);
    gl_defined_free(defined);
    return status;
}
