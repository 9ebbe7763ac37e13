/*
 * Promise: sums of eight days that are kept as one, and a second thread that
 * counts some of many days, change no answer: whatever the range, whichever
 * days are sealed, and after any of them has changed, a question about weeks
 * and months is answered as one loop over what happened does.  One that is
 * cancelled, or whose time is over, is not answered in part.
 *
 * Guards: a day counted twice, or not at all; eight days of which one has
 * changed; visits over the midnight after the eighth day; days with imported
 * visitors; days that the range cuts, where a visitor has visits in it and out
 * of it.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../lib/seal_now.h"
#include "query/execute/execute.h"
#include "calls/query.h"
#include "query/sums/seal_sums.h"
#include "store/account/accounts.h"
#include "store/rows/visits.h"
#include "store/words/words.h"
#include "store_probe.h"

#define DAYS 120
#define PATHS 12
#define VISITS_MAX 6000
#define ROUNDS 60
#define MINUTE INT64_C(60000)

static struct gl_accounts *pool;
static struct gl_account *account;
static struct gl_shelf *shelf;
static uint32_t codes[PATHS];

/* ---- what happened ---- */

struct visit {
    uint64_t visitor;
    int64_t at_ms[3];
    int path[3], n;
};
static struct visit visits[VISITS_MAX];
static int visits_n, differ_n;

static void
check(int rc)
{
    if (rc < 0)
        tap_bail("%s", gl_account_why(account));
}

static void
insert(const struct visit *v)
{
    struct gl_store_event event[3];
    struct gl_visit visit = {.visitor = v->visitor,
                             .start_ms = v->at_ms[0],
                             .last_ms = v->at_ms[v->n - 1],
                             .seen_ms = v->at_ms[v->n - 1],
                             .pageviews = (uint32_t) v->n};

    for (int i = 0; i < v->n; i++) {
        event[i] = probe_event(v->at_ms[i], v->visitor);
        event[i].path = codes[v->path[i]];
    }
    visit.entry_path = event[0].path;
    visit.exit_path = event[v->n - 1].path;
    check(gl_account_next_id(account, &visit.id));
    check(gl_account_open_visit(account, &visit, &event[0]));
    for (int i = 0; i < v->n; i++)
        check(gl_account_insert(account, &event[i]));
    check(gl_account_close_visit(account, &visit));
}

/* Of a visitor of the day: one in five goes on after midnight. */
static void
begin_visitor(struct visit *v, int64_t day)
{
    v->visitor = (uint64_t) visits_n + 1;
    if (day % 25 == 3)
        v->visitor |= GL_VISITOR_IMPORTED;
    v->at_ms[0] = day * GL_DAY_MS + (int64_t) tap_below(1400) * MINUTE;
    if (tap_below(5) == 0)
        v->at_ms[0] = (day + 1) * GL_DAY_MS - MINUTE;
}

/* Of the visitor of the visit before, some hours later: 1, or 0 = that is
 * another day. */
static int
come_again(struct visit *v, int64_t day)
{
    const struct visit *before = v - 1;

    v->visitor = before->visitor;
    v->at_ms[0] = before->at_ms[before->n - 1] +
                  (int64_t) (31 + tap_below(400)) * MINUTE;
    return v->at_ms[0] < (day + 1) * GL_DAY_MS;
}

static void
add_visit(int64_t day, int again)
{
    struct visit *v = &visits[visits_n];
    int64_t at;

    if (!again || !come_again(v, day))
        begin_visitor(v, day);
    visits_n++;
    at = v->at_ms[0];
    v->n = 1 + (int) tap_below(3);
    for (int i = 0; i < v->n; i++) {
        v->at_ms[i] = at + i * MINUTE;
        v->path[i] = (int) tap_below(PATHS);
    }
    insert(v);
}

static void
add_visits(int64_t day, int n)
{
    check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
    for (int i = 0; i < n && visits_n < VISITS_MAX; i++)
        add_visit(day, i > 0 && tap_below(2));
    check(gl_file_commit(gl_account_file(account)));
}

