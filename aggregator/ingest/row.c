/*
 * One event as its row: its words, place, agent and referrer as codes of the
 * account, less what its site leaves out.
 *
 * Writer thread.
 */

#include "ingest/apply.h"

#include "count/count.h"
#include "enrich/verdict.h"
#include "left_out.h"
#include "reasons.h"
#include "store/meta/sites.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"
#include "store/site/let_go.h"
#include "store/words/words.h"

#include <string.h>
#include <time.h>

static struct gl_text
text_of(const char *terminated)
{
    return (struct gl_text){terminated, (uint32_t) strlen(terminated)};
}

static int
word(struct gl_ingest_site *site, enum gl_word kind, int64_t day,
     struct gl_text text, uint32_t *code)
{
    *code = 0;
    if (text.len == 0)
        return 0;
    return gl_account_word(site->account->store, kind, site->id, day, text,
                           code);
}

static int
set_words(struct gl_ingest_site *site, const struct gl_event *event,
          int64_t day, struct gl_store_event *row)
{
    int error;

    if ((error = word(site, GL_WORD_HOST, day, event->host, &row->host)) < 0 ||
        (error = word(site, GL_WORD_PATH, day, event->path, &row->path)) < 0 ||
        (error = word(site, GL_WORD_NAME, day, event->name, &row->name)) < 0 ||
        (error = word(site, GL_WORD_TITLE, day, event->title, &row->title)) <
            0 ||
        (error = word(site, GL_WORD_LANGUAGE, day, event->language,
                      &row->language)) < 0)
        return error;
    return word(site, GL_WORD_SCREEN, day, event->screen, &row->screen);
}

static int
set_place(struct gl_ingest *in, struct gl_ingest_site *site,
          const struct gl_event *event, const struct gl_ingest_given *given,
          int64_t day, struct gl_store_event *row)
{
    struct gl_store_place place = {event->country, event->region, event->city};

    if (given == NULL) {
        place.country =
            gl_enrich_code(in->enrich, GL_CODE_COUNTRY, event->country);
        place.region =
            gl_enrich_code(in->enrich, GL_CODE_REGION, event->region);
    }
    if (place.country.len == 0 && place.region.len == 0 && place.city.len == 0)
        return 0;
    return gl_account_place(site->account->store, site->id, day, &place,
                            &row->place);
}

static void
prefer(struct gl_text *text, struct gl_text given)
{
    if (given.len > 0)
        *text = given;
}

static int
set_agent(struct gl_ingest_site *site, const struct gl_agent *agent,
          const struct gl_ingest_given *given, int64_t day,
          struct gl_store_event *row)
{
    struct gl_store_agent store = {
        text_of(agent->browser), text_of(agent->browser_version),
        text_of(agent->os), text_of(agent->os_version),
        text_of(agent->device)};

    if (given != NULL) {
        prefer(&store.browser, given->agent.browser);
        prefer(&store.browser_version, given->agent.browser_version);
        prefer(&store.os, given->agent.os);
        prefer(&store.os_version, given->agent.os_version);
        prefer(&store.device, given->agent.device);
    }
    return gl_account_agent(site->account->store, site->id, day, &store,
                            &row->agent);
}

/* Whoever gives the source knows where it came from: nothing is asked of the
 * referrer, and it stays. */
static void
set_given(struct gl_ingest *in, const struct gl_event *event,
          const struct gl_ingest_given *given, struct gl_origin *origin)
{
    if (given == NULL || given->source.len == 0)
        return;
    origin->source = given->source;
    origin->utm_source = event->utm_source;
    origin->referrer = gl_enrich_referrer(in->enrich, event->referrer);
    origin->spam = 0;
}

static int
set_referrer(struct gl_ingest_site *site, const struct gl_event *event,
             const struct gl_origin *origin,
             const struct gl_ingest_given *given, int64_t day,
             struct gl_store_event *row)
{
    struct gl_store_referrer store = {
        .referrer = origin->referrer,
        .source = origin->source,
        .channel = text_of(origin->channel),
        .utm_source = origin->utm_source,
        .utm_medium = event->utm_medium,
        .utm_campaign = event->utm_campaign,
        .utm_content = event->utm_content,
        .utm_term = event->utm_term,
        .click_id = event->click_id,
    };

    if (given != NULL)
        prefer(&store.channel, given->channel);
    return gl_account_referrer(site->account->store, site->id, day, &store,
                               &row->referrer);
}

static void
set_revenue(struct gl_ingest *in, const struct gl_event *event,
            struct gl_store_event *row)
{
    row->currency =
        gl_enrich_code(in->enrich, GL_CODE_CURRENCY, event->currency);
    if (row->currency.len > 0)
        row->amount = event->amount;
}

static void
set_numbers(const struct gl_event *event, struct gl_store_event *row)
{
    row->at_ms = event->at_ms;
    row->visitor = event->visitor;
    row->scroll_depth = (uint32_t) event->scroll_depth;
    row->engagement_ms = (uint32_t) event->engagement_ms;
    row->evidence = (uint32_t) event->evidence;
    row->kind = (uint8_t) event->kind;
    row->server = (uint8_t) event->server;
    row->passive = (uint8_t) event->passive;
}

