/* See served_added.h. */

#include "store/account/served_added.h"

#include "store/account/account_internal.h"

#include <sodium.h>
#include <string.h>

/* 300 bytes a page with a path and times as is usual, 3.5 KiB at most; 130 a
 * visitor.  As long as the transaction, and no more than its frames bring. */
#define PAGES_MAX 512
#define VISITORS_MAX 1024

struct gl_served_added {
    GHashTable *pages;    /* struct gl_page_added, its own key */
    GHashTable *visitors; /* struct gl_visitor_added, its own key */
};

/* ---- tables ---- */

static guint
mix(uint64_t hash, int64_t site, int64_t day)
{
    uint64_t of_all = hash ^ (uint64_t) site << 20 ^ (uint64_t) day;
    return (guint) (of_all * UINT64_C(0x9e3779b97f4a7c15) >> 32);
}

/* Visitors choose paths: with a key, they cannot choose those that meet. */
static uint64_t
hash_path(const struct gl_account *account, struct gl_text path)
{
    uint64_t hash;
    _Static_assert(sizeof hash == crypto_shorthash_siphash24_BYTES &&
                       sizeof account->pool->keys[0] ==
                           crypto_shorthash_siphash24_KEYBYTES,
                   "the hash has 64 bits");
    crypto_shorthash_siphash24((unsigned char *) &hash,
                               (const unsigned char *) path.data, path.len,
                               account->pool->keys[GL_WORD_PATH]);
    return hash;
}

static guint
hash_page(gconstpointer key)
{
    const struct gl_page_added *page = key;
    return mix(page->hash, page->site, page->day);
}

static gboolean
is_page(gconstpointer a, gconstpointer b)
{
    const struct gl_page_added *one = a, *other = b;
    return one->hash == other->hash && one->site == other->site &&
           one->day == other->day && one->path.len == other->path.len &&
           memcmp(one->path.data, other->path.data, one->path.len) == 0;
}

static guint
hash_visitor(gconstpointer key)
{
    const struct gl_visitor_added *held = key;
    return mix(held->visitor, held->site, held->day);
}

static gboolean
is_visitor(gconstpointer a, gconstpointer b)
{
    const struct gl_visitor_added *one = a, *other = b;
    return one->visitor == other->visitor && one->day == other->day &&
           one->site == other->site;
}

static void
free_page(gpointer held)
{
    g_free(((struct gl_page_added *) held)->times);
    g_free(held);
}

static struct gl_served_added *
tables_of(struct gl_account *account)
{
    if (account->served == NULL) {
        account->served = g_new(struct gl_served_added, 1);
        account->served->pages =
            g_hash_table_new_full(hash_page, is_page, free_page, NULL);
        account->served->visitors =
            g_hash_table_new_full(hash_visitor, is_visitor, g_free, NULL);
    }
    return account->served;
}

void
gl_served_forget_(struct gl_account *account)
{
    if (account->served == NULL)
        return;
    g_hash_table_destroy(account->served->pages);
    g_hash_table_destroy(account->served->visitors);
    g_free(account->served);
    account->served = NULL;
}

/* ---- written ---- */

static int
write_page(struct gl_account *account, const struct gl_page_added *page)
{
    static const uint8_t none[1]; /* empty is not NULL */
    const int64_t *n = page->sums;
    _Static_assert(GL_SERVED_SUMS_N == 9, "here and in the statement");
    return gl_db_change(
        &account->db, GL_SQL_ADD_SERVED_PAGE,
        GL_VALUES(gl_as_int(page->site), gl_as_int(page->day),
                  gl_as_text(page->path), gl_as_int(n[0]), gl_as_int(n[1]),
                  gl_as_int(n[2]), gl_as_int(n[3]), gl_as_int(n[4]),
                  gl_as_int(n[5]), gl_as_int(n[6]), gl_as_int(n[7]),
                  gl_as_int(n[8]),
                  gl_as_blob(page->times_len > 0 ? page->times : none,
                             (int) page->times_len)));
}

