/*
 * Segments: when they are settled, released and forgotten (R10 to R13).
 *
 * A segment goes when it is complete and every entry has upto >= seen.  Its
 * rows in the ingest tables go later: after the directory was synced, with
 * the account's next transaction.
 *
 * Ingest thread.
 */

#include "ingest/settle.h"

#include "ingest/batch.h"
#include "ingest/damage.h"
#include "ingest/parked.h"
#include "ingest/position.h"
#include "log.h"
#include "point.h"
#include "spool/spool.h"
#include "spool/stats.h"
#include "store/meta_counts.h"

#include <string.h>

/* Accounts whose rows are looked through in one second: each opens a file. */
#define SEARCHES 8

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

int
gl_ingest_may_return_(const struct gl_ingest *in, int64_t wall_ms)
{
    return in->spools > 1 && wall_ms < in->began_ms;
}

/* SEGMENT is unlinked: its rows may go after the next directory sync, but
 * stay while a parked copy may be applied. */
static void
free_entries(struct gl_ingest *in, struct gl_ingest_entry *entry,
             const struct gl_segment_header *header)
{
    int stays = gl_ingest_may_return_(in, header->wall_ms);

    while (entry != NULL) {
        struct gl_ingest_entry *next = entry->next;

        if (!entry->parked && !stays)
            g_byte_array_append(entry->account->dropped, header->id,
                                GL_SEGMENT_ID_BYTES);
        gl_ingest_free_entry_(entry);
        entry = next;
    }
}

static void
settle_one(struct gl_ingest *in, struct gl_spool_segment *segment)
{
    int settled = is_settled(segment);
    struct gl_ingest_entry *entries;
    struct gl_segment_header header = segment->header;
    int torn = segment->torn;

    if (settled)
        gl_spool_settle(segment, segment->delivered);
    if (!segment->complete || !settled || segment->drops_changed ||
        gl_ingest_unnoted_damage_(segment, &in->of_meta) != NULL)
        return;
    entries = segment->owner;
    if (gl_spool_remove(in->spool, segment) != 0)
        return; /* its rows stay as well */
    free_entries(in, entries, &header);
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

static void
now_durable(struct gl_ingest_account *account)
{
    g_byte_array_append(account->gone, account->dropped->data,
                        account->dropped->len);
    g_byte_array_set_size(account->dropped, 0);
}

void
gl_ingest_sync_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer account;

    if (gl_spool_sync(in->spool, in->boot_ms) != 1)
        return;
    now_durable(&in->of_meta);
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &account))
        now_durable(account);
}

struct stale {
    struct gl_ingest *in;
    struct gl_ingest_account *account;
};

static void
find_one_stale(void *arg, const uint8_t seg[16], uint32_t upto)
{
    struct stale *stale = arg;
    struct gl_spool_segment *segment = NULL;

    (void) upto;
    while ((segment = gl_spool_next(stale->in->spool, segment)) != NULL)
        if (memcmp(segment->header.id, seg, GL_SEGMENT_ID_BYTES) == 0)
            return;
    if (stale->account == &stale->in->of_meta
            ? gl_ingest_is_note_(stale->in, seg)
            : gl_ingest_is_parked_(stale->account, seg))
        return;
    g_byte_array_append(stale->account->dropped, seg, GL_SEGMENT_ID_BYTES);
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

/* A row of a segment that waits to be read later must stay, here or in a
 * folder read before. */
int
gl_ingest_find_stale_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct stale stale = {in, account};

    account->unsearched = in->spools <= 1 && !gl_ingest_all_read_(in);
    if (account->unsearched || in->spools > 1)
        return 0;
    return gl_file_segments(account->file, find_one_stale, &stale);
}

void
gl_ingest_search_again_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;
    int error, left = SEARCHES;

    if (!gl_ingest_all_read_(in))
        return;
    if (in->of_meta.unsearched && gl_ingest_works_(&in->of_meta) &&
        (error = gl_ingest_find_stale_(in, &in->of_meta)) < 0)
        gl_ingest_fail_(in, &in->of_meta, error);
    g_hash_table_iter_init(&iter, in->accounts);
    while (left > 0 && g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_account *account = value;

        if (!account->unsearched || !gl_ingest_works_(account))
            continue;
        left--;
        error = gl_ingest_find_stale_(in, account);
        if (error < 0)
            gl_ingest_fail_(in, account, error);
    }
}
