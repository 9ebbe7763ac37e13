/*
 * Links that show a site to whoever has them:
 *
 *     /glinto/share/SECRET?...            as /glinto/SITE; with a password,
 *     /glinto/share/SECRET/live, list.csv which a form takes first
 *     /glinto/embed/SECRET?theme=&width=  a picture of it for frames of the
 *                                         site's own pages
 *
 * A link of one segment shows visits in it alone, and nothing live.  No page
 * is kept by nginx.  Loop thread.
 */

#include <glib.h>
#include <string.h>

#include "access/form.h"

#include "gl_assert.h"
#include "clock.h"
#include "serve/first.h"
#include "serve/pages.h"
#include "serve/path.h"
#include "serve/reply.h"

#define OPENED_S 86400 /* a password is asked for again after a day */

static const char share_path[] = "/glinto/share/";
static const char embed_path[] = "/glinto/embed/";

static json_t *
by_link(const struct gl_meta_share *share, const char *secret)
{
    return json_pack("{s:s, s:I}", "link", secret, "segment",
                     (json_int_t) share->segment);
}

/* ---- a page ---- */

static int
has(const char *query, const char *pair)
{
    g_auto(GStrv) pairs = g_strsplit(query == NULL ? "" : query, "&", -1);
    return g_strv_contains((const gchar *const *) pairs, pair);
}

/* What its address says of how it looks. */
static json_t *
look_of(const struct evhttp_uri *uri)
{
    const char *query = evhttp_uri_get_query(uri);

    return json_pack("{s:b, s:b, s:b}", "dark", has(query, "theme=dark"),
                     "light", has(query, "theme=light"), "wide",
                     has(query, "width=full"));
}

/* The site's own pages, and those of hosts that it names. */
static char *
ancestors_of(const struct gl_meta_site *site)
{
    g_auto(GStrv) hosts = g_strsplit(site->hosts, ",", -1);
    GString *list = g_string_new("'self'");
    char name[GL_DOMAIN_BYTES];

    if (gl_domain(site->domain, name) == 0)
        g_string_append_printf(list, " %s *.%s", name, name);
    for (char **host = hosts; *host != NULL; host++)
        if (gl_domain(*host, name) == 0)
            g_string_append_printf(list, " %s", name);
    return g_string_free(list, FALSE);
}

/* The link by which REQ comes, as it is now; its secret is in the path. */
static void
make_shared(void *arg, struct evhttp_request *req,
            const struct gl_meta_site *site, const json_t *live)
{
    struct gl_paths *paths = arg;
    const struct evhttp_uri *uri = evhttp_request_get_evhttp_uri(req);
    const char *path = evhttp_uri_get_path(uri);
    int is_embed = g_str_has_prefix(path, embed_path);
    const char *secret =
        path + (is_embed ? sizeof embed_path : sizeof share_path) - 1;
    struct gl_meta_share share;

    GL_ASSERT(is_embed || g_str_has_prefix(path, share_path));

    if (!gl_directory_share(paths->access.directory, secret, gl_clock_now_ms(),
                            &share)) {
        gl_pages_error(req, 404, "This link has been taken back.");
        return;
    }
    json_t *by = by_link(&share, secret);
    if (is_embed) {
        g_autofree char *ancestors = ancestors_of(site);

        gl_reply_frame(req, ancestors);
        json_object_set_new(by, "embed", look_of(uri));
    }
    gl_pages_make(paths, req, site, by, live);
}

static void
make_segment(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct gl_live nothing = {.at_ms = gl_clock_now_ms()};

    g_strlcpy(nothing.site, request->site->domain, sizeof nothing.site);
    json_auto_t *live = gl_hub_object(&nothing);
    make_shared(paths, request->req, request->site, live);
}

void
gl_path_share_(struct gl_paths *paths, const struct gl_path_request *request)
{
    const struct gl_news *news = gl_kept_news(paths->kept, request->site);

    if (request->share->segment != 0)
        make_segment(paths, request);
    else if (news != NULL)
        make_shared(paths, request->req, request->site, news->object);
    else
        gl_first_wait(paths->hub, request->req, request->site, make_shared,
                      paths);
}

void
gl_path_embed_(struct gl_paths *paths, const struct gl_path_request *request)
{
    gl_path_share_(paths, request);
}

void
gl_path_share_file_(struct gl_paths *paths,
                    const struct gl_path_request *request)
{
    gl_pages_file(paths, request, by_link(request->share, request->rest));
}

void
gl_path_share_live_(struct gl_paths *paths,
                    const struct gl_path_request *request)
{
    if (request->share->segment != 0)
        gl_reply_error(request->req, 404, "this link shows nothing live");
    else
        gl_lives_request(paths->lives, paths->door, request->req,
                         GL_ACCESS_SHARE, request->rest);
}

/* ---- its password ---- */

/* Who opens a link. */
struct opening {
    struct gl_paths *paths;
    struct evhttp_request *req;
    struct gl_meta_share share;
    char secret[GL_SECRET_LEN + 1];
};

static void
on_opened(void *arg, int status, const char *answer)
{
    struct opening *opening = arg;
    char name[GL_FORM_MARK_NAME], mark[GL_SECRET_LEN + 1];
    g_autofree char *path = g_strconcat(share_path, opening->secret, NULL);

    (void) answer;
    GL_ASSERT(opening->secret[0] != '\0');
    if (status == 200) {
        gl_form_mark(&opening->paths->access, &opening->share, name, mark);
        gl_reply_cookie(opening->req, name, mark, OPENED_S);
        gl_reply_go(opening->req, path);
    } else if (status != GL_ASK_GONE) {
        gl_pages_locked(opening->req, status,
                        status == 403 ? "The password is not right."
                                      : "Try again in a moment.",
                        opening->secret);
    }
    g_free(opening);
}

void
gl_path_share_open_(struct gl_paths *paths,
                    const struct gl_path_request *request)
{
    const char *password =
        json_string_value(json_object_get(request->asked, "password"));
    struct gl_meta_site site;
    struct opening *opening = g_new0(struct opening, 1);
    const char *sentence;

    *opening = (struct opening){.paths = paths, .req = request->req};
    g_strlcpy(opening->secret, request->rest, sizeof opening->secret);
    if (gl_access_share(&paths->access, request->asker, request->rest,
                        &opening->share, &site, &sentence) == 404) {
        gl_pages_error(request->req, 404, sentence);
    } else if (!gl_form_may_try(&paths->access, opening->share.id)) {
        gl_pages_locked(request->req, 429,
                        "Too many tries: wait for three minutes.",
                        request->rest);
    } else {
        gl_ask(paths->asks, request->req, "share.prove",
               json_pack("{s:s, s:s}", "id", opening->share.id, "password",
                         password == NULL ? "" : password),
               NULL, 0, "link", on_opened, opening);
        return;
    }
    g_free(opening);
}
