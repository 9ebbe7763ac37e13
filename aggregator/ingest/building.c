/*
 * How a site's object is made: of few rows at once, of many in a thread, so
 * that no other account waits for it.
 *
 *   load ── few rows ──► made at once
 *     └─ many ──► asked for ──► a thread reads one commit ──► it is there
 *                    │
 *                    └─ a frame of the site comes: its account waits, that is
 *                       its frames stay in the spool until the object is there
 *
 * Nothing of the site is written meanwhile, so that the object is of the last
 * commit: frames and closings need it, a refold of the site waits (dirty.c).
 * Only an import goes on; its end makes the object anew anyway.  rebuild.c
 * reads by time and not by rowid: a late row has a higher rowid than those it
 * belongs before.  Two objects are made at a time.
 *
 * All later frames of the account wait too, as upto has no gaps; what came
 * before is committed.  Changes of sites wait in the mailbox so long; a stop
 * waits, a kill leaves the frames where they are.  A page waits 50 ms, then it
 * says that the numbers follow.  It takes some 0.3 s a million rows of today.
 *
 * Writer thread, but read_rows().
 */

#include "ingest/building.h"

#include "count/site.h"
#include "gl_assert.h"
#include "ingest/batch.h"
#include "ingest/builds.h"
#include "ingest/retry.h"
#include "log.h"

/* Read within a millisecond or so. */
#define AT_ONCE_ROWS 2000
#define THREADS_MAX 2
/* Nginx and the writer first. */
#define NICE 5

/* No visit is longer than a day, so the other one began on one of these. */
static void
mark_conflict(struct gl_ingest *in, const struct gl_ingest_site *site,
              const struct gl_visit *visit)
{
    int64_t day = visit->start_ms / GL_DAY_MS;

    for (int64_t near = day - 1; near <= day + 1; near++)
        gl_ingest_dirty_(in, site->account, site->id, near);
}

static void
install(struct gl_ingest *in, struct gl_ingest_site *site,
        struct gl_site *object, const struct gl_rebuild *rebuild,
        int64_t begun_us)
{
    site->object = object;
    site->day_start_ms = rebuild->day_start_ms;
    site->day_end_ms = rebuild->day_end_ms;
    site->changed = 1;
    TAILQ_INSERT_HEAD(&in->objects, site, age); /* nobody has used it yet */
    in->objects_n++;
    gl_ingest_weigh_(in, site);
    in->counters.rebuilds++;
    in->counters.rebuild_us += (uint64_t) (g_get_monotonic_time() - begun_us);
}

/* ---- at once ---- */

struct owner {
    struct gl_ingest *in;
    struct gl_ingest_site *site;
};

static void
take_conflict(void *arg, const struct gl_visit *visit)
{
    struct owner *owner = arg;

    mark_conflict(owner->in, owner->site, visit);
}

static int
build_now(struct gl_ingest *in, struct gl_ingest_site *site,
          struct gl_rebuild *rebuild)
{
    struct owner owner = {in, site};
    int64_t begun_us = g_get_monotonic_time();
    struct gl_site *object;
    int error;

    rebuild->words = &site->words;
    rebuild->conflict = take_conflict;
    rebuild->arg = &owner;
    error = gl_rebuild_site(rebuild, &object);
    if (error >= 0)
        install(in, site, object, rebuild, begun_us);
    return error;
}

/* ---- in a thread ---- */

static void
keep_conflict(void *arg, const struct gl_visit *visit)
{
    struct gl_ingest_building *b = arg;

    g_array_append_vals(b->conflicts, visit, 1);
}

static int
read_rows(void *arg, struct gl_account *reader)
{
    struct gl_ingest_building *b = arg;

    GL_ASSERT(b->object == NULL);
    gl_account_words(reader, &b->words);
    b->rebuild.account = reader;
    b->rebuild.words = &b->words;
    b->rebuild.conflict = keep_conflict;
    b->rebuild.arg = b;
    b->rebuild.stop = &b->stop;
    return gl_rebuild_site(&b->rebuild, &b->object);
}

static void
ask(struct gl_ingest *in, struct gl_ingest_site *site,
    const struct gl_rebuild *rebuild)
{
    struct gl_ingest_building *b = g_new0(struct gl_ingest_building, 1);

    b->account = site->account;
    b->asked_ms = in->now_ms;
    b->rebuild = *rebuild;
    b->conflicts = g_array_new(FALSE, FALSE, sizeof(struct gl_visit));
    b->reading.read = read_rows;
    b->reading.arg = b;
    b->reading.nice = NICE;
    site->building = b;
    g_ptr_array_add(in->buildings, b);
}

