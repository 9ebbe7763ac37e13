/*
 * Sites with a life, and what truly happened on them; part of
 * unit/query_exact.c.
 *
 * Events come late, over midnight, twice in a millisecond, of pages served, of
 * an import; objects are rebuilt, late rows and dirty days folded in pieces or
 * not yet.  What happened is a list of people's events in the order of
 * arrival, of which one plain loop makes visits.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/history.h"
#include "../lib/query_words.h"
#include "count/site.h"
#include "days/refold.h"
#include "ingest/rebuild.h"
#include "store/account/accounts.h"
#include "store/rows/midnight.h"
#include "store/rows/tallies.h"
#include "store/rows/visits.h"
#include "store/words/words.h"

#define SITES 2
#define LIVE 0
#define IMPORTED 1

/* What an event has beside what counting needs. */
struct more {
    uint8_t host, path, name, screen, language; /* 0 = none, else 1 + where */
    uint8_t referrer, agent, place;
    uint8_t props[N(keys)];
    uint8_t amount, currency;
    uint8_t depth; /* of engagement: percent + 1, 0 = missing */
};

struct happened {
    struct gl_row row; /* .id as stored; .visitor a person */
    struct more more;
    int imported;
    int visit; /* number of its visit, 0 = none */
    int repeat;
    int64_t engaged_ms; /* of a pageview, told by engagement */
    int depth;
};

struct life {
    int64_t site;
    struct gl_site *object;
    struct gl_row events[2][EVENTS]; /* live, imported; .id: in more */
    struct more more[2][EVENTS];
    struct happened happened[2 * EVENTS];
    size_t live_n, happened_n;
    int64_t now_ms, day;
};

static struct gl_accounts *pool;
static struct gl_account *account;
static struct gl_words words;
static struct gl_count_rules rules;
static struct life lives[SITES];
static uint32_t codes[GL_WORD_KINDS][8]; /* 1 + where -> code */

/* ---- words ---- */

static void
begin(void)
{
    if (gl_file_begin(gl_account_file(account), GL_COMMIT_LATER) != 0)
        tap_bail("begin: %s", gl_account_why(account));
}

static void
commit(void)
{
    if (gl_file_commit(gl_account_file(account)) != 0)
        tap_bail("commit: %s", gl_account_why(account));
}

static void
add_words(enum gl_word kind, const char *const *texts, size_t n)
{
    for (size_t i = 0; i < n; i++)
        gl_account_word(account, kind, PROBE_SITE, PROBE_DAY,
                        probe_word(texts[i]), &codes[kind][i + 1]);
}

static void
add_combinations(void)
{
    for (size_t i = 1; i < N(referrers); i++) {
        struct gl_store_referrer r = {probe_word(referrers[i][0]),
                                      probe_word(referrers[i][1]),
                                      probe_word(referrers[i][2]),
                                      probe_word(referrers[i][3]),
                                      probe_word(referrers[i][4]),
                                      probe_word(referrers[i][5]),
                                      probe_word(referrers[i][6]),
                                      probe_word(referrers[i][7]),
                                      probe_word("")};

        gl_account_referrer(account, PROBE_SITE, PROBE_DAY, &r,
                            &codes[GL_WORD_REFERRER][i]);
    }
    for (size_t i = 1; i < N(agents); i++) {
        struct gl_store_agent a = {
            probe_word(agents[i][0]), probe_word(agents[i][1]),
            probe_word(agents[i][2]), probe_word(agents[i][3]),
            probe_word(agents[i][4])};

        gl_account_agent(account, PROBE_SITE, PROBE_DAY, &a,
                         &codes[GL_WORD_AGENT][i]);
    }
    for (size_t i = 1; i < N(places); i++) {
        struct gl_store_place p = {probe_word(places[i][0]),
                                   probe_word(places[i][1]),
                                   probe_word(places[i][2])};

        gl_account_place(account, PROBE_SITE, PROBE_DAY, &p,
                         &codes[GL_WORD_PLACE][i]);
    }
}

