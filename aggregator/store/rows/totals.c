/* Totals of days; see totals.h. */

#include "store/rows/totals.h"

#include "store/account/account_internal.h"

/* Columns of GL_SQL_TOTAL_COLUMNS. */
enum { IMPORT, KIND, DATE, LINE, TEXTS, SUMS = TEXTS + GL_DAY_TEXTS_MAX };

int
gl_account_total_import(struct gl_account *account, int64_t site,
                        const char *hash, struct gl_total_import *import)
{
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_TOTAL_IMPORT,
                        GL_VALUES(gl_as_int(site), gl_as_string(hash)));
    int rc = gl_db_step(&account->db, ask);
    if (rc == 1)
        *import = (struct gl_total_import){
            .id = sqlite3_column_int64(ask, 0),
            .site = site,
            .first = sqlite3_column_int64(ask, 1),
            .last = sqlite3_column_int64(ask, 2),
        };
    sqlite3_reset(ask);
    return rc;
}

int
gl_account_put_total_import(struct gl_account *account,
                            const struct gl_total_import *import)
{
    return gl_db_change(
        &account->db, GL_SQL_PUT_TOTAL_IMPORT,
        GL_VALUES(gl_as_int(import->id), gl_as_int(import->site),
                  gl_as_string(import->hash), gl_as_int(import->first),
                  gl_as_int(import->last)));
}

int
gl_account_put_total(struct gl_account *account, const struct gl_total *total)
{
    sqlite3_stmt *put = gl_db_to_change(&account->db, GL_SQL_PUT_TOTAL, NULL);
    gl_db_bind_int(put, IMPORT + 1, total->import);
    gl_db_bind_int(put, KIND + 1, total->kind);
    gl_db_bind_int(put, DATE + 1, total->date);
    gl_db_bind_int(put, LINE + 1, total->line);
    for (int i = 0; i < GL_DAY_TEXTS_MAX; i++)
        if (total->texts[i].len > 0)
            gl_db_bind_text(put, TEXTS + i + 1, total->texts[i]);
        else
            sqlite3_bind_null(put, TEXTS + i + 1);
    for (int i = 0; i < GL_DAY_SUMS_N; i++)
        gl_db_bind_int(put, SUMS + i + 1, total->sums[i]);
    return gl_db_done(&account->db, put);
}

int
gl_account_drop_totals(struct gl_account *account, int64_t site)
{
    static const int drops[] = {GL_SQL_DELETE_OLD_TOTALS,
                                GL_SQL_DELETE_OLD_IMPORTS,
                                GL_SQL_DELETE_OLD_TOTAL_IMPORTS};
    return gl_db_change_all(&account->db, drops, 3,
                            GL_VALUES(gl_as_int(site)));
}

int
gl_account_total_dates(struct gl_account *account, int64_t site, int64_t from,
                       int64_t to, int64_t *first, int64_t *last)
{
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_TOTAL_DATES,
        GL_VALUES(gl_as_int(site), gl_as_int(from), gl_as_int(to)));
    int rc = gl_db_step(&account->db, ask);
    if (rc == 1) {
        *first = sqlite3_column_int64(ask, 0);
        *last = sqlite3_column_int64(ask, 1);
    }
    sqlite3_reset(ask);
    return rc;
}

static void
take(sqlite3_stmt *ask, struct gl_total *total)
{
    *total = (struct gl_total){
        .import = sqlite3_column_int64(ask, IMPORT),
        .kind = (enum gl_day_table_number) sqlite3_column_int(ask, KIND),
        .date = sqlite3_column_int64(ask, DATE),
        .line = sqlite3_column_int64(ask, LINE),
    };
    for (int i = 0; i < GL_DAY_TEXTS_MAX; i++) {
        total->texts[i].data =
            (const char *) sqlite3_column_text(ask, TEXTS + i);
        total->texts[i].len = (uint32_t) sqlite3_column_bytes(ask, TEXTS + i);
    }
    for (int i = 0; i < GL_DAY_SUMS_N; i++)
        total->sums[i] = sqlite3_column_int64(ask, SUMS + i);
}

int
gl_account_totals(struct gl_account *account, int64_t site,
                  enum gl_day_table_number kind, int64_t from, int64_t to,
                  int (*total)(void *arg, const struct gl_total *total),
                  void *arg)
{
    int rc, stop = 0;
    sqlite3_stmt *ask =
        gl_account_ask_(account, GL_SQL_TOTALS,
                        GL_VALUES(gl_as_int(site), gl_as_int(kind),
                                  gl_as_int(from), gl_as_int(to)));
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1) {
        struct gl_total row;
        take(ask, &row);
        stop = total(arg, &row);
    }
    sqlite3_reset(ask);
    return stop ? stop : rc;
}
