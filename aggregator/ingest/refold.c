/*
 * Dirty days: the visits of some UTC days of a site made again from their
 * rows.
 *
 *            day before       dirty days [from, to)       day after
 *   ─────────┬────────────────┬───────────────────────────┬──────────────
 *   visitor    ├─visit────────┼──┤   ├──┤  ├──┤    ├──────┼──┤
 *              └ folded from here                           └ to here
 *
 * All visitors with a row in the dirty days are folded.  One that has visits
 * on the day before is folded from the first of them on; one whose rows go on
 * over the end is folded a day further, and so on, until there is a gap: on
 * both sides a visit's border is certain.  What was stored of these visitors
 * in these spans is deleted and the new visits are put, in one transaction
 * with the clearing of the mark; so each step can be done again.
 *
 * Memory: GL_REFOLD_ROWS_MAX rows of 72 bytes.  More than that in a day is
 * folded in parts, by a hash of the visitor.
 *
 * Ingest thread.
 */

#include "ingest/refold.h"

#include <stdlib.h>
#include <string.h>

struct span {
    uint64_t visitor;
    int server;
    int64_t start_ms; /* of the first visit stored on the day before */
};

struct alias {
    uint64_t visitor, alias;
    int server;
};

struct fold {
    struct gl_account *account;
    const struct gl_refold *job;
    uint32_t part;
    GArray *rows;       /* struct gl_row; visitor_before holds the old mark */
    GArray *visitors;   /* uint64_t, sorted: of the rows in the dirty days */
    GArray *spans;      /* struct span, sorted */
    GArray *aliases;    /* struct alias of open visits, sorted */
    GArray *subset;     /* uint64_t, sorted: those of the current span */
    GHashTable *newest; /* visitor -> time of its newest row so far */
    struct gl_visit last; /* put when it is known whether one follows */
    int error;
};