static int
build(struct gl_ingest *in, struct gl_ingest_site *site, int64_t oldest_ms)
{
    struct gl_ingest_building *b = site->building;
    struct gl_rebuild rebuild = {.account = site->account->store,
                                 .site = site->id,
                                 .rules = site->rules,
                                 .oldest_ms = MIN(oldest_ms, in->now_ms)};
    int64_t rows;

    if (b != NULL) {
        if (b->begun_us == 0)
            b->rebuild.oldest_ms = MIN(oldest_ms, b->rebuild.oldest_ms);
        return 1;
    }
    gl_zone_day(site->zone, in->now_ms, &rebuild.day_start_ms,
                &rebuild.day_end_ms);
    rows = gl_rebuild_size(&rebuild);
    if (rows < 0)
        return (int) rows;
    if (rows <= AT_ONCE_ROWS)
        return build_now(in, site, &rebuild);
    ask(in, site, &rebuild);
    return 1;
}

int
gl_ingest_load_(struct gl_ingest *in, struct gl_ingest_site *site,
                int64_t oldest_ms)
{
    if (site->object != NULL && in->now_ms < site->day_start_ms)
        gl_ingest_drop_(in, site); /* the clock was set back */
    if (site->object == NULL && site->account->state == GL_ACCOUNT_HELD)
        return -GL_STORE_ENVIRONMENT;
    if (site->object == NULL)
        return build(in, site, oldest_ms);
    if (in->now_ms >= site->day_end_ms) {
        gl_zone_day(site->zone, in->now_ms, &site->day_start_ms,
                    &site->day_end_ms);
        gl_site_turn_day(site->object, site->day_start_ms, site->day_end_ms);
        site->changed = 1;
    }
    return 0;
}

int64_t
gl_ingest_building_since_(const struct gl_ingest_site *site)
{
    return site->building->asked_ms;
}

/* ---- what is under way ---- */

/* The object is there, or its account has failed. */
static void
finish(struct gl_ingest *in, struct gl_ingest_building *b)
{
    struct gl_ingest_site *site = gl_ingest_build_site_(in, b);
    int error = b->reading.error;

    if (site == NULL) {
        gl_ingest_build_free_(in, b);
        return;
    }
    site->building = NULL;
    if (error >= 0) {
        gl_site_set_words(b->object, &site->words);
        install(in, site, b->object, &b->rebuild, b->begun_us);
        gl_ingest_use_(in, site); /* whoever asked for it comes again */
        b->object = NULL;
    } else {
        gl_log(GL_LOG_ERROR, "account %s: the rows of %s are not read: %s",
               site->account->id, site->domain, b->reading.why);
    }
    for (guint i = 0; i < b->conflicts->len; i++)
        mark_conflict(in, site,
                      &g_array_index(b->conflicts, struct gl_visit, i));
    gl_ingest_build_free_(in, b);
    if (error < 0 && gl_ingest_works_(site->account))
        gl_ingest_fail_(in, site->account, error);
}

/* ---- once a turn ---- */

static int
is_building(const struct gl_ingest *in,
            const struct gl_ingest_account *account)
{
    for (guint i = 0; i < in->buildings->len; i++) {
        const struct gl_ingest_building *b = in->buildings->pdata[i];

        if (b->account == account && gl_ingest_build_site_(in, b) != NULL)
            return 1;
    }
    return 0;
}

static void
resume_all(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;

    if (in->waiting == 0)
        return;
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_account *account = value;

        if (account->waits && !is_building(in, account))
            gl_ingest_resume_(in, account);
    }
}

void
gl_ingest_build_due_(struct gl_ingest *in, int wait)
{
    guint running = 0;

    for (guint i = in->buildings->len; i-- > 0;) {
        struct gl_ingest_building *b = in->buildings->pdata[i];

        if (gl_ingest_build_site_(in, b) == NULL)
            atomic_store(&b->stop, 1);
        if (b->begun_us == 0 ? gl_ingest_build_site_(in, b) == NULL
                             : gl_reading_ready(&b->reading, wait))
            finish(in, b);
    }
    for (guint i = 0; i < in->buildings->len; i++) {
        struct gl_ingest_building *b = in->buildings->pdata[i];

        if (b->begun_us == 0 && running < THREADS_MAX &&
            gl_reading_start(&b->reading, b->account->store) == 0)
            b->begun_us = g_get_monotonic_time();
        running += b->begun_us != 0;
    }
    resume_all(in);
}
