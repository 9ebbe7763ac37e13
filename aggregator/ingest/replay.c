/*
 * What is parked is applied again when its account works (retry.c), a segment
 * at a time between rounds, and then what waits in the spool.  upto makes a
 * frame that came twice come once.
 *
 *   REPLAYING ──► applied, unlinked, synced, next ... ──► well
 *
 * An account with parked segments counts as failed until they are applied, at
 * a start too: nothing newer comes before them.  A parked file that is damaged
 * itself gives the frames it has and is kept as NAME.damaged; that frames are
 * lost is told like damage in the spool.  One that cannot be read is told like
 * a fault of the account's storage.
 *
 * Writer thread.
 */

#include "ingest/replay.h"

#include "ingest/batch.h"
#include "ingest/inflight.h"
#include "ingest/parked.h"
#include "ingest/position.h"
#include "ingest/retry.h"
#include "ingest/round.h"
#include "log.h"
#include "point.h"
#include "spool/frame.h"
#include "spool/parked.h"
#include "spool/spool.h"
#include "store/meta/counts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define AGAIN_MS 60000 /* a parked file could not be read */

/* ---- one parked segment ---- */

static struct gl_spool_segment *
in_spool(struct gl_ingest *in, const uint8_t *id)
{
    struct gl_spool_segment *segment = NULL;

    while ((segment = gl_spool_next(in->spool, segment)) != NULL)
        if (memcmp(segment->header.id, id, GL_SEGMENT_ID_BYTES) == 0)
            break;
    return segment;
}

/* A frame that ended glintod twice is counted where it lies: here only when
 * the spool has let go of its segment, be it one that is not read just now. */
static GArray *
frames_of(struct gl_ingest *in, const struct gl_parked *parked,
          struct gl_spool_segment *segment)
{
    GArray *frames = g_array_new(FALSE, FALSE, sizeof(struct gl_spool_frame));
    int leave_bad = gl_spool_has(in->spool, parked->header.id);
    int64_t last_ms = INT64_MIN;

    for (guint i = 0; i < parked->frames->len; i++) {
        const struct gl_frame *frame =
            &g_array_index(parked->frames, struct gl_frame, i);
        struct gl_spool_frame one = {
            .segment = segment,
            .payload = frame->payload,
            .at_ms = MAX(last_ms, parked->header.wall_ms + frame->delta_ms),
            .payload_len = frame->payload_len,
            .index = frame->index,
            .type = frame->type};

        last_ms = one.at_ms;
        if (!leave_bad ||
            !gl_inflight_is_bad(in->inflight, parked->header.id, frame->index))
            g_array_append_val(frames, one);
    }
    return frames;
}

/* 1 = the first entry, if any, is as far as its frames. */
static int
is_done(const struct gl_spool_segment *segment)
{
    const struct gl_ingest_entry *entry = segment->owner;

    return entry == NULL || (entry->known && entry->upto >= entry->seen);
}

/* 1 = all of it is committed. */
static int
apply(struct gl_ingest *in, struct gl_ingest_account *account,
      const struct gl_parked *parked)
{
    struct gl_spool_segment segment = {.header = parked->header};
    struct gl_spool_segment note = {.header = parked->header};
    GArray *frames = frames_of(in, parked, &segment);
    int done;

    gl_ingest_note_id_(note.header.id, account, parked->header.id);
    gl_ingest_take_parked_(in, account, (void *) frames->data, frames->len,
                           &note);
    g_array_free(frames, TRUE);
    done = gl_ingest_works_(account) && is_done(&segment) && is_done(&note);
    gl_ingest_free_entries_(segment.owner);
    gl_ingest_free_entries_(note.owner);
    return done;
}

/* The segment, if it is read, is as any other from now on. */
static void
forget_first(struct gl_ingest *in, struct gl_ingest_account *account,
             const uint8_t *id)
{
    struct gl_spool_segment *segment = in_spool(in, id);
    struct gl_ingest_entry *entry =
        segment != NULL ? gl_ingest_entry_(segment, account) : NULL;

    if (entry != NULL) {
        entry->parked = 0;
        entry->known = 0; /* upto has moved since */
    }
    gl_ingest_drop_parked_(account, 0);
}

/* It counts as failing until a commit: its numbers stand still. */
static int
tell_fault(struct gl_ingest *in, struct gl_ingest_account *account,
           enum gl_store_error error)
{
    account->error = (int) error;
    if (account->failing_ms == 0) {
        account->failing_ms = in->now_ms;
        account->failing_since_ms = in->boot_ms;
    }
    return -1;
}

