/*
 * Visitors who have two ids.  The salt changes at midnight and the id with it;
 * a visit goes on.
 *
 *               midnight
 *   sent     A  A  │  B  B  B     B
 *   stored   A  A  │  A  A  A     B     a row bears the visitor of its visit
 *   folded   A  A  │  A  A  A     A     under the first id that is known
 *   visits   └─────┴────────┘     └─    A's; and B's, since it began later
 *
 * Which ids belong together is told by `midnight` until the night is over, and
 * by the alias of a visit for as long as it is open.  Of one visitor the time
 * tells the id: so what was sent can be told from what is stored.
 *
 * Any one thread.
 */

#include "count/count.h"
#include "days/refold_internal.h"
#include "store/rows/midnight.h"
#include "store/rows/visits.h"

#include <stdlib.h>

static int
compare_visitors(const void *left, const void *right)
{
    const struct gl_link *a = left, *b = right;

    return (a->visitor > b->visitor) - (a->visitor < b->visitor);
}

static int
compare_befores(const void *left, const void *right)
{
    const struct gl_link *a = left, *b = right;

    return (a->before > b->before) - (a->before < b->before);
}

static uint32_t
bit_of(uint64_t visitor)
{
    return (uint32_t) (visitor * UINT64_C(0x9e3779b97f4a7c15) >>
                       (64 - GL_REFOLD_LINKED_BITS));
}

static void
note(uint8_t *bits, uint64_t visitor)
{
    uint32_t bit = bit_of(visitor);

    bits[bit / 8] |= (uint8_t) (1u << bit % 8);
}

static int
may_be(const uint8_t *bits, uint64_t visitor)
{
    uint32_t bit = bit_of(visitor);

    return (bits[bit / 8] >> bit % 8 & 1) != 0;
}

static int
take_link(void *arg, const struct gl_link *link)
{
    struct gl_refold_fold *fold = arg;

    note(fold->linked[0], link->visitor);
    note(fold->linked[1], link->before);
    g_array_append_vals(fold->links, link, 1);
    g_array_append_vals(fold->links_on, link, 1);
    return 0;
}

/* No visit is longer than a day: of one with two ids the second is that of
 * the day after it began. */
static int
take_open_visit(void *arg, const struct gl_visit *visit)
{
    struct gl_link link = {visit->alias, visit->visitor,
                           visit->start_ms / GL_DAY_MS + 1};

    return visit->alias == 0 ? 0 : take_link(arg, &link);
}

int
gl_refold_read_links_(struct gl_refold_fold *fold)
{
    int64_t site = fold->job->site;
    int error = gl_account_links(fold->reader, site, take_link, fold);

    if (error >= 0)
        error =
            gl_account_open_visits(fold->reader, site, take_open_visit, fold);
    g_array_sort(fold->links, compare_visitors);
    g_array_sort(fold->links_on, compare_befores);
    return error;
}

static const struct gl_link *
find(const GArray *links, struct gl_link key,
     int (*compare)(const void *, const void *))
{
    if (links->len == 0)
        return NULL;
    return bsearch(&key, links->data, links->len, sizeof key, compare);
}

static const struct gl_link *
link_to(const struct gl_refold_fold *fold, uint64_t visitor)
{
    if (!may_be(fold->linked[0], visitor))
        return NULL;
    return find(fold->links, (struct gl_link){.visitor = visitor},
                compare_visitors);
}

static const struct gl_link *
link_from(const struct gl_refold_fold *fold, uint64_t before)
{
    if (!may_be(fold->linked[1], before))
        return NULL;
    return find(fold->links_on, (struct gl_link){.before = before},
                compare_befores);
}

/* Each link leads a day back: whatever a file says, there is an end. */
uint64_t
gl_refold_first_id_(const struct gl_refold_fold *fold, uint64_t visitor)
{
    const struct gl_link *link = link_to(fold, visitor);
    int64_t day = INT64_MAX;

    while (link != NULL && link->day < day) {
        day = link->day;
        visitor = link->before;
        link = link_to(fold, visitor);
    }
    return visitor;
}

uint64_t
gl_refold_id_at_(const struct gl_refold_fold *fold, uint64_t first,
                 int64_t at_ms)
{
    const struct gl_link *link = link_from(fold, first);
    int64_t day = INT64_MIN;

    while (link != NULL && link->day > day && link->day * GL_DAY_MS <= at_ms) {
        day = link->day;
        first = link->visitor;
        link = link_from(fold, first);
    }
    return first;
}

guint
gl_refold_all_ids_(const struct gl_refold_fold *fold, uint64_t first,
                   GArray *ids)
{
    const struct gl_link *link = link_from(fold, first);
    int64_t day = INT64_MIN;
    guint n = 1;

    g_array_append_val(ids, first);
    for (; link != NULL && link->day > day; n++) {
        day = link->day;
        g_array_append_val(ids, link->visitor);
        link = link_from(fold, link->visitor);
    }
    return n;
}

struct gl_row
gl_refold_row_(const struct gl_refold_fold *fold, const struct gl_row *stored)
{
    struct gl_row row = *stored;

    row.visitor = gl_refold_first_id_(fold, stored->visitor);
    row.visitor_before = stored->mark;
    return row;
}
