/*
 * The paths of the dashboard socket: which one, may it be, then its function.
 * Errors are pages below /glinto/ and JSON elsewhere.  Loop thread.
 */

#include "serve/paths.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/form.h"
#include "serve/body.h"
#include "serve/handshake.h"
#include "serve/pages.h"
#include "serve/path.h"
#include "serve/reply.h"

enum method { METHOD_READ, METHOD_POST, METHOD_PUT, METHOD_DELETE };
enum needs {
    NEEDS_NOTHING,
    NEEDS_SEE,
    NEEDS_ROWS,
    NEEDS_ASK,
    NEEDS_TOKEN,
    NEEDS_LIST,
    NEEDS_LOOK,
    NEEDS_CREATE,
    NEEDS_SET,
    NEEDS_VIEW,
    NEEDS_CHANGE,
    NEEDS_GIVE,
    NEEDS_FORM,
    NEEDS_SIGNED,
    NEEDS_MINE,
    NEEDS_READ,
    NEEDS_EDIT,
    NEEDS_ALTER,
    NEEDS_COUNT,
    NEEDS_SHARE,
    NEEDS_EMBED
};

/* What each needs of who asks: for what, where the site is named, what ASKED
 * is read from, and that no page of another site asks; of a form, that the
 * browser says so. */
static const struct {
    enum gl_access_to to;
    enum { SITE_NONE, SITE_IN_PATH, SITE_ASKED, SITE_HOST } site;
    enum { ASKED_NOT, ASKED_JSON, ASKED_FORM } asked;
    enum { FROM_ALL, FROM_NO_OTHER, FROM_HERE } from;
} needs[] = {
    [NEEDS_SEE] = {GL_ACCESS_SEE, SITE_IN_PATH, ASKED_NOT, FROM_ALL},
    [NEEDS_ROWS] = {GL_ACCESS_ASK, SITE_IN_PATH, ASKED_NOT, FROM_ALL},
    [NEEDS_ASK] = {GL_ACCESS_ASK, SITE_ASKED, ASKED_JSON, FROM_ALL},
    [NEEDS_TOKEN] = {GL_ACCESS_ASK, SITE_NONE, ASKED_NOT, FROM_NO_OTHER},
    [NEEDS_LIST] = {GL_ACCESS_LOOK, SITE_NONE, ASKED_JSON, FROM_ALL},
    [NEEDS_LOOK] = {GL_ACCESS_LOOK, SITE_IN_PATH, ASKED_JSON, FROM_ALL},
    [NEEDS_CREATE] = {GL_ACCESS_SET, SITE_NONE, ASKED_JSON, FROM_NO_OTHER},
    [NEEDS_SET] = {GL_ACCESS_SET, SITE_IN_PATH, ASKED_JSON, FROM_NO_OTHER},
    [NEEDS_VIEW] = {GL_ACCESS_LOOK, SITE_ASKED, ASKED_JSON, FROM_ALL},
    [NEEDS_CHANGE] = {GL_ACCESS_SET, SITE_ASKED, ASKED_JSON, FROM_NO_OTHER},
    [NEEDS_GIVE] = {GL_ACCESS_GIVE, SITE_ASKED, ASKED_JSON, FROM_NO_OTHER},
    [NEEDS_FORM] = {0, SITE_NONE, ASKED_FORM, FROM_HERE},
    [NEEDS_SIGNED] = {0, SITE_NONE, ASKED_NOT, FROM_ALL},
    [NEEDS_MINE] = {0, SITE_NONE, ASKED_FORM, FROM_HERE},
    [NEEDS_READ] = {GL_ACCESS_READ, SITE_IN_PATH, ASKED_NOT, FROM_ALL},
    [NEEDS_EDIT] = {GL_ACCESS_EDIT, SITE_IN_PATH, ASKED_NOT, FROM_ALL},
    [NEEDS_ALTER] = {GL_ACCESS_EDIT, SITE_IN_PATH, ASKED_FORM, FROM_HERE},
    [NEEDS_COUNT] = {GL_ACCESS_SEE, SITE_HOST, ASKED_JSON, FROM_ALL},
    [NEEDS_SHARE] = {GL_ACCESS_SHARE, SITE_NONE, ASKED_NOT, FROM_ALL},
    [NEEDS_EMBED] = {GL_ACCESS_SHARE, SITE_NONE, ASKED_NOT, FROM_ALL},
};

