/*
 * store-io STEP SEED: every STEP-th of SQLite's calls to the disk in a life of
 * the aggregator fails, once or from there on, in three ways; then the disk is
 * well again, and everything must come to its end.
 *
 * Prints a line for each way and for each violation, ends with 1 if any.
 */

#include "store_io.h"

#include "log.h"
#include "store/db/db.h"
#include "store_probe.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define LASTING 1000000
#define STARTS_MAX 3  /* while the disk fails */
#define TURNS 40      /* of the loop; some seconds */
#define TURNS_MAX 600 /* afterwards: accounts wait up to a minute */
#define PROCESSES 2   /* the smallest machine has two cores */

static const struct way {
    const char *name;
    int rc;
    unsigned kinds;
} ways[] = {
    {"IOERR", SQLITE_IOERR,
     PROBE_READ | PROBE_WRITE | PROBE_SYNC | PROBE_CUT | PROBE_LOCK |
         PROBE_MAP | PROBE_OPEN},
    {"FULL", SQLITE_FULL, PROBE_WRITE | PROBE_SYNC | PROBE_MAP},
    {"BUSY", SQLITE_BUSY, PROBE_LOCK},
};

/* Of each process; shared, so that one that died tells where it was. */
static struct progress {
    int trials, violations, calls, n, lasting;
} * progress;

static struct progress *mine;
static const struct way *way;
static int64_t visits[IO_ACCOUNTS]; /* of an undisturbed life */

__attribute__((format(printf, 1, 2))) static void
violation(const char *format, ...)
{
    va_list args;

    mine->violations++;
    printf("%s at call %d%s: ", way->name, mine->n,
           mine->lasting > 1 ? " and later" : "");
    va_start(args, format);
    (void) vprintf(format, args);
    va_end(args);
    printf("\n");
}

/* ---- what must be true ---- */

static int64_t
ask(const struct io_life *life, int account, const char *sql)
{
    char file[1500];

    if (account < 0)
        snprintf(file, sizeof file, "%s/meta.db", life->conf.data);
    else
        snprintf(file, sizeof file, "%s/acct/%s.db", life->conf.data,
                 life->accounts[account]);
    return probe_int(file, sql);
}

/* Events 1, 2 ... of which each fourth goes to site number I of life.c. */
static int64_t
events_for(const struct io_life *life, uint32_t first)
{
    return (life->events - first) / 4 + (first == 0 ? 0 : 1);
}

static void
judge_account(const struct io_life *life, int account, int64_t want)
{
    int64_t rows = ask(life, account, "SELECT count(*) FROM events");
    int64_t paths =
        ask(life, account, "SELECT count(DISTINCT path) FROM events");
    int64_t got = ask(life, account, "SELECT count(*) FROM sessions");

    if (rows != want)
        violation("%" PRId64 " rows for %" PRId64 " events", rows, want);
    if (paths != rows)
        violation("%" PRId64 " paths in %" PRId64 " rows: some twice", paths,
                  rows);
    if (visits[account] == 0)
        visits[account] = got;
    if (got != visits[account])
        violation("%" PRId64 " visits, undisturbed %" PRId64, got,
                  visits[account]);
}

static void
judge(const struct io_life *life)
{
    int64_t unknown = ask(life, -1,
                          "SELECT coalesce(sum(n), 0) FROM drops WHERE "
                          "reason = 'unknown_site'");

    for (int i = -1; i < IO_ACCOUNTS; i++)
        if (ask(life, i,
                "SELECT integrity_check = 'ok' FROM "
                "pragma_integrity_check") != 1)
            violation("file %d is damaged", i);
    judge_account(life, 0, events_for(life, 0) + events_for(life, 1));
    judge_account(life, 1, events_for(life, 2));
    if (unknown != events_for(life, 3))
        violation("%" PRId64 " of %" PRId64 " events of no site", unknown,
                  events_for(life, 3));
    if (!io_life_all_applied(life))
        violation("segments are left");
}

/* ---- one trial ---- */

/* Start, events, stop, start again: applied, checkpointed, rebuilt. */
static void
live(struct io_life *life, int n, int lasting)
{
    int starts = 0;

    mine->n = n;
    mine->lasting = lasting;
    io_life_renew(life);
    io_life_append(life);
    probe_fail_kinds(way->kinds);
    probe_fail(n, way->rc, lasting);
    while (starts < STARTS_MAX && io_life_run(life, TURNS, 1) == -1)
        starts++;
    if (life->events == IO_EVENTS) /* it never came so far */
        io_life_append(life);
    for (starts = 0; starts < STARTS_MAX && io_life_run(life, TURNS, 0) == -1;)
        starts++;
    mine->calls = probe_calls();
    probe_fail(0, 0, 0);
    for (int tries = 0; tries < 3 && !io_life_all_applied(life); tries++)
        if (io_life_run(life, TURNS_MAX, 0) == -1)
            violation("no start though the disk is well");
    judge(life);
    mine->trials++;
}

/* Every call of this way, this process's share of them. */
static void
all_calls(struct io_life *life, int step, int first, int share)
{
    static const int lastings[] = {1, LASTING};

    for (size_t i = 0; i < sizeof lastings / sizeof *lastings; i++) {
        int n = first + share * step;

        do {
            live(life, n, lastings[i]);
            n += PROCESSES * step;
        } while (mine->calls >= n - PROCESSES * step);
    }
}

static void
process(int share, int step, int first)
{
    struct io_life life;

    probe_faults();
    probe_fail(0, 0, 0);
    gl_log_open(-1);
    io_life_make(&life, tap_dir());
    mine = &progress[share];
    way = &ways[0];
    live(&life, LASTING, 1); /* undisturbed, for the number of visits */
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        way = &ways[i];
        all_calls(&life, step, first, share);
        if (share == 0)
            printf("# %s: %d calls\n", way->name, mine->calls);
    }
}

int
main(int argc, char **argv)
{
    int step, seed, status, failed = 0, trials = 0;

    if (argc != 3 || (step = atoi(argv[1])) < 1) {
        fprintf(stderr, "usage: store-io STEP SEED\n");
        return 2;
    }
    seed = atoi(argv[2]);
    progress = mmap(NULL, PROCESSES * sizeof *progress, PROT_READ | PROT_WRITE,
                    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (progress == MAP_FAILED)
        return 2;
    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < PROCESSES; i++)
        if (fork() == 0) {
            process(i, step, 1 + seed % step);
            exit(0);
        }
    while (wait(&status) > 0)
        failed |= status != 0;
    for (int i = 0; i < PROCESSES; i++) {
        trials += progress[i].trials;
        failed |= progress[i].violations > 0;
        if (failed)
            printf("process %d: %d violations, last at call %d\n", i,
                   progress[i].violations, progress[i].n);
    }
    printf("trials %d\n", trials);
    return failed;
}
