/*
 * The days around those that are folded: which rows a refold takes in beside
 * them. See the drawing in refold.c.
 *
 * Any one thread.
 */

#include "count/count.h"
#include "days/refold_internal.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"

#include <stdlib.h>
#include <string.h>

int
gl_refold_compare_visitors(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static int
compare_spans(const void *left, const void *right)
{
    const struct gl_refold_span *a = left, *b = right;

    if (a->visitor != b->visitor)
        return a->visitor < b->visitor ? -1 : 1;
    return (a->server > b->server) - (a->server < b->server);
}

int
gl_refold_has_(const uint64_t *list, size_t n, uint64_t visitor)
{
    return n > 0 && bsearch(&visitor, list, n, sizeof visitor,
                            gl_refold_compare_visitors) != NULL;
}

static int
has(const GArray *visitors, uint64_t visitor)
{
    return gl_refold_has_((const uint64_t *) (void *) visitors->data,
                          visitors->len, visitor);
}

struct stored {
    struct gl_refold_fold *fold;
    const GArray *list;
};

static int
take_stored(void *arg, const struct gl_visit *visit, int open)
{
    struct stored *stored = arg;
    struct gl_refold_visit one = {
        .visit = *visit,
        .whose = gl_refold_first_id_(stored->fold, visit->visitor),
        .open = open};

    if (has(stored->list, one.whose))
        g_array_append_val(stored->fold->stored, one);
    return atomic_load(&stored->fold->job->stop);
}

int
gl_refold_stored_(struct gl_refold_fold *fold, const GArray *list,
                  int64_t from_ms, int64_t to_ms)
{
    struct stored stored = {fold, list};

    return gl_account_visits(fold->reader, fold->job->site, from_ms, to_ms, 0,
                             take_stored, &stored);
}

void
gl_refold_visitors_(const GArray *rows, guint first, GArray *visitors)
{
    guint n = 0;
    uint64_t *data;

    g_array_set_size(visitors, 0);
    for (guint i = first; i < rows->len; i++)
        g_array_append_val(visitors,
                           g_array_index(rows, struct gl_row, i).visitor);
    g_array_sort(visitors, gl_refold_compare_visitors);
    data = (uint64_t *) (void *) visitors->data;
    for (guint i = 0; i < visitors->len; i++)
        if (n == 0 || data[n - 1] != data[i])
            data[n++] = data[i];
    g_array_set_size(visitors, n);
}

/* ---- the day before ---- */

static int
take_span(void *arg, const struct gl_visit *visit, int open)
{
    struct gl_refold_fold *fold = arg;
    struct gl_refold_span span = {gl_refold_first_id_(fold, visit->visitor),
                                  visit->server, visit->start_ms};

    (void) open;
    if (has(fold->visitors, span.visitor))
        g_array_append_val(fold->spans, span);
    return 0;
}

static const struct gl_refold_span *
span_of(const struct gl_refold_fold *fold, const struct gl_row *row)
{
    struct gl_refold_span key = {row->visitor, row->server, 0};

    return bsearch(&key, fold->spans->data, fold->spans->len, sizeof key,
                   compare_spans);
}

static int
take_row_before(void *arg, const struct gl_row *stored)
{
    struct gl_refold_fold *fold = arg;
    struct gl_row row = gl_refold_row_(fold, stored);
    const struct gl_refold_span *span = span_of(fold, &row);

    if (span != NULL && row.at_ms >= span->start_ms)
        g_array_append_val(fold->rows, row);
    return atomic_load(&fold->job->stop);
}

/* One span a visitor: the earliest. */
static void
unite_spans(GArray *spans)
{
    struct gl_refold_span *data =
        (struct gl_refold_span *) (void *) spans->data;
    guint n = 0;

    g_array_sort(spans, compare_spans);
    for (guint i = 0; i < spans->len; i++)
        if (n > 0 && compare_spans(&data[n - 1], &data[i]) == 0)
            data[n - 1].start_ms = MIN(data[n - 1].start_ms, data[i].start_ms);
        else
            data[n++] = data[i];
    g_array_set_size(spans, n);
}

int
gl_refold_reach_back_(struct gl_refold_fold *fold)
{
    const struct gl_refold *job = fold->job;
    int64_t from_ms = job->from_day * GL_DAY_MS;
    int64_t back_ms = from_ms - GL_VISIT_LONGEST_MS;
    guint first = fold->rows->len;
    int error = gl_account_visits(fold->reader, job->site, back_ms, from_ms, 0,
                                  take_span, fold);

    if (error != 0 || fold->spans->len == 0)
        return error;
    unite_spans(fold->spans);
    error = gl_account_rows(fold->reader, job->site, back_ms, from_ms,
                            take_row_before, fold);
    if (error != 0)
        return error;
    gl_refold_visitors_(fold->rows, first, fold->subset);
    return gl_refold_stored_(fold, fold->subset, back_ms, from_ms);
}

/* ---- the days after ---- */

static void
note_newest(struct gl_refold_fold *fold, int64_t since_ms)
{
    g_hash_table_remove_all(fold->newest);
    for (guint i = 0; i < fold->rows->len; i++) {
        struct gl_row *row = &g_array_index(fold->rows, struct gl_row, i);
        int64_t *newest;

        if (row->at_ms < since_ms)
            continue;
        newest = g_hash_table_lookup(fold->newest, &row->visitor);
        if (newest == NULL) {
            uint64_t *pair = g_new(uint64_t, 2);

            pair[0] = row->visitor;
            memcpy(&pair[1], &row->at_ms, sizeof row->at_ms);
            g_hash_table_insert(fold->newest, pair, &pair[1]);
        } else if (row->at_ms > *newest) {
            *newest = row->at_ms;
        }
    }
}

static int
take_row_after(void *arg, const struct gl_row *stored)
{
    struct gl_refold_fold *fold = arg;
    struct gl_row row = gl_refold_row_(fold, stored);

    if (g_hash_table_contains(fold->newest, &row.visitor))
        g_array_append_val(fold->rows, row);
    return atomic_load(&fold->job->stop);
}

/* Of the rows from FIRST on, those of visitors that come back so soon that
 * the border between the days is none for them. */
static void
drop_others(struct gl_refold_fold *fold, guint first)
{
    struct gl_row *rows = (struct gl_row *) (void *) fold->rows->data;
    guint n = first;

    g_array_set_size(fold->subset, 0);
    for (guint i = first; i < fold->rows->len; i++) {
        const int64_t *newest =
            g_hash_table_lookup(fold->newest, &rows[i].visitor);

        if (rows[i].at_ms <= *newest + GL_VISIT_KEPT_MS)
            g_array_append_val(fold->subset, rows[i].visitor);
    }
    g_array_sort(fold->subset, gl_refold_compare_visitors);
    for (guint i = first; i < fold->rows->len; i++)
        if (has(fold->subset, rows[i].visitor))
            rows[n++] = rows[i];
    g_array_set_size(fold->rows, n);
}

/* One day further, from END_MS on: *ON = some visitors went on. */
static int
reach_day(struct gl_refold_fold *fold, int64_t end_ms, int *on)
{
    guint first = fold->rows->len;
    int error;

    *on = 0;
    note_newest(fold, end_ms - GL_VISIT_KEPT_MS);
    if (g_hash_table_size(fold->newest) == 0)
        return 0;
    error = gl_account_rows(fold->reader, fold->job->site, end_ms,
                            end_ms + GL_DAY_MS, take_row_after, fold);
    if (error != 0)
        return error;
    drop_others(fold, first);
    if (fold->subset->len == 0)
        return 0;
    *on = 1;
    return gl_refold_stored_(fold, fold->subset, end_ms, end_ms + GL_DAY_MS);
}

int
gl_refold_reach_on_(struct gl_refold_fold *fold)
{
    int64_t end_ms = fold->job->to_day * GL_DAY_MS;
    int result, on;

    do {
        result = reach_day(fold, end_ms, &on);
        end_ms += GL_DAY_MS;
    } while (result == 0 && on);
    return result;
}
