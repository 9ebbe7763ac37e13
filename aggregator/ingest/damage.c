/*
 * What a damaged segment cost, into meta.db: exactly, or at most.
 *
 * The frames of a gap are lost, unless they were committed in an earlier life,
 * when they could still be read: a power cut may take pages of a segment that
 * was applied long ago.  Each database tells how far it had come before this
 * life.  What the furthest of them had passed was applied in its life by all
 * others, too, but for those that failed or were cut off in that very round:
 * such frames are perhaps lost, and mostly not.
 *
 *       committed by the furthest database ─┐
 *   frames   1 ... [ gap: at most so many ] │ ... [ gap: lost, exactly ] ...
 *
 * Nothing is noted before the segment is complete: only then every database
 * has been asked.  A gap has its row by its first frame, so that a later life
 * that finds it committed over leaves the exact number of this one.
 *
 * Writer thread.
 */

#include "ingest/damage.h"

#include "ingest/batch.h"
#include "ingest/position.h"
#include "log.h"
#include "spool/spool.h"
#include "store/meta/counts.h"

struct gl_ingest_entry *
gl_ingest_unnoted_damage_(struct gl_spool_segment *segment,
                          struct gl_ingest_account *of_meta)
{
    struct gl_ingest_entry *entry;

    if (!segment->complete || (segment->lost == 0 && !segment->unsure))
        return NULL;
    entry = gl_ingest_entry_(segment, of_meta);
    return entry->lost == segment->lost && entry->unsure == segment->unsure
               ? NULL
               : entry;
}

/* How far the furthest database had come in SEGMENT before this life. */
static uint32_t
committed_before(const struct gl_spool_segment *segment)
{
    const struct gl_ingest_entry *entry = segment->owner;
    uint32_t most = 0;

    for (; entry != NULL; entry = entry->next)
        most = MAX(most, entry->before);
    return most;
}

/* In meta.db's transaction; an error of it shows at its commit. */
static void
write_damage(struct gl_ingest *in, const struct gl_spool_segment *segment)
{
    const uint8_t *id = segment->header.id;
    uint32_t before = committed_before(segment), i;
    uint64_t perhaps = 0;

    for (i = 0; i < segment->gaps_n; i++) {
        const struct gl_spool_gap *gap = &segment->gaps[i];
        uint32_t of_gap = gl_spool_gap_perhaps(gap, before);

        /* else an earlier life has noted it, and knew better */
        if (of_gap > 0 &&
            gl_meta_lost_known(in->meta, id, gap->from, gap->upto) == 0)
            perhaps += of_gap;
        if (of_gap < gap->n)
            gl_meta_set_lost(in->meta, id, gap->from + of_gap, gap->n - of_gap,
                             in->now_ms);
    }
    if (segment->unsure || perhaps > 0)
        gl_meta_set_lost(in->meta, id, 0, segment->unsure ? 0 : perhaps,
                         in->now_ms);
    if (perhaps > 0)
        gl_log(GL_LOG_NOTICE,
               "%" G_GUINT64_FORMAT " of the frames lost to corruption lie "
               "among such as were counted before, and most likely were, too",
               perhaps);
}

void
gl_ingest_write_damage_(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(in->spool, segment)) != NULL) {
        if (gl_ingest_unnoted_damage_(segment, &in->of_meta) == NULL)
            continue;
        if (gl_ingest_begin_(in, &in->of_meta) != 0)
            return;
        in->sums_ms = 0; /* conditions.c: ask again */
        write_damage(in, segment);
    }
}

void
gl_ingest_damage_noted_(struct gl_spool_segment *segment,
                        struct gl_ingest_account *of_meta)
{
    struct gl_ingest_entry *entry =
        gl_ingest_unnoted_damage_(segment, of_meta);

    if (entry == NULL)
        return;
    entry->lost = segment->lost;
    entry->unsure = segment->unsure;
}
