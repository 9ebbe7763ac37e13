/* What an account has used; see usage.h. */

#include "store/usage.h"

#include "store/account/account_internal.h"
#include "store/meta/meta_internal.h"

int
gl_usage_read(const struct gl_meta *meta, const char *account, int64_t first,
              int64_t last, const atomic_int *stopping,
              void (*each)(void *arg, const struct gl_usage_day *day),
              void *arg)
{
    struct gl_account *file = gl_meta_open_account_(meta, account, stopping);
    sqlite3_stmt *days;
    int rc;

    if (file == NULL)
        return -1;
    days = gl_account_ask_(file, GL_SQL_USED_DAYS,
                           GL_VALUES(gl_as_int(first), gl_as_int(last)));
    while ((rc = gl_db_step(&file->db, days)) == 1)
        each(arg, &(struct gl_usage_day){sqlite3_column_int64(days, 0),
                                         sqlite3_column_int64(days, 1),
                                         sqlite3_column_int64(days, 2)});
    gl_account_reader_free(file);
    return rc == 0 ? 0 : -1;
}
