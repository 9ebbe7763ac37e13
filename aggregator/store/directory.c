/*
 * The directory: trees behind a mutex, and a list of changes that the writer
 * applies when their transaction is committed.
 *
 *     sites     domain  -> site, owned
 *     open      shown   -> the same site, if it is public; its domain as
 *                          people read it
 *     tokens    hash    -> token, owned
 *     ids       id      -> the same token
 *
 * Trees because the public sites are listed in order, a page at a time.
 */

#include "store/directory.h"

#include <glib.h>
#include <pthread.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "domain.h"

struct trees {
    GTree *sites, *open;
    GHashTable *tokens, *ids;
};

struct site {
    int64_t id;
    const char *timezone; /* interned: there are some hundred */
    char account[GL_ACCOUNT_ID_LEN + 1];
    uint8_t is_public;
    char *shown; /* in names, as the next */
    char *domain;
    char names[];
};

enum change_kind { PUT_SITE, REMOVE_SITE, PUT_TOKEN, REMOVE_TOKEN };

struct change {
    enum change_kind kind;
    union {
        struct gl_directory_site site;
        struct gl_directory_token token;
    };
};

struct gl_directory {
    pthread_mutex_t mutex; /* of the two below */
    struct trees trees;
    uint64_t commits;
    GArray *changes; /* struct change; the writer's */
    int anew;        /* they begin with nothing; the writer's */
};

/* ---- trees ---- */

static int
compare(const void *a, const void *b, void *arg)
{
    (void) arg;
    return strcmp(a, b);
}

static guint
hash_of_hash(const void *hash)
{
    guint word;
    memcpy(&word, hash, sizeof word);
    return word;
}

static int
same_hash(const void *a, const void *b)
{
    return memcmp(a, b, GL_DIRECTORY_HASH_LEN) == 0;
}

static void
trees_init(struct trees *trees)
{
    trees->sites = g_tree_new_full(compare, NULL, NULL, g_free);
    trees->open = g_tree_new_full(compare, NULL, NULL, NULL);
    trees->tokens =
        g_hash_table_new_full(hash_of_hash, same_hash, NULL, g_free);
    trees->ids = g_hash_table_new(g_str_hash, g_str_equal);
}

static void
trees_fini(struct trees *trees)
{
    g_tree_destroy(trees->open);
    g_tree_destroy(trees->sites);
    g_hash_table_destroy(trees->ids);
    g_hash_table_destroy(trees->tokens);
}

static void
remove_site(struct trees *trees, const char *domain)
{
    const struct site *site = g_tree_lookup(trees->sites, domain);
    if (site == NULL)
        return;
    if (site->is_public)
        g_tree_remove(trees->open, site->shown);
    g_tree_remove(trees->sites, domain);
}

/* Both names, or the one when they are the same. */
static struct site *
new_site(const char *domain)
{
    char shown[GL_DOMAIN_BYTES];
    gl_domain_show(domain, shown);
    size_t size = strlen(domain) + 1;
    size_t more = strcmp(domain, shown) == 0 ? 0 : strlen(shown) + 1;
    struct site *site = g_malloc(sizeof *site + size + more);
    memcpy(site->names, domain, size);
    memcpy(site->names + size, shown, more);
    site->domain = site->names;
    site->shown = more == 0 ? site->names : site->names + size;
    return site;
}

static void
put_site(struct trees *trees, const struct gl_directory_site *from)
{
    struct site *site = new_site(from->domain);
    site->id = from->id;
    memcpy(site->account, from->account, sizeof site->account);
    site->timezone = g_intern_string(from->timezone);
    site->is_public = from->is_public != 0;
    remove_site(trees, from->domain);
    g_tree_insert(trees->sites, site->domain, site);
    if (site->is_public)
        g_tree_insert(trees->open, site->shown, site);
}

static void
remove_token(struct trees *trees, const char *id)
{
    struct gl_directory_token *token = g_hash_table_lookup(trees->ids, id);
    if (token == NULL)
        return;
    g_hash_table_remove(trees->ids, id);
    g_hash_table_remove(trees->tokens, token->hash);
}

static void
put_token(struct trees *trees, const struct gl_directory_token *from)
{
    struct gl_directory_token *token = g_memdup2(from, sizeof *from);
    g_hash_table_insert(trees->tokens, token->hash, token);
    g_hash_table_insert(trees->ids, token->id, token);
}

static void
apply(struct trees *trees, const struct change *change)
{
    switch (change->kind) {
    case PUT_SITE:
        put_site(trees, &change->site);
        break;
    case REMOVE_SITE:
        remove_site(trees, change->site.domain);
        break;
    case PUT_TOKEN:
        put_token(trees, &change->token);
        break;
    case REMOVE_TOKEN:
        remove_token(trees, change->token.id);
    }
}

struct gl_directory *
gl_directory_new(void)
{
    struct gl_directory *directory = g_new0(struct gl_directory, 1);
    pthread_mutex_init(&directory->mutex, NULL);
    trees_init(&directory->trees);
    directory->changes = g_array_new(FALSE, FALSE, sizeof(struct change));
    return directory;
}

void
gl_directory_free(struct gl_directory *directory)
{
    if (directory == NULL)
        return;
    trees_fini(&directory->trees);
    g_array_free(directory->changes, TRUE);
    pthread_mutex_destroy(&directory->mutex);
    g_free(directory);
}

