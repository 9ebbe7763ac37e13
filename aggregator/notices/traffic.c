/* Far more, far fewer, or none; see traffic.h. */

#include "notices/traffic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gl_assert.h"

#define WEEKS_MIN 3
#define SPIKE_MIN 100
#define DROP_HOURS 3
#define DROP_MIN 100
#define NONE_MIN 20
#define DEVIATIONS 5

static int
by_size(const void *left, const void *right)
{
    int64_t a = *(const int64_t *) left, b = *(const int64_t *) right;

    return (a > b) - (a < b);
}

/* The median of WEEKS of the hour HOUR, halves down. */
static int64_t
usual_of(const struct gl_traffic *traffic, int hour)
{
    int64_t sorted[GL_TRAFFIC_WEEKS];
    int n = traffic->weeks;

    for (int week = 0; week < n; week++)
        sorted[week] = traffic->views[week + 1][hour];
    qsort(sorted, (size_t) n, sizeof sorted[0], by_size);
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

static int64_t
sum_of(const struct gl_traffic *traffic, int week, int hours)
{
    int64_t sum = 0;

    for (int hour = 0; hour < hours; hour++)
        sum += traffic->views[week][hour];
    return sum;
}

static int
is_far(int64_t n, int64_t usual)
{
    return fabs((double) (n - usual)) >=
           DEVIATIONS * sqrt((double) (usual > 1 ? usual : 1));
}

static void
judge_spike(const struct gl_traffic *traffic, struct gl_traffic_said *spike)
{
    int64_t n = traffic->views[0][0], usual = usual_of(traffic, 0);

    *spike = (struct gl_traffic_said){GL_TRAFFIC_STAYS, 1, n, usual};
    if (n >= SPIKE_MIN && n >= 3 * usual && is_far(n, usual))
        spike->state = GL_TRAFFIC_HOLDS;
    else if (n < 2 * usual || n < SPIKE_MIN / 2)
        spike->state = GL_TRAFFIC_ENDS;
}

static void
judge_drop(const struct gl_traffic *traffic, struct gl_traffic_said *drop)
{
    int64_t n = sum_of(traffic, 0, DROP_HOURS), usual = 0;

    for (int hour = 0; hour < DROP_HOURS; hour++)
        usual += usual_of(traffic, hour);
    *drop = (struct gl_traffic_said){GL_TRAFFIC_STAYS, DROP_HOURS, n, usual};
    if (usual >= DROP_MIN && 2 * n <= usual && is_far(n, usual))
        drop->state = GL_TRAFFIC_HOLDS;
    else if (4 * n >= 3 * usual)
        drop->state = GL_TRAFFIC_ENDS;
}

/* The least that HOURS had in any of the weeks. */
static int64_t
least_of(const struct gl_traffic *traffic, int hours)
{
    int64_t least = sum_of(traffic, 1, hours);

    for (int week = 2; week <= traffic->weeks; week++) {
        int64_t sum = sum_of(traffic, week, hours);

        least = sum < least ? sum : least;
    }
    return least;
}

static void
judge_none(const struct gl_traffic *traffic, struct gl_traffic_said *none)
{
    int hours = 0;

    while (hours < GL_TRAFFIC_HOURS && traffic->views[0][hours] == 0)
        hours++;
    *none = (struct gl_traffic_said){
        hours == 0 ? GL_TRAFFIC_ENDS : GL_TRAFFIC_STAYS, hours, 0,
        hours == 0 ? 0 : least_of(traffic, hours)};
    if (hours > 0 && none->usual >= NONE_MIN)
        none->state = GL_TRAFFIC_HOLDS;
}

void
gl_traffic_judge(const struct gl_traffic *traffic,
                 struct gl_traffic_told *told)
{
    GL_ASSERT(traffic->weeks <= GL_TRAFFIC_WEEKS);
    memset(told, 0, sizeof *told);
    if (traffic->weeks < WEEKS_MIN)
        return;
    judge_spike(traffic, &told->spike);
    judge_none(traffic, &told->none);
    judge_drop(traffic, &told->drop);
    /* of a site that is silent that is enough */
    if (told->none.state == GL_TRAFFIC_HOLDS &&
        told->drop.state == GL_TRAFFIC_HOLDS)
        told->drop.state = GL_TRAFFIC_STAYS;
}
