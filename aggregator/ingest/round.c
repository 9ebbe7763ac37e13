/*
 * A round (R6, R7): all frames readable now, in order of time, each to the
 * database it belongs to; then one commit a database.
 *
 *   frame ──► decode ──► site ──► account ──► new to it? ──► apply
 *                 │         └─ unknown ──┐          └─ no: seen, that is all
 *                 └─ undecodable ────────┴──► meta.db counts it
 *
 * A frame that ended the process (inflight.h) is not even decoded: meta.db
 * counts it.
 *
 * Writer thread.
 */

#include "ingest/round.h"

#include "gl_assert.h"
#include "ingest/apply.h"
#include "ingest/batch.h"
#include "ingest/building.h"
#include "ingest/damage.h"
#include "ingest/gather.h"
#include "ingest/inflight.h"
#include "ingest/position.h"
#include "ingest/settle.h"
#include "ingest/sites.h"
#include "ingest/state.h"
#include "ingest/unknown.h"
#include "log.h"
#include "point.h"
#include "reasons.h"
#include "spool/limits.h"
#include "store/account.h"
#include "store/meta_counts.h"
#include "store/meta_sites.h"
#include "store/tallies.h"

#include <string.h>

/* A worker's clock ahead of ours by more than this is not believed... */
#define AHEAD_MS 60000
/* ...nor one before this program was written (2025-01-01). */
#define EARLIEST_MS INT64_C(1735689600000)

/* Copies in bad/ of frames of one reason and life: each costs a look
 * at all. */
#define COPIES_MAX 100

/* A round's frames are read and applied in about this time, by what the last
 * one took; then it commits.  What else a turn does waits for it.  But commits
 * cost the same for few frames as for many, and frames of several workers are
 * put in order of time only within a round: at least so many, two segments
 * full. */
#define ROUND_MS 60
#define ROUND_FRAMES_MIN 8192

/* One frame on its way. */
struct passage {
    struct gl_ingest *in;
    const struct gl_spool_frame *frame;
    int64_t at_ms;

    /* Frames not of a round, of ONLY.  Parked: NOTE stands for their segment
     * in meta.db.  Gathered: NULL, meta.db has taken what is its own. */
    const struct gl_ingest_account *only;
    struct gl_spool_segment *note;

    int64_t start_ms; /* boot clock: of reading */
    int64_t took_ms;  /* since then, without the commits at the end */
};

static int64_t
believed(const struct gl_ingest *in, int64_t at_ms)
{
    return at_ms >= EARLIEST_MS && at_ms <= in->now_ms + AHEAD_MS ? at_ms
                                                                  : in->now_ms;
}

/* Only what is applied: a segment may be read many times. */
static void
note_clock(const struct passage *p)
{
    if (p->at_ms == p->frame->at_ms)
        return;
    p->in->counters.clock_suspect++;
    gl_ingest_tally_(&p->in->suspect, p->in->now_ms);
}

static int
read_upto(struct gl_ingest_entry *entry)
{
    int error = gl_file_upto(entry->account->file, entry->segment->header.id,
                             &entry->upto);

    if (error < 0)
        return error;
    gl_ingest_set_current_(entry);
    if (!entry->asked)
        entry->before = entry->upto;
    entry->asked = 1;
    return error;
}

/* The entry of the frame, when it is to be applied to ACCOUNT; or NULL. */
static struct gl_ingest_entry *
find_new(struct passage *p, struct gl_ingest_account *account)
{
    struct gl_ingest *in = p->in;
    int noted = p->only != NULL && account == &in->of_meta;
    struct gl_ingest_entry *entry =
        gl_ingest_entry_(noted ? p->note : p->frame->segment, account);
    int error;

    if (p->frame->index > entry->seen)
        entry->seen = p->frame->index;
    if (!gl_ingest_works_(account))
        return NULL;
    if (p->only == NULL && gl_ingest_gather_(in, entry, p->frame))
        return NULL;
    if (!gl_ingest_is_current_(entry) && (error = read_upto(entry)) < 0) {
        gl_ingest_fail_(in, account, error);
        return NULL;
    }
    if (p->frame->index > entry->upto)
        return entry;
    in->counters.skipped++;
    return NULL;
}

/* 1 = it is in the account's transaction, which is open; 0 = it stays in the
 * spool. */
static int
enter(struct passage *p, struct gl_ingest_entry *entry)
{
    struct gl_ingest_account *account = entry->account;

    if (account->waits || gl_ingest_begin_(p->in, account) != 0)
        return 0;
    GL_ASSERT(entry->pending < p->frame->index); /* each frame once */
    if (entry->pending == 0)
        g_ptr_array_add(account->entries, entry);
    entry->pending = p->frame->index;
    return 1;
}

