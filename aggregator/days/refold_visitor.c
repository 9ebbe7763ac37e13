/*
 * One visitor: its visits made of its sorted rows, and what has to change so
 * that these are the stored ones.
 *
 * Any one thread.
 */

#include "count/count.h"
#include "count/fold.h"
#include "days/refold_internal.h"

#include "event.h"
#include "gl_assert.h"

/* Whether VISIT, which no other of its visitor follows, may still grow: the
 * live fold will find it by its visitor, and counts whoever is there now.
 * Times of an import may lie ahead, where live numbers do not go. */
static int
stays_open(const struct gl_refold_fold *fold, const struct gl_visit *visit)
{
    int ahead = (visit->visitor & GL_VISITOR_IMPORTED) != 0 &&
                visit->seen_ms > fold->job->now_ms;

    return !ahead && visit->seen_ms >= fold->job->now_ms - GL_VISIT_KEPT_MS;
}

/* A visit, and its rows, bear the id of when it began. */
static void
take_visit(void *arg, const struct gl_visit *visit, size_t first, size_t last)
{
    struct gl_refold_fold *fold = arg;
    struct gl_refold_visit made = {.visit = *visit, .whose = visit->visitor};

    GL_ASSERT(first <= last && fold->of_one != NULL);
    made.visit.visitor =
        gl_refold_id_at_(fold, visit->visitor, visit->start_ms);
    for (size_t i = first; i <= last; i++)
        fold->of_one[i].visitor = made.visit.visitor;
    g_array_append_val(fold->made, made);
}

static int
compare_ids(const void *left, const void *right)
{
    const struct gl_refold_visit *a = left, *b = right;

    return (a->visit.id > b->visit.id) - (a->visit.id < b->visit.id);
}

static int
same_visit(const struct gl_visit *a, const struct gl_visit *b)
{
    return a->visitor == b->visitor && a->start_ms == b->start_ms &&
           a->last_ms == b->last_ms && a->seen_ms == b->seen_ms &&
           a->pageviews == b->pageviews && a->refreshes == b->refreshes &&
           a->events == b->events && a->interactive == b->interactive &&
           a->engagement_ms == b->engagement_ms &&
           a->entry_host == b->entry_host && a->entry_path == b->entry_path &&
           a->exit_host == b->exit_host && a->exit_path == b->exit_path;
}

/* Of an open visit only what its first event tells is stored. */
static int
is_stored(const struct gl_refold_visit *made,
          const struct gl_refold_visit *stored)
{
    return made->open == stored->open &&
           (made->open ? made->visit.visitor == stored->visit.visitor &&
                             made->visit.alias == stored->visit.alias
                       : same_visit(&made->visit, &stored->visit));
}

/* What is stored of the visitor of ROW: [*FROM, result) of fold->stored, which
 * comes in the order of rows. */
static guint
stored_of(struct gl_refold_fold *fold, const struct gl_row *row, guint *from)
{
    struct gl_refold_visit *stored =
        (struct gl_refold_visit *) (void *) fold->stored->data;
    guint at = fold->stored_at;

    while (at < fold->stored->len && (stored[at].whose < row->visitor ||
                                      (stored[at].whose == row->visitor &&
                                       stored[at].visit.server < row->server)))
        at++;
    *from = at;
    while (at < fold->stored->len && stored[at].whose == row->visitor &&
           stored[at].visit.server == row->server)
        at++;
    fold->stored_at = at;
    return at;
}

/* Both sorted by id: what is stored and no more made is gone; what is made and
 * not stored so is to be put. */
static void
compare_visits(struct gl_refold_fold *fold, struct gl_refold_visitor *visitor,
               guint at, guint end)
{
    const struct gl_refold_visit *stored =
        (const struct gl_refold_visit *) (void *) fold->stored->data;
    struct gl_refold_visit *made =
        (struct gl_refold_visit *) (void *) fold->made->data;

    for (guint i = 0; i < fold->made->len || at < end;) {
        int order = i == fold->made->len ? 1
                    : at == end          ? -1
                                         : compare_ids(&made[i], &stored[at]);

        if (order > 0) {
            struct gl_refold_gone gone = {stored[at].visit.id,
                                          stored[at].visit.start_ms};

            g_array_append_val(fold->result->gone, gone);
            visitor->gone_n++;
        } else if (order < 0 || !is_stored(&made[i], &stored[at])) {
            made[i].fresh = order < 0;
            g_array_append_val(fold->result->visits, made[i]);
            visitor->visits_n++;
        }
        i += order <= 0;
        at += order >= 0;
    }
}

