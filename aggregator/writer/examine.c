/*
 * What an earlier life left in an account: rows of sites that went elsewhere,
 * visits that are over, late visitors, dirty days, ids over midnight, days to
 * be sealed.  One account a turn, after a start.
 *
 * Writer thread.
 */

#include "writer/examine.h"

#include "days/night.h"
#include "ingest/batch.h"
#include "ingest/sites.h"
#include "log.h"
#include "move/remains.h"
#include "store/meta/sites.h"
#include "store/account/accounts.h"
#include "store/rows/midnight.h"
#include "store/rows/sealed.h"
#include "store/site/sites.h"
#include "store/rows/tallies.h"

static int
expire_site(void *arg, int64_t id)
{
    struct gl_ingest *in = arg;
    struct gl_ingest_site *site = gl_ingest_site_by_id_(in, id);

    if (site != NULL && site->object == NULL)
        site->expiry_ms = in->now_ms;
    return 0;
}

struct examined {
    struct gl_ingest *in;
    struct gl_ingest_account *account;
};

static int
some_dirty(void *arg, int64_t site, int64_t day)
{
    struct examined *examined = arg;

    (void) site;
    (void) day;
    gl_ingest_refold_at_(examined->in, examined->account, 0);
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
    int all = own == NULL || !gl_ingest_works_(own)
                  ? -1
                  : gl_account_covers(own->store, account->store, site->id);

    if (all == 1)
        return gl_move_name_remain_(in, site->id, account->id);
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
            !gl_move_remains_(in, id, account->id))
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

/* No place is taken for it: who has events soon is not known yet. */
static void
examine(struct gl_ingest *in, struct gl_ingest_account *account)
{
    struct examined examined = {in, account};
    int error;

    gl_account_open_briefly(account->store);
    error = name_leftovers(in, account);

    if (error >= 0)
        error = gl_account_open_sites(account->store, expire_site, in);
    if (error >= 0)
        error = gl_account_dirty(account->store, 0, some_dirty, &examined);
    if (error >= 0)
        error = gl_account_late(account->store, 0, some_late, &examined);
    if (error >= 0)
        error = find_links(in, account);
    if (error >= 0)
        error = gl_account_look_for_unsealed(account->store);
    if (error < 0)
        gl_ingest_fail_(in, account, error);
    gl_account_rest(account->store);
}

int
gl_writer_examine_(struct gl_ingest *in)
{
    char *id = g_queue_pop_head(in->unexamined);
    struct gl_ingest_account *account;

    if (id == NULL)
        return 0;
    account = gl_ingest_account_(in, id);
    if (account != NULL && gl_ingest_works_(account))
        examine(in, account);
    if (account != NULL && !gl_ingest_works_(account)) {
        g_queue_push_tail(in->unexamined, id);
        return 0;
    }
    g_free(id);
    return 1;
}
