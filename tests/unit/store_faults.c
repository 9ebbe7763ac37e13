/*
 * Whatever fails between begin and commit's return, the file holds whole
 * transactions only, and position and rows always agree: a process killed
 * inside a transaction, every single write and sync failing once, memory that
 * is missing once, a disk that stays full, a full file, and files that are
 * damaged.
 */

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/account/account_internal.h"
#include "store/meta/meta.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"
#include "store_probe.h"

#define BATCH 50

static const uint8_t seg[16] = "the one segment";

/* One round of the writer thread: BATCH rows with new words, and a position
 * that says how many rows there are. */
static int
apply(struct gl_account *account, uint32_t upto)
{
    char path[32];
    int rc = gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    for (uint32_t i = 1; rc == 0 && i <= BATCH; i++) {
        struct gl_store_event event = probe_event(PROBE_AT + upto, upto + i);
        snprintf(path, sizeof path, "/%u", upto + i);
        rc = gl_account_word(account, GL_WORD_PATH, PROBE_SITE, PROBE_DAY,
                             probe_word(path), &event.path);
        if (rc == 0)
            rc = gl_account_insert(account, &event);
    }
    if (rc == 0)
        rc = gl_file_set_upto(gl_account_file(account), seg, upto + BATCH, 1);
    return rc == 0 ? gl_file_commit(gl_account_file(account)) : rc;
}

/* Rows, words with their bytes, day and position tell the same number. */
static void
agree(const char *file, const char *when)
{
    int64_t rows = probe_int(file, "SELECT count(*) FROM events");
    int64_t upto =
        probe_int(file, "SELECT coalesce(max(upto), 0) FROM ingest");
    int64_t joined = probe_int(file, "SELECT count(*) FROM events JOIN paths "
                                     "ON code = path WHERE text = '/' || "
                                     "visitor");
    int64_t words =
        probe_int(file, "SELECT coalesce(sum(n) FILTER (WHERE kind > 0) + "
                        "sum(n) FILTER (WHERE kind = 0) - (SELECT "
                        "sum(length(text)) FROM paths), 0) FROM new_words");
    int64_t last =
        probe_int(file, "SELECT coalesce(max(last_id), 0) FROM day_rows");
    tap_ok(rows == upto && rows == joined && rows == words && rows == last,
           "%s: rows %d, position %d, words %d and %d, day %d", when,
           (int) rows, (int) upto, (int) joined, (int) words, (int) last);
}

static void
test_killed(const char *data)
{
    struct gl_account *account;
    for (int uncommitted = 0; uncommitted < 3; uncommitted++) {
        pid_t pid = fork();
        if (pid == 0) {
            struct gl_accounts *pool = probe_pool(data, 0, &account);
            uint32_t upto;
            gl_file_upto(gl_account_file(account), seg, &upto);
            apply(account, upto);
            gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
            for (int i = 0; i < uncommitted * 2000; i++) {
                struct gl_store_event event = probe_event(PROBE_AT, 1);
                gl_account_insert(account, &event);
            }
            gl_file_set_upto(gl_account_file(account), seg, 1000000, 1);
            kill(getpid(), SIGKILL);
            gl_accounts_free(pool);
        }
        int status;
        waitpid(pid, &status, 0);
        tap_ok(WIFSIGNALED(status), "killed inside a transaction");
        agree(probe_file(data), "after a kill");
    }
    tap_int(probe_int(probe_file(data), "SELECT count(*) FROM events"),
            3 * BATCH, "every committed row is there");
}

/* Rule R9, as the writer thread does it: retry from what the file says. */
static int
apply_again(struct gl_account *account, uint32_t want)
{
    uint32_t upto;
    int tries = 0;
    for (; tries < 10; tries++) {
        if (gl_file_upto(gl_account_file(account), seg, &upto) == 0 &&
            upto >= want)
            return tries;
        if (gl_file_begin(gl_account_file(account), GL_COMMIT_FULL) == 0)
            probe_let_go(account);
        if (apply(account, upto) != 0)
            probe_let_go(account);
    }
    return tries;
}

