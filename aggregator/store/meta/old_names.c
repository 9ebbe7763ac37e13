/* Names that sites had; see old_names.h. */

#include "store/meta/old_names.h"

#include "store/meta/meta_internal.h"

int
gl_meta_read_old_names_(struct gl_meta *meta)
{
    struct gl_meta_old_name name = {0};
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_OLD_NAMES, &rc);
    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        gl_db_column_string(ask, 0, name.domain, sizeof name.domain);
        name.site = sqlite3_column_int64(ask, 1);
        name.until_ms = sqlite3_column_int64(ask, 2);
        gl_directory_add_old_name(meta->directory, &name);
    }
    return rc;
}

int
gl_meta_old_name_add(struct gl_meta *meta, const struct gl_meta_old_name *name)
{
    int rc;
    sqlite3_stmt *add = gl_db_change(&meta->db, GL_META_SQL_ADD_OLD_NAME, &rc);
    if (add == NULL)
        return rc;
    gl_db_bind_string(add, 1, name->domain);
    gl_db_bind_int(add, 2, name->site);
    gl_db_bind_int(add, 3, name->until_ms);
    rc = gl_db_done(&meta->db, add);
    if (rc == 0)
        gl_directory_add_old_name(meta->directory, name);
    return rc;
}

int
gl_meta_old_name_remove(struct gl_meta *meta, const char *domain)
{
    int rc;
    sqlite3_stmt *remove =
        gl_db_change(&meta->db, GL_META_SQL_REMOVE_OLD_NAME, &rc);
    if (remove == NULL)
        return rc;
    gl_db_bind_string(remove, 1, domain);
    rc = gl_db_done(&meta->db, remove);
    if (rc == 0)
        gl_directory_remove_old_name(meta->directory, domain);
    return rc;
}

struct removal {
    struct gl_meta *meta;
    int64_t site;
};

static int
remove_of(void *arg, const struct gl_meta_old_name *name)
{
    const struct removal *removal = arg;

    return name->site == removal->site
               ? gl_meta_old_name_remove(removal->meta, name->domain)
               : 0;
}

int
gl_meta_old_names_remove(struct gl_meta *meta, int64_t site)
{
    struct removal removal = {meta, site};

    return gl_version_old_names(gl_directory_now(meta->directory), remove_of,
                                &removal);
}
