/*
 * Who else may see a site, by a program: shared links and guests, in the words
 * of Plausible's sites API.  Paths of paths.def below /api/v1/sites/; each is
 * a verb of admin/verbs.def.  Loop thread.
 */

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "serve/path.h"
#include "serve/reply.h"

/* A question that is put: REQ is its own until it is answered. */
struct asking {
    struct gl_paths *paths;
    struct evhttp_request *req;
    char *domain, *root; /* root: "https://stats.example" */
    char *name, *role;   /* of a link, or of a guest */
};

/* Where links begin: as the one who asks found this server. */
static char *
root_of(const struct gl_path_request *request)
{
    const char *host = request->asker->host;
    int plain = g_strcmp0(gl_reply_header(request->req, "X-Forwarded-Proto"),
                          "http") == 0;

    return g_strdup_printf("%s://%s", plain ? "http" : "https",
                           host == NULL ? request->site->domain : host);
}

static struct asking *
asking_new(struct gl_paths *paths, const struct gl_path_request *request)
{
    struct asking *asking = g_new0(struct asking, 1);

    asking->paths = paths;
    asking->req = request->req;
    asking->domain = g_strdup(request->site->domain);
    asking->root = root_of(request);
    return asking;
}

static void
asking_free(struct asking *asking)
{
    g_free(asking->domain);
    g_free(asking->root);
    g_free(asking->name);
    g_free(asking->role);
    g_free(asking);
}

/* ARGS are taken. */
static void
ask(struct asking *asking, const char *verb, json_t *args, gl_ask_done *done)
{
    gl_ask(asking->paths->asks, asking->req, verb, args, NULL, 0, "token",
           done, asking);
}

/* JSON is taken. */
static void
reply(struct asking *asking, json_t *json)
{
    gl_reply_json(asking->req, 200, json);
    json_decref(json);
    asking_free(asking);
}

static void
refuse(struct asking *asking, int status, const char *sentence)
{
    gl_reply_error(asking->req, status, sentence);
    asking_free(asking);
}

/* A refusal as it came, or nothing where nobody waits: NULL; else what was
 * answered, the caller's. */
static json_t *
answered(struct asking *asking, int status, const char *answer)
{
    if (status == 200)
        return json_loads(answer, 0, NULL);
    if (status != GL_ASK_GONE)
        gl_reply_json_text(asking->req, status, answer);
    asking_free(asking);
    return NULL;
}

static const char *
text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* 1 = REQUEST has no other keys than KEYS, all texts, and all of them but
 * "site_id" where they are NEEDED; else it is answered 400. */
static int
has_only(const struct gl_path_request *request, const char *const *keys,
         int needed)
{
    const char *key;
    json_t *value;
    char why[128] = "";

    json_object_foreach (request->asked, key, value)
        if (!g_strv_contains(keys, key))
            snprintf(why, sizeof why, "\"%.80s\" is no key of this request",
                     key);
        else if (!json_is_string(value))
            snprintf(why, sizeof why, "\"%s\" is a text", key);
    for (; why[0] == '\0' && needed && *keys != NULL; keys++)
        if (json_object_get(request->asked, *keys) == NULL)
            snprintf(why, sizeof why, "\"%s\" is missing", *keys);
    if (why[0] != '\0')
        gl_reply_error(request->req, 400, why);
    return why[0] == '\0';
}

static const char *const of_site[] = {"site_id", NULL};

/* ---- shared links ---- */

static void
on_links(void *arg, int status, const char *answer)
{
    json_auto_t *json = answered(arg, status, answer);

    if (json == NULL)
        return;
    reply(arg,
          json_pack("{s:O}", "shared_links", json_object_get(json, "shares")));
}

void
gl_path_links_(struct gl_paths *paths, const struct gl_path_request *request)
{
    if (has_only(request, of_site, 0))
        ask(asking_new(paths, request), "share.list",
            json_pack("{s:s}", "domain", request->site->domain), on_links);
}

static void
on_link(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;
    json_auto_t *json = answered(asking, status, answer);
    const char *link = text_of(json, "link");

    if (json == NULL)
        return;
    reply(asking,
          json_pack("{s:s, s:o, s:O}", "name", asking->name, "url",
                    json_sprintf("%s%s", asking->root, link), "id",
                    json_object_get(json_object_get(json, "share"), "id")));
}

/* Its secret is nowhere: one that is there cannot be told again. */
static void
on_names(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;
    json_t *one;
    json_auto_t *json = answered(asking, status, answer);
    size_t i;
    int is_there = 0;

    if (json == NULL)
        return;
    json_array_foreach (json_object_get(json, "shares"), i, one)
        is_there |= g_strcmp0(text_of(one, "name"), asking->name) == 0;
    if (is_there)
        refuse(asking, 409,
               "there is a link of that name: its address was told once, when "
               "it was made");
    else
        ask(asking, "share.add",
            json_pack("{s:s, s:s}", "domain", asking->domain, "name",
                      asking->name),
            on_link);
}