/* How many frames of the segment ID were in what is damaged nobody knows. */
static int
note_loss(struct gl_ingest *in, const uint8_t *id)
{
    if (gl_ingest_begin_(in, &in->of_meta) != 0)
        return -1;
    in->sums_ms = 0; /* conditions.c: ask again */
    gl_meta_set_lost(in->meta, id, 0, 0, in->now_ms);
    return gl_ingest_commit_(in, &in->of_meta);
}

static int
apply_file(struct gl_ingest *in, struct gl_ingest_account *account, int folder,
           const uint8_t *id)
{
    char name[GL_SEGMENT_NAME_MAX], why[128] = "";
    struct gl_parked parked;
    enum gl_parked_result result;
    int done = 1, damaged;

    gl_segment_name(name, id);
    result = gl_parked_read(&parked, folder, name, why, sizeof why);
    damaged = result == GL_PARKED_DAMAGED;
    if (result == GL_PARKED_OK) {
        done = apply(in, account, &parked);
        damaged = parked.damaged;
        gl_parked_free(&parked);
    }
    if (result != GL_PARKED_OK || damaged)
        gl_log(GL_LOG_ERROR, "account %s: parked file %s: %s", account->id,
               name, damaged && why[0] == '\0' ? "damaged" : why);
    if (result == GL_PARKED_LATER)
        return tell_fault(in, account, GL_STORE_ENVIRONMENT);
    if (result == GL_PARKED_NEWER)
        return tell_fault(in, account, GL_STORE_NEWER);
    if (!done || (damaged && note_loss(in, id) != 0))
        return -1;
    GL_POINT("parked_applied");
    if ((damaged ? gl_parked_keep(folder, name)
                 : gl_parked_unlink(folder, name)) == 0)
        return 0;
    gl_log(GL_LOG_ERROR, "account %s: parked file %s is applied and stays: %s",
           account->id, name, strerror(errno));
    return tell_fault(in, account, GL_STORE_ENVIRONMENT);
}

/* 0, or -1: it has failed again, or what is parked cannot be read. */
static int
replay_first(struct gl_ingest *in, struct gl_ingest_account *account)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];
    int folder = gl_parked_folder(in->conf->data, account->id, 0), result;

    memcpy(id,
           g_array_index(account->parked_files, struct gl_ingest_parked, 0).id,
           sizeof id);
    if (folder == -1) {
        gl_log(GL_LOG_ERROR, "account %s: the folder of what is parked: %s",
               account->id, strerror(errno));
        return tell_fault(in, account, GL_STORE_ENVIRONMENT);
    }
    result = apply_file(in, account, folder, id);
    close(folder);
    if (result == 0) {
        GL_POINT("parked_unlinked");
        forget_first(in, account, id);
    }
    return result;
}

/* ---- accounts ---- */

static void
end_replay(struct gl_ingest *in, struct gl_ingest_account *account)
{
    gl_ingest_set_state_(account, GL_ACCOUNT_WELL);
    gl_parked_remove_folder(in->conf->data, account->id);
    gl_log(GL_LOG_NOTICE, "account %s: all parked events are counted",
           account->id);
    gl_ingest_deliver_again_(in, account);
}

static int
is_ready(const struct gl_ingest_account *account)
{
    return account->state == GL_ACCOUNT_REPLAYING && !account->waits;
}

int
gl_ingest_replay_(struct gl_ingest *in)
{
    struct gl_ingest_account *account = NULL;
    GHashTableIter iter;
    gpointer value;

    if (!in->replaying)
        return 0;
    g_hash_table_iter_init(&iter, in->accounts);
    while (account == NULL && g_hash_table_iter_next(&iter, NULL, &value))
        if (is_ready(value))
            account = value;
    in->replaying = account != NULL;
    if (account == NULL)
        return 0;
    gl_ingest_set_state_(account, GL_ACCOUNT_APPLYING);
    if (replay_first(in, account) == 0) {
        gl_ingest_set_state_(account, GL_ACCOUNT_REPLAYING);
        if (account->parked_files->len == 0)
            end_replay(in, account);
    } else if (account->waits) {
        /* for a site's object: the rest comes then */
        gl_ingest_set_state_(account, GL_ACCOUNT_REPLAYING);
    } else if (gl_ingest_works_(account)) {
        gl_ingest_set_state_(account, GL_ACCOUNT_FAILED);
        account->retry_at_ms = in->boot_ms + AGAIN_MS;
    }
    return 1;
}
