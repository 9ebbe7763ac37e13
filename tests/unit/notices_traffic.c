/*
 * Promise: a spike, a drop and silence are told by the rules of traffic.h, and
 * of an ordinary week nothing: over a year of made hours by chance, with day
 * and night, none is.
 */

#include "notices/traffic.h"
#include "tap.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#define HOURS (7 * 24)

/* 200 pageviews in each hour, of five weeks. */
static struct gl_traffic
plain(void)
{
    struct gl_traffic traffic = {.weeks = GL_TRAFFIC_WEEKS};

    for (int week = 0; week <= GL_TRAFFIC_WEEKS; week++)
        for (int hour = 0; hour < GL_TRAFFIC_HOURS; hour++)
            traffic.views[week][hour] = 200;
    return traffic;
}

static void
judged(const struct gl_traffic *traffic, int spike, int drop, int none,
       const char *what)
{
    struct gl_traffic_told told;

    gl_traffic_judge(traffic, &told);
    tap_ok((int) told.spike.state == spike && (int) told.drop.state == drop &&
               (int) told.none.state == none,
           "%s: %d %d %d", what, told.spike.state, told.drop.state,
           told.none.state);
}

static void
check_rules(void)
{
    enum {
        ENDS = GL_TRAFFIC_ENDS,
        HOLDS = GL_TRAFFIC_HOLDS,
        STAYS = GL_TRAFFIC_STAYS
    };
    struct gl_traffic traffic = plain();

    judged(&traffic, ENDS, ENDS, ENDS, "as usual");
    traffic.views[0][0] = 600;
    judged(&traffic, HOLDS, ENDS, ENDS, "three times as many");
    traffic.views[0][0] = 599;
    judged(&traffic, STAYS, ENDS, ENDS, "one less");
    traffic.views[0][0] = 399;
    judged(&traffic, ENDS, ENDS, ENDS, "less than twice");
    traffic = plain();
    traffic.views[1][0] = 2000;
    traffic.views[0][0] = 600;
    judged(&traffic, HOLDS, ENDS, ENDS, "one odd week before changes nothing");
    traffic = plain();
    traffic.views[0][0] = traffic.views[0][1] = traffic.views[0][2] = 100;
    judged(&traffic, ENDS, HOLDS, ENDS, "half");
    traffic.views[0][2] = 101;
    judged(&traffic, ENDS, STAYS, ENDS, "one more");
    traffic.views[0][2] = 250;
    judged(&traffic, ENDS, ENDS, ENDS, "three quarters");
    traffic = plain();
    traffic.views[0][0] = 0;
    judged(&traffic, ENDS, STAYS, HOLDS, "an hour without any");
    traffic.views[3][0] = 19;
    judged(&traffic, ENDS, STAYS, STAYS, "which had 19 in one week");
    traffic.views[0][1] = 0;
    judged(&traffic, ENDS, STAYS, HOLDS, "two");
    traffic.weeks = 2;
    judged(&traffic, ENDS, ENDS, ENDS, "a young site");
    memset(&traffic, 0, sizeof traffic);
    traffic.weeks = 4;
    judged(&traffic, ENDS, ENDS, STAYS, "a site without any");
}

/* By chance, N is usual. */
static int64_t
count_of(GRand *rand, double n)
{
    double sum = -6;

    for (int i = 0; i < 12; i++)
        sum += g_rand_double(rand);
    return (int64_t) MAX(0, n + sum * sqrt(n));
}

/* What is usual in an hour of a week: nights, and a quiet Sunday. */
static double
usual_in(int hour, double size)
{
    double day = 1 + sin((hour % 24 - 9) * G_PI / 12);

    return size * day * (hour / 24 == 6 ? .6 : 1);
}

static void
check_quiet_year(double size)
{
    enum { WEEKS = 52 };
    static int64_t hours[WEEKS * HOURS];
    GRand *rand = g_rand_new_with_seed(14);
    int told_n = 0;

    for (int i = 0; i < WEEKS * HOURS; i++)
        hours[i] = count_of(rand, usual_in(i % HOURS, size));
    for (int last = 5 * HOURS; last < WEEKS * HOURS; last++) {
        struct gl_traffic traffic = {.weeks = GL_TRAFFIC_WEEKS};
        struct gl_traffic_told told;

        for (int week = 0; week <= GL_TRAFFIC_WEEKS; week++)
            for (int hour = 0; hour < GL_TRAFFIC_HOURS; hour++)
                traffic.views[week][hour] = hours[last - hour - week * HOURS];
        gl_traffic_judge(&traffic, &told);
        told_n += (told.spike.state == GL_TRAFFIC_HOLDS) +
                  (told.drop.state == GL_TRAFFIC_HOLDS) +
                  (told.none.state == GL_TRAFFIC_HOLDS);
    }
    g_rand_free(rand);
    tap_ok(told_n == 0, "a year of %g an hour: %d", size, told_n);
}

int
main(void)
{
    check_rules();
    for (double size = .3; size < 20000; size *= 3)
        check_quiet_year(size);
    return tap_done();
}
