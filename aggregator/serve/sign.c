/*
 * Who signs in, and out:
 *
 *     /glinto/sign-in?site=     a name and a password; then the page of SITE
 *     /glinto/sign-out
 *     /glinto/welcome/SECRET    a link that works once: a password is chosen
 *
 * A password goes to the thread of passwords alone (PROVES of
 * admin/verbs.def), a session to the writer; the loop thread waits for
 * neither.  What a page says does not tell who there is.  Loop thread.
 */

#include <glib.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "access/form.h"

#include "gl_assert.h"
#include "access/link.h"
#include "clock.h"
#include "dashboard/render.h"
#include "serve/pages.h"
#include "serve/path.h"
#include "serve/reply.h"

static const char not_so[] =
    "The name, the password or the code is not right.";
static const char no_tls[] =
    "This page came over plain http: a password and what it opens would be "
    "read on the way. Open it with https.";
static const char too_often[] =
    "Too many tries with this name: wait for three minutes.";
static const char no_link[] = "This link has been used, or is too old.";

/* Somebody who signs in. */
struct signing {
    struct gl_paths *paths;
    struct evhttp_request *req;
    char session[GL_SECRET_LEN + 1]; /* opens when all is well */
    char link[GL_SECRET_LEN + 1];    /* "" = by a password */
    char *name;
    char *site; /* where he wants to go, NULL = nowhere */
};

static struct signing *
new_signing(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct signing *signing = g_new0(struct signing, 1);

    signing->paths = paths;
    signing->req = request->req;
    gl_secret_draw(signing->session);
    return signing;
}

static void
free_signing(struct signing *signing)
{
    g_free(signing->name);
    g_free(signing->site);
    sodium_memzero(signing, sizeof *signing);
    g_free(signing);
}

static const char *
field(const struct gl_path_request *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request->asked, key));

    return text == NULL ? "" : text;
}

/* An audit names its actor. */
static void
ask(struct signing *signing, const char *verb, json_t *args, gl_ask_done *done)
{
    gl_ask(signing->paths->asks, signing->req, verb, args, NULL, 0, "sign-in",
           done, signing);
}

/* ---- pages ---- */

/* FAULT may be NULL. */
static void
send_sign_in(struct evhttp_request *req, int status, const char *fault,
             const char *name, const char *site)
{
    json_t *view = json_pack("{s:s?, s:s?, s:s?}", "fault", fault, "name",
                             name, "to", site);

    gl_pages_form(req, status, "sign_in", view);
}

static void
send_welcome(struct evhttp_request *req, int status, const char *fault,
             const char *name, const char *secret)
{
    json_t *view = json_pack("{s:s?, s:s, s:s}", "fault", fault, "name", name,
                             "secret", secret);

    gl_pages_form(req, status, "welcome", view);
}

/* The page that was asked for, with what is wrong. */
static void
send_again(const struct signing *signing, int status, const char *fault)
{
    if (signing->link[0] != '\0')
        send_welcome(signing->req, status, fault, signing->name,
                     signing->link);
    else
        send_sign_in(signing->req, status, fault, signing->name,
                     signing->site);
}

/* The sentence of {error}, the caller's. */
static char *
sentence_of(const char *answer)
{
    json_auto_t *json = json_loads(answer == NULL ? "" : answer, 0, NULL);
    const char *error = json_string_value(json_object_get(json, "error"));
    char *sentence =
        g_strdup_printf("%s.", error == NULL ? "out of memory" : error);

    sentence[0] = g_ascii_toupper(sentence[0]);
    return sentence;
}

static void
fail(struct signing *signing, int status, const char *answer)
{
    g_autofree char *sentence = sentence_of(answer);

    if (status == 404 && signing->link[0] != '\0')
        gl_pages_error(signing->req, 404, no_link);
    else if (status != GL_ASK_GONE)
        send_again(signing, status, status == 403 ? not_so : sentence);
    free_signing(signing);
}

/* ---- a session ---- */

static void
on_session(void *arg, int status, const char *answer)
{
    struct signing *signing = arg;

    GL_ASSERT(strlen(signing->session) == GL_SECRET_LEN);

    if (status != 200) {
        fail(signing, status, answer);
        return;
    }
    g_autofree char *path = signing->site == NULL
                                ? g_strdup("/glinto/")
                                : g_strconcat("/glinto/", signing->site, NULL);
    gl_reply_cookie(signing->req, GL_ACCESS_COOKIE, signing->session,
                    GL_SESSION_S);
    gl_reply_go(signing->req, path);
    free_signing(signing);
}