static const struct path {
    const char *path;
    enum method method;
    enum needs needs;
    gl_path_answer *answer;
} table[] = {
#define PATH(function, method, path, needs)                                   \
    {path, METHOD_##method, NEEDS_##needs, gl_path_##function##_},
#include "serve/paths.def"
#undef PATH
};

/* Who asks is a program. */
static int
is_program(const char *path)
{
    return path != NULL && (strncmp(path, "/api/", strlen("/api/")) == 0 ||
                            strncmp(path, "/counter/", 9) == 0 ||
                            strcmp(path, "/glinto/mcp") == 0);
}

/* SITE, where there is one, is closed to the asker when STATUS is 401. */
static void
send_error(struct evhttp_request *req, int status, const char *sentence,
           const struct gl_meta_site *site)
{
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));

    if (status == 401)
        evhttp_add_header(evhttp_request_get_output_headers(req),
                          "WWW-Authenticate", "Bearer realm=\"glinto\"");
    if (is_program(path))
        gl_reply_error(req, status, sentence);
    else if (status == 401)
        gl_pages_closed(req, site, sentence);
    else
        gl_pages_error(req, status, sentence);
}

/* PATH is one of PATTERN: 1, and where its '*' is, or 0. */
static int
fits(const char *pattern, const char *path, const char **rest, size_t *len)
{
    const char *star = strchr(pattern, '*');
    size_t before = star == NULL ? strlen(pattern) : (size_t) (star - pattern);
    int all = star != NULL && star[1] == '*';

    *rest = "";
    *len = 0;
    if (strncmp(pattern, path, before) != 0)
        return 0;
    if (star == NULL)
        return path[before] == '\0';
    *rest = path + before;
    *len = all ? strlen(*rest) : strcspn(*rest, "/");
    return *len > 0 && strcmp(*rest + *len, star + 1 + all) == 0;
}

static const struct path *
find(const char *path, const char **rest, size_t *len)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (fits(table[i].path, path, rest, len))
            return &table[i];
    return NULL;
}

static const struct {
    int commands; /* enum evhttp_cmd_type */
    const char *allow;
} methods[] = {
    [METHOD_READ] = {EVHTTP_REQ_GET | EVHTTP_REQ_HEAD, "GET, HEAD"},
    [METHOD_POST] = {EVHTTP_REQ_POST, "POST"},
    [METHOD_PUT] = {EVHTTP_REQ_PUT, "PUT"},
    [METHOD_DELETE] = {EVHTTP_REQ_DELETE, "DELETE"},
};

/* ROW, or one of the same path, that takes COMMAND; NULL, and ALLOW says what
 * they take. */
static const struct path *
find_method(const struct path *row, enum evhttp_cmd_type command,
            char allow[64])
{
    const char *pattern = row->path;

    allow[0] = '\0';
    for (;
         row < table + G_N_ELEMENTS(table) && strcmp(row->path, pattern) == 0;
         row++) {
        if (methods[row->method].commands & (int) command)
            return row;
        g_strlcat(allow, allow[0] == '\0' ? "" : ", ", 64);
        g_strlcat(allow, methods[row->method].allow, 64);
    }
    return NULL;
}

/* When the token may ask the next time. */
static void
add_retry(const struct gl_paths *paths, struct evhttp_request *req)
{
    uint32_t per_minute =
        gl_conf_number(&paths->access.conf->token_requests_per_minute);
    char seconds[16];

    snprintf(seconds, sizeof seconds, "%u",
             (60 + per_minute - 1) / per_minute);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Retry-After",
                      seconds);
}

static void
refuse_method(struct evhttp_request *req, const char *allow)
{
    char sentence[96];

    snprintf(sentence, sizeof sentence, "This address takes %s.", allow);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Allow", allow);
    send_error(req, 405,
               strcmp(allow, methods[METHOD_READ].allow) == 0
                   ? "This address can only be read."
                   : sentence,
               NULL);
}

static const char *
wants_of(const struct path *path)
{
    return needs[path->needs].site == SITE_ASKED
               ? "the body is a JSON object whose \"site_id\" is the domain "
                 "of a site"
               : "the body is a JSON object";
}

/* A page of another site, or one that hides which: its browser says so. */
static int
is_foreign(struct evhttp_request *req, int from)
{
    const struct evkeyvalq *headers = evhttp_request_get_input_headers(req);

    if (from == FROM_ALL)
        return 0;
    return (from == FROM_HERE ||
            evhttp_find_header(headers, "Origin") != NULL) &&
           !gl_handshake_same_origin(gl_reply_header(req, "Origin"),
                                     gl_reply_header(req, "X-Forwarded-Proto"),
                                     gl_reply_header(req, "Host"));
}

