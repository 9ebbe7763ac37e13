/* Transactions of one account. */

#include "store/account/account_internal.h"
#include "store/db/file_statements.h"

#include <string.h>

_Static_assert((int) GL_SQL_FORGET == GL_DB_SQL_FORGET,
               "these come first in every list of statements");

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

static int
ready(void *owner)
{
    return gl_account_ready_(owner);
}

static int
begin(void *owner, enum gl_durability durability)
{
    struct gl_account *account = owner;
    int rc = gl_account_connect_(account);
    account->let_go.site = 0;
    return rc ? rc : gl_db_begin(&account->db, durability == GL_COMMIT_FULL);
}

static int
commit(void *owner)
{
    struct gl_account *account = owner;
    int rc = gl_account_flush_days_(account);
    return rc ? rc : gl_db_commit(&account->db);
}

static void
close_file(void *owner)
{
    struct gl_account *account = owner;
    account->pool->stats.reopened++;
    gl_db_abandon(&account->db);
    gl_account_disconnect_(account);
}

void
gl_account_file_init_(struct gl_account *account)
{
    static const struct gl_file_kind kind = {ready, begin, commit, close_file};
    account->file =
        (struct gl_file){.kind = &kind, .owner = account, .db = &account->db};
}

struct gl_file *
gl_account_file(struct gl_account *account)
{
    return &account->file;
}

void
gl_account_sync_failed(struct gl_account *account)
{
    account->db.unsure = GL_DB_FAILED;
    gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                 "the data folder cannot be synced");
}

int
gl_account_unsure(const struct gl_account *account)
{
    return account->db.unsure == GL_DB_FAILED;
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
    int rc = gl_account_flush_days_(account);
    return rc ? rc : gl_db_release(&account->db);
}

int
gl_account_undo(struct gl_account *account)
{
    gl_account_drop_caches_(account);
    return gl_db_undo(&account->db);
}
