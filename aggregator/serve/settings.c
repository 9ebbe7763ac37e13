/*
 * /glinto/SITE/settings: what an editor changes of a site, its links, and an
 * owner its people and tokens.  A form's "do" is a verb (admin/verbs.def); the
 * table here says who may, and what of the form it takes.  Each is audited as
 * that verb, by the person.  Loop thread.
 */

#include <glib.h>
#include <string.h>

#include "access/form.h"

#include "gl_assert.h"
#include "dashboard/render.h"
#include "dashboard/settings.h"
#include "language/say.h"
#include "serve/pages.h"
#include "serve/paths.h"
#include "serve/reply.h"

#define FIELDS_MAX 4

enum who { EDITOR, OWNER, OWNER_OF_ALL };

static const struct change {
    const char *verb;
    enum who who;
    const char *fields[FIELDS_MAX]; /* of the form, but empty ones */
} changes[] = {
    {"site.set", EDITOR, {"timezone", "public", "hosts", "optout"}},
    {"share.add", EDITOR, {"name", "days", "segment"}},
    {"share.remove", EDITOR, {"id"}},
    {"person.add", OWNER, {"name", "role"}},
    {"person.role", OWNER, {"name", "role"}},
    {"person.link", OWNER, {"name"}},
    {"token.create", OWNER_OF_ALL, {"name", "scope"}},
    {"token.revoke", OWNER_OF_ALL, {"id"}},
};

/* A form that is being done. */
struct changing {
    struct gl_paths *paths;
    struct evhttp_request *req;
    const struct change *change;
    struct gl_meta_site site;
    struct gl_asker asker; /* of the request, as long as that */
    struct gl_meta_person person;
    char actor[32];
    json_t *calls; /* [arguments], the next one first */
};

static enum who
who_is(const struct gl_paths *paths, const struct gl_meta_person *person,
       const struct gl_meta_site *site)
{
    struct gl_directory *directory = paths->access.directory;
    struct gl_meta_site all = *site;

    all.id = 0; /* what the account alone gives */
    if (gl_directory_role(directory, person->id, &all) == GL_ROLE_OWNER)
        return OWNER_OF_ALL;
    return gl_directory_role(directory, person->id, site) == GL_ROLE_OWNER
               ? OWNER
               : EDITOR;
}

/* ---- the page ---- */

/* FAULT and TOLD (taken) may be NULL. */
static void
show(struct gl_paths *paths, struct evhttp_request *req,
     const struct gl_asker *asker, const struct gl_meta_person *person,
     const struct gl_meta_site *site, int status, const char *fault,
     json_t *told)
{
    struct gl_directory *directory = paths->access.directory;
    enum who who = who_is(paths, person, site);
    char token[GL_SECRET_LEN + 1];
    const struct gl_settings_by by = {.person = person->id,
                                      .token = token,
                                      .host = asker->host,
                                      .owns = who >= OWNER,
                                      .owns_all = who == OWNER_OF_ALL};
    const struct gl_version *version = gl_directory_enter(directory);
    const struct gl_meta_site *now = gl_version_site_id(version, site->id);
    json_t *view;

    gl_form_token(&paths->access, asker, person, token);
    view = gl_settings_view(version, now == NULL ? site : now, &by);
    gl_directory_leave(directory);
    if (fault != NULL)
        json_object_set_new(view, "fault", json_string(fault));
    if (told != NULL)
        json_object_set_new(view, "told", told);
    gl_pages_form(req, status, "settings", view);
}

void
gl_path_settings_page_(struct gl_paths *paths,
                       const struct gl_path_request *request)
{
    show(paths, request->req, request->asker, request->person, request->site,
         200, NULL, NULL);
}

/* ---- what was done ---- */

static void
free_changing(struct changing *changing)
{
    json_decref(changing->calls);
    g_free(changing);
}

static void
send_again(const struct changing *changing, int status, const char *fault,
           json_t *told)
{
    show(changing->paths, changing->req, &changing->asker, &changing->person,
         &changing->site, status, fault, told);
}