static int
admit(struct passage *p, struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry = find_new(p, account);

    return entry != NULL && enter(p, entry);
}

static void
count_in_meta(struct passage *p, struct gl_text reason, uint64_t n)
{
    int error = gl_meta_add_drop(p->in->meta, p->at_ms / GL_DAY_MS, reason, n);

    if (error < 0)
        gl_ingest_fail_(p->in, &p->in->of_meta, error);
}

/* 1 = it is counted, 0 = it was before. */
static int
drop_in_meta(struct passage *p, enum gl_reason reason, uint64_t *counter)
{
    if (!admit(p, &p->in->of_meta))
        return 0;
    ++*counter;
    count_in_meta(p, gl_reason_word(reason), 1);
    return 1;
}

/* Counted there, and the frame is copied, unless very many came. */
static void
set_aside(struct passage *p, enum gl_reason reason, uint64_t *counter)
{
    if (!drop_in_meta(p, reason, counter))
        return;
    if (*counter <= COPIES_MAX)
        gl_spool_keep_frame(p->in->spool, p->frame);
    gl_ingest_tally_(&p->in->set_aside, p->in->now_ms);
}

/* Everything of one frame in a transaction that goes on if it fails. */
static int
apply_careful(struct gl_ingest *in, struct gl_ingest_site *site,
              const struct gl_event *event)
{
    struct gl_account *store = site->account->store;
    int error = gl_account_savepoint(store);

    if (error < 0)
        return error;
    error = gl_ingest_apply_(in, site, event);
    if (error >= 0)
        return gl_account_release(store);
    if (error != -GL_STORE_DATA)
        return error;
    gl_log(GL_LOG_ERROR, "account %s: a frame is rejected: %s",
           site->account->id, gl_account_why(store));
    gl_ingest_drop_(in, site);
    error = gl_account_undo(store);
    if (error < 0)
        return error;
    in->counters.rejected++;
    gl_ingest_tally_(&site->account->rejected, in->now_ms);
    return gl_account_add_drop(store, site->id, event->at_ms / GL_DAY_MS,
                               gl_reason_word(GL_REASON_REJECTED), 1);
}

static void
take_event(struct passage *p, struct gl_event *event)
{
    struct gl_ingest *in = p->in;
    struct gl_ingest_site *site = gl_ingest_site_(in, event->site);
    struct gl_ingest_entry *entry;
    int error;

    /* a parked frame whose site went elsewhere: an older meta.db
     * was restored */
    if (site == NULL || (p->only != NULL && site->account != p->only)) {
        if (drop_in_meta(p, GL_REASON_UNKNOWN_SITE,
                         &in->counters.unknown_site))
            gl_ingest_note_unknown_(in, event->site, 1);
        return;
    }
    entry = find_new(p, site->account);
    if (entry == NULL)
        return;
    error = gl_ingest_load_(in, site, p->at_ms);
    if (error == 1)
        gl_ingest_wait_(in, site->account);
    if (error == 0 && !enter(p, entry))
        return;
    if (error == 0) {
        note_clock(p);
        event->at_ms = p->at_ms;
        gl_ingest_use_(in, site);
        gl_ingest_touch_(in, site);
        error = site->account->careful ? apply_careful(in, site, event)
                                       : gl_ingest_apply_(in, site, event);
    }
    if (error < 0)
        gl_ingest_fail_(in, site->account, error);
}

static void
take_count(struct passage *p, const struct gl_count *count)
{
    struct gl_ingest *in = p->in;
    struct gl_ingest_site *site =
        count->site.len > 0 ? gl_ingest_site_(in, count->site) : NULL;
    int error;

    in->counters.drops += count->n;
    if (site == NULL) {
        count_in_meta(p, count->reason, count->n);
        gl_ingest_note_unknown_(in, count->site, count->n);
        return;
    }
    error = gl_account_add_drop(site->account->store, site->id,
                                p->at_ms / GL_DAY_MS, count->reason, count->n);
    if (error < 0)
        gl_ingest_fail_(in, site->account, error);
}

static struct gl_ingest_account *
account_of(struct gl_ingest *in, const struct gl_count *count)
{
    struct gl_ingest_site *site =
        count->site.len > 0 ? gl_ingest_site_(in, count->site) : NULL;

    return site == NULL ? &in->of_meta : site->account;
}

/* One frame may tell of many sites: each database is asked once. */
static void
take_counts(struct passage *p, const struct gl_count *counts, int n)
{
    for (int i = 0; i < n; i++) {
        struct gl_ingest_account *account = account_of(p->in, &counts[i]);
        int asked = 0;

        for (int before = 0; before < i && !asked; before++)
            asked = account_of(p->in, &counts[before]) == account;
        if (asked || (p->only != NULL && account != p->only) ||
            !admit(p, account))
            continue;
        for (int same = i; same < n && account->transaction != GL_ACCOUNT_IDLE;
             same++)
            if (account_of(p->in, &counts[same]) == account)
                take_count(p, &counts[same]);
    }
}

