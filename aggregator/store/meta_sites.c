/*
 * Sites: their rows in meta.db and the table in memory that routing asks.
 *
 *   slots   hash(domain) -> index + 1      open addressing, at most half full
 *   sites   [a.example] [b.example] ...    by domain
 *   by_id   -> -> ->                       by id
 */

#include "store/meta_internal.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

void
gl_meta_free_sites_(struct gl_meta_table *table)
{
    free(table->sites);
    free(table->by_id);
    free(table->slots);
    *table = (struct gl_meta_table){0};
}

/* ---- the table ---- */

static size_t
home(const struct gl_meta *meta, const struct gl_meta_table *table,
     struct gl_text domain)
{
    uint64_t hash;
    _Static_assert(sizeof(hash) == crypto_shorthash_BYTES, "64 bits");
    crypto_shorthash((unsigned char *) &hash,
                     (const unsigned char *) domain.data, domain.len,
                     meta->key);
    return hash & (table->slots_n - 1);
}

static int
by_id(const void *a, const void *b)
{
    const struct gl_meta_site *const *x = a, *const *y = b;
    return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
}

static void
index_sites(const struct gl_meta *meta, struct gl_meta_table *table)
{
    for (size_t i = 0; i < table->n; i++) {
        const char *domain = table->sites[i].domain;
        size_t at = home(meta, table,
                         (struct gl_text){domain, (uint32_t) strlen(domain)});
        while (table->slots[at])
            at = (at + 1) & (table->slots_n - 1);
        table->slots[at] = (uint32_t) i + 1;
        table->by_id[i] = &table->sites[i];
    }
    if (table->n)
        qsort(table->by_id, table->n, sizeof(*table->by_id), by_id);
}

static void
take_site(sqlite3_stmt *ask, struct gl_meta_site *site)
{
    site->id = sqlite3_column_int64(ask, 0);
    gl_db_column_string(ask, 1, site->domain, sizeof(site->domain));
    gl_db_column_string(ask, 2, site->account, sizeof(site->account));
    gl_db_column_string(ask, 3, site->timezone, sizeof(site->timezone));
    site->is_public = sqlite3_column_int(ask, 4);
    site->refresh_window_s = sqlite3_column_int64(ask, 5);
    site->optout = sqlite3_column_int(ask, 6);
    gl_db_column_string(ask, 7, site->hosts, sizeof(site->hosts));
    site->created_ms = sqlite3_column_int64(ask, 8);
}

static int
allocate(struct gl_meta *meta, struct gl_meta_table *table)
{
    int rc;
    sqlite3_stmt *ask = gl_meta_ask_(meta, GL_META_SQL_COUNT_SITES, &rc);
    if (!ask)
        return rc;
    rc = gl_db_step(&meta->db, ask);
    size_t most = rc == 1 ? (size_t) sqlite3_column_int64(ask, 0) : 0;
    sqlite3_reset(ask);
    if (rc < 0)
        return rc;
    table->slots_n = 16;
    while (table->slots_n < most * 2)
        table->slots_n *= 2;
    table->slots = calloc(table->slots_n, sizeof(*table->slots));
    /* One more than needed: calloc(0) may be NULL. */
    table->sites = calloc(most + 1, sizeof(*table->sites));
    table->by_id = calloc(most + 1, sizeof(*table->by_id));
    if (table->slots && table->sites && table->by_id)
        return (int) most;
    gl_meta_free_sites_(table);
    return gl_db_refuse(&meta->db, GL_STORE_ENVIRONMENT, "out of memory");
}

int
gl_meta_read_sites_(struct gl_meta *meta, struct gl_meta_table *table)
{
    int rc;
    int most = allocate(meta, table);
    sqlite3_stmt *ask =
        most < 0 ? NULL : gl_meta_ask_(meta, GL_META_SQL_SITES, &rc);
    if (most < 0)
        return most;
    while (ask && table->n < (size_t) most &&
           (rc = gl_db_step(&meta->db, ask)) == 1)
        take_site(ask, &table->sites[table->n++]);
    if (ask)
        sqlite3_reset(ask);
    if (rc < 0)
        gl_meta_free_sites_(table);
    else
        index_sites(meta, table);
    return rc < 0 ? rc : 0;
}

const struct gl_meta_site *
gl_meta_site(const struct gl_meta *meta, struct gl_text domain)
{
    const struct gl_meta_table *table = &meta->table;
    if (!table->slots_n || domain.len == 0)
        return NULL;
    size_t at = home(meta, table, domain);
    for (; table->slots[at]; at = (at + 1) & (table->slots_n - 1)) {
        const struct gl_meta_site *site = &table->sites[table->slots[at] - 1];
        if (strlen(site->domain) == domain.len &&
            memcmp(site->domain, domain.data, domain.len) == 0)
            return site;
    }
    return NULL;
}

