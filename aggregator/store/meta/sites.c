/*
 * Sites: their rows in meta.db, and in the directory, which says after the
 * commit what the transaction wrote.
 */

#include "store/meta/sites.h"

#include "store/meta/definitions.h"
#include "store/meta/meta_internal.h"
#include "store/meta/old_names.h"
#include "store/meta/mails.h"
#include "store/meta/people.h"
#include "store/meta/shares.h"
#include "store/meta/shields.h"

#include <glib.h>
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
    gl_db_column_string(ask, 9, site->umami_id, sizeof site->umami_id);
    site->matomo_id = sqlite3_column_int64(ask, 10);
    gl_db_column_string(ask, 11, site->currency, sizeof site->currency);
    site->left_out = (uint32_t) sqlite3_column_int64(ask, 12);
    site->retention_days = sqlite3_column_int64(ask, 13);
    site->keep_rows = sqlite3_column_int64(ask, 14);
    site->bots_counted = (uint32_t) sqlite3_column_int64(ask, 15);
    site->count_served = sqlite3_column_int(ask, 16);
}

/* ---- memory ---- */

int
gl_meta_read_sites_(struct gl_meta *meta)
{
    struct gl_meta_site site = {0};
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_SITES, NULL);
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

/* ID: 0 = a new one. */
static int
put_site(struct gl_meta *meta, int number, const struct gl_meta_site *site,
         int64_t id)
{
    return gl_db_changed(
        &meta->db, number,
        GL_VALUES(gl_as_code(id), gl_as_string(site->account),
                  gl_as_string(site->timezone),
                  gl_as_int(site->is_public != 0),
                  gl_as_int(site->refresh_window_s), gl_as_int(site->optout),
                  gl_as_string(site->hosts), gl_as_string(site->domain),
                  gl_as_string(site->umami_id), gl_as_int(site->matomo_id),
                  gl_as_string(site->currency), gl_as_int(site->left_out),
                  gl_as_int(site->retention_days), gl_as_int(site->keep_rows),
                  gl_as_int(site->bots_counted), gl_as_int(site->created_ms),
                  gl_as_int(site->count_served != 0)));
}

int
gl_meta_site_add(struct gl_meta *meta, struct gl_meta_site *site)
{
    int rc = put_site(meta, GL_META_SQL_ADD_SITE, site, 0);
    if (rc == 1) {
        site->id = sqlite3_last_insert_rowid(meta->db.handle);
        gl_directory_put_site(meta->directory, site);
    }
    return rc;
}

int
gl_meta_site_set(struct gl_meta *meta, const struct gl_meta_site *site)
{
    int rc = put_site(meta, GL_META_SQL_SET_SITE, site, site->id);
    if (rc == 1)
        gl_directory_put_site(meta->directory, site);
    return rc;
}

int
gl_meta_site_remove(struct gl_meta *meta, int64_t id)
{
    int rc = gl_meta_old_names_remove(meta, id);
    if (rc == 0)
        rc = gl_meta_roles_hand_on(meta, id, 0);
    if (rc == 0)
        rc = gl_meta_shares_hand_on(meta, id, 0);
    if (rc == 0)
        rc = gl_meta_recipients_hand_on(meta, id, 0);
    if (rc == 0)
        rc = gl_db_changed(&meta->db, GL_META_SQL_REMOVE_SITE,
                           GL_VALUES(gl_as_int(id)));
    if (rc == 1)
        gl_directory_remove_site(meta->directory, id);
    return rc;
}

static int
collect(void *arg, const struct gl_meta_old_name *name)
{
    GArray *names = arg;

    g_array_append_val(names, *name);
    return 0;
}

/* Those of NAMES that FROM had are TO's. */
static int
hand_on(struct gl_meta *meta, const GArray *names, int64_t from, int64_t to)
{
    int rc = 0;

    for (guint i = 0; rc == 0 && i < names->len; i++) {
        struct gl_meta_old_name *name =
            &g_array_index(names, struct gl_meta_old_name, i);

        if (name->site != from)
            continue;
        name->site = to;
        rc = gl_meta_old_name_add(meta, name);
    }
    return rc;
}

/* Two sites cannot have one name: the new one has none at first. */
int
gl_meta_site_renumber(struct gl_meta *meta, const struct gl_meta_site *site,
                      int64_t *id)
{
    GArray *names = g_array_new(FALSE, FALSE, sizeof(struct gl_meta_old_name));
    struct gl_meta_site new = *site;
    int rc;

    gl_version_old_names(gl_directory_now(meta->directory), collect, names);
    new.domain[0] = '\0';
    rc = gl_meta_site_add(meta, &new);
    if (rc >= 0)
        rc = gl_meta_definitions_hand_on(meta, site->id, new.id);
    if (rc >= 0)
        rc = gl_meta_shields_hand_on(meta, site->id, new.id);
    if (rc >= 0)
        rc = gl_meta_roles_hand_on(meta, site->id, new.id);
    if (rc >= 0)
        rc = gl_meta_shares_hand_on(meta, site->id, new.id);
    if (rc >= 0)
        rc = gl_meta_recipients_hand_on(meta, site->id, new.id);
    if (rc >= 0)
        rc = gl_meta_site_remove(meta, site->id);
    g_strlcpy(new.domain, site->domain, sizeof new.domain);
    if (rc >= 0)
        rc = gl_meta_site_set(meta, &new);
    if (rc >= 0)
        rc = hand_on(meta, names, site->id, new.id);
    g_array_free(names, TRUE);
    *id = new.id;
    return rc;
}

/* ---- what is left of them elsewhere ---- */

static int
change_remain(struct gl_meta *meta, int number, int64_t site,
              const char *account)
{
    return gl_db_change(&meta->db, number,
                        GL_VALUES(gl_as_int(site), gl_as_string(account)));
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
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_REMAINS, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 1, account, sizeof account);
        remain(arg, sqlite3_column_int64(ask, 0), account);
    }
    return rc;
}
