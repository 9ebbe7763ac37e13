/*
 * Transactions of one account and how far each segment has been applied.
 */

#include "store/account_internal.h"

#include <stdlib.h>
#include <string.h>

void
gl_account_drop_caches_(struct gl_account *account)
{
    gl_codes_clear_(&account->codes);
    gl_days_clear_(&account->days);
    account->next_id = 0;
    account->bound = UINT32_MAX; /* the statement may be as it was left */
    free(account->positions);
    account->positions = NULL;
    account->positions_n = account->positions_size = 0;
}

sqlite3_stmt *
gl_account_ask_(struct gl_account *account, int number, int *rc)
{
    *rc = account->db.transaction ? 0 : gl_account_connect_(account);
    return *rc ? NULL : gl_db_statement(&account->db, number, rc);
}

sqlite3_stmt *
gl_account_change_(struct gl_account *account, int number, int *rc)
{
    *rc = gl_db_writable(&account->db);
    return *rc ? NULL : gl_db_statement(&account->db, number, rc);
}

int
gl_account_done_(struct gl_account *account, sqlite3_stmt *statement)
{
    int rc = gl_db_run(&account->db, statement);
    return rc < 0 ? rc : 0;
}

const char *
gl_account_why(const struct gl_account *account)
{
    return account->db.why;
}

int
gl_account_full(const struct gl_account *account)
{
    return account->db.full;
}

const char *
gl_account_path(const struct gl_account *account)
{
    return account->db.path;
}

int
gl_account_in_transaction(const struct gl_account *account)
{
    return account->db.transaction;
}

/* ---- transactions ---- */

int
gl_account_begin(struct gl_account *account, enum gl_durability durability)
{
    int rc = gl_account_connect_(account);
    return rc ? rc : gl_db_begin(&account->db, durability == GL_COMMIT_FULL);
}

int
gl_account_commit(struct gl_account *account)
{
    int rc = gl_account_flush_days_(account);
    return rc ? rc : gl_db_commit(&account->db);
}

int
gl_account_rollback(struct gl_account *account)
{
    gl_account_drop_caches_(account);
    account->pool->stats.reopened++;
    int rc = gl_db_rollback(&account->db);
    return rc ? rc : gl_account_connect_(account);
}

void
gl_account_let_go(struct gl_account *account)
{
    gl_account_drop_caches_(account);
    account->pool->stats.reopened++;
    gl_db_abandon(&account->db);
    gl_account_disconnect_(account);
}

void
gl_account_doubt(struct gl_account *account)
{
    account->db.unsure = GL_DB_FAILED;
    gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                 "the data folder cannot be synced");
}

int
gl_account_doubtful(const struct gl_account *account)
{
    return account->db.unsure == GL_DB_FAILED;
}

uint64_t
gl_account_look(const struct gl_account *account)
{
    return gl_db_look(&account->db);
}

int
gl_account_savepoint(struct gl_account *account)
{
    int rc = gl_account_flush_days_(account);
    return rc ? rc : gl_db_savepoint(&account->db);
}

int
gl_account_release(struct gl_account *account)
{
    return gl_db_release(&account->db);
}

int
gl_account_undo(struct gl_account *account)
{
    gl_account_drop_caches_(account);
    return gl_db_undo(&account->db);
}

/* ---- positions ---- */

/* Where SEG stands in the sorted list, or should. */
static size_t
place_of(const struct gl_account *account, const uint8_t seg[16])
{
    size_t low = 0, high = account->positions_n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (memcmp(account->positions[middle].seg, seg, 16) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static int
is_at(const struct gl_account *account, size_t at, const uint8_t seg[16])
{
    return at < account->positions_n &&
           memcmp(account->positions[at].seg, seg, 16) == 0;
}

/* Without memory the position is simply read again from the file. */
static void
remember(struct gl_account *account, const uint8_t seg[16], uint32_t upto)
{
    size_t at = place_of(account, seg);
    if (!is_at(account, at, seg)) {
        if (account->positions_n == account->positions_size) {
            size_t size =
                account->positions_size ? account->positions_size * 2 : 8;
            void *more =
                realloc(account->positions, size * sizeof *account->positions);
            if (more == NULL)
                return;
            account->positions = more;
            account->positions_size = size;
        }
        memmove(&account->positions[at + 1], &account->positions[at],
                (account->positions_n - at) * sizeof *account->positions);
        account->positions_n++;
        memcpy(account->positions[at].seg, seg, 16);
    }
    account->positions[at].upto = upto;
}

static void
unremember(struct gl_account *account, const uint8_t seg[16])
{
    size_t at = place_of(account, seg);
    if (!is_at(account, at, seg))
        return;
    account->positions_n--;
    memmove(&account->positions[at], &account->positions[at + 1],
            (account->positions_n - at) * sizeof *account->positions);
}

uint32_t
gl_account_connection(const struct gl_account *account)
{
    return account->db.handle != NULL ? account->db.opened : 0;
}

int
gl_account_upto(struct gl_account *account, const uint8_t seg[16],
                uint32_t *upto)
{
    int rc = account->db.error ? -account->db.error : 0;
    size_t at = place_of(account, seg);
    *upto = 0;
    if (rc == 0 && is_at(account, at, seg)) {
        *upto = account->positions[at].upto;
        return 0;
    }
    sqlite3_stmt *ask = rc ? NULL : gl_account_ask_(account, GL_SQL_UPTO, &rc);
    if (ask == NULL)
        return rc;
    gl_db_bind_blob(ask, 1, seg, 16);
    rc = gl_db_step(&account->db, ask);
    if (rc == 1) {
        *upto = (uint32_t) sqlite3_column_int64(ask, 0);
        sqlite3_reset(ask);
    }
    if (rc >= 0)
        remember(account, seg, *upto);
    return rc < 0 ? rc : 0;
}

int
gl_account_set_upto(struct gl_account *account, const uint8_t seg[16],
                    uint32_t upto)
{
    int rc;
    sqlite3_stmt *set = gl_account_change_(account, GL_SQL_SET_UPTO, &rc);
    if (set == NULL)
        return rc;
    gl_db_bind_blob(set, 1, seg, 16);
    gl_db_bind_int(set, 2, upto);
    rc = gl_account_done_(account, set);
    if (rc == 0)
        remember(account, seg, upto);
    return rc;
}

int
gl_account_segments(struct gl_account *account,
                    void (*segment)(void *arg, const uint8_t seg[16],
                                    uint32_t upto),
                    void *arg)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(account, GL_SQL_SEGMENTS, &rc);
    if (ask == NULL)
        return rc;
    account->reading++;
    while ((rc = gl_db_step(&account->db, ask)) == 1)
        if (sqlite3_column_bytes(ask, 0) == 16)
            segment(arg, sqlite3_column_blob(ask, 0),
                    (uint32_t) sqlite3_column_int64(ask, 1));
    account->reading--;
    return rc;
}

int
gl_account_forget(struct gl_account *account, const uint8_t seg[16])
{
    int rc;
    sqlite3_stmt *forget = gl_account_change_(account, GL_SQL_FORGET, &rc);
    if (forget == NULL)
        return rc;
    gl_db_bind_blob(forget, 1, seg, 16);
    rc = gl_account_done_(account, forget);
    if (rc == 0)
        unremember(account, seg);
    return rc;
}
