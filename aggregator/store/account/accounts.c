/*
 * The pool: handles by id, files made and removed, and what is done for all
 * connections between rounds.  A handle is small and stays.
 */

#define _GNU_SOURCE /* asprintf, syncfs */

#include "store/account/account_internal.h"

#include "clock.h"
#include "store/db/create.h"
#include "store/db/lend.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Lowest version the tests ran with (Debian 12). */
#define SQLITE_TESTED 3040000
/* Checkpoints at a stop; logs of the rest are left to the next opening. */
#define FREE_MS 2000

static const char *const statements[] = {
#define GL_SQL(name, text) [GL_SQL_##name] = text,
#include "store/account/account_sql.h"
#undef GL_SQL
};

const struct gl_db_schema gl_account_schema_ = {
    .name = "account",
    .sql = gl_embed_account_sql,
    .list = gl_embed_embed_list,
    .statements = statements,
    .statements_n = GL_SQL_N,
};

/* New words a site and UTC day.  Paths, referrers, names, properties and
 * values of utm_ keys as the threat model says; hosts, languages and screens
 * have few honest values; agents and places are bounded by their data files,
 * but a forged agent is not. */
static const uint32_t caps_default[GL_WORD_COUNTED] = {
    [GL_WORD_HOST] = 1000,       [GL_WORD_PATH] = 10000,
    [GL_WORD_NAME] = 200,        [GL_WORD_TITLE] = 10000,
    [GL_WORD_LANGUAGE] = 500,    [GL_WORD_SCREEN] = 1000,
    [GL_WORD_REFERRER] = 5000,   [GL_WORD_AGENT] = 5000,
    [GL_WORD_PLACE] = 10000,     [GL_WORD_PROP_KEY] = 200,
    [GL_WORD_PROP_VALUE] = 5000, [GL_WORD_UTM] = 1000,
    [GL_WORD_UTM + 1] = 1000,    [GL_WORD_UTM + 2] = 1000,
    [GL_WORD_UTM + 3] = 1000,    [GL_WORD_UTM + 4] = 1000,
};

/* Open DATA and DATA/acct, making what is missing. */
static int
open_folders(struct gl_accounts *pool, const char *data)
{
    int flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC;
    if (mkdir(data, 0700) == -1 && errno != EEXIST)
        return -1;
    pool->data_fd = open(data, flags);
    if (pool->data_fd == -1)
        return -1;
    if (mkdirat(pool->data_fd, "acct", 0700) == -1 && errno != EEXIST)
        return -1;
    pool->acct_fd = openat(pool->data_fd, "acct", flags | O_NOFOLLOW);
    if (pool->acct_fd == -1)
        return -1;
    char *real = realpath(data, NULL);
    if (real == NULL || asprintf(&pool->path, "%s/acct", real) == -1)
        pool->path = NULL;
    free(real);
    return pool->path != NULL ? 0 : -1;
}

static void
free_account(gpointer handle)
{
    struct gl_account *account = handle;
    gl_account_disconnect_(account);
    gl_db_fini(&account->db);
    free(account);
}

struct gl_accounts *
gl_accounts_new(const struct gl_accounts_options *options, char *why,
                size_t why_len)
{
    if (sqlite3_libversion_number() < SQLITE_TESTED || sodium_init() == -1) {
        snprintf(why, why_len,
                 "SQLite %s is older than 3.40, or libsodium does not start",
                 sqlite3_libversion());
        return NULL;
    }
    struct gl_accounts *pool = calloc(1, sizeof *pool);
    if (pool != NULL) {
        pool->data_fd = pool->acct_fd = -1;
        pool->known =
            g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_account);
        TAILQ_INIT(&pool->open);
    }
    if (pool == NULL || open_folders(pool, options->data) == -1) {
        snprintf(why, why_len, "cannot use the data folder %s: %s",
                 options->data, strerror(errno));
        gl_accounts_free(pool);
        return NULL;
    }
    pool->open_max =
        options->open_max ? options->open_max : GL_ACCOUNT_OPEN_MAX;
    pool->lender = gl_lend_new(GL_SQL_N); /* or NULL: it is no need */
    pool->note = options->note;
    pool->arg = options->arg;
    pool->text_max =
        options->text_max ? options->text_max : GL_ACCOUNT_TEXT_MAX;
    randombytes_buf(pool->keys, sizeof pool->keys);
    for (int kind = 0; kind < GL_WORD_COUNTED; kind++)
        pool->caps[kind] =
            options->caps[kind] ? options->caps[kind] : caps_default[kind];
    return pool;
}

void
gl_accounts_free(struct gl_accounts *pool)
{
    if (pool == NULL)
        return;
    int64_t until_ms = gl_clock_boot_ms() + FREE_MS;
    GHashTableIter iter;
    gpointer account;
    g_hash_table_iter_init(&iter, pool->known);
    while (g_hash_table_iter_next(&iter, NULL, &account)) {
        struct gl_db *db = &((struct gl_account *) account)->db;
        if (db->transaction)
            gl_db_rollback(db);
        if (gl_clock_boot_ms() < until_ms)
            gl_db_truncate(db);
    }
    g_hash_table_destroy(pool->known);
    gl_lend_free(pool->lender);
    free(pool->path);
    if (pool->acct_fd != -1)
        close(pool->acct_fd);
    if (pool->data_fd != -1)
        close(pool->data_fd);
    free(pool);
}

