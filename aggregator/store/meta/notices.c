/* What was told, and what may be used; see notices.h. */

#include "store/meta/notices.h"

#include "store/meta/meta_internal.h"

int
gl_meta_notice(struct gl_meta *meta, const char *kind, const char *of,
               int64_t *since_ms)
{
    sqlite3_stmt *ask =
        gl_db_ask(&meta->db, GL_META_SQL_NOTICE,
                  GL_VALUES(gl_as_string(kind), gl_as_string(of)));

    return gl_db_first(&meta->db, ask, since_ms);
}

int
gl_meta_notice_add(struct gl_meta *meta, const char *kind, const char *of,
                   int64_t since_ms)
{
    return gl_db_change(
        &meta->db, GL_META_SQL_ADD_NOTICE,
        GL_VALUES(gl_as_string(kind), gl_as_string(of), gl_as_int(since_ms)));
}

int
gl_meta_notice_remove(struct gl_meta *meta, const char *kind, const char *of)
{
    return gl_db_change(&meta->db, GL_META_SQL_REMOVE_NOTICE,
                        GL_VALUES(gl_as_string(kind), gl_as_string(of)));
}

static struct gl_meta_quota
row(sqlite3_stmt *ask)
{
    struct gl_meta_quota quota = {.events = sqlite3_column_int64(ask, 1),
                                  .bytes = sqlite3_column_int64(ask, 2),
                                  .month = sqlite3_column_int64(ask, 3),
                                  .full = sqlite3_column_int(ask, 4)};

    gl_db_column_string(ask, 0, quota.account, sizeof quota.account);
    return quota;
}

int
gl_meta_quota(struct gl_meta *meta, const char *account,
              struct gl_meta_quota *quota)
{
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_QUOTA,
                                  GL_VALUES(gl_as_string(account)));
    int rc;

    *quota = (struct gl_meta_quota){.events = 0};
    g_strlcpy(quota->account, account, sizeof quota->account);
    while ((rc = gl_db_step(&meta->db, ask)) == 1)
        *quota = row(ask);
    return rc;
}

int
gl_meta_quotas(struct gl_meta *meta,
               void (*each)(void *arg, const struct gl_meta_quota *quota),
               void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_db_ask(&meta->db, GL_META_SQL_QUOTAS, NULL);
    while ((rc = gl_db_step(&meta->db, ask)) == 1) {
        struct gl_meta_quota quota = row(ask);

        each(arg, &quota);
    }
    return rc;
}

int
gl_meta_quota_set(struct gl_meta *meta, const struct gl_meta_quota *quota)
{
    return gl_db_change(
        &meta->db, GL_META_SQL_SET_QUOTA,
        GL_VALUES(gl_as_string(quota->account), gl_as_int(quota->events),
                  gl_as_int(quota->bytes), gl_as_int(quota->month),
                  gl_as_int(quota->full)));
}
