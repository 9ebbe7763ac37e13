/* The way of one frame; see frame.h.  Writer thread. */

#include "ingest/frame.h"

#include "gl_assert.h"
#include "ingest/apply.h"
#include "ingest/batch.h"
#include "ingest/building.h"
#include "ingest/gather.h"
#include "ingest/inflight.h"
#include "ingest/position.h"
#include "ingest/said.h"
#include "ingest/served.h"
#include "ingest/sites.h"
#include "ingest/unknown.h"
#include "log.h"
#include "reasons.h"
#include "store/account/account.h"
#include "store/meta/counts.h"
#include "store/rows/tallies.h"

/* A worker's clock ahead of ours by more than this is not believed... */
#define AHEAD_MS 60000
/* ...nor one before this program was written (2025-01-01). */
#define EARLIEST_MS INT64_C(1735689600000)

/* Copies in bad/ of frames of one reason and life: each costs a look
 * at all. */
#define COPIES_MAX 100

static int64_t
believed(const struct gl_ingest *in, int64_t at_ms)
{
    return at_ms >= EARLIEST_MS && at_ms <= in->now_ms + AHEAD_MS ? at_ms
                                                                  : in->now_ms;
}

/* Only what is applied: a segment may be read many times. */
static void
note_clock(const struct gl_ingest_passage *p)
{
    if (p->at_ms == p->frame->at_ms)
        return;
    p->in->counters.clock_suspect++;
    gl_ingest_tally_(&p->in->suspect, p->in->now_ms);
}

/* The frame stays with ENTRY's database: ERROR, or 0: it gathers. */
static void
leave(struct gl_ingest_passage *p, struct gl_ingest_entry *entry, int error)
{
    p->left[p->left_n++] = (struct gl_ingest_left){entry, error};
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
    return 0;
}

/* The entry of the frame, when it is to be applied to ACCOUNT; or NULL. */
static struct gl_ingest_entry *
find_new(struct gl_ingest_passage *p, struct gl_ingest_account *account)
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
    if (!gathers && !gl_ingest_is_current_(entry))
        error = read_upto(entry);
    if (gathers || error < 0) {
        leave(p, entry, error);
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
enter(struct gl_ingest_passage *p, struct gl_ingest_entry *entry)
{
    struct gl_ingest_account *account = entry->account;
    int error;

    if (account->waits)
        return 0;
    error = gl_ingest_try_begin_(p->in, account);
    if (error < 0) {
        leave(p, entry, error);
        return 0;
    }
    GL_ASSERT(entry->pending < p->frame->index); /* each frame once */
    if (entry->pending == 0)
        g_ptr_array_add(account->entries, entry);
    entry->pending = p->frame->index;
    return 1;
}

typedef int apply_event(struct gl_ingest *in, struct gl_ingest_site *site,
                        const struct gl_event *event);

/* Everything of one frame in a transaction that goes on if it fails. */
static int
apply_careful(struct gl_ingest *in, struct gl_ingest_site *site,
              const struct gl_event *event, apply_event *apply)
{
    struct gl_account *store = site->account->store;
    int error = gl_account_savepoint(store);

    if (error < 0)
        return error;
    error = apply(in, site, event);
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
take_event(struct gl_ingest_passage *p, struct gl_ingest_site *site,
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
        error = account->careful
                    ? apply_careful(in, site, event, gl_ingest_apply_)
                    : gl_ingest_apply_(in, site, event);
    }
    if (error < 0)
        leave(p, entry, error);
}

/* A page served touches no visit: the site's object is not asked for. */
static void
take_served(struct gl_ingest_passage *p, struct gl_ingest_site *site,
            struct gl_event *event)
{
    struct gl_ingest *in = p->in;
    struct gl_ingest_entry *entry = find_new(p, site->account);
    int error;

    if (entry == NULL || !enter(p, entry))
        return;
    note_clock(p);
    event->at_ms = p->at_ms;
    error = site->account->careful
                ? apply_careful(in, site, event, gl_ingest_apply_served_)
                : gl_ingest_apply_served_(in, site, event);
    if (error < 0)
        leave(p, entry, error);
}

static int
take_drop(const struct gl_ingest_passage *p, uint64_t *counter,
          const struct gl_ingest_drop *drop)
{
    const struct gl_count *count = &drop->count;
    int64_t day = p->at_ms / GL_DAY_MS;

    *counter += count->n;
    if (drop->site == NULL) {
        gl_ingest_note_unknown_(p->in, count->site, count->n);
        return gl_meta_add_drop(p->in->meta, day, count->reason, count->n);
    }
    return gl_account_add_drop(drop->account->store, drop->site->id, day,
                               count->reason, count->n);
}

static int
is_asked(const struct gl_ingest_drop *drops, size_t i)
{
    for (size_t before = 0; before < i; before++)
        if (drops[before].account == drops[i].account)
            return 1;
    return 0;
}

/* One frame may tell of many sites: each database is asked once. */
static void
take_drops(struct gl_ingest_passage *p, const struct gl_ingest_said *said)
{
    const struct gl_ingest_drop *drops = said->drops;
    uint64_t *counter = said->own != NULL ? said->own : &p->in->counters.drops;

    for (size_t i = 0; i < said->drops_n; i++) {
        struct gl_ingest_account *account = drops[i].account;
        struct gl_ingest_entry *entry;
        int error = 0;

        if (is_asked(drops, i) ||
            (p->only != NULL && account != p->only && said->own == NULL))
            continue;
        entry = find_new(p, account);
        if (entry == NULL || !enter(p, entry))
            continue;
        p->counted = 1;
        for (size_t same = i; same < said->drops_n && error >= 0; same++)
            if (drops[same].account == account)
                error = take_drop(p, counter, &drops[same]);
        if (error < 0)
            leave(p, entry, error);
    }
}

static void
take_frame(struct gl_ingest_passage *p, struct gl_ingest_said *said)
{
    p->at_ms = believed(p->in, p->frame->at_ms);
    gl_ingest_understand_(p->in, p->frame, p->only, said);
    if (said->site != NULL && said->served)
        take_served(p, said->site, &said->event);
    else if (said->site != NULL)
        take_event(p, said->site, &said->event);
    else
        take_drops(p, said);
}

/* The frame is copied, unless very many were. */
static void
set_aside(const struct gl_ingest_passage *p, uint64_t so_many)
{
    if (so_many <= COPIES_MAX)
        gl_spool_keep_frame(p->in->spool, p->frame);
    gl_ingest_tally_(&p->in->set_aside, p->in->now_ms);
}

static void
see_to(const struct gl_ingest_passage *p)
{
    for (size_t i = 0; i < p->left_n; i++) {
        const struct gl_ingest_left *left = &p->left[i];

        if (left->error < 0)
            gl_ingest_fail_(p->in, left->entry->account, left->error);
        else
            gl_ingest_gather_(p->in, left->entry, p->frame);
    }
}

void
gl_ingest_take_frame_(struct gl_ingest_passage *p,
                      const struct gl_spool_frame *frame)
{
    struct gl_ingest_said said;

    p->frame = frame;
    p->counted = 0;
    p->left_n = 0;
    take_frame(p, &said);
    see_to(p);
    if (said.aside && p->counted)
        set_aside(p, *said.own);
    gl_inflight_leave(p->in->inflight);
}
