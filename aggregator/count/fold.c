/*
 * The slow path: visits as a function of a set of rows.  Made for dirty days
 * and imports; equal, by test, to what the live fold makes of the same rows.
 */

#define _GNU_SOURCE

#include <stdlib.h>

#include "count/fold.h"
#include "count/visit.h"
#include "event.h"
#include "gl_assert.h"

static int
compare(const void *left, const void *right, void *words)
{
    const struct gl_row *a = left, *b = right;

    if (a->visitor != b->visitor)
        return a->visitor < b->visitor ? -1 : 1;
    if (!a->server != !b->server)
        return a->server ? 1 : -1;

    int order = gl_row_compare(a, b, words);

    return order != 0 ? order : (a->id > b->id) - (a->id < b->id);
}

void
gl_fold_sort(struct gl_row *rows, size_t n, const struct gl_words *words)
{
    const void *arg = words;

    if (n > 1) /* of none ROWS may be NULL */
        qsort_r(rows, n, sizeof *rows, compare, (void *) (uintptr_t) arg);
}

void
gl_fold(struct gl_row *rows, size_t n, const struct gl_count_rules *rules,
        void (*visit)(void *arg, const struct gl_visit *visit, size_t first,
                      size_t last),
        void *arg)
{
    struct gl_visit open = {0};
    size_t first = 0, last = 0;

    for (size_t i = 0; i < n; i++) {
        struct gl_row *row = &rows[i];
        int same = open.id != 0 && open.visitor == row->visitor &&
                   open.server == (row->server != 0);

        GL_ASSERT(i == 0 || rows[i - 1].visitor <= row->visitor);
        if (same && gl_visit_takes(&open, row)) {
            gl_visit_add(&open, row, 0, rules);
            last = i;
            continue;
        }
        if (row->kind == GL_ENGAGEMENT) {
            row->mark = GL_MARK_NO_VISIT;
            continue;
        }
        GL_ASSERT(first <= last && last <= i);
        if (open.id != 0)
            visit(arg, &open, first, last);
        gl_visit_start(&open, row, rules);
        first = last = i;
    }
    if (open.id != 0)
        visit(arg, &open, first, last);
}
