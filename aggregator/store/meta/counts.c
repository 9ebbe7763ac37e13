/*
 * meta.db: what is counted of frames that no account has.
 */

#include "store/meta/counts.h"

#include "store/meta/meta_internal.h"

int
gl_meta_add_drop(struct gl_meta *meta, int64_t day, struct gl_text reason,
                 uint64_t n)
{
    int rc;
    sqlite3_stmt *add = gl_db_change(&meta->db, GL_META_SQL_ADD_DROP, &rc);
    if (add == NULL)
        return rc;
    gl_db_bind_int(add, 1, day);
    gl_db_bind_text(add, 2, reason);
    gl_db_bind_int(add, 3, (int64_t) n);
    return gl_db_done(&meta->db, add);
}

int
gl_meta_drops(struct gl_meta *meta,
              int (*each)(void *arg, const char *reason, uint64_t n),
              void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_DROPS, &rc);
    if (ask == NULL)
        return rc;
    while (stop == 0 && (rc = gl_db_step(&meta->db, ask)) == 1)
        stop = each(arg, (const char *) sqlite3_column_text(ask, 0),
                    (uint64_t) sqlite3_column_int64(ask, 1));
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_meta_set_incarnation(struct gl_meta *meta, const uint8_t id[16],
                        uint64_t total, int64_t first_ms, int64_t last_ms)
{
    int rc;
    sqlite3_stmt *set =
        gl_db_change(&meta->db, GL_META_SQL_SET_INCARNATION, &rc);
    if (set == NULL)
        return rc;
    gl_db_bind_blob(set, 1, id, 16);
    gl_db_bind_int(set, 2, (int64_t) total);
    gl_db_bind_int(set, 3, first_ms);
    gl_db_bind_int(set, 4, last_ms);
    return gl_db_done(&meta->db, set);
}

int
gl_meta_set_lost(struct gl_meta *meta, const uint8_t seg[16], uint32_t index,
                 uint64_t n, int64_t at_ms)
{
    int rc;
    sqlite3_stmt *set = gl_db_change(&meta->db, GL_META_SQL_SET_LOST, &rc);
    if (set == NULL)
        return rc;
    gl_db_bind_blob(set, 1, seg, 16);
    gl_db_bind_int(set, 2, index);
    gl_db_bind_int(set, 3, (int64_t) n);
    gl_db_bind_int(set, 4, at_ms);
    return gl_db_done(&meta->db, set);
}

int
gl_meta_lost_known(struct gl_meta *meta, const uint8_t seg[16], uint32_t from,
                   uint32_t upto)
{
    int rc;
    sqlite3_stmt *ask =
        gl_db_statement(&meta->db, GL_META_SQL_LOST_KNOWN, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_blob(ask, 1, seg, 16);
    gl_db_bind_int(ask, 2, from);
    gl_db_bind_int(ask, 3, upto);
    rc = gl_db_step(&meta->db, ask);
    if (rc == 1)
        rc = sqlite3_column_int(ask, 0) > 0;
    sqlite3_reset(ask);
    return rc;
}

/* One sum. */
static int
ask_sum(struct gl_meta *meta, int number, uint64_t *n)
{
    int rc;
    *n = 0;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, number, &rc);
    if (ask == NULL)
        return rc;
    rc = gl_db_step(&meta->db, ask);
    if (rc == 1)
        *n = (uint64_t) sqlite3_column_int64(ask, 0);
    sqlite3_reset(ask);
    return rc < 0 ? rc : 0;
}

int
gl_meta_refused(struct gl_meta *meta, uint64_t *n)
{
    return ask_sum(meta, GL_META_SQL_REFUSED, n);
}

int
gl_meta_lost(struct gl_meta *meta, uint64_t *n)
{
    return ask_sum(meta, GL_META_SQL_LOST, n);
}
