/*
 * What columns/seal.c and move/let_go.c stand on: threads that read one
 * commit, what they would pack, and the sealed days of the store.  The set of
 * a day is what its rows sum up to, in up to SIM_PIECES parts.
 */

#include "columns/seal_job.h"
#include "count/count.h"
#include "days.h"
#include "ingest/state.h"
#include "move/let_go.h"
#include "move/let_go_job.h"
#include "move/pieces.h"
#include "move/remains.h"
#include "store/rows/sealed.h"
#include "writer/work.h"

#include <string.h>
#include <sys/statvfs.h>

/* Parts that are there, any and the last one among them. */
static const int parts[SIM_PIECES] = {0, 1, 5, 9, 40, GL_SEALED_ALL - 1};

static int64_t changed[SIM_DBS]; /* days: gl_account_changed_day() */

static int
db_of(const struct gl_account *account)
{
    return sim_account_db(account);
}

void
sim_seal_forget(void)
{
    memset(changed, 0, sizeof changed);
}

void
sim_seal_changed(int db, uint32_t day)
{
    if (sim.plan.seals)
        changed[db] = MIN(changed[db], sim_day_number(day));
}

/* ---- jobs/reading.h: the thread comes to read sooner or later ---- */

static void
read_now(struct gl_reading *reading)
{
    if (sim.reaping || atomic_load(&reading->ready))
        return;
    reading->error = sim_fault_in(sim.plan.store_io)
                         ? -GL_STORE_ENVIRONMENT
                         : reading->read(reading->arg, reading->reader);
    atomic_store(&reading->ready, 1);
}

int
gl_reading_start(struct gl_reading *reading, const struct gl_account *account)
{
    if (sim_fault_in(sim.plan.store_io))
        return -GL_STORE_ENVIRONMENT;
    reading->reader = (struct gl_account *) (uintptr_t) account;
    reading->error = 0;
    reading->running = 1;
    atomic_store(&reading->ready, 0);
    if (sim_one_in(2))
        read_now(reading);
    return 0;
}

int
gl_reading_ready(struct gl_reading *reading, int wait)
{
    if (!reading->running)
        return 1;
    if (!wait && sim_one_in(2))
        return 0;
    read_now(reading);
    reading->running = 0;
    return 1;
}

/* ---- columns/seal_job.h ---- */

static GByteArray *
nothing(void)
{
    static GByteArray *none;

    if (none == NULL)
        none = g_byte_array_new();
    return none;
}

static struct gl_sealed *
pack(const struct sim_day *day)
{
    struct gl_sealed *sealed = g_new0(struct gl_sealed, 1);

    for (int i = 0; i < GL_SEALED_ALL; i++)
        sealed->parts[i] = nothing();
    for (int i = 0; i < SIM_PIECES; i++)
        if (day->rows[i] != 0)
            sealed->parts[parts[i]] = g_byte_array_append(
                g_byte_array_new(), (const guint8 *) &day->rows[i],
                sizeof day->rows[i]);
    sealed->head_len = 1;
    return sealed;
}

void
gl_sealed_free(struct gl_sealed *sealed)
{
    for (int i = 0; i < SIM_PIECES; i++)
        if (sealed->parts[parts[i]] != nothing())
            g_byte_array_unref(sealed->parts[parts[i]]);
    g_free(sealed);
}

static void
look_at_day(struct gl_seal_job *job, const struct sim_day *day)
{
    if (sim_fault_in(8)) { /* a visit is open */
        job->later = 1;
        return;
    }
    job->found[job->n++] = (struct gl_seal_found){job->day, pack(day)};
}

