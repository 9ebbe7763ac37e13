/* What was told, and what may be used; see notices.h. */

#include "store/meta/notices.h"

#include "store/meta/meta_internal.h"

static sqlite3_stmt *
of_notice(sqlite3_stmt *statement, const char *kind, const char *of)
{
    if (statement == NULL)
        return NULL;
    gl_db_bind_string(statement, 1, kind);
    gl_db_bind_string(statement, 2, of);
    return statement;
}

int
gl_meta_notice(struct gl_meta *meta, const char *kind, const char *of,
               int64_t *since_ms)
{
    int rc;
    sqlite3_stmt *ask = of_notice(
        gl_db_statement(&meta->db, GL_META_SQL_NOTICE, &rc), kind, of);

    if (ask == NULL)
        return rc;
    rc = gl_db_step(&meta->db, ask);
    if (rc == 1) {
        *since_ms = sqlite3_column_int64(ask, 0);
        sqlite3_reset(ask);
    }
    return rc;
}

int
gl_meta_notice_add(struct gl_meta *meta, const char *kind, const char *of,
                   int64_t since_ms)
{
    int rc;
    sqlite3_stmt *add = of_notice(
        gl_db_change(&meta->db, GL_META_SQL_ADD_NOTICE, &rc), kind, of);

    if (add == NULL)
        return rc;
    gl_db_bind_int(add, 3, since_ms);
    return gl_db_done(&meta->db, add);
}

int
gl_meta_notice_remove(struct gl_meta *meta, const char *kind, const char *of)
{
    int rc;
    sqlite3_stmt *remove = of_notice(
        gl_db_change(&meta->db, GL_META_SQL_REMOVE_NOTICE, &rc), kind, of);

    return remove == NULL ? rc : gl_db_done(&meta->db, remove);
}

int
gl_meta_quotas(struct gl_meta *meta,
               void (*each)(void *arg, const struct gl_meta_quota *quota),
               void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_statement(&meta->db, GL_META_SQL_QUOTAS, &rc);

    if (ask == NULL)
        return rc;
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_quota quota = {.events = sqlite3_column_int64(ask, 1),
                                      .bytes = sqlite3_column_int64(ask, 2),
                                      .month = sqlite3_column_int64(ask, 3),
                                      .full = sqlite3_column_int(ask, 4)};

        gl_db_column_string(ask, 0, quota.account, sizeof quota.account);
        each(arg, &quota);
    }
    return rc;
}

int
gl_meta_quota_set(struct gl_meta *meta, const struct gl_meta_quota *quota)
{
    int rc;
    sqlite3_stmt *set = gl_db_change(&meta->db, GL_META_SQL_SET_QUOTA, &rc);

    if (set == NULL)
        return rc;
    gl_db_bind_string(set, 1, quota->account);
    gl_db_bind_int(set, 2, quota->events);
    gl_db_bind_int(set, 3, quota->bytes);
    gl_db_bind_int(set, 4, quota->month);
    gl_db_bind_int(set, 5, quota->full);
    return gl_db_done(&meta->db, set);
}
