/* funnel.add, funnel.list, funnel.remove. */

#include "admin/definition.h"
#include "calls/answer.h"
#include "query/definitions.h"

int
gl_verb_funnel_add_(struct gl_ingest *in, const struct gl_call *call,
                    json_t **answer)
{
    const char *name = gl_verb_text_(call, "name", "");
    json_t *body =
        json_pack("{s:o}", "steps",
                  gl_definition_json_(json_object_get(call->args, "steps")));
    struct gl_meta_site *site = NULL;
    int status = gl_verb_named_site_(in, call, &site, answer);

    if (json_is_true(json_object_get(call->args, "strict")))
        json_object_set_new(body, "strict", json_true());
    if (status == 0)
        status = gl_definitions_check(in->meta, site->id, "funnel", name, body,
                                      answer);
    if (status == 0)
        status = gl_definition_add_(in, call, "funnel", name, body, answer);
    g_free(site);
    json_decref(body);
    return status;
}

int
gl_verb_funnel_list_(const struct gl_query_view *view,
                     const struct gl_call *call, json_t **answer)
{
    return gl_definition_list_(view, call, "funnel", answer);
}

int
gl_verb_funnel_remove_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    return gl_definition_remove_(in, call, "funnel", answer);
}
