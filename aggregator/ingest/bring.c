/*
 * What waits in the spool (gather.c) is read again and applied: an account at
 * a time, many in one commit, a part of it a turn of the loop.
 *
 * Writer thread.
 */

#include "ingest/bring.h"

#include "gl_assert.h"
#include "ingest/batch.h"
#include "ingest/gather.h"
#include "ingest/position.h"
#include "ingest/round.h"
#include "log.h"
#include "spool/frame.h"
#include "spool/spool.h"
#include "spool/stats.h"
#include "store/account/accounts.h"

#include <malloc.h>
#include <time.h>

/* Places in memory, 32 bytes each; beyond, nothing more is read. */
#define FRAMES_MAX (1024 * 1024)
/* So many are a backlog's. */
#define MANY (64 * 1024)
/* After somebody asked; who watches asks every second. */
#define ASKED_MS 10000
/* A turn's share: then a round. */
#define SLICE_US 40000
/* An account that can wait does so at least so long, and then until those
 * before it took their share of the time: one part in so many.  With few such
 * accounts each waits ten seconds, with ten thousand some minutes; then an
 * opening serves the more events. */
#define LEAST_MS 10000
#define SHARE 30

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
        frame.payload = read.payload;
        frame.type = read.type;
        GL_ASSERT(place->entry->account == account);
        gl_ingest_take_gathered_(in, account, &frame);
    }
}

static void
finish(struct gl_ingest *in)
{
    gl_ingest_commit_all_(in);
    for (guint i = 0; i < in->gathering.taken->len; i++) {
        struct gl_ingest_account *account = in->gathering.taken->pdata[i];

        gl_ingest_scatter_(in, account);
    }
    g_ptr_array_set_size(in->gathering.taken, 0);
}

void
gl_ingest_bring_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    if (account->gathered->len == 0)
        return;
    g_ptr_array_add(in->gathering.taken, account);
    take(in, account);
    finish(in);
    gl_account_rest(account->store);
}

void
gl_ingest_ask_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    account->asked_ms = in->boot_ms + ASKED_MS;
    gl_ingest_bring_(in, account);
}

/* In halves of what may wait; 2 = from then on all that waits is applied
 * before more is read. */
static int
fill(const struct gl_ingest *in)
{
    uint64_t park_mib = gl_conf_number(&in->conf->park_mib);
    struct gl_spool_stats stats;

    if (in->gathering.full || in->gathering.n == 0)
        return in->gathering.n > 0 ? 2 : 0;
    gl_spool_stats(in->spool, &stats);
    return (int) MAX(MIN(stats.read_bytes >> 20, 2 * park_mib) / park_mib,
                     MIN(in->gathering.n, FRAMES_MAX) / (FRAMES_MAX / 2));
}

/* How soon what waits of an account must be applied. */
enum due { NOT_YET, IN_TURN, NOW };

static enum due
due_of(const struct gl_ingest *in, const struct gl_ingest_account *account)
{
    int64_t waited_ms = in->boot_ms - account->gathered_ms;

    if (in->gathering.full || account->gathered->len >= GL_INGEST_ENOUGH)
        return NOW;
    if (in->backlog) /* more is found */
        return NOT_YET;
    if (!gl_account_is_cold(account->store) ||
        waited_ms >= (int64_t) gl_conf_number(&in->conf->gather_s) * 1000)
        return NOW;
    if (waited_ms < LEAST_MS)
        return NOT_YET;
    return account->hurries ? NOW : IN_TURN;
}

/* What this one leaves in memory the next one finds near the processor: with
 * a hundred open until the sync, an opening costs half as much again. */
static void
take_and_leave(struct gl_ingest *in, struct gl_ingest_account *account)
{
    /* of a backlog it is not known who has events soon */
    if (account->hurries || gl_account_is_cold(account->store))
        gl_account_open_briefly(account->store);
    g_ptr_array_add(in->gathering.taken, account);
    take(in, account);
    if (account->transaction != GL_ACCOUNT_IDLE)
        gl_ingest_commit_unsynced_(in, account);
    gl_account_rest(account->store);
}

/* A turn's share.  Those that have enough stand first, then the oldest: 1 =
 * some were taken before they had to be. */
static int
take_some(struct gl_ingest *in)
{
    int64_t until_us = g_get_monotonic_time() + SLICE_US;
    struct gl_ingest_account *account = TAILQ_FIRST(&in->gathering.list),
                             *next;
    int early = 0;

    for (; account != NULL && in->gathering.taken->len < in->begun_max &&
           g_get_monotonic_time() < until_us;
         account = next) {
        enum due due = due_of(in, account);

        if (due == NOT_YET ||
            (due == IN_TURN && in->boot_ms < in->gathering.patient_ms))
            break;
        early |= due == IN_TURN;
        next = TAILQ_NEXT(account, gathering);
        take_and_leave(in, account);
    }
    return early;
}

/* A backlog's places lay between what stays: without this their memory would
 * be kept for the next one. */
static void
give_back(struct gl_ingest *in)
{
    struct gl_ingest_gathering *g = &in->gathering;

    g->most = MAX(g->most, g->n);
    if (g->most < MANY || g->n > g->most / 8)
        return;
    malloc_trim(0);
    g->most = g->n;
}

/* Of processor, of this thread: what others use is no work of ours. */
static int64_t
used_ms(void)
{
    struct timespec used;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return used.tv_sec * INT64_C(1000) + used.tv_nsec / 1000000;
}

int
gl_ingest_apply_gathered_(struct gl_ingest *in)
{
    int64_t start_ms = used_ms(), took_ms;
    int halves = fill(in), early;

    in->gathering.full = halves == 2;
    in->slicing = 1;
    early = take_some(in);
    took_ms = used_ms() - start_ms;
    if (in->gathering.taken->len == 0) {
        in->slicing = 0;
        return 0;
    }
    finish(in); /* the next round settles: it notes first what segments tell */
    in->slicing = 0;
    give_back(in);
    if (early && halves == 0)
        in->gathering.patient_ms = gl_clock_boot_ms() + took_ms * (SHARE - 1);
    return 1;
}
