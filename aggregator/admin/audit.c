/* site.defined, site.audit: what the pages of a site's settings show.  Query
 * thread. */

#include "admin/verbs_internal.h"
#include "calls/answer.h"
#include "dashboard/offers.h"
#include "store/meta/audit.h"
#include "store/meta/meta.h"

#include <string.h>

#define CHANGES_MAX 100   /* of one answer */
#define LOOKED_AT 50000   /* rows, for one answer */
#define DEFAULT "default" /* the account that is meant when none is named */

int
gl_verb_site_defined_(const struct gl_query_view *view,
                      const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    struct gl_meta_site site;
    json_t *offers = NULL, *recipients = NULL;

    if (!gl_directory_site(view->directory, domain, &site))
        return gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain);
    int status = gl_offers_read(view, site.id, &offers, answer);
    if (status != 200)
        return status;
    status = gl_verb_recipients_(view, site.id, &recipients, answer);
    if (status == 200) {
        json_object_set_new(offers, "recipients", recipients);
        *answer = offers;
    } else {
        json_decref(offers);
    }
    return status;
}

/* ---- what was changed ---- */

struct looking {
    const struct gl_version *version;
    const struct gl_meta_site *site;
    const char *account; /* its name, where all of it is wanted; or NULL */
    GHashTable *names;   /* those that the site has, and had */
    json_t *changes;
    int64_t looked_at, last;
};

static const char *
member(const json_t *args, const char *key)
{
    return json_string_value(json_object_get(args, key));
}

/* 1: NAME, as it was written then, is or was the site's. */
static int
is_site(const struct looking *looking, const char *name)
{
    const struct gl_meta_site *found =
        name == NULL ? NULL : gl_version_site(looking->version, name);

    return (found != NULL && found->id == looking->site->id) ||
           (name != NULL && g_hash_table_contains(looking->names, name));
}

/* Its row before was of another name. */
static void
learn_name(struct looking *looking, const char *verb, const json_t *args)
{
    const char *before = member(args, "domain");

    if (strcmp(verb, "site.rename") == 0 && before != NULL &&
        is_site(looking, member(args, "to")))
        g_hash_table_add(looking->names, g_strdup(before));
}

/* 1: ACTOR is a person with a role in all of the site's account. */
static int
is_of_account(const struct looking *looking, const char *person)
{
    struct gl_meta_role role = {.site = 0};

    if (person == NULL)
        return 0;
    g_strlcpy(role.person, person, sizeof role.person);
    g_strlcpy(role.account, looking->site->account, sizeof role.account);
    return gl_version_role_at(looking->version, &role) != GL_ROLE_NONE;
}

/* The id of whom ARGS name, or NULL. */
static const char *
named(const struct looking *looking, const json_t *args)
{
    const char *name = member(args, "name");
    const struct gl_meta_person *found =
        name == NULL ? NULL : gl_version_person(looking->version, name);

    return found == NULL ? NULL : found->id;
}

/* By the site it names; what names none, by its account, or as one of its
 * people did it, or it was done to him. */
static int
is_wanted(struct looking *looking, const char *person, const char *verb,
          const json_t *args)
{
    const char *account = member(args, "account");
    const char *site = member(args, "site");

    if (site == NULL)
        site = member(args, "domain");
    learn_name(looking, verb, args);
    if (site != NULL)
        return is_site(looking, site);
    if (looking->account == NULL)
        return 0;
    if (account == NULL && strcmp(verb, "token.create") == 0)
        account = DEFAULT;
    if (account != NULL)
        return strcmp(account, looking->account) == 0;
    return is_of_account(looking, person) ||
           is_of_account(looking, named(looking, args));
}

/* "person ID" by name; a token, or a user of the machine, as it is. */
static json_t *
actor_json(const struct looking *looking, const char *person,
           const char *actor)
{
    const struct gl_meta_person *found =
        person == NULL ? NULL : gl_version_person_id(looking->version, person);

    return json_string(found == NULL ? actor : found->name);
}

static int
look(void *arg, const struct gl_meta_audited *row)
{
    static const char of_person[] = "person ";
    struct looking *looking = arg;
    const char *person = g_str_has_prefix(row->actor, of_person)
                             ? row->actor + sizeof of_person - 1
                             : NULL;
    json_auto_t *args = json_loads(row->args, 0, NULL);

    looking->last = row->id;
    if (args != NULL && is_wanted(looking, person, row->verb, args))
        json_array_append_new(
            looking->changes,
            json_pack("{s:I, s:I, s:o, s:s, s:O}", "id", (json_int_t) row->id,
                      "at", (json_int_t) row->at_ms, "by",
                      actor_json(looking, person, row->actor), "verb",
                      row->verb, "args", args));
    return json_array_size(looking->changes) == CHANGES_MAX ||
           ++looking->looked_at == LOOKED_AT;
}

static int
read_changes(const struct gl_query_view *view, struct looking *looking,
             int64_t before, json_t **answer)
{
    char why[256];
    struct gl_meta *reader = gl_meta_reader(view->meta, why, sizeof why);

    if (reader == NULL)
        return gl_verb_storage_(answer, why);
    int result = gl_meta_audited(reader, before, look, looking);
    if (result < 0) {
        gl_verb_storage_(answer, gl_meta_why(reader));
        gl_meta_reader_free(reader);
        return 507;
    }
    gl_meta_reader_free(reader);
    *answer = json_pack("{s:O}", "changes", looking->changes);
    if (result > 0)
        json_object_set_new(*answer, "before",
                            json_integer((json_int_t) looking->last));
    return 200;
}

int
gl_verb_site_audit_(const struct gl_query_view *view,
                    const struct gl_call *call, json_t **answer)
{
    const char *domain = gl_verb_text_(call, "domain", NULL);
    const json_t *before = json_object_get(call->args, "before");
    int all = json_is_true(json_object_get(call->args, "all"));
    const struct gl_version *version = gl_directory_enter(view->directory);
    const struct gl_meta_site *site = gl_version_site(version, domain);
    const struct gl_meta_account *account =
        site == NULL ? NULL : gl_version_account_id(version, site->account);
    struct looking looking = {
        .version = version,
        .site = site,
        .account = all && account != NULL ? account->name : NULL,
        .names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
        .changes = json_array()};
    int status =
        site == NULL
            ? gl_verb_refuse_(answer, 404, "there is no site \"%s\"", domain)
            : read_changes(view, &looking,
                           before == NULL ? INT64_MAX
                                          : json_integer_value(before),
                           answer);

    gl_directory_leave(view->directory);
    g_hash_table_destroy(looking.names);
    json_decref(looking.changes);
    return status;
}
