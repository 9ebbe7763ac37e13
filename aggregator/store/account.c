/*
 * Transactions of one account and how far each segment has been applied.
 */

#include "store/account_internal.h"

#include <string.h>

_Static_assert((int) GL_SQL_FORGET == GL_POSITIONS_FORGET,
               "positions come first in every list of statements");

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

int
gl_account_is_id_(const char *id)
{
    return strspn(id, "abcdefghijklmnopqrstuvwxyz0123456789") ==
               GL_ACCOUNT_ID_LEN &&
           id[GL_ACCOUNT_ID_LEN] == '\0';
}

const char *
gl_account_path(const struct gl_account *account)
{
    return account->db.path;
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

uint32_t
gl_account_connection(const struct gl_account *account)
{
    return account->db.handle != NULL ? account->db.opened : 0;
}

int
gl_account_upto(struct gl_account *account, const uint8_t seg[16],
                uint32_t *upto)
{
    if (!account->db.error &&
        gl_positions_know_(&account->positions, seg, upto))
        return 0;
    *upto = 0;
    int rc = gl_account_ready_(account);
    return rc ? rc
              : gl_positions_read_(&account->positions, &account->db, seg,
                                   upto);
}

int
gl_account_set_upto(struct gl_account *account, const uint8_t seg[16],
                    uint32_t upto)
{
    return gl_positions_set_(&account->positions, &account->db, seg, upto);
}

int
gl_account_segments(struct gl_account *account,
                    void (*segment)(void *arg, const uint8_t seg[16],
                                    uint32_t upto),
                    void *arg)
{
    int rc = gl_account_ready_(account);
    if (rc != 0)
        return rc;
    account->reading++;
    rc = gl_positions_each_(&account->db, segment, arg);
    account->reading--;
    return rc;
}

int
gl_account_forget(struct gl_account *account, const uint8_t seg[16])
{
    return gl_positions_forget_(&account->positions, &account->db, seg);
}