static int
write_visitor(struct gl_account *account, const struct gl_visitor_added *held)
{
    if (!held->changed)
        return 0;
    return gl_db_change(
        &account->db, GL_SQL_ADD_SERVED_VISITOR,
        GL_VALUES(gl_as_int(held->site), gl_as_int(held->day),
                  gl_as_int(held->visitor), gl_as_int(held->views),
                  gl_as_int(held->told), gl_as_int(held->has)));
}

int
gl_served_flush_(struct gl_account *account)
{
    GHashTableIter at;
    gpointer held;
    int rc = 0;
    if (account->served == NULL)
        return 0;
    g_hash_table_iter_init(&at, account->served->pages);
    while (rc == 0 && g_hash_table_iter_next(&at, &held, NULL))
        rc = write_page(account, held);
    g_hash_table_iter_init(&at, account->served->visitors);
    while (rc == 0 && g_hash_table_iter_next(&at, &held, NULL))
        rc = write_visitor(account, held);
    gl_served_forget_(account);
    return rc;
}

/* Room for one more: 0 or an error. */
static int
make_room(struct gl_account *account)
{
    const struct gl_served_added *served = account->served;
    if (served != NULL &&
        (g_hash_table_size(served->pages) == PAGES_MAX ||
         g_hash_table_size(served->visitors) == VISITORS_MAX))
        return gl_served_flush_(account);
    return 0;
}

/* ---- pages ---- */

struct gl_page_added *
gl_page_added_(struct gl_account *account, int64_t site, int64_t day,
               struct gl_text path)
{
    struct gl_page_added page = {.site = site, .day = day, .path = path};
    if (account->served == NULL)
        return NULL;
    page.hash = hash_path(account, path);
    return g_hash_table_lookup(account->served->pages, &page);
}

static void
keep_times(struct gl_page_added *page, const struct gl_times *times)
{
    uint8_t bytes[GL_TIMES_BYTES_MAX];
    size_t len = gl_times_write(times, bytes);
    if (len != page->times_len)
        page->times = g_realloc(page->times, len);
    page->times_len = len;
    if (len > 0)
        memcpy(page->times, bytes, len);
}

int
gl_page_hold_(struct gl_account *account, int64_t site, int64_t day,
              struct gl_text path, const struct gl_times *times,
              struct gl_page_added **page)
{
    struct gl_page_added *one;
    char *text;
    int rc = make_room(account);
    if (rc != 0)
        return rc;
    one = g_malloc(sizeof *one + path.len);
    text = (char *) (one + 1);
    if (path.len > 0)
        memcpy(text, path.data, path.len);
    *one = (struct gl_page_added){.site = site,
                                  .day = day,
                                  .hash = hash_path(account, path),
                                  .path = {text, path.len}};
    keep_times(one, times);
    g_hash_table_add(tables_of(account)->pages, one);
    *page = one;
    return 0;
}

void
gl_page_took_(struct gl_page_added *page, uint64_t ms)
{
    struct gl_times times = {0};
    gl_times_read(&times, page->times, page->times_len);
    gl_times_add(&times, ms);
    keep_times(page, &times);
}

/* ---- visitors ---- */

int
gl_visitor_hold_(struct gl_account *account, int64_t site, int64_t day,
                 uint64_t visitor, struct gl_visitor_added **held)
{
    struct gl_visitor_added one = {
        .site = site, .day = day, .visitor = visitor};
    int rc;
    *held = account->served == NULL
                ? NULL
                : g_hash_table_lookup(account->served->visitors, &one);
    if (*held != NULL)
        return 0;
    rc = make_room(account);
    if (rc != 0)
        return rc;
    *held = g_memdup2(&one, sizeof one);
    g_hash_table_add(tables_of(account)->visitors, *held);
    return 0;
}
