/*
 * What a browser gets:
 *
 *     /glinto/?q=&after=     the public sites that this host shows, a page
 *                            at a time, in order: those that begin with Q and
 *                            come after AFTER
 *     /glinto/SITE?...       its numbers, ready in the HTML; what is shown
 *                            dashboard/address.h says
 *     /glinto/SITE/list.csv?...    all rows of one of its lists
 *     /glinto/SITE/receipt?...     JSON: its headline numbers counted again,
 *                            and the rows behind them
 *     /glinto/SITE/summary?week=   a week in words (summary.c)
 *     /glinto/SITE/live      the WebSocket that moves them (watcher.c)
 *     /glinto/assets/NAME    style and script, named by their content
 *
 * Pages with numbers are never stored by a browser; nginx may give a public
 * one to everybody for a second, and the first view of a site for longer
 * (ahead.c).  Live numbers are those that the hub has: kept.c looks at sites
 * whose page was asked for of late, first.c waits a moment for the first ones.
 * All else a page shows is counted, and the page made, by a query thread (the
 * verb "page"), once for all who wait for the same, unless ahead.c has it.
 * Nothing waits for the writer.  Loop thread.
 */

#include "serve/pages.h"

#include "gl_assert.h"

#include <event2/keyvalq_struct.h>
#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <sys/queue.h>

#include "dashboard/address.h"
#include "dashboard/render.h"
#include "serve/ahead.h"
#include "serve/editor.h"
#include "serve/first.h"
#include "serve/path.h"
#include "serve/reply.h"
#include "wiped.h"

#define GL_PAGES_HTML "text/html; charset=utf-8"
/* A new content is a new name. */
#define GL_PAGES_FOREVER "public, max-age=31536000, immutable"

/* X-Accel-Expires is for nginx alone and outranks Cache-Control, before which
 * nginx 1.22 must read it. */
#define GL_PAGES_SHARED_S "1"

void
gl_pages_html(struct evhttp_request *req, int status, const char *page,
              size_t len)
{
    evhttp_add_header(evhttp_request_get_output_headers(req), "Vary",
                      "Accept-Language");
    gl_reply_text(req, status, GL_PAGES_HTML, "no-store", page, len);
}

void
gl_pages_send(struct evhttp_request *req, int status, char *page, size_t len)
{
    if (page == NULL) {
        gl_reply_error(req, 503, "out of memory");
        return;
    }
    gl_pages_html(req, status, page, len);
    gl_wiped_free(page); /* a secret may have been told there */
}

void
gl_pages_share(struct evhttp_request *req)
{
    evhttp_add_header(evhttp_request_get_output_headers(req),
                      "X-Accel-Expires", GL_PAGES_SHARED_S);
}

void
gl_pages_error(struct evhttp_request *req, int status, const char *sentence)
{
    size_t len = 0;
    gl_reply_speak(req);
    char *page =
        gl_render_error(status, gl_reply_phrase(status), sentence, &len);
    gl_pages_send(req, status, page, len);
}

void
gl_pages_below(struct evhttp_request *req, int status,
               const struct gl_meta_site *site, const char *sentence)
{
    size_t len = 0;
    gl_reply_speak(req);
    char *page =
        gl_render_below(site, status, gl_reply_phrase(status), sentence, &len);
    gl_pages_send(req, status, page, len);
}

void
gl_pages_elsewhere(struct evhttp_request *req, const struct gl_meta_site *site,
                   const struct gl_elsewhere *where)
{
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));
    size_t len = 0;
    gl_reply_speak(req);
    char *page = gl_render_elsewhere(site, where, path, &len);
    gl_pages_send(req, GL_ELSEWHERE_STATUS, page, len);
}

void
gl_pages_form(struct evhttp_request *req, int status, const char *template,
              json_t *view)
{
    size_t len = 0;
    gl_reply_speak(req);
    char *page = gl_render(template, view, &len);
    gl_reply_origin(req);
    gl_pages_send(req, status, page, len);
}

void
gl_pages_locked(struct evhttp_request *req, int status, const char *fault,
                const char *secret)
{
    gl_pages_form(req, status, "locked",
                  json_pack("{s:s?, s:s}", "fault", fault, "secret", secret));
}

