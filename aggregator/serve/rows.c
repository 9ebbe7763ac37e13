/* /glinto/SITE/rows?...: the receipt of the numbers of the page that has this
 * behind its '?', for who has signed in.  Loop thread. */

#include <glib.h>
#include <stdlib.h>

#include "dashboard/render.h"
#include "serve/pages.h"
#include "serve/reply.h"

struct reading {
    struct evhttp_request *req;
    struct gl_meta_site site;
};

void
gl_pages_sign_in(struct evhttp_request *req, const char *domain)
{
    size_t len = 0;
    char *page = gl_render_sign_in(domain, &len);

    gl_pages_send(req, 401, page, len);
}

/* 409: another one is under way; 503: it took too long. */
static void
refuse(const struct reading *reading, int status, const char *answer)
{
    json_auto_t *error = json_loads(answer == NULL ? "" : answer, 0, NULL);
    const char *why = json_string_value(json_object_get(error, "error"));

    gl_pages_error(reading->req, status, why == NULL ? "out of memory" : why);
}

static void
on_read(void *arg, int status, const char *answer)
{
    struct reading *reading = arg;
    json_t *view = NULL;
    size_t len = 0;

    if (status == 200 && answer != NULL)
        view = json_loads(answer, 0, NULL);
    if (view != NULL) {
        char *page = gl_render_of_site("receipt", &reading->site, view, &len);

        gl_pages_send(reading->req, 200, page, len);
    } else if (status != GL_ASK_GONE) {
        refuse(reading, status == 200 ? 503 : status, answer);
    }
    g_free(reading);
}

void
gl_path_rows_(struct gl_paths *paths, const struct gl_path_request *request)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request->req));
    struct reading *reading = g_new0(struct reading, 1);

    reading->req = request->req;
    reading->site = *request->site;
    gl_ask(paths->asks, request->req, "page.rows",
           json_pack("{s:s, s:s, s:s}", "site", request->site->domain,
                     "account", request->site->account, "query",
                     query == NULL ? "" : query),
           NULL, 0, "page", on_read, reading);
}
