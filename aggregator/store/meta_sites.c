/*
 * Sites: their rows in meta.db, and in the directory, which says after the
 * commit what the transaction wrote.
 */

#include "store/meta_sites.h"

#include "store/meta_internal.h"

#include <string.h>

#include "domain.h"

static void
take_site(sqlite3_stmt *ask, struct gl_meta_site *site)
{
    site->id = sqlite3_column_int64(ask, 0);
    gl_db_column_string(ask, 1, site->domain, sizeof site->domain);
    gl_db_column_string(ask, 2, site->account, sizeof site->account);
    gl_db_column_string(ask, 3, site->timezone, sizeof site->timezone);
    site->is_public = sqlite3_column_int(ask, 4);
    site->refresh_window_s = sqlite3_column_int64(ask, 5);
    site->optout = sqlite3_column_int(ask, 6);
    gl_db_column_string(ask, 7, site->hosts, sizeof site->hosts);
    site->created_ms = sqlite3_column_int64(ask, 8);
}

/* ---- memory ---- */

int
gl_meta_read_sites_(struct gl_meta *meta)
{
    struct gl_meta_site site = {0};
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_SITES, &rc);
    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        take_site(ask, &site);
        gl_directory_put_site(meta->directory, &site);
    }
    return rc;
}

/* Who sends events may choose the text. */
const struct gl_meta_site *
gl_meta_site(const struct gl_meta *meta, struct gl_text domain)
{
    char name[GL_DOMAIN_BYTES];
    if (domain.len >= sizeof name ||
        memchr(domain.data, '\0', domain.len) != NULL)
        return NULL;
    memcpy(name, domain.data, domain.len);
    name[domain.len] = '\0';
    return gl_version_site_stored(gl_directory_now(meta->directory), name);
}

const struct gl_meta_site *
gl_meta_site_by_id(const struct gl_meta *meta, int64_t id)
{
    return gl_version_site_id(gl_directory_now(meta->directory), id);
}

/* ---- changes ---- */

int
gl_meta_site_add(struct gl_meta *meta, struct gl_meta_site *site)
{
    int rc;
    sqlite3_stmt *add = gl_db_change(&meta->db, GL_META_SQL_ADD_SITE, &rc);
    if (add == NULL)
        return rc;
    gl_db_bind_string(add, 1, site->domain);
    gl_db_bind_string(add, 2, site->account);
    gl_db_bind_string(add, 3, site->timezone);
    gl_db_bind_int(add, 4, site->is_public != 0);
    gl_db_bind_int(add, 5, site->refresh_window_s);
    gl_db_bind_int(add, 6, site->optout != 0);
    gl_db_bind_string(add, 7, site->hosts);
    gl_db_bind_int(add, 8, site->created_ms);
    rc = gl_db_changed(&meta->db, add);
    if (rc == 1) {
        site->id = sqlite3_last_insert_rowid(meta->db.handle);
        gl_directory_put_site(meta->directory, site);
    }
    return rc;
}

int
gl_meta_site_set(struct gl_meta *meta, const struct gl_meta_site *site)
{
    int rc;
    sqlite3_stmt *set = gl_db_change(&meta->db, GL_META_SQL_SET_SITE, &rc);
    if (set == NULL)
        return rc;
    gl_db_bind_int(set, 1, site->id);
    gl_db_bind_string(set, 2, site->account);
    gl_db_bind_string(set, 3, site->timezone);
    gl_db_bind_int(set, 4, site->is_public != 0);
    gl_db_bind_int(set, 5, site->refresh_window_s);
    gl_db_bind_int(set, 6, site->optout != 0);
    gl_db_bind_string(set, 7, site->hosts);
    gl_db_bind_string(set, 8, site->domain);
    rc = gl_db_changed(&meta->db, set);
    if (rc == 1)
        gl_directory_put_site(meta->directory, site);
    return rc;
}

int
gl_meta_site_remove(struct gl_meta *meta, int64_t id)
{
    int rc;
    sqlite3_stmt *remove =
        gl_db_change(&meta->db, GL_META_SQL_REMOVE_SITE, &rc);
    if (remove == NULL)
        return rc;
    gl_db_bind_int(remove, 1, id);
    rc = gl_db_changed(&meta->db, remove);
    if (rc == 1)
        gl_directory_remove_site(meta->directory, id);
    return rc;
}

/* ---- what is left of them elsewhere ---- */

static int
change_remain(struct gl_meta *meta, int number, int64_t site,
              const char *account)
{
    int rc;
    sqlite3_stmt *change = gl_db_change(&meta->db, number, &rc);
    if (change == NULL)
        return rc;
    gl_db_bind_int(change, 1, site);
    gl_db_bind_string(change, 2, account);
    return gl_db_done(&meta->db, change);
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
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_REMAINS, &rc);
    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 1, account, sizeof account);
        remain(arg, sqlite3_column_int64(ask, 0), account);
    }
    return rc;
}
