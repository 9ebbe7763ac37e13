/* segment.add. */

#include "admin/definition.h"

int
gl_verb_segment_add_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    json_t *filters =
        gl_definition_json_(json_object_get(call->args, "filters"));

    return gl_definition_add_checked_(
        in, call, "segment", json_pack("{s:o}", "filters", filters), answer);
}
