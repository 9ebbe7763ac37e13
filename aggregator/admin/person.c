/* person.add, person.role, person.link, person.remove: writer thread.
 * person.list: query thread. */

#include "admin/verbs_internal.h"

#include "access/link.h"
#include "calls/answer.h"
#include "store/meta/meta.h"
#include "store/meta/people.h"

#include <string.h>

/* ---- as they are told of ---- */

struct telling {
    const struct gl_version *version;
    json_t *list;
};

static int
append_role(void *arg, const struct gl_meta_role *role)
{
    const struct telling *telling = arg;
    const struct gl_meta_account *account =
        gl_version_account_id(telling->version, role->account);
    const struct gl_meta_site *site =
        role->site == 0 ? NULL
                        : gl_version_site_id(telling->version, role->site);
    json_t *json =
        json_pack("{s:s, s:s?}", "role", gl_role_word(role->role), "account",
                  account == NULL ? NULL : account->name);

    if (site != NULL)
        json_object_set_new(json, "site", json_string(site->domain));
    json_array_append_new(telling->list, json);
    return 0;
}

/* {id, name, roles: [{role, account?, site?}], created, ready}; the
 * caller's. */
static json_t *
person_json(const struct gl_version *version,
            const struct gl_meta_person *person)
{
    struct telling telling = {version, json_array()};

    gl_version_roles(version, person->id, append_role, &telling);
    return json_pack("{s:s, s:s, s:o, s:I, s:b}", "id", person->id, "name",
                     person->name, "roles", telling.list, "created",
                     (json_int_t) person->created_ms, "ready",
                     person->password[0] != '\0');
}

static int
append_person(void *arg, const struct gl_meta_person *person)
{
    const struct telling *telling = arg;

    json_array_append_new(telling->list,
                          person_json(telling->version, person));
    return 0;
}

int
gl_verb_person_list_(const struct gl_query_view *view,
                     const struct gl_call *call, json_t **answer)
{
    struct telling telling = {gl_directory_enter(view->directory),
                              json_array()};

    (void) call;
    gl_version_people(telling.version, append_person, &telling);
    gl_directory_leave(view->directory);
    *answer = json_pack("{s:o}", "people", telling.list);
    return 200;
}

/* ---- who is meant ---- */

/* A copy of who has NAME: 0, or a status. */
static int
find_named(const struct gl_version *version, const char *name,
           struct gl_meta_person *person, json_t **answer)
{
    const struct gl_meta_person *found = gl_version_person(version, name);

    if (found == NULL)
        return gl_verb_refuse_(answer, 404, "there is no person \"%s\"", name);
    *person = *found;
    return 0;
}

/* What is typed on a page, and read out of a list. */
static int
is_name(const char *name)
{
    size_t len = strlen(name);

    if (len == 0 || len > GL_META_NAME_MAX || name[0] == ' ' ||
        name[len - 1] == ' ')
        return 0;
    while (*name != '\0' && g_unichar_isprint(g_utf8_get_char(name)))
        name += g_utf8_skip[(guchar) *name];
    return *name == '\0';
}

/* The role that CALL is about, but its person: 0, or a status. */
static int
read_role(struct gl_ingest *in, const struct gl_call *call,
          struct gl_meta_role *role, json_t **answer)
{
    const char *word = gl_verb_text_(call, "role", "viewer");
    const char *domain = gl_verb_text_(call, "site", NULL);
    const char *name = gl_verb_text_(call, "account", NULL);
    struct gl_meta_account account;
    g_autofree struct gl_meta_site *site = NULL;
    int status;

