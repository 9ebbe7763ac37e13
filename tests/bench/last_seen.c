/*
 * The yardstick: the plain last-seen loop of query.md, as one would write it.
 * A mask of visits; then each attribute is one counting loop over the visits,
 * or the events, of a day.  Compiled with -O2, as all of it.
 */

#include <glib.h>
#include <string.h>

#include "query_data.h"

struct last {
    uint64_t visitor, visit;
};

static void
mask(const struct data_day *day, const struct data_filter *filter,
     uint8_t *visits)
{
    memset(visits, 1, day->visits_n);
    for (int c = 0; c < DATA_VISIT_COLUMNS; c++)
        for (uint32_t v = 0; filter->passes[c] != NULL && v < day->visits_n;
             v++)
            visits[v] &= filter->passes[c][day->codes[c][v]];
}

static void
count_column(const struct data_day *day, int column, const uint8_t *visits,
             uint64_t base, struct data_sum *sums, struct last *last)
{
    const uint32_t *codes = day->codes[column];

    for (uint32_t v = 0; v < day->visits_n; v++) {
        struct data_sum *sum;
        uint64_t seen = base + day->visitor[v] + 1;

        if (!visits[v])
            continue;
        sum = &sums[codes[v]];
        sum->visits++;
        sum->views += day->views[v];
        sum->visitors += last[codes[v]].visitor != seen;
        last[codes[v]].visitor = seen;
    }
}

static void
count_pages(const struct data_day *day, const uint8_t *visits, uint64_t base,
            uint64_t visits_base, struct data_sum *sums, struct last *last)
{
    for (uint32_t v = 0; v < day->visits_n; v++) {
        uint64_t seen = base + day->visitor[v] + 1;
        uint64_t visit = visits_base + v + 1;

        if (!visits[v])
            continue;
        for (uint32_t e = day->first[v]; e < day->first[v + 1]; e++) {
            struct data_sum *sum = &sums[day->page[e]];
            struct last *page = &last[day->page[e]];

            sum->views += day->viewed[e];
            sum->visits += page->visit != visit;
            sum->visitors += page->visitor != seen;
            page->visit = visit;
            page->visitor = seen;
        }
    }
}

static void
count_all(const struct data_day *day, const uint8_t *visits,
          struct data_sum *sum)
{
    uint32_t last = UINT32_MAX;

    for (uint32_t v = 0; v < day->visits_n; v++) {
        if (!visits[v])
            continue;
        sum->visits++;
        sum->views += day->views[v];
        sum->visitors += day->visitor[v] != last;
        last = day->visitor[v];
    }
}

void
last_seen(const struct data *data, const struct data_filter *filter,
          struct data_answer *answer)
{
    struct last *last[DATA_COLUMNS];
    uint64_t visitors = 0, visits_n = 0;

    for (int c = 0; c < DATA_COLUMNS; c++)
        last[c] = g_new0(struct last, data_values_n[c]);
    for (int i = filter->from_day; i < filter->to_day; i++) {
        const struct data_day *day = &data->days[i];
        uint8_t *visits = g_new(uint8_t, day->visits_n);

        mask(day, filter, visits);
        count_all(day, visits, &answer->series[i]);
        for (int c = 0; c < DATA_VISIT_COLUMNS; c++)
            count_column(day, c, visits, visitors, answer->sums[c], last[c]);
        count_pages(day, visits, visitors, visits_n, answer->sums[DATA_PAGE],
                    last[DATA_PAGE]);
        visitors += day->visitors_n;
        visits_n += day->visits_n;
        g_free(visits);
    }
    for (int c = 0; c < DATA_COLUMNS; c++)
        g_free(last[c]);
}
