/*
 * A site goes to another account, a piece a turn:
 *
 *   copy, while the old account goes on counting     named in meta.db: kill
 *   copy ...                                          -9 and it is deleted
 *   in one turn: R15 (route.c), the rest, the route  one commit of meta.db
 *   delete what the old account has                  remains.c
 *
 * Its days are not folded meanwhile (dirty.c): the copy's visits would not be
 * what they were.
 *
 * Writer thread.
 */

#include "move/move.h"

#include "calls/answer.h"
#include "calls/site.h"
#include "days/dirty.h"
#include "ingest/route.h"
#include "move/pieces.h"
#include "move/remains.h"
#include "store/meta/meta.h"
#include "store/meta/sites.h"
#include "store/site/copy.h"
#include "store/site/let_go.h"
#include "store/site/sites.h"

#include <string.h>

/* The copy is over; what it left in vain is named in meta.db. */
static void
stop_copy(struct gl_ingest *in)
{
    gl_copy_free(in->work.copy);
    in->work.copy = NULL;
    in->work.step = NULL;
}

static int
give_up(struct gl_ingest *in, int status, json_t *answer)
{
    stop_copy(in);
    gl_call_answer_(in, status, answer);
    return 1;
}

static int
storage_failed(struct gl_ingest *in)
{
    json_t *answer = NULL;
    int status = gl_verb_cannot_write_(in, in->work.to->store, &answer);

    return give_up(in, status, answer);
}

/* The route in meta.db, and where rows are of no use from now on: 0, or a
 * status. */
static int
flip(struct gl_ingest *in, const struct gl_call *call, json_t **answer)
{
    struct gl_ingest_work *work = &in->work;
    struct gl_meta_site site = *gl_meta_site_by_id(in->meta, work->site);
    int status = gl_verb_begin_(in, answer), error;

    if (status != 0)
        return status;
    g_strlcpy(site.account, work->to->id, sizeof site.account);
    error = gl_meta_site_set(in->meta, &site);
    if (error >= 0)
        error = gl_meta_remove_remain(in->meta, site.id, work->to->id);
    if (error >= 0)
        error = gl_meta_add_remain(in->meta, site.id, work->source->id);
    if ((status = gl_verb_commit_(in, call, error, answer)) != 0)
        return status;
    gl_move_drop_remain_(in, site.id, work->to->id);
    gl_move_add_remain_(in, site.id, work->source->id);
    gl_ingest_refold_at_(in, work->to, /* dirty days */
                         MIN(work->to->refold_at_ms, in->boot_ms));
    gl_verb_site_changed_(in, site.id);
    return 0;
}

/* For a site's object, which is being made: no frame of it may be between two
 * accounts. */
static int
waits(const struct gl_ingest_work *work)
{
    return work->source->waits || work->to->waits;
}

/* All in one turn, so that no frame is between two accounts. */
static int
arrive(struct gl_ingest *in)
{
    struct gl_ingest_work *work = &in->work;
    json_t *answer = NULL;
    char why[512];
    int status = 500;

    if (waits(work))
        return 0;
    if (gl_ingest_reroute_(in, work->source, work->to, &status, why,
                           sizeof why) != 0)
        return waits(work)
                   ? 0
                   : give_up(in, gl_verb_refuse_(&answer, status, "%s", why),
                             answer);
    if (gl_copy_finish(work->copy) < 0)
        return storage_failed(in);
    status = flip(in, work->call, &answer);
    if (status != 0)
        return give_up(in, status, answer);
    stop_copy(in);
    gl_move_clean_(in, work->site, work->source);
    return 1;
}

static int
copy(struct gl_ingest *in)
{
    int more = gl_move_copy_piece_(in);

    if (more < 0)
        return storage_failed(in);
    return more == 1 ? 1 : arrive(in);
}

/* What a copy before this one left. */
static int
clean(struct gl_ingest *in)
{
    int more = gl_move_delete_piece_(in, in->work.to);

    if (more < 0)
        return storage_failed(in);
    if (more == 0)
        in->work.step = copy;
    return 1;
}

static int
begin_copy(struct gl_ingest *in, json_t **answer)
{
    struct gl_ingest_work *work = &in->work;

    if (gl_move_name_remain_(in, work->site, work->to->id) < 0)
        return gl_verb_storage_(answer, gl_meta_why(in->meta));
    work->copy = gl_copy_new(work->to->store, work->source->store, work->site);
    if (work->copy == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    gl_days_refold_stop_(in, work->source);
    work->rows = GL_MOVE_ROWS;
    work->step = clean;
    return GL_VERB_LATER;
}

/*
 * What TO has of the site, though nobody named it: 1 = a copy, of before
 * copies were named; 0 = all the site has, since meta.db is older than an
 * earlier move; or a status.
 */
static int
compare(struct gl_ingest *in, json_t **answer)
{
    struct gl_ingest_work *work = &in->work;
    struct gl_account *from = work->source->store, *to = work->to->store;
    int covers = gl_account_covers(from, to, work->site), back = 0;

    if (covers == 0)
        back = gl_account_covers(to, from, work->site);
    if (covers < 0 || back < 0)
        return gl_verb_cannot_write_(in, to, answer);
    if (covers == 0 && back == 0)
        return gl_verb_refuse_(
            answer, 409,
            "each of the two accounts has events of \"%s\" "
            "that the other has not; restore the whole "
            "data folder from one backup",
            gl_meta_site_by_id(in->meta, work->site)->domain);
    return covers;
}

int
gl_move_site_(struct gl_ingest *in, const struct gl_call *call, int64_t site,
              struct gl_ingest_account *from, struct gl_ingest_account *to,
              json_t **answer)
{
    struct gl_ingest_work *work = &in->work;
    int there = gl_account_has_site(to->store, site), status = 1, gone;
    int64_t day;

    work->site = site;
    work->source = from;
    work->to = to;
    if (there < 0)
        return gl_verb_cannot_write_(in, to->store, answer);
    gone = gl_account_let_go_day(from->store, site, &day);
    if (gone != 0)
        return gone < 0 ? gl_verb_cannot_write_(in, from->store, answer)
                        : gl_verb_refuse_(
                              answer, 409,
                              "rows of old days of this site were let go "
                              "(keep_rows), and only rows can move; it can "
                              "when those days are erased (retention_days)");
    if (there && !gl_move_remains_(in, site, to->id))
        status = compare(in, answer);
    if (status == 1)
        return begin_copy(in, answer);
    if (status != 0 || (status = flip(in, call, answer)) != 0)
        return status;
    gl_move_clean_(in, site, from);
    return GL_VERB_LATER;
}