void
gl_path_link_put_(struct gl_paths *paths,
                  const struct gl_path_request *request)
{
    static const char *const keys[] = {"site_id", "name", NULL};

    if (!has_only(request, keys, 1))
        return;
    struct asking *asking = asking_new(paths, request);
    asking->name = g_strdup(text_of(request->asked, "name"));
    ask(asking, "share.list",
        json_pack("{s:s}", "domain", request->site->domain), on_names);
}

static void
on_deleted(void *arg, int status, const char *answer)
{
    json_auto_t *json = answered(arg, status, answer);

    if (json != NULL)
        reply(arg, json_pack("{s:b}", "deleted", 1));
}

void
gl_path_link_delete_(struct gl_paths *paths,
                     const struct gl_path_request *request)
{
    ask(asking_new(paths, request), "share.remove",
        json_pack("{s:s, s:s}", "domain", request->site->domain, "id",
                  request->rest),
        on_deleted);
}

/* ---- guests ---- */

/* The role of PERSON, as it is told of, in the site DOMAIN; NULL: none. */
static const char *
role_of(const json_t *person, const char *domain)
{
    json_t *role;
    size_t i;

    json_array_foreach (json_object_get(person, "roles"), i, role)
        if (g_strcmp0(text_of(role, "site"), domain) == 0)
            return text_of(role, "role");
    return NULL;
}

static json_t *
guest_json(const json_t *person, const char *domain)
{
    int ready = json_is_true(json_object_get(person, "ready"));

    return json_pack(
        "{s:O, s:s, s:s}", "email", json_object_get(person, "name"), "role",
        role_of(person, domain), "status", ready ? "accepted" : "invited");
}

static void
on_people(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;
    json_t *person;
    json_auto_t *json = answered(asking, status, answer);
    json_auto_t *guests = json_array();
    size_t i;

    json_array_foreach (json_object_get(json, "people"), i, person)
        if (role_of(person, asking->domain) != NULL)
            json_array_append_new(guests, guest_json(person, asking->domain));
    if (json != NULL)
        reply(asking, json_pack("{s:O}", "guests", guests));
}

void
gl_path_guests_(struct gl_paths *paths, const struct gl_path_request *request)
{
    if (has_only(request, of_site, 0))
        ask(asking_new(paths, request), "person.list", json_object(),
            on_people);
}

/* Who is new has a link to choose a password: no mail is sent. */
static void
on_guest(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;
    json_auto_t *json = answered(asking, status, answer);
    const char *link = text_of(json, "link");

    if (json == NULL)
        return;
    json_t *guest =
        guest_json(json_object_get(json, "person"), asking->domain);
    if (link != NULL)
        json_object_set_new(guest, "link",
                            json_sprintf("%s%s", asking->root, link));
    reply(asking, guest);
}

static json_t *
role_args(const struct asking *asking)
{
    return json_pack("{s:s, s:s, s:s}", "name", asking->name, "role",
                     asking->role, "site", asking->domain);
}

/* 409: there is such a person, who gets the role. */
static void
on_invited(void *arg, int status, const char *answer)
{
    struct asking *asking = arg;

    if (status == 409)
        ask(asking, "person.role", role_args(asking), on_guest);
    else
        on_guest(arg, status, answer);
}

void
gl_path_guest_put_(struct gl_paths *paths,
                   const struct gl_path_request *request)
{
    static const char *const keys[] = {"site_id", "email", "role", NULL};
    static const char *const roles[] = {"viewer", "editor", NULL};

    if (!has_only(request, keys, 1))
        return;
    struct asking *asking = asking_new(paths, request);
    asking->name = g_strdup(text_of(request->asked, "email"));
    asking->role = g_strdup(text_of(request->asked, "role"));
    if (g_strv_contains(roles, asking->role))
        ask(asking, "person.add", role_args(asking), on_invited);
    else
        refuse(asking, 400, "\"role\" is viewer or editor");
}

/* 1 = who has NAME has a role in this site alone. */
static int
is_guest(struct gl_directory *directory, const struct gl_meta_site *site,
         const char *name)
{
    const struct gl_version *version = gl_directory_enter(directory);
    const struct gl_meta_person *person = gl_version_person(version, name);
    struct gl_meta_role role = {.site = site->id};
    int is = 0;

    if (person != NULL) {
        g_strlcpy(role.person, person->id, sizeof role.person);
        g_strlcpy(role.account, site->account, sizeof role.account);
        is = gl_version_role_at(version, &role) != GL_ROLE_NONE;
    }
    gl_directory_leave(directory);
    return is;
}

void
gl_path_guest_delete_(struct gl_paths *paths,
                      const struct gl_path_request *request)
{
    struct asking *asking = asking_new(paths, request);

    asking->name = g_strdup(request->rest);
    asking->role = g_strdup("none");
    if (is_guest(paths->access.directory, request->site, asking->name))
        ask(asking, "person.role", role_args(asking), on_deleted);
    else
        refuse(asking, 404, "the site has no such guest");
}
