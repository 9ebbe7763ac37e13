/*
 * A page served to its rows: to a bot, or to a visitor of the day.  Nothing of
 * it joins a visit.  Everything happens in the open transaction of the site's
 * account.
 *
 *   page   ──► a bot's? ──► served_bots
 *                └─ no ───► served_pages, and, when it was seen,
 *                           served_visitors: views
 *   asset  ───────────────► served_visitors: he has fetched one; by night for
 *                           his id of the day before, too
 *   event of a script ────► served_visitors: told, where there is any page
 *
 * Each is a sum, a set of bits, or a count by spans: the order in which frames
 * come changes none of them, caps excepted.  Writer thread.
 */

#include "ingest/served.h"

#include "count/count.h"
#include "enrich/verdict.h"
#include "reasons.h"
#include "store/rows/served.h"

/* cache_status of nginx */
#define CACHE_HIT 7
#define CACHE_STALE 4
#define CACHE_REVALIDATED 6
#define CACHE_UPDATING 5

static struct gl_served_replies
replies_of(const struct gl_event *event)
{
    struct gl_served_replies to = {0};

    if (event->status >= 500)
        to.failed = 1;
    else if (event->status == 403)
        to.refused = 1;
    else if (event->status >= 400)
        to.missing = 1;
    else
        to.views = 1;
    return to;
}

/* What no reply has is none. */
static int64_t
bounded(uint64_t n)
{
    const uint64_t most = UINT64_C(1) << 40;

    return (int64_t) (n < most ? n : most);
}

static int
is_cached(uint64_t status)
{
    return status == CACHE_HIT || status == CACHE_STALE ||
           status == CACHE_REVALIDATED || status == CACHE_UPDATING;
}

static struct gl_served_page
page_of(const struct gl_event *event)
{
    struct gl_served_page page = {.replies = replies_of(event),
                                  .bytes = bounded(event->bytes)};

    if (page.replies.views == 0)
        return page;
    page.asked = event->upstream_ms > 0;
    page.upstream_ms = page.asked ? bounded(event->upstream_ms - 1) : 0;
    page.cacheable = event->cache != 0;
    page.cached = is_cached(event->cache);
    return page;
}

/* 1: EVENT is a bot's.  BOT is whose it would be, anyhow. */
static int
is_bot(struct gl_ingest *in, const struct gl_ingest_site *site,
       const struct gl_event *event, struct gl_store_bot *bot)
{
    const struct gl_agent *agent = gl_enrich_agent(in->enrich, event->agent);
    struct gl_identity identity = gl_enrich_identity(in->enrich, agent, event);
    struct gl_verdict verdict = {.reason = GL_REASON_BOT_HEADERS};
    int found =
        gl_verdict(agent, &identity, event, site->bots_counted, &verdict);

    *bot = (struct gl_store_bot){.reason = gl_reason_word(verdict.reason).data,
                                 .family = verdict.family,
                                 .page = gl_verdict_page(event),
                                 .operator= verdict.operator,
                                 .kind = verdict.kind,
                                 .identity = identity.word};
    return found || (event->fetched & GL_FETCHED_BOT) != 0;
}

/* 1: its visitor was served more than a person looks at today, and runs no
 * script; 0, or an error. */
static int
is_too_much(const struct gl_ingest_site *site, const struct gl_event *event,
            int64_t day)
{
    struct gl_served_visitors visitor = {0};
    int rc = gl_account_served_visitor(site->account->store, site->id, day,
                                       event->visitor, &visitor);

    if (rc != 1 || (visitor.has & GL_SERVED_SCRIPT) != 0)
        return rc < 0 ? rc : 0;
    return gl_verdict_rate(visitor.views, site->bots_counted);
}

static int
add_page(struct gl_ingest_site *site, const struct gl_event *event,
         int64_t day)
{
    struct gl_account *store = site->account->store;
    struct gl_served_page page = page_of(event);
    int error = gl_account_add_served(store, site->id, day, event->path, &page,
                                      (uint64_t) bounded(event->request_ms));

    if (error < 0 || page.replies.views == 0)
        return error;
    return gl_account_add_served_visitor(
        store, site->id, day, event->visitor, 1, 0,
        event->fetched & GL_FETCHED_AS_PAGE ? GL_SERVED_BROWSER : 0);
}

/* HAS, and TOLD pageviews, of the visitor of EVENT; HAS also of the one that
 * he was before midnight, since his page may be of then. */
static int
note_visitor(struct gl_ingest_site *site, const struct gl_event *event,
             int64_t told, int has)
{
    struct gl_account *store = site->account->store;
    int64_t day = event->at_ms / GL_DAY_MS;
    int error = gl_account_add_served_visitor(store, site->id, day,
                                              event->visitor, 0, told, has);

    if (error < 0 || event->visitor_before == 0)
        return error;
    return gl_account_add_served_visitor(store, site->id, day - 1,
                                         event->visitor_before, 0, 0, has);
}

int
gl_ingest_apply_served_(struct gl_ingest *in, struct gl_ingest_site *site,
                        const struct gl_event *event)
{
    struct gl_account *store = site->account->store;
    int64_t day = event->at_ms / GL_DAY_MS;
    struct gl_served_replies replies;
    struct gl_store_bot bot;
    int too_much;

    site->serves = 1;
    if (event->fetched & GL_FETCHED_ASSET)
        return note_visitor(site, event, 0, GL_SERVED_ASSET);
    if (!is_bot(in, site, event, &bot)) {
        too_much = is_too_much(site, event, day);
        if (too_much <= 0)
            return too_much < 0 ? too_much : add_page(site, event, day);
        bot.reason = gl_reason_word(GL_REASON_BOT_RATE).data;
    }
    replies = replies_of(event);
    return gl_account_add_served_bot(store, site->id, day, &bot, event->path,
                                     &replies);
}

/* 1 = there are pages served of SITE, 0 = there are none, or an error. */
static int
serves(struct gl_ingest_site *site)
{
    int found;

    if (site->serves != 0)
        return site->serves > 0;
    found = gl_account_has_served(site->account->store, site->id);
    if (found >= 0)
        site->serves = found == 1 ? 1 : -1;
    return found;
}

int
gl_ingest_note_script_(struct gl_ingest_site *site,
                       const struct gl_event *event)
{
    int error = serves(site);

    if (error <= 0)
        return error;
    return note_visitor(site, event, event->kind == GL_PAGEVIEW,
                        GL_SERVED_SCRIPT);
}
