/*
 * One connection serves files one after the other: each has its own rows,
 * words and position and no other's, whatever failed in the file before it,
 * and also where the tables of one lie elsewhere in the file.
 */

#include <stdio.h>
#include <string.h>

#include "store/account/account_internal.h"
#include "store/db/lend.h"
#include "store/rows/rows.h"
#include "store/words/words.h"
#include "store_probe.h"

#define FILES 5
#define TURNS 400
#define CALLS 120 /* of one turn, each made to fail */

static const uint8_t seg[16] = "the one segment";

static struct {
    struct gl_accounts *pool;
    struct gl_account *account;
    char path[512];
    uint32_t rows;
} files[FILES];
static int lent_n; /* turns by the connection that is lent */

static const char *
id_of(int n)
{
    static char id[13];

    snprintf(id, sizeof id, "file%08d", n);
    return id;
}

/* N rows, each with a word that others have, too: 0, or an error. */
static int
write_rows(int file, uint32_t n)
{
    struct gl_account *account = files[file].account;
    char path[32];
    int rc;

    gl_account_open_briefly(account);
    rc = gl_file_begin(gl_account_file(account), GL_COMMIT_LATER);
    lent_n += account->db.lent != NULL;
    for (uint32_t i = 1; rc == 0 && i <= n; i++) {
        uint32_t number = files[file].rows + i;
        struct gl_store_event event =
            probe_event(PROBE_AT + number, ((uint64_t) file << 32) + number);

        snprintf(path, sizeof path, "/%u", number % (7 + (uint32_t) file));
        rc = gl_account_word(account, GL_WORD_PATH, PROBE_SITE, PROBE_DAY,
                             probe_word(path), &event.path);
        if (number % 3 == 0 && rc == 0) /* else not bound: nobody's */
            rc = gl_account_word(account, GL_WORD_TITLE, PROBE_SITE, PROBE_DAY,
                                 probe_word(id_of(file)), &event.title);
        if (rc == 0)
            rc = gl_account_insert(account, &event);
    }
    if (rc == 0)
        rc = gl_file_set_upto(gl_account_file(account), seg,
                              files[file].rows + n, 1);
    if (rc == 0)
        rc = gl_file_commit(gl_account_file(account));
    if (rc != 0)
        gl_file_close(gl_account_file(account));
    gl_account_rest(account);
    if (rc == 0)
        files[file].rows += n;
    return rc;
}

/* What other SQL says of FILE: 1 = it is as it was written. */
static int
is_right(int file)
{
    const char *path = files[file].path;
    int64_t others = (int64_t) file << 32, rows = files[file].rows;
    char foreign[200];

    snprintf(foreign, sizeof foreign,
             "SELECT count(*) FROM events LEFT JOIN titles AS t "
             "ON t.code = title WHERE visitor - id <> %lld "
             "OR (id %% 3 = 0) <> ifnull(t.text = '%s', 0)",
             (long long) others, id_of(file));
    return strcmp(probe_text(path, "PRAGMA integrity_check"), "ok") == 0 &&
           probe_int(path, "SELECT count(*) FROM events") == rows &&
           probe_int(path, "SELECT ifnull(max(upto), 0) FROM ingest") ==
               rows &&
           probe_int(path, foreign) == 0 &&
           probe_int(path, "SELECT count(*) FROM events JOIN paths "
                           "ON code = path WHERE text <> '/' || (id % "
                           "(SELECT max(code) FROM paths))") == 0 &&
           probe_int(path, "SELECT sum(last_id - first_id + 1) "
                           "FROM day_rows") == rows;
}

static void
check(const char *when)
{
    for (int i = 0; i < FILES; i++)
        tap_ok(is_right(i), "file %d is right %s", i, when);
}

