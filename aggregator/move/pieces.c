/*
 * A piece of what moves or goes: as many rows as take a fixed time, and then
 * their part of the log.
 *
 * Writer thread.
 */

#include "move/pieces.h"

#include "point.h"
#include "store/account/accounts.h"
#include "store/site/copy.h"
#include "store/site/let_go.h"
#include "store/site/sites.h"

/* What a piece may take: with its commit and its part of the log less than
 * a third of what others may wait. */
#define PIECE_MS 40
#define ROWS_MIN 100
#define ROWS_MAX 10000

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
gl_move_copy_piece_(struct gl_ingest *in)
{
    int64_t start_us = g_get_monotonic_time();
    int more = gl_copy_step(in->work.copy, in->work.rows);

    GL_POINT("rows_copied");
    pace(&in->work, g_get_monotonic_time() - start_us);
    gl_account_shorten_log(in->work.to->store, in->boot_ms);
    return more;
}

int
gl_move_expire_piece_(struct gl_ingest *in, struct gl_ingest_account *account,
                      int64_t before)
{
    int64_t start_us = g_get_monotonic_time();
    int more = gl_account_delete_days(account->store, in->work.site, before,
                                      in->work.rows, &in->work.deleted);

    pace(&in->work, g_get_monotonic_time() - start_us);
    gl_account_shorten_log(account->store, in->boot_ms);
    return more;
}

int
gl_move_let_go_piece_(struct gl_ingest *in, int64_t day)
{
    struct gl_ingest_work *work = &in->work;
    int64_t start_us = g_get_monotonic_time();
    int more =
        gl_account_let_go_rows(work->from->store, work->site, day, work->rows);

    pace(work, g_get_monotonic_time() - start_us);
    gl_account_shorten_log(work->from->store, in->boot_ms);
    return more;
}

int
gl_move_delete_piece_(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int64_t start_us = g_get_monotonic_time();
    int more = gl_account_delete_site(account->store, in->work.site,
                                      in->work.rows, &in->work.deleted);

    GL_POINT("rows_deleted");
    pace(&in->work, g_get_monotonic_time() - start_us);
    gl_account_shorten_log(account->store, in->boot_ms);
    return more;
}