static void
decode_and_take(struct passage *p)
{
    const struct gl_spool_frame *frame = p->frame;
    struct gl_ingest *in = p->in;
    struct gl_count counts[GL_COUNTS_MAX];
    struct gl_event event;
    const char *why = "frame of a type not known here";
    int n = -1;

    if (frame->type == GL_FRAME_EVENT) {
        n = gl_event_decode(in->decoder, &event, frame->payload,
                            frame->payload_len, &why);
        if (n == 0)
            take_event(p, &event);
    } else if (frame->type == GL_FRAME_COUNTS) {
        n = gl_counts_decode(in->decoder, counts, frame->payload,
                             frame->payload_len, &why);
        if (n >= 0)
            take_counts(p, counts, n);
    }
    if (n < 0 && p->only == NULL) { /* a parked one was counted before */
        gl_log(GL_LOG_DEBUG, "undecodable frame: %s", why);
        set_aside(p, GL_REASON_UNDECODABLE, &in->counters.undecodable);
    }
}

static void
take_frame(struct passage *p)
{
    const struct gl_spool_frame *frame = p->frame;
    const uint8_t *id = frame->segment->header.id;
    struct gl_ingest *in = p->in;

    p->at_ms = believed(in, frame->at_ms);
    if (gl_inflight_is_bad(in->inflight, id, frame->index)) {
        set_aside(p, GL_REASON_CRASH, &in->counters.crashed);
        return;
    }
    gl_inflight_enter(in->inflight, id, frame->index);
    decode_and_take(p);
    gl_inflight_leave(in->inflight);
}

static void
pass(struct passage *p, const struct gl_spool_frame *frames, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        p->frame = &frames[i];
        take_frame(p);
        GL_POINT("frame_applied");
        if (p->in->begun->len >= p->in->begun_max)
            gl_ingest_commit_all_(p->in);
    }
}

static void
take_frames(struct passage *p, const struct gl_spool_frame *frames, size_t n)
{
    struct gl_ingest *in = p->in;

    pass(p, frames, n);
    p->took_ms = gl_clock_boot_ms() - p->start_ms;
    if (p->only == NULL)
        gl_ingest_write_damage_(in);
    gl_ingest_commit_all_(in);
}

void
gl_ingest_take_gathered_(struct gl_ingest *in,
                         struct gl_ingest_account *account,
                         const struct gl_spool_frame *frame)
{
    struct passage p = {.in = in, .frame = frame, .only = account};

    take_frame(&p);
}

void
gl_ingest_take_parked_(struct gl_ingest *in, struct gl_ingest_account *account,
                       const struct gl_spool_frame *frames, size_t n,
                       struct gl_spool_segment *note)
{
    struct passage p = {.in = in, .only = account, .note = note};

    take_frames(&p, frames, n);
}

/* After N frames were read and applied in TOOK_MS. */
static size_t
most_next(size_t most, size_t n, int64_t took_ms)
{
    size_t fit = took_ms > 0 ? n * ROUND_MS / (size_t) took_ms : SIZE_MAX;

    if (n < ROUND_FRAMES_MIN && took_ms <= ROUND_MS)
        return most; /* tells little */
    return CLAMP(MIN(fit, 2 * most), ROUND_FRAMES_MIN, GL_SPOOL_ROUND_FRAMES);
}

int
gl_ingest_round_(struct gl_ingest *in)
{
    struct passage p = {.in = in, .start_ms = gl_clock_boot_ms()};
    const struct gl_spool_frame *frames;
    size_t n, most = MAX(in->round_most, ROUND_FRAMES_MIN);
    int more, before = in->backlog;

    gl_spool_limit(in->spool, most);
    more = gl_spool_read(in->spool, in->now_ms, in->boot_ms, &frames, &n);
    gl_ingest_note_segments_(in);
    in->round_accounts = 0;
    in->backlog = more;
    in->round_start_ms = gl_clock_boot_ms();
    take_frames(&p, frames, n);
    in->round_most = most_next(most, n, p.took_ms);
    in->large = in->round_accounts > GL_INGEST_FULL_ACCOUNTS;
    gl_spool_release(in->spool);
    gl_ingest_settle_(in);

    in->counters.rounds += n > 0;
    in->counters.frames += n;
    in->round_frames = n;
    in->round_end_ms = gl_clock_boot_ms();
    in->round_ms = in->round_end_ms - p.start_ms;
    in->rest_ms = before ? 0 : 2 * in->round_ms;
    if (!more)
        in->caught_up = 1;
    return more;
}
