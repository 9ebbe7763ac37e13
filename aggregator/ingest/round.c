/*
 * A round (R6, R7): all frames readable now, in order of time, each on its way
 * (frame.h) to the database it belongs to; then one commit a database.
 *
 * Writer thread.
 */

#include "ingest/round.h"

#include "ingest/batch.h"
#include "ingest/damage.h"
#include "ingest/frame.h"
#include "ingest/gather.h"
#include "ingest/settle.h"
#include "ingest/state.h"
#include "point.h"
#include "spool/limits.h"

/* A round's frames are read and applied in about this time, by what the last
 * one took; then it commits.  What else a turn does waits for it.  But commits
 * cost the same for few frames as for many, and frames of several workers are
 * put in order of time only within a round: at least so many, two segments
 * full. */
#define ROUND_MS 60
#define ROUND_FRAMES_MIN 8192

static void
pass(struct gl_ingest_passage *p, const struct gl_spool_frame *frames,
     size_t n)
{
    for (size_t i = 0; i < n; i++) {
        gl_ingest_take_frame_(p, &frames[i]);
        GL_POINT("frame_applied");
        if (p->in->begun->len >= p->in->begun_max)
            gl_ingest_commit_all_(p->in);
    }
}

void
gl_ingest_take_gathered_(struct gl_ingest *in,
                         struct gl_ingest_account *account,
                         const struct gl_spool_frame *frame)
{
    struct gl_ingest_passage p;

    p.in = in;
    p.only = account;
    p.note = NULL;
    gl_ingest_take_frame_(&p, frame);
}

void
gl_ingest_take_parked_(struct gl_ingest *in, struct gl_ingest_account *account,
                       const struct gl_spool_frame *frames, size_t n,
                       struct gl_spool_segment *note)
{
    struct gl_ingest_passage p = {.in = in, .only = account, .note = note};

    pass(&p, frames, n);
    gl_ingest_commit_all_(in);
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
    struct gl_ingest_passage p = {.in = in};
    int64_t start_ms = gl_clock_boot_ms(), took_ms;
    const struct gl_spool_frame *frames;
    size_t n, most = MAX(in->round_most, ROUND_FRAMES_MIN);
    int more, before = in->backlog;

    gl_spool_limit(in->spool, most);
    more = gl_spool_read(in->spool, in->now_ms, in->boot_ms, &frames, &n);
    gl_ingest_note_segments_(in);
    in->round_accounts = 0;
    in->backlog = more;
    in->round_start_ms = gl_clock_boot_ms();
    pass(&p, frames, n);
    took_ms = gl_clock_boot_ms() - start_ms; /* without the commits */
    gl_ingest_write_damage_(in);
    gl_ingest_commit_all_(in);
    in->round_most = most_next(most, n, took_ms);
    in->large = in->round_accounts > GL_INGEST_FULL_ACCOUNTS;
    gl_spool_release(in->spool);
    gl_ingest_settle_(in);

    in->counters.rounds += n > 0;
    in->counters.frames += n;
    in->round_frames = n;
    in->round_end_ms = gl_clock_boot_ms();
    in->round_ms = in->round_end_ms - start_ms;
    in->rest_ms = before ? 0 : 2 * in->round_ms;
    if (!more)
        in->caught_up = 1;
    return more;
}
