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
 * Memory: GL_REFOLD_ROWS_MAX rows and as many visits.  More than that in a day
 * is folded in parts, by a hash of the visitor.
 *
 * Ingest thread.
 */

#include "ingest/refold_internal.h"

#include <stdlib.h>

#define FULL 1 /* what a scan returns: more rows than rows_max */

/* Both are written in order of rowid: one way through the file's pages. */
struct put {
    struct gl_visit visit;
    int open;
};

struct change {
    int64_t id;
    uint64_t visitor;
    enum gl_mark mark;
    int marked; /* another mark than is stored */
    int ids;    /* its visitor has several ids */
};

static int
in_part(const struct gl_refold_fold *fold, uint64_t visitor)
{
    uint64_t mixed = visitor * UINT64_C(0x9e3779b97f4a7c15) >> 40;

    return mixed % fold->parts == fold->part;
}

struct gl_row
gl_refold_row_(const struct gl_refold_fold *fold, const struct gl_row *stored)
{
    struct gl_row row = *stored;

    row.visitor = gl_refold_first_id_(fold, stored->visitor);
    row.visitor_before = stored->mark;
    return row;
}

static int
take_row(void *arg, const struct gl_row *stored)
{
    struct gl_refold_fold *fold = arg;
    struct gl_row row = gl_refold_row_(fold, stored);

    if (!in_part(fold, row.visitor))
        return 0;
    if (fold->rows->len >= fold->job->rows_max && fold->parts == 1)
        return FULL;
    g_array_append_val(fold->rows, row);
    return 0;
}

/* ---- visits ---- */

/* Whether VISIT, which no other of its visitor follows, may still grow: the
 * live fold will find it by its visitor.  Imported ones never do. */
static int
stays_open(const struct gl_refold_fold *fold, const struct gl_visit *visit)
{
    return !(visit->visitor & GL_VISITOR_IMPORTED) &&
           visit->seen_ms >= fold->job->now_ms - GL_VISIT_KEPT_MS;
}

/* A visit, and its rows, bear the id of when it began. */
static void
note_last(struct gl_refold_fold *fold, int followed)
{
    const struct gl_visit *last = &fold->last;
    struct put put = {*last, !followed && stays_open(fold, last)};
    uint64_t since;

    if (last->id == 0)
        return;
    since = gl_refold_id_at_(fold, last->visitor, last->seen_ms);
    put.visit.visitor = gl_refold_id_at_(fold, last->visitor, last->start_ms);
    if (put.open && since != put.visit.visitor)
        put.visit.alias = since;
    g_array_append_val(fold->visits, put);
}

static void
take_visit(void *arg, const struct gl_visit *visit, size_t first, size_t last)
{
    struct gl_refold_fold *fold = arg;
    struct gl_row *rows = (struct gl_row *) (void *) fold->rows->data;

    for (size_t i = first; i <= last; i++)
        rows[i].visitor =
            gl_refold_id_at_(fold, visit->visitor, visit->start_ms);
    note_last(fold, fold->last.visitor == visit->visitor &&
                        fold->last.server == visit->server);
    fold->last = *visit;
}

/* Both kinds begin with their rowid. */
static int
compare_ids(const void *left, const void *right)
{
    const int64_t *a = left, *b = right;

    return (*a > *b) - (*a < *b);
}

static int
put_visits(struct gl_refold_fold *fold)
{
    int error = 0;

    g_array_sort(fold->visits, compare_ids);
    for (guint i = 0; i < fold->visits->len && error >= 0; i++) {
        const struct put *put = &g_array_index(fold->visits, struct put, i);

        error = gl_account_put_visit(fold->account, fold->job->site,
                                     &put->visit, put->open);
    }
    return error;
}

static int
put_change(struct gl_refold_fold *fold, const struct change *change)
{
    int error = 0;

    if (change->marked)
        error = gl_account_set_mark(fold->account, change->id, change->mark);
    if (error >= 0 && change->ids)
        error =
            gl_account_set_visitor(fold->account, change->id, change->visitor);
    return error;
}

static int
put_changes(struct gl_refold_fold *fold)
{
    int error = 0;

    for (guint i = 0; i < fold->rows->len; i++) {
        const struct gl_row *row =
            &g_array_index(fold->rows, struct gl_row, i);
        struct change change = {row->id, row->visitor, row->mark,
                                row->mark != row->visitor_before,
                                gl_refold_has_ids_(fold, row->visitor)};

        if (row->mark == GL_MARK_NO_VISIT)
            change.visitor = gl_refold_id_at_(fold, row->visitor, row->at_ms);
        if (change.marked || change.ids)
            g_array_append_val(fold->changes, change);
    }
    g_array_sort(fold->changes, compare_ids);
    for (guint i = 0; i < fold->changes->len && error >= 0; i++)
        error =
            put_change(fold, &g_array_index(fold->changes, struct change, i));
    return error;
}

