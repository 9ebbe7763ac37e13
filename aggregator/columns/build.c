/*
 * What a day set is made of: the visits that began on the day, their rows of
 * the day, and of the day after those of the visits that went on.
 *
 * Stored visits are right but for those that late rows change (late.h), and
 * complete but for the open ones, whose start is certain: the rest is told by
 * their rows.
 */

#include "columns/build.h"

#include "columns/build_internal.h"
#include "event.h"
#include "store/rows.h"
#include "store/visits.h"

struct reading {
    const struct gl_build *build;
    struct gl_building *b;
    GHashTable *went_on; /* visitors whose visits may go on the day after */
    int other;           /* 1 = it is the day after that is read */
};

/* ---- visits ---- */

static void
add_visit(struct reading *reading, const struct gl_visit *visit, int open)
{
    struct gl_build_visit one = {*visit, open, reading->other};

    if (visit->server ||
        (reading->other &&
         !g_hash_table_contains(reading->went_on, &visit->visitor)))
        return;
    g_array_append_val(reading->b->visits, one);
}

static int
take_visit(void *arg, const struct gl_visit *visit, int open)
{
    struct reading *reading = arg;
    const struct gl_late *late = reading->build->late;

    if (late == NULL || (!g_hash_table_contains(late->gone, &visit->id) &&
                         !g_hash_table_contains(late->visits, &visit->id)))
        add_visit(reading, visit, open);
    return 0;
}

/* Those of the day that late rows make or change. */
static void
add_late_visits(struct reading *reading, int64_t from_ms)
{
    GHashTableIter iter;
    gpointer value;

    if (reading->build->late == NULL)
        return;
    g_hash_table_iter_init(&iter, reading->build->late->visits);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const struct gl_refold_visit *late = value;

        if (late->visit.start_ms >= from_ms &&
            late->visit.start_ms < from_ms + GL_DAY_MS)
            add_visit(reading, &late->visit, late->open);
    }
}

static int
read_visits(struct reading *reading, int64_t from_ms)
{
    const struct gl_build *build = reading->build;
    int rc = gl_account_visits(build->reader, build->site, from_ms,
                               from_ms + GL_DAY_MS, take_visit, reading);

    add_late_visits(reading, from_ms);
    return rc;
}

/* ---- rows ---- */

/* 1 = the row that comes brought revenue. */
static int
add_paid(struct gl_building *b, const struct gl_store_row *full)
{
    struct gl_build_paid paid = {.row = b->rows->len};

    if (full->amount == NULL || full->currency == NULL ||
        full->row.kind == GL_ENGAGEMENT)
        return 0;
    paid.money.currency = gl_currency(full->currency);
    if (paid.money.currency == 0 ||
        !gl_money_read(full->amount, &paid.money.amount))
        return 0;
    g_array_append_val(b->paid, paid);
    return 1;
}

static void
add_row(struct gl_building *b, const struct gl_store_row *full,
        const struct gl_row *row)
{
    struct gl_build_row one = {
        .id = row->id,
        .at_ms = row->at_ms,
        .visitor = row->visitor,
        .host = row->host,
        .path = row->path,
        .referrer = full->referrer,
        .agent = full->agent,
        .place = full->place,
        .screen = full->screen,
        .prop = b->props->len,
        .props_n = (uint8_t) full->props.n,
        .kind = row->kind,
        .mark = row->mark,
        .passive = row->passive,
        .scroll_depth = (uint8_t) MIN(full->scroll_depth, UINT8_MAX),
    };

    if (row->kind == GL_ENGAGEMENT)
        one.engagement_ms = row->engagement_ms;
    else
        one.name = full->name;
    one.paid = (uint8_t) add_paid(b, full);
    for (uint32_t i = 0; i < full->props.n; i++) {
        struct gl_build_prop prop = {full->props.codes[i].key,
                                     full->props.codes[i].value};

        g_array_append_val(b->props, prop);
    }
    g_array_append_val(b->rows, one);
}

/* As many of engagement as of events. */
static int
is_full(struct gl_building *b, uint8_t kind)
{
    guint n = b->rows->len - b->engaged_n;

    if (kind == GL_ENGAGEMENT)
        n = b->engaged_n++;
    return n >= GL_BUILD_ROWS_MAX;
}

static int
take_row(void *arg, const struct gl_store_row *full)
{
    struct reading *reading = arg;
    const struct gl_build *build = reading->build;
    struct gl_row row = full->row;

    gl_late_row(build->late, &row);
    if (reading->other &&
        !g_hash_table_contains(reading->went_on, &row.visitor))
        return 0;
    if (row.kind == GL_ENGAGEMENT && row.mark == GL_MARK_NO_VISIT)
        return 0;
    if (is_full(reading->b, row.kind))
        return GL_BUILD_MANY;
    add_row(reading->b, full, &row);
    return reading->b->rows->len % 4096 == 0 && build->stop(build->arg)
               ? GL_BUILD_STOPPED
               : 0;
}

/* Who has a visit that is, or may be, longer than the day: the time until
 * which rows can be of one, 0 = nobody. */
static int64_t
note_went_on(struct reading *reading, int64_t end_ms)
{
    int64_t until_ms = 0;

    for (guint i = 0; i < reading->b->visits->len; i++) {
        struct gl_build_visit *one =
            &g_array_index(reading->b->visits, struct gl_build_visit, i);
        int64_t last_ms = one->open
                              ? one->visit.start_ms + GL_VISIT_LONGEST_MS
                              : MAX(one->visit.last_ms, one->visit.seen_ms);

        reading->b->open |= one->open;
        if (last_ms < end_ms)
            continue;
        until_ms = MAX(until_ms, last_ms + 1);
        g_hash_table_add(
            reading->went_on,
            g_memdup2(&one->visit.visitor, sizeof one->visit.visitor));
    }
    return until_ms;
}

static int
read_all(struct reading *reading)
{
    const struct gl_build *build = reading->build;
    int64_t from_ms = build->day * GL_DAY_MS, end_ms = from_ms + GL_DAY_MS;
    int64_t until_ms;
    int rc = read_visits(reading, from_ms);

    if (rc == 0 && reading->b->visits->len > 0)
        rc = gl_account_full_rows(build->reader, build->site, from_ms, end_ms,
                                  take_row, reading);
    if (rc != 0 || (until_ms = note_went_on(reading, end_ms)) == 0)
        return rc;
    reading->other = 1;
    if ((rc = read_visits(reading, end_ms)) == 0)
        rc = gl_account_full_rows(build->reader, build->site, end_ms, until_ms,
                                  take_row, reading);
    return rc;
}

int
gl_columns_build(const struct gl_build *build, struct gl_columns **set)
{
    struct gl_building b = {.day = build->day};
    struct reading reading = {.build = build, .b = &b};
    int rc;

    gl_account_words(build->reader, &b.words);
    b.rows = g_array_new(FALSE, FALSE, sizeof(struct gl_build_row));
    b.props = g_array_new(FALSE, FALSE, sizeof(struct gl_build_prop));
    b.paid = g_array_new(FALSE, FALSE, sizeof(struct gl_build_paid));
    b.visits = g_array_new(FALSE, FALSE, sizeof(struct gl_build_visit));
    reading.went_on =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    rc = read_all(&reading);
    g_hash_table_destroy(reading.went_on);
    if (rc == 0)
        *set = gl_building_gather_(&b);
    g_array_free(b.rows, TRUE);
    g_array_free(b.props, TRUE);
    g_array_free(b.paid, TRUE);
    g_array_free(b.visits, TRUE);
    return rc;
}
