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

/* What a step says: an error (-enum gl_store_error), or one of these. */
enum {
    DONE,   /* nothing more is to be done with this database */
    NEXT,   /* the next step is */
    GATHERS /* the frame is to gather */
};

/* Is the frame new to ENTRY's database? */
static int
is_new(struct gl_ingest_passage *p, struct gl_ingest_entry *entry)
{
    int error;

    if (p->frame->index > entry->seen)
        entry->seen = p->frame->index;
    if (!gl_ingest_works_(entry->account))
        return DONE;
    if (p->only == NULL && gl_ingest_gathers_(p->in, entry))
        return GATHERS;
    error = gl_file_know(entry->account->file, entry->segment->header.id,
                         &entry->upto, &entry->known);
    if (error < 0)
        return error;
    if (!entry->asked)
        entry->before = entry->upto;
    entry->asked = 1;
    if (p->frame->index > entry->upto)
        return NEXT;
    p->in->counters.skipped++;
    return DONE;
}

/* An event joins a visit: its site's object is there first. */
static int
load(struct gl_ingest_passage *p, struct gl_ingest_site *site)
{
    int rc = gl_ingest_load_(p->in, site, p->at_ms);

    if (rc == 1)
        gl_ingest_wait_(p->in, site->account);
    return rc < 0 ? rc : NEXT;
}

/* The frame is in the transaction of ENTRY's database, which is open; or it
 * stays in the spool. */
static int
enter(struct gl_ingest_passage *p, struct gl_ingest_entry *entry)
{
    struct gl_ingest_account *account = entry->account;
    int error;

    if (account->waits)
        return DONE;
    error = gl_ingest_try_begin_(p->in, account);
    if (error < 0)
        return error;
    GL_ASSERT(entry->pending < p->frame->index); /* each frame once */
    if (entry->pending == 0)
        g_ptr_array_add(account->entries, entry);
    entry->pending = p->frame->index;
    return NEXT;
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
        error = gl_account_release(store); /* writes what was added up */
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

static int
put_event(struct gl_ingest_passage *p, struct gl_ingest_said *said)
{
    struct gl_ingest *in = p->in;
    struct gl_ingest_site *site = said->site;
    apply_event *apply = gl_ingest_apply_served_;

    note_clock(p);
    said->event.at_ms = p->at_ms;
    if (!said->served) {
        gl_ingest_use_(in, site);
        gl_ingest_touch_(in, site);
        apply = gl_ingest_apply_;
    }
    return site->account->careful
               ? apply_careful(in, site, &said->event, apply)
               : apply(in, site, &said->event);
}

static int
put_drop(struct gl_ingest *in, uint64_t *counter,
         const struct gl_ingest_drop *drop, int64_t day)
{
    const struct gl_count *count = &drop->count;

    *counter += count->n;
    if (drop->site == NULL) {
        gl_ingest_note_unknown_(in, count->site, count->n);
        return gl_meta_add_drop(in->meta, day, count->reason, count->n);
    }
    return gl_account_add_drop(drop->account->store, drop->site->id, day,
                               count->reason, count->n);
}

/* All for the account of the one at FIRST. */
static int
put_drops(struct gl_ingest_passage *p, const struct gl_ingest_said *said,
          size_t first)
{
    const struct gl_ingest_drop *drops = said->drops;
    uint64_t *counter = said->own != NULL ? said->own : &p->in->counters.drops;
    int error = 0;

    p->counted = 1;
    for (size_t i = first; i < said->drops_n && error >= 0; i++)
        if (drops[i].account == drops[first].account)
            error = put_drop(p->in, counter, &drops[i], p->at_ms / GL_DAY_MS);
    return error;
}

/* What the frame says goes to ACCOUNT: the event, or those drops that are for
 * it, of which the first is at FIRST. */
static void
take_to(struct gl_ingest_passage *p, struct gl_ingest_account *account,
        struct gl_ingest_said *said, size_t first)
{
    int noted = p->only != NULL && account == &p->in->of_meta;
    struct gl_ingest_entry *entry =
        gl_ingest_entry_(noted ? p->note : p->frame->segment, account);
    struct gl_ingest_site *site = said->site;
    int rc = is_new(p, entry);

    /* A page served touches no visit: the site's object is not asked for. */
    if (rc == NEXT && site != NULL && !said->served)
        rc = load(p, site);
    if (rc == NEXT)
        rc = enter(p, entry);
    if (rc == NEXT)
        rc = site != NULL ? put_event(p, said) : put_drops(p, said, first);
    if (rc < 0 || rc == GATHERS)
        p->left[p->left_n++] = (struct gl_ingest_left){entry, MIN(rc, 0)};
}

/* Whose the drop AT is; NULL: it went with one before, or is not asked for. */
static struct gl_ingest_account *
first_of(const struct gl_ingest_passage *p, const struct gl_ingest_said *said,
         size_t at)
{
    struct gl_ingest_account *account = said->drops[at].account;

    for (size_t before = 0; before < at; before++)
        if (said->drops[before].account == account)
            return NULL;
    return p->only == NULL || account == p->only || said->own != NULL ? account
                                                                      : NULL;
}

/* One frame may tell of many sites: each database is asked once. */
static void
take_frame(struct gl_ingest_passage *p, struct gl_ingest_said *said)
{
    size_t parts = said->site != NULL ? 1 : said->drops_n;

    for (size_t i = 0; i < parts; i++) {
        struct gl_ingest_account *account =
            said->site != NULL ? said->site->account : first_of(p, said, i);
        if (account != NULL)
            take_to(p, account, said, i);
    }
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
    p->at_ms = believed(p->in, frame->at_ms);
    p->counted = 0;
    p->left_n = 0;
    gl_ingest_understand_(p->in, frame, p->only, &said);
    take_frame(p, &said);
    see_to(p);
    if (said.aside && p->counted)
        set_aside(p, *said.own);
    gl_inflight_leave(p->in->inflight);
}
