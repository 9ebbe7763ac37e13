/*
 * Segments: when they are settled and released (R10, R13).
 *
 * A segment goes when it is complete and every entry has upto >= seen.  Its
 * rows in the ingest tables go later (R11, position.c).
 *
 * Writer thread.
 */

#include "ingest/settle.h"

#include "gl_assert.h"
#include "ingest/batch.h"
#include "ingest/damage.h"
#include "ingest/gather.h"
#include "ingest/position.h"
#include "log.h"
#include "point.h"
#include "spool/spool.h"
#include "spool/stats.h"
#include "store/meta/counts.h"

void
gl_ingest_note_segments_(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(in->spool, segment)) != NULL) {
        if (!segment->drops_changed &&
            gl_ingest_unnoted_damage_(segment, &in->of_meta) == NULL)
            continue;
        if (gl_ingest_begin_(in, &in->of_meta) != 0)
            return;
        in->sums_ms = 0; /* conditions.c: ask again */
        if (segment->drops_changed)
            gl_meta_set_incarnation(
                in->meta, segment->header.incarnation, segment->drops.total,
                segment->drops.first_ms, segment->drops.last_ms);
    }
}

/* What was noted in this round is committed. */
static void
clear_notes(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;

    if (!gl_ingest_works_(&in->of_meta))
        return;
    while ((segment = gl_spool_next(in->spool, segment)) != NULL) {
        segment->drops_changed = 0;
        gl_ingest_damage_noted_(segment, &in->of_meta);
    }
}

static int
is_behind(const struct gl_ingest_entry *entry)
{
    return entry->gathered > 0 ||
           (!entry->parked && entry->upto < entry->seen);
}

/* 1 = all databases have committed what was seen, or parked copies hold what
 * they have not.  The first that has not goes to the front: of ten thousand
 * entries one is looked at the next time. */
static int
is_settled(struct gl_spool_segment *segment)
{
    struct gl_ingest_entry *first = segment->owner, *entry, **link = &first;

    while (*link != NULL && !is_behind(*link))
        link = &(*link)->next;
    entry = *link;
    if (entry == NULL)
        return 1;
    *link = entry->next;
    entry->next = first;
    segment->owner = entry;
    return 0;
}

/* A frame is still to be read again (gather.c). */
static int
any_waits(const struct gl_ingest_entry *entry)
{
    for (; entry != NULL; entry = entry->next) {
        const GArray *gathered = entry->account->gathered;

        for (guint i = 0; i < gathered->len; i++)
            if (g_array_index(gathered, struct gl_ingest_gathered, i).entry ==
                entry)
                return 1;
    }
    return 0;
}

static void
settle_one(struct gl_ingest *in, struct gl_spool_segment *segment)
{
    int settled = is_settled(segment);
    struct gl_ingest_entry *entries = segment->owner;
    int torn = segment->torn;

    if (settled)
        gl_spool_settle(segment, segment->delivered);
    if (!segment->complete || !settled || segment->drops_changed ||
        gl_ingest_unnoted_damage_(segment, &in->of_meta) != NULL)
        return;
    GL_ASSERT(!any_waits(entries));
    if (gl_spool_remove(in->spool, segment) != 0)
        return;
    gl_ingest_free_entries_(entries);
    if (torn)
        gl_log(GL_LOG_NOTICE, "a segment ended in a torn tail: normally one "
                              "frame that was never answered");
}

void
gl_ingest_settle_(struct gl_ingest *in)
{
    struct gl_spool_segment *segment, *next;

    clear_notes(in);
    segment = gl_spool_next(in->spool, NULL);
    while (segment != NULL) {
        next = gl_spool_next(in->spool, segment);
        settle_one(in, segment);
        segment = next;
    }
}

int
gl_ingest_all_read_(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;
    struct gl_spool_stats stats;
    uint64_t read = 0;

    gl_spool_stats(in->spool, &stats);
    while ((segment = gl_spool_next(in->spool, segment)) != NULL)
        read++;
    return read == stats.files;
}
