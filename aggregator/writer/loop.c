/*
 * The loop of the writer thread.
 *
 *   wait for mail or the clock
 *     ├─ hints, watchers
 *     ├─ a round, when it is due (R7)
 *     ├─ what has gathered for accounts that are not connected
 *     ├─ one change of the administrator's
 *     ├─ a piece of what takes long
 *     ├─ once a second: sync, retry, closings, eviction, checkpoints
 *     ├─ a segment to be parked, or a parked one to be applied
 *     ├─ what an earlier life left, late visitors, dirty days, days to seal
 *     ├─ live numbers, and what is told to who asks
 *     └─ objects of sites that are made in threads
 */

#include "writer/loop.h"

#include "gl_assert.h"
#include "hint.h"
#include "admin/passing.h"
#include "admin/verbs.h"
#include "calls/bulletin.h"
#include "calls/mailbox.h"
#include "columns/seal.h"
#include "days/dirty.h"
#include "days/night.h"
#include "ingest/bring.h"
#include "ingest/building.h"
#include "ingest/closing.h"
#include "ingest/inflight.h"
#include "ingest/park.h"
#include "ingest/replay.h"
#include "ingest/retry.h"
#include "ingest/round.h"
#include "ingest/sites.h"
#include "ingest/state.h"
#include "ingest/told_lost.h"
#include "live/conditions.h"
#include "live/live.h"
#include "log.h"
#include "store/account/accounts.h"
#include "workers/workers.h"
#include "writer/examine.h"
#include "writer/mails.h"
#include "writer/names.h"
#include "writer/notices.h"
#include "writer/sizes.h"
#include "writer/work.h"

#include <stdatomic.h>

/* After the first hint; more when rounds are long. */
#define ROUND_WAIT_MS 50
#define ROUND_FRAMES 1000 /* so many hinted frames need not wait */
#define POLL_MS 50        /* behind every doorbell: segments being written */
#define IDLE_POLL_MS 1000 /* no segment at all */
#define TICK_MS 1000
#define LIVE_MS 100
#define READING_MS 20  /* whether what a thread reads is there */
#define DRAIN_MS 10000 /* at a stop, while workers go on writing */

/* Rest after a round at most.  One may have been long because this process or
 * the whole machine stood still, which says nothing about the next. */
#define REST_MAX_MS 500

/* After a large round, which ended with a syncfs: at most six a second. */
#define LARGE_REST_MS 150

/* ---- mail ---- */

static void
take_hint(void *arg, const uint8_t *packet, size_t len)
{
    struct gl_ingest *in = arg;
    int frames;

    /* workers write for the log, which has nothing to tell of it */
    if (in->conf->log[0] != '\0' && len > 0 && packet[0] != GL_HINT_SEALED)
        return;
    frames = gl_spool_hint(in->spool, packet, len);
    if (in->doorbell_ms == 0)
        in->doorbell_ms = in->boot_ms;
    /* what comes from the log has been gathered before */
    if (frames == 0 && in->conf->follow[0] != '\0')
        in->doorbell_ms = MAX(1, in->boot_ms - ROUND_WAIT_MS);
    if (frames > 0)
        in->hinted += (uint32_t) frames;
}

static void
take_watch(void *arg, int64_t site, int change)
{
    gl_live_watch_site_(arg, site, change);
}

static void
take_mail(struct gl_ingest *in)
{
    struct gl_mailbox_reader reader = {take_hint, take_watch, in};

    if (gl_mailbox_take(in->mailbox, &reader) && in->doorbell_ms == 0)
        in->doorbell_ms = in->boot_ms;
}

/* ---- when ---- */

static int
segments_wait(struct gl_ingest *in)
{
    return gl_spool_next(in->spool, NULL) != NULL;
}

/* Boot clock: when the next round is due. */
static int64_t
round_due_ms(struct gl_ingest *in)
{
    int64_t rest_ms = MIN(in->rest_ms, REST_MAX_MS);

    if (in->large)
        rest_ms = MAX(rest_ms, LARGE_REST_MS);
    if (in->backlog || in->hinted >= ROUND_FRAMES)
        return 0;
    if (in->doorbell_ms != 0)
        return in->doorbell_ms + MAX(ROUND_WAIT_MS, rest_ms);
    return in->round_end_ms +
           (segments_wait(in) ? MAX(POLL_MS, rest_ms) : IDLE_POLL_MS);
}

static int
closings_are_due(const struct gl_ingest *in)
{
    return in->closings_left && !in->backlog && in->caught_up;
}

static int64_t
wait_ms(struct gl_ingest *in)
{
    int64_t due_ms = MIN(MIN(round_due_ms(in), in->tick_ms + TICK_MS),
                         in->workers.sites_due_ms);

    if (in->busy || (in->work.step == NULL && in->waiting == 0 &&
                     gl_mailbox_has_calls(in->mailbox)))
        return 0;
    if (in->refolding != NULL || in->buildings->len > 0 ||
        in->work.let_go != NULL)
        due_ms = MIN(due_ms, in->boot_ms + READING_MS);
    if (closings_are_due(in))
        due_ms = MIN(due_ms, in->closings_ms);
    due_ms = MIN(due_ms, in->refold_ms);
    due_ms = MIN(due_ms, in->seal_ms);
    if (in->watched->len > 0)
        due_ms = MIN(due_ms, in->boot_ms + LIVE_MS);
    return MAX(0, due_ms - gl_clock_boot_ms());
}

/* ---- the loop ---- */