static void
add_all_words(void)
{
    begin();
    add_words(GL_WORD_HOST, hosts, N(hosts));
    add_words(GL_WORD_PATH, paths, N(paths));
    add_words(GL_WORD_NAME, names, N(names));
    add_words(GL_WORD_SCREEN, screens, N(screens));
    add_words(GL_WORD_LANGUAGE, languages, N(languages));
    add_words(GL_WORD_PROP_KEY, keys, N(keys));
    add_words(GL_WORD_PROP_VALUE, prop_values, N(prop_values));
    add_combinations();
    commit();
}

/* ---- one event ---- */

/* What a worker sends for one who is PERSON. */
static uint64_t
id_at(uint64_t person, int64_t at_ms, int imported)
{
    return imported ? person | GL_VISITOR_IMPORTED
                    : person + 100 * (uint64_t) (at_ms / GL_DAY_MS);
}

static void
store(struct life *life, const struct gl_row *row, const struct more *more)
{
    struct gl_store_event event = probe_event(row->at_ms, row->visitor);

    event.site = life->site;
    event.kind = row->kind;
    event.mark = row->mark;
    event.passive = row->passive;
    event.server = row->server ? 2 : 0;
    event.engagement_ms = row->engagement_ms;
    event.host = row->host;
    event.path = row->path;
    event.name = codes[GL_WORD_NAME][more->name];
    event.screen = codes[GL_WORD_SCREEN][more->screen];
    event.language = codes[GL_WORD_LANGUAGE][more->language];
    event.scroll_depth = more->depth;
    if (more->amount > 0) {
        event.amount = probe_word(amounts[more->amount - 1].text);
        event.currency = probe_word(currencies[more->currency]);
    }
    event.referrer = codes[GL_WORD_REFERRER][more->referrer];
    event.agent = codes[GL_WORD_AGENT][more->agent];
    event.place = codes[GL_WORD_PLACE][more->place];
    for (size_t i = 0; i < N(keys); i++) {
        if (more->props[i] == 0)
            continue;
        event.props.codes[event.props.n].key = codes[GL_WORD_PROP_KEY][i + 1];
        event.props.codes[event.props.n++].value =
            codes[GL_WORD_PROP_VALUE][more->props[i]];
    }
    if (gl_account_insert(account, &event) != 0)
        tap_bail("insert: %s", gl_account_why(account));
}

static void
note(struct life *life, const struct gl_row *event, int64_t id,
     const struct more *more, int imported)
{
    struct happened *happened = &life->happened[life->happened_n++];

    *happened =
        (struct happened){.row = *event, .more = *more, .imported = imported};
    happened->row.id = id;
}

static void
apply(struct life *life, const struct gl_row *event)
{
    const struct more *more = &life->more[LIVE][event->id];
    struct gl_row row = *event;
    struct gl_store_event first = {.site = life->site};
    struct gl_visit *visit;
    struct gl_link link = {.visitor = id_at(event->visitor, event->at_ms, 0),
                           .day = event->at_ms / GL_DAY_MS};
    int applied;

    if (event->at_ms % GL_DAY_MS < 30 * MINUTE)
        link.before = id_at(event->visitor, event->at_ms - GL_DAY_MS, 0);
    gl_account_next_id(account, &row.id);
    note(life, event, row.id, more, 0);
    row.visitor = link.visitor;
    row.visitor_before = link.before;
    applied = gl_site_apply(life->object, &row, &visit);
    if (applied == GL_APPLIED_NEW)
        gl_account_open_visit(account, visit, &first);
    if (applied == GL_APPLIED_JOINED && visit->alias == link.visitor)
        gl_account_alias_visit(account, visit);
    if (link.before != 0)
        gl_account_add_link(account, life->site, &link);
    if (applied == GL_APPLIED_LATE)
        gl_account_add_late(account, life->site, row.at_ms / GL_DAY_MS,
                            row.visitor);
    store(life, &row, more);
}

