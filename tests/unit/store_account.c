/*
 * An account's file keeps what was committed and nothing else: rows, positions
 * and settings, over rollback, reopening and the limit of open files.
 * Every count is compared with plain SQL on a connection of its own.
 */

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store_probe.h"

static const uint8_t seg_a[16] = "segment A......",
                     seg_b[16] = "segment B......";

static int
count(const char *data, const char *sql)
{
    return (int) probe_int(probe_file(data), sql);
}

static void
insert(struct gl_account *account, int n)
{
    for (int i = 0; i < n; i++) {
        struct gl_store_event event =
            probe_event(PROBE_AT + i, (uint64_t) i + 1);
        if (gl_account_insert(account, &event) != 0)
            tap_bail("insert: %s", gl_account_why(account));
    }
}

static int
mode_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (int) (st.st_mode & 07777) : -1;
}

static void
test_new_file(const char *data)
{
    char path[512];
    struct gl_account *account;
    umask(0);
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    tap_int(gl_accounts_create(pool, PROBE_ID), 0, "make it again: nothing");
    tap_int(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL), 0,
            "begin");
    insert(account, 3);
    tap_int(gl_file_commit(gl_account_file(account)), 0, "commit");
    tap_int(mode_of(probe_file(data)), 0600, "the file is private");
    snprintf(path, sizeof path, "%s-wal", probe_file(data));
    tap_int(mode_of(path), 0600, "its log too");
    snprintf(path, sizeof path, "%s/acct", data);
    tap_int(mode_of(path), 0700, "the folder too");
    gl_accounts_free(pool);
    snprintf(path, sizeof path, "%s-wal", probe_file(data));
    struct stat st;
    tap_ok(stat(path, &st) == -1 || st.st_size == 0,
           "closing writes the log back");
    tap_int(count(data, "SELECT count(*) FROM events"), 3, "three rows");
}

static void
test_ids(const char *data)
{
    static const char *const bad[] = {"",
                                      "short",
                                      "aaaaaaaaaaaaa",
                                      "AAAAAAAAAAAA",
                                      "../../../../x",
                                      "aaaaaa/aaaaa",
                                      "aaaaaaaaaaa.",
                                      "aaaaaaaaaaa\xc3"};
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        tap_ok(gl_accounts_get(pool, bad[i]) == NULL, "no id: \"%s\"", bad[i]);
    account = gl_accounts_get(pool, "bbbbbbbbbbbb");
    tap_int(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL),
            -GL_STORE_ENVIRONMENT,
            "a file that is not there is not made by accident");
    char path[512], target[512];
    snprintf(path, sizeof path, "%s/acct/bbbbbbbbbbbb.db", data);
    snprintf(target, sizeof target, "%s/outside.db", data);
    close(open(target, O_CREAT | O_WRONLY, 0600));
    tap_int(symlink(target, path), 0, "a link lies in the way");
    tap_int(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL),
            -GL_STORE_ENVIRONMENT, "links are not followed");
    tap_int(gl_accounts_remove(pool, "bbbbbbbbbbbb"), 0, "remove");
    tap_ok(access(path, F_OK) == -1 && access(target, F_OK) == 0,
           "the link went, what it named stayed");
    gl_accounts_free(pool);
}

static int
ask_pragma(struct gl_account *account, const char *sql)
{
    sqlite3_stmt *statement = NULL;
    int value = -1;
    sqlite3_prepare_v2(account->db.handle, sql, -1, &statement, NULL);
    if (sqlite3_step(statement) == SQLITE_ROW)
        value = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    return value;
}

static int
switch_of(struct gl_account *account, int which)
{
    int value = -1;
    sqlite3_db_config(account->db.handle, which, -1, &value);
    return value;
}

