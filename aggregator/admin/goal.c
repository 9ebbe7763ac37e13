/* goal.add. */

#include "admin/definition.h"
#include "calls/answer.h"
#include "question/defined.h"

#include <string.h>

/* "plan=pro&size=2" as an object; what is none is left for who looks. */
static json_t *
props_json(const json_t *given)
{
    if (!json_is_string(given))
        return json_deep_copy(given);
    json_t *props = json_object();
    g_auto(GStrv) pairs = g_strsplit(json_string_value(given), "&", -1);
    for (char **pair = pairs; *pair != NULL; pair++) {
        char *value = strchr(*pair, '=');

        if (value != NULL)
            *value++ = '\0';
        json_object_set_new(props, *pair,
                            json_string(value == NULL ? "" : value));
    }
    return props;
}

/* The body of the goal that CALL describes, the caller's. */
static json_t *
body_of(const struct gl_call *call)
{
    static const char *const texts[] = {"event", "page", "currency"};
    const json_t *scroll = json_object_get(call->args, "scroll");
    const json_t *props = json_object_get(call->args, "props");
    json_t *body = json_object();

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        json_t *text = json_object_get(call->args, texts[i]);

        if (text != NULL)
            json_object_set(body, texts[i], text);
    }
    if (scroll != NULL)
        json_object_set_new(body, "scroll", gl_definition_whole_(scroll));
    if (props != NULL)
        json_object_set_new(body, "props", props_json(props));
    return body;
}

int
gl_verb_goal_add_(struct gl_ingest *in, const struct gl_call *call,
                  json_t **answer)
{
    json_auto_t *body = body_of(call);
    g_autofree char *why = NULL;
    struct gl_goal *goal =
        gl_goal_new(gl_verb_text_(call, "name", NULL), body, &why);
    int status = goal == NULL ? gl_verb_refuse_(answer, 400, "%s", why)
                              : gl_definition_add_(in, call, "goal",
                                                   goal->name, body, answer);

    gl_goal_free(goal);
    return status;
}
