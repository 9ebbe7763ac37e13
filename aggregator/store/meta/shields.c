/* The table of shields; see shields.h. */

#include "store/meta/shields.h"

#include "store/meta/meta_internal.h"

static int
add(struct gl_meta *meta, int64_t site, const char *kind, const char *text)
{
    return gl_db_change(
        &meta->db, GL_META_SQL_ADD_SHIELD,
        GL_VALUES(gl_as_int(site), gl_as_string(kind), gl_as_string(text)));
}

int
gl_meta_shields_set(struct gl_meta *meta, int64_t site, const char *kind,
                    char *const *texts)
{
    int rc = gl_db_change(&meta->db, GL_META_SQL_REMOVE_SHIELDS,
                          GL_VALUES(gl_as_int(site), gl_as_string(kind)));
    for (; rc == 0 && *texts != NULL; texts++)
        rc = add(meta, site, kind, *texts);
    return rc;
}

int
gl_meta_shields_hand_on(struct gl_meta *meta, int64_t from, int64_t to)
{
    return gl_db_change(&meta->db, GL_META_SQL_HAND_ON_SHIELDS,
                        GL_VALUES(gl_as_int(from), gl_as_int(to)));
}

int
gl_meta_shields(struct gl_meta *meta, int64_t site,
                void (*each)(void *arg, const struct gl_meta_shield *),
                void *arg)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_ask(&meta->db, GL_META_SQL_SHIELDS, GL_VALUES(gl_as_int(site)));
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
