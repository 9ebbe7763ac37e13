/*
 * Visits of some UTC days made again from their rows: of all visitors of dirty
 * days, or of those visitors alone that have late rows.
 *
 *            day before       the days [from, to)         day after
 *   ─────────┬────────────────┬───────────────────────────┬──────────────
 *   visitor    ├─visit────────┼──┤   ├──┤  ├──┤    ├──────┼──┤
 *              └ folded from here                           └ to here
 *
 * Each visitor with a row in the days is folded.  One that has visits on the
 * day before is folded from the first of them on; one whose rows go on over
 * the end is folded a day further, and so on, until there is a gap: on both
 * sides a visit's border is certain.  What comes out is compared with what is
 * stored; the differences are all that is written (refold_write.c).
 *
 * Memory: GL_REFOLD_ROWS_MAX rows and as many visits.  More than that in a day
 * is folded in parts, by a hash of the visitor.
 *
 * Any one thread, with a connection of its own.
 */

#include "days/refold.h"

#include "count/fold.h"
#include "days/refold_internal.h"
#include "store/rows/midnight.h"
#include "store/rows/rows.h"
#include "store/words/words.h"

#include <stdlib.h>

#define STOPPED 1
#define FULL 2 /* what a scan returns: more rows than rows_max */

/* VISITOR is a first id. */
static int
is_wanted(const struct gl_refold_fold *fold, uint64_t visitor)
{
    uint64_t mixed = visitor * UINT64_C(0x9e3779b97f4a7c15) >> 40;
    const struct gl_refold *job = fold->job;

    return mixed % job->parts == job->part &&
           (job->visitors == NULL ||
            gl_refold_has_((const uint64_t *) (void *) fold->wanted->data,
                           fold->wanted->len, visitor));
}

static int
take_row(void *arg, const struct gl_row *stored)
{
    struct gl_refold_fold *fold = arg;
    const struct gl_refold *job = fold->job;
    struct gl_row row = gl_refold_row_(fold, stored);

    if (is_wanted(fold, row.visitor)) {
        if (fold->rows->len >= job->rows_max && job->parts == 1)
            return FULL;
        g_array_append_val(fold->rows, row);
    }
    return atomic_load(&job->stop) ? STOPPED : 0;
}

/* Visitor by visitor, as rows are sorted. */
static int
compare_stored(const void *left, const void *right)
{
    const struct gl_refold_visit *a = left, *b = right;

    if (a->whose != b->whose)
        return a->whose < b->whose ? -1 : 1;
    if (a->visit.server != b->visit.server)
        return a->visit.server < b->visit.server ? -1 : 1;
    return (a->visit.id > b->visit.id) - (a->visit.id < b->visit.id);
}

/* They begin with it. */
static int
compare_first_ids(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static void
fold_rows(struct gl_refold_fold *fold)
{
    struct gl_row *rows = (struct gl_row *) (void *) fold->rows->data;
    guint n = fold->rows->len;
    struct gl_words words;

    gl_account_words(fold->reader, &words);
    gl_fold_sort(rows, n, &words);
    g_array_sort(fold->stored, compare_stored);
    for (guint first = 0, end; first < n; first = end) {
        for (end = first + 1; end < n &&
                              rows[end].visitor == rows[first].visitor &&
                              rows[end].server == rows[first].server;)
            end++;
        gl_refold_visitor_(fold, &rows[first], end - first);
    }
    /* one way through the file's pages */
    g_array_sort(fold->result->visitors, compare_first_ids);
}

/* Who has several ids, and the first ones of the visitors that are late. */
static int
read_ids(struct gl_refold_fold *fold)
{
    int error = gl_refold_read_links_(fold);

    for (size_t i = 0; i < fold->job->visitors_n; i++) {
        uint64_t first = gl_refold_first_id_(fold, fold->job->visitors[i]);

        g_array_append_val(fold->wanted, first);
    }
    g_array_sort(fold->wanted, gl_refold_compare_visitors);
    return error;
}

static int
fold_part(struct gl_refold_fold *fold)
{
    struct gl_refold *job = fold->job;
    int64_t from_ms = job->from_day * GL_DAY_MS;
    int64_t to_ms = job->to_day * GL_DAY_MS;
    int result = read_ids(fold);

    if (result >= 0)
        result = gl_account_rows(fold->reader, job->site, from_ms, to_ms,
                                 take_row, fold);
    if (result != 0)
        return result;
    gl_refold_visitors_(fold->rows, 0, fold->visitors);
    if (fold->visitors->len == 0)
        return 0;
    if ((result = gl_refold_stored_(fold, fold->visitors, from_ms, to_ms)) !=
            0 ||
        (result = gl_refold_reach_back_(fold)) != 0 ||
        (result = gl_refold_reach_on_(fold)) != 0)
        return result;
    fold_rows(fold);
    return 0;
}

static struct gl_refolded *
result_new(void)
{
    struct gl_refolded *result = g_new0(struct gl_refolded, 1);

    result->visitors =
        g_array_new(FALSE, FALSE, sizeof(struct gl_refold_visitor));
    result->ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    result->gone = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_gone));
    result->visits = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_visit));
    result->marks = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_mark));
    result->open = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_open));
    return result;
}