static void
test_settings(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    sqlite3 *db = account->db.handle;
    tap_str(probe_text(probe_file(data), "PRAGMA journal_mode"), "wal",
            "write-ahead log");
    tap_int(ask_pragma(account, "PRAGMA synchronous"), 2, "synchronous FULL");
    tap_int(ask_pragma(account, "PRAGMA wal_autocheckpoint"), 0,
            "no checkpoint behind our back");
    tap_int(ask_pragma(account, "PRAGMA journal_size_limit"), 64 << 20,
            "log cut to 64 MiB");
    tap_int(switch_of(account, SQLITE_DBCONFIG_DEFENSIVE), 1, "defensive");
    tap_int(switch_of(account, SQLITE_DBCONFIG_TRUSTED_SCHEMA), 0,
            "the schema is not trusted");
    tap_int(switch_of(account, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION), 0,
            "no extensions");
    tap_int(switch_of(account, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE), 1,
            "no checkpoint at close");
    tap_int(sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, -1), 0, "no ATTACH");
    tap_ok(sqlite3_exec(db, "ATTACH ':memory:' AS x", NULL, NULL, NULL) !=
               SQLITE_OK,
           "ATTACH is refused");
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    tap_int(ask_pragma(account, "PRAGMA synchronous"), 0, "OFF on demand");
    gl_file_commit(gl_account_file(account));
    tap_int(gl_accounts_sync(pool), 0, "one sync for all");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(ask_pragma(account, "PRAGMA synchronous"), 2, "and FULL again");
    gl_file_commit(gl_account_file(account));
    gl_accounts_free(pool);
}

static void
count_segment(void *arg, const uint8_t seg[16], uint32_t upto)
{
    (void) seg;
    *(uint32_t *) arg += upto;
}

static const uint8_t *there; /* a segment; all others are gone */

static int
is_gone(void *arg, const uint8_t seg[16])
{
    (void) arg;
    return there == NULL || memcmp(there, seg, 16) != 0;
}

static int
sweep(struct gl_account *account, int64_t since_ms, int64_t before_ms)
{
    struct gl_sweep all = {since_ms, before_ms, is_gone, NULL};
    return gl_file_sweep(gl_account_file(account), &all);
}

static void
test_positions(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    uint32_t upto = 9, sum = 0;
    tap_int(gl_file_upto(gl_account_file(account), seg_a, &upto), 0, "ask");
    tap_int(upto, 0, "an unknown segment: nothing applied");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_file_set_upto(gl_account_file(account), seg_a, 10, 1000);
    gl_file_set_upto(gl_account_file(account), seg_b, UINT32_MAX, 2000);
    gl_file_commit(gl_account_file(account));
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_file_set_upto(gl_account_file(account), seg_a, 20, 3000);
    gl_file_upto(gl_account_file(account), seg_a, &upto);
    tap_int(upto, 20, "inside the transaction: the new one");
    tap_int(probe_let_go(account), 0, "rollback");
    gl_file_upto(gl_account_file(account), seg_a, &upto);
    tap_int(upto, 10, "after rollback: the committed one");
    gl_file_upto(gl_account_file(account), seg_b, &upto);
    tap_uint(upto, UINT32_MAX, "the largest index");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(sweep(account, 3000, 1000), 0, "neither old nor new: stay");
    there = seg_a;
    tap_int(sweep(account, 3000, 1001), 0, "old, but there: stays");
    tap_int(sweep(account, 2000, 1001), 1, "new and gone: goes");
    gl_file_commit(gl_account_file(account));
    gl_file_segments(gl_account_file(account), count_segment, &sum);
    tap_int(sum, 10, "only segment A is left");
    gl_file_upto(gl_account_file(account), seg_b, &upto);
    tap_int(upto, 0, "B is forgotten");
    gl_accounts_free(pool);
}

static void
test_rollback(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    int64_t before, id;
    int rows = count(data, "SELECT count(*) FROM events");
    tap_int(gl_account_next_id(account, &id), -GL_STORE_DATA,
            "no rowid without a transaction");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    tap_int(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL),
            -GL_STORE_DATA, "no transaction in another");
    tap_int(gl_file_commit(gl_account_file(account)), -GL_STORE_DATA,
            "and that failure sticks");
    probe_let_go(account);
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_next_id(account, &before);
    insert(account, 5);
    gl_account_next_id(account, &id);
    tap_int(id, before + 5, "five rowids used");
    probe_let_go(account);
    tap_int(gl_account_savepoint(account), -GL_STORE_DATA,
            "no transaction is left");
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_next_id(account, &id);
    tap_int(id, before, "and given back");
    insert(account, 1);
    gl_account_savepoint(account);
    insert(account, 2);
    tap_int(gl_account_undo(account), 0, "undo");
    insert(account, 1);
    gl_account_savepoint(account);
    insert(account, 1);
    tap_int(gl_account_release(account), 0, "release");
    gl_file_commit(gl_account_file(account));
    tap_int(count(data, "SELECT count(*) FROM events"), rows + 3,
            "three of the five are there");
    tap_int(count(data, "SELECT max(last_id) FROM day_rows"), before + 2,
            "and the day says so");
    gl_accounts_free(pool);
}