static void
set_up(const char *data)
{
    struct gl_account *first;
    struct gl_accounts *pool = probe_pool(data, 1, &first);

    for (int i = 0; i < FILES; i++) {
        if (gl_accounts_create(pool, id_of(i)) != 0)
            tap_bail("no file");
        files[i].pool = pool;
        files[i].account = gl_accounts_get(pool, id_of(i));
        snprintf(files[i].path, sizeof files[i].path, "%s/acct/%s.db", data,
                 id_of(i));
    }
    /* its place is the only one */
    if (gl_file_begin(gl_account_file(first), GL_COMMIT_FULL) != 0 ||
        gl_file_commit(gl_account_file(first)) != 0)
        tap_bail("no place");
}

static void
test_turns(void)
{
    for (int turn = 0; turn < TURNS; turn++) {
        int file = (int) tap_below(FILES);

        if (write_rows(file, 1 + (uint32_t) tap_below(40)) != 0)
            tap_bail("turn %d: %s", turn, gl_account_why(files[file].account));
    }
    tap_ok(lent_n > TURNS / 2, "%d of %d turns by the one that is lent",
           lent_n, TURNS);
    check("after turns by chance");
}

/* The same tables at other pages, and SQLite's own mark of them as before. */
static void
move_tables(int file)
{
    const char *path = files[file].path;
    char cookie[64];

    snprintf(cookie, sizeof cookie, "PRAGMA schema_version = %lld",
             (long long) probe_int(path, "PRAGMA schema_version"));
    probe_exec(path, "ALTER TABLE paths RENAME TO paths_0");
    probe_exec(path, "CREATE TABLE paths (code INTEGER PRIMARY KEY, "
                     "text TEXT NOT NULL UNIQUE)");
    probe_exec(path, "INSERT INTO paths SELECT code, text FROM paths_0 "
                     "ORDER BY code");
    probe_exec(path, "DROP TABLE paths_0");
    probe_exec(path, cookie);
}

static void
test_moved(void)
{
    int64_t before = probe_int(files[0].path, "PRAGMA schema_version");

    move_tables(1);
    tap_int(probe_int(files[1].path, "PRAGMA schema_version"), before,
            "two files look alike to SQLite");
    tap_ok(probe_int(files[0].path, "SELECT rootpage FROM sqlite_schema "
                                    "WHERE name = 'paths'") !=
               probe_int(files[1].path, "SELECT rootpage FROM sqlite_schema "
                                        "WHERE name = 'paths'"),
           "and are not");
    for (int turn = 0; turn < 40; turn++)
        if (write_rows(turn % 3, 5) != 0)
            tap_bail("moved: %s", gl_account_why(files[turn % 3].account));
    check("after turns with tables elsewhere");
}

/* Any one call of a turn fails, of an exchange too: that turn is not there,
 * the next ones are. */
static void
test_faults(void)
{
    int struck = 0, failed = 0, wrong = 0;

    probe_fail_kinds(PROBE_READ | PROBE_WRITE | PROBE_SYNC | PROBE_LOCK |
                     PROBE_OPEN);
    for (int nth = 1; nth <= CALLS; nth++) {
        int file = nth % FILES, rc;

        probe_fail(nth, SQLITE_IOERR, 1);
        rc = write_rows(file, 5);
        struck += probe_calls() >= nth;
        probe_fail(0, 0, 0);
        failed += rc != 0;
        /* a commit that failed may be found in the log (R9) */
        files[file].rows = (uint32_t) probe_int(
            files[file].path, "SELECT ifnull(max(upto), 0) FROM ingest");
        wrong += !is_right(file);
        file = (file + 1) % FILES;
        wrong += write_rows(file, 3) != 0 || !is_right(file);
    }
    /* some calls are made again by the file's own connection */
    tap_ok(struck > 0, "%d of %d calls failed, and %d turns", struck, CALLS,
           failed);
    tap_int(wrong, 0, "and no file is wrong");
    check("after calls that failed");
}

int
main(void)
{
    probe_faults();
    set_up(tap_dir());
    test_turns();
    test_moved();
    test_faults();
    gl_accounts_free(files[0].pool);
    return tap_done();
}
