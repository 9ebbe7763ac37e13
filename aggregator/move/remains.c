/*
 * Rows of a site where they are of no use: in the file of an account that has
 * it no more (moved, removed) or not yet (a copy that was cut short).  meta.db
 * names them in the transaction that makes them useless, and no more once
 * they are gone: a kill in between only delays that.
 *
 *   named ──► delete a piece a turn ──► write the file anew ──► not named
 *               ▲                         (eraser.h; the account is held,
 *               └── a minute later ◄────  its frames wait in the spool)
 *
 * A call that caused them is answered when they are gone, or when that must
 * wait for the storage: the change itself has happened then.
 *
 * Writer thread.
 */

#include "move/remains.h"

#include "calls/answer.h"
#include "calls/site.h"
#include "columns/seal.h"
#include "days/dirty.h"
#include "ingest/batch.h"
#include "ingest/builds.h"
#include "ingest/retry.h"
#include "log.h"
#include "move/eraser.h"
#include "move/pieces.h"
#include "point.h"
#include "store/meta/meta.h"
#include "store/meta/sites.h"

#include <string.h>

#define AGAIN_MS 60000 /* after a failure */

static struct gl_ingest_remain *
find(struct gl_ingest *in, int64_t site, const char *account)
{
    for (guint i = 0; i < in->remains->len; i++) {
        struct gl_ingest_remain *remain =
            &g_array_index(in->remains, struct gl_ingest_remain, i);

        if (remain->site == site && strcmp(remain->account, account) == 0)
            return remain;
    }
    return NULL;
}

int
gl_move_remains_(struct gl_ingest *in, int64_t site, const char *account)
{
    return find(in, site, account) != NULL;
}

void
gl_move_add_remain_(void *arg, int64_t site, const char *account)
{
    struct gl_ingest *in = arg;
    struct gl_ingest_remain remain = {.site = site};

    if (find(in, site, account) != NULL)
        return;
    g_strlcpy(remain.account, account, sizeof remain.account);
    g_array_append_val(in->remains, remain);
}

void
gl_move_drop_remain_(struct gl_ingest *in, int64_t site, const char *account)
{
    struct gl_ingest_remain *remain = find(in, site, account);

    if (remain != NULL)
        g_array_remove_index(
            in->remains,
            (guint) (remain -
                     (struct gl_ingest_remain *) (void *) in->remains->data));
}

void
gl_move_forget_remains_(struct gl_ingest *in, const char *account)
{
    for (guint i = in->remains->len; i-- > 0;)
        if (strcmp(
                g_array_index(in->remains, struct gl_ingest_remain, i).account,
                account) == 0)
            g_array_remove_index(in->remains, i);
}

/* CHANGE in a commit of its own. */
static int
change_remain(struct gl_ingest *in, int64_t site, const char *account,
              int (*change)(struct gl_meta *, int64_t, const char *))
{
    int error = gl_meta_begin(in->meta);

    if (error >= 0)
        error = change(in->meta, site, account);
    if (error >= 0)
        error = gl_meta_commit(in->meta);
    if (error < 0)
        gl_meta_rollback(in->meta);
    return error;
}

int
gl_move_name_remain_(struct gl_ingest *in, int64_t site, const char *account)
{
    int error = change_remain(in, site, account, gl_meta_add_remain);

    if (error >= 0)
        gl_move_add_remain_(in, site, account);
    return error;
}

/* 0, or an error: then it is done once more. */
static int
unname(struct gl_ingest *in, int64_t site, const char *account)
{
    int error = change_remain(in, site, account, gl_meta_remove_remain);

    if (error >= 0)
        gl_move_drop_remain_(in, site, account);
    return error;
}

/* ---- the pieces ---- */

