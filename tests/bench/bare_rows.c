/*
 * The yardstick of applied events: what the same rows cost SQLite alone.
 *
 *   bare-rows FROM TO
 *
 * Copies the rows of `events` in the account's file FROM into a new file TO
 * with the same table, by one prepared INSERT, in durable commits as long as
 * glintod's longest round, with the settings of store/db/db.c.  Prints rows
 * and nanoseconds of CPU; reading FROM is not among them.
 */

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "spool/limits.h"

#define COLUMNS_MAX 64
#define INSERT_BYTES 512

static const char settings[] = "PRAGMA cache_size = -8192;"
                               "PRAGMA mmap_size = 0;"
                               "PRAGMA journal_mode = WAL;"
                               "PRAGMA synchronous = FULL;";

/* Of one commit, column by column. */
static sqlite3_value *kept[GL_SPOOL_ROUND_FRAMES][COLUMNS_MAX];

static void
check(sqlite3 *db, int rc)
{
    if (rc == SQLITE_OK || rc == SQLITE_ROW || rc == SQLITE_DONE)
        return;
    fprintf(stderr, "bare-rows: %s\n", sqlite3_errmsg(db));
    exit(1);
}

static sqlite3_stmt *
prepare(sqlite3 *db, const char *sql)
{
    sqlite3_stmt *statement;

    check(db, sqlite3_prepare_v2(db, sql, -1, &statement, NULL));
    return statement;
}

/* The table as FROM has it. */
static void
create(sqlite3 *from, sqlite3 *to)
{
    sqlite3_stmt *schema = prepare(from, "SELECT sql FROM sqlite_schema WHERE "
                                         "tbl_name = 'events' AND sql <> ''");
    const char *sql;

    check(to, sqlite3_exec(to, settings, NULL, NULL, NULL));
    while (sqlite3_step(schema) == SQLITE_ROW) {
        sql = (const char *) sqlite3_column_text(schema, 0);
        check(to, sqlite3_exec(to, sql, NULL, NULL, NULL));
    }
    sqlite3_finalize(schema);
}

static sqlite3_stmt *
prepare_insert(sqlite3 *to, int columns)
{
    char sql[INSERT_BYTES] = "INSERT INTO events VALUES (?";
    size_t at = sizeof "INSERT INTO events VALUES (?" - 1;

    for (int i = 1; i < columns; i++)
        at += (size_t) snprintf(sql + at, sizeof sql - at, ", ?");
    snprintf(sql + at, sizeof sql - at, ")");
    return prepare(to, sql);
}

/* How many rows were kept, at most a commit's. */
static int
keep(sqlite3 *from, sqlite3_stmt *rows, int columns)
{
    int n = 0, rc = SQLITE_DONE;

    while (n < GL_SPOOL_ROUND_FRAMES &&
           (rc = sqlite3_step(rows)) == SQLITE_ROW) {
        for (int i = 0; i < columns; i++)
            kept[n][i] = sqlite3_value_dup(sqlite3_column_value(rows, i));
        n++;
    }
    check(from, rc);
    return n;
}

static void
insert(sqlite3 *to, sqlite3_stmt *into, int n, int columns)
{
    check(to, sqlite3_exec(to, "BEGIN", NULL, NULL, NULL));
    for (int row = 0; row < n; row++) {
        for (int i = 0; i < columns; i++)
            check(to, sqlite3_bind_value(into, i + 1, kept[row][i]));
        check(to, sqlite3_step(into));
        sqlite3_reset(into);
    }
    check(to, sqlite3_exec(to, "COMMIT", NULL, NULL, NULL));
}

static void
let_go(int n, int columns)
{
    for (int row = 0; row < n; row++)
        for (int i = 0; i < columns; i++)
            sqlite3_value_free(kept[row][i]);
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

int
main(int argc, char **argv)
{
    sqlite3 *from = NULL, *to = NULL;
    sqlite3_stmt *rows, *into;
    int64_t sum = 0, took_ns = 0, began_ns;
    int columns, n, rc;

    if (argc != 3) {
        fprintf(stderr, "usage: bare-rows FROM TO\n");
        return 2;
    }
    rc = sqlite3_open_v2(argv[1], &from, SQLITE_OPEN_READONLY, NULL);
    check(from, rc);
    rc = sqlite3_open(argv[2], &to);
    check(to, rc);
    create(from, to);
    rows = prepare(from, "SELECT * FROM events ORDER BY id");
    columns = sqlite3_column_count(rows);
    if (columns > COLUMNS_MAX) {
        fprintf(stderr, "bare-rows: more than %d columns\n", COLUMNS_MAX);
        return 1;
    }
    into = prepare_insert(to, columns);
    do { /* not a step beyond the last row, which begins again */
        n = keep(from, rows, columns);
        began_ns = cpu_ns();
        insert(to, into, n, columns);
        took_ns += cpu_ns() - began_ns;
        let_go(n, columns);
        sum += n;
    } while (n == GL_SPOOL_ROUND_FRAMES);
    sqlite3_finalize(rows);
    sqlite3_finalize(into);
    sqlite3_close(from);
    sqlite3_close(to);
    printf("%lld %lld\n", (long long) sum, (long long) took_ns);
    return 0;
}