void
gl_pages_closed(struct evhttp_request *req, const struct gl_meta_site *site,
                const char *sentence)
{
    size_t len = 0;
    gl_reply_speak(req);
    char *page = gl_render_closed(site, sentence, &len);
    gl_pages_send(req, 401, page, len);
}

/* What is behind '?', "" = nothing. */
static const char *
query_of(struct evhttp_request *req)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
    return query == NULL ? "" : query;
}

/* It is to be of now. */
static int
is_fresh(const char *query)
{
    return g_str_has_suffix(query, GL_ADDRESS_FRESH);
}

/* Nothing is behind '?' but that, and a language: one page for each. */
static int
is_first(const char *query)
{
    const char *rest = query;

    if (g_str_has_prefix(rest, "lang=") && strcspn(rest + 5, "&") == 2)
        rest += 7;
    rest += rest != query && *rest == '&';
    return rest[0] == '\0' || strcmp(rest, GL_ADDRESS_FRESH) == 0;
}

/* A page of SITE with all its numbers: of a public one it is the same for
 * everybody, and nginx keeps what it shows to everybody, under an address
 * without a secret. */
static void
share_site(struct gl_paths *paths, struct evhttp_request *req,
           const struct gl_meta_site *site)
{
    if (!site->is_public || !gl_address_is_plain(query_of(req)))
        return;
    gl_ahead_open(paths->ahead, site,
                  gl_reply_asker(req, paths->access.conf).host);
    gl_pages_share(req);
}

/* A site's page that is being made. */
struct making {
    struct gl_paths *paths;
    struct evhttp_request *req;
    struct gl_meta_site site;
    unsigned changes; /* of sites, when it was begun */
    json_t *args;     /* of the verb */
};

static int
has_live(const struct making *making)
{
    return gl_render_has_numbers(json_object_get(making->args, "live"));
}

/* How one came to it, NULL = by its name. */
static const json_t *
by_of(const struct making *making)
{
    return json_object_get(making->args, "by");
}

/* It is one for everybody only when it has all its numbers. */
static void
send_whole(const struct making *making, const char *page)
{
    struct gl_paths *paths = making->paths;
    const struct gl_asker asker =
        gl_reply_asker(making->req, paths->access.conf);
    int is_all = has_live(making) && by_of(making) == NULL;
    gl_reply_speak(making->req);
    if (is_all && is_first(query_of(making->req)) &&
        gl_render_has_report(page))
        gl_ahead_keep(paths->ahead, &making->site, asker.host, page,
                      json_object_get(making->args, "live"), making->changes);
    if (is_all)
        share_site(paths, making->req, &making->site);
    if (json_object_get(by_of(making), "settings") != NULL) /* a form */
        gl_reply_origin(making->req);
    gl_pages_html(making->req, 200, page, strlen(page));
}

/* Live numbers, and why there are no others. */
static void
send_rest(const struct making *making, int status, const char *answer)
{
    json_auto_t *error = json_loads(answer == NULL ? "" : answer, 0, NULL);
    const char *why = json_string_value(json_object_get(error, "error"));
    gl_reply_speak(making->req);
    json_t *instead =
        status == 503 && !has_live(making)
            ? gl_render_coming()
            : gl_render_fault(status, why == NULL ? "out of memory" : why);
    size_t len = 0;
    char *page =
        gl_render_site(&making->site, by_of(making),
                       json_object_get(making->args, "live"), instead, &len);
    gl_pages_send(making->req, status == 400 ? 400 : 200, page, len);
}

static void
on_page(void *arg, int status, const char *answer)
{
    struct making *making = arg;
    GL_ASSERT(making->req != NULL);
    if (status == 200 && answer != NULL)
        send_whole(making, answer);
    else if (status == 404) /* it has moved or gone meanwhile */
        gl_pages_error(making->req, 404, "There is no such site.");
    else if (status != GL_ASK_GONE)
        send_rest(making, status, answer);
    json_decref(making->args);
    free(making);
}

void
gl_pages_make(struct gl_paths *paths, struct evhttp_request *req,
              const struct gl_meta_site *site, json_t *by, const json_t *live)
{
    const char *query = query_of(req);
    struct making *making = calloc(1, sizeof *making);
    if (making == NULL) {
        json_decref(by);
        gl_pages_error(req, 503, "out of memory");
        return;
    }
    *making =
        (struct making){paths, req, *site, gl_asks_changes(paths->asks), NULL};
    making->args =
        json_pack("{s:s, s:s, s:s, s:O, s:o*, s:o}", "site", site->domain,
                  "account", site->account, "query", query, "live", live, "by",
                  by, "lang", gl_reply_speech(req));
    if (making->args == NULL) { /* no UTF-8 */
        free(making);
        gl_pages_error(req, 400, "There is no such page.");
        return;
    }
    gl_ask_shared(paths->asks, req, "page", json_incref(making->args), on_page,
                  making);
}