/* A secret in ANSWER is shown this once; the caller's, or NULL. */
static json_t *
told_of(const struct changing *changing, const json_t *answer)
{
    const char *link = json_string_value(json_object_get(answer, "link"));
    json_t *token = json_object_get(answer, "token");
    const char *host = changing->asker.host;

    if (link != NULL)
        return json_pack(
            "{s:s, s:o}", "title", gl_say_english("A link"), "secret",
            json_sprintf("https://%s%s", host == NULL ? "HOST" : host, link));
    return token == NULL
               ? NULL
               : json_pack("{s:s, s:O}", "title", gl_say_english("A token"),
                           "secret", token);
}

static void
answer_done(const struct changing *changing, const json_t *answer)
{
    json_t *told = told_of(changing, answer);
    char *coded = g_uri_escape_string(changing->site.domain, NULL, FALSE);
    char *path = g_strdup_printf("/glinto/%s/settings", coded);

    if (told != NULL)
        send_again(changing, 200, NULL, told);
    else
        gl_reply_go(changing->req, path);
    g_free(path);
    g_free(coded);
}

static void
answer_fault(const struct changing *changing, int status, const json_t *answer)
{
    const char *error = json_string_value(json_object_get(answer, "error"));
    char *sentence =
        g_strdup_printf("%s.", error == NULL ? "out of memory" : error);

    sentence[0] = g_ascii_toupper(sentence[0]);
    send_again(changing, status, sentence, NULL);
    g_free(sentence);
}

static void next(struct changing *changing);

static void
on_changed(void *arg, int status, const char *answer)
{
    struct changing *changing = arg;
    json_t *json = json_loads(answer == NULL ? "" : answer, 0, NULL);

    if (status == 200 && json_array_size(changing->calls) > 0) {
        next(changing);
        json_decref(json);
        return;
    }
    if (status == 200)
        answer_done(changing, json);
    else if (status != GL_ASK_GONE)
        answer_fault(changing, status, json);
    json_decref(json);
    free_changing(changing);
}

static void
next(struct changing *changing)
{
    json_t *args = json_incref(json_array_get(changing->calls, 0));

    json_array_remove(changing->calls, 0);
    gl_ask(changing->paths->asks, changing->req, changing->change->verb, args,
           NULL, 0, changing->actor, on_changed, changing);
}

/* The hash of a link's password is there: it goes along. */
static void
on_hashed(void *arg, int status, const char *answer)
{
    struct changing *changing = arg;
    json_t *json = json_loads(answer == NULL ? "" : answer, 0, NULL);

    GL_ASSERT(json_array_size(changing->calls) > 0);

    if (status == 200) {
        json_object_set(json_array_get(changing->calls, 0), "hash",
                        json_object_get(json, "hash"));
        next(changing);
    } else {
        if (status != GL_ASK_GONE)
            answer_fault(changing, status, json);
        free_changing(changing);
    }
    json_decref(json);
}

/* ---- what is to be done ---- */

static const char *
field(const struct gl_path_request *request, const char *key)
{
    const char *text = json_string_value(json_object_get(request->asked, key));

    return text == NULL ? "" : text;
}

static const struct change *
change_of(const struct gl_path_request *request)
{
    for (size_t i = 0; i < G_N_ELEMENTS(changes); i++)
        if (strcmp(changes[i].verb, field(request, "do")) == 0)
            return &changes[i];
    return NULL;
}

/* Each setting is a call of its own. */
static void
add_settings(struct changing *changing, const struct gl_path_request *request)
{
    for (int i = 0; i < FIELDS_MAX; i++) {
        const char *key = changing->change->fields[i];

        if (json_object_get(request->asked, key) != NULL)
            json_array_append_new(changing->calls,
                                  json_pack("{s:s, s:s, s:s}", "domain",
                                            changing->site.domain, "key", key,
                                            "value", field(request, key)));
    }
}