    *role = (struct gl_meta_role){.site = 0};
    if (!gl_role_read(word, &role->role))
        return gl_verb_refuse_(
            answer, 400, "\"%s\" is no role: viewer, editor, owner", word);
    if (domain != NULL && name != NULL)
        return gl_verb_refuse_(answer, 400,
                               "a role is in an account or in a site");
    if (domain == NULL) {
        status = gl_verb_account_(gl_meta_now(in->meta),
                                  name == NULL ? "default" : name, &account,
                                  answer);
        if (status == 0)
            g_strlcpy(role->account, account.id, sizeof role->account);
        return status;
    }
    status = gl_verb_site_(in, domain, &site, answer);
    if (status != 0)
        return status;
    g_strlcpy(role->account, site->account, sizeof role->account);
    role->site = site->id;
    return 0;
}

/* ---- changes ---- */

static int
answer_person(struct gl_ingest *in, const struct gl_meta_person *person,
              json_t **answer)
{
    *answer = json_pack("{s:o}", "person",
                        person_json(gl_meta_now(in->meta), person));
    return 200;
}

/* Who it is, and LINK. */
static int
answer_link(struct gl_ingest *in, const struct gl_meta_person *person,
            const struct gl_link *link, json_t **answer)
{
    answer_person(in, person, answer);
    json_object_set_new(*answer, "link", json_string(link->path));
    json_object_set_new(*answer, "until",
                        json_integer((json_int_t) link->until_ms));
    return 200;
}

static int
add(struct gl_ingest *in, struct gl_meta_person *person,
    struct gl_meta_role *role, struct gl_link *link)
{
    int result = gl_meta_person_add(in->meta, person);

    if (result != 1)
        return result;
    g_strlcpy(role->person, person->id, sizeof role->person);
    result = gl_meta_role_set(in->meta, role);
    if (result == 0)
        result = gl_link_make(in->meta, person->id, in->now_ms, link);
    return result < 0 ? result : 1;
}

int
gl_verb_person_add_(struct gl_ingest *in, const struct gl_call *call,
                    json_t **answer)
{
    const char *name = gl_verb_text_(call, "name", NULL);
    struct gl_meta_person person = {.created_ms = in->now_ms};
    struct gl_meta_role role;
    struct gl_link link;

    if (!is_name(name))
        return gl_verb_refuse_(answer, 400,
                               "a person's name has 1 to %d bytes, all of "
                               "letters that can be seen",
                               GL_META_NAME_MAX);
    g_strlcpy(person.name, name, sizeof person.name);
    int status = read_role(in, call, &role, answer);
    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    status = gl_verb_commit_or_(in, call, add(in, &person, &role, &link),
                                answer, 409, "there is a person \"%s\"", name);
    return status != 0 ? status : answer_link(in, &person, &link, answer);
}

int
gl_verb_person_role_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    struct gl_meta_person person;
    struct gl_meta_role role;
    int status =
        find_named(gl_meta_now(in->meta), gl_verb_text_(call, "name", NULL),
                   &person, answer);

    if (status == 0)
        status = read_role(in, call, &role, answer);
    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    g_strlcpy(role.person, person.id, sizeof role.person);
    status =
        gl_verb_commit_(in, call, gl_meta_role_set(in->meta, &role), answer);
    return status != 0 ? status : answer_person(in, &person, answer);
}

int
gl_verb_person_link_(struct gl_ingest *in, const struct gl_call *call,
                     json_t **answer)
{
    struct gl_meta_person person;
    struct gl_link link;
    int status =
        find_named(gl_meta_now(in->meta), gl_verb_text_(call, "name", NULL),
                   &person, answer);

    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    status = gl_verb_commit_(
        in, call, gl_link_make(in->meta, person.id, in->now_ms, &link),
        answer);
    return status != 0 ? status : answer_link(in, &person, &link, answer);
}

int
gl_verb_person_remove_(struct gl_ingest *in, const struct gl_call *call,
                       json_t **answer)
{
    struct gl_meta_person person;
    int status =
        find_named(gl_meta_now(in->meta), gl_verb_text_(call, "name", NULL),
                   &person, answer);

    if (status != 0 || (status = gl_verb_begin_(in, answer)) != 0)
        return status;
    status = gl_verb_commit_(
        in, call, gl_meta_person_remove(in->meta, person.id), answer);
    return status != 0 ? status : 200;
}
