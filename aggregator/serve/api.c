/*
 * The Stats API: paths of paths.def below /api/.  A query is the verb "query"
 * (admin/verbs.def), put by who holds a token of the site's account.  Loop
 * thread.
 */

#include <stdio.h>
#include <string.h>

#include "embed.h"
#include "question/v1.h"
#include "serve/path.h"
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
    json_t *args = json_pack("{s:O, s:s}", "query", request->asked, "account",
                             request->site->account);

    const json_t *include = json_object_get(request->asked, "include");
    int receipt = json_is_true(json_object_get(include, "receipt"));

    gl_ask(paths->asks, request->req, receipt ? "receipt" : "query", args,
           NULL, 0, "token", on_answer, request->req);
}

void
gl_path_stats_(struct gl_paths *paths, const struct gl_path_request *request)
{
    json_t *args =
        json_pack("{s:s, s:O, s:s}", "kind", request->rest, "params",
                  request->asked, "account", request->site->account);

    if (gl_v1_kind(request->rest) == GL_V1_N) {
        gl_reply_error(request->req, 404, "there is no such page");
        json_decref(args);
        return;
    }
    gl_ask(paths->asks, request->req, "stats", args, NULL, 0, "token",
           on_answer, request->req);
}

void
gl_path_served_(struct gl_paths *paths, const struct gl_path_request *request)
{
    static const char *const keys[] = {"days", "limit"};
    const char *verb = strcmp(request->path, "/api/v1/stats/ai") == 0
                           ? "site.ai"
                           : "site.served";
    json_t *args = json_pack("{s:s}", "domain", request->site->domain);
    json_t *given;

    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++)
        if ((given = json_object_get(request->asked, keys[i])) != NULL)
            json_object_set(args, keys[i], given);
    gl_ask(paths->asks, request->req, verb, args, NULL, 0, "token", on_answer,
           request->req);
}

/* {"visitors": 3, ...} -> 3. */
static void
on_live(void *arg, int status, const char *answer)
{
    if (status == GL_ASK_GONE)
        return;
    json_auto_t *live = json_loads(answer, 0, NULL);
    json_t *visitors = json_object_get(live, "visitors");
    if (status != 200) {
        gl_reply_json_text(arg, status, answer);
    } else if (!json_is_integer(visitors)) {
        gl_reply_error(arg, 503, "the numbers of today are still being read");
    } else {
        char text[32];

        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT,
                 json_integer_value(visitors));
        gl_reply_json_text(arg, 200, text);
    }
}

void
gl_path_realtime_(struct gl_paths *paths,
                  const struct gl_path_request *request)
{
    json_t *args = json_pack("{s:s}", "site", request->site->domain);

    gl_ask(paths->asks, request->req, "live.get", args, NULL, 0, "token",
           on_live, request->req);
}

void
gl_path_schema_(struct gl_paths *paths, const struct gl_path_request *request)
{
    (void) paths;
    gl_reply_text(request->req, 200, "application/schema+json",
                  GL_API_SCHEMA_CACHE, gl_embed_schema_json,
                  gl_embed_schema_json_len);
}
