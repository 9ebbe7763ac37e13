/*
 * meta.db: how the glintod before this one ended, and sums of what was
 * refused or lost lately.  What is said about them is live/condition.c.
 */

#include "store/meta/counts.h"

#include "store/meta/meta_internal.h"

#include <string.h>

static int
ask_sum(struct gl_meta *meta, int number, int64_t since_ms,
        struct gl_meta_sum *sum)
{
    memset(sum, 0, sizeof *sum);
    sqlite3_stmt *ask =
        gl_db_ask(&meta->db, number, GL_VALUES(gl_as_int(since_ms)));
    int rc = gl_db_step(&meta->db, ask);
    if (rc != 1)
        return rc;
    sum->n = (uint64_t) sqlite3_column_int64(ask, 0);
    sum->first_ms = sqlite3_column_int64(ask, 1);
    sum->last_ms = sqlite3_column_int64(ask, 2);
    sum->at_least =
        sqlite3_column_count(ask) > 3 && sqlite3_column_int(ask, 3);
    if (sqlite3_column_count(ask) > 4)
        sum->perhaps = (uint64_t) sqlite3_column_int64(ask, 4);
    sqlite3_reset(ask);
    return 0;
}

int
gl_meta_refused_since(struct gl_meta *meta, int64_t since_ms,
                      struct gl_meta_sum *sum)
{
    return ask_sum(meta, GL_META_SQL_REFUSED_SINCE, since_ms, sum);
}

int
gl_meta_lost_since(struct gl_meta *meta, int64_t since_ms,
                   struct gl_meta_sum *sum)
{
    return ask_sum(meta, GL_META_SQL_LOST_SINCE, since_ms, sum);
}

/* The life before: 0 = it ended by itself, 1 = it was killed, 2 = it was cut
 * off with the machine, or an error. */
static int
how_it_ended(struct gl_meta *meta, const char *boot, int64_t *cut_ms)
{
    *cut_ms = 0;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_LIFE, NULL);
    int rc = gl_db_step(&meta->db, ask);
    if (rc != 1)
        return rc; /* the first life of all */
    int how = 0;
    if (!sqlite3_column_int(ask, 1))
        how = strcmp(gl_db_column_text(ask, 0), boot) == 0 ? 1 : 2;
    *cut_ms = sqlite3_column_int64(ask, 2);
    sqlite3_reset(ask);
    return how;
}

int
gl_meta_begin_life(struct gl_meta *meta, const char *boot, int64_t now_ms,
                   int64_t *cut_ms)
{
    int how = how_it_ended(meta, boot, cut_ms);
    if (how < 0)
        return how;
    if (how == 2)
        *cut_ms = now_ms;
    int rc = gl_db_change(&meta->db, GL_META_SQL_SET_LIFE,
                          GL_VALUES(gl_as_string(boot), gl_as_int(*cut_ms)));
    return rc < 0 ? rc : how != 0;
}

int
gl_meta_end_life(struct gl_meta *meta)
{
    return gl_db_change(&meta->db, GL_META_SQL_END_LIFE, NULL);
}