static void
add_call(struct changing *changing, const struct gl_path_request *request,
         const char *account)
{
    const struct change *change = changing->change;
    json_t *args = json_object();

    for (int i = 0; i < FIELDS_MAX && change->fields[i] != NULL; i++)
        if (field(request, change->fields[i])[0] != '\0')
            json_object_set_new(
                args, change->fields[i],
                json_string(field(request, change->fields[i])));
    if (g_str_has_prefix(change->verb, "share."))
        json_object_set_new(args, "domain",
                            json_string(changing->site.domain));
    else if (strcmp(change->verb, "token.create") == 0 ||
             (change->who == OWNER &&
              strcmp(change->verb, "person.link") != 0 &&
              strcmp(field(request, "of"), "all") == 0))
        json_object_set_new(args, "account", json_string(account));
    else if (change->who == OWNER && strcmp(change->verb, "person.link") != 0)
        json_object_set_new(args, "site", json_string(changing->site.domain));
    json_array_append_new(changing->calls, args);
}

/* A role of NAME in another account: that is not this one's to reset. */
struct elsewhere {
    const char *account;
    int found;
};

static int
look_elsewhere(void *arg, const struct gl_meta_role *role)
{
    struct elsewhere *elsewhere = arg;

    elsewhere->found |= strcmp(role->account, elsewhere->account) != 0;
    return 0;
}

/* NULL, or why WHO may not do this with what the form names. */
static const char *
refusal_of(const struct gl_version *version, const struct changing *changing,
           const struct gl_path_request *request, enum who who)
{
    const struct gl_meta_person *person =
        gl_version_person(version, field(request, "name"));
    const char *account = changing->site.account;
    struct elsewhere elsewhere = {account, 0};

    if (who < changing->change->who ||
        (strcmp(field(request, "of"), "all") == 0 && who != OWNER_OF_ALL))
        return "This takes an owner.";
    if (strcmp(changing->change->verb, "token.revoke") == 0 &&
        !gl_version_token_is_of(version, field(request, "id"), account))
        return "There is no such token.";
    if (strcmp(changing->change->verb, "person.link") != 0)
        return NULL;
    if (person != NULL)
        gl_version_roles(version, person->id, look_elsewhere, &elsewhere);
    if (person == NULL || who != OWNER_OF_ALL || elsewhere.found ||
        !gl_version_has_role(version, person->id))
        return "Whoever runs this server makes that link: glinto person link";
    return NULL;
}

/* NULL: it is being done; or why not. */
static const char *
begin(struct changing *changing, const struct gl_path_request *request)
{
    struct gl_directory *directory = changing->paths->access.directory;
    const struct gl_version *version = gl_directory_enter(directory);
    const struct gl_meta_account *account =
        gl_version_account_id(version, changing->site.account);
    const char *refusal = refusal_of(
        version, changing, request,
        who_is(changing->paths, &changing->person, &changing->site));

    if (refusal == NULL && strcmp(changing->change->verb, "site.set") == 0)
        add_settings(changing, request);
    else if (refusal == NULL)
        add_call(changing, request, account == NULL ? "" : account->name);
    gl_directory_leave(directory);
    return refusal;
}

void
gl_path_settings_(struct gl_paths *paths,
                  const struct gl_path_request *request)
{
    struct changing *changing = g_new0(struct changing, 1);
    const char *password = field(request, "password"), *refusal;

    *changing = (struct changing){.paths = paths,
                                  .req = request->req,
                                  .change = change_of(request),
                                  .site = *request->site,
                                  .asker = *request->asker,
                                  .person = *request->person,
                                  .calls = json_array()};
    g_snprintf(changing->actor, sizeof changing->actor, "person %s",
               changing->person.id);
    refusal = changing->change == NULL ? "There is no such form."
                                       : begin(changing, request);
    if (refusal == NULL && json_array_size(changing->calls) == 0)
        refusal = "Nothing was chosen.";
    if (refusal != NULL) {
        send_again(changing, 403, refusal, NULL);
        free_changing(changing);
    } else if (strcmp(changing->change->verb, "share.add") == 0 &&
               password[0] != '\0') {
        gl_ask(paths->asks, request->req, "password.hash",
               json_pack("{s:s}", "password", password), NULL, 0,
               changing->actor, on_hashed, changing);
    } else {
        next(changing);
    }
}
