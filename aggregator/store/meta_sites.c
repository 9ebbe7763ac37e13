/*
 * Sites: their rows in meta.db, and what memory says of them: the routes, and
 * the directory for other threads.
 *
 *   change of a row ──► its id is noted ──► read as it is before the commit
 *                                           ──► put in place after it
 *
 * So memory says what the file says, and a change costs the same whatever the
 * number of sites.
 */

#include "store/meta_sites.h"

#include "store/meta_internal.h"

#include <stdio.h>
#include <string.h>

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

static void
show_site(struct gl_meta *meta, const struct gl_meta_site *site)
{
    struct gl_directory_site shown = {.id = site->id,
                                      .is_public = site->is_public};
    snprintf(shown.domain, sizeof shown.domain, "%s", site->domain);
    snprintf(shown.account, sizeof shown.account, "%s", site->account);
    snprintf(shown.timezone, sizeof shown.timezone, "%s", site->timezone);
    gl_directory_put_site(meta->directory, &shown);
}

int
gl_meta_read_sites_(struct gl_meta *meta, struct gl_routes *routes)
{
    struct gl_meta_site site;
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_SITES, &rc);
    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        take_site(ask, &site);
        gl_routes_put(routes, &site);
        show_site(meta, &site);
    }
    return rc;
}

/* The row of CHANGE as this transaction leaves it. */
static int
read_change(struct gl_meta *meta, struct gl_meta_change *change)
{
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_SITE, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, change->id);
    rc = gl_db_step(&meta->db, ask);
    if (rc == 1) {
        take_site(ask, &change->site);
        change->there = 1;
        sqlite3_reset(ask);
    }
    return rc < 0 ? rc : 0;
}

int
gl_meta_read_changes_(struct gl_meta *meta)
{
    int rc = 0;
    for (guint i = 0; rc == 0 && i < meta->changes->len; i++)
        rc = read_change(
            meta, &g_array_index(meta->changes, struct gl_meta_change, i));
    return rc;
}

void
gl_meta_take_changes_(struct gl_meta *meta)
{
    for (guint i = 0; i < meta->changes->len; i++) {
        const struct gl_meta_change *change =
            &g_array_index(meta->changes, struct gl_meta_change, i);
        const struct gl_meta_site *old =
            gl_routes_by_id(meta->routes, change->id);
        if (old != NULL &&
            (!change->there || strcmp(old->domain, change->site.domain) != 0))
            gl_directory_remove_site(meta->directory, old->domain);
        if (change->there) {
            gl_routes_put(meta->routes, &change->site);
            show_site(meta, &change->site);
        } else {
            gl_routes_remove(meta->routes, change->id);
        }
    }
    g_array_set_size(meta->changes, 0);
}

const struct gl_meta_site *
gl_meta_site(const struct gl_meta *meta, struct gl_text domain)
{
    return gl_routes_find(meta->routes, domain);
}

const struct gl_meta_site *
gl_meta_site_by_id(const struct gl_meta *meta, int64_t id)
{
    return gl_routes_by_id(meta->routes, id);
}

size_t
gl_meta_sites_n(const struct gl_meta *meta)
{
    return gl_routes_n(meta->routes);
}

int
gl_meta_sites(const struct gl_meta *meta,
              int (*each)(void *arg, const struct gl_meta_site *site),
              void *arg)
{
    return gl_routes_each(meta->routes, each, arg);
}

int
gl_meta_list_sites(struct gl_meta *meta,
                   int (*each)(void *arg, const struct gl_meta_site *site),
                   void *arg)
{
    struct gl_meta_site site;
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_SITES, &rc);
    if (ask == NULL)
        return rc;
    while (stop == 0 && (rc = gl_db_step(&meta->db, ask)) == 1) {
        take_site(ask, &site);
        stop = each(arg, &site);
    }
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_meta_find_site(struct gl_meta *meta, const char *domain,
                  struct gl_meta_site *site)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_statement(&meta->db, GL_META_SQL_SITE_NAMED, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_string(ask, 1, domain);
    rc = gl_db_step(&meta->db, ask);
    if (rc == 1) {
        take_site(ask, site);
        sqlite3_reset(ask);
    }
    return rc;
}

/* ---- changes ---- */

static void
note_change(struct gl_meta *meta, int64_t id)
{
    struct gl_meta_change change = {.id = id};
    g_array_append_val(meta->changes, change);
}

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
        note_change(meta, site->id);
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
        note_change(meta, site->id);
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
        note_change(meta, id);
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
