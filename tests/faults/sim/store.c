/*
 * The model of the databases: each a log of changes, of which a part is
 * committed and a part of that is on the disk.
 *
 *   changes  ....durable....committed....open
 *                    '- a power cut leaves so many whole transactions, or
 *                       more of the committed ones
 *
 * A commit may fail and be found all the same when the file is opened again
 * (its "ghost"), as a write-ahead log does whose sync failed.  After a failed
 * sync the kernel takes the pages for clean: no sync brings them to the disk
 * until they are written again.  SQLite itself is F9's.
 */

#include "days.h"
#include "store/db/error.h"

#include <string.h>

#define CHANGES 4096
#define COMMITS 1024

struct change {
    enum sim_change_kind kind;
    uint32_t a, b;
};

struct db {
    struct change changes[CHANGES];
    uint32_t open_n;           /* changes in all, an open transaction's too */
    uint32_t ends[COMMITS];    /* of transactions, as numbers of changes */
    uint32_t commits_n;        /* committed */
    uint32_t durable_n;        /* of these on the disk */
    uint32_t ghost;            /* end of a failed commit, 0 = none */
    int ghost_synced;          /* its bytes are on the disk, unseen */
    uint32_t save;             /* changes at the savepoint */
    uint32_t opened, openings; /* number of the connection, 0 = closed */
    int begun, later, error;
    int clean;  /* a sync failed: the kernel writes these pages no more */
    int fresh;  /* not opened in this life: who opens it reads the log anew */
    int unsure; /* the same, or a commit failed since (gl_db's "unsure") */
    int doubt;  /* and the product knows: it writes them again at opening */

    /* what the changes come to */
    uint32_t upto[SIM_SEGMENTS];
    uint8_t applied[SIM_FRAMES];
    struct sim_day days[SIM_DAYS];
};

static struct db dbs[SIM_DBS];
static uint32_t totals[SIM_FRAMES]; /* by incarnation, of meta.db */

static uint32_t
committed_end(const struct db *db)
{
    return db->commits_n == 0 ? 0 : db->ends[db->commits_n - 1];
}

static void
take(struct db *db, const struct change *change)
{
    if (sim_days_take(db->days, change->kind, change->a, change->b))
        return;
    switch (change->kind) {
    case SIM_APPLY:
        db->applied[change->a]++;
        break;
    case SIM_UPTO:
        db->upto[change->a] = change->b;
        break;
    case SIM_FORGET:
        db->upto[change->a] = 0;
        break;
    case SIM_TOTAL:
        if (change->b > totals[change->a])
            totals[change->a] = change->b;
        break;
    default:
        break;
    }
}

/* Back to the first N changes. */
static void
cut_changes(struct db *db, uint32_t n)
{
    memset(db->upto, 0, sizeof db->upto);
    memset(db->applied, 0, sizeof db->applied);
    memset(db->days, 0, sizeof db->days);
    if (db == &dbs[0])
        memset(totals, 0, sizeof totals);
    db->open_n = n;
    for (uint32_t i = 0; i < n; i++)
        take(db, &db->changes[i]);
}

static void
db_reset(struct db *db)
{
    db->commits_n = db->durable_n = db->ghost = 0;
    db->opened = db->begun = db->error = db->clean = db->doubt = 0;
    db->fresh = db->unsure = 1;
    cut_changes(db, 0);
}

void
sim_store_reset(void)
{
    for (int i = 0; i < SIM_DBS; i++)
        db_reset(&dbs[i]);
}

static void
make_durable(struct db *db)
{
    if (db->clean)
        return;
    db->durable_n = db->commits_n;
    db->ghost_synced = 1;
}

/* ---- opening ---- */

static void
find_ghost(struct db *db)
{
    if (db->ghost == 0 || sim_one_in(2))
        return;
    sim_note("  the commit that failed is found");
    db->ends[db->commits_n++] = db->ghost;
    cut_changes(db, db->ghost);
    sim_days_judge((int) (db - dbs), db->days);
    db->ghost = 0;
    if (db->ghost_synced)
        db->durable_n = db->commits_n;
}

int
sim_db_usable(int number)
{
    struct db *db = &dbs[number];

    if (db->error != 0)
        return -db->error;
    if (!db->opened) {
        sim_op(SIM_LIGHT, "open a database");
        if (sim_fault_in(sim.plan.store_io)) {
            sim_note("  ... and fails");
            return -GL_STORE_ENVIRONMENT;
        }
        find_ghost(db);
        if (db->fresh)
            db->ghost = 0;
        /* store/db/wal.c: the log is synced before a position is read */
        db->clean = db->clean && !db->doubt;
        db->doubt = db->fresh = db->unsure = 0;
        make_durable(db);
        db->opened = ++db->openings;
    }
    return 0;
}

static int
db_fails(struct db *db)
{
    if (!sim_fault_in(sim.plan.store_io))
        return 0;
    sim_note("  ... and fails");
    db->error = GL_STORE_ENVIRONMENT;
    return 1;
}

void
sim_store_close_some(void)
{
    for (int i = 0; i < SIM_DBS; i++)
        if (!dbs[i].begun && sim_one_in(4))
            dbs[i].opened = 0;
}

/* ---- transactions ---- */

int
sim_db_begin(int number, int later)
{
    struct db *db = &dbs[number];
    int error = sim.reaping ? -GL_STORE_ENVIRONMENT : sim_db_usable(number);

    sim_op(SIM_HEAVY, "begin");
    if (error < 0)
        return error;
    if (db->begun)
        sim_violation("a transaction in a transaction");
    if (db_fails(db))
        return -db->error;
    db->begun = 1;
    db->later = later;
    db->save = db->open_n;
    return 0;
}

