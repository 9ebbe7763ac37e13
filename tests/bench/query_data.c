/* Made data; see query_data.h. */

#include "query_data.h"

#include <glib.h>
#include <math.h>

#define VISITS_A_VISITOR 1.3
#define PAGEVIEWS_A_VISIT 2.78
#define CUSTOM 0.15 /* of events */

const uint32_t data_values_n[DATA_COLUMNS] = {
    [DATA_ENTRY_PAGE] = 10000,
    [DATA_EXIT_PAGE] = 10000,
    [DATA_SOURCE] = 2000,
    [DATA_COUNTRY] = 240,
    [DATA_CITY] = 5000,
    [DATA_BROWSER] = 16,
    [DATA_OS] = 8,
    [DATA_DEVICE] = 3,
    [DATA_SCREEN] = 4,
    [DATA_PAGE] = 10000,
};

/* ---- chance ---- */

static uint64_t state;

static uint64_t
number(void) /* splitmix64 */
{
    uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static uint32_t
below(uint32_t n)
{
    return (uint32_t) ((number() >> 32) * n >> 32);
}

static int
happens(double p)
{
    return (double) (number() >> 11) < p * 9007199254740992.0;
}

#define ZIPF 65536

/* A value by Zipf's law: one draw of a table. */
static uint32_t *
zipf_table(uint32_t n)
{
    uint32_t *table = g_new(uint32_t, ZIPF);
    double all = 0, sum = 0;
    uint32_t value = 0;

    for (uint32_t i = 1; i <= n; i++)
        all += 1.0 / i;
    for (uint32_t i = 0; i < ZIPF; i++) {
        while (value + 1 < n && (sum + 1.0 / (value + 1)) / all * ZIPF <= i)
            sum += 1.0 / ++value;
        table[i] = value;
    }
    return table;
}

static uint32_t *pages, *sources, *cities, *agents;

/* The tail of a table of 65,536 is not reached: one in 20 is any. */
static uint32_t
draw(const uint32_t *table, uint32_t n)
{
    return below(20) == 0 ? below(n) : table[below(ZIPF)];
}

/* ---- days ---- */

struct filling {
    struct data_day *day;
    uint32_t visits_max, events_max;
};

static void
make_events(struct filling *f, uint32_t visit, uint32_t at_ms)
{
    struct data_day *day = f->day;
    uint32_t page = draw(pages, data_values_n[DATA_PAGE]);
    int more = 1;

    day->codes[DATA_ENTRY_PAGE][visit] = page;
    day->views[visit] = 0;
    for (int viewed = 1;
         more && at_ms < DATA_DAY_MS && day->events_n < f->events_max;) {
        uint32_t at = day->events_n++;

        day->at_ms[at] = at_ms;
        day->page[at] = page;
        day->viewed[at] = (uint8_t) viewed;
        day->views[visit] += (uint32_t) viewed;
        at_ms += 1000 + below(240000);
        viewed = !happens(CUSTOM);
        if (viewed) {
            more = happens(1 - 1 / PAGEVIEWS_A_VISIT);
            page = more ? draw(pages, data_values_n[DATA_PAGE]) : page;
        }
    }
    for (uint32_t at = day->events_n - 1;; at--) {
        day->codes[DATA_EXIT_PAGE][visit] = day->page[at];
        if (day->viewed[at])
            break;
    }
}

/* A visitor of a day has one agent and one place. */
static void
make_visitor(struct filling *f)
{
    struct data_day *day = f->day;
    uint32_t agent = draw(agents, DATA_AGENTS);
    uint32_t city = draw(cities, data_values_n[DATA_CITY]);
    uint32_t at_ms = below((uint32_t) DATA_DAY_MS);

    do {
        uint32_t visit = day->visits_n++;

        day->visitor[visit] = day->visitors_n;
        day->first[visit] = day->events_n;
        day->agent[visit] = agent;
        day->codes[DATA_BROWSER][visit] = DATA_AGENT_BROWSER(agent);
        day->codes[DATA_OS][visit] = DATA_AGENT_OS(agent);
        day->codes[DATA_DEVICE][visit] = DATA_AGENT_DEVICE(agent);
        day->codes[DATA_CITY][visit] = city;
        day->codes[DATA_COUNTRY][visit] = DATA_CITY_COUNTRY(city);
        day->codes[DATA_SOURCE][visit] =
            draw(sources, data_values_n[DATA_SOURCE]);
        day->codes[DATA_SCREEN][visit] = below(4);
        make_events(f, visit, at_ms);
        at_ms = day->at_ms[day->events_n - 1] + 1800001 + below(9000000);
    } while (happens(1 - 1 / VISITS_A_VISITOR) && at_ms < DATA_DAY_MS &&
             day->visits_n < f->visits_max && day->events_n < f->events_max);
    day->visitors_n++;
}

static void
make_day(struct data_day *day, uint32_t visits)
{
    struct filling f = {day, visits, 6 * visits + 100};

    *day = (struct data_day){0};
    day->visitor = g_new(uint32_t, visits);
    day->first = g_new(uint32_t, visits + 1);
    day->agent = g_new(uint32_t, visits);
    day->views = g_new(uint32_t, visits);
    for (int i = 0; i < DATA_VISIT_COLUMNS; i++)
        day->codes[i] = g_new(uint32_t, visits);
    day->at_ms = g_new(uint32_t, f.events_max);
    day->page = g_new(uint32_t, f.events_max);
    day->viewed = g_new(uint8_t, f.events_max);
    while (day->visits_n < visits && day->events_n + 100 < f.events_max)
        make_visitor(&f);
    day->first[day->visits_n] = day->events_n;
    day->at_ms = g_renew(uint32_t, day->at_ms, day->events_n);
    day->page = g_renew(uint32_t, day->page, day->events_n);
    day->viewed = g_renew(uint8_t, day->viewed, day->events_n);
}

void
data_make(struct data *data, uint64_t pageviews)
{
    uint32_t visits =
        (uint32_t) ((double) pageviews / PAGEVIEWS_A_VISIT / DATA_DAYS);

    state = 1;
    *data = (struct data){0};
    pages = zipf_table(data_values_n[DATA_PAGE]);
    sources = zipf_table(data_values_n[DATA_SOURCE]);
    cities = zipf_table(data_values_n[DATA_CITY]);
    agents = zipf_table(DATA_AGENTS);
    for (int i = 0; i < DATA_DAYS; i++) {
        struct data_day *day = &data->days[i];

        make_day(day, visits);
        data->visits_n += day->visits_n;
        data->events_n += day->events_n;
        for (uint32_t v = 0; v < day->visits_n; v++)
            data->views_n += day->views[v];
    }
}
