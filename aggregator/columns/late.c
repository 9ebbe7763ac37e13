/*
 * Days with late rows in runs, each folded as one by days/refold.c:
 *
 *   days     . L . . D D . . . . L .        L late visitors, D dirty
 *   runs       └─────┘ └─┘       └┘
 *
 * A visit is not longer than a day, so a run sees a day to both sides.  Where
 * one visitor goes on without a pause until the day before the next run, both
 * are one.
 */

#include "columns/late.h"

#include <string.h>

#include "gl_assert.h"
#include "store/rows/rows.h"
#include "store/rows/tallies.h"

/* Two runs have at least as many clean days between them. */
#define CLEAN_DAYS 2

/* A visitor with late rows, or (visitor 0) all of a day. */
struct mark {
    int64_t day;
    uint64_t visitor;
    int all;
};

struct reading {
    const struct gl_late_ask *ask;
    struct gl_late *late;
    GArray *marks;    /* struct mark, by day */
    GArray *visitors; /* uint64_t: of the run under way */
    size_t rows;
};

static int
take_dirty(void *arg, int64_t site, int64_t day)
{
    struct reading *reading = arg;
    struct mark mark = {day, 0, 1};

    (void) site;
    if (day <= reading->ask->to_day)
        g_array_append_val(reading->marks, mark);
    return 0;
}

static int
take_late(void *arg, int64_t site, int64_t day, uint64_t visitor)
{
    struct reading *reading = arg;
    struct mark mark = {day, visitor, 0};

    (void) site;
    if (day <= reading->ask->to_day)
        g_array_append_val(reading->marks, mark);
    return 0;
}

static int
compare_marks(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;

    return (a->day > b->day) - (a->day < b->day);
}

static const struct mark *
mark_at(const struct reading *reading, guint at)
{
    return &g_array_index(reading->marks, struct mark, at);
}

/* ---- one run ---- */

struct count {
    struct reading *reading;
    const struct gl_refold *job;
    size_t n;
};

static int
count_row(void *arg, const struct gl_row *row)
{
    struct count *count = arg;
    const struct gl_late_ask *ask = count->reading->ask;
    const struct gl_refold *job = count->job;

    count->n +=
        job->visitors == NULL ||
        bsearch(&row->visitor, job->visitors, job->visitors_n,
                sizeof row->visitor, gl_refold_compare_visitors) != NULL;
    if (count->reading->rows + count->n > GL_LATE_ROWS_MAX)
        return GL_LATE_MANY;
    return count->n % 4096 == 0 && ask->stop(ask->arg) ? GL_LATE_STOPPED : 0;
}

/* The marks FROM <= n < TO as a job; all visitors where a day is dirty. */
static struct gl_refold
make_job(struct reading *reading, guint from, guint to)
{
    int all = 0;
    struct gl_refold job = {.site = reading->ask->site,
                            .from_day = mark_at(reading, from)->day,
                            .to_day = mark_at(reading, to - 1)->day + 1,
                            .now_ms = INT64_MAX, /* visits come complete */
                            .rows_max = SIZE_MAX,
                            .parts = 1,
                            .rules = reading->ask->rules};

    GL_ASSERT(from < to && to <= reading->marks->len);
    g_array_set_size(reading->visitors, 0);
    for (guint i = from; i < to; i++) {
        all |= mark_at(reading, i)->all;
        g_array_append_val(reading->visitors, mark_at(reading, i)->visitor);
    }
    g_array_sort(reading->visitors, gl_refold_compare_visitors);
    if (!all) {
        job.visitors = (const uint64_t *) (void *) reading->visitors->data;
        job.visitors_n = reading->visitors->len;
    }
    return job;
}

/* The last day that a visitor of RESULT has rows on. */
static int64_t
last_day(const struct gl_refolded *result)
{
    int64_t day = INT64_MIN;

    for (guint i = 0; i < result->visitors->len; i++) {
        const struct gl_refold_visitor *visitor =
            &g_array_index(result->visitors, struct gl_refold_visitor, i);

        day = MAX(day, visitor->newest_ms / GL_DAY_MS);
    }
    return day;
}

/* All parts of JOB into RESULTS; *LAST: the last day they reach. */
static int
read_parts(struct reading *reading, struct gl_refold *job, GPtrArray *results,
           int64_t *last)
{
    const struct gl_late_ask *ask = reading->ask;
    struct count count = {reading, job, 0};
    int rc = gl_account_rows(ask->reader, job->site, job->from_day * GL_DAY_MS,
                             job->to_day * GL_DAY_MS, count_row, &count);

    *last = job->to_day - 1;
    job->parts = (uint32_t) (1 + count.n / GL_REFOLD_ROWS_MAX);
    for (job->part = 0; rc == 0 && job->part < job->parts; job->part++) {
        struct gl_refolded *result;

        rc = ask->stop(ask->arg) ? GL_LATE_STOPPED : 0;
        if (rc == 0)
            rc = gl_refold_read(ask->reader, job, &result);
        if (rc != 0)
            break;
        g_ptr_array_add(results, result);
        *last = MAX(*last, last_day(result));
    }
    reading->rows += count.n;
    return rc;
}

