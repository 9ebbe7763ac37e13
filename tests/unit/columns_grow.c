/*
 * Promise: a set to which is added what came since is the set that all rows
 * make, whatever came: visits that go on or begin, over midnight, in any
 * order, engagement with pageviews of before, imports, rows folded again.
 *
 * Method: sites with a life (query_world.h); after some of the commits the set
 * of a day as it was is added to and compared, number by number, with one made
 * anew.
 */

#include "columns/build.h"
#include "columns/growth.h"
#include "store/rows/rows.h"

#include "../lib/query_world.h"

#define LIVES 12
#define DAYS 12 /* of a life, more than there are */

static struct gl_columns *kept[SITES][DAYS];
static int grown_n, same_n, anew_n, wrong_n;

static int
never(void *arg)
{
    (void) arg;
    return 0;
}

/* ---- the same ---- */

static int
columns_differ(const struct gl_column *a, const struct gl_column *b, size_t n)
{
    int other = 0;

    for (size_t i = 0; i < n; i++)
        other |= gl_column_at(a, i) != gl_column_at(b, i);
    return other;
}

static int
numbers_differ(const uint32_t *a, const uint32_t *b, size_t n)
{
    return n > 0 && memcmp(a, b, n * sizeof *a) != 0;
}

static int
visits_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    size_t n = a->visits_n;
    int other = numbers_differ(a->visit_visitor, b->visit_visitor, n) ||
                numbers_differ(a->visit_first, b->visit_first, n + 1) ||
                numbers_differ(a->visit_at, b->visit_at, n) ||
                memcmp(a->visit_bounced, b->visit_bounced, n) != 0 ||
                columns_differ(&a->visit_seconds, &b->visit_seconds, n) ||
                columns_differ(&a->visit_views, &b->visit_views, n);

    for (int i = 0; i < GL_VISIT_COLUMNS; i++)
        other |= columns_differ(&a->visit_codes[i], &b->visit_codes[i], n);
    return other;
}

static int
events_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    size_t n = a->events_n;
    int other = numbers_differ(a->event_at, b->event_at, n);

    for (uint32_t e = 0; e < n; e++)
        other |= gl_columns_viewed(a, e) != gl_columns_viewed(b, e);
    for (int i = 0; i < GL_EVENT_COLUMNS; i++)
        other |= columns_differ(&a->event_codes[i], &b->event_codes[i], n);
    return other;
}

static int
props_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    int other = a->props_n != b->props_n;

    for (uint32_t i = 0; !other && i < a->props_n; i++) {
        const struct gl_prop_column *one = &a->props[i], *two = &b->props[i];

        other = one->key != two->key || one->n != two->n ||
                numbers_differ(one->event, two->event, one->n) ||
                columns_differ(&one->value, &two->value, one->n);
    }
    return other;
}

static int
told_differ(const struct gl_columns *a, const struct gl_columns *b)
{
    const struct gl_engaged *one = &a->engaged, *two = &b->engaged;

    return one->n != two->n || a->paid.n != b->paid.n ||
           numbers_differ(one->event, two->event, one->n) ||
           columns_differ(&one->ms, &two->ms, one->n) ||
           columns_differ(&one->depth, &two->depth, one->n) ||
           numbers_differ(a->paid.event, b->paid.event, a->paid.n) ||
           memcmp(a->paid.money, b->paid.money,
                  a->paid.n * sizeof *a->paid.money) != 0;
}

/* A column that says so has one code in all visits of a visitor. */
static int
claims_differ(const struct gl_columns *grown, const struct gl_columns *made)
{
    return (grown->visitor_columns & ~made->visitor_columns) != 0 ||
           (made->open && !grown->open);
}

/* What is known of its visitors: those of which more may come, at least. */
static int
growths_differ(const struct gl_columns *grown, const struct gl_columns *made)
{
    int other = 0;

    if (made->growth == NULL)
        return 0;
    for (uint32_t i = 0; i < made->visitors_n; i++) {
        uint32_t one = grown->growth->last[i], two = made->growth->last[i];

        other |= (one & GL_GROWTH_AT) != (two & GL_GROWTH_AT) ||
                 (two & ~one & GL_GROWTH_OPEN) != 0;
    }
    return other;
}

