/* /glinto/SITE/summary?week=2026-W47: a week in words, for whoever may see the
 * site.  Loop thread. */

#include <string.h>

#include "serve/pages.h"
#include "serve/reply.h"

static void
on_summary(void *arg, int status, const char *answer)
{
    if (status == GL_ASK_GONE)
        return;
    if (status == 200 && answer != NULL) {
        gl_reply_speak(arg);
        gl_pages_html(arg, 200, answer, strlen(answer));
        return;
    }
    json_auto_t *error = json_loads(answer == NULL ? "" : answer, 0, NULL);
    const char *why = json_string_value(json_object_get(error, "error"));
    gl_pages_error(arg, status == 200 ? 503 : status,
                   why == NULL ? "out of memory" : why);
}

void
gl_path_summary_(struct gl_paths *paths, const struct gl_path_request *request)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request->req));

    gl_ask_shared(paths->asks, request->req, "page.summary",
                  json_pack("{s:s, s:s, s:s, s:o}", "site",
                            request->site->domain, "account",
                            request->site->account, "query",
                            query == NULL ? "" : query, "lang",
                            gl_reply_speech(request->req)),
                  on_summary, request->req);
}
