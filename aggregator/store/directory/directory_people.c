/* People, their roles and keys in the directory; see directory.h. */

#include "store/directory/directory.h"

#include <string.h>

#include "store/directory/directory_internal.h"

/* ---- looks: any thread ---- */

/* A copy of what was found, until gl_directory_leave(). */
static int
copy(struct gl_directory *directory, const struct gl_meta_person *found,
     struct gl_meta_person *person)
{
    int there = found != NULL;

    if (there)
        *person = *found;
    gl_directory_leave(directory);
    return there;
}

int
gl_directory_person(struct gl_directory *directory, const char *name,
                    struct gl_meta_person *person)
{
    return copy(directory,
                gl_version_person(gl_directory_enter(directory), name),
                person);
}

int
gl_directory_key(struct gl_directory *directory, const char *text, int once,
                 int64_t now_ms, struct gl_meta_person *person)
{
    uint8_t hash[GL_META_HASH_LEN];

    gl_directory_hash(text, hash);
    return gl_directory_key_hash(directory, hash, once, now_ms, person);
}

int
gl_directory_key_hash(struct gl_directory *directory,
                      const uint8_t hash[GL_META_HASH_LEN], int once,
                      int64_t now_ms, struct gl_meta_person *person)
{
    const struct gl_version *version;
    const struct gl_meta_key *key;

    version = gl_directory_enter(directory);
    key = gl_version_key(version, hash);
    if (key != NULL && (key->once != once || key->until_ms <= now_ms))
        key = NULL;
    return copy(directory,
                key == NULL ? NULL
                            : gl_version_person_id(version, key->person),
                person);
}

int
gl_directory_share(struct gl_directory *directory, const char *text,
                   int64_t now_ms, struct gl_meta_share *share)
{
    const struct gl_meta_share *found;
    uint8_t hash[GL_META_HASH_LEN];
    int there;

    gl_directory_hash(text, hash);
    found = gl_version_find_(gl_directory_enter(directory), GL_SHARES_BY_HASH,
                             hash);
    there =
        found != NULL && (found->until_ms == 0 || found->until_ms > now_ms);
    if (there)
        *share = *found;
    gl_directory_leave(directory);
    return there;
}

enum gl_role
gl_directory_role(struct gl_directory *directory, const char *person,
                  const struct gl_meta_site *site)
{
    enum gl_role role =
        gl_version_role(gl_directory_enter(directory), person, site);

    gl_directory_leave(directory);
    return role;
}

/* ---- changes: the writer ---- */

void
gl_directory_put_person(struct gl_directory *directory,
                        const struct gl_meta_person *person)
{
    void *old =
        gl_version_find_(&directory->next, GL_PEOPLE_BY_ID, person->id);

    if (old != NULL)
        gl_directory_take_(directory, GL_PEOPLE_BY_NAME, GL_PEOPLE_BY_ID, old);
    gl_directory_put_(directory, GL_PEOPLE_BY_NAME, GL_PEOPLE_BY_ID,
                      g_memdup2(person, sizeof *person));
}

void
gl_directory_remove_role(struct gl_directory *directory,
                         const struct gl_meta_role *role)
{
    void *old = gl_version_find_(&directory->next, GL_ROLES, role);

    if (old != NULL)
        gl_directory_take_(directory, GL_ROLES, GL_ROLES, old);
}

void
gl_directory_put_role(struct gl_directory *directory,
                      const struct gl_meta_role *role)
{
    gl_directory_remove_role(directory, role);
    gl_directory_put_(directory, GL_ROLES, GL_ROLES,
                      g_memdup2(role, sizeof *role));
}

void
gl_directory_add_key(struct gl_directory *directory,
                     const struct gl_meta_key *key)
{
    gl_directory_put_(directory, GL_KEYS_BY_HASH, GL_KEYS_BY_HASH,
                      g_memdup2(key, sizeof *key));
}

void
gl_directory_remove_key(struct gl_directory *directory,
                        const uint8_t hash[GL_META_HASH_LEN])
{
    void *old = gl_version_find_(&directory->next, GL_KEYS_BY_HASH, hash);

    if (old != NULL)
        gl_directory_take_(directory, GL_KEYS_BY_HASH, GL_KEYS_BY_HASH, old);
}

void
gl_directory_remove_share(struct gl_directory *directory, const char *id)
{
    void *old = gl_version_find_(&directory->next, GL_SHARES_BY_ID, id);

    if (old != NULL)
        gl_directory_take_(directory, GL_SHARES_BY_ID, GL_SHARES_BY_HASH, old);
}

void
gl_directory_put_share(struct gl_directory *directory,
                       const struct gl_meta_share *share)
{
    gl_directory_remove_share(directory, share->id);
    gl_directory_put_(directory, GL_SHARES_BY_ID, GL_SHARES_BY_HASH,
                      g_memdup2(share, sizeof *share));
}

/* What goes: NULL = whosever. */
struct removal {
    struct gl_directory *directory;
    const char *person, *account;
};

static int
remove_role_of(void *arg, const struct gl_meta_role *role)
{
    const struct removal *removal = arg;

    if (removal->account == NULL ||
        strcmp(role->account, removal->account) == 0)
        gl_directory_remove_role(removal->directory, role);
    return 0;
}

void
gl_directory_remove_roles(struct gl_directory *directory, const char *person,
                          const char *account)
{
    struct removal removal = {directory, person, account};

    /* a list that changes is no list: that of the last commit */
    gl_version_roles(gl_directory_now(directory), person, remove_role_of,
                     &removal);
}

static int
remove_key_of(void *arg, const struct gl_meta_key *key)
{
    const struct removal *removal = arg;

    if (strcmp(key->person, removal->person) == 0)
        gl_directory_remove_key(removal->directory, key->hash);
    return 0;
}

void
gl_directory_remove_person(struct gl_directory *directory, const char *id)
{
    struct removal removal = {directory, id, NULL};
    void *person = gl_version_find_(&directory->next, GL_PEOPLE_BY_ID, id);

    if (person == NULL)
        return;
    gl_directory_remove_roles(directory, id, NULL);
    gl_version_keys(gl_directory_now(directory), remove_key_of, &removal);
    gl_directory_take_(directory, GL_PEOPLE_BY_NAME, GL_PEOPLE_BY_ID, person);
}
