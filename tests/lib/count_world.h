/*
 * One site in a test: rows as stored in order of arrival, what the live fold
 * said of each, and the visits it closed.  Words compare by number.
 */

#ifndef GL_TEST_COUNT_WORLD_H
#define GL_TEST_COUNT_WORLD_H

#include <stdlib.h>
#include <string.h>

#include "count/count.h"
#include "count/site.h"
#include "event.h"
#include "tap.h"

#define ROWS_MAX 4000
#define MINUTE INT64_C(60000)

static int
by_number(void *arg, uint32_t a, uint32_t b)
{
    (void) arg;
    return (a > b) - (a < b);
}

static const struct gl_words words = {by_number, by_number, NULL};

struct world {
    struct gl_row rows[ROWS_MAX]; /* as stored, in order of arrival */
    uint8_t late[ROWS_MAX];
    size_t n;
    struct gl_visit done[ROWS_MAX]; /* closed by the live fold */
    size_t done_n;
    struct gl_count_rules rules;
    struct gl_site *site;
};

static int
closed(void *arg, const struct gl_visit *visit)
{
    struct world *w = arg;

    w->done[w->done_n++] = *visit;
    return 0;
}

static void
arrive(struct world *w, struct gl_row row)
{
    struct gl_visit *visit;
    size_t i = w->n++;
    int applied;

    row.id = (int64_t) w->n;
    applied = gl_site_apply(w->site, &row, &visit);
    w->late[i] = applied == GL_APPLIED_LATE;
    w->rows[i] = row;
}

static struct world *
world_new(int64_t window_ms)
{
    struct world *w = calloc(1, sizeof *w);

    w->rules.refresh_window_ms = window_ms;
    w->site = gl_site_new(&words, &w->rules, 0, GL_DAY_MS, INT64_MIN);
    return w;
}

static void
world_free(struct world *w)
{
    gl_site_free(w->site);
    free(w);
}

#endif