static void
import_some(struct life *life, size_t from, size_t to)
{
    begin();
    for (size_t i = from; i < to; i++) {
        const struct gl_row *event = &life->events[IMPORTED][i];
        struct gl_row row = *event;

        gl_account_next_id(account, &row.id);
        note(life, event, row.id, &life->more[IMPORTED][event->id], 1);
        row.visitor = id_at(event->visitor, event->at_ms, 1);
        store(life, &row, &life->more[IMPORTED][event->id]);
        gl_account_add_dirty(account, life->site, event->at_ms / GL_DAY_MS);
    }
    commit();
}

/* ---- what goes on beside ---- */

static int
on_closed(void *arg, const struct gl_visit *visit)
{
    (void) arg;
    gl_account_close_visit(account, visit);
    return 0;
}

static void
on_conflict(void *arg, const struct gl_visit *visit)
{
    (void) arg;
    (void) visit;
}

static void
rebuild(struct life *life)
{
    struct gl_rebuild r = {
        .account = account,
        .site = life->site,
        .words = &words,
        .rules = rules,
        .day_start_ms = life->now_ms / GL_DAY_MS * GL_DAY_MS,
        .day_end_ms = (life->now_ms / GL_DAY_MS + 1) * GL_DAY_MS,
        .oldest_ms = START,
        .conflict = on_conflict,
    };

    gl_site_free(life->object);
    if (gl_rebuild_site(&r, &life->object) != 0)
        tap_bail("rebuild: %s", gl_account_why(account));
}

static int
take_day(void *arg, int64_t site, int64_t day)
{
    (void) site;
    *(int64_t *) arg = day;
    return 1;
}

struct late {
    int64_t day;
    uint64_t visitors[64];
    size_t n;
};

static int
take_late(void *arg, int64_t site, int64_t day, uint64_t visitor)
{
    struct late *late = arg;

    (void) site;
    if ((late->n > 0 && day != late->day) || late->n == N(late->visitors))
        return 1;
    late->day = day;
    late->visitors[late->n++] = visitor;
    return 0;
}

static int
skip(void *arg, const struct gl_refold_visitor *visitor)
{
    (void) arg;
    (void) visitor;
    return 0;
}

/* In pieces; ASK between them. */
static void
write_pieces(struct life *life, struct gl_refolded *result,
             void (*ask)(struct life *life))
{
    struct gl_refold_target target = {
        .account = account, .site = life->site, .skip = skip};
    int more = 1;

    while (more == 1) {
        begin();
        more = gl_refold_write(result, &target);
        commit();
        if (more < 0)
            tap_bail("refold: %s", gl_account_why(account));
        if (more == 1 && tap_below(8) == 0)
            ask(life);
    }
    gl_refolded_free(result);
}

/* A dirty day or the late visitors of one day. */
static void
refold(struct life *life, void (*ask)(struct life *life))
{
    struct late late = {.day = -1};
    struct gl_refold job = {.site = life->site,
                            .now_ms = life->now_ms,
                            .rows_max = GL_REFOLD_ROWS_MAX,
                            .parts = 1,
                            .rules = rules};
    struct gl_refolded *result;
    struct gl_account *reader = gl_account_reader(account);
    int dirty = gl_account_dirty(account, life->site, take_day, &late.day);

    if (dirty == 0)
        gl_account_late(account, life->site, take_late, &late);
    job.from_day = late.day;
    job.to_day = late.day + 1;
    job.visitors = late.n > 0 ? late.visitors : NULL;
    job.visitors_n = late.n;
    if (late.day >= 0) {
        if (gl_account_read(reader) != 0 ||
            gl_refold_read(reader, &job, &result) != 0)
            tap_bail("refold: %s", gl_account_why(reader));
        write_pieces(life, result, ask);
        begin();
        if (dirty != 0)
            gl_account_clear_dirty(account, life->site, late.day);
        for (size_t i = 0; i < late.n; i++)
            gl_account_clear_late(account, life->site, late.day,
                                  late.visitors[i]);
        commit();
        rebuild(life);
    }
    gl_account_reader_free(reader);
}

