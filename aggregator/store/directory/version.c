/* One version of the directory: its orders, looks, lists.  Any thread. */

#include "store/directory/version.h"

#include <string.h>

#include "domain.h"
#include "store/directory/version_internal.h"

/* ---- orders ---- */

/* The first eight bytes, as strcmp() and memcmp() compare them. */
static uint64_t
head_of_bytes(const void *key)
{
    uint64_t head;

    memcpy(&head, key, sizeof head);
    return GUINT64_FROM_BE(head);
}

static uint64_t
head_of_text(const void *key)
{
    char bytes[sizeof(uint64_t)] = "";

    memcpy(bytes, key, strnlen(key, sizeof bytes));
    return head_of_bytes(bytes);
}

static int
compare_texts(const void *key, const void *other)
{
    return strcmp(key, other);
}

static int
compare_hashes(const void *key, const void *other)
{
    return memcmp(key, other, GL_META_HASH_LEN);
}

static uint64_t
head_of_id(const void *key)
{
    return (uint64_t) * (const int64_t *) key;
}

static int
compare_ids(const void *key, const void *other)
{
    int64_t a = *(const int64_t *) key, b = *(const int64_t *) other;

    return (a > b) - (a < b);
}

static uint64_t
head_of_owner(const void *key)
{
    return head_of_text(((const struct gl_meta_site *) key)->account);
}

static int
compare_owners(const void *key, const void *other)
{
    const struct gl_meta_site *a = key, *b = other;
    int order = strcmp(a->account, b->account);

    return order != 0 ? order : strcmp(a->domain, b->domain);
}

static uint64_t
head_of_age(const void *key)
{
    return head_of_id(&((const struct gl_meta_token *) key)->created_ms);
}

static int
compare_ages(const void *key, const void *other)
{
    const struct gl_meta_token *a = key, *b = other;
    int order = compare_ids(&a->created_ms, &b->created_ms);

    return order != 0 ? order : strcmp(a->id, b->id);
}

static uint64_t
head_of_role(const void *key)
{
    return head_of_text(((const struct gl_meta_role *) key)->person);
}

static int
compare_roles(const void *key, const void *other)
{
    const struct gl_meta_role *a = key, *b = other;
    int order = strcmp(a->person, b->person);

    if (order == 0)
        order = strcmp(a->account, b->account);
    return order != 0 ? order : compare_ids(&a->site, &b->site);
}

const struct gl_sorted_order gl_version_orders_[GL_ORDERS] = {
    [GL_SITES_BY_DOMAIN] = {offsetof(struct gl_version_site, site.domain),
                            head_of_text, compare_texts},
    [GL_SITES_BY_ID] = {offsetof(struct gl_version_site, site.id), head_of_id,
                        compare_ids},
    [GL_SITES_BY_ACCOUNT] = {offsetof(struct gl_version_site, site),
                             head_of_owner, compare_owners},
    [GL_SITES_SHOWN] = {offsetof(struct gl_version_site, shown), head_of_text,
                        compare_texts},
    [GL_OLD_NAMES] = {offsetof(struct gl_meta_old_name, domain), head_of_text,
                      compare_texts},
    [GL_ACCOUNTS_BY_NAME] = {offsetof(struct gl_meta_account, name),
                             head_of_text, compare_texts},
    [GL_ACCOUNTS_BY_ID] = {offsetof(struct gl_meta_account, id), head_of_text,
                           compare_texts},
    [GL_TOKENS_BY_AGE] = {0, head_of_age, compare_ages},
    [GL_TOKENS_BY_ID] = {offsetof(struct gl_meta_token, id), head_of_text,
                         compare_texts},
    [GL_TOKENS_BY_HASH] = {offsetof(struct gl_meta_token, hash), head_of_bytes,
                           compare_hashes},
    [GL_PEOPLE_BY_NAME] = {offsetof(struct gl_meta_person, name), head_of_text,
                           compare_texts},
    [GL_PEOPLE_BY_ID] = {offsetof(struct gl_meta_person, id), head_of_text,
                         compare_texts},
    [GL_ROLES] = {0, head_of_role, compare_roles},
    [GL_KEYS_BY_HASH] = {offsetof(struct gl_meta_key, hash), head_of_bytes,
                         compare_hashes},
    [GL_SHARES_BY_ID] = {offsetof(struct gl_meta_share, id), head_of_text,
                         compare_texts},
    [GL_SHARES_BY_HASH] = {offsetof(struct gl_meta_share, hash), head_of_bytes,
                           compare_hashes},
};