static int
read_next(void *arg, struct gl_account *reader)
{
    struct gl_seal_job *job = arg;
    struct sim_day days[SIM_DAYS];
    int enough = 1 + (int) sim_below(SIM_DAYS);

    sim_db_days(db_of(reader), days);
    for (uint32_t at = 0; at < SIM_DAYS && job->n < enough; at++) {
        int64_t number = sim_day_number(at);

        if (number <= job->day.day || number >= job->before ||
            days[at].let_go || days[at].token == days[at].head)
            continue;
        job->day = (struct gl_sealed_day){1, number, days[at].token};
        look_at_day(job, &days[at]);
    }
    for (uint32_t at = SIM_DAYS; at-- > 0 && job->n == 0;)
        if (sim_day_number(at) >= job->before &&
            days[at].token != days[at].head)
            job->next = sim_day_number(at);
    return 0;
}

static void
forget(struct gl_seal_job *job)
{
    while (job->n > 0)
        gl_sealed_free(job->found[--job->n].sealed);
}

int
gl_seal_job_start(struct gl_seal_job *job, const struct gl_account *account)
{
    forget(job);
    job->next = INT64_MAX;
    job->reading.read = read_next;
    job->reading.arg = job;
    return gl_reading_start(&job->reading, account);
}

void
gl_seal_job_stop(struct gl_seal_job *job)
{
    gl_reading_ready(&job->reading, 1);
    forget(job);
}

/* ---- store/rows/sealed.h ---- */

int64_t
gl_account_changed_day(const struct gl_account *account)
{
    return changed[db_of(account)];
}

void
gl_account_looked(struct gl_account *account, int64_t from)
{
    changed[db_of(account)] = from;
}

int
gl_account_look_for_unsealed(struct gl_account *account)
{
    struct sim_day days[SIM_DAYS];
    int error = sim_db_usable(db_of(account));

    if (error < 0)
        return error;
    sim_db_days(db_of(account), days);
    changed[db_of(account)] = INT64_MAX;
    for (uint32_t at = 0; at < SIM_DAYS; at++)
        if (days[at].token != days[at].head)
            sim_seal_changed(db_of(account), at);
    return 0;
}

int
gl_account_seal_piece(struct gl_account *account,
                      const struct gl_sealed_day *day,
                      const struct gl_sealed_piece *piece)
{
    uint32_t place = 0, content;

    while (parts[place] != piece->part)
        place++;
    memcpy(&content, piece->bytes, sizeof content);
    return sim_db_change(db_of(account), SIM_PIECE,
                         sim_day_place(day->day) + place * SIM_DAYS, content);
}

int
gl_account_seal_day(struct gl_account *account,
                    const struct gl_sealed_day *day, int pieces,
                    const void *head, size_t len)
{
    uint32_t at = sim_day_place(day->day);

    (void) head;
    (void) len;
    if (!sim.plan.clock_jumps && !sim_day_is_over(at))
        sim_violation("database %d: day %u is sealed and not over for two "
                      "hours",
                      db_of(account), at);
    sim_note("  day %u of database %d is sealed", at, db_of(account));
    return sim_db_change(db_of(account), SIM_SEAL,
                         at + (uint32_t) pieces * SIM_DAYS,
                         (uint32_t) day->token);
}

int
gl_account_unseal(struct gl_account *account, int64_t site, int64_t from,
                  int64_t to, int pieces)
{
    uint32_t at = sim_day_place(from);
    const struct sim_day *day = sim_db_day(db_of(account), at);
    int n = 0, error;

    (void) site;
    (void) to;
    for (int i = 0; i < SIM_PIECES; i++)
        n += day->piece[i] != 0;
    n = MIN(n, pieces);
    if (day->head != 0)
        sim_note("  day %u of database %d is unsealed", at, db_of(account));
    error = sim_db_change(db_of(account), SIM_UNSEAL, at, (uint32_t) n);
    return error < 0 ? error : n;
}

int __wrap_statvfs(const char *path, struct statvfs *fs);

/* More room than sealing needs, or less. */
int
__wrap_statvfs(const char *path, struct statvfs *fs)
{
    (void) path;
    *fs = (struct statvfs){.f_frsize = 4096,
                           .f_bavail = sim_fault_in(8) ? 1 : 1u << 20};
    return 0;
}