static int
compare_visitors(const void *left, const void *right)
{
    const uint64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static int
compare_spans(const void *left, const void *right)
{
    const struct span *a = left, *b = right;

    if (a->visitor != b->visitor)
        return a->visitor < b->visitor ? -1 : 1;
    return (a->server > b->server) - (a->server < b->server);
}

static int
compare_aliases(const void *left, const void *right)
{
    const struct alias *a = left, *b = right;

    if (a->visitor != b->visitor)
        return a->visitor < b->visitor ? -1 : 1;
    return (a->server > b->server) - (a->server < b->server);
}

static int
has(const GArray *visitors, uint64_t visitor)
{
    return bsearch(&visitor, visitors->data, visitors->len, sizeof visitor,
                   compare_visitors) != NULL;
}

static int
in_part(const struct fold *fold, uint64_t visitor)
{
    uint64_t mixed = visitor * UINT64_C(0x9e3779b97f4a7c15) >> 40;

    return mixed % fold->job->parts == fold->part;
}

static void
keep(struct fold *fold, const struct gl_row *row)
{
    struct gl_row copy = *row;

    copy.visitor_before = row->mark;
    g_array_append_val(fold->rows, copy);
}

/* ---- rows of the dirty days ---- */

static int
take_row(void *arg, const struct gl_row *row)
{
    struct fold *fold = arg;

    if (!in_part(fold, row->visitor))
        return 0;
    if (fold->rows->len >= fold->job->rows_max &&
        fold->job->parts < GL_REFOLD_PARTS_MAX)
        return GL_REFOLD_FULL;
    keep(fold, row);
    return 0;
}

/* Sorted, each once, of the rows from FIRST on. */
static void
list_visitors(const GArray *rows, guint first, GArray *visitors)
{
    guint n = 0;
    uint64_t *data;

    g_array_set_size(visitors, 0);
    for (guint i = first; i < rows->len; i++)
        g_array_append_val(visitors,
                           g_array_index(rows, struct gl_row, i).visitor);
    g_array_sort(visitors, compare_visitors);
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
    struct fold *fold = arg;
    struct span span = {visit->visitor, visit->server, visit->start_ms};

    (void) open;
    if (has(fold->visitors, visit->visitor))
        g_array_append_val(fold->spans, span);
    return 0;
}

static const struct span *
span_of(const struct fold *fold, const struct gl_row *row)
{
    struct span key = {row->visitor, row->server, 0};

    return bsearch(&key, fold->spans->data, fold->spans->len, sizeof key,
                   compare_spans);
}

static int
take_row_before(void *arg, const struct gl_row *row)
{
    struct fold *fold = arg;
    const struct span *span = span_of(fold, row);

    if (span != NULL && row->at_ms >= span->start_ms)
        keep(fold, row);
    return 0;
}

/* One span a visitor: the earliest. */
static void
unite_spans(GArray *spans)
{
    struct span *data = (struct span *) (void *) spans->data;
    guint n = 0;

    g_array_sort(spans, compare_spans);
    for (guint i = 0; i < spans->len; i++)
        if (n > 0 && compare_spans(&data[n - 1], &data[i]) == 0)
            data[n - 1].start_ms = MIN(data[n - 1].start_ms, data[i].start_ms);
        else
            data[n++] = data[i];
    g_array_set_size(spans, n);
}

static int
reach_back(struct fold *fold)
{
    const struct gl_refold *job = fold->job;
    int64_t from_ms = job->from_day * GL_DAY_MS;
    int64_t back_ms = from_ms - GL_VISIT_LONGEST_MS;
    guint first = fold->rows->len;
    int error = gl_account_visits(fold->account, job->site, back_ms, from_ms,
                                  take_span, fold);

    if (error < 0 || fold->spans->len == 0)
        return error;
    unite_spans(fold->spans);
    error = gl_account_rows(fold->account, job->site, back_ms, from_ms,
                            take_row_before, fold);
    if (error < 0)
        return error;
    list_visitors(fold->rows, first, fold->subset);
    return gl_account_delete_visits(
        fold->account, job->site, back_ms, from_ms,
        (const uint64_t *) (void *) fold->subset->data, fold->subset->len);
}

/* ---- the days after ---- */

static void
note_newest(struct fold *fold, int64_t since_ms)
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
take_row_after(void *arg, const struct gl_row *row)
{
    struct fold *fold = arg;

    if (g_hash_table_contains(fold->newest, &row->visitor))
        keep(fold, row);
    return 0;
}

/* Of the rows from FIRST on, those of visitors that come back so soon that
 * the border between the days is none for them. */
static void
drop_others(struct fold *fold, guint first)
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
    g_array_sort(fold->subset, compare_visitors);
    for (guint i = first; i < fold->rows->len; i++)
        if (has(fold->subset, rows[i].visitor))
            rows[n++] = rows[i];
    g_array_set_size(fold->rows, n);
}

/* One day further, from END_MS on: 1 = some visitors went on, 0 = none. */
static int
reach_day(struct fold *fold, int64_t end_ms)
{
    const struct gl_refold *job = fold->job;
    guint first = fold->rows->len;
    int error;

    note_newest(fold, end_ms - GL_VISIT_KEPT_MS);
    if (g_hash_table_size(fold->newest) == 0)
        return 0;
    error = gl_account_rows(fold->account, job->site, end_ms,
                            end_ms + GL_DAY_MS, take_row_after, fold);
    if (error < 0)
        return error;
    drop_others(fold, first);
    if (fold->subset->len == 0)
        return 0;
    error = gl_account_delete_visits(
        fold->account, job->site, end_ms, end_ms + GL_DAY_MS,
        (const uint64_t *) (void *) fold->subset->data, fold->subset->len);
    return error < 0 ? error : 1;
}

static int
reach_on(struct fold *fold)
{
    int64_t end_ms = fold->job->to_day * GL_DAY_MS;
    int result;

    while ((result = reach_day(fold, end_ms)) == 1)
        end_ms += GL_DAY_MS;
    return result;
}

/* ---- visits ---- */

static int
take_alias(void *arg, const struct gl_visit *visit)
{
    struct fold *fold = arg;
    struct alias alias = {visit->visitor, visit->alias, visit->server};

    if (visit->alias != 0)
        g_array_append_val(fold->aliases, alias);
    return 0;
}

