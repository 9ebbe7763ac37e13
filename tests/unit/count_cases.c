/*
 * Promise: the named cases of counting.  A visit over midnight keeps its
 * visitor; thirty minutes and twenty-four hours end a visit to the
 * millisecond; engagement and the next pageview are in order however they
 * arrive; a filter full of strangers changes no number.
 */

#include "../lib/count_world.h"
#include "count/count.h"
#include "count/site.h"

static struct gl_row
view(int64_t minute, uint64_t visitor, uint64_t before, uint32_t path)
{
    return (struct gl_row){.at_ms = minute * MINUTE,
                           .visitor = visitor,
                           .visitor_before = before,
                           .kind = GL_PAGEVIEW,
                           .host = 1,
                           .path = path};
}

static void
visit_over_midnight(void)
{
    enum { A = 1001, B = 2002 };
    struct world *w = world_new(0);
    int64_t day = 24 * 60;
    struct gl_live_numbers live;

    arrive(w, view(day - 10, A, 0, 1));
    arrive(w, view(day + 20, B, A, 2));
    gl_site_turn_day(w->site, GL_DAY_MS, 2 * GL_DAY_MS);
    arrive(w, view(day + 45, B, 0, 3));
    arrive(w, view(day + 600, B, 0, 4));
    gl_site_live(w->site, (day + 600) * MINUTE, &live);
    gl_site_expire(w->site, INT64_MAX / 2, closed, w);

    tap_int((int64_t) w->done_n, 2, "midnight: 1 + 1 visits");
    tap_int(w->done[0].pageviews, 3, "midnight: three views in the first");
    tap_uint(w->done[0].visitor, A, "midnight: the visit keeps its visitor");
    tap_uint(w->rows[2].visitor, A, "midnight: its rows bear it too");
    tap_uint(w->rows[3].visitor, B, "midnight: the morning's visit is new");
    tap_int(live.today_visitors, 2, "midnight: 2 visitors on the second day");
    tap_int(live.today_visits, 1, "midnight: 1 visit on the second day");
    world_free(w);
}

/* Its day is folded by visitor, and only the table knows the alias. */
static void
late_after_midnight(void)
{
    enum { A = 1001, B = 2002 };
    struct world *w = world_new(0);
    int64_t day = 24 * 60;

    arrive(w, view(day - 10, A, 0, 1));
    arrive(w, view(day + 20, B, A, 2));
    arrive(w, view(day + 10, B, A, 3));
    arrive(w, view(day + 45, B, 0, 4));
    arrive(w, view(day + 44, B, 0, 5));
    tap_uint(w->rows[2].visitor, A, "midnight: a late row bears A");
    tap_uint(w->rows[4].visitor, A, "midnight: without the old id as well");
    world_free(w);
}

/* Who is B cannot know that A's evening is still to come. */
static void
evening_after_the_morning(void)
{
    enum { A = 1001, B = 2002, OTHER = 3003 };
    struct world *w = world_new(0);
    int64_t day = 24 * 60;

    arrive(w, view(day + 5, B, A, 1));
    arrive(w, view(day - 5, A, 0, 2));
    arrive(w, view(day + 6, OTHER, 0, 3));
    tap_int(w->late[1], 1, "midnight: an evening after the morning is late");
    tap_int(w->late[0] + w->late[2], 0, "midnight: the others are not");
    world_free(w);
}

static const struct gl_visit *
visit_from(const struct world *w, int64_t start_ms)
{
    for (size_t i = 0; i < w->done_n; i++)
        if (w->done[i].start_ms == start_ms)
            return &w->done[i];
    tap_bail("no visit starts at %lld ms", (long long) start_ms);
}

static void
edges_of_a_visit(void)
{
    struct world *w = world_new(0);
    const struct gl_visit *day;
    struct gl_row row;

    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(30, 1, 0, 2));
    row = view(60, 1, 0, 3);
    row.at_ms += 1;
    arrive(w, row);
    for (int64_t m = 80; m <= 60 + 24 * 60; m += 20)
        arrive(w, view(m, 1, 0, 4));
    row = view(60 + 24 * 60, 1, 0, 5);
    row.at_ms += 2;
    arrive(w, row);
    gl_site_expire(w->site, INT64_MAX / 2, closed, w);
    tap_int((int64_t) w->done_n, 3, "three visits");
    tap_int(visit_from(w, 0)->pageviews, 2,
            "exactly 30 minutes is the same visit");
    day = visit_from(w, 60 * MINUTE + 1);
    tap_int(day->last_ms, (60 + 24 * 60) * MINUTE,
            "24 hours after its first event a visit ends");
    tap_int(day->refreshes, (int64_t) day->pageviews - 2,
            "the same page again is a refresh");
    world_free(w);
}

