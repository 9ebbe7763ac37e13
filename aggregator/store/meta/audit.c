/* The table of what was changed; see audit.h. */

#include "store/meta/audit.h"

#include "store/meta/meta_internal.h"

char *
gl_meta_name_of(struct gl_meta *meta, const char *kind, const char *id)
{
    sqlite3_stmt *ask =
        gl_db_ask(&meta->db, GL_META_SQL_NAME_OF,
                  GL_VALUES(gl_as_string(id), gl_as_string(kind)));
    char *name = gl_db_step(&meta->db, ask) == 1
                     ? g_strdup(gl_db_column_text(ask, 0))
                     : NULL;
    sqlite3_reset(ask);
    return name;
}

int
gl_meta_audited(struct gl_meta *meta, int64_t before,
                int (*each)(void *arg, const struct gl_meta_audited *),
                void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_AUDITED,
                                  GL_VALUES(gl_as_int(before)));
    while (stop == 0 && (rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_audited row = {
            .id = sqlite3_column_int64(ask, 0),
            .at_ms = sqlite3_column_int64(ask, 1),
            .actor = gl_db_column_text(ask, 2),
            .verb = gl_db_column_text(ask, 3),
            .args = gl_db_column_text(ask, 4),
        };
        stop = each(arg, &row);
    }
    sqlite3_reset(ask);
    return stop ? stop : rc;
}
