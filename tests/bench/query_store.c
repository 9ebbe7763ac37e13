/* Made data where it is asked: an account's file, and a table for DuckDB. */

#include <glib.h>
#include <stdio.h>
#include <stdlib.h>

#include "../lib/seal_now.h"
#include "event.h"
#include "calls/query.h"
#include "query/sums/seal_sums.h"
#include "query_data.h"
#include "store/account/accounts.h"
#include "store/directory/directory.h"
#include "store/meta/sites.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"
#include "store/words/words.h"

#define ID "aaaaaaaaaaaa"
#define SITE 1
#define A_COMMIT 20000 /* rows */
#define LAST_HOUR_MS (23 * 3600000u)

static struct gl_account *account;
static int is_today;      /* all days are the first one */
static GArray *open_ones; /* struct gl_store_event: the last of each */
static int64_t now_ms;    /* of the last event */
static uint32_t *codes[GL_WORD_KINDS]; /* [number] */
static struct gl_store_props props;

static void
check(int rc)
{
    if (rc >= 0)
        return;
    fprintf(stderr, "bench: %s\n", gl_account_why(account));
    exit(1);
}

/* ---- words ---- */

static struct gl_text
text(char *buffer, const char *what, uint32_t n)
{
    int len = snprintf(buffer, 32, "%s%u", what, n);

    return (struct gl_text){buffer, (uint32_t) len};
}

static void
add_words(enum gl_word kind, const char *what, uint32_t n)
{
    codes[kind] = g_new(uint32_t, n);
    for (uint32_t i = 0; i < n; i++) {
        char buffer[32];

        check(gl_account_word(account, kind, SITE, DATA_FIRST_DAY,
                              text(buffer, what, i), &codes[kind][i]));
    }
}

static void
add_referrers(void)
{
    const struct gl_text none = {"", 0};

    codes[GL_WORD_REFERRER] = g_new(uint32_t, data_values_n[DATA_SOURCE]);
    for (uint32_t i = 0; i < data_values_n[DATA_SOURCE]; i++) {
        char source[32], host[32];
        struct gl_store_referrer referrer = {text(host, "host/", i),
                                             text(source, "source/", i),
                                             {"Referral", 8},
                                             none,
                                             none,
                                             none,
                                             none,
                                             none,
                                             none};

        check(gl_account_referrer(account, SITE, DATA_FIRST_DAY, &referrer,
                                  &codes[GL_WORD_REFERRER][i]));
    }
}

static void
add_agents(void)
{
    codes[GL_WORD_AGENT] = g_new(uint32_t, DATA_AGENTS);
    for (uint32_t i = 0; i < DATA_AGENTS; i++) {
        char t[5][32];
        struct gl_store_agent agent = {
            text(t[0], "browser/", DATA_AGENT_BROWSER(i)),
            text(t[1], "version/", i), text(t[2], "os/", DATA_AGENT_OS(i)),
            text(t[3], "version/", i / 7),
            text(t[4], "device/", DATA_AGENT_DEVICE(i))};

        check(gl_account_agent(account, SITE, DATA_FIRST_DAY, &agent,
                               &codes[GL_WORD_AGENT][i]));
    }
}

static void
add_places(void)
{
    codes[GL_WORD_PLACE] = g_new(uint32_t, data_values_n[DATA_CITY]);
    for (uint32_t i = 0; i < data_values_n[DATA_CITY]; i++) {
        char t[3][32];
        struct gl_store_place place = {
            text(t[0], "country/", DATA_CITY_COUNTRY(i)),
            text(t[1], "region/", i / 3), text(t[2], "city/", i)};

        check(gl_account_place(account, SITE, DATA_FIRST_DAY, &place,
                               &codes[GL_WORD_PLACE][i]));
    }
}

static void
add_all_words(void)
{
    check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
    add_words(GL_WORD_HOST, "host/", 1);
    add_words(GL_WORD_PATH, "/page/", data_values_n[DATA_PAGE]);
    add_words(GL_WORD_TITLE, "Title ", data_values_n[DATA_PAGE]);
    add_words(GL_WORD_NAME, "event/", 10);
    add_words(GL_WORD_SCREEN, "screen/", data_values_n[DATA_SCREEN]);
    add_words(GL_WORD_PROP_KEY, "key/", 2);
    add_words(GL_WORD_PROP_VALUE, "value/", 100);
    add_referrers();
    add_agents();
    add_places();
    check(gl_file_commit(gl_account_file(account)));
}

/* ---- rows ---- */

struct place { /* an event in the order of arrival */
    uint32_t at_ms, event, visit;
};

static int
compare(const void *left, const void *right)
{
    const struct place *a = left, *b = right;

    return a->at_ms != b->at_ms
               ? (a->at_ms > b->at_ms ? 1 : -1)
               : (a->event > b->event) - (a->event < b->event);
}

