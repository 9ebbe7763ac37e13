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

/* A frame counted as dropped, as a worker tells of them; not by a site: SITE
 * is NULL and ACCOUNT meta.db. */
struct drop {
    struct gl_ingest_account *account;
    struct gl_ingest_site *site;
    struct gl_count count;
};

/* What a frame says: an event of SITE, or drops. */
struct said {
    struct gl_ingest_site *site;
    struct gl_event event;
    struct drop drops[GL_COUNTS_MAX];
    size_t drops_n;
};

/* What a frame leaves behind with one database: it failed, or the frame is to
 * gather (ERROR 0). */
struct left {
    struct gl_ingest_account *account;
    struct gl_ingest_entry *entry;
    int error;
};

/* One frame on its way, which runs down: what the frame says, which entry is
 * its own, the transaction, the row.  What is left behind is seen to when it
 * has gone it (see_to()). */
struct passage {
    struct gl_ingest *in;
    const struct gl_spool_frame *frame;
    int64_t at_ms;

    uint64_t *own; /* the counter, when it is dropped itself, else NULL */
    int aside;     /* a copy of it goes to bad/... */
    int counted;   /* ...the first time */
    struct left left[GL_COUNTS_MAX];
    size_t left_n;

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

/* The entry of the frame, when it is to be applied to ACCOUNT; or NULL. */
static struct gl_ingest_entry *
find_new(struct passage *p, struct gl_ingest_account *account)
{
    struct gl_ingest *in = p->in;
    int noted = p->only != NULL && account == &in->of_meta;
    struct gl_ingest_entry *entry =
        gl_ingest_entry_(noted ? p->note : p->frame->segment, account);
    int gathers, error = 0;

    if (p->frame->index > entry->seen)
        entry->seen = p->frame->index;
    if (!gl_ingest_works_(account))
        return NULL;
    gathers = p->only == NULL && gl_ingest_gathers_(in, entry);
    /* R9: no other connection is believed (position.h) */
    if (!gathers && (entry->known == 0 ||
                     entry->known != gl_file_connection(account->file))) {
        error = gl_file_upto(account->file, entry->segment->header.id,
                             &entry->upto);
        if (error >= 0) {
            entry->known = gl_file_connection(account->file);
            entry->before = entry->asked ? entry->before : entry->upto;
            entry->asked = 1;
        }
    }
    if (gathers || error < 0) {
        p->left[p->left_n++] = (struct left){account, entry, error};
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
    int error;

    if (account->waits)
        return 0;
    error = gl_ingest_try_begin_(p->in, account);
    if (error < 0) {
        p->left[p->left_n++] = (struct left){account, entry, error};
        return 0;
    }
    GL_ASSERT(entry->pending < p->frame->index); /* each frame once */
    if (entry->pending == 0)
        g_ptr_array_add(account->entries, entry);
    entry->pending = p->frame->index;
    return 1;
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
take_event(struct passage *p, struct gl_ingest_site *site,
           struct gl_event *event)
{
    struct gl_ingest *in = p->in;
    struct gl_ingest_account *account = site->account;
    struct gl_ingest_entry *entry = find_new(p, account);
    int error;

    if (entry == NULL)
        return;
    error = gl_ingest_load_(in, site, p->at_ms);
    if (error == 1)
        gl_ingest_wait_(in, account);
    if (error == 0 && !enter(p, entry))
        return;
    if (error == 0) {
        note_clock(p);
        event->at_ms = p->at_ms;
        gl_ingest_use_(in, site);
        gl_ingest_touch_(in, site);
        error = account->careful ? apply_careful(in, site, event)
                                 : gl_ingest_apply_(in, site, event);
    }
    if (error < 0)
        p->left[p->left_n++] = (struct left){account, entry, error};
}

static int
take_drop(struct passage *p, const struct drop *drop)
{
    const struct gl_count *count = &drop->count;
    int64_t day = p->at_ms / GL_DAY_MS;

    *(p->own != NULL ? p->own : &p->in->counters.drops) += count->n;
    if (drop->site == NULL) {
        gl_ingest_note_unknown_(p->in, count->site, count->n);
        return gl_meta_add_drop(p->in->meta, day, count->reason, count->n);
    }
    return gl_account_add_drop(drop->account->store, drop->site->id, day,
                               count->reason, count->n);
}

static int
is_asked(const struct drop *drops, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (drops[before].account == drops[i].account)
            return 1;
    return 0;
}

/* One frame may tell of many sites: each database is asked once. */
static void
take_drops(struct passage *p, const struct drop *drops, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gl_ingest_account *account = drops[i].account;
        struct gl_ingest_entry *entry;
        int error = 0;

        if (is_asked(drops, i) ||
            (p->only != NULL && account != p->only && p->own == NULL))
            continue;
        entry = find_new(p, account);
        if (entry == NULL || !enter(p, entry))
            continue;
        p->counted = 1;
        for (size_t same = i; same < n && error >= 0; same++)
            if (drops[same].account == account)
                error = take_drop(p, &drops[same]);
        if (error < 0)
            p->left[p->left_n++] = (struct left){account, entry, error};
    }
}

/* ---- what a frame says ---- */

/* The frame itself is dropped: meta.db counts it. */
static void
drop_itself(struct passage *p, struct said *said, enum gl_reason reason,
            uint64_t *counter)
{
    struct gl_count count = {.reason = gl_reason_word(reason), .n = 1};

    if (reason == GL_REASON_UNKNOWN_SITE)
        count.site = said->event.site;
    p->own = counter;
    said->drops[0] = (struct drop){&p->in->of_meta, NULL, count};
    said->drops_n = 1;
}

static void
say_event(struct passage *p, struct said *said)
{
    struct gl_ingest_site *site = gl_ingest_site_(p->in, said->event.site);

    /* a parked frame whose site went elsewhere: an older meta.db
     * was restored */
    if (site == NULL || (p->only != NULL && site->account != p->only))
        drop_itself(p, said, GL_REASON_UNKNOWN_SITE,
                    &p->in->counters.unknown_site);
    else
        said->site = site;
}

static void
say_counts(struct gl_ingest *in, struct said *said,
           const struct gl_count *counts, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct gl_ingest_site *site = counts[i].site.len > 0
                                          ? gl_ingest_site_(in, counts[i].site)
                                          : NULL;

        said->drops[i] = (struct drop){
            site == NULL ? &in->of_meta : site->account, site, counts[i]};
    }
    said->drops_n = n;
}

static void
understand(struct passage *p, struct said *said)
{
    const struct gl_spool_frame *frame = p->frame;
    struct gl_ingest *in = p->in;
    struct gl_count counts[GL_COUNTS_MAX];
    const char *why = "frame of a type not known here";
    int n = -1;

    if (frame->type == GL_FRAME_EVENT)
        n = gl_event_decode(in->decoder, &said->event, frame->payload,
                            frame->payload_len, &why);
    else if (frame->type == GL_FRAME_COUNTS)
        n = gl_counts_decode(in->decoder, counts, frame->payload,
                             frame->payload_len, &why);
    if (n >= 0 && frame->type == GL_FRAME_EVENT)
        say_event(p, said);
    else if (n >= 0)
        say_counts(in, said, counts, (size_t) n);
    else if (p->only == NULL) { /* a parked one was counted before */
        gl_log(GL_LOG_DEBUG, "undecodable frame: %s", why);
        p->aside = 1;
        drop_itself(p, said, GL_REASON_UNDECODABLE, &in->counters.undecodable);
    }
}

static void
take_frame(struct passage *p)
{
    const struct gl_spool_frame *frame = p->frame;
    const uint8_t *id = frame->segment->header.id;
    struct gl_ingest *in = p->in;
    struct said said;

    said.site = NULL;
    said.drops_n = 0;
    p->own = NULL;
    p->aside = p->counted = 0;
    p->at_ms = believed(in, frame->at_ms);
    if (gl_inflight_is_bad(in->inflight, id, frame->index)) {
        p->aside = 1;
        drop_itself(p, &said, GL_REASON_CRASH, &in->counters.crashed);
    } else {
        gl_inflight_enter(in->inflight, id, frame->index);
        understand(p, &said);
    }
    if (said.site != NULL)
        take_event(p, said.site, &said.event);
    else
        take_drops(p, said.drops, said.drops_n);
}

/* ---- what it leaves behind ---- */

/* The frame is copied, unless very many were. */
static void
set_aside(const struct passage *p)
{
    if (*p->own <= COPIES_MAX)
        gl_spool_keep_frame(p->in->spool, p->frame);
    gl_ingest_tally_(&p->in->set_aside, p->in->now_ms);
}

static void
see_to(struct passage *p)
{
    struct gl_ingest *in = p->in;

    for (size_t i = 0; i < p->left_n; i++) {
        const struct left *left = &p->left[i];

        if (left->error < 0)
            gl_ingest_fail_(in, left->account, left->error);
        else
            gl_ingest_gather_(in, left->entry, p->frame);
    }
    p->left_n = 0;
    if (p->aside && p->counted)
        set_aside(p);
    gl_inflight_leave(in->inflight);
}

static void
pass(struct passage *p, const struct gl_spool_frame *frames, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        p->frame = &frames[i];
        take_frame(p);
        see_to(p);
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
    see_to(&p);
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