/* ASKED of the request, for a path that needs it; WHY it names no site. */
static void
read_asked(const struct path *path, struct gl_path_request *request,
           char **why)
{
    static const char of_site[] = "\"site_id\" is the domain of a site";
    struct evbuffer *input = evhttp_request_get_input_buffer(request->req);
    int body = path->method == METHOD_POST || path->method == METHOD_PUT ||
               evbuffer_get_length(input) > 0;

    if (needs[path->needs].asked == ASKED_FORM)
        request->asked = gl_body_read_form(request->req, of_site, why);
    if (needs[path->needs].asked == ASKED_JSON)
        request->asked =
            body ? gl_body_read(request->req, wants_of(path), why)
                 : gl_body_read_parameters(request->req, of_site, why);
}

/* What a request is filled in with. */
struct filled {
    struct gl_asker asker;
    struct gl_meta_site site;
    struct gl_meta_token token;
    struct gl_meta_person person;
    struct gl_meta_share share;
};

static int
refuse(const char *text, int status, const char **sentence)
{
    *sentence = text;
    return status;
}

/* Somebody has signed in; and a form is his. */
static int
may_change(const struct gl_paths *paths, const struct path *path,
           const struct gl_path_request *request, struct filled *filled,
           const char **sentence)
{
    const char *token =
        json_string_value(json_object_get(request->asked, "token"));

    if (!gl_access_person(&paths->access, &filled->asker, &filled->person))
        return refuse("nobody has signed in", 401, sentence);
    if (needs[path->needs].asked == ASKED_NOT)
        return 200;
    if (!gl_form_fits(&paths->access, &filled->asker, &filled->person, token))
        return refuse("this form is too old: go back, load its page again",
                      403, sentence);
    return 200;
}

/* What names the site; NULL = nothing does. */
static const char *
name_of(const struct path *path, const struct gl_path_request *request)
{
    switch (needs[path->needs].site) {
    case SITE_ASKED:
        return json_string_value(json_object_get(request->asked, "site_id"));
    case SITE_HOST:
        return request->asker->host;
    default:
        return request->rest;
    }
}

/* A status, with *SENTENCE unless it is 200: site, token, person are FILLED
 * in. */
static int
may(const struct gl_paths *paths, const struct path *path,
    const struct gl_path_request *request, struct filled *filled,
    const char **sentence)
{
    const enum gl_access_to to = needs[path->needs].to;
    const char *name = name_of(path, request);
    int status;

    if (path->needs == NEEDS_NOTHING)
        return 200;
    if (is_foreign(request->req, needs[path->needs].from))
        return refuse("Origin is not this host", 403, sentence);
    if (path->needs == NEEDS_FORM)
        return 200;
    if (path->needs == NEEDS_MINE || path->needs == NEEDS_SIGNED)
        return may_change(paths, path, request, filled, sentence);
    if (path->needs == NEEDS_EMBED)
        filled->asker.cookies = NULL;
    if (to == GL_ACCESS_SHARE)
        return gl_access_share(&paths->access, &filled->asker, request->rest,
                               &filled->share, &filled->site, sentence);
    if (needs[path->needs].site == SITE_NONE)
        return gl_access_token(&paths->access, to, &filled->asker,
                               &filled->token, sentence);
    status =
        gl_access_check(&paths->access, to, &filled->asker,
                        name == NULL ? "" : name, &filled->site, sentence);
    if (status == 200 && to == GL_ACCESS_EDIT)
        return may_change(paths, path, request, filled, sentence);
    return status == 404 && name == NULL ? 400 : status;
}

/* What is asked of the site is its numbers, and these are on another machine:
 * 1, and who asks is told where. */
static int
is_elsewhere(const struct gl_paths *paths, const struct path *path,
             const struct gl_path_request *request)
{
    static const unsigned of_rows = 1u << GL_ACCESS_SEE | 1u << GL_ACCESS_ASK |
                                    1u << GL_ACCESS_READ |
                                    1u << GL_ACCESS_SHARE;
    struct gl_directory *directory = paths->access.directory;
    const char *uri =
        evhttp_uri_get_path(evhttp_request_get_evhttp_uri(request->req));
    struct gl_elsewhere where;

    if (request->site->id == 0 || !(of_rows & 1u << needs[path->needs].to))
        return 0;
    const struct gl_version *version = gl_directory_enter(directory);
    int elsewhere =
        gl_elsewhere_site(paths->access.conf, version, request->site, &where);
    g_autofree char *why =
        gl_elsewhere_sentence(paths->access.conf, version, request->site);
    gl_directory_leave(directory);
    if (elsewhere && is_program(uri))
        gl_reply_error(request->req, GL_ELSEWHERE_STATUS, why);
    else if (elsewhere)
        gl_pages_elsewhere(request->req, request->site, &where);
    return elsewhere;
}

