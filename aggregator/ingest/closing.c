/*
 * Visits that end by time, not by an event: closed once a second, and what an
 * earlier life left open, found in the background after a start.
 *
 * Neither happens while a backlog is read: an event that still waits in the
 * spool must find its visit in the table.
 *
 * Ingest thread.
 */

#include "ingest/closing.h"

#include "days/dirty.h"
#include "days/night.h"
#include "ingest/batch.h"
#include "ingest/settle.h"
#include "ingest/sites.h"
#include "log.h"
#include "writer/work.h"

/* Objects built for closings in one turn; the rest a second later. */
#define LOADS_MAX 64

struct closing {
    struct gl_ingest *in;
    const struct gl_ingest_site *site;
    int error;
};

static void
close_one(void *arg, const struct gl_visit *visit)
{
    struct closing *closing = arg;

    if (closing->in->refolding != NULL)
        gl_ingest_disturb_(closing->in, closing->site->id, visit->visitor);
    if (closing->error >= 0)
        closing->error =
            gl_account_close_visit(closing->site->account->store, visit);
}

int
gl_ingest_close_(struct gl_ingest *in, struct gl_ingest_site *site,
                 int64_t now_ms)
{
    struct closing closing = {in, site, 0};

    gl_site_expire(site->object, now_ms, close_one, &closing);
    return closing.error;
}

static void
close_site(struct gl_ingest *in, struct gl_ingest_site *site)
{
    int error;

    if (gl_ingest_begin_(in, site->account) != 0)
        return;
    error = gl_ingest_load_(in, site, in->now_ms);
    if (error >= 0) {
        gl_ingest_touch_(in, site);
        error = gl_ingest_close_(in, site, in->now_ms);
    }
    if (error < 0)
        gl_ingest_fail_(in, site->account, error);
}

void
gl_ingest_close_due_(struct gl_ingest *in)
{
    GHashTableIter iter;
    gpointer value;
    int loads = 0;

    g_hash_table_iter_init(&iter, in->sites);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        struct gl_ingest_site *site = value;

        if (site->expiry_ms > in->now_ms || site->account->failed ||
            gl_ingest_lags_(site->account))
            continue;
        if (site->object == NULL && ++loads > LOADS_MAX)
            break;
        close_site(in, site);
    }
    gl_ingest_commit_all_(in);
}

/* ---- after a start ---- */

static int
expire_site(void *arg, int64_t id)
{
    struct gl_ingest *in = arg;
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, id);

    if (site != NULL && site->object == NULL)
        site->expiry_ms = in->now_ms;
    return 0;
}

static int
some_dirty(void *arg, int64_t site, int64_t day)
{
    struct gl_ingest_account *account = arg;

    (void) site;
    (void) day;
    account->refold_at_ms = 0;
    return 1;
}

static int
some_late(void *arg, int64_t site, int64_t day, uint64_t visitor)
{
    (void) visitor;
    return some_dirty(arg, site, day);
}

static int
note_site(void *arg, int64_t id)
{
    struct gl_ingest *in = arg;

    g_array_append_val(in->leftovers, id);
    return 0;
}

/* Rows of SITE in ACCOUNT, which is not its own, and nobody named them:
 * meta.db is older than a move, and these rows may be the only ones. */
static int
name_leftover(struct gl_ingest *in, struct gl_ingest_account *account,
              const struct gl_meta_site *site)
{
    struct gl_ingest_account *own = gl_ingest_account_(in, site->account);
    int all = own == NULL || own->failed
                  ? -1
                  : gl_account_covers(own->store, account->store, site->id);

    if (all == 1)
        return gl_ingest_name_remain_(in, site->id, account->id);
    gl_log(GL_LOG_ERROR,
           "account %s has events of site %s, which belongs to account %s "
           "%s: they are kept and not counted",
           account->id, site->domain, site->account,
           all == 0 ? "and are not all there" : "that cannot be read now");
    return 0;
}

/* What meta.db does not know is never deleted. */
static int
name_leftovers(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int error = gl_account_sites(account->store, note_site, in);

    for (guint i = 0; i < in->leftovers->len && error >= 0; i++) {
        int64_t id = g_array_index(in->leftovers, int64_t, i);
        const struct gl_meta_site *meta = gl_meta_site_by_id(in->meta, id);

        if (meta != NULL && g_strcmp0(meta->account, account->id) != 0 &&
            !gl_ingest_remains_(in, id, account->id))
            error = name_leftover(in, account, meta);
    }
    g_array_set_size(in->leftovers, 0);
    return error;
}

static int
find_links(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int any = gl_account_any_link(account->store);

    if (any == 1)
        gl_ingest_note_night_(in, account);
    else if (any == 0)
        gl_ingest_note_log_(in, account);
    return any;
}

static void
examine(struct gl_ingest *in, struct gl_ingest_account *account)
{
    int error = gl_ingest_find_stale_(in, account);

    if (account->store != NULL && error >= 0)
        error = name_leftovers(in, account);
    if (account->store != NULL && error >= 0)
        error = gl_account_open_sites(account->store, expire_site, in);
    if (account->store != NULL && error >= 0)
        error = gl_account_dirty(account->store, 0, some_dirty, account);
    if (account->store != NULL && error >= 0)
        error = gl_account_late(account->store, 0, some_late, account);
    if (account->store != NULL && error >= 0)
        error = find_links(in, account);
    if (error < 0)
        gl_ingest_fail_(in, account, error);
}

int
gl_ingest_examine_(struct gl_ingest *in)
{
    char *id = g_queue_pop_head(in->unexamined);
    struct gl_ingest_account *account;

    if (id == NULL)
        return 0;
    account = id[0] == '\0' ? &in->of_meta : gl_ingest_account_(in, id);
    if (account != NULL && !account->failed)
        examine(in, account);
    if (account != NULL && account->failed) {
        g_queue_push_tail(in->unexamined, id);
        return 0;
    }
    g_free(id);
    return 1;
}
