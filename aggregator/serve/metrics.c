/*
 * GET /metrics: what glintod measures, as Prometheus reads it.  It names no
 * site.  No location of ours but /glinto/metrics, which nginx shows to whom
 * the operator lets in, leads here.  Loop thread.
 */

#include <string.h>

#include "serve/path.h"
#include "serve/reply.h"

#define TYPE "text/plain; version=0.0.4; charset=utf-8"

static void
on_answer(void *arg, int status, const char *answer)
{
    if (status == GL_ASK_GONE)
        return;
    if (status != 200 || answer == NULL)
        gl_reply_json_text(arg, answer == NULL ? 503 : status, answer);
    else
        gl_reply_text(arg, 200, TYPE, "no-store", answer, strlen(answer));
}

void
gl_path_metrics_(struct gl_paths *paths, const struct gl_path_request *request)
{
    gl_ask(paths->asks, request->req, "metrics", json_pack("{s:b}", "text", 1),
           NULL, 0, "metrics", on_answer, request->req);
}