/* Whether VISIT, which no other of its visitor follows, may still grow: the
 * live fold will find it by its visitor.  Imported ones never do. */
static int
stays_open(const struct fold *fold, const struct gl_visit *visit)
{
    return !(visit->visitor & GL_VISITOR_IMPORTED) &&
           visit->seen_ms >= fold->job->now_ms - GL_VISIT_KEPT_MS;
}

static void
put_last(struct fold *fold, int followed)
{
    struct gl_visit *visit = &fold->last;
    struct alias key = {visit->visitor, 0, visit->server};
    const struct alias *alias;
    int open = !followed && stays_open(fold, visit);

    if (visit->id == 0 || fold->error < 0)
        return;
    alias = bsearch(&key, fold->aliases->data, fold->aliases->len, sizeof key,
                    compare_aliases);
    if (open && alias != NULL)
        visit->alias = alias->alias;
    fold->error =
        gl_account_put_visit(fold->account, fold->job->site, visit, open);
}

static void
take_visit(void *arg, const struct gl_visit *visit, size_t first, size_t last)
{
    struct fold *fold = arg;

    (void) first;
    (void) last;
    put_last(fold, fold->last.visitor == visit->visitor &&
                       fold->last.server == visit->server);
    fold->last = *visit;
}

static int
put_marks(struct fold *fold)
{
    int error = 0;

    for (guint i = 0; i < fold->rows->len && error >= 0; i++) {
        const struct gl_row *row =
            &g_array_index(fold->rows, struct gl_row, i);

        if (row->mark != row->visitor_before)
            error = gl_account_set_mark(fold->account, row->id, row->mark);
    }
    return error;
}

static int
put_all(struct fold *fold)
{
    struct gl_row *rows = (struct gl_row *) (void *) fold->rows->data;

    gl_fold_sort(rows, fold->rows->len, &fold->job->words);
    for (guint i = 0; i < fold->rows->len; i++)
        rows[i].mark = GL_MARK_NONE;
    gl_fold(rows, fold->rows->len, &fold->job->rules, take_visit, fold);
    put_last(fold, 0);
    return fold->error < 0 ? fold->error : put_marks(fold);
}

/* ---- a step ---- */

static int
fold_part(struct fold *fold)
{
    const struct gl_refold *job = fold->job;
    int64_t from_ms = job->from_day * GL_DAY_MS;
    int64_t to_ms = job->to_day * GL_DAY_MS;
    int result = gl_account_rows(fold->account, job->site, from_ms, to_ms,
                                 take_row, fold);

    if (result != 0)
        return result;
    list_visitors(fold->rows, 0, fold->visitors);
    if ((result = gl_account_open_visits(fold->account, job->site, take_alias,
                                         fold)) < 0 ||
        (result = gl_account_delete_visits(
             fold->account, job->site, from_ms, to_ms,
             (const uint64_t *) (void *) fold->visitors->data,
             fold->visitors->len)) < 0 ||
        (result = reach_back(fold)) < 0 || (result = reach_on(fold)) < 0)
        return result;
    g_array_sort(fold->aliases, compare_aliases);
    return put_all(fold);
}

int
gl_refold_part(struct gl_account *account, const struct gl_refold *job,
               uint32_t part, size_t *rows)
{
    struct fold fold = {.account = account, .job = job, .part = part};
    int result;

    fold.rows = g_array_new(FALSE, FALSE, sizeof(struct gl_row));
    fold.visitors = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.subset = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.spans = g_array_new(FALSE, FALSE, sizeof(struct span));
    fold.aliases = g_array_new(FALSE, FALSE, sizeof(struct alias));
    fold.newest =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    result = fold_part(&fold);
    *rows = fold.rows->len;
    g_array_free(fold.rows, TRUE);
    g_array_free(fold.visitors, TRUE);
    g_array_free(fold.subset, TRUE);
    g_array_free(fold.spans, TRUE);
    g_array_free(fold.aliases, TRUE);
    g_hash_table_destroy(fold.newest);
    return result;
}