/* ---- looks ---- */

void *
gl_version_find_(const struct gl_version *version, enum gl_order order,
                 const void *key)
{
    return gl_sorted_find(&version->sorted[order], &gl_version_orders_[order],
                          key);
}

struct gl_sorted_at
gl_version_from_(const struct gl_version *version, enum gl_order order,
                 const void *key)
{
    return gl_sorted_from(&version->sorted[order], &gl_version_orders_[order],
                          key);
}

const struct gl_meta_site *
gl_version_site_stored(const struct gl_version *version, const char *domain)
{
    const struct gl_meta_site *site =
        gl_version_find_(version, GL_SITES_BY_DOMAIN, domain);
    const struct gl_meta_old_name *old =
        site == NULL ? gl_version_find_(version, GL_OLD_NAMES, domain) : NULL;

    return old == NULL ? site : gl_version_site_id(version, old->site);
}

/* One whose name is from before names had one form goes first. */
const struct gl_meta_site *
gl_version_site(const struct gl_version *version, const char *name)
{
    const struct gl_meta_site *found = gl_version_site_stored(version, name);
    char domain[GL_DOMAIN_BYTES];

    if (found == NULL && gl_domain(name, domain) == 0)
        found = gl_version_site_stored(version, domain);
    return found;
}

const struct gl_meta_site *
gl_version_site_id(const struct gl_version *version, int64_t id)
{
    return gl_version_find_(version, GL_SITES_BY_ID, &id);
}

const struct gl_meta_account *
gl_version_account(const struct gl_version *version, const char *name)
{
    return gl_version_find_(version, GL_ACCOUNTS_BY_NAME, name);
}

const struct gl_meta_account *
gl_version_account_id(const struct gl_version *version, const char *id)
{
    return gl_version_find_(version, GL_ACCOUNTS_BY_ID, id);
}

/* ---- lists ---- */

size_t
gl_version_sites_n(const struct gl_version *version)
{
    return version->sites_n;
}

static int
count(void *arg, const struct gl_meta_site *site)
{
    size_t *n = arg;

    (void) site;
    ++*n;
    return 0;
}

size_t
gl_version_sites_of(const struct gl_version *version, const char *account)
{
    size_t n = 0;

    gl_version_sites(version, account, count, &n);
    return n;
}

int
gl_version_sites(const struct gl_version *version, const char *account,
                 int (*each)(void *arg, const struct gl_meta_site *site),
                 void *arg)
{
    struct gl_sorted_at at =
        gl_sorted_first(&version->sorted[GL_SITES_BY_DOMAIN]);
    const struct gl_meta_site *site;
    int stop = 0;

    if (account != NULL) {
        struct gl_meta_site before = {.domain = ""};

        g_strlcpy(before.account, account, sizeof before.account);
        at = gl_version_from_(version, GL_SITES_BY_ACCOUNT, &before);
    }
    while (stop == 0 && (site = gl_sorted_next(&at)) != NULL &&
           (account == NULL || strcmp(site->account, account) == 0))
        stop = each(arg, site);
    return stop;
}

GL_VERSION_EACH_(gl_version_old_names, GL_OLD_NAMES, gl_meta_old_name)
GL_VERSION_EACH_(gl_version_accounts, GL_ACCOUNTS_BY_NAME, gl_meta_account)
GL_VERSION_EACH_(gl_version_tokens, GL_TOKENS_BY_AGE, gl_meta_token)