/* Who asks is told whether he may before what is wrong with it. */
static void
serve(struct gl_paths *paths, const struct path *path,
      struct evhttp_request *req, const char *rest)
{
    struct filled filled = {.asker = gl_reply_asker(req, paths->access.conf)};
    struct gl_path_request request = {.req = req,
                                      .path = path->path,
                                      .rest = rest,
                                      .site = &filled.site,
                                      .token = &filled.token,
                                      .asker = &filled.asker,
                                      .person = &filled.person,
                                      .share = &filled.share};
    const char *sentence = NULL;
    g_autofree char *why = NULL;

    read_asked(path, &request, &why);
    int status = may(paths, path, &request, &filled, &sentence);
    if (status == 200 && needs[path->needs].asked != ASKED_NOT &&
        !json_is_object(request.asked))
        status = 400;
    if (status == 429)
        add_retry(paths, req);
    if (status == 200 && is_elsewhere(paths, path, &request))
        ; /* told */
    else if (status == 200)
        path->answer(paths, &request);
    else if (status == 401 && path->needs == NEEDS_SHARE)
        gl_pages_locked(req, 401, NULL, rest);
    else if (status == 401 && path->needs == NEEDS_READ)
        gl_pages_sign_in(req, rest);
    else if (status == 401 && path->needs == NEEDS_EMBED)
        gl_pages_error(req, 401, sentence);
    else if (status == 403 && filled.site.id != 0 &&
             needs[path->needs].to == GL_ACCESS_EDIT)
        gl_pages_below(req, 403, &filled.site, sentence);
    else
        send_error(req, status, status == 400 ? why : sentence, &filled.site);
    json_decref(request.asked);
}

/* URI is no path of the table.  Behind the name of a site that is there: back
 * to it, at once where no more than a '/' is too much. */
static void
miss(const struct gl_paths *paths, struct evhttp_request *req, const char *uri)
{
    static const char pages[] = "/glinto/";
    const struct gl_asker asker = gl_reply_asker(req, paths->access.conf);
    int is_page = uri != NULL && g_str_has_prefix(uri, pages);
    const char *first = is_page ? uri + strlen(pages) : "";
    size_t len = strcspn(first, "/");
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
    char *name = gl_reply_decode(first, len);
    struct gl_meta_site site;
    const char *sentence;
    int status = name == NULL
                     ? 503
                     : gl_access_check(&paths->access, GL_ACCESS_SEE, &asker,
                                       name, &site, &sentence);

    g_autofree char *page =
        g_strdup_printf("%s%.*s%s%s", pages, (int) len, first,
                        query == NULL ? "" : "?", query == NULL ? "" : query);
    if (status != 404 && strcmp(first + len, "/") == 0)
        gl_reply_go(req, page);
    else if (status == 200)
        gl_pages_below(req, 404, &site, "There is no such page.");
    else
        send_error(req, 404, "There is no such page.", NULL);
    free(name);
}

void
gl_paths_request(struct evhttp_request *req, void *arg)
{
    const char *uri = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));
    const char *rest;
    size_t len;
    const struct path *path = uri == NULL ? NULL : find(uri, &rest, &len);
    char allow[64];

    gl_reply_listen(req, ((struct gl_paths *) arg)->access.conf);
    if (path == NULL) {
        miss(arg, req, uri);
        return;
    }
    path = find_method(path, evhttp_request_get_command(req), allow);
    if (path == NULL) {
        refuse_method(req, allow);
        return;
    }
    if (evbuffer_get_length(evhttp_request_get_input_buffer(req)) >
        GL_PATHS_BODY_MAX) {
        send_error(req, 413, "the body is longer than 8 KiB", NULL);
        return;
    }
    char *decoded = gl_reply_decode(rest, len);
    if (decoded == NULL)
        gl_reply_error(req, 503, "out of memory");
    else
        serve(arg, path, req, decoded);
    free(decoded);
}