static void
on_proved(void *arg, int status, const char *answer)
{
    struct signing *signing = arg;

    if (status != 200) {
        fail(signing, status, answer);
        return;
    }
    json_auto_t *proved = json_loads(answer, 0, NULL);
    ask(signing, "session.add",
        json_pack("{s:O, s:O, s:O, s:s}", "person",
                  json_object_get(proved, "person"), "step",
                  json_object_get(proved, "step"), "proof",
                  json_object_get(proved, "proof"), "session",
                  signing->session),
        on_session);
}

/* ---- by a password ---- */

/* To this machine itself nobody listens; there a browser takes the cookie. */
static int
is_local(const char *origin)
{
    static const char *const begins[] = {"http://localhost", "http://127.",
                                         "http://[::1]"};

    for (size_t i = 0; i < G_N_ELEMENTS(begins); i++)
        if (g_str_has_prefix(origin, begins[i]))
            return 1;
    return 0;
}

static int
is_safe(const struct gl_path_request *request)
{
    const char *origin = gl_reply_header(request->req, "Origin");

    return g_str_has_prefix(origin, "https://") || is_local(origin);
}

/* What follows "/glinto/" when SITE has a page; the caller's, or NULL. */
static char *
site_of(const struct gl_paths *paths, const char *site)
{
    struct gl_meta_site found;

    return gl_directory_site(paths->access.directory, site, &found)
               ? g_uri_escape_string(found.domain, NULL, FALSE)
               : NULL;
}

void
gl_path_sign_in_page_(struct gl_paths *paths,
                      const struct gl_path_request *request)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(request->req));
    const char *coded =
        query != NULL && g_str_has_prefix(query, "site=") ? query + 5 : NULL;
    g_autofree char *site =
        coded == NULL ? NULL : g_uri_unescape_string(coded, NULL);

    (void) paths;
    send_sign_in(request->req, 200, NULL, NULL,
                 site != NULL && g_utf8_validate(site, -1, NULL) ? site
                                                                 : NULL);
}

void
gl_path_sign_in_(struct gl_paths *paths, const struct gl_path_request *request)
{
    const char *name = field(request, "name");
    struct signing *signing = new_signing(paths, request);

    signing->name = g_strdup(name);
    signing->site = site_of(paths, field(request, "site"));
    if (!is_safe(request) || !gl_form_may_try(&paths->access, name)) {
        send_again(signing, is_safe(request) ? 429 : 403,
                   is_safe(request) ? too_often : no_tls);
        free_signing(signing);
        return;
    }
    ask(signing, "person.prove",
        json_pack("{s:s, s:s, s:s}", "name", name, "password",
                  field(request, "password"), "code", field(request, "code")),
        on_proved);
}

/* ---- by a link ---- */

void
gl_path_welcome_page_(struct gl_paths *paths,
                      const struct gl_path_request *request)
{
    struct gl_meta_person person;

    if (gl_directory_key(paths->access.directory, request->rest, 1,
                         gl_clock_now_ms(), &person))
        send_welcome(request->req, 200, NULL, person.name, request->rest);
    else
        gl_pages_error(request->req, 404, no_link);
}

static void
on_hashed(void *arg, int status, const char *answer)
{
    struct signing *signing = arg;

    if (status != 200) {
        fail(signing, status, answer);
        return;
    }
    json_auto_t *hashed = json_loads(answer, 0, NULL);
    ask(signing, "person.choose",
        json_pack("{s:s, s:O, s:s}", "link", signing->link, "hash",
                  json_object_get(hashed, "hash"), "session",
                  signing->session),
        on_session);
}

void
gl_path_welcome_(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct gl_meta_person person;

    if (!gl_directory_key(paths->access.directory, request->rest, 1,
                          gl_clock_now_ms(), &person)) {
        gl_pages_error(request->req, 404, no_link);
        return;
    }
    struct signing *signing = new_signing(paths, request);
    signing->name = g_strdup(person.name);
    g_strlcpy(signing->link, request->rest, sizeof signing->link);
    if (is_safe(request)) {
        ask(signing, "password.hash",
            json_pack("{s:s}", "password", field(request, "password")),
            on_hashed);
        return;
    }
    send_again(signing, 403, no_tls);
    free_signing(signing);
}

/* ---- out ---- */

static void
on_out(void *arg, int status, const char *answer)
{
    (void) answer;
    if (status == GL_ASK_GONE)
        return;
    if (status != 200) {
        gl_pages_error(arg, status, "Try again: the session is still open.");
        return;
    }
    gl_reply_cookie(arg, GL_ACCESS_COOKIE, "", 0);
    gl_reply_go(arg, "/glinto/");
}

void
gl_path_sign_out_(struct gl_paths *paths,
                  const struct gl_path_request *request)
{
    gl_ask(paths->asks, request->req, "session.remove",
           json_pack("{s:s}", "session", request->asker->session), NULL, 0,
           "sign-out", on_out, request->req);
}
