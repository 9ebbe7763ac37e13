/*
 * Where the rows of a site lie: the spans of its days as ranges of rowids,
 * sorted and apart.
 */

#include "store/account/account_internal.h"
#include "store/rows/rows.h"
#include "store/rows/rows_internal.h"

#include <string.h>

/* What of SPAN lies from FIRST_ID on. */
static void
append_span(GArray *ranges, struct gl_span span, int64_t first_id)
{
    struct gl_range stretch;
    while (gl_span_next_(&span, &stretch)) {
        stretch.first = MAX(stretch.first, first_id);
        if (stretch.first <= stretch.last)
            g_array_append_val(ranges, stretch);
    }
}

static int
compare(const void *left, const void *right)
{
    const struct gl_range *a = left, *b = right;
    return (a->first > b->first) - (a->first < b->first);
}

/* Stretches of several days may lie among each other. */
static void
unite(GArray *list)
{
    guint n = 0;
    struct gl_range *ranges = (struct gl_range *) (void *) list->data;
    g_array_sort(list, compare);
    for (guint i = 0; i < list->len; i++)
        if (n == 0 || ranges[i].first > ranges[n - 1].last + 1)
            ranges[n++] = ranges[i];
        else if (ranges[i].last > ranges[n - 1].last)
            ranges[n - 1].last = ranges[i].last;
    g_array_set_size(list, n);
}

int
gl_account_any_row(struct gl_account *account, int64_t site)
{
    return gl_db_says(&account->db,
                      gl_account_ask_days_(account, GL_SQL_ANY_SPAN,
                                           GL_VALUES(gl_as_int(site))));
}

int
gl_account_oldest_day(struct gl_account *account, int64_t site, int64_t *day)
{
    return gl_db_first(&account->db,
                       gl_account_ask_(account, GL_SQL_OLDEST_DAY,
                                       GL_VALUES(gl_as_int(site))),
                       day);
}

int
gl_account_newest_day(struct gl_account *account, int64_t site, int64_t *day)
{
    return gl_db_first(&account->db,
                       gl_account_ask_(account, GL_SQL_NEWEST_DAY,
                                       GL_VALUES(gl_as_int(site))),
                       day);
}

int
gl_account_day_tokens(struct gl_account *account, int64_t site, int64_t from,
                      int64_t to, uint64_t *tokens)
{
    int rc;
    sqlite3_stmt *ask = gl_account_ask_days_(
        account, GL_SQL_TOKENS,
        GL_VALUES(gl_as_int(site), gl_as_int(from), gl_as_int(to)));
    memset(tokens, 0, (size_t) (to - from + 1) * sizeof *tokens);
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        uint64_t *token = &tokens[sqlite3_column_int64(ask, 0) - from];
        *token = gl_day_token(*token, (uint64_t) sqlite3_column_int64(ask, 1));
    }
    return rc;
}

/* That of the last span, and where the first one begins: what deletes rows
 * begins there. */
int
gl_account_day_base(struct gl_account *account, int64_t site, int64_t day,
                    struct gl_day_base *base)
{
    uint64_t first = 0;
    int rc;
    sqlite3_stmt *ask = gl_account_ask_(
        account, GL_SQL_DAY_BASE, GL_VALUES(gl_as_int(site), gl_as_int(day)));
    *base = (struct gl_day_base){0, 0};
    while ((rc = gl_db_step(&account->db, ask)) == 1) {
        if (first == 0)
            first = (uint64_t) sqlite3_column_int64(ask, 0);
        base->last_id = sqlite3_column_int64(ask, 1);
        base->base =
            gl_day_token(first, (uint64_t) sqlite3_column_int64(ask, 2));
    }
    return rc;
}

int
gl_account_ranges_(struct gl_account *account, int64_t site, int64_t from,
                   int64_t to, int64_t first_id, GArray **ranges)
{
    uint8_t gaps[GL_SPAN_GAPS_MAX];
    int rc;
    sqlite3_stmt *ask =
        gl_account_ask_days_(account, GL_SQL_SPANS,
                             GL_VALUES(gl_as_int(site), gl_as_int(from),
                                       gl_as_int(to), gl_as_int(first_id)));
    *ranges = g_array_new(FALSE, FALSE, sizeof(struct gl_range));
    while ((rc = gl_db_step(&account->db, ask)) == 1)
        append_span(*ranges, gl_account_take_span_(ask, gaps), first_id);
    unite(*ranges);
    return rc;
}

/* FROM, or when the oldest open visit of SITE began. */
static int
include_open(struct gl_account *account, int64_t site, int64_t *from_ms)
{
    int64_t oldest_ms;
    int rc = gl_db_first(&account->db,
                         gl_account_ask_(account, GL_SQL_OLDEST_OPEN,
                                         GL_VALUES(gl_as_int(site))),
                         &oldest_ms);
    if (rc == 1 && oldest_ms < *from_ms)
        *from_ms = oldest_ms;
    return rc < 0 ? rc : 0;
}

int64_t
gl_account_recent_rowids(struct gl_account *account, int64_t site,
                         int64_t from_ms)
{
    GArray *ranges;
    int64_t rowids = 0;
    int rc = include_open(account, site, &from_ms);
    if (rc < 0)
        return rc;
    rc = gl_account_ranges_(account, site, gl_day_of(from_ms), INT64_MAX, 0,
                            &ranges);
    for (guint i = 0; i < ranges->len; i++) {
        struct gl_range range = gl_range_at(ranges, i);
        rowids += range.last - range.first + 1;
    }
    g_array_free(ranges, TRUE);
    return rc < 0 ? rc : rowids;
}

/* ---- passes ---- */

static int
pass_range(struct gl_account *account, const struct gl_pass *pass,
           struct gl_range range)
{
    int rc, stop = 0;
    sqlite3_stmt *ask = gl_account_ask_(
        account, pass->statement,
        GL_VALUES(gl_as_int(range.first), gl_as_int(range.last),
                  gl_as_int(pass->site), gl_as_int(pass->from_ms),
                  gl_as_int(pass->to_ms)));
    while (stop == 0 && (rc = gl_db_step(&account->db, ask)) == 1)
        stop = pass->take(pass->arg, ask);
    sqlite3_reset(ask);
    return stop ? stop : rc;
}

int
gl_account_pass_(struct gl_account *account, const struct gl_pass *pass)
{
    GArray *ranges;
    if (pass->from_ms >= pass->to_ms)
        return 0;
    int rc = gl_account_ranges_(account, pass->site, gl_day_of(pass->from_ms),
                                gl_day_of(pass->to_ms - 1), pass->first_id,
                                &ranges);
    account->reading++;
    for (guint i = 0; rc == 0 && i < ranges->len; i++)
        rc = pass_range(account, pass, gl_range_at(ranges, i));
    account->reading--;
    g_array_free(ranges, TRUE);
    return rc;
}
