/*
 * filter-flood VISITORS: one site's live fold on one day.  So many random
 * visitors come within twenty hours, then 10,000 more: each looks at two pages
 * in one visit, and at one 40 minutes later, in another.
 *
 * Prints "VISITORS_COUNTED VISITS_WRONG BYTES RSS_BYTES": the day's distinct
 * visitors, new visits that were taken for old ones or the other way round,
 * the object's memory and what the process grew by.
 */

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "count/count.h"
#include "count/site.h"
#include "event.h"

#define REAL 10000
#define HOUR_MS INT64_C(3600000)
#define MINUTE_MS INT64_C(60000)

static int
by_number(void *arg, uint32_t a, uint32_t b)
{
    (void) arg;
    return (a > b) - (a < b);
}

static const struct gl_words words = {by_number, by_number, NULL};
static const struct gl_count_rules rules;
static int64_t last_id, expired_ms;

static int
closed(void *arg, const struct gl_visit *visit)
{
    (void) arg;
    (void) visit;
    return 0;
}

/* 1 = WANTED was not what counting said. */
static int
look(struct gl_site *site, uint64_t visitor, int64_t at_ms,
     enum gl_applied wanted)
{
    struct gl_row row = {.id = last_id + 1,
                         .at_ms = at_ms,
                         .visitor = visitor,
                         .host = 1,
                         .path = (uint32_t) last_id,
                         .kind = GL_PAGEVIEW};
    struct gl_visit *visit;

    last_id++;
    if (at_ms - expired_ms >= 1000) { /* as at every commit */
        gl_site_expire(site, at_ms, closed, NULL);
        expired_ms = at_ms;
    }
    return gl_site_apply(site, &row, &visit) != (int) wanted;
}

/* No two are the same: a step through all numbers of 62 bits. */
static uint64_t
random_visitor(uint64_t number)
{
    return (number * UINT64_C(0x9e3779b97f4a7c15) >> 2) | UINT64_C(1) << 61;
}

static long
rss_bytes(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss * 1024;
}

static uint64_t
flood(struct gl_site *site, uint64_t visitors)
{
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < visitors; i++)
        wrong += (uint64_t) look(
            site, random_visitor(i),
            (int64_t) (i * 20 / visitors) * HOUR_MS +
                (int64_t) (i * 20 % visitors * (uint64_t) HOUR_MS / visitors),
            GL_APPLIED_NEW);
    return wrong;
}

static uint64_t
real_visitors(struct gl_site *site)
{
    static const struct {
        int64_t after_ms;
        enum gl_applied wanted;
    } looks[] = {{0, GL_APPLIED_NEW},
                 {5 * MINUTE_MS, GL_APPLIED_JOINED},
                 {45 * MINUTE_MS, GL_APPLIED_NEW}};
    uint64_t wrong = 0;

    for (int at = 0; at < 3; at++)
        for (uint64_t i = 0; i < REAL; i++)
            wrong += (uint64_t) look(
                site, 1 + i, 21 * HOUR_MS + looks[at].after_ms + (int64_t) i,
                looks[at].wanted);
    return wrong;
}

int
main(int argc, char **argv)
{
    uint64_t visitors = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000;
    long before = rss_bytes();
    struct gl_site *site =
        gl_site_new(&words, &rules, 0, GL_DAY_MS, INT64_MIN);
    struct gl_live_numbers live;
    uint64_t wrong = flood(site, visitors);

    wrong += real_visitors(site);
    gl_site_live(site, 22 * HOUR_MS, &live);
    printf("%u %llu %zu %ld\n", live.today_visitors,
           (unsigned long long) wrong, gl_site_bytes(site),
           rss_bytes() - before);
    gl_site_free(site);
    return 0;
}