int
sim_db_change(int number, enum sim_change_kind kind, uint32_t a, uint32_t b)
{
    struct db *db = &dbs[number];
    struct change change = {kind, a, b};

    if (db->error != 0)
        return -db->error;
    if (!db->begun)
        sim_violation("a change outside of a transaction");
    if (db->open_n == CHANGES) {
        sim_violation("a history too long for the model of the store");
        return -GL_STORE_ENVIRONMENT;
    }
    if (db_fails(db))
        return -db->error;
    db->ghost = 0; /* the log is written over it */
    db->changes[db->open_n++] = change;
    take(db, &change);
    return 0;
}

void
sim_db_refuse(int number)
{
    dbs[number].error = GL_STORE_DATA;
}

void
sim_db_save(int number)
{
    dbs[number].save = dbs[number].open_n;
}

void
sim_db_undo(int number)
{
    cut_changes(&dbs[number], dbs[number].save);
    dbs[number].error = 0;
}

/* The log was written, its sync failed: the transaction is there or not. */
static int
commit_fails(struct db *db)
{
    sim_note("  ... and fails");
    db->error = GL_STORE_ENVIRONMENT;
    if (sim_one_in(2))
        db->ghost = db->open_n;
    db->ghost_synced = 0;
    db->begun = 0;
    db->unsure = 1;
    return -GL_STORE_ENVIRONMENT;
}

int
sim_db_commit(int number)
{
    struct db *db = &dbs[number];

    if (db->error != 0)
        return -db->error;
    sim_op(SIM_HEAVY, "commit");
    if (sim_fault_in(sim.plan.store_io))
        return commit_fails(db);
    if (db->commits_n == COMMITS) {
        sim_violation("a history too long for the model of the store");
        return -GL_STORE_ENVIRONMENT;
    }
    db->begun = 0;
    db->ends[db->commits_n++] = db->open_n;
    sim_days_judge(number, db->days);
    if (!db->later) {
        sim_op(SIM_HEAVY, "commit, not yet synced");
        make_durable(db);
    }
    sim_op(SIM_HEAVY, "commit, done");
    return 0;
}

/* R9: close, to be opened again. */
void
sim_db_let_go(int number)
{
    struct db *db = &dbs[number];

    db->begun = 0;
    db->error = 0;
    db->opened = 0;
    cut_changes(db, committed_end(db));
}

void
sim_db_doubt(int number)
{
    dbs[number].doubt = 1;
}

int
sim_db_rollback(int number)
{
    sim_db_let_go(number);
    return sim_db_usable(number);
}

/* One syncfs. */
int
sim_store_sync(void)
{
    sim_op(SIM_HEAVY, "syncfs");
    if (sim_fault_in(sim.plan.store_io)) {
        sim_note("  ... and fails");
        for (int i = 0; i < SIM_DBS; i++) {
            dbs[i].clean |= dbs[i].durable_n < dbs[i].commits_n;
            dbs[i].doubt |= dbs[i].unsure; /* gl_accounts_sync() says so */
        }
        return -GL_STORE_ENVIRONMENT;
    }
    for (int i = 0; i < SIM_DBS; i++)
        make_durable(&dbs[i]);
    sim_parked_sync();
    return 0;
}

/* ---- what ends the process or the machine ---- */

void
sim_store_killed(void)
{
    for (int i = 0; i < SIM_DBS; i++) {
        struct db *db = &dbs[i];

        db->opened = db->begun = db->error = 0;
        db->fresh = db->unsure = 1;
        db->doubt = 0;
        db->clean = 0; /* a second fault that nobody remembers: not covered */
        if (db->open_n != committed_end(db))
            cut_changes(db, committed_end(db));
    }
}

void
sim_store_cut(void)
{
    for (int i = 0; i < SIM_DBS; i++) {
        struct db *db = &dbs[i];

        db->commits_n =
            db->durable_n + sim_below(db->commits_n - db->durable_n + 1);
        db->durable_n = db->commits_n;
        db->ghost = 0;
        cut_changes(db, committed_end(db));
        sim_days_judge(i, db->days);
    }
}

/* ---- what is in them ---- */

const struct sim_day *
sim_db_day(int db, uint32_t day)
{
    return &dbs[db].days[day];
}

void
sim_db_days(int number, struct sim_day days[SIM_DAYS])
{
    struct db *db = &dbs[number];

    if (!db->opened) { /* whoever opens it first finds it */
        find_ghost(db);
        db->ghost = 0;
    }
    memset(days, 0, SIM_DAYS * sizeof *days);
    for (uint32_t i = 0; i < committed_end(db); i++)
        sim_days_take(days, db->changes[i].kind, db->changes[i].a,
                      db->changes[i].b);
}

int
sim_store_days_are_sealed(void)
{
    for (int i = 1; i < SIM_DBS; i++)
        if (!sim_days_are_sealed(dbs[i].days))
            return 0;
    return 1;
}

uint32_t
sim_db_upto(int db, uint32_t segment)
{
    return dbs[db].upto[segment];
}

uint32_t
sim_db_connection(int db)
{
    return dbs[db].opened;
}

uint32_t
sim_db_total(uint32_t incarnation)
{
    return totals[incarnation];
}

int
sim_db_applied(int db, uint32_t frame)
{
    return dbs[db].applied[frame];
}

int
sim_db_durable(int number, uint32_t frame)
{
    const struct db *db = &dbs[number];
    uint32_t end = db->durable_n == 0 ? 0 : db->ends[db->durable_n - 1];

    for (uint32_t i = 0; i < end; i++)
        if (db->changes[i].kind == SIM_APPLY && db->changes[i].a == frame)
            return 1;
    return 0;
}
