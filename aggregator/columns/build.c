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
#include "columns/growth.h"
#include "event.h"
#include "store/rows/rows.h"
#include "store/rows/visits.h"
#include "store/site/let_go.h"

/* ---- who ---- */

static int
is_ours(const struct gl_build_reading *reading, uint64_t visitor)
{
    return !reading->other ||
           g_hash_table_contains(reading->went_on, &visitor) ||
           (reading->was != NULL && gl_growth_goes_on(reading->was, visitor));
}

/* A row of a visitor of the set that is added to: 1, or 0 when it is not the
 * visitor's last one. */
static int
meet(struct gl_build_reading *reading, const struct gl_row *row)
{
    const struct gl_columns *was = reading->was;
    uint32_t visitor = gl_growth_find(was, row->visitor);

    if (visitor == GL_GROWTH_NONE)
        return 1;
    g_hash_table_add(reading->met, GUINT_TO_POINTER(visitor + 1));
    return row->at_ms - was->day * GL_DAY_MS >
           (int64_t) (was->growth->last[visitor] & GL_GROWTH_AT);
}

/* ---- visits ---- */

static void
add_visit(struct gl_build_reading *reading, const struct gl_visit *visit,
          int open)
{
    struct gl_build_visit one = {
        .visit = *visit, .open = open, .other = reading->other};

    if (visit->server || !is_ours(reading, visit->visitor))
        return;
    g_array_append_val(reading->b->visits, one);
}

/* After N things read: 0, or GL_BUILD_STOPPED, looked for now and then. */
static int
look_up(const struct gl_build *build, guint n)
{
    return n % 4096 == 0 && build->stop(build->arg) ? GL_BUILD_STOPPED : 0;
}

static int
take_visit(void *arg, const struct gl_visit *visit, int open)
{
    struct gl_build_reading *reading = arg;
    const struct gl_late *late = reading->build->late;

    if (late == NULL || (!g_hash_table_contains(late->gone, &visit->id) &&
                         !g_hash_table_contains(late->visits, &visit->id)))
        add_visit(reading, visit, open);
    return look_up(reading->build, reading->b->visits->len);
}

/* Those of the day that late rows make or change. */
static void
add_late_visits(struct gl_build_reading *reading, int64_t from_ms)
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
read_visits(struct gl_build_reading *reading, int64_t from_ms)
{
    const struct gl_build *build = reading->build;
    int rc = gl_account_visits(build->reader, build->site, from_ms,
                               from_ms + GL_DAY_MS, reading->after, take_visit,
                               reading);

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
        .language = full->language,
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
    struct gl_build_reading *reading = arg;
    const struct gl_build *build = reading->build;
    struct gl_row row = full->row;

    gl_late_row(build->late, &row);
    if (!is_ours(reading, row.visitor) ||
        (row.kind == GL_ENGAGEMENT && row.mark == GL_MARK_NO_VISIT))
        return 0;
    if (reading->was != NULL && !meet(reading, &row))
        return GL_BUILD_ANEW;
    if (is_full(reading->b, row.kind))
        return GL_BUILD_MANY;
    add_row(reading->b, full, &row);
    return look_up(build, reading->b->rows->len);
}

/* Who has a visit that is, or may be, longer than the day: the time until
 * which rows can be of one, 0 = nobody. */
static int64_t
note_went_on(struct gl_build_reading *reading, int64_t end_ms)
{
    int64_t until_ms = reading->was != NULL && reading->was->open
                           ? end_ms + GL_VISIT_LONGEST_MS
                           : 0;

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
read_rows(struct gl_build_reading *reading, int64_t from_ms, int64_t to_ms)
{
    const struct gl_build *build = reading->build;

    return gl_account_full_rows(build->reader, build->site, from_ms, to_ms,
                                reading->after, take_row, reading);
}

static int
read_all(struct gl_build_reading *reading)
{
    int64_t from_ms = reading->build->day * GL_DAY_MS;
    int64_t end_ms = from_ms + GL_DAY_MS, until_ms;
    int rc = read_visits(reading, from_ms);

    if (rc == 0 && (reading->b->visits->len > 0 || reading->was != NULL))
        rc = read_rows(reading, from_ms, end_ms);
    if (rc != 0 || (until_ms = note_went_on(reading, end_ms)) == 0)
        return rc;
    reading->other = 1;
    if ((rc = read_visits(reading, end_ms)) == 0)
        rc = read_rows(reading, end_ms, until_ms);
    return rc;
}

int
gl_build_read_(struct gl_build_reading *reading)
{
    int rc;

    reading->went_on =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    rc = read_all(reading);
    g_hash_table_destroy(reading->went_on);
    return rc;
}

void
gl_building_init_(struct gl_building *b, const struct gl_build *build)
{
    *b = (struct gl_building){.day = build->day};
    gl_account_words(build->reader, &b->words);
    b->rows = g_array_new(FALSE, FALSE, sizeof(struct gl_build_row));
    b->props = g_array_new(FALSE, FALSE, sizeof(struct gl_build_prop));
    b->paid = g_array_new(FALSE, FALSE, sizeof(struct gl_build_paid));
    b->visits = g_array_new(FALSE, FALSE, sizeof(struct gl_build_visit));
    b->told = g_array_new(FALSE, FALSE, sizeof(struct gl_build_told));
}

void
gl_building_fini_(struct gl_building *b)
{
    g_array_free(b->rows, TRUE);
    g_array_free(b->props, TRUE);
    g_array_free(b->paid, TRUE);
    g_array_free(b->visits, TRUE);
    g_array_free(b->told, TRUE);
}

/* Of a day that may get more. */
static int
add_growth(const struct gl_build *build, const struct gl_building *b,
           struct gl_columns *set)
{
    if (!b->open && !build->newest)
        return 0;
    set->growth = g_new0(struct gl_growth, 1);
    set->growth->last = g_new0(uint32_t, set->visitors_n + 1);
    set->bytes += set->visitors_n * sizeof *set->growth->last;
    gl_growth_note_(set, b);
    return gl_growth_base(build, set->growth->base);
}

int
gl_columns_build(const struct gl_build *build, struct gl_columns **set)
{
    struct gl_building b;
    struct gl_build_reading reading = {.build = build, .b = &b};
    int rc;

    rc = gl_account_has_rows_(build->reader, build->site, build->day);
    if (rc != 0)
        return rc;
    gl_building_init_(&b, build);
    rc = gl_build_read_(&reading);
    if (rc == 0) {
        *set = gl_building_gather_(&b);
        rc = add_growth(build, &b, *set);
        if (rc != 0)
            gl_columns_free(*set);
    }
    gl_building_fini_(&b);
    return rc;
}
