/*
 * What waits in the spool (gather.c) is read again and applied: an account at
 * a time, many in one commit, a part of it a turn of the loop.
 *
 * Writer thread.
 */

#include "ingest/bring.h"

#include "ingest/batch.h"
#include "ingest/gather.h"
#include "ingest/position.h"
#include "ingest/round.h"
#include "log.h"
#include "spool/frame.h"
#include "spool/spool.h"
#include "spool/stats.h"
#include "store/accounts.h"

/* Places in memory, 32 bytes each; beyond, nothing more is read. */
#define FRAMES_MAX (1024 * 1024)
/* After somebody asked; who watches asks every second. */
#define ASKED_MS 10000
/* A turn's share: then a round. */
#define SLICE_US 40000

/* Read again and into the account's transaction. */
static void
take(struct gl_ingest *in, struct gl_ingest_account *account)
{
    uint8_t buf[GL_FRAME_MAX];
    struct gl_frame read;

    for (guint i = 0; i < account->gathered->len && gl_ingest_works_(account);
         i++) {
        const struct gl_ingest_gathered *place =
            &g_array_index(account->gathered, struct gl_ingest_gathered, i);
        struct gl_spool_frame frame = {.segment = place->entry->segment,
                                       .at_ms = place->at_ms,
                                       .payload_len = place->payload_len,
                                       .index = place->index};

        if (gl_spool_again(in->spool, place->entry->segment, place->offset,
                           place->index, place->payload_len, buf,
                           &read) != 0) {
            gl_log(GL_LOG_ERROR, "frames of account %s cannot be read again",
                   account->id); /* until its segments are */
            gl_ingest_fail_(in, account, -GL_STORE_ENVIRONMENT);
            return;
        }
        gl_ingest_to_front_(place->entry);
        frame.payload = read.payload;
        frame.type = read.type;
        gl_ingest_take_gathered_(in, account, &frame);
    }
}

/* Commit what was taken; accounts with a frame that was refused once more,
 * frame by frame. */
static void
finish(struct gl_ingest *in)
{
    gl_ingest_commit_all_(in);
    in->passing = 0;
    if (gl_ingest_turn_careful_(in)) {
        for (guint i = 0; i < in->taken->len; i++)
            if (((struct gl_ingest_account *) in->taken->pdata[i])->careful)
                take(in, in->taken->pdata[i]);
        gl_ingest_commit_all_(in);
        gl_ingest_turn_careful_(in);
    }
    for (guint i = 0; i < in->taken->len; i++) {
        struct gl_ingest_account *account = in->taken->pdata[i];

        gl_ingest_scatter_(in, account);
        gl_account_rest(account->store);
    }
    g_ptr_array_set_size(in->taken, 0);
}

void
gl_ingest_bring_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->gathered->len == 0)
        return;
    in->passing = 1;
    g_ptr_array_add(in->taken, account);
    take(in, account);
    finish(in);
}

void
gl_ingest_ask_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    account->asked_ms = in->boot_ms + ASKED_MS;
    gl_ingest_bring_(in, account);
}

/* From then on all that waits is applied before more is read. */
static int
is_full(const struct gl_ingest *in)
{
    struct gl_spool_stats stats;

    if (in->full || in->gathered_n == 0)
        return in->gathered_n > 0;
    gl_spool_stats(in->spool, &stats);
    return in->gathered_n >= FRAMES_MAX ||
           stats.read_bytes >> 20 >=
               2 * (uint64_t) gl_conf_number(&in->conf->park_mib);
}

static int
is_due(const struct gl_ingest *in, const struct gl_ingest_account *account)
{
    return account->gathered->len >= GL_INGEST_ENOUGH ||
           in->boot_ms - account->gathered_ms >=
               (int64_t) gl_conf_number(&in->conf->gather_s) * 1000;
}

/* Those that have enough stand first, then the oldest. */
int
gl_ingest_apply_gathered_(struct gl_ingest *in)
{
    int64_t until_us = g_get_monotonic_time() + SLICE_US;
    struct gl_ingest_account *account = TAILQ_FIRST(&in->gathering), *next;

    in->full = is_full(in);
    in->passing = in->slicing = 1;
    for (; account != NULL && (in->full || is_due(in, account)) &&
           in->begun->len < in->begun_max && g_get_monotonic_time() < until_us;
         account = next) {
        next = TAILQ_NEXT(account, gathering);
        g_ptr_array_add(in->taken, account);
        take(in, account);
    }
    if (in->taken->len == 0) {
        in->passing = in->slicing = 0;
        return 0;
    }
    finish(in); /* the next round settles: it notes first what segments tell */
    in->slicing = 0;
    return 1;
}