static struct gl_row
left_at(int64_t at_ms)
{
    struct gl_row row = view(0, 1, 0, 1);

    row.at_ms = at_ms;
    row.kind = GL_ENGAGEMENT;
    row.engagement_ms = 5000;
    return row;
}

static size_t
late_rows(const struct world *w)
{
    size_t late = 0;

    for (size_t i = 0; i < w->n; i++)
        late += w->late[i];
    return late;
}

static void
one_visit(struct world *w, uint32_t pageviews, const char *what)
{
    tap_uint(late_rows(w), 0, "%s: nothing is late", what);
    gl_site_expire(w->site, INT64_MAX / 2, closed, w);
    tap_uint(w->done_n, 1, "%s: one visit", what);
    tap_uint(w->done[0].engagement_ms, 5000, "%s: engaged time", what);
    tap_int(w->done[0].pageviews, pageviews, "%s: pageviews", what);
    world_free(w);
}

/* What a page sends when it is left and the next one shown: one packet, one
 * turn of the worker's loop, one millisecond; or two workers, of which either
 * is read first. */
static void
left_and_shown_at_once(void)
{
    struct world *w = world_new(0);

    arrive(w, view(0, 1, 0, 1));
    arrive(w, left_at(MINUTE));
    arrive(w, view(1, 1, 0, 2));
    one_visit(w, 2, "left, shown in one millisecond");

    w = world_new(0);
    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(1, 1, 0, 2));
    arrive(w, left_at(MINUTE));
    one_visit(w, 2, "shown, left in one millisecond");

    w = world_new(0);
    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(1, 1, 0, 2));
    arrive(w, left_at(MINUTE - 7));
    one_visit(w, 2, "left 7 ms before shown, read after it");
}

/* Inside a visit only pageviews depend on each other. */
static void
inside_a_visit(void)
{
    struct world *w = world_new(0);
    struct gl_row click = view(1, 1, 0, 1);

    click.kind = GL_CUSTOM;
    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(3, 1, 0, 2));
    arrive(w, click);
    arrive(w, left_at(5 * MINUTE));
    arrive(w, view(4, 1, 0, 2));
    tap_int(w->rows[4].mark, GL_MARK_REFRESH, "inside: a refresh is known");
    one_visit(w, 3, "inside");

    w = world_new(0);
    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(-1, 1, 0, 3));
    tap_uint(late_rows(w), 1, "a pageview before the first is late");
    world_free(w);
}

/* Of two workers the one behind: its pageviews find their places. */
static void
between_pageviews(void)
{
    struct world *w = world_new(90000);

    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(4, 1, 0, 2));
    arrive(w, view(3, 1, 0, 3));
    arrive(w, view(2, 1, 0, 4));
    arrive(w, view(1, 1, 0, 1));
    tap_int(w->rows[4].mark, GL_MARK_REPEAT, "between: a refresh is known");
    arrive(w, left_at(4 * MINUTE));
    arrive(w, view(5, 1, 0, 2));
    tap_int(w->rows[6].mark, GL_MARK_REPEAT,
            "between: the newest page is still the newest");
    one_visit(w, 4, "between");

    w = world_new(0);
    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(4, 1, 0, 1));
    arrive(w, view(2, 1, 0, 2));
    tap_uint(late_rows(w), 1, "a refresh that was none: late");
    arrive(w, view(3, 1, 0, 1));
    tap_uint(late_rows(w), 2, "a pageview that is a refresh now: late");
    for (uint32_t i = 1; i <= GL_VIEWED_MAX; i++)
        arrive(w, view(4 + (int64_t) i, 1, 0, 2 + i));
    arrive(w, view(1, 1, 0, 9));
    tap_uint(late_rows(w), 3, "before all that are remembered: late");
    world_free(w);
}

