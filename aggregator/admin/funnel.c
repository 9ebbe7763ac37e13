/* funnel.add. */

#include "admin/definition.h"

int
gl_verb_funnel_add_(struct gl_ingest *in, const struct gl_call *call,
                    json_t **answer)
{
    json_t *steps = gl_definition_json_(json_object_get(call->args, "steps"));
    json_t *body = json_pack("{s:o}", "steps", steps);

    if (json_is_true(json_object_get(call->args, "strict")))
        json_object_set_new(body, "strict", json_true());
    return gl_definition_add_checked_(in, call, "funnel", body, answer);
}