/* ---- handles ---- */

static struct gl_account *
new_account(struct gl_accounts *pool, const char *id)
{
    struct gl_account *account = calloc(1, sizeof *account);
    char *path = NULL;
    if (account == NULL || asprintf(&path, "%s/%s.db", pool->path, id) == -1) {
        free(account);
        return NULL;
    }
    account->pool = pool;
    memcpy(account->id, id, sizeof account->id);
    int rc = gl_db_init(&account->db, &gl_account_schema_, path);
    account->db.lender = pool->lender;
    gl_account_file_init_(account);
    free(path);
    if (rc == 0)
        return account;
    free(account);
    return NULL;
}

struct gl_account *
gl_accounts_get(struct gl_accounts *pool, const char *id)
{
    if (!gl_account_is_id_(id))
        return NULL;
    struct gl_account *account = g_hash_table_lookup(pool->known, id);
    if (account == NULL && (account = new_account(pool, id)) != NULL) {
        if (pool->sync_failed)
            account->db.unsure = GL_DB_FAILED;
        g_hash_table_insert(pool->known, account->id, account);
    }
    return account;
}

int
gl_accounts_create(struct gl_accounts *pool, const char *id)
{
    struct gl_account *account = gl_accounts_get(pool, id);
    char name[GL_ACCOUNT_ID_LEN + sizeof ".db"];
    if (account == NULL)
        return -GL_STORE_DATA;
    snprintf(name, sizeof name, "%s.db", account->id);
    if (gl_db_create_file(pool->acct_fd, name) == -1)
        return gl_db_refuse(&account->db, GL_STORE_ENVIRONMENT,
                            strerror(errno));
    return gl_account_connect_(account);
}

int
gl_accounts_remove(struct gl_accounts *pool, const char *id)
{
    static const char *const ends[] = {".db-wal", ".db-shm", ".db-journal",
                                       ".db"};
    if (!gl_account_is_id_(id))
        return -GL_STORE_DATA;
    g_hash_table_remove(pool->known, id);
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        char name[GL_ACCOUNT_ID_LEN + sizeof ".db-journal"];
        snprintf(name, sizeof name, "%s%s", id, ends[i]);
        if (unlinkat(pool->acct_fd, name, 0) == -1 && errno != ENOENT)
            return -GL_STORE_ENVIRONMENT;
    }
    return fsync(pool->acct_fd) == -1 ? -GL_STORE_ENVIRONMENT : 0;
}

/* ---- what the writer thread does between rounds ---- */

/* 1 = a checkpoint was done or failed. */
static int
shorten_log(struct gl_account *account, int64_t now_ms)
{
    struct gl_accounts *pool = account->pool;
    struct gl_db *db = &account->db;
    int rc = gl_db_shorten_log(db, now_ms, GL_ACCOUNT_IDLE_MS);
    pool->stats.checkpoints += rc == 1;
    pool->stats.checkpoints_failed += rc < 0;
    if (rc < 0 && rc != -GL_STORE_ENVIRONMENT && pool->note != NULL)
        pool->note(pool->arg, db->why);
    return rc != 0;
}

void
gl_account_shorten_log(struct gl_account *account, int64_t now_ms)
{
    shorten_log(account, now_ms);
}

void
gl_accounts_shorten_logs(struct gl_accounts *pool, int64_t now_ms)
{
    struct gl_account *account;
    int64_t until_ms = gl_clock_boot_ms() + GL_ACCOUNT_SHORTEN_MS;
    int done = 0;
    pool->now_ms = now_ms;
    pool->stats.wal_bytes_max = 0;
    TAILQ_FOREACH (account, &pool->open, age) {
        if (done == 0 || gl_clock_boot_ms() < until_ms)
            done += shorten_log(account, now_ms);
        if (now_ms - account->used_ms > GL_ACCOUNT_BUSY_MS)
            gl_account_idle_(account);
        uint64_t bytes = (uint64_t) account->db.log_pages * GL_DB_PAGE_BYTES;
        if (bytes > pool->stats.wal_bytes_max)
            pool->stats.wal_bytes_max = bytes;
    }
}

int
gl_accounts_sync(struct gl_accounts *pool)
{
    GHashTableIter iter;
    gpointer account;
    if (syncfs(pool->data_fd) == 0)
        return 0;
    /* Perhaps it was the log of a file not yet opened in this life. */
    pool->sync_failed = 1;
    g_hash_table_iter_init(&iter, pool->known);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        if (((struct gl_account *) account)->db.unsure)
            ((struct gl_account *) account)->db.unsure = GL_DB_FAILED;
    return -GL_STORE_ENVIRONMENT;
}

void
gl_accounts_stats(const struct gl_accounts *pool,
                  struct gl_accounts_stats *stats)
{
    *stats = pool->stats;
    stats->known = g_hash_table_size(pool->known);
    stats->open = pool->open_n;
    stats->open_max = pool->open_max;
    stats->page_bytes = (uint64_t) sqlite3_memory_used();
}