/* ---- looks ---- */

int
gl_directory_site(struct gl_directory *directory, const char *name,
                  struct gl_directory_site *site)
{
    char domain[GL_DOMAIN_BYTES];
    int named = gl_domain(name, domain) == 0;
    pthread_mutex_lock(&directory->mutex);
    const struct site *found = g_tree_lookup(directory->trees.sites, name);
    if (found == NULL && named)
        found = g_tree_lookup(directory->trees.sites, domain);
    if (found != NULL) {
        site->id = found->id;
        g_strlcpy(site->domain, found->domain, sizeof site->domain);
        g_strlcpy(site->account, found->account, sizeof site->account);
        g_strlcpy(site->timezone, found->timezone, sizeof site->timezone);
        site->is_public = found->is_public;
    }
    pthread_mutex_unlock(&directory->mutex);
    return found != NULL;
}

int
gl_directory_token(struct gl_directory *directory, const char *text,
                   char account[GL_ACCOUNT_ID_LEN + 1])
{
    uint8_t hash[GL_DIRECTORY_HASH_LEN];
    _Static_assert(sizeof hash == crypto_hash_sha256_BYTES, "SHA-256");
    crypto_hash_sha256(hash, (const unsigned char *) text, strlen(text));
    pthread_mutex_lock(&directory->mutex);
    const struct gl_directory_token *found =
        g_hash_table_lookup(directory->trees.tokens, hash);
    if (found != NULL)
        memcpy(account, found->account, sizeof found->account);
    pthread_mutex_unlock(&directory->mutex);
    return found != NULL;
}

size_t
gl_directory_public(struct gl_directory *directory, const char *prefix,
                    const char *after, char domains[][254], size_t most)
{
    size_t n = 0;
    pthread_mutex_lock(&directory->mutex);
    GTree *open = directory->trees.open;
    GTreeNode *node = strcmp(after, prefix) < 0
                          ? g_tree_lower_bound(open, prefix)
                          : g_tree_upper_bound(open, after);
    while (node != NULL && n < most &&
           g_str_has_prefix(g_tree_node_key(node), prefix)) {
        g_strlcpy(domains[n++], g_tree_node_key(node), 254);
        node = g_tree_node_next(node);
    }
    pthread_mutex_unlock(&directory->mutex);
    return n;
}

/* ---- changes ---- */

static void
change_site(struct gl_directory *directory, enum change_kind kind,
            const struct gl_directory_site *site)
{
    struct change change = {.kind = kind, .site = *site};
    g_array_append_val(directory->changes, change);
}

static void
change_token(struct gl_directory *directory, enum change_kind kind,
             const struct gl_directory_token *token)
{
    struct change change = {.kind = kind, .token = *token};
    g_array_append_val(directory->changes, change);
}

void
gl_directory_put_site(struct gl_directory *directory,
                      const struct gl_directory_site *site)
{
    change_site(directory, PUT_SITE, site);
}

void
gl_directory_remove_site(struct gl_directory *directory, const char *domain)
{
    struct gl_directory_site site = {0};
    g_strlcpy(site.domain, domain, sizeof site.domain);
    change_site(directory, REMOVE_SITE, &site);
}

void
gl_directory_put_token(struct gl_directory *directory,
                       const struct gl_directory_token *token)
{
    change_token(directory, PUT_TOKEN, token);
}

void
gl_directory_remove_token(struct gl_directory *directory, const char *id)
{
    struct gl_directory_token token = {0};
    g_strlcpy(token.id, id, sizeof token.id);
    change_token(directory, REMOVE_TOKEN, &token);
}

void
gl_directory_clear(struct gl_directory *directory)
{
    gl_directory_rollback(directory);
    directory->anew = 1;
}

void
gl_directory_rollback(struct gl_directory *directory)
{
    g_array_set_size(directory->changes, 0);
    directory->anew = 0;
}

/* New trees are made aside: many sites are no reason for others to wait. */
static void
replace(struct gl_directory *directory)
{
    struct trees trees, old;
    trees_init(&trees);
    for (guint i = 0; i < directory->changes->len; i++)
        apply(&trees, &g_array_index(directory->changes, struct change, i));
    pthread_mutex_lock(&directory->mutex);
    old = directory->trees;
    directory->trees = trees;
    pthread_mutex_unlock(&directory->mutex);
    trees_fini(&old);
}

void
gl_directory_commit(struct gl_directory *directory)
{
    if (directory->anew)
        replace(directory);
    else
        for (guint i = 0; i < directory->changes->len; i++) {
            pthread_mutex_lock(&directory->mutex);
            apply(&directory->trees,
                  &g_array_index(directory->changes, struct change, i));
            pthread_mutex_unlock(&directory->mutex);
        }
    if (directory->anew || directory->changes->len > 0) {
        pthread_mutex_lock(&directory->mutex);
        directory->commits++;
        pthread_mutex_unlock(&directory->mutex);
    }
    gl_directory_rollback(directory);
}

uint64_t
gl_directory_commits(struct gl_directory *directory)
{
    pthread_mutex_lock(&directory->mutex);
    uint64_t commits = directory->commits;
    pthread_mutex_unlock(&directory->mutex);
    return commits;
}
