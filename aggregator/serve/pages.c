/*
 * What a browser gets:
 *
 *     /glinto/               the public sites
 *     /glinto/SITE           today's numbers, ready in the HTML
 *     /glinto/SITE/live      the WebSocket that moves them (live.c)
 *     /glinto/assets/NAME    style and script, named by their content
 *
 * Pages with numbers are never stored by anybody.  Loop thread.
 */

#include "serve/pages.h"

#include <stdlib.h>
#include <string.h>

#include "serve/access.h"
#include "serve/render.h"
#include "serve/reply.h"

#define GL_PAGES_HTML "text/html; charset=utf-8"
/* A new content is a new name. */
#define GL_PAGES_FOREVER "public, max-age=31536000, immutable"

struct visit {
    struct gl_pages *pages;
    struct evhttp_request *req;
    json_t *site;
};

static void
send_page(struct evhttp_request *req, int status, char *page, size_t len)
{
    if (page == NULL) {
        gl_reply_error(req, 503, "out of memory");
        return;
    }
    gl_reply_text(req, status, GL_PAGES_HTML, "no-store", page, len);
    free(page);
}

static void
send_error(struct evhttp_request *req, int status, const char *sentence)
{
    size_t len = 0;
    char *page = gl_render_error(status, sentence, &len);
    if (status == 401) {
        evhttp_add_header(evhttp_request_get_output_headers(req),
                          "WWW-Authenticate", "Bearer realm=\"glinto\"");
    }
    send_page(req, status, page, len);
}

static void
send_failure(struct evhttp_request *req, int status, const json_t *answer)
{
    const char *sentence = json_string_value(json_object_get(answer, "error"));
    send_error(req, status, sentence == NULL ? "something failed" : sentence);
}

static void
on_live(void *arg, int status, json_t *answer)
{
    struct visit *visit = arg;
    if (status == 200) {
        size_t len = 0;
        char *page = gl_render_site(visit->site, answer, &len);
        send_page(visit->req, 200, page, len);
    } else if (status != GL_ASK_GONE) {
        send_failure(visit->req, status, answer);
    }
    json_decref(visit->site);
    free(visit);
}

static void
on_access(void *arg, int status, json_t *answer)
{
    struct visit *visit = arg;
    if (status != 200) {
        if (status != GL_ASK_GONE) {
            send_failure(visit->req, status, answer);
        }
        free(visit);
        return;
    }
    visit->site = json_incref(answer);
    /* a copy: the ingest thread frees it while this thread still has SITE */
    gl_ask(visit->pages->asks, visit->req, "live.get",
           json_pack("{s:s}", "site",
                     json_string_value(json_object_get(answer, "domain"))),
           NULL, 0, "dashboard", on_live, visit);
}

static void
request_site(struct gl_pages *pages, struct evhttp_request *req,
             const char *name)
{
    struct visit *visit = calloc(1, sizeof(*visit));
    if (visit == NULL) {
        gl_reply_error(req, 503, "out of memory");
        return;
    }
    visit->pages = pages;
    visit->req = req;
    gl_access_check(pages->asks, req, name, on_access, visit);
}

static void
on_list(void *arg, int status, json_t *answer)
{
    struct evhttp_request *req = arg;
    size_t len = 0;
    if (status == 200) {
        char *page = gl_render_list(json_object_get(answer, "sites"), &len);
        send_page(req, 200, page, len);
    } else if (status != GL_ASK_GONE) {
        send_failure(req, status, answer);
    }
}

static void
request_asset(struct evhttp_request *req, const char *name)
{
    struct gl_asset asset;
    if (gl_render_asset(name, &asset) == NULL) {
        send_error(req, 404, "There is no such file.");
        return;
    }
    gl_reply_text(req, 200, asset.type, GL_PAGES_FOREVER, asset.data,
                  asset.len);
}

/* The rest of PATH when it begins with PREFIX, or NULL. */
static const char *
after(const char *path, const char *prefix)
{
    size_t len = strlen(prefix);
    return strncmp(path, prefix, len) == 0 ? path + len : NULL;
}

/* PATH is what follows /glinto/. */
static void
route(struct gl_pages *pages, struct evhttp_request *req, const char *path)
{
    const char *asset = after(path, "assets/");
    const char *slash = strchr(path, '/');
    if (path[0] == '\0') {
        gl_ask(pages->asks, req, "site.list", json_object(), NULL, 0,
               "dashboard", on_list, req);
        return;
    }
    if (asset != NULL) {
        request_asset(req, asset);
        return;
    }
    if (slash != NULL && strcmp(slash, "/live") != 0) {
        send_error(req, 404, "There is no such page.");
        return;
    }
    char *name = gl_reply_decode(path, strcspn(path, "/"));
    if (name == NULL) {
        gl_reply_error(req, 503, "out of memory");
    } else if (slash != NULL) {
        gl_lives_request(pages->lives, pages->door, req, name);
    } else {
        request_site(pages, req, name);
    }
    free(name);
}

void
gl_pages_request(struct evhttp_request *req, void *arg)
{
    enum evhttp_cmd_type method = evhttp_request_get_command(req);
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));
    const char *rest = path == NULL ? NULL : after(path, "/glinto/");
    if (method != EVHTTP_REQ_GET && method != EVHTTP_REQ_HEAD) {
        evhttp_add_header(evhttp_request_get_output_headers(req), "Allow",
                          "GET, HEAD");
        send_error(req, 405, "This address can only be read.");
    } else if (rest == NULL) {
        send_error(req, 404, "There is no such page.");
    } else {
        route(arg, req, rest);
    }
}
