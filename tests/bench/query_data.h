/*
 * Made data of one site: 30 days by a seed, Zipf pages, for `make
 * bench-query`.  Of each thing its number is known, which its text ends with:
 * page 7 is "/page/7".
 */

#ifndef GL_BENCH_QUERY_DATA_H
#define GL_BENCH_QUERY_DATA_H

#include <stddef.h>
#include <stdint.h>

#define DATA_DAYS 30
#define DATA_YEAR_DAYS 360 /* the same, twelve times */
#define DATA_FIRST_DAY INT64_C(20000)
#define DATA_DAY_MS INT64_C(86400000)

enum data_column { /* of a visit */
                   DATA_ENTRY_PAGE,
                   DATA_EXIT_PAGE,
                   DATA_SOURCE,
                   DATA_COUNTRY,
                   DATA_CITY,
                   DATA_BROWSER,
                   DATA_OS,
                   DATA_DEVICE,
                   DATA_SCREEN,
                   DATA_VISIT_COLUMNS,
                   DATA_PAGE = DATA_VISIT_COLUMNS, /* of an event */
                   DATA_COLUMNS
};
extern const uint32_t data_values_n[DATA_COLUMNS];

#define DATA_AGENTS 400
/* What an agent says. */
#define DATA_AGENT_BROWSER(agent) ((agent) % 16)
#define DATA_AGENT_OS(agent) ((agent) / 16 % 8)
#define DATA_AGENT_DEVICE(agent) ((agent) % 3)
/* Where a city is. */
#define DATA_CITY_COUNTRY(city) ((city) % 240)

/* Visits that began on a day, by visitor and time; events of each together,
 * event FIRST[visit] and on, all before midnight. */
struct data_day {
    uint32_t visitors_n, visits_n, events_n;
    uint32_t *visitor;                   /* [visit] */
    uint32_t *first;                     /* [visit + 1] */
    uint32_t *agent;                     /* [visit] */
    uint32_t *codes[DATA_VISIT_COLUMNS]; /* [visit] */
    uint32_t *views;                     /* [visit] */
    uint32_t *at_ms;                     /* [event] since the day began */
    uint32_t *page;                      /* [event] */
    uint8_t *viewed;                     /* [event] 0 = custom event */
};

struct data {
    struct data_day days[DATA_DAYS];
    uint64_t visits_n, events_n, views_n;
};

/* PAGEVIEWS, nearly. */
void data_make(struct data *data, uint64_t pageviews);
/* Into FOLDER as an account's file, or as events.csv. */
void data_store(const struct data *data, const char *folder);
/* All of it on the first day, of which visits of the last hour are open; and
 * N rows more, a half of them of those visits, in one commit. */
void data_store_today(const struct data *data, const char *folder);
void data_store_more(uint32_t n);
/* Seal all days that are not: bytes of what is sealed.  ZONE: all, for a site
 * of that one. */
uint64_t data_seal(const char *folder, const char *zone);
void data_write_csv(const struct data *data, const char *path);

/* last_seen.c: PASSES[column][value], NULL = all pass; FROM <= day < TO of the
 * data. */
struct data_sum {
    uint64_t visitors, visits, views;
};
struct data_answer {
    struct data_sum series[DATA_YEAR_DAYS];
    struct data_sum *sums[DATA_COLUMNS]; /* [value] */
};
struct data_filter {
    int from_day, to_day;
    const uint8_t *passes[DATA_VISIT_COLUMNS];
};
void last_seen(const struct data *data, const struct data_filter *filter,
               struct data_answer *answer);

#endif