/* ---- rows that are let go: move/let_go.c ---- */

static int
read_let_go(void *arg, struct gl_account *reader)
{
    struct gl_let_go_job *job = arg;
    struct sim_day days[SIM_DAYS];
    const struct sim_day *day = &days[sim_day_place(job->day.day)];

    sim_db_days(db_of(reader), days);
    if (day->token != 0 && day->head == day->token)
        job->words = g_strdup("{}");
    job->day.token = day->token;
    return 0;
}

struct gl_let_go_job *
gl_let_go_job_start(const struct gl_account *account, int64_t site,
                    int64_t day)
{
    struct gl_let_go_job *job = g_new0(struct gl_let_go_job, 1);

    job->day = (struct gl_sealed_day){site, day, 0};
    job->rows = g_array_new(FALSE, FALSE, sizeof(int64_t));
    job->reading.read = read_let_go;
    job->reading.arg = job;
    if (gl_reading_start(&job->reading, account) == 0)
        return job;
    gl_let_go_job_free(job);
    return NULL;
}

void
gl_let_go_job_free(struct gl_let_go_job *job)
{
    if (job == NULL)
        return;
    gl_reading_ready(&job->reading, 1);
    g_free(job->words);
    g_array_free(job->rows, TRUE);
    g_free(job);
}

/* The first day that has rows. */
int
gl_account_let_go_next(struct gl_account *account, int64_t site,
                       int64_t before, int64_t *day)
{
    struct sim_day days[SIM_DAYS];
    int error = sim_db_usable(db_of(account));

    (void) site;
    if (error < 0)
        return error;
    sim_db_days(db_of(account), days);
    for (uint32_t at = 0; at < SIM_DAYS; at++)
        if (days[at].token != 0 && !days[at].let_go) {
            *day = sim_day_number(at);
            return *day < before ? GL_LET_GO_DAY : GL_LET_GO_NOTHING;
        }
    return GL_LET_GO_NOTHING;
}

int
gl_account_let_go(struct gl_account *account, const struct gl_let_go_day *what)
{
    uint32_t at = sim_day_place(what->day.day);
    int db = db_of(account), error = sim_db_begin(db, 0);

    if (error < 0)
        return error;
    if (sim_db_day(db, at)->token != what->day.token) {
        error = sim_db_commit(db);
        return error < 0 ? error : 0;
    }
    sim_note("  rows of day %u of database %d are let go", at, db);
    error = sim_db_change(db, SIM_LET_GO, at, 0);
    if (error == 0)
        error = sim_db_commit(db);
    return error < 0 ? error : 1;
}

int
gl_move_let_go_piece_(struct gl_ingest *in, int64_t day)
{
    (void) in;
    (void) day;
    return 0;
}

int
gl_account_is_loose(struct gl_account *account)
{
    (void) account;
    return 0;
}

int
gl_move_erase_(struct gl_ingest *in)
{
    (void) in;
    return 1;
}

/* It is night for some account. */
static int
begin_night(struct gl_ingest *in)
{
    const char id[] = {(char) ('1' + sim_below(SIM_DBS - 1)), '\0'};

    in->work.from = g_hash_table_lookup(in->accounts, id);
    if (in->work.from == NULL)
        return 0;
    in->work.site = SIM_SITE;
    in->work.deleted.days = 0;
    in->work.step = gl_move_let_go_;
    return 1;
}

int
gl_writer_work_(struct gl_ingest *in)
{
    if (in->work.step == NULL &&
        (!sim_fault_in(sim.plan.nights) || !begin_night(in)))
        return 0;
    return in->work.step(in);
}

void
gl_writer_stop_work_(struct gl_ingest *in)
{
    gl_move_let_go_stop_(in);
    in->work.step = NULL;
}
