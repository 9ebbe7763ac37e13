/*
 * The directory: the version of the last commit, the next one, and what is
 * in none of them but may still be looked at.
 *
 *     now ──► version          readers: how many look just now
 *     next    version          made, gone: by what it is another than now
 *     garbage                  what was gone by the last commits
 *
 * Who looks is counted before the pointer is read, and the pointer is changed
 * before the count is: so when nobody is counted, who comes next sees the new
 * version, and all garbage can be freed.  A look takes a microsecond, a list
 * of 100,000 sites some milliseconds; meanwhile garbage only grows by what is
 * changed.
 */

#include "store/directory/directory.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "store/directory/directory_internal.h"

/* ---- versions ---- */

struct gl_directory *
gl_directory_new(void)
{
    struct gl_directory *directory = g_new0(struct gl_directory, 1);

    directory->change.number = 1;
    directory->change.made = g_ptr_array_new();
    directory->change.gone = g_ptr_array_new();
    directory->garbage = g_ptr_array_new_with_free_func(g_free);
    atomic_init(&directory->readers, 0);
    atomic_init(&directory->now, g_new0(struct gl_version, 1));
    return directory;
}

void
gl_directory_free(struct gl_directory *directory)
{
    if (directory == NULL)
        return;
    gl_directory_clear(directory);
    gl_directory_commit(directory);
    g_free(directory->now);
    g_ptr_array_free(directory->garbage, TRUE);
    g_ptr_array_free(directory->change.made, TRUE);
    g_ptr_array_free(directory->change.gone, TRUE);
    g_free(directory);
}

const struct gl_version *
gl_directory_enter(struct gl_directory *directory)
{
    atomic_fetch_add(&directory->readers, 1);
    return atomic_load(&directory->now);
}

void
gl_directory_leave(struct gl_directory *directory)
{
    atomic_fetch_sub(&directory->readers, 1);
}

const struct gl_version *
gl_directory_now(const struct gl_directory *directory)
{
    return atomic_load(&directory->now);
}

void
gl_directory_free_garbage(struct gl_directory *directory)
{
    if (atomic_load(&directory->readers) == 0)
        g_ptr_array_set_size(directory->garbage, 0);
}

static void
begin_next(struct gl_directory *directory)
{
    directory->next = *gl_directory_now(directory);
    directory->change.number++;
    g_ptr_array_set_size(directory->change.made, 0);
    g_ptr_array_set_size(directory->change.gone, 0);
}

void
gl_directory_commit(struct gl_directory *directory)
{
    struct gl_sorted_change *change = &directory->change;

    if (change->made->len == 0 && change->gone->len == 0)
        return;
    directory->next.commits++;
    g_ptr_array_add(directory->garbage, directory->now);
    atomic_store(&directory->now,
                 g_memdup2(&directory->next, sizeof directory->next));
    g_ptr_array_extend(directory->garbage, change->gone, NULL, NULL);
    begin_next(directory);
    gl_directory_free_garbage(directory);
}

void
gl_directory_rollback(struct gl_directory *directory)
{
    for (guint i = 0; i < directory->change.made->len; i++)
        g_free(directory->change.made->pdata[i]);
    begin_next(directory);
}

void
gl_directory_clear(struct gl_directory *directory)
{
    static const enum gl_order all[] = {GL_SITES_BY_DOMAIN,  GL_OLD_NAMES,
                                        GL_ACCOUNTS_BY_NAME, GL_TOKENS_BY_AGE,
                                        GL_PEOPLE_BY_NAME,   GL_ROLES,
                                        GL_KEYS_BY_HASH,     GL_SHARES_BY_ID};
    struct gl_version *next = &directory->next;

    gl_directory_rollback(directory);
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        struct gl_sorted_at at = gl_sorted_first(&next->sorted[all[i]]);
        void *item;

        while ((item = gl_sorted_next(&at)) != NULL)
            g_ptr_array_add(directory->change.gone, item);
    }
    for (enum gl_order order = 0; order < GL_ORDERS; order++)
        gl_sorted_clear(&next->sorted[order], &directory->change);
    next->sites_n = 0;
}

/* ---- looks ---- */

uint64_t
gl_directory_commits(struct gl_directory *directory)
{
    uint64_t commits = gl_directory_enter(directory)->commits;

    gl_directory_leave(directory);
    return commits;
}

int
gl_directory_site(struct gl_directory *directory, const char *name,
                  struct gl_meta_site *site)
{
    const struct gl_meta_site *found =
        gl_version_site(gl_directory_enter(directory), name);
    int there = found != NULL;

    if (there)
        *site = *found;
    gl_directory_leave(directory);
    return there;
}

int
gl_directory_site_id(struct gl_directory *directory, int64_t id,
                     struct gl_meta_site *site)
{
    const struct gl_meta_site *found =
        gl_version_site_id(gl_directory_enter(directory), id);
    int there = found != NULL;

    if (there)
        *site = *found;
    gl_directory_leave(directory);
    return there;
}

void
gl_directory_hash(const char *text, uint8_t hash[GL_META_HASH_LEN])
{
    _Static_assert(GL_META_HASH_LEN == crypto_hash_sha256_BYTES, "SHA-256");
    crypto_hash_sha256(hash, (const unsigned char *) text, strlen(text));
}

int
gl_directory_token(struct gl_directory *directory, const char *text,
                   struct gl_meta_token *token)
{
    const struct gl_meta_token *found;
    uint8_t hash[GL_META_HASH_LEN];
    int there;

    gl_directory_hash(text, hash);
    found = gl_version_find_(gl_directory_enter(directory), GL_TOKENS_BY_HASH,
                             hash);
    there = found != NULL;
    if (there)
        *token = *found;
    gl_directory_leave(directory);
    return there;
}

size_t
gl_directory_public(struct gl_directory *directory, const char *prefix,
                    const char *after, char domains[][254], size_t most)
{
    const char *first = strcmp(after, prefix) < 0 ? prefix : after;
    struct gl_sorted_at at =
        gl_version_from_(gl_directory_enter(directory), GL_SITES_SHOWN, first);
    const struct gl_version_site *site;
    size_t n = 0;

    while (n < most && (site = gl_sorted_next(&at)) != NULL &&
           g_str_has_prefix(site->shown, prefix))
        if (strcmp(site->shown, after) > 0)
            g_strlcpy(domains[n++], site->shown, 254);
    gl_directory_leave(directory);
    return n;
}