/* The K-th write or sync fails, for every K that a round has. */
static void
test_each_call(const char *data, int code, const char *name)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    uint32_t upto = 0;
    int wrong = 0, failed = 0, k = 1;
    char when[64];
    for (; k < 200; k++) {
        gl_file_upto(gl_account_file(account), seg, &upto);
        probe_fail(k, code, 1);
        int rc = apply(account, upto);
        int calls = probe_calls();
        probe_fail(0, 0, 0);
        wrong += rc != 0 && rc != -GL_STORE_ENVIRONMENT;
        if (rc != 0) {
            failed++;
            wrong += gl_file_commit(gl_account_file(account)) != rc;
            wrong += probe_let_go(account) != 0;
        }
        wrong += apply_again(account, upto + BATCH) >= 10;
        gl_accounts_shorten_logs(pool, k * GL_ACCOUNT_IDLE_MS * 2);
        if (calls < k)
            break;
    }
    tap_int(wrong, 0, "%s at each call: an environment error, then it works",
            name);
    tap_ok(failed > 5 && k < 200, "%d of %d calls failed the commit", failed,
           k - 1);
    gl_accounts_free(pool);
    snprintf(when, sizeof when, "%s at each call", name);
    agree(probe_file(data), when);
}

/* Memory is missing once, anywhere in a round on a fresh connection. */
static void
test_each_allocation(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    uint32_t upto = 0;
    int wrong = 0, failed = 0, allocations = 1;
    for (int k = 1; allocations >= k - 5; k += 5) {
        if (probe_let_go(account) != 0 ||
            gl_file_upto(gl_account_file(account), seg, &upto) != 0)
            tap_bail("%s", gl_account_why(account));
        probe_fail_memory(k);
        int rc = apply(account, upto);
        allocations = probe_allocations();
        probe_fail_memory(0);
        wrong += rc != 0 && rc != -GL_STORE_ENVIRONMENT;
        failed += rc != 0;
        wrong += rc != 0 && probe_let_go(account) != 0;
        wrong += apply_again(account, upto + BATCH) >= 10;
    }
    tap_int(wrong, 0, "no memory: an environment error, then it works");
    tap_ok(failed > 20, "%d rounds failed", failed);
    gl_accounts_free(pool);
    agree(probe_file(data), "no memory at each allocation");
}

static void
test_full_for_long(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    uint32_t upto;
    gl_file_upto(gl_account_file(account), seg, &upto);
    probe_fail(1, SQLITE_FULL, 1000000);
    int wrong = 0;
    for (int i = 0; i < 5; i++) {
        wrong += apply(account, upto) != -GL_STORE_ENVIRONMENT;
        probe_let_go(account);
    }
    tap_int(wrong, 0, "a disk that stays full: the same answer each time");
    tap_ok(strstr(gl_account_why(account), PROBE_ID) != NULL,
           "with a sentence: %s", gl_account_why(account));
    probe_fail(0, 0, 0);
    tap_int(apply(account, upto), 0, "room again: it goes on");
    gl_accounts_free(pool);
    agree(probe_file(data), "after a full disk");
}

static void
test_file_full(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    uint32_t upto;
    gl_file_upto(gl_account_file(account), seg, &upto);
    sqlite3_exec(account->db.handle, "PRAGMA max_page_count = 1", NULL, NULL,
                 NULL);
    int rc = 0;
    for (int i = 0; rc == 0 && i < 100; i++)
        rc = apply(account, upto + (uint32_t) i * BATCH);
    tap_int(rc, -GL_STORE_ENVIRONMENT, "no page is left");
    probe_let_go(account);
    gl_file_upto(gl_account_file(account), seg, &upto);
    tap_int(apply(account, upto), 0, "reopened without the limit");
    gl_accounts_free(pool);
    agree(probe_file(data), "after a full file");
}

