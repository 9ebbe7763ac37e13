/*
 * POST /glinto/mcp: the Model Context Protocol, for programs that ask on
 * behalf of a language model.  What they say and are told is mcp/'s; a tool is
 * the verb "mcp" (admin/verbs.def), with the token's account.  Loop thread.
 */

#include <event2/buffer.h>
#include <glib.h>
#include <stdlib.h>

#include "gl_assert.h"
#include "mcp/message.h"
#include "serve/path.h"
#include "serve/reply.h"

/* A tool that was called. */
struct called {
    struct evhttp_request *req;
    char *id; /* of the call, as JSON */
};

/* ANSWER is the tool's result; with a status, the sentence of who could not
 * come to it. */
static char *
response(const struct called *called, int status, const char *answer)
{
    const char *id = called->id == NULL ? "null" : called->id;

    if (status == 200 && answer != NULL)
        return gl_mcp_response(id, answer);
    json_auto_t *refusal = json_loads(answer == NULL ? "" : answer, 0, NULL);
    const char *sentence =
        json_string_value(json_object_get(refusal, "error"));
    return gl_mcp_failure(id, sentence == NULL ? "out of memory" : sentence);
}

static void
on_answer(void *arg, int status, const char *answer)
{
    struct called *called = arg;

    GL_ASSERT(called->req != NULL);
    if (status != GL_ASK_GONE) {
        g_autofree char *text = response(called, status, answer);
        gl_reply_json_text(called->req, status, text);
    }
    free(called->id);
    g_free(called);
}

static void
call(struct gl_paths *paths, const struct gl_path_request *request,
     const struct gl_mcp_reply *reply)
{
    struct called *called = g_new0(struct called, 1);
    json_t *args =
        json_pack("{s:s, s:O, s:s}", "tool", reply->tool, "arguments",
                  reply->arguments, "account", request->token->account);

    called->req = request->req;
    called->id = json_dumps(reply->id, JSON_ENCODE_ANY);
    gl_ask(paths->asks, request->req, "mcp", args, NULL, 0, "token", on_answer,
           called);
}

void
gl_path_mcp_(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct evhttp_request *req = request->req;
    struct evbuffer *body = evhttp_request_get_input_buffer(req);
    size_t len = evbuffer_get_length(body);
    const char *text = (const char *) evbuffer_pullup(body, -1);
    const struct gl_mcp_headers headers = {
        .version = gl_reply_header(req, "MCP-Protocol-Version"),
        .method = gl_reply_header(req, "Mcp-Method"),
        .name = gl_reply_header(req, "Mcp-Name")};
    struct gl_mcp_reply reply;

    gl_mcp_read(len == 0 ? "" : text, len, &headers, &reply);
    if (reply.status == 0)
        call(paths, request, &reply);
    else if (reply.body == NULL)
        gl_reply_text(req, reply.status, "application/json", "no-store", "",
                      0);
    else
        gl_reply_json(req, reply.status, reply.body);
    gl_mcp_reply_fini(&reply);
}
