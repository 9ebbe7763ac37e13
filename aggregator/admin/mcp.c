/* mcp: a tool of the Model Context Protocol is called.  Query thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "mcp/call.h"
#include "mcp/message.h"

int
gl_verb_mcp_(const struct gl_query_view *view, const struct gl_call *call,
             json_t **answer)
{
    const struct gl_mcp_call tool = {
        .view = view,
        .account = gl_verb_text_(call, "account", NULL),
        .tool = gl_verb_text_(call, "tool", NULL),
        .arguments = json_object_get(call->args, "arguments")};
    json_auto_t *told = NULL;
    int status = gl_mcp_call(&tool, &told);

    *answer = gl_mcp_result(status, told);
    return 200;
}