static struct place *
in_order(const struct data_day *day)
{
    struct place *places = g_new(struct place, day->events_n);

    for (uint32_t v = 0; v < day->visits_n; v++)
        for (uint32_t e = day->first[v]; e < day->first[v + 1]; e++)
            places[e] = (struct place){day->at_ms[e], e, v};
    qsort(places, day->events_n, sizeof *places, compare);
    return places;
}

static uint64_t
visitor_id(int day, uint32_t visitor)
{
    uint64_t mixed =
        ((uint64_t) day << 32 | (visitor + 1)) * UINT64_C(0x9e3779b97f4a7c15);

    return mixed & ~GL_VISITOR_IMPORTED;
}

static struct gl_store_event
event_of(const struct data_day *day, int n, const struct place *place)
{
    uint32_t v = place->visit, page = day->page[place->event];
    int viewed = day->viewed[place->event];
    struct gl_store_event event = {
        .site = SITE,
        .at_ms =
            (DATA_FIRST_DAY + (is_today ? 0 : n)) * DATA_DAY_MS + place->at_ms,
        .visitor = visitor_id(n, day->visitor[v]),
        .host = codes[GL_WORD_HOST][0],
        .path = codes[GL_WORD_PATH][page],
        .title = codes[GL_WORD_TITLE][page],
        .name = viewed ? 0 : codes[GL_WORD_NAME][page % 10],
        .referrer = codes[GL_WORD_REFERRER][day->codes[DATA_SOURCE][v]],
        .agent = codes[GL_WORD_AGENT][day->agent[v]],
        .place = codes[GL_WORD_PLACE][day->codes[DATA_CITY][v]],
        .screen = codes[GL_WORD_SCREEN][day->codes[DATA_SCREEN][v]],
        .kind = viewed ? GL_PAGEVIEW : GL_CUSTOM,
    };

    if (!viewed) {
        event.props = props;
        event.props.codes[1].value = codes[GL_WORD_PROP_VALUE][page % 100];
    }
    return event;
}

static void
store_visit(const struct data_day *day, const struct gl_store_event *first,
            uint32_t v, int64_t id)
{
    uint32_t last = day->first[v + 1] - 1;
    int64_t last_ms =
        first->at_ms + day->at_ms[last] - day->at_ms[day->first[v]];
    struct gl_visit visit = {
        .id = id,
        .visitor = first->visitor,
        .start_ms = first->at_ms,
        .last_ms = last_ms,
        .seen_ms = last_ms,
        .pageviews = day->views[v],
        .interactive = last + 1 - day->first[v] - day->views[v],
        .entry_host = first->host,
        .entry_path = codes[GL_WORD_PATH][day->codes[DATA_ENTRY_PAGE][v]],
        .exit_host = first->host,
        .exit_path = codes[GL_WORD_PATH][day->codes[DATA_EXIT_PAGE][v]],
    };

    check(gl_account_open_visit(account, &visit, first));
    if (!is_today || day->at_ms[last] < LAST_HOUR_MS)
        check(gl_account_close_visit(account, &visit));
}

static void
store_day(const struct data_day *day, int n)
{
    struct place *places = in_order(day);

    check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
    for (uint32_t i = 0; i < day->events_n; i++) {
        struct gl_store_event event = event_of(day, n, &places[i]);
        uint32_t v = places[i].visit;
        int64_t id;

        check(gl_account_next_id(account, &id));
        if (places[i].event == day->first[v])
            store_visit(day, &event, v, id);
        check(gl_account_insert(account, &event));
        now_ms = event.at_ms > now_ms ? event.at_ms : now_ms;
        if (is_today && places[i].event == day->first[v + 1] - 1 &&
            places[i].at_ms >= LAST_HOUR_MS)
            g_array_append_val(open_ones, event);
        if (i % A_COMMIT == A_COMMIT - 1) {
            check(gl_file_commit(gl_account_file(account)));
            check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
        }
    }
    check(gl_file_commit(gl_account_file(account)));
    g_free(places);
}

static struct gl_accounts *
open_pool(const char *folder)
{
    char why[256];
    struct gl_accounts_options options = {.data = folder,
                                          .text_max = UINT32_MAX};
    struct gl_accounts *pool;

    for (int i = 0; i < GL_WORD_KINDS; i++)
        options.caps[i] = UINT32_MAX;
    pool = gl_accounts_new(&options, why, sizeof why);
    if (pool == NULL || gl_accounts_create(pool, ID) != 0) {
        fprintf(stderr, "bench: no account's file in %s\n", folder);
        exit(1);
    }
    account = gl_accounts_get(pool, ID);
    return pool;
}

static void
add_bytes(void *arg, const void *bytes, size_t len)
{
    (void) bytes;
    *(uint64_t *) arg += len;
}

static uint64_t
sealed_bytes(void)
{
    uint64_t tokens[DATA_DAYS], sum = 0;

    check(gl_account_day_tokens(account, SITE, DATA_FIRST_DAY,
                                DATA_FIRST_DAY + DATA_DAYS - 1, tokens));
    for (int i = 0; i < DATA_DAYS; i++) {
        struct gl_sealed_day day = {SITE, DATA_FIRST_DAY + i, tokens[i]};

        for (int part = 0; part < GL_SEALED_ALL; part++)
            for (int at = part; at <= part + GL_SEALED_ZSTD;
                 at += GL_SEALED_ZSTD)
                check(gl_account_sealed_part(account, &day, at, add_bytes,
                                             &sum));
    }
    return sum;
}

