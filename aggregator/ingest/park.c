/*
 * Parking: an account whose database fails must not hold the spool of all
 * others.  Its frames of a complete segment are copied to DATA/parked
 * (parked.h); once the copy is durable they count as settled.  replay.c
 * brings them back.
 *
 *   damaged file, or a second sync failed ──┐
 *   failing for park_after_s ───────────────┼──► each complete segment with
 *   parked before and failing again ────────┤    frames it has not committed
 *   holding park_mib of the spool ──────────┘
 *
 * All its frames of the segment are copied, those below upto too: the file
 * that is put in the place of a damaged one may be an older one.  A row of the
 * ingest table stays while its segment is parked (settle.c), and a route too
 * (gl_ingest_lags_()): so parking twice, a replay cut short and a segment that
 * comes back after a power cut do no harm.
 *
 * A copy whose folder could not be synced settles nothing; but as it may be
 * there after a power cut it is applied and removed like any other.
 *
 * meta.db's own frames are never parked: without it nothing goes on.  There is
 * no limit but the disk: to drop what was answered 2xx is no choice, and while
 * the copy fails the segments stay, until the spool is full and says so.
 *
 * Writer thread.
 */

#include "ingest/park.h"

#include "gl_assert.h"
#include "ingest/belongs.h"
#include "ingest/inflight.h"
#include "ingest/parked.h"
#include "ingest/position.h"
#include "log.h"
#include "point.h"
#include "spool/parked.h"
#include "spool/spool.h"
#include "store/account/account.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define PARK_AGAIN_MS 60000 /* after a copy failed */
#define SYNC_FAILURES_MAX 2 /* then the disk is not asked again and again */

/* ---- what is parked ---- */

/* ---- the copy ---- */

struct copy {
    struct gl_ingest *in;
    const struct gl_ingest_account *account;
    const uint8_t *id;
    GByteArray *frames;
    uint32_t n;
};

/* To decode is to trust a library with a visitor's bytes: noted like a frame
 * that is applied.  What ended glintod twice is meta.db's (said.c). */
static void
copy_frame(void *arg, const struct gl_frame *frame, const uint8_t *bytes)
{
    struct copy *copy = arg;
    struct gl_inflight *flight = copy->in->inflight;
    int belongs;

    GL_ASSERT(!gl_ingest_works_(copy->account));
    if (gl_inflight_is_bad(flight, copy->id, frame->index))
        return;
    gl_inflight_enter(flight, copy->id, frame->index);
    belongs = gl_ingest_belongs_(copy->in, copy->account, frame);
    gl_inflight_leave(flight);
    if (!belongs)
        return;
    g_byte_array_append(copy->frames, bytes, frame->bytes);
    copy->n++;
}

static int
write_copy(struct gl_ingest *in, const struct copy *copy,
           const struct gl_segment_header *header)
{
    /* a folder with a file in it was made durable before that */
    int make = copy->account->parked_files->len == 0;
    int folder = gl_parked_folder(in->conf->data, copy->account->id, make);
    int result, error;

    if (folder == -1)
        return -1;
    result = gl_parked_write(folder, header, copy->frames);
    error = errno;
    close(folder);
    errno = error;
    return result;
}

/* 0, 1 = the segment cannot be read now, or -1 with errno. */
static int
park(struct gl_ingest *in, struct gl_ingest_account *account,
     struct gl_ingest_entry *entry)
{
    struct gl_spool_segment *segment = entry->segment;
    struct gl_ingest_parked parked = {.wall_ms = segment->header.wall_ms};
    struct copy copy = {.in = in,
                        .account = account,
                        .id = segment->header.id,
                        .frames = g_byte_array_new()};
    int readable = gl_spool_scan(in->spool, segment, copy_frame, &copy) == 0;
    int result = readable ? write_copy(in, &copy, &segment->header) : -1;

    g_byte_array_free(copy.frames, TRUE);
    if (result == -1)
        return readable ? -1 : 1;
    memcpy(parked.id, segment->header.id, sizeof parked.id);
    parked.frames = copy.n;
    if (!gl_ingest_is_parked_(account, parked.id))
        gl_ingest_add_parked_(account, &parked);
    if (result == 1)
        return -1;
    GL_POINT("parked");
    entry->parked = 1;
    gl_log(GL_LOG_NOTICE, "account %s: %u frame%s parked", account->id,
           parked.frames, parked.frames == 1 ? "" : "s");
    return 0;
}

/* ---- whose turn it is ---- */

/* Its entry when ACCOUNT has frames in SEGMENT that only the spool holds. */
static struct gl_ingest_entry *
held_by(const struct gl_spool_segment *segment,
        const struct gl_ingest_account *account)
{
    struct gl_ingest_entry *entry = segment->owner;

    while (entry != NULL && entry->account != account)
        entry = entry->next;
    return entry != NULL && !entry->parked && entry->upto < entry->seen ? entry
                                                                        : NULL;
}

static int
is_time(const struct gl_ingest *in, const struct gl_ingest_account *account)
{
    int64_t after_ms =
        (int64_t) gl_conf_number(&in->conf->park_after_s) * 1000;

    if (gl_ingest_works_(account))
        return 0;
    if (account->held_bytes > (uint64_t) gl_conf_number(&in->conf->park_mib)
                                  << 20)
        return 1;
    return account->error != 0 &&
           (account->state == GL_ACCOUNT_DAMAGED ||
            account->parked_files->len > 0 ||
            in->boot_ms - account->failing_since_ms >= after_ms ||
            (account->failures >= SYNC_FAILURES_MAX &&
             gl_account_unsure(account->store)));
}

/* One pass for all accounts: with a full disk each of them fails. */
static void
sum_held_bytes(struct gl_ingest *in)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(in->spool, segment)) != NULL)
        for (const struct gl_ingest_entry *entry = segment->owner;
             entry != NULL; entry = entry->next)
            if (!entry->parked && entry->upto < entry->seen)
                entry->account->held_bytes += segment->header.segment_bytes;
}

void
gl_ingest_choose_parking_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;
    int failed = 0;

    if (in->boot_ms < in->park_at_ms)
        return;
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        ((struct gl_ingest_account *) value)->held_bytes = 0;
        failed |= !gl_ingest_works_(value);
    }
    if (!failed)
        return;
    sum_held_bytes(in);
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        in->parking |= is_time(in, value);
}

/* The next segment of ACCOUNT: 1 = parked, 0 = there is none, -1 = in vain. */
static int
park_next(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct gl_spool_segment *segment = NULL;
    struct gl_ingest_entry *entry;
    int result = 1;

    while (result == 1 &&
           (segment = gl_spool_next(in->spool, segment)) != NULL) {
        entry = segment->complete ? held_by(segment, account) : NULL;
        if (entry != NULL)
            result = park(in, account, entry);
    }
    return segment == NULL ? 0 : result == 0 ? 1 : -1;
}

int
gl_ingest_park_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;

    if (!in->parking)
        return 0;
    g_hash_table_iter_init(&iter, in->accounts);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_account *account = value;
        int due =
            account->state != GL_ACCOUNT_REPLAYING && is_time(in, account);
        int result = due ? park_next(in, account) : 0;

        if (result == -1) {
            gl_log(GL_LOG_ERROR,
                   "account %s cannot be parked, its events stay in the "
                   "spool: %s",
                   account->id, strerror(errno));
            in->park_at_ms = in->boot_ms + PARK_AGAIN_MS;
            break;
        }
        if (result == 1)
            return 1;
    }
    in->parking = 0;
    return 0;
}