/* Engagement that no visit takes, from before a visit's first event. */
static void
left_before_the_first(void)
{
    struct world *w = world_new(0);

    arrive(w, view(0, 1, 0, 1));
    arrive(w, view(40, 1, 0, 2));
    arrive(w, left_at(40 * MINUTE));
    arrive(w, left_at(40 * MINUTE - 7));
    tap_uint(late_rows(w), 0, "after a pause: nothing is late");
    tap_int(w->rows[2].mark, GL_MARK_NO_VISIT,
            "after a pause, in one millisecond: engagement is alone");
    tap_int(w->rows[3].mark, GL_MARK_NO_VISIT,
            "after a pause, 7 ms before: engagement is alone");
    arrive(w, left_at(30 * MINUTE));
    tap_uint(late_rows(w), 1, "what the visit before might take is late");
    world_free(w);
}

/* A tab left open and looked at for months, by who sends what it likes. */
static void
much_engagement(void)
{
    struct world *w = world_new(0);
    struct gl_row look = view(1, 1, 0, 1);

    look.kind = GL_ENGAGEMENT;
    look.engagement_ms = 2592000000; /* what one event may tell */
    arrive(w, view(0, 1, 0, 1));
    for (int i = 1; i <= 3; i++) {
        look.at_ms += MINUTE;
        arrive(w, look);
    }
    gl_site_expire(w->site, INT64_MAX / 2, closed, w);
    tap_int((int64_t) w->done[0].engagement_ms, 3 * INT64_C(2592000000),
            "90 days of engaged time are 90 days");
    world_free(w);
}

/* A million random visitors fill the filter; ten thousand real ones count. */
static void
full_filter_changes_no_count(void)
{
    struct world *w = world_new(0);
    struct gl_visit *visit;
    size_t news = 0, joined = 0;

    for (int64_t i = 0; i < 200000; i++) {
        struct gl_row row =
            view(0, (tap_random() & GL_VISITOR_MASK) | 1 << 20, 0, 1);

        row.id = i + 1;
        row.at_ms = i;
        gl_site_apply(w->site, &row, &visit);
    }
    for (int64_t i = 0; i < 20000; i++) {
        struct gl_row row = view(5, 1 + (uint64_t) i % 10000, 0, 1);
        int applied;

        row.id = 300000 + i;
        row.at_ms += i;
        applied = gl_site_apply(w->site, &row, &visit);
        news += applied == GL_APPLIED_NEW;
        joined += applied == GL_APPLIED_JOINED;
    }
    tap_int((int64_t) news, 10000, "a full filter: 10,000 new visits");
    tap_int((int64_t) joined, 10000, "a full filter: 10,000 joined");
    tap_diag("site with 210,000 visits: %zu bytes", gl_site_bytes(w->site));
    world_free(w);
}

/* What made its visits again found the last one over: it is not in the table,
 * and a row of half an hour later is its. */
static void
over_when_made_again(void)
{
    enum { A = 1001, B = 2002, OTHER = 3003 };
    struct world *w = world_new(0);
    int64_t day = 24 * 60;
    const uint64_t ids[] = {A};
    struct gl_renewed of = {.ids = ids,
                            .ids_n = 1,
                            .visitor = A,
                            .newest_ms = (day - 9) * MINUTE,
                            .closed_before_ms = (day - 5) * MINUTE};

    tap_int(gl_site_renew(w->site, &of), 0, "made again: told");
    arrive(w, view(day + 10, B, A, 1));
    arrive(w, view(day + 11, A, 0, 2));
    arrive(w, view(day + 26, OTHER, 0, 3));
    tap_int(w->late[0], 1, "made again: a row of its visit is late");
    tap_int(w->late[1], 1, "made again: one that bears the old id, too");
    tap_int(w->late[2], 0, "made again: one that no visit could take is not");
    world_free(w);
}

int
main(void)
{
    visit_over_midnight();
    late_after_midnight();
    over_when_made_again();
    evening_after_the_morning();
    edges_of_a_visit();
    left_and_shown_at_once();
    inside_a_visit();
    between_pageviews();
    left_before_the_first();
    much_engagement();
    full_filter_changes_no_count();
    return tap_done();
}