/* The sites' owners choose another window: all days are dirty. */
static void
change_rules(void)
{
    rules.refresh_window_ms = (int64_t) tap_below(3) * MINUTE;
    begin();
    for (int i = 0; i < SITES; i++)
        for (size_t n = 0; n < lives[i].happened_n; n++)
            gl_account_add_dirty(account, lives[i].site,
                                 gl_day_of(lives[i].happened[n].row.at_ms));
    commit();
    for (int i = 0; i < SITES; i++)
        rebuild(&lives[i]);
}

/* ---- what happened ---- */

/* Often a person sees the same page again within the window. */
static void
look_again(struct life *life, int list, size_t i)
{
    struct gl_row *event = &life->events[list][i], *before = event - 1;

    if (i == 0 || tap_below(4) != 0)
        return;
    event->at_ms = before->at_ms + (int64_t) tap_below(2) * MINUTE / 2;
    event->visitor = before->visitor;
    event->kind = before->kind = GL_PAGEVIEW;
    event->server = before->server;
    life->more[list][i] = life->more[list][i - 1];
    event->host = before->host;
    event->path = before->path;
    event->passive = before->passive = 0;
    life->more[list][i].name = life->more[list][i - 1].name = 0;
}

static void
make_more(struct life *life, int list)
{
    for (size_t i = 0; i < EVENTS; i++) {
        struct gl_row *event = &life->events[list][i];
        struct more *more = &life->more[list][i];

        event->id = (int64_t) i;
        more->host = (uint8_t) (1 + tap_below(N(hosts)));
        more->path = (uint8_t) (1 + tap_below(N(paths)));
        event->host = codes[GL_WORD_HOST][more->host];
        event->path = codes[GL_WORD_PATH][more->path];
        event->passive = event->kind == GL_CUSTOM && tap_below(2);
        if (event->kind == GL_CUSTOM)
            more->name = (uint8_t) (1 + tap_below(N(names)));
        if (event->kind == GL_ENGAGEMENT)
            more->depth = (uint8_t) tap_below(102);
        else if (tap_below(3) == 0)
            more->amount = (uint8_t) (1 + tap_below(N(amounts)));
        more->currency = (uint8_t) tap_below(N(currencies));
        more->screen = (uint8_t) tap_below(1 + N(screens));
        more->language = (uint8_t) tap_below(1 + N(languages));
        more->referrer = (uint8_t) tap_below(N(referrers));
        more->agent = (uint8_t) tap_below(N(agents));
        more->place = (uint8_t) tap_below(N(places));
        for (size_t k = 0; k < N(keys); k++)
            if (tap_below(2))
                more->props[k] = (uint8_t) tap_below(1 + N(prop_values));
        look_again(life, list, i);
    }
}

static void
life_begin(struct life *life, int64_t site)
{
    gl_site_free(life->object);
    memset(life, 0, sizeof *life);
    life->site = site;
    life->now_ms = START;
    life->day = START / GL_DAY_MS;
    make_events(life->events[LIVE]);
    make_more(life, LIVE);
    delay_some(life->events[LIVE]);
    make_events(life->events[IMPORTED]);
    make_more(life, IMPORTED);
    rebuild(life);
}

/* One more event: 1, or 0 when there is none left. */
static int
life_go_on(struct life *life)
{
    const struct gl_row *event = &life->events[LIVE][life->live_n];

    if (life->live_n == EVENTS)
        return 0;
    life->live_n++;
    life->now_ms = MAX(life->now_ms, event->at_ms);
    if (life->now_ms / GL_DAY_MS != life->day) {
        life->day = life->now_ms / GL_DAY_MS;
        gl_site_turn_day(life->object, life->day * GL_DAY_MS,
                         (life->day + 1) * GL_DAY_MS);
    }
    begin();
    apply(life, event);
    gl_site_expire(life->object, life->now_ms, on_closed, NULL);
    commit();
    return 1;
}
