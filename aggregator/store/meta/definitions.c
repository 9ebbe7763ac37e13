/* The table of definitions; see definitions.h. */

#include "store/meta/definitions.h"

#include "store/meta/meta_internal.h"

int
gl_meta_define(struct gl_meta *meta, int64_t site,
               struct gl_meta_definition *definition)
{
    int rc;
    sqlite3_stmt *add = gl_db_change(&meta->db, GL_META_SQL_DEFINE, &rc);
    if (add == NULL)
        return rc;
    gl_db_bind_int(add, 1, site);
    gl_db_bind_string(add, 2, definition->kind);
    gl_db_bind_string(add, 3, definition->name);
    gl_db_bind_string(add, 4, definition->body);
    gl_db_bind_int(add, 5, definition->created_ms);
    gl_db_bind_int(add, 6, GL_META_DEFINITIONS_MAX);
    rc = gl_db_changed(&meta->db, add);
    if (rc == 1)
        definition->id = sqlite3_last_insert_rowid(meta->db.handle);
    return rc;
}

int
gl_meta_undefine(struct gl_meta *meta, int64_t site, const char *kind,
                 int64_t id)
{
    int rc;
    sqlite3_stmt *remove = gl_db_change(&meta->db, GL_META_SQL_UNDEFINE, &rc);
    if (remove == NULL)
        return rc;
    gl_db_bind_int(remove, 1, id);
    gl_db_bind_int(remove, 2, site);
    gl_db_bind_string(remove, 3, kind);
    return gl_db_changed(&meta->db, remove);
}

int
gl_meta_definitions_hand_on(struct gl_meta *meta, int64_t from, int64_t to)
{
    int rc;
    sqlite3_stmt *change =
        gl_db_change(&meta->db, GL_META_SQL_HAND_ON_DEFINED, &rc);
    if (change == NULL)
        return rc;
    gl_db_bind_int(change, 1, from);
    gl_db_bind_int(change, 2, to);
    return gl_db_done(&meta->db, change);
}

static const char *
text(sqlite3_stmt *ask, int at)
{
    const char *found = (const char *) sqlite3_column_text(ask, at);
    return found == NULL ? "" : found;
}

int
gl_meta_definitions(struct gl_meta *meta, int64_t site,
                    int (*each)(void *arg, const struct gl_meta_definition *),
                    void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_DEFINED, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_int(ask, 1, site);
    while (stop == 0 && (rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_definition definition = {
            .id = sqlite3_column_int64(ask, 0),
            .kind = text(ask, 1),
            .name = text(ask, 2),
            .body = text(ask, 3),
            .created_ms = sqlite3_column_int64(ask, 4),
        };
        stop = each(arg, &definition);
    }
    sqlite3_reset(ask);
    return stop ? stop : rc;
}
