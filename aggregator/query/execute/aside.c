/*
 * Of many days some are counted in a second thread, from the last one on: with
 * a reader of its own, which must see the same of a day, and into sums of its
 * own, which are added at the end.  It takes sealed days alone, without
 * imported visitors, who may come in others; what it leaves is counted by the
 * first thread.
 */

#include "query/execute/execute_internal.h"

#include <pthread.h>

#include "columns/late.h"
#include "query/execute/parts.h"
#include "store/rows/rows.h"

/* Fewer days are counted before a thread and a connection are there. */
#define DAYS_MIN 60

struct gl_aside_ {
    pthread_t thread;
    struct gl_execution *run;
    struct gl_account *reader;
    struct gl_days_ days;
    struct gl_source source;
    uint64_t *tokens; /* as the reader sees them */
    size_t n;
    struct gl_tallying *tallying; /* [n] */
};

/* ---- in the thread ---- */

static int
may_take(const struct gl_aside_ *aside, int64_t day)
{
    size_t i = (size_t) (day - aside->days.from);

    return aside->tokens[i] != 0 &&
           aside->tokens[i] == aside->days.tokens[i] &&
           aside->tokens[i + 1] == aside->days.tokens[i + 1] &&
           !gl_late_changes(aside->days.late, day);
}

/* 1 = it is counted. */
static int
count_set(struct gl_aside_ *aside, const struct gl_columns *set)
{
    if (set->imported < set->visitors_n)
        return 0;
    for (size_t i = 0; i < aside->n; i++) {
        gl_tally_set(&aside->tallying[i], set);
        aside->tallying[i].rows += set->events_n;
    }
    return 1;
}

static int
count_day(struct gl_aside_ *aside, int64_t day)
{
    struct gl_source *source = &aside->source;
    const struct gl_columns *set;
    int counted;

    source->build.day = day;
    source->build.newest = 0;
    source->token = &aside->days.tokens[day - aside->days.from];
    source->sealed = -1;
    source->wants = 0;
    for (size_t i = 0; i < aside->n; i++)
        source->wants |= gl_plans_parts(aside->tallying[i].plans, day);
    if (gl_source_is_sealed(source) != 1 || gl_source_set(source, &set) != 0)
        return 0;
    counted = count_set(aside, set);
    gl_source_put_back(source);
    return counted;
}

static int
read_tokens(struct gl_aside_ *aside)
{
    const struct gl_days_ *days = &aside->days;

    return gl_account_read(aside->reader) == 0 &&
           gl_account_day_tokens(aside->reader, aside->source.build.site,
                                 days->from, days->to + 1, aside->tokens) == 0;
}

static void *
run(void *arg)
{
    struct gl_aside_ *aside = arg;

    if (!read_tokens(aside))
        return NULL;
    for (int64_t day = aside->days.to;
         day >= aside->days.from && !gl_execute_is_over_(aside->run); day--) {
        atomic_uchar *state = &aside->days.state[day - aside->days.from];
        unsigned char expected = GL_DAY_FREE;

        if (!may_take(aside, day))
            continue;
        if (!atomic_compare_exchange_strong(state, &expected, GL_DAY_TAKEN))
            break; /* here the other one is */
        if (!count_day(aside, day))
            atomic_store(state, GL_DAY_LEFT);
    }
    return NULL;
}

/* ---- and out of it ---- */

/* Sums that can be added: by one dimension or none, of a filter (without one
 * the sums of days are faster). */
static int
is_simple(const struct gl_execute_ *x)
{
    for (size_t i = 0; i < x->parts_n; i++) {
        const struct gl_part_ *part = &x->parts[i];

        if (part->plans.test == NULL)
            return 0;
        for (size_t at = 0; at < part->plans.n; at++)
            if (part->plans.plan[at].more ||
                (part->plans.plan[at].axes_n > 0 &&
                 !part->tallying.counts[at].is_dense))
                return 0;
    }
    return x->step == NULL;
}

static void
free_aside(struct gl_aside_ *aside)
{
    for (size_t i = 0; i < aside->n; i++)
        gl_tally_fini(&aside->tallying[i]);
    gl_account_reader_free(aside->reader);
    g_free(aside->tallying);
    g_free(aside->tokens);
    g_free(aside);
}

struct gl_aside_ *
gl_aside_start_(struct gl_execute_ *x, const struct gl_days_ *days)
{
    struct gl_aside_ *aside;
    uint32_t room = GL_DENSE_MAX;

    if (days->to - days->from < DAYS_MIN || !is_simple(x))
        return NULL;
    aside = g_new0(struct gl_aside_, 1);
    aside->run = x->run;
    aside->days = *days;
    aside->reader = gl_account_reader(x->run->reader);
    aside->source = (struct gl_source){
        .shelf = x->run->shelf,
        .question = x->number,
        .no_days = INT64_MIN,
        .build = {.reader = aside->reader,
                  .site = x->parts[0].questions[0]->site,
                  .late = days->late,
                  .stop = gl_execute_is_over_,
                  .arg = x->run},
    };
    aside->tokens = g_new0(uint64_t, (size_t) (days->to + 2 - days->from));
    aside->n = x->parts_n;
    aside->tallying = g_new0(struct gl_tallying, aside->n);
    for (size_t i = 0; i < aside->n; i++)
        gl_tally_init(&aside->tallying[i], &x->parts[i].plans, &room);
    if (pthread_create(&aside->thread, NULL, run, aside) == 0)
        return aside;
    free_aside(aside);
    return NULL;
}

void
gl_aside_end_(struct gl_aside_ *aside, struct gl_execute_ *x)
{
    if (aside == NULL)
        return;
    pthread_join(aside->thread, NULL);
    for (size_t i = 0; i < aside->n; i++)
        gl_tally_add(&x->parts[i].tallying, &aside->tallying[i]);
    free_aside(aside);
}
