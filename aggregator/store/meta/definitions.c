/* The table of definitions; see definitions.h. */

#include "store/meta/definitions.h"

#include "store/meta/meta_internal.h"

int
gl_meta_define(struct gl_meta *meta, int64_t site,
               struct gl_meta_definition *definition)
{
    int rc = gl_db_changed(&meta->db, GL_META_SQL_DEFINE,
                           GL_VALUES(gl_as_int(site),
                                     gl_as_string(definition->kind),
                                     gl_as_string(definition->name),
                                     gl_as_string(definition->body),
                                     gl_as_int(definition->created_ms),
                                     gl_as_int(GL_META_DEFINITIONS_MAX)));
    if (rc == 1)
        definition->id = sqlite3_last_insert_rowid(meta->db.handle);
    return rc;
}

int
gl_meta_undefine(struct gl_meta *meta, int64_t site, const char *kind,
                 int64_t id)
{
    return gl_db_changed(
        &meta->db, GL_META_SQL_UNDEFINE,
        GL_VALUES(gl_as_int(id), gl_as_int(site), gl_as_string(kind)));
}

int
gl_meta_definitions_hand_on(struct gl_meta *meta, int64_t from, int64_t to)
{
    return gl_db_change(&meta->db, GL_META_SQL_HAND_ON_DEFINED,
                        GL_VALUES(gl_as_int(from), gl_as_int(to)));
}

int
gl_meta_definitions(struct gl_meta *meta, int64_t site,
                    int (*each)(void *arg, const struct gl_meta_definition *),
                    void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask =
        gl_db_ask(&meta->db, GL_META_SQL_DEFINED, GL_VALUES(gl_as_int(site)));
    while (stop == 0 && (rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_definition definition = {
            .id = sqlite3_column_int64(ask, 0),
            .kind = gl_db_column_text(ask, 1),
            .name = gl_db_column_text(ask, 2),
            .body = gl_db_column_text(ask, 3),
            .created_ms = sqlite3_column_int64(ask, 4),
        };
        stop = each(arg, &definition);
    }
    sqlite3_reset(ask);
    return stop ? stop : rc;
}
