/*
 * /glinto/SITE/settings: what an editor changes of a site, its links, and an
 * owner its people and tokens.  A form's "do" is a verb (admin/verbs.def); the
 * table here says who may, and what of the form it takes.  Each is audited as
 * that verb, by the person.  Loop thread.
 */

#include <glib.h>
#include <string.h>

#include "gl_assert.h"
#include "language/say.h"
#include "serve/reply.h"
#include "serve/settings.h"

#define FIELDS_MAX 15

#define EDITOR GL_SETTINGS_EDITOR
#define OWNER GL_SETTINGS_OWNER
#define OWNER_OF_ALL GL_SETTINGS_OWNER_OF_ALL
#define SITE GL_SETTINGS_SITE
#define COLLECTION GL_SETTINGS_COLLECTION
#define REPORTS GL_SETTINGS_REPORTS

static const struct change {
    const char *verb;
    enum gl_settings_who who;
    enum gl_settings_page page;     /* where its form is */
    const char *fields[FIELDS_MAX]; /* of the form, but empty ones */
    const char *form;               /* its "do", NULL = the verb */
} changes[] = {
    {"site.set",
     EDITOR,
     SITE,
     {"timezone", "public", "hosts", "optout", "count"},
     NULL},
    {"site.set",
     EDITOR,
     COLLECTION,
     {"block_addresses", "block_countries", "block_pages", "block_agents",
      "keep_referrer", "keep_campaign", "keep_agent", "keep_place",
      "keep_language", "keep_screen", "keep_title", "keep_props",
      "retention_days", "keep_rows", "refresh_window"},
     "site.collect"},
    {"share.add", EDITOR, SITE, {"name", "days", "segment"}, NULL},
    {"share.remove", EDITOR, SITE, {"id"}, NULL},
    {"person.add", OWNER, SITE, {"name", "role"}, NULL},
    {"person.role", OWNER, SITE, {"name", "role"}, NULL},
    {"person.link", OWNER, SITE, {"name"}, NULL},
    {"token.create", OWNER_OF_ALL, SITE, {"name", "scope"}, NULL},
    {"token.revoke", OWNER_OF_ALL, SITE, {"id"}, NULL},
    {"recipient.add", EDITOR, SITE, {"address", "language", "gets"}, NULL},
    {"recipient.remove", EDITOR, SITE, {"id"}, NULL},
    {"goal.add",
     EDITOR,
     REPORTS,
     {"event", "page", "scroll", "name", "props", "currency"},
     NULL},
    {"goal.remove", EDITOR, REPORTS, {"id"}, NULL},
    {"funnel.add", EDITOR, REPORTS, {"name", "steps", "strict"}, NULL},
    {"funnel.remove", EDITOR, REPORTS, {"id"}, NULL},
    {"segment.add", EDITOR, REPORTS, {"name", "filters"}, NULL},
    {"segment.remove", EDITOR, REPORTS, {"id"}, NULL},
    {"annotation.add", EDITOR, REPORTS, {"date", "text"}, NULL},
    {"annotation.remove", EDITOR, REPORTS, {"id"}, NULL},
};

/* A form that is being done. */
struct changing {
    struct gl_settings_shown shown; /* its answer */
    const struct change *change;
    char actor[32];
    char *back;    /* behind "?" of the site's page, or NULL */
    json_t *calls; /* [arguments], the next one first */
};

/* ---- what was done ---- */

static void
free_changing(struct changing *changing)
{
    json_decref(changing->calls);
    g_free(changing->back);
    g_free(changing);
}

/* FAULT and TOLD (taken) may be NULL. */
static void
send_again(const struct changing *changing, int status, const char *fault,
           json_t *told)
{
    struct gl_settings_shown shown = changing->shown;

    if (changing->change != NULL)
        shown.page = changing->change->page;
    shown.status = status;
    shown.fault = fault;
    shown.told = told;
    gl_settings_show(&shown);
}

/* A secret in ANSWER is shown this once; a link begins as the page of the form
 * did, by http on this machine itself.  The caller's, or NULL. */
