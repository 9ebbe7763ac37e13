/*
 * The sites API, in Plausible's words: paths of paths.def below
 * /api/v1/sites.  Each is a verb of admin/verbs.def, put by who holds a token
 * of the account.  Loop thread.
 */

#include <glib.h>
#include <stdio.h>

#include "serve/path.h"
#include "serve/reply.h"

static void
reply(void *arg, int status, const char *answer)
{
    if (status != GL_ASK_GONE)
        gl_reply_json_text(arg, status, answer);
}

/* Of a site no more than Plausible tells; DOMAIN and ZONE are texts. */
static void
reply_site(struct evhttp_request *req, const char *domain, const char *zone)
{
    json_auto_t *json =
        json_pack("{s:s, s:s}", "domain", domain, "timezone", zone);

    gl_reply_json(req, 200, json);
}

/* {"site": {...}} -> what Plausible tells of it. */
static void
on_site(void *arg, int status, const char *answer)
{
    json_auto_t *json = status == 200 ? json_loads(answer, 0, NULL) : NULL;
    json_t *site = json_object_get(json, "site");

    if (site == NULL)
        reply(arg, status, answer);
    else
        reply_site(arg, json_string_value(json_object_get(site, "domain")),
                   json_string_value(json_object_get(site, "timezone")));
}

static void
on_deleted(void *arg, int status, const char *answer)
{
    reply(arg, status, status == 200 ? "{\"deleted\":true}" : answer);
}

/* ---- what is asked ---- */

/* 1 = REQUEST has no other keys than KEYS, all texts, and the first NEEDED of
 * them; else it is answered 400. */
static int
has_only(const struct gl_path_request *request, const char *const *keys,
         int needed)
{
    const char *key;
    json_t *value;
    char why[128];

    why[0] = '\0';
    json_object_foreach (request->asked, key, value)
        if (!g_strv_contains(keys, key))
            snprintf(why, sizeof why, "\"%.80s\" is no key of this request",
                     key);
        else if (!json_is_string(value))
            snprintf(why, sizeof why, "\"%s\" is a text", key);
    for (int i = 0; why[0] == '\0' && i < needed; i++)
        if (json_object_get(request->asked, keys[i]) == NULL)
            snprintf(why, sizeof why, "\"%s\" is missing", keys[i]);
    if (why[0] != '\0')
        gl_reply_error(request->req, 400, why);
    return why[0] == '\0';
}

/* The name of the account with this ID: verbs know it by that.  The caller's;
 * NULL: it is gone. */
static char *
account_name(const struct gl_paths *paths, const char *id)
{
    struct gl_directory *directory = paths->access.directory;
    const struct gl_meta_account *account =
        gl_version_account_id(gl_directory_enter(directory), id);
    char *name = account == NULL ? NULL : g_strdup(account->name);

    gl_directory_leave(directory);
    return name;
}

static void
ask(struct gl_paths *paths, const struct gl_path_request *request,
    const char *verb, json_t *args, gl_ask_done *done)
{
    gl_ask(paths->asks, request->req, verb, args, NULL, 0, "token", done,
           request->req);
}

void
gl_path_sites_(struct gl_paths *paths, const struct gl_path_request *request)
{
    static const char *const keys[] = {"limit", "after", "before", NULL};

    if (!has_only(request, keys, 0))
        return;
    json_t *args = json_deep_copy(request->asked);
    json_object_set_new(args, "of", json_string(request->token->account));
    ask(paths, request, "site.page", args, reply);
}

void
gl_path_site_create_(struct gl_paths *paths,
                     const struct gl_path_request *request)
{
    static const char *const keys[] = {"domain", "timezone", NULL};

    if (!has_only(request, keys, 1))
        return;
    g_autofree char *account = account_name(paths, request->token->account);
    if (account == NULL) {
        gl_reply_error(request->req, 404, "there is no such account");
        return;
    }
    json_t *args = json_deep_copy(request->asked);
    json_object_set_new(args, "account", json_string(account));
    ask(paths, request, "site.add", args, on_site);
}

void
gl_path_site_get_(struct gl_paths *paths,
                  const struct gl_path_request *request)
{
    (void) paths;
    reply_site(request->req, request->site->domain, request->site->timezone);
}

void
gl_path_site_update_(struct gl_paths *paths,
                     const struct gl_path_request *request)
{
    static const char *const keys[] = {"domain", NULL};

    if (has_only(request, keys, 1))
        ask(paths, request, "site.rename",
            json_pack("{s:s, s:O, s:s}", "domain", request->site->domain, "to",
                      json_object_get(request->asked, "domain"), "of",
                      request->site->account),
            on_site);
}

void
gl_path_site_delete_(struct gl_paths *paths,
                     const struct gl_path_request *request)
{
    ask(paths, request, "site.remove",
        json_pack("{s:s, s:s}", "domain", request->site->domain, "of",
                  request->site->account),
        on_deleted);
}
