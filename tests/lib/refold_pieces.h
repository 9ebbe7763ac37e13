/*
 * Refolds in a test, read and written in pieces; part of unit/days_refold.c,
 * whose account and site these are.
 */

#include "store/account/account.h"
#include "store/rows/tallies.h"

struct list {
    int64_t days[16];
    int n;
};

static int
take_day(void *arg, int64_t number, int64_t day)
{
    struct list *list = arg;

    (void) number;
    if (list->n == 16)
        return 1;
    list->days[list->n++] = day;
    return 0;
}

/* A refold under way: read, and in part written. */
static struct {
    struct gl_refold job;
    struct gl_refolded *result;
    uint64_t late[64];
    size_t late_n, skipped;
    int renamed;
} pending;

static void
read_part(void)
{
    struct gl_account *reader = gl_account_reader(account);

    if (gl_account_read(reader) != 0 ||
        gl_refold_read(reader, &pending.job, &pending.result) != 0)
        tap_bail("refold: %s", gl_account_why(reader));
    gl_account_reader_free(reader);
    pending.renamed |= pending.result->renamed;
}

static void
begin_refold(int64_t from, int64_t to, int64_t now_ms, size_t rows_max)
{
    struct gl_refold job = {.site = site_number,
                            .from_day = from,
                            .to_day = to,
                            .now_ms = now_ms,
                            .rows_max = rows_max,
                            .parts = 1,
                            .rules = rules};

    if (pending.late_n > 0) {
        job.visitors = pending.late;
        job.visitors_n = pending.late_n;
    }
    pending.job = job;
    disturbed_n = 0;
    read_part();
}

static int
skip(void *arg, const struct gl_refold_visitor *visitor)
{
    const uint64_t *ids =
        &g_array_index(pending.result->ids, uint64_t, visitor->ids);
    int any = 0;

    (void) arg;
    for (guint i = 0; i < visitor->ids_n; i++)
        any |= is_disturbed(ids[i]);
    for (guint i = 0; any && i < visitor->ids_n; i++)
        disturb(ids[i]);
    pending.skipped += any != 0;
    return any;
}

/* 1 = there is more. */
static int
write_piece(struct gl_site *object)
{
    struct gl_refold_target target = {.account = account,
                                      .site = site_number,
                                      .object = object,
                                      .skip = skip,
                                      .now_ms = pending.job.now_ms};
    int more;

    begin();
    more = gl_refold_write(pending.result, &target);
    commit();
    if (more < 0)
        tap_bail("refold: %s", gl_account_why(account));
    if (more == 0 && ++pending.job.part < pending.job.parts) {
        gl_refolded_free(pending.result);
        read_part();
        return 1;
    }
    if (more == 0)
        gl_refolded_free(pending.result);
    return more;
}

static size_t
some_rows_max(void)
{
    return tap_below(2) ? GL_REFOLD_ROWS_MAX : 1 + tap_below(40);
}

static void
refold_days(int64_t from, int64_t to, int64_t now_ms)
{
    pending.late_n = 0;
    begin_refold(from, to, now_ms, some_rows_max());
    while (write_piece(NULL))
        ;
    begin();
    for (int64_t day = from; day < pending.job.to_day; day++)
        gl_account_clear_dirty(account, site_number, day);
    commit();
    if (pending.job.to_day < to)
        refold_days(pending.job.to_day, to, now_ms);
}

static void
refold_dirty(int64_t now_ms)
{
    struct list list = {.n = 0};
    int one_by_one = (int) tap_below(2);

    gl_account_dirty(account, site_number, take_day, &list);
    for (int i = 0, next; i < list.n; i = next) {
        for (next = i + 1; next < list.n && !one_by_one &&
                           list.days[next] == list.days[next - 1] + 1;)
            next++;
        refold_days(list.days[i], list.days[next - 1] + 1, now_ms);
    }
}

static int
take_late(void *arg, int64_t number, int64_t day, uint64_t visitor)
{
    int64_t *first = arg;

    (void) number;
    if (pending.late_n > 0 && day != *first)
        return 1;
    *first = day;
    pending.late[pending.late_n++] = visitor;
    return 0;
}

/* 1 = late visitors of one day are read. */
static int
begin_late(int64_t now_ms)
{
    int64_t day;

    pending.late_n = 0;
    gl_account_late(account, site_number, take_late, &day);
    if (pending.late_n == 0)
        return 0;
    begin_refold(day, day + 1, now_ms, some_rows_max());
    return 1;
}

static void
clear_late(void)
{
    begin();
    for (size_t i = 0; i < pending.late_n; i++)
        if (!is_disturbed(pending.late[i]))
            gl_account_clear_late(account, site_number, pending.job.from_day,
                                  pending.late[i]);
    commit();
}