/* What is forgotten in the middle of a connection leaves nothing of an event
 * in the next one. */
static void
test_left_out(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 3, &account);
    struct gl_store_event event = probe_event(1800000000000, 7);
    int marked = count(data, "SELECT count(mark) FROM events");
    int64_t id;

    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_savepoint(account);
    event.mark = 1;
    gl_account_next_id(account, &id);
    gl_account_insert(account, &event);
    gl_account_undo(account);
    event.mark = 0;
    gl_account_next_id(account, &id);
    gl_account_insert(account, &event);
    tap_int(gl_file_commit(gl_account_file(account)), 0,
            "an event after an undo");
    tap_int(count(data, "SELECT count(mark) FROM events"), marked,
            "has no mark of the one undone");
    gl_accounts_free(pool);
}

/* Forty accounts through three connections. */
static void
test_many(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 3, &account);
    struct gl_accounts_stats stats;
    size_t most = 0;
    int wrong = 0;
    char id[32], sql[64];
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < 40; i++) {
            snprintf(id, sizeof id, "account%05d", i);
            if (round == 0)
                wrong += gl_accounts_create(pool, id) != 0;
            account = gl_accounts_get(pool, id);
            wrong +=
                gl_file_begin(gl_account_file(account), GL_COMMIT_LATER) != 0;
            insert(account, i + 1);
            wrong += gl_file_commit(gl_account_file(account)) != 0;
            gl_accounts_shorten_logs(pool, round);
            gl_accounts_stats(pool, &stats);
            most = stats.open > most ? stats.open : most;
        }
    tap_int(wrong, 0, "every call worked");
    tap_int((int64_t) most, 3, "never more than three are open");
    gl_accounts_free(pool);
    for (int i = 0; i < 40; i++) {
        char file[512];
        snprintf(file, sizeof file, "%s/acct/account%05d.db", data, i);
        snprintf(sql, sizeof sql, "SELECT count(*) FROM events");
        wrong += probe_int(file, sql) != 3 * (i + 1);
    }
    tap_int(wrong, 0, "every account has its rows");
}

/* Transactions held open in more accounts than may be open. */
static void
test_pinned(const char *data)
{
    struct gl_account *account, *held[5];
    struct gl_accounts *pool = probe_pool(data, 2, &account);
    char id[32];
    int wrong = 0;
    for (int i = 0; i < 5; i++) {
        snprintf(id, sizeof id, "pinned%06d", i);
        gl_accounts_create(pool, id);
        held[i] = gl_accounts_get(pool, id);
        wrong += gl_file_begin(gl_account_file(held[i]), GL_COMMIT_FULL) != 0;
        insert(held[i], 1);
    }
    for (int i = 0; i < 5; i++)
        wrong += gl_file_commit(gl_account_file(held[i])) != 0;
    tap_int(wrong, 0, "a transaction is never closed to make room");
    gl_accounts_free(pool);
}

