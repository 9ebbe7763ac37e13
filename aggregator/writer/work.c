/*
 * What takes longer than a turn of the loop should: a move, a removal, the end
 * of an import.  It is done a piece a turn, with rounds in between; one at a
 * time, and other changes wait in the mailbox meanwhile.
 *
 *   site.move     copy ... copy, flip the route     delete ..., write anew
 *                 (move.c)                          (remains.c)
 *   site.remove                  flip the route     delete ..., write anew
 *   import.finish fold ... fold (import.c)
 *
 * Ingest thread.
 */

#include "writer/work.h"

#include "calls/answer.h"
#include "log.h"
#include "move/eraser.h"
#include "point.h"
#include "writer/mailbox.h"

/* What a piece may take: with its commit and its part of the log less than
 * a third of what others may wait. */
#define PIECE_MS 40
#define ROWS_MIN 100
#define ROWS_MAX 10000

void
gl_ingest_answer_(struct gl_ingest *in, int status, json_t *answer)
{
    struct gl_call *call = &in->work.call;

    if (call->verb == NULL) {
        json_decref(answer);
        return;
    }
    gl_log(GL_LOG_DEBUG, "%s by %s: %d", call->verb, call->actor, status);
    call->done(call->arg, status, answer != NULL ? answer : json_object());
    gl_mailbox_call_fini(call);
}

/* From how long the last piece took. */
static void
pace(struct gl_ingest_work *work, int64_t took_us)
{
    if (took_us > PIECE_MS * 1000)
        work->rows = MAX(ROWS_MIN, work->rows / 2);
    else if (took_us < PIECE_MS * 1000 / 2)
        work->rows = MIN(ROWS_MAX, work->rows * 2);
}

int
gl_ingest_copy_piece_(struct gl_ingest *in)
{
    int64_t start_us = g_get_monotonic_time();
    int more = gl_copy_step(in->work.copy, in->work.rows);

    GL_POINT("rows_copied");
    pace(&in->work, g_get_monotonic_time() - start_us);
    gl_account_tend(in->work.to->store, in->boot_ms);
    return more;
}

int
gl_ingest_delete_piece_(struct gl_ingest *in,
                        struct gl_ingest_account *account)
{
    int64_t start_us = g_get_monotonic_time();
    int more =
        gl_account_delete_site(account->store, in->work.site, in->work.rows);

    GL_POINT("rows_deleted");
    pace(&in->work, g_get_monotonic_time() - start_us);
    gl_account_tend(account->store, in->boot_ms);
    return more;
}

int
gl_ingest_work_(struct gl_ingest *in)
{
    if (in->work.step == NULL && !gl_ingest_clean_next_(in))
        return 0;
    return in->work.step(in);
}

void
gl_ingest_stop_work_(struct gl_ingest *in)
{
    char why[256];

    if (in->work.eraser != NULL)
        gl_eraser_end(in->work.eraser, why, sizeof why);
    in->work.eraser = NULL;
    gl_copy_free(in->work.copy);
    in->work.copy = NULL;
    in->work.step = NULL;
    gl_ingest_answer_(in, 503,
                      json_pack("{s:s}", "error", "glintod is stopping"));
}
