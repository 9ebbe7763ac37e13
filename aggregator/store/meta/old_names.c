/* Names that sites had; see old_names.h. */

#include "store/meta/old_names.h"

#include "store/meta/meta_internal.h"

int
gl_meta_read_old_names_(struct gl_meta *meta)
{
    struct gl_meta_old_name name = {0};
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_OLD_NAMES, NULL);
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
    int rc = gl_db_change(&meta->db, GL_META_SQL_ADD_OLD_NAME,
                          GL_VALUES(gl_as_string(name->domain),
                                    gl_as_int(name->site),
                                    gl_as_int(name->until_ms)));
    if (rc == 0)
        gl_directory_add_old_name(meta->directory, name);
    return rc;
}

int
gl_meta_old_name_remove(struct gl_meta *meta, const char *domain)
{
    int rc = gl_db_change(&meta->db, GL_META_SQL_REMOVE_OLD_NAME,
                          GL_VALUES(gl_as_string(domain)));
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