static void
test_log(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    struct gl_accounts_stats stats;
    gl_accounts_shorten_logs(pool, 1000);
    for (int i = 0; account->db.log_pages < GL_DB_LOG_PAGES; i++) {
        gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
        insert(account, 5000);
        gl_file_commit(gl_account_file(account));
    }
    gl_accounts_shorten_logs(pool, 1000);
    gl_accounts_stats(pool, &stats);
    tap_int((int64_t) stats.checkpoints, 1, "a long log is written back");
    tap_int(account->db.log_written, account->db.log_pages, "all of it");
    gl_accounts_shorten_logs(pool, 1000);
    gl_accounts_stats(pool, &stats);
    tap_int((int64_t) stats.checkpoints, 1, "and not again at once");
    gl_accounts_shorten_logs(pool, 1000 + GL_ACCOUNT_IDLE_MS);
    gl_accounts_stats(pool, &stats);
    tap_int((int64_t) stats.checkpoints, 2, "an idle file's log is cut");
    tap_int(account->db.log_pages, 0, "to nothing");
    char wal[512];
    struct stat st;
    snprintf(wal, sizeof wal, "%s-wal", probe_file(data));
    tap_ok(stat(wal, &st) == 0 && st.st_size == 0, "on disk too");
    gl_accounts_free(pool);
}

/* What SQLite calls, and the clock: a slow disk is one that moves it on. */
static int64_t sync_ms, passed_ms;
static int syncs;

int
fdatasync(int fd)
{
    syncs++;
    passed_ms += sync_ms;
    return fsync(fd);
}

int
clock_gettime(clockid_t clock, struct timespec *at)
{
    int result = (int) syscall(SYS_clock_gettime, clock, at);

    at->tv_sec += passed_ms / 1000;
    at->tv_nsec += passed_ms % 1000 * 1000000;
    if (at->tv_nsec >= 1000000000) {
        at->tv_nsec -= 1000000000;
        at->tv_sec++;
    }
    return result;
}

/* How many syncs a commit costs that is to be durable later. */
static int
syncs_of_later(struct gl_account *account)
{
    int before = syncs;
    gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    insert(account, 1);
    gl_file_commit(gl_account_file(account));
    return syncs - before;
}

static void
test_commit_later(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    gl_db_truncate(&account->db);
    tap_int(syncs_of_later(account), 0, "into an empty log: no sync");
    tap_int(syncs_of_later(account), 0, "behind others: none");
    sqlite3_wal_checkpoint(account->db.handle, NULL);
    tap_int(syncs_of_later(account), 1,
            "into a log begun anew: its head, since old frames follow");
    gl_db_truncate(&account->db);
    syncs_of_later(account);
    tap_int(account->db.synchronous, GL_DB_OFF, "nothing is synced again...");
    syncs = 0;
    tap_int(gl_db_truncate(&account->db), 1, "...but by a checkpoint");
    tap_ok(syncs >= 2, "log and file");
    gl_accounts_free(pool);
}

/* A burst that touched all accounts makes them all idle at once. */
static void
test_many_idle(void)
{
    enum { N = 20 };
    struct gl_accounts_options options = {.data = tap_dir()};
    struct gl_accounts_stats stats;
    char why[256], id[GL_ACCOUNT_ID_LEN + 1];
    struct gl_accounts *pool = gl_accounts_new(&options, why, sizeof why);

    for (int i = 0; i < N; i++) {
        snprintf(id, sizeof id, "m%011d", i);
        gl_accounts_create(pool, id);
    }
    gl_accounts_shorten_logs(pool, 1000);
    sync_ms = GL_ACCOUNT_SHORTEN_MS / 4;
    gl_accounts_shorten_logs(pool, 1000 + GL_ACCOUNT_IDLE_MS);
    sync_ms = 0;
    gl_accounts_stats(pool, &stats);
    tap_ok(stats.checkpoints > 0 && stats.checkpoints <= 4,
           "many idle files, a slow disk: logs are cut for a while");
    for (int second = 2; second <= N; second++)
        gl_accounts_shorten_logs(pool, second * 1000 + GL_ACCOUNT_IDLE_MS);
    gl_accounts_stats(pool, &stats);
    tap_int((int64_t) stats.checkpoints, N, "the others later");
    gl_accounts_free(pool);
}

int
main(void)
{
    const char *data = tap_dir();
    test_new_file(data);
    test_ids(data);
    test_settings(data);
    test_positions(data);
    test_rollback(data);
    test_left_out(data);
    test_many(data);
    test_pinned(data);
    test_log(data);
    test_commit_later(tap_dir());
    test_many_idle();
    return tap_done();
}