static void
seal(void)
{
    struct gl_query_view view = {.shelf = gl_shelf_new(GL_SHELF_BYTES)};

    seal_sums = (struct gl_seal_sums){gl_seal_sums_add, &view};
    if (seal_now(account, PROBE_DAY + DAYS, GL_SEALED_PIECE_MAX) < 0)
        tap_bail("not sealed: %s", gl_account_why(account));
    gl_shelf_free(view.shelf);
}

/* ---- both answers ---- */

struct answer {
    uint64_t sums[PATHS][3]; /* visitors, visits, pageviews */
};

struct asked {
    int64_t from_ms, to_ms;
    enum gl_dimension by; /* pages, or those that visits were entered by */
};

static int
is_in(const struct asked *asked, int64_t at_ms)
{
    return at_ms >= asked->from_ms && at_ms < asked->to_ms;
}

/* KNOWN: 1 = the visitor was there in a visit before. */
static void
add_slowly(const struct asked *asked, const struct visit *v, uint8_t *known,
           struct answer *answer)
{
    uint8_t there[PATHS] = {0};

    for (int i = 0; i < v->n; i++) {
        int path = v->path[asked->by == GL_DIMENSION_PAGE ? i : 0];
        uint64_t *sums = answer->sums[path];

        if (!is_in(asked, v->at_ms[i]))
            continue;
        sums[0] += !known[path];
        sums[1] += is_in(asked, v->at_ms[0]) && !there[path];
        sums[2]++;
        known[path] = there[path] = 1;
    }
}

/* Visits of a visitor are one after the other. */
static struct answer
slow(const struct asked *asked)
{
    struct answer answer = {0};
    uint8_t known[PATHS];

    for (int v = 0; v < visits_n; v++) {
        if (v == 0 || visits[v].visitor != visits[v - 1].visitor)
            memset(known, 0, sizeof known);
        add_slowly(asked, &visits[v], known, &answer);
    }
    return answer;
}

/* All pass it: days are passed over. */
static struct gl_predicate *
new_filter(void)
{
    struct gl_predicate *filter = g_new0(struct gl_predicate, 1);
    struct gl_predicate *none = g_new0(struct gl_predicate, 1);

    none->op = GL_PREDICATE_NOT;
    none->children = g_ptr_array_new();
    g_ptr_array_add(none->children, filter);
    filter->op = GL_PREDICATE_IS;
    filter->by.what = GL_DIMENSION_COUNTRY;
    filter->values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(filter->values, g_strdup("ZZ"));
    return none;
}

static struct answer
fast(const struct asked *asked, uint32_t more)
{
    struct gl_account *reader = gl_account_reader(account);
    struct gl_execution run = {.reader = reader, .shelf = shelf};
    struct gl_question q = {.site = PROBE_SITE,
                            .from_ms = asked->from_ms,
                            .to_ms = MAX(asked->from_ms, asked->to_ms),
                            .metrics = 1u << GL_METRIC_VISITORS |
                                       1u << GL_METRIC_VISITS |
                                       1u << GL_METRIC_PAGEVIEWS | more,
                            .by = {{asked->by, NULL}},
                            .by_n = 1};
    const struct gl_question *questions[] = {&q};
    struct gl_counted *counted;
    struct answer answer = {0};

    q.filter = tap_below(2) ? new_filter() : NULL;
    check(gl_account_read(reader));
    if (gl_execute(&run, questions, 1, &counted) != GL_EXECUTED)
        tap_bail("%s", run.why);
    for (guint i = 0; i < counted->groups->len; i++) {
        const struct gl_group *group =
            &g_array_index(counted->groups, struct gl_group, i);
        const char *path = counted->values[0]->pdata[group->keys[0]];
        uint64_t *sums = answer.sums[atoi(path + 1)];

        sums[0] = group->sums[GL_SUM_VISITORS];
        sums[1] = group->sums[GL_SUM_VISITS];
        sums[2] = group->sums[GL_SUM_PAGEVIEWS];
    }
    gl_counted_free(counted);
    if (q.filter != NULL)
        gl_predicate_free(q.filter);
    gl_account_reader_free(reader);
    return answer;
}