/* 1 = the page that is kept is the answer. */
static int
send_kept(struct gl_paths *paths, const struct gl_path_request *request,
          const json_t *live)
{
    const char *query = query_of(request->req);
    size_t len = 0;
    if (!is_first(query) || !gl_render_has_numbers(live))
        return 0;
    gl_reply_speak(request->req);
    const char *kept =
        gl_ahead_page(paths->ahead, request->site, request->asker->host,
                      is_fresh(query) ? live : NULL);
    if (kept == NULL)
        return 0;
    json_auto_t *by = gl_editor_by(paths, request->req, request->site);
    gl_reply_speak(request->req);
    char *page = gl_render_again(request->site, by, live, kept, &len);
    if (page != NULL && by == NULL)
        share_site(paths, request->req, request->site);
    if (page != NULL)
        gl_pages_send(request->req, 200, page, len);
    return page != NULL;
}

static void
make_site(void *arg, struct evhttp_request *req,
          const struct gl_meta_site *site, const json_t *live)
{
    gl_pages_make(arg, req, site, gl_editor_by(arg, req, site), live);
}

void
gl_path_site_(struct gl_paths *paths, const struct gl_path_request *request)
{
    const struct gl_news *news = gl_kept_news(paths->kept, request->site);
    if (news != NULL && send_kept(paths, request, news->object))
        return;
    if (news != NULL)
        make_site(paths, request->req, request->site, news->object);
    else
        gl_first_wait(paths->hub, request->req, request->site, make_site,
                      paths);
}

static void
on_file(void *arg, int status, const char *answer)
{
    struct evhttp_request *req = arg;
    if (status == GL_ASK_GONE)
        return;
    if (status != 200 || answer == NULL) {
        gl_pages_error(req, status == 404 || status == 400 ? status : 503,
                       "This list cannot be given just now.");
        return;
    }
    evhttp_add_header(evhttp_request_get_output_headers(req),
                      "Content-Disposition",
                      "attachment; filename=\"list.csv\"");
    gl_reply_text(req, 200, "text/csv; charset=utf-8", "no-store", answer,
                  strlen(answer));
}

/* The page's address, for VERB; BY is taken. */
static void
ask_address(struct gl_paths *paths, const struct gl_path_request *request,
            const char *verb, json_t *by, gl_ask_done *done)
{
    json_t *args = json_pack(
        "{s:s, s:s, s:s, s:o*, s:o}", "site", request->site->domain, "account",
        request->site->account, "query", query_of(request->req), "by", by,
        "lang", gl_reply_speech(request->req));
    gl_ask(paths->asks, request->req, verb, args, NULL, 0, "page", done,
           request->req);
}

void
gl_pages_file(struct gl_paths *paths, const struct gl_path_request *request,
              json_t *by)
{
    ask_address(paths, request, "page.file", by, on_file);
}

static void
on_behind(void *arg, int status, const char *answer)
{
    if (status != GL_ASK_GONE)
        gl_reply_json_text(arg, status, answer);
}

void
gl_path_behind_(struct gl_paths *paths, const struct gl_path_request *request)
{
    ask_address(paths, request, "page.receipt", NULL, on_behind);
}

void
gl_path_file_(struct gl_paths *paths, const struct gl_path_request *request)
{
    gl_pages_file(paths, request, NULL);
}

void
gl_path_live_(struct gl_paths *paths, const struct gl_path_request *request)
{
    gl_lives_request(paths->lives, paths->door, request->req, GL_ACCESS_SEE,
                     request->rest);
}

void
gl_path_asset_(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct gl_asset asset;
    (void) paths;
    if (gl_render_asset(request->rest, &asset) == NULL) {
        gl_pages_error(request->req, 404, "There is no such file.");
        return;
    }
    gl_reply_text(request->req, 200, asset.type, GL_PAGES_FOREVER, asset.data,
                  asset.len);
}