const struct gl_meta_site *
gl_meta_site_by_id(const struct gl_meta *meta, int64_t id)
{
    const struct gl_meta_table *table = &meta->table;
    size_t low = 0, high = table->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (table->by_id[middle]->id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->n && table->by_id[low]->id == id ? table->by_id[low]
                                                         : NULL;
}

const struct gl_meta_site *
gl_meta_sites(const struct gl_meta *meta, size_t *n)
{
    *n = meta->table.n;
    return meta->table.sites;
}

uint64_t
gl_meta_generation(const struct gl_meta *meta)
{
    return meta->generation;
}

/* ---- changes ---- */

/* Step a change of a site's row: 1 or 0, and the table is due. */
static int
changed(struct gl_meta *meta, sqlite3_stmt *statement)
{
    int rc = gl_meta_changed_(meta, statement);
    if (rc == 1)
        meta->sites_changed = 1;
    return rc;
}

int
gl_meta_site_add(struct gl_meta *meta, struct gl_meta_site *site)
{
    int rc;
    sqlite3_stmt *add = gl_meta_change_(meta, GL_META_SQL_ADD_SITE, &rc);
    if (!add)
        return rc;
    gl_db_bind_string(add, 1, site->domain);
    gl_db_bind_string(add, 2, site->account);
    gl_db_bind_string(add, 3, site->timezone);
    gl_db_bind_int(add, 4, site->is_public != 0);
    gl_db_bind_int(add, 5, site->refresh_window_s);
    gl_db_bind_int(add, 6, site->optout != 0);
    gl_db_bind_string(add, 7, site->hosts);
    gl_db_bind_int(add, 8, site->created_ms);
    rc = changed(meta, add);
    if (rc == 1) {
        site->id = sqlite3_last_insert_rowid(meta->db.handle);
        gl_meta_show_site_(meta, site);
    }
    return rc;
}

int
gl_meta_site_set(struct gl_meta *meta, const struct gl_meta_site *site)
{
    int rc;
    sqlite3_stmt *set = gl_meta_change_(meta, GL_META_SQL_SET_SITE, &rc);
    if (!set)
        return rc;
    gl_db_bind_int(set, 1, site->id);
    gl_db_bind_string(set, 2, site->account);
    gl_db_bind_string(set, 3, site->timezone);
    gl_db_bind_int(set, 4, site->is_public != 0);
    gl_db_bind_int(set, 5, site->refresh_window_s);
    gl_db_bind_int(set, 6, site->optout != 0);
    gl_db_bind_string(set, 7, site->hosts);
    rc = changed(meta, set);
    if (rc == 1)
        gl_meta_show_site_(meta, site);
    return rc;
}

int
gl_meta_site_remove(struct gl_meta *meta, int64_t id)
{
    int rc;
    sqlite3_stmt *remove = gl_meta_change_(meta, GL_META_SQL_REMOVE_SITE, &rc);
    if (!remove)
        return rc;
    gl_db_bind_int(remove, 1, id);
    rc = changed(meta, remove);
    if (rc == 1)
        gl_meta_hide_site_(meta, id);
    return rc;
}

/* ---- what is left of them elsewhere ---- */

static int
change_remain(struct gl_meta *meta, int number, int64_t site,
              const char *account)
{
    int rc;
    sqlite3_stmt *change = gl_meta_change_(meta, number, &rc);
    if (!change)
        return rc;
    gl_db_bind_int(change, 1, site);
    gl_db_bind_string(change, 2, account);
    return gl_meta_done_(meta, change);
}

int
gl_meta_add_remain(struct gl_meta *meta, int64_t site, const char *account)
{
    return change_remain(meta, GL_META_SQL_ADD_REMAIN, site, account);
}

int
gl_meta_remove_remain(struct gl_meta *meta, int64_t site, const char *account)
{
    return change_remain(meta, GL_META_SQL_REMOVE_REMAIN, site, account);
}

int
gl_meta_remains(struct gl_meta *meta,
                void (*remain)(void *arg, int64_t site, const char *account),
                void *arg)
{
    int rc;
    char account[GL_ACCOUNT_ID_LEN + 1];
    sqlite3_stmt *ask = gl_meta_ask_(meta, GL_META_SQL_REMAINS, &rc);
    if (!ask)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 1, account, sizeof(account));
        remain(arg, sqlite3_column_int64(ask, 0), account);
    }
    return rc;
}