static json_t *
told_of(const struct changing *changing, const json_t *answer)
{
    const char *link = json_string_value(json_object_get(answer, "link"));
    json_t *token = json_object_get(answer, "token");
    const char *origin = gl_reply_header(changing->shown.req, "Origin");

    if (link != NULL)
        return json_pack("{s:s, s:o}", "title", "A link", "secret",
                         json_sprintf("%s%s", origin, link));
    return token == NULL
               ? NULL
               : json_pack("{s:s, s:O}", "title", "A token", "secret", token);
}

/* The site's page, with the segment that was kept as its filter. */
static char *
back_to(const struct changing *changing, const json_t *answer)
{
    g_autofree char *coded =
        g_uri_escape_string(changing->shown.site.domain, NULL, FALSE);
    json_int_t id = json_integer_value(
        json_object_get(json_object_get(answer, "segment"), "id"));
    return g_strdup_printf("/glinto/%s?%s%sf=is,segment,%" JSON_INTEGER_FORMAT,
                           coded, changing->back,
                           changing->back[0] == '\0' ? "" : "&", id);
}

static void
answer_done(const struct changing *changing, const json_t *answer)
{
    json_t *told = told_of(changing, answer);
    g_autofree char *path =
        changing->back != NULL
            ? back_to(changing, answer)
            : gl_settings_path(&changing->shown.site, changing->change->page);

    if (told != NULL)
        send_again(changing, 200, NULL, told);
    else
        gl_reply_go(changing->shown.req, path);
}

static void
answer_fault(const struct changing *changing, int status, const json_t *answer)
{
    const char *error = json_string_value(json_object_get(answer, "error"));
    g_autofree char *sentence =
        g_strdup_printf("%s.", error == NULL ? "out of memory" : error);

    sentence[0] = g_ascii_toupper(sentence[0]);
    send_again(changing, status, sentence, NULL);
}

static void next(struct changing *changing);

static void
on_changed(void *arg, int status, const char *answer)
{
    struct changing *changing = arg;
    json_auto_t *json = json_loads(answer == NULL ? "" : answer, 0, NULL);

    if (status == 200 && json_array_size(changing->calls) > 0) {
        next(changing);
        return;
    }
    if (status == 200)
        answer_done(changing, json);
    else if (status != GL_ASK_GONE)
        answer_fault(changing, status, json);
    free_changing(changing);
}

static void
next(struct changing *changing)
{
    json_t *args = json_incref(json_array_get(changing->calls, 0));

    json_array_remove(changing->calls, 0);
    gl_ask(changing->shown.paths->asks, changing->shown.req,
           changing->change->verb, args, NULL, 0, changing->actor, on_changed,
           changing);
}

/* The hash of a link's password is there: it goes along. */
static void
on_hashed(void *arg, int status, const char *answer)
{
    struct changing *changing = arg;
    json_auto_t *json = json_loads(answer == NULL ? "" : answer, 0, NULL);

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
        if (strcmp(changes[i].form != NULL ? changes[i].form : changes[i].verb,
                   field(request, "do")) == 0)
            return &changes[i];
    return NULL;
}

/* The form says what KEY was, and it is no other now. */
static int
is_as_it_was(const struct gl_path_request *request, const char *key)
{
    g_autofree char *was = g_strdup_printf("was_%s", key);
    return json_object_get(request->asked, was) != NULL &&
           strcmp(field(request, was), field(request, key)) == 0;
}

/* Each setting is a call of its own. */
static void
add_settings(struct changing *changing, const struct gl_path_request *request)
{
    for (int i = 0; i < FIELDS_MAX && changing->change->fields[i]; i++) {
        const char *key = changing->change->fields[i];

        if (json_object_get(request->asked, key) != NULL &&
            !is_as_it_was(request, key))
            json_array_append_new(
                changing->calls, json_pack("{s:s, s:s, s:s}", "domain",
                                           changing->shown.site.domain, "key",
                                           key, "value", field(request, key)));
    }
}

/* Steps of a funnel, a line each: a page, or the name of a goal; the caller's.
 */