/* The change has happened: whatever is left of it can wait. */
static int
done(struct gl_ingest *in)
{
    json_t *answer = NULL;

    in->work.step = NULL;
    if (gl_meta_site_by_id(in->meta, in->work.site) != NULL)
        gl_verb_answer_site_(in, in->work.site, &answer);
    else
        gl_verb_note_workers_(in->workers.sites_why, &answer);
    gl_call_answer_(in, 200, answer);
    return 1;
}

static int
put_off(struct gl_ingest *in, const char *why)
{
    struct gl_ingest_remain *remain =
        find(in, in->work.site, in->work.from->id);

    gl_log(GL_LOG_ERROR,
           "account %s: rows of a site that left are deleted later: %s",
           in->work.from->id, why);
    if (remain != NULL)
        remain->at_ms = in->boot_ms + AGAIN_MS;
    return done(in);
}

/* The file is another thread's; retry.c takes it back. */
static void
hold(struct gl_ingest *in, struct gl_ingest_account *account)
{
    gl_days_refold_stop_(in, account);
    gl_seal_stop_(in, account);
    gl_ingest_wait_no_more_(in, account);
    gl_ingest_build_stop_(in, account);
    gl_file_close(account->file);
    gl_ingest_set_state_(account, GL_ACCOUNT_HELD);
    account->retry_at_ms = INT64_MAX;
}

static void
let(struct gl_ingest *in, struct gl_ingest_account *account)
{
    gl_ingest_set_state_(account, GL_ACCOUNT_FAILED);
    account->retry_at_ms = in->boot_ms;
    gl_ingest_retry_(in);
}

static int
wait_for_eraser(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;
    char why[256];
    int error;

    if (!gl_eraser_done(work->eraser))
        return 0;
    error = gl_eraser_end(work->eraser, why, sizeof why);
    work->eraser = NULL;
    let(in, work->from);
    if (error < 0)
        return put_off(in, why);
    GL_POINT("file_written_anew");
    gl_log(GL_LOG_NOTICE,
           "account %s: what it had of site %lld is erased; events: %lld, "
           "UTC days: %lld",
           work->from->id, (long long) work->site,
           (long long) work->deleted.events, (long long) work->deleted.days);
    if (unname(in, work->site, work->from->id) < 0)
        return put_off(in, gl_meta_why(in->meta));
    return done(in);
}

int
gl_move_erase_(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;

    hold(in, work->from);
    work->eraser =
        gl_eraser_start(gl_account_path(work->from->store), in->mailbox);
    work->step = wait_for_eraser;
    if (work->eraser != NULL)
        return 0;
    let(in, work->from);
    return put_off(in, "no thread");
}

static int
delete_piece(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;
    int more;

    if (!gl_ingest_works_(work->from))
        return put_off(in, "its storage does not work");
    more = gl_move_delete_piece_(in, work->from);
    if (more < 0)
        return put_off(in, gl_account_why(work->from->store));
    return more == 1 ? 1 : gl_move_erase_(in);
}

void
gl_move_clean_(struct gl_ingest *in, int64_t site,
               struct gl_ingest_account *account)
{
    in->work.site = site;
    in->work.from = account;
    in->work.rows = GL_MOVE_ROWS;
    in->work.deleted = (struct gl_deleted){0};
    in->work.step = delete_piece;
}

/* One that is due: 1 = work has begun. */
int
gl_move_clean_next_(struct gl_ingest *in)
{
    for (guint i = 0; i < in->remains->len; i++) {
        struct gl_ingest_remain remain =
            g_array_index(in->remains, struct gl_ingest_remain, i);
        const struct gl_meta_site *site =
            gl_meta_site_by_id(in->meta, remain.site);
        struct gl_ingest_account *account;

        if (remain.at_ms > in->boot_ms)
            continue;
        account = gl_ingest_account_(in, remain.account);
        if (account == NULL ||
            (site != NULL && strcmp(site->account, remain.account) == 0)) {
            unname(in, remain.site, remain.account); /* its own: never */
            return 0;
        }
        gl_move_clean_(in, remain.site, account);
        return 1;
    }
    return 0;
}