/* ---- what they say ---- */

static void
add_day(struct gl_late *late, int64_t at_ms)
{
    int64_t day = gl_day_of(at_ms);

    if (!g_hash_table_contains(late->days, &day))
        g_hash_table_add(late->days, g_memdup2(&day, sizeof day));
}

static void
take_result(struct gl_late *late, struct gl_refolded *result)
{
    g_ptr_array_add(late->results, result);
    for (guint i = 0; i < result->marks->len; i++) {
        struct gl_refold_mark *mark =
            &g_array_index(result->marks, struct gl_refold_mark, i);

        g_hash_table_insert(late->marks, &mark->id, mark);
        add_day(late, mark->at_ms);
    }
    for (guint i = 0; i < result->gone->len; i++) {
        struct gl_refold_gone *gone =
            &g_array_index(result->gone, struct gl_refold_gone, i);

        g_hash_table_add(late->gone, &gone->id);
        add_day(late, gone->start_ms);
    }
    for (guint i = 0; i < result->visits->len; i++) {
        struct gl_refold_visit *visit =
            &g_array_index(result->visits, struct gl_refold_visit, i);

        g_hash_table_insert(late->visits, &visit->visit.id, visit);
        add_day(late, visit->visit.start_ms);
    }
}

static guint
end_of_run(const struct reading *reading, guint at, int64_t last)
{
    while (at < reading->marks->len &&
           mark_at(reading, at)->day <= last + CLEAN_DAYS) {
        last = MAX(last, mark_at(reading, at)->day);
        at++;
    }
    return at;
}

/* The run that begins with the mark *AT, and how far it goes. */
static int
read_run(struct reading *reading, guint *at)
{
    guint from = *at, end;
    int64_t last = mark_at(reading, from)->day;
    GPtrArray *results =
        g_ptr_array_new_with_free_func((GDestroyNotify) gl_refolded_free);
    int rc;

    do {
        struct gl_refold job;

        *at = end_of_run(reading, from, last);
        job = make_job(reading, from, *at);
        g_ptr_array_set_size(results, 0);
        rc = read_parts(reading, &job, results, &last);
        end = end_of_run(reading, *at, last);
    } while (rc == 0 && end != *at);
    while (rc == 0 && results->len > 0)
        take_result(reading->late, g_ptr_array_steal_index(results, 0));
    g_ptr_array_free(results, TRUE);
    return rc;
}

static int
read_marks(struct reading *reading)
{
    const struct gl_late_ask *ask = reading->ask;
    int rc = gl_account_dirty(ask->reader, ask->site, take_dirty, reading);

    if (rc >= 0)
        rc = gl_account_late(ask->reader, ask->site, take_late, reading);
    g_array_sort(reading->marks, compare_marks);
    return rc;
}

static struct gl_late *
late_new(void)
{
    struct gl_late *late = g_new0(struct gl_late, 1);

    late->marks = g_hash_table_new(g_int64_hash, g_int64_equal);
    late->gone = g_hash_table_new(g_int64_hash, g_int64_equal);
    late->visits = g_hash_table_new(g_int64_hash, g_int64_equal);
    late->days =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    late->results =
        g_ptr_array_new_with_free_func((GDestroyNotify) gl_refolded_free);
    return late;
}

int
gl_late_read(const struct gl_late_ask *ask, struct gl_late **late)
{
    struct reading reading = {.ask = ask};
    int rc;

    reading.marks = g_array_new(FALSE, FALSE, sizeof(struct mark));
    reading.visitors = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    rc = read_marks(&reading);
    if (rc == 0 && reading.marks->len > 0)
        reading.late = late_new();
    for (guint at = 0; rc == 0 && at < reading.marks->len;)
        rc = read_run(&reading, &at);
    g_array_free(reading.marks, TRUE);
    g_array_free(reading.visitors, TRUE);
    if (rc != 0)
        gl_late_free(reading.late);
    else
        *late = reading.late;
    return rc;
}

void
gl_late_free(struct gl_late *late)
{
    if (late == NULL)
        return;
    g_hash_table_destroy(late->marks);
    g_hash_table_destroy(late->gone);
    g_hash_table_destroy(late->visits);
    g_hash_table_destroy(late->days);
    g_ptr_array_free(late->results, TRUE);
    g_free(late);
}

/* A set holds events of the day after. */
int
gl_late_changes(const struct gl_late *late, int64_t day)
{
    int64_t after = day + 1;

    return late != NULL && (g_hash_table_contains(late->days, &day) ||
                            g_hash_table_contains(late->days, &after));
}

void
gl_late_row(const struct gl_late *late, struct gl_row *row)
{
    const struct gl_refold_mark *mark =
        late == NULL ? NULL : g_hash_table_lookup(late->marks, &row->id);

    if (mark == NULL)
        return;
    row->mark = mark->mark;
    if (mark->visitor != 0)
        row->visitor = mark->visitor;
}