static void
unseal(void)
{
    int more = 1;

    check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
    while (more > 0) {
        more = gl_account_unseal(account, SITE, INT64_MIN, INT64_MAX, 1000);
        check(more < 0 ? more : 0);
    }
    check(gl_file_commit(gl_account_file(account)));
}

static struct gl_directory *
directory_of(const char *zone)
{
    struct gl_directory *directory = gl_directory_new();
    struct gl_meta_site site = {.id = SITE, .domain = "a.example"};

    g_strlcpy(site.timezone, zone, sizeof site.timezone);
    gl_directory_put_site(directory, &site);
    gl_directory_commit(directory);
    return directory;
}

uint64_t
data_seal(const char *folder, const char *zone)
{
    struct gl_accounts *pool = open_pool(folder);
    struct gl_query_view view = {.shelf = gl_shelf_new(GL_SHELF_BYTES),
                                 .directory =
                                     directory_of(zone ? zone : "UTC")};
    uint64_t bytes;

    if (zone != NULL)
        unseal();
    seal_sums = (struct gl_seal_sums){gl_seal_sums_add, &view};
    if (seal_now(account, INT64_MAX, GL_SEALED_PIECE_MAX) < 0)
        check(-1);
    bytes = sealed_bytes();
    gl_shelf_free(view.shelf);
    gl_directory_free(view.directory);
    gl_accounts_free(pool);
    return bytes;
}

static struct gl_accounts *
store_all(const struct data *data, const char *folder)
{
    struct gl_accounts *pool = open_pool(folder);

    add_all_words();
    props.n = 2;
    props.codes[0].key = codes[GL_WORD_PROP_KEY][0];
    props.codes[0].value = codes[GL_WORD_PROP_VALUE][0];
    props.codes[1].key = codes[GL_WORD_PROP_KEY][1];
    for (int n = 0; n < DATA_DAYS; n++) {
        store_day(&data->days[n], n);
        gl_accounts_shorten_logs(pool, n * 1000);
    }
    return pool;
}

void
data_store(const struct data *data, const char *folder)
{
    gl_accounts_free(store_all(data, folder));
}

/* ---- today ---- */

void
data_store_today(const struct data *data, const char *folder)
{
    is_today = 1;
    open_ones = g_array_new(FALSE, FALSE, sizeof(struct gl_store_event));
    store_all(data, folder);
}

/* A visit begins, or goes on. */
static void
store_one(uint32_t i, int begins)
{
    static uint64_t newcomers;
    struct gl_store_event *event = &g_array_index(
        open_ones, struct gl_store_event, i * 7919 % open_ones->len);
    struct gl_visit visit = {0};

    event->at_ms = ++now_ms;
    check(gl_account_next_id(account, &visit.id));
    if (begins) {
        struct gl_store_event first = *event;

        first.kind = GL_PAGEVIEW;
        first.name = 0;
        first.visitor = visit.visitor =
            (++newcomers * UINT64_C(0x9e3779b97f4a7c15)) >> 1;
        visit.start_ms = first.at_ms;
        check(gl_account_open_visit(account, &visit, &first));
        check(gl_account_insert(account, &first));
        return;
    }
    check(gl_account_insert(account, event));
}

void
data_store_more(uint32_t n)
{
    static uint32_t so_far;

    check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
    for (uint32_t i = 0; i < n; i++)
        store_one(so_far++, i % 2);
    check(gl_file_commit(gl_account_file(account)));
}

/* ---- for DuckDB ---- */

void
data_write_csv(const struct data *data, const char *path)
{
    FILE *file = fopen(path, "w");
    uint32_t visits = 0, visitors = 0;

    if (file == NULL) {
        perror(path);
        exit(1);
    }
    fputs("moment,began,visitor,visit,viewed,entry_page,exit_page,source,"
          "country,city,"
          "browser,os,device,screen,page\n",
          file);
    for (int n = 0; n < DATA_DAYS; n++) {
        const struct data_day *day = &data->days[n];

        for (uint32_t v = 0; v < day->visits_n; v++)
            for (uint32_t e = day->first[v]; e < day->first[v + 1]; e++) {
                fprintf(
                    file, "%lld,%lld,%u,%u,%d",
                    (long long) n * DATA_DAY_MS + day->at_ms[e],
                    (long long) n * DATA_DAY_MS + day->at_ms[day->first[v]],
                    visitors + day->visitor[v], visits + v, day->viewed[e]);
                for (int c = 0; c < DATA_VISIT_COLUMNS; c++)
                    fprintf(file, ",%u", day->codes[c][v]);
                fprintf(file, ",%u\n", day->page[e]);
            }
        visits += day->visits_n;
        visitors += day->visitors_n;
    }
    fclose(file);
}