static void
compare(void)
{
    int64_t a = (int64_t) tap_below(DAYS), b = (int64_t) tap_below(DAYS + 1);
    int64_t cut = tap_below(3) == 0 ? (int64_t) tap_below(24) * 60 : 0;
    struct asked asked = {(PROBE_DAY + MIN(a, b)) * GL_DAY_MS + cut * MINUTE,
                          (PROBE_DAY + MAX(a, b)) * GL_DAY_MS + cut * MINUTE,
                          tap_below(2) ? GL_DIMENSION_PAGE
                                       : GL_DIMENSION_ENTRY_PAGE};
    uint32_t more = tap_below(2) ? 1u << GL_METRIC_BOUNCE_RATE : 0;
    struct answer want = slow(&asked), got;

    got = fast(&asked, more);
    if (memcmp(&want, &got, sizeof want) != 0 && differ_n++ < 3)
        tap_diag("day %d to %d and %d minutes", (int) MIN(a, b),
                 (int) MAX(a, b), (int) cut);
}

/* Not answered: with that sentence. */
static void
test_stopped(struct gl_execution *run, enum gl_executed how, const char *why)
{
    struct gl_question q = {.site = PROBE_SITE,
                            .from_ms = PROBE_DAY * GL_DAY_MS,
                            .to_ms = (PROBE_DAY + DAYS) * GL_DAY_MS,
                            .metrics = 1u << GL_METRIC_VISITORS,
                            .filter = new_filter()};
    const struct gl_question *questions[] = {&q};
    struct gl_counted *counted;

    run->reader = gl_account_reader(account);
    run->shelf = shelf;
    check(gl_account_read(run->reader));
    tap_int(gl_execute(run, questions, 1, &counted), how, "%s", why);
    tap_str(run->why, why, "is said");
    gl_account_reader_free(run->reader);
    gl_predicate_free(q.filter);
}

static void
test_stops(void)
{
    atomic_int cancelled = 1;
    struct gl_execution run = {.cancelled = &cancelled};

    test_stopped(&run, GL_EXECUTE_CANCELLED, "the query was cancelled");
    run = (struct gl_execution){.deadline_us = 1};
    test_stopped(&run, GL_EXECUTE_LATE,
                 "the query took too long; ask for less");
}

int
main(void)
{
    const char *data = tap_dir();
    int asked_n = 0;

    pool = probe_pool(data, 0, &account);
    shelf = gl_shelf_new(GL_SHELF_BYTES);
    check(gl_file_begin(gl_account_file(account), GL_COMMIT_LATER));
    for (int i = 0; i < PATHS; i++) {
        char path[16];

        snprintf(path, sizeof path, "/%d", i);
        check(gl_account_word(account, GL_WORD_PATH, PROBE_SITE, PROBE_DAY,
                              probe_word(path), &codes[i]));
    }
    check(gl_file_commit(gl_account_file(account)));
    for (int64_t day = 0; day < DAYS; day++)
        add_visits(PROBE_DAY + day, 1 + (int) tap_below(20));
    for (int round = 0; round < ROUNDS; round++) {
        if (tap_below(4) != 0)
            seal();
        for (int i = 0; i < 12; i++, asked_n++)
            compare();
        add_visits(PROBE_DAY + (int64_t) tap_below(DAYS), 1);
        if (round == ROUNDS / 2)
            test_stops(); /* and what comes afterwards is right */
    }
    tap_int(differ_n, 0, "of %d answers differ", asked_n);
    gl_shelf_free(shelf);
    gl_accounts_free(pool);
    return tap_done();
}