static void
scribble(const char *file, off_t from, const char *bytes, size_t len)
{
    int fd = open(file, O_WRONLY);
    if (fd == -1 || pwrite(fd, bytes, len, from) != (ssize_t) len)
        tap_bail("cannot damage %s", file);
    close(fd);
}

static void
test_damage(void)
{
    static char noise[8192];
    const char *data = tap_dir();
    struct gl_account *account;
    gl_accounts_free(probe_pool(data, 0, &account));
    memset(noise, 0x55, sizeof noise);

    struct gl_accounts *pool = probe_pool(data, 0, &account);
    for (uint32_t i = 0; i < 20; i++)
        apply(account, i * BATCH);
    gl_accounts_free(pool);
    /* Every page but the first two, so that it opens. */
    off_t size = probe_int(probe_file(data), "PRAGMA page_count");
    for (off_t page = 2; page < size; page++)
        scribble(probe_file(data), page * 4096, noise, 4096);
    struct gl_accounts_options options = {.data = data};
    char why[256];
    pool = gl_accounts_new(&options, why, sizeof why);
    account = gl_accounts_get(pool, PROBE_ID);
    tap_int(apply(account, 1000), -GL_STORE_CORRUPT, "damaged pages: %s",
            gl_account_why(account));
    probe_let_go(account);
    gl_accounts_free(pool);

    scribble(probe_file(data), 0, noise, sizeof noise);
    pool = gl_accounts_new(&options, why, sizeof why);
    account = gl_accounts_get(pool, PROBE_ID);
    tap_int(gl_file_begin(gl_account_file(account), GL_COMMIT_FULL),
            -GL_STORE_CORRUPT, "not a database: %s", gl_account_why(account));
    gl_accounts_create(pool, "cccccccccccc");
    tap_int(apply(gl_accounts_get(pool, "cccccccccccc"), 0), 0,
            "another account does not notice");
    gl_accounts_free(pool);
    char path[512];
    snprintf(path, sizeof path, "%s/meta.db", data);
    close(open(path, O_CREAT | O_WRONLY, 0600));
    scribble(path, 0, noise, sizeof noise);
    tap_ok(gl_meta_open(data, why, sizeof why) == NULL, "meta.db too: %s",
           why);
}

/* A frame that no table takes is undone alone. */
static void
test_bad_frame(const char *data)
{
    struct gl_account *account;
    struct gl_accounts *pool = probe_pool(data, 0, &account);
    static char huge[20000];
    struct gl_store_referrer referrer = {.referrer = {huge, sizeof huge}};
    uint32_t code;
    struct gl_visit visit = {.id = 424242, .visitor = 1};
    struct gl_store_event event = probe_event(PROBE_AT, 1);
    gl_file_begin(gl_account_file(account), GL_COMMIT_FULL);
    gl_account_open_visit(account, &visit, &event);
    gl_account_savepoint(account);
    tap_int(gl_account_open_visit(account, &visit, &event), -GL_STORE_DATA,
            "a visit twice is refused");
    tap_int(gl_account_insert(account, &event), -GL_STORE_DATA,
            "and so is all that follows");
    tap_int(gl_account_undo(account), 0, "undo");
    gl_account_savepoint(account);
    tap_int(gl_account_referrer(account, 1, 1, &referrer, &code),
            -GL_STORE_DATA, "words without end are refused");
    tap_int(gl_account_undo(account), 0, "undo");
    tap_int(gl_file_commit(gl_account_file(account)), 0,
            "the rest is committed");
    tap_int(probe_int(probe_file(data),
                      "SELECT count(*) FROM sessions WHERE id = 424242"),
            1, "once");
    gl_accounts_free(pool);
}

int
main(void)
{
    probe_faults();
    const char *data = tap_dir();
    test_killed(data);
    test_each_call(data, SQLITE_FULL, "disk full");
    test_each_call(data, SQLITE_IOERR_WRITE, "I/O error");
    test_each_allocation(tap_dir());
    test_full_for_long(data);
    test_file_full(data);
    test_bad_frame(data);
    test_damage();
    return tap_done();
}