static int
sets_differ(const struct gl_columns *grown, const struct gl_columns *made)
{
    if (grown->day != made->day || grown->visitors_n != made->visitors_n ||
        grown->visits_n != made->visits_n ||
        grown->events_n != made->events_n ||
        grown->events_end != made->events_end ||
        grown->imported != made->imported || grown->has != made->has)
        return 1;
    for (uint32_t i = 0; i < made->visitors_n; i++)
        if (grown->visitor_id[i] != made->visitor_id[i])
            return 1;
    return visits_differ(grown, made) || events_differ(grown, made) ||
           props_differ(grown, made) || told_differ(grown, made) ||
           claims_differ(grown, made) || growths_differ(grown, made);
}

/* ---- sets of a life ---- */

static struct gl_build
build_of(struct gl_account *reader, const struct life *life, int64_t day)
{
    struct gl_build build = {
        .reader = reader, .site = life->site, .day = day, .stop = never};
    uint64_t tokens[2];

    if (gl_account_day_tokens(reader, life->site, day, day + 1, tokens) != 0)
        tap_bail("%s", gl_account_why(reader));
    build.newest = tokens[1] == 0;
    return build;
}

/* The set of DAY: as it was and what came since, or anew. */
static struct gl_columns *
look(const struct gl_build *build, struct gl_columns *was,
     struct gl_columns *made)
{
    int mine = (int) tap_below(2);
    struct gl_columns *grown;

    if (was == NULL || gl_columns_grow(build, was, mine, &grown) != 0) {
        anew_n += was != NULL && was->growth != NULL;
        gl_columns_free(was);
        return made;
    }
    grown_n++;
    same_n += grown == was;
    if (sets_differ(grown, made))
        wrong_n++;
    if (grown != was)
        gl_columns_free(was);
    gl_columns_free(made);
    return grown;
}

static void
look_at(int which, int64_t day)
{
    struct life *life = &lives[which];
    struct gl_account *reader = gl_account_reader(account);
    struct gl_columns **was = &kept[which][day - START / GL_DAY_MS], *made;
    struct gl_late_ask ask = {.reader = reader,
                              .site = life->site,
                              .rules = rules,
                              .to_day = INT64_MAX,
                              .stop = never};
    struct gl_late *late = NULL;
    struct gl_build build;

    if (gl_account_read(reader) != 0 || gl_late_read(&ask, &late) != 0)
        tap_bail("%s", gl_account_why(reader));
    if (!gl_late_changes(late, day)) { /* else nobody asks for what was kept */
        build = build_of(reader, life, day);
        if (gl_columns_build(&build, &made) != 0)
            tap_bail("%s", gl_account_why(reader));
        *was = look(&build, *was, made);
    }
    gl_late_free(late);
    gl_account_reader_free(reader);
}

static void
ask_nothing(struct life *life)
{
    (void) life;
}

static void
live(void)
{
    size_t imported = 0;
    int more = 1;

    while (more) {
        more = 0;
        for (int i = 0; i < SITES; i++) {
            struct life *life = &lives[i];

            more |= life_go_on(life);
            if (tap_below(100) == 0 && imported < EVENTS) {
                import_some(&lives[0], imported, imported + EVENTS / 4);
                imported += EVENTS / 4;
            }
            for (int n = (int) tap_below(30); n >= 26; n--)
                refold(life, ask_nothing);
            if (tap_below(300) == 0)
                change_rules();
            if (tap_below(2) == 0) {
                int64_t day = life->day - (int64_t) tap_below(2);

                look_at(i, MAX(START / GL_DAY_MS, day));
            }
        }
    }
}

static void
forget(void)
{
    for (int i = 0; i < SITES; i++)
        for (int day = 0; day < DAYS; day++) {
            gl_columns_free(kept[i][day]);
            kept[i][day] = NULL;
        }
}

int
main(void)
{
    const char *data = tap_dir();

    pool = probe_pool(data, 0, &account);
    gl_account_words(account, &words);
    rules.refresh_window_ms = MINUTE;
    add_all_words();
    for (int64_t n = 0; n < LIVES; n++) {
        for (int i = 0; i < SITES; i++)
            life_begin(&lives[i], PROBE_SITE + n * SITES + i);
        live();
        forget();
    }
    tap_int(wrong_n, 0, "of %d sets that were added to differ", grown_n);
    tap_ok(same_n > 0, "%d had nothing to add", same_n);
    tap_ok(anew_n > 0 && grown_n > anew_n, "%d could not be added to", anew_n);
    for (int i = 0; i < SITES; i++)
        gl_site_free(lives[i].object);
    gl_accounts_free(pool);
    return tap_done();
}