static void
note_marks(struct gl_refold_fold *fold, struct gl_refold_visitor *visitor,
           const struct gl_row *rows, size_t n)
{
    uint64_t first = g_array_index(fold->result->ids, uint64_t, visitor->ids);

    for (size_t i = 0; i < n; i++) {
        struct gl_refold_mark mark = {rows[i].id,
                                      rows[i].at_ms,
                                      0,
                                      rows[i].kind,
                                      (uint8_t) rows[i].visitor_before,
                                      rows[i].mark};

        fold->result->renamed |= visitor->ids_n > 1;
        if (visitor->ids_n > 1)
            mark.visitor = mark.mark == GL_MARK_NO_VISIT
                               ? gl_refold_id_at_(fold, first, rows[i].at_ms)
                               : rows[i].visitor;
        if (mark.was == mark.mark && mark.visitor == 0)
            continue;
        g_array_append_val(fold->result->marks, mark);
        visitor->marks_n++;
    }
}

/* The last visit made may go on: its visitor may have another id by now. */
static void
note_open(struct gl_refold_fold *fold, struct gl_refold_visitor *visitor,
          const struct gl_row *rows, size_t n)
{
    struct gl_refold_visit *last;
    struct gl_refold_open open = {0};
    uint64_t since;

    if (fold->made->len == 0)
        return;
    last = &g_array_index(fold->made, struct gl_refold_visit,
                          fold->made->len - 1);
    if (!stays_open(fold, &last->visit))
        return;
    last->open = 1;
    since = gl_refold_id_at_(fold, last->whose, last->visit.seen_ms);
    if (since != last->visit.visitor)
        last->visit.alias = since;
    open.visit = last->visit;
    for (size_t i = n; i > 0 && open.first.id == 0; i--)
        if (rows[i - 1].id == last->visit.id)
            open.first = rows[i - 1];
    visitor->open = (gint) fold->result->open->len;
    g_array_append_val(fold->result->open, open);
}

void
gl_refold_visitor_(struct gl_refold_fold *fold, struct gl_row *rows, size_t n)
{
    struct gl_refolded *result = fold->result;
    struct gl_refold_visitor visitor = {
        .first_id = rows[0].id,
        .ids = result->ids->len,
        .visitor = gl_refold_id_at_(fold, rows[0].visitor, rows[n - 1].at_ms),
        .server = rows[0].server,
        .first_ms = rows[0].at_ms,
        .newest_ms = rows[n - 1].at_ms,
        .gone = result->gone->len,
        .visits = result->visits->len,
        .marks = result->marks->len,
        .open = -1,
    };
    guint from, end = stored_of(fold, &rows[0], &from);

    GL_ASSERT(n > 0 && rows[0].visitor == rows[n - 1].visitor);
    GL_ASSERT(from <= end && end <= fold->stored->len);
    visitor.ids_n = gl_refold_all_ids_(fold, rows[0].visitor, result->ids);
    fold->of_one = rows;
    g_array_set_size(fold->made, 0);
    for (size_t i = 0; i < n; i++)
        rows[i].mark = GL_MARK_NONE;
    gl_fold(rows, n, &fold->job->rules, take_visit, fold);
    note_marks(fold, &visitor, rows, n);
    note_open(fold, &visitor, rows, n);
    g_array_sort(fold->made, compare_ids);
    compare_visits(fold, &visitor, from, end);
    if (fold->job->visitors != NULL || visitor.open >= 0 || visitor.gone_n ||
        visitor.visits_n || visitor.marks_n)
        g_array_append_val(result->visitors, visitor);
}