static void
tick(struct gl_ingest *in)
{
    if (in->boot_ms - in->tick_ms < TICK_MS)
        return;
    in->tick_ms = in->boot_ms;
    gl_workers_make_salt_(&in->workers, in->now_ms, in->boot_ms);
    gl_spool_sync(in->spool, in->boot_ms);
    gl_ingest_choose_parking_(in);
    gl_ingest_retry_(in);
    if (in->workers.sites_why[0] != '\0')
        gl_workers_write_sites_(&in->workers, in->meta, in->boot_ms);
    gl_ingest_take_lost_(in);
    gl_live_find_conditions_(in);
    gl_passing_tick_(in);
    gl_writer_free_names_(in);
    gl_writer_note_sizes_(in);
    if (!in->backlog && in->caught_up) {
        in->closings_left = 1;
        gl_days_end_nights_(in);
    }
    gl_ingest_evict_(in);
    gl_accounts_shorten_logs(in->pool, in->boot_ms);
    gl_meta_shorten_log(in->meta, in->boot_ms);
}

static void
run_round(struct gl_ingest *in)
{
    if (in->gathering.full || round_due_ms(in) > in->boot_ms)
        return;
    in->doorbell_ms = 0;
    in->hinted = 0;
    gl_ingest_round_(in);
    in->gathering.next = in->gathering.n > 0;
}

/* A part of what waits, in a turn of its own: after each round one, and as
 * long as no round is due. */
static int
apply_gathered(struct gl_ingest *in)
{
    if (!in->gathering.next && !in->gathering.full &&
        round_due_ms(in) <= in->boot_ms)
        return 0;
    in->gathering.next = 0;
    return gl_ingest_apply_gathered_(in);
}

static void
run_call(struct gl_ingest *in)
{
    struct gl_call call;

    /* nothing is changed before the first listing, nor over frames that wait
     * for a site's object: see R6 and R15 */
    if (!in->caught_up || in->work.step != NULL || in->waiting > 0 ||
        !gl_mailbox_take_call(in->mailbox, &call))
        return;
    gl_verb_call_(in, &call);
    gl_mailbox_call_fini(&call);
}

/* What HUP has brought. */
static void
take_reread(struct gl_ingest *in)
{
    struct gl_enrich *fresh = atomic_exchange(&in->fresh_enrich, NULL);

    if (fresh == NULL)
        return;
    gl_enrich_free(in->enrich);
    in->enrich = fresh;
    gl_workers_write_sites_(&in->workers, in->meta, in->boot_ms);
}

static void
turn(struct gl_ingest *in)
{
    int64_t start_us = g_get_monotonic_time();
    uint64_t turn_ms;
    int worked, gathered;

    gl_ingest_look_at_clocks_(in);
    take_mail(in);
    take_reread(in);
    gathered = apply_gathered(in);
    if (!gathered)
        run_round(in);
    run_call(in);
    if (in->workers.sites_due_ms <= in->boot_ms)
        gl_workers_write_sites_(&in->workers, in->meta, in->boot_ms);
    tick(in);
    if (closings_are_due(in) && in->closings_ms <= in->boot_ms)
        gl_ingest_close_due_(in);
    worked = in->caught_up && gl_writer_work_(in);
    worked |= in->caught_up && (gl_writer_mail_(in) | gl_writer_notice_(in));
    in->refold_ms = in->seal_ms = INT64_MAX;
    in->busy =
        gl_ingest_park_(in) ||
        (in->caught_up && (gl_ingest_replay_(in) ||
                           (!in->backlog && !gathered &&
                            (gl_writer_examine_(in) ||
                             gl_days_refold_due_(in) || gl_seal_due_(in)))));
    in->busy |= worked || gathered || in->gathering.next;
    gl_live_tell_(in);
    gl_ingest_build_due_(in, 0);
    gl_bulletin_tell_live_(in);
    turn_ms = (uint64_t) (g_get_monotonic_time() - start_us) / 1000;
    in->counters.longest_turn_ms = MAX(in->counters.longest_turn_ms, turn_ms);
    gl_bulletin_tell_(in);
}

static void
refuse(struct gl_call *call)
{
    call->done(call->arg, 503,
               json_pack("{s:s}", "error", "glintod is stopping"));
    gl_mailbox_call_fini(call);
}

/* R16: everything that can be read now.  What gathers stays in the spool. */
static void
drain(struct gl_ingest *in)
{
    int64_t until_ms = gl_clock_boot_ms() + DRAIN_MS;
    struct gl_call call;
    int more;

    do {
        gl_ingest_look_at_clocks_(in);
        take_mail(in);
        gl_ingest_retry_(in);
        more = gl_ingest_round_(in) || in->waiting > 0;
        gl_ingest_build_due_(in, in->waiting > 0);
    } while (more && in->boot_ms < until_ms);
    gl_spool_sync(in->spool, INT64_MAX); /* as durable as if it were applied */
    gl_writer_stop_work_(in);
    gl_passing_stop_(in);
    if (in->workers.sites_due_ms != INT64_MAX)
        gl_workers_write_sites_(&in->workers, in->meta, in->boot_ms);
    while (gl_mailbox_take_call(in->mailbox, &call))
        refuse(&call);
}

void *
gl_writer_run_(void *arg)
{
    struct gl_ingest *in = arg;

    GL_ASSERT(in->spool != NULL && in->mailbox != NULL);

    gl_inflight_attach(in->inflight);
    while (!gl_mailbox_stopping(in->mailbox)) {
        gl_mailbox_wait(in->mailbox, wait_ms(in));
        turn(in);
    }
    drain(in);
    return NULL;
}
