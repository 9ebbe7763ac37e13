/*
 * The Stats API: paths of paths.def below /api/.  A query is the verb "query"
 * (admin/verbs.def), put by who holds a token of the site's account.  Loop
 * thread.
 */

#include "embed.h"
#include "serve/paths.h"
#include "serve/reply.h"

/* A new version of glintod may have another one. */
#define GL_API_SCHEMA_CACHE "public, max-age=3600"

static void
on_answer(void *arg, int status, const char *answer)
{
    if (status != GL_ASK_GONE)
        gl_reply_json_text(arg, status, answer);
}

void
gl_path_query_(struct gl_paths *paths, const struct gl_path_request *request)
{
    json_t *args = json_pack("{s:O, s:s}", "query", request->body, "account",
                             request->site->account);

    gl_ask(paths->asks, request->req, "query", args, NULL, 0, "token",
           on_answer, request->req);
}

void
gl_path_schema_(struct gl_paths *paths, const struct gl_path_request *request)
{
    (void) paths;
    gl_reply_text(request->req, 200, "application/schema+json",
                  GL_API_SCHEMA_CACHE, gl_embed_schema_json,
                  gl_embed_schema_json_len);
}
