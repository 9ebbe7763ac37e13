/*
 * meta.db: what is counted of frames that no account has.
 */

#include "store/meta/counts.h"

#include "store/meta/meta_internal.h"

int
gl_meta_add_drop(struct gl_meta *meta, int64_t day, struct gl_text reason,
                 uint64_t n)
{
    return gl_db_change(
        &meta->db, GL_META_SQL_ADD_DROP,
        GL_VALUES(gl_as_int(day), gl_as_text(reason), gl_as_int(n)));
}

int
gl_meta_drops(struct gl_meta *meta,
              int (*each)(void *arg, const char *reason, uint64_t n),
              void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_DROPS, NULL);
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
    return gl_db_change(&meta->db, GL_META_SQL_SET_INCARNATION,
                        GL_VALUES(gl_as_blob(id, 16), gl_as_int(total),
                                  gl_as_int(first_ms), gl_as_int(last_ms)));
}

int
gl_meta_set_lost(struct gl_meta *meta, const uint8_t seg[16], uint32_t index,
                 uint64_t n, int64_t at_ms)
{
    return gl_db_change(&meta->db, GL_META_SQL_SET_LOST,
                        GL_VALUES(gl_as_blob(seg, 16), gl_as_int(index),
                                  gl_as_int(n), gl_as_int(at_ms)));
}

int
gl_meta_lost_known(struct gl_meta *meta, const uint8_t seg[16], uint32_t from,
                   uint32_t upto)
{
    return gl_db_says(&meta->db,
                      gl_db_ask(&meta->db, GL_META_SQL_LOST_KNOWN,
                                GL_VALUES(gl_as_blob(seg, 16), gl_as_int(from),
                                          gl_as_int(upto))));
}

/* One sum. */
static int
ask_sum(struct gl_meta *meta, int number, uint64_t *n)
{
    int64_t sum;
    int rc = gl_db_first(&meta->db, gl_db_ask(&meta->db, number, NULL), &sum);
    *n = (uint64_t) sum;
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