/* Bots and spam leave a tally: 1 = that was it, 0 = a row is to come. */
static int
tally(struct gl_ingest *in, struct gl_ingest_site *site,
      const struct gl_event *event, const struct gl_agent *agent,
      const struct gl_origin *origin)
{
    int64_t day = event->at_ms / GL_DAY_MS;
    struct gl_identity identity = gl_enrich_identity(in->enrich, agent, event);
    struct gl_verdict verdict;
    int error;

    if (gl_verdict(agent, &identity, event, site->bots_counted, &verdict)) {
        struct gl_store_bot bot = {.reason =
                                       gl_reason_word(verdict.reason).data,
                                   .family = verdict.family,
                                   .page = gl_verdict_page(event),
                                   .operator= verdict.operator,
                                   .kind = verdict.kind };

        error =
            gl_account_add_bot(site->account->store, site->id, day, &bot, 1);
        in->counters.bots++;
        return error < 0 ? error : 1;
    }
    if (!origin->spam)
        return 0;
    error = gl_account_add_drop(site->account->store, site->id, day,
                                gl_reason_word(GL_REASON_SPAM_REFERRER), 1);
    in->counters.drops++;
    return error < 0 ? error : 1;
}

int
gl_ingest_let_go_(struct gl_ingest *in, const struct gl_ingest_site *site,
                  int64_t at_ms, int64_t *day)
{
    int rc;

    if (at_ms / GL_DAY_MS >=
        in->now_ms / GL_DAY_MS - GL_SITE_KEEP_ROWS_MIN_DAYS)
        return 0;
    rc = gl_account_let_go_day(site->account->store, site->id, day);
    return rc == 1 ? at_ms / GL_DAY_MS <= *day : rc;
}

/* A live event of a day that takes no rows any more leaves a tally: 1 = that
 * was it, 0 = a row is to come. */
static int
tally_late(struct gl_ingest *in, struct gl_ingest_site *site, int64_t at_ms)
{
    int64_t day;
    int rc = gl_ingest_let_go_(in, site, at_ms, &day);

    if (rc != 1)
        return rc;
    rc = gl_account_add_drop(site->account->store, site->id, at_ms / GL_DAY_MS,
                             gl_reason_word(GL_REASON_ROWS_LET_GO), 1);
    in->counters.drops++;
    return rc < 0 ? rc : 1;
}

int64_t
gl_ingest_month_(int64_t at_ms)
{
    time_t s = (time_t) (at_ms / 1000);
    struct tm tm;

    gmtime_r(&s, &tm);
    return (tm.tm_year - 70) * 12 + tm.tm_mon;
}

/* A live event of an account whose quota is used up leaves a tally, too. */
static int
tally_used(struct gl_ingest *in, struct gl_ingest_site *site, int64_t at_ms)
{
    const struct gl_ingest_account *account = site->account;
    int rc;

    if (!account->used_full &&
        (account->used_month == 0 ||
         account->used_month != gl_ingest_month_(at_ms)))
        return 0;
    rc = gl_account_add_drop(account->store, site->id, at_ms / GL_DAY_MS,
                             gl_reason_word(GL_REASON_QUOTA), 1);
    in->counters.drops++;
    return rc < 0 ? rc : 1;
}

/* The row of EVENT, of which all may be kept. */
static int
set_row(struct gl_ingest *in, struct gl_ingest_site *site,
        const struct gl_event *event, const struct gl_agent *agent,
        const struct gl_origin *origin, const struct gl_ingest_given *given,
        struct gl_store_event *row)
{
    int64_t day = given == NULL ? event->at_ms / GL_DAY_MS : GL_WORD_UNCAPPED;
    int result;

    memset(row, 0, sizeof *row);
    row->site = site->id;
    set_numbers(event, row);
    set_revenue(in, event, row);
    if ((result = set_words(site, event, day, row)) < 0 ||
        (result = set_place(in, site, event, given, day, row)) < 0 ||
        (result = set_agent(site, agent, given, day, row)) < 0)
        return result;
    if ((result = set_referrer(site, event, origin, given, day, row)) < 0)
        return result;
    return gl_account_props(site->account->store, site->id, day, event->props,
                            event->props_n, &row->props);
}

/* What the site does not keep goes before there is a row; bots and spam have
 * been found by it. */
static int
set_less(struct gl_ingest *in, struct gl_ingest_site *site,
         const struct gl_event *event, const struct gl_agent *agent,
         const struct gl_ingest_given *given, struct gl_store_event *row)
{
    struct gl_event less = *event;
    struct gl_ingest_given none = {0};
    struct gl_origin origin;

    gl_left_out_apply(&less, site->left_out);
    if (given != NULL) {
        none = *given;
        if (site->left_out & GL_LEFT_OUT_AGENT)
            memset(&none.agent, 0, sizeof none.agent);
        if (site->left_out & (GL_LEFT_OUT_CAMPAIGN | GL_LEFT_OUT_REFERRER))
            none.source = none.channel = (struct gl_text){0};
    }
    if (site->left_out & GL_LEFT_OUT_AGENT)
        agent = gl_enrich_client(in->enrich, &less);
    given = given == NULL ? NULL : &none;
    gl_enrich_origin(in->enrich, &origin, &less, text_of(site->hosts));
    set_given(in, &less, given, &origin);
    return set_row(in, site, &less, agent, &origin, given, row);
}

int
gl_ingest_row_(struct gl_ingest *in, struct gl_ingest_site *site,
               const struct gl_event *event,
               const struct gl_ingest_given *given, struct gl_store_event *row)
{
    const struct gl_agent *agent = gl_enrich_client(in->enrich, event);
    struct gl_origin origin;
    int result;

    gl_enrich_origin(in->enrich, &origin, event, text_of(site->hosts));
    set_given(in, event, given, &origin);
    result = tally(in, site, event, agent, &origin);
    if (result == 0 && given == NULL)
        result = tally_late(in, site, event->at_ms);
    if (result == 0 && given == NULL)
        result = tally_used(in, site, event->at_ms);
    if (result != 0)
        return result;
    if (site->left_out != 0)
        return set_less(in, site, event, agent, given, row);
    return set_row(in, site, event, agent, &origin, given, row);
}
