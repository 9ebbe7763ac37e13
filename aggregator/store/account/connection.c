/*
 * Which accounts have a connection: at most open_max of them (three
 * descriptors each), least recently used closed first, never inside a
 * transaction or while it is read.  Busy ones have places of their own,
 * twice as many.
 */

#include "store/account/account_internal.h"

/* Of a log that is left to the next opening, which reads all of it: 0.5 ms.
 * A checkpoint instead costs three syncs. */
#define LOG_PAGES_LEFT 128

void
gl_account_drop_caches_(struct gl_account *account)
{
    gl_codes_clear_(&account->codes);
    gl_days_clear_(&account->days);
    gl_bots_clear_(&account->bots);
    gl_rows_forget_(account);
    gl_served_forget_(account);
    gl_positions_clear_(&account->file.positions);
    account->next_id = 0;
    account->let_go.site = 0;
}

void
gl_account_disconnect_(struct gl_account *account)
{
    if (account->listed) {
        TAILQ_REMOVE(&account->pool->open, account, age);
        account->pool->open_n--;
        account->listed = 0;
        gl_account_idle_(account);
    }
    gl_account_drop_caches_(account);
    gl_db_close(&account->db);
}

/* Closed with a long log, it is opened by reading all of that again. */
static void
retire(struct gl_account *account)
{
    if (account->db.log_pages >= LOG_PAGES_LEFT)
        gl_db_truncate(&account->db);
    gl_account_disconnect_(account);
}

void
gl_account_idle_(struct gl_account *account)
{
    account->pool->busy_n -= (size_t) account->busy;
    account->busy = 0;
}

/* The places of accounts that are not busy. */
static int
is_full(const struct gl_accounts *pool)
{
    return pool->open_n >= pool->open_max + pool->busy_n;
}

static void
make_room(struct gl_accounts *pool)
{
    struct gl_account *oldest = TAILQ_LAST(&pool->open, gl_account_list);
    while (oldest != NULL && is_full(pool)) {
        struct gl_account *younger = TAILQ_PREV(oldest, gl_account_list, age);
        if (!oldest->busy && !oldest->db.transaction && !oldest->reading)
            retire(oldest);
        oldest = younger;
    }
}

int
gl_account_connect_(struct gl_account *account)
{
    struct gl_accounts *pool = account->pool;
    account->used_ms = pool->now_ms;
    if (account->listed && account->db.handle != NULL) {
        if (TAILQ_FIRST(&pool->open) != account) {
            TAILQ_REMOVE(&pool->open, account, age);
            TAILQ_INSERT_HEAD(&pool->open, account, age);
        }
        return 0;
    }
    if (!account->listed) {
        if (!account->briefly)
            make_room(pool);
        TAILQ_INSERT_HEAD(&pool->open, account, age);
        pool->open_n++;
        account->listed = 1;
    }
    int rc = gl_db_open(&account->db);
    if (rc != 0)
        gl_account_disconnect_(account);
    return rc;
}

int
gl_account_ready_(struct gl_account *account)
{
    return account->db.transaction ? 0 : gl_account_connect_(account);
}

sqlite3_stmt *
gl_account_ask_(struct gl_account *account, int number,
                const struct gl_value *values)
{
    int rc = gl_account_ready_(account);
    if (rc == 0)
        return gl_db_ask(&account->db, number, values);
    account->db.none = rc;
    return NULL;
}

int
gl_accounts_are_many(const struct gl_accounts *pool)
{
    return is_full(pool);
}

int
gl_account_is_cold(const struct gl_account *account)
{
    const struct gl_accounts *pool = account->pool;
    const struct gl_account *oldest = TAILQ_LAST(&pool->open, gl_account_list);
    while (oldest != NULL && oldest->busy)
        oldest = TAILQ_PREV(oldest, gl_account_list, age);
    return account->db.handle == NULL && is_full(pool) &&
           (oldest == NULL ||
            pool->now_ms - oldest->used_ms < GL_ACCOUNT_PLACE_MS);
}

int
gl_account_keep(struct gl_account *account)
{
    struct gl_accounts *pool = account->pool;
    if (!account->busy) {
        if (pool->busy_n >= GL_ACCOUNT_BUSY_EACH * pool->open_max)
            return 0;
        account->busy = 1;
        pool->busy_n++;
    }
    return gl_account_connect_(account) == 0; /* or it is idle again */
}

void
gl_account_open_briefly(struct gl_account *account)
{
    account->briefly = account->db.alone = account->db.handle == NULL;
}

void
gl_account_rest(struct gl_account *account)
{
    if (account->briefly) {
        account->briefly = account->db.alone = 0;
        retire(account);
        return;
    }
    if (account->db.handle != NULL)
        sqlite3_db_release_memory(account->db.handle);
    gl_codes_clear_(&account->codes);
}