static int
put_all(struct gl_refold_fold *fold)
{
    struct gl_row *rows = (struct gl_row *) (void *) fold->rows->data;
    int error;

    gl_fold_sort(rows, fold->rows->len, &fold->job->words);
    for (guint i = 0; i < fold->rows->len; i++)
        rows[i].mark = GL_MARK_NONE;
    gl_fold(rows, fold->rows->len, &fold->job->rules, take_visit, fold);
    note_last(fold, 0);
    error = put_visits(fold);
    return error < 0 ? error : put_changes(fold);
}

/* ---- parts ---- */

static int
fold_part(struct gl_refold_fold *fold)
{
    const struct gl_refold *job = fold->job;
    int64_t from_ms = job->from_day * GL_DAY_MS;
    int64_t to_ms = job->to_day * GL_DAY_MS;
    int result = gl_refold_read_links_(fold);

    if (result >= 0)
        result = gl_account_rows(fold->account, job->site, from_ms, to_ms,
                                 take_row, fold);
    if (result != 0)
        return result;
    gl_refold_visitors_(fold->rows, 0, fold->visitors);
    if (fold->visitors->len == 0)
        return 0;
    if ((result = gl_refold_delete_(fold, fold->visitors, from_ms, to_ms)) <
            0 ||
        (result = gl_refold_reach_back_(fold)) < 0 ||
        (result = gl_refold_reach_on_(fold)) < 0)
        return result;
    return put_all(fold);
}

static int
run_part(struct gl_account *account, struct gl_refold *job, uint32_t part,
         uint32_t parts)
{
    struct gl_refold_fold fold = {
        .account = account, .job = job, .part = part, .parts = parts};
    int result;

    fold.rows = g_array_new(FALSE, FALSE, sizeof(struct gl_row));
    fold.visitors = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.subset = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.spans = g_array_new(FALSE, FALSE, sizeof(struct gl_refold_span));
    fold.visits = g_array_new(FALSE, FALSE, sizeof(struct put));
    fold.changes = g_array_new(FALSE, FALSE, sizeof(struct change));
    fold.links = g_array_new(FALSE, FALSE, sizeof(struct gl_link));
    fold.links_on = g_array_new(FALSE, FALSE, sizeof(struct gl_link));
    fold.ids = g_array_new(FALSE, FALSE, sizeof(uint64_t));
    fold.newest =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    result = fold_part(&fold);
    job->rows += fold.rows->len;
    g_array_free(fold.rows, TRUE);
    g_array_free(fold.visitors, TRUE);
    g_array_free(fold.subset, TRUE);
    g_array_free(fold.spans, TRUE);
    g_array_free(fold.visits, TRUE);
    g_array_free(fold.changes, TRUE);
    g_array_free(fold.links, TRUE);
    g_array_free(fold.links_on, TRUE);
    g_array_free(fold.ids, TRUE);
    g_hash_table_destroy(fold.newest);
    return result;
}

static int
count_row(void *arg, const struct gl_row *row)
{
    size_t *n = arg;

    (void) row;
    ++*n;
    return 0;
}

/* One day of more rows than fit: its visitors in parts that should fit.  One
 * visitor alone may have more than that; it is taken as it comes. */
static int
fold_in_parts(struct gl_account *account, struct gl_refold *job)
{
    size_t n = 0;
    uint32_t parts;
    int result = gl_account_rows(account, job->site, job->from_day * GL_DAY_MS,
                                 job->to_day * GL_DAY_MS, count_row, &n);

    parts = (uint32_t) (2 * n / job->rows_max + 2);
    for (uint32_t part = 0; part < parts && result >= 0; part++)
        result = run_part(account, job, part, parts);
    return result;
}

int
gl_refold(struct gl_account *account, struct gl_refold *job)
{
    int result;

    job->rows = 0;
    while ((result = run_part(account, job, 0, 1)) == FULL &&
           job->to_day - job->from_day > 1)
        job->to_day -= (job->to_day - job->from_day) / 2;
    if (result == FULL)
        result = fold_in_parts(account, job);
    for (int64_t day = job->from_day; day < job->to_day && result >= 0; day++)
        result = gl_account_clear_dirty(account, job->site, day);
    return result;
}
