/* People, roles, keys and links in one version of the directory.  Any
 * thread. */

#include "store/directory/version.h"

#include <string.h>

#include "store/directory/version_internal.h"

const struct gl_meta_person *
gl_version_person(const struct gl_version *version, const char *name)
{
    return gl_version_find_(version, GL_PEOPLE_BY_NAME, name);
}

const struct gl_meta_person *
gl_version_person_id(const struct gl_version *version, const char *id)
{
    return gl_version_find_(version, GL_PEOPLE_BY_ID, id);
}

const struct gl_meta_key *
gl_version_key(const struct gl_version *version,
               const uint8_t hash[GL_META_HASH_LEN])
{
    return gl_version_find_(version, GL_KEYS_BY_HASH, hash);
}

int
gl_version_token_is_of(const struct gl_version *version, const char *id,
                       const char *account)
{
    const struct gl_meta_token *token =
        gl_version_find_(version, GL_TOKENS_BY_ID, id);

    return token != NULL && strcmp(token->account, account) == 0;
}

static int
stop(void *arg, const struct gl_meta_role *role)
{
    (void) arg;
    (void) role;
    return 1;
}

int
gl_version_has_role(const struct gl_version *version, const char *person)
{
    return gl_version_roles(version, person, stop, NULL);
}

enum gl_role
gl_version_role_at(const struct gl_version *version,
                   const struct gl_meta_role *role)
{
    const struct gl_meta_role *found =
        gl_version_find_(version, GL_ROLES, role);

    return found == NULL ? GL_ROLE_NONE : found->role;
}

enum gl_role
gl_version_role(const struct gl_version *version, const char *person,
                const struct gl_meta_site *site)
{
    struct gl_meta_role key = {.site = site->id};
    enum gl_role one, all;

    g_strlcpy(key.person, person, sizeof key.person);
    g_strlcpy(key.account, site->account, sizeof key.account);
    one = gl_version_role_at(version, &key);
    key.site = 0;
    all = gl_version_role_at(version, &key);
    return MAX(all, one);
}

GL_VERSION_EACH_(gl_version_people, GL_PEOPLE_BY_NAME, gl_meta_person)

int
gl_version_roles(const struct gl_version *version, const char *person,
                 int (*each)(void *arg, const struct gl_meta_role *role),
                 void *arg)
{
    struct gl_sorted_at at = gl_sorted_first(&version->sorted[GL_ROLES]);
    const struct gl_meta_role *role;
    int stop = 0;

    if (person != NULL) {
        struct gl_meta_role before = {.site = 0};

        g_strlcpy(before.person, person, sizeof before.person);
        at = gl_version_from_(version, GL_ROLES, &before);
    }
    while (stop == 0 && (role = gl_sorted_next(&at)) != NULL &&
           (person == NULL || strcmp(role->person, person) == 0))
        stop = each(arg, role);
    return stop;
}

GL_VERSION_EACH_(gl_version_keys, GL_KEYS_BY_HASH, gl_meta_key)

const struct gl_meta_share *
gl_version_share_id(const struct gl_version *version, const char *id)
{
    return gl_version_find_(version, GL_SHARES_BY_ID, id);
}

GL_VERSION_EACH_(gl_version_shares, GL_SHARES_BY_ID, gl_meta_share)
