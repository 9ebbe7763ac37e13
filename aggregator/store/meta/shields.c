/* The table of shields; see shields.h. */

#include "store/meta/shields.h"

#include "store/meta/meta_internal.h"

static int
add(struct gl_meta *meta, int64_t site, const char *kind, const char *text)
{
    int rc;
    sqlite3_stmt *change =
        gl_db_change(&meta->db, GL_META_SQL_ADD_SHIELD, &rc);
    if (change == NULL)
        return rc;
    gl_db_bind_int(change, 1, site);
    gl_db_bind_string(change, 2, kind);
    gl_db_bind_string(change, 3, text);
    return gl_db_done(&meta->db, change);
}

int
gl_meta_shields_set(struct gl_meta *meta, int64_t site, const char *kind,
                    char *const *texts)
{
    int rc;
    sqlite3_stmt *remove =
        gl_db_change(&meta->db, GL_META_SQL_REMOVE_SHIELDS, &rc);
    if (remove == NULL)
        return rc;
    gl_db_bind_int(remove, 1, site);
    gl_db_bind_string(remove, 2, kind);
    rc = gl_db_done(&meta->db, remove);
    for (; rc == 0 && *texts != NULL; texts++)
        rc = add(meta, site, kind, *texts);
    return rc;
}

int
gl_meta_shields_hand_on(struct gl_meta *meta, int64_t from, int64_t to)
{
    int rc;
    sqlite3_stmt *change =
        gl_db_change(&meta->db, GL_META_SQL_HAND_ON_SHIELDS, &rc);
    if (change == NULL)
        return rc;
    gl_db_bind_int(change, 1, from);
    gl_db_bind_int(change, 2, to);
    return gl_db_done(&meta->db, change);
}

int
gl_meta_shields(struct gl_meta *meta, int64_t site,
                void (*each)(void *arg, const struct gl_meta_shield *),
                void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_SHIELDS, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        const struct gl_meta_shield shield = {
            .site = sqlite3_column_int64(ask, 0),
            .kind = (const char *) sqlite3_column_text(ask, 1),
            .text = (const char *) sqlite3_column_text(ask, 2),
        };

        if (shield.kind != NULL && shield.text != NULL)
            each(arg, &shield);
    }
    return rc;
}