static json_t *
steps_of(const char *text)
{
    g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
    json_t *steps = json_array();

    for (char **line = lines; *line != NULL; line++) {
        const char *step = g_strstrip(*line);

        if (step[0] != '\0')
            json_array_append_new(steps, step[0] == '/'
                                             ? json_pack("{s:s}", "page", step)
                                             : json_string(step));
    }
    return steps;
}

/* What the form says KEY is, the caller's; NULL: nothing. */
static json_t *
value_of(const struct gl_path_request *request, const char *key)
{
    const char *text = field(request, key);

    if (text[0] == '\0')
        return NULL;
    if (strcmp(key, "steps") == 0)
        return steps_of(text);
    return strcmp(key, "strict") == 0 ? json_true() : json_string(text);
}

/* Of what it is: the site, or its account. */
static void
add_object(const struct changing *changing,
           const struct gl_path_request *request, const char *account,
           json_t *args)
{
    const struct change *change = changing->change;
    json_auto_t *domain = json_string(changing->shown.site.domain);

    if (g_str_has_prefix(change->verb, "recipient."))
        json_object_set(args, "site", domain);
    else if (change->who == EDITOR)
        json_object_set(args, "domain", domain);
    else if (strcmp(change->verb, "token.create") == 0 ||
             (change->who == OWNER &&
              strcmp(change->verb, "person.link") != 0 &&
              strcmp(field(request, "of"), "all") == 0))
        json_object_set_new(args, "account", json_string(account));
    else if (change->who == OWNER && strcmp(change->verb, "person.link") != 0)
        json_object_set(args, "site", domain);
    if (change->page == REPORTS)
        json_object_set_new(args, "of",
                            json_string(changing->shown.site.account));
}

static void
add_call(struct changing *changing, const struct gl_path_request *request,
         const char *account)
{
    const struct change *change = changing->change;
    json_t *args = json_object();

    for (int i = 0; i < FIELDS_MAX && change->fields[i] != NULL; i++) {
        json_t *value = value_of(request, change->fields[i]);

        if (value != NULL)
            json_object_set_new(args, change->fields[i], value);
    }
    add_object(changing, request, account, args);
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
           const struct gl_path_request *request, enum gl_settings_who who)
{
    const struct gl_meta_person *person =
        gl_version_person(version, field(request, "name"));
    const char *account = changing->shown.site.account;
    struct elsewhere elsewhere = {account, 0};

    if (who < changing->change->who ||
        (strcmp(field(request, "of"), "all") == 0 && who != OWNER_OF_ALL))
        return "Only an owner may do this.";
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
    struct gl_directory *directory = changing->shown.paths->access.directory;
    const struct gl_version *version = gl_directory_enter(directory);
    const struct gl_meta_account *account =
        gl_version_account_id(version, changing->shown.site.account);
    const char *refusal = refusal_of(version, changing, request,
                                     gl_settings_who(changing->shown.paths,
                                                     &changing->shown.person,
                                                     &changing->shown.site));

    if (refusal == NULL && strcmp(changing->change->verb, "site.set") == 0)
        add_settings(changing, request);
    else if (refusal == NULL)
        add_call(changing, request, account == NULL ? "" : account->name);
    gl_directory_leave(directory);
    return refusal;
}

/* Where to go back to, of what is to be kept of a page, as an address has it;
 * the caller's, or NULL. */
static char *
back_of(const struct gl_path_request *request)
{
    const char *back =
        json_string_value(json_object_get(request->asked, "back"));
    const char *at = back;

    if (back == NULL || strcmp(field(request, "do"), "segment.add") != 0)
        return NULL;
    while (g_ascii_isgraph(*at))
        at++;
    return *at == '\0' ? g_strdup(back) : NULL;
}

void
gl_path_settings_(struct gl_paths *paths,
                  const struct gl_path_request *request)
{
    struct changing *changing = g_new0(struct changing, 1);
    const char *password = field(request, "password");

    *changing = (struct changing){
        .shown = gl_settings_shown(paths, request, GL_SETTINGS_SITE),
        .change = change_of(request),
        .back = back_of(request),
        .calls = json_array()};
    g_snprintf(changing->actor, sizeof changing->actor, "person %s",
               changing->shown.person.id);
    const char *refusal = changing->change == NULL ? "There is no such form."
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