void
gl_refolded_free(struct gl_refolded *result)
{
    if (result == NULL)
        return;
    g_array_free(result->visitors, TRUE);
    g_array_free(result->ids, TRUE);
    g_array_free(result->gone, TRUE);
    g_array_free(result->visits, TRUE);
    g_array_free(result->marks, TRUE);
    g_array_free(result->open, TRUE);
    g_free(result);
}

static int
run_part(struct gl_account *reader, struct gl_refold *job,
         struct gl_refolded *out)
{
    struct gl_refold_fold fold = {.reader = reader, .job = job, .result = out};
    int result;

    fold.rows = g_array_new(FALSE, FALSE, sizeof(struct gl_row));
    fold.visitors = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.subset = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.spans = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_span));
    fold.stored = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_visit));
    fold.made = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_visit));
    fold.links = g_array_new(FALSE, FALSE, sizeof(struct gl_link));
    fold.links_on = g_array_new(FALSE, FALSE, sizeof(struct gl_link));
    fold.wanted = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.newest =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    result = fold_part(&fold);
    job->rows += fold.rows->len;
    g_array_free(fold.rows, TRUE);
    g_array_free(fold.visitors, TRUE);
    g_array_free(fold.subset, TRUE);
    g_array_free(fold.spans, TRUE);
    g_array_free(fold.stored, TRUE);
    g_array_free(fold.made, TRUE);
    g_array_free(fold.links, TRUE);
    g_array_free(fold.links_on, TRUE);
    g_array_free(fold.wanted, TRUE);
    g_hash_table_destroy(fold.newest);
    return result;
}

/* One day of more rows than fit: its visitors in parts that should fit.  One
 * visitor alone may have more than that; it is taken as it comes. */
struct count {
    const struct gl_refold *job;
    size_t n;
};

static int
count_row(void *arg, const struct gl_row *row)
{
    struct count *count = arg;

    count->n += count->job->visitors == NULL ||
                gl_refold_has_(count->job->visitors, count->job->visitors_n,
                               row->visitor);
    return atomic_load(&count->job->stop) ? STOPPED : 0;
}

static int
divide(struct gl_account *reader, struct gl_refold *job)
{
    struct count count = {job, 0};
    int result = gl_account_rows(reader, job->site, job->from_day * GL_DAY_MS,
                                 job->to_day * GL_DAY_MS, count_row, &count);

    job->parts = (uint32_t) (2 * count.n / job->rows_max + 2);
    return result;
}

int
gl_refold_read(struct gl_account *reader, struct gl_refold *job,
               struct gl_refolded **out)
{
    struct gl_refolded *made = result_new();
    int result;

    while ((result = run_part(reader, job, made)) == FULL &&
           job->to_day - job->from_day > 1)
        job->to_day -= (job->to_day - job->from_day) / 2;
    if (result == FULL && (result = divide(reader, job)) == 0)
        result = run_part(reader, job, made);
    if (result == 0) {
        *out = made;
        return 0;
    }
    gl_refolded_free(made);
    return result;
}
