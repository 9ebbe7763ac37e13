/* What a metric shows; see value.h. */

#include "query/value.h"

#include <math.h>
#include <stdlib.h>

/* A / B as a whole number, halves up; 0 when there is none.  In whole numbers
 * all the way: of 97 / 40 a double is a little less than 2.425. */
static uint64_t
ratio(uint64_t a, uint64_t b)
{
    return b == 0 ? 0 : (2 * a + b) / (2 * b);
}

double
gl_value_hundredths(uint64_t a, uint64_t b)
{
    return (double) ratio(100 * a, b) / 100;
}

double
gl_value(const struct gl_value_of *of, enum gl_metric metric)
{
    const uint64_t *sums = of->group->sums;

    switch (metric) {
    case GL_METRIC_VISITORS:
        return (double) sums[GL_SUM_VISITORS];
    case GL_METRIC_VISITS:
        return (double) sums[GL_SUM_VISITS];
    case GL_METRIC_PAGEVIEWS:
        return (double) sums[GL_SUM_PAGEVIEWS];
    case GL_METRIC_EVENTS:
        return (double) sums[GL_SUM_EVENTS];
    case GL_METRIC_VIEWS_PER_VISIT:
        return gl_value_hundredths(sums[GL_SUM_VIEWS], sums[GL_SUM_ENTRIES]);
    case GL_METRIC_BOUNCE_RATE:
        return (double) ratio(100 * sums[GL_SUM_BOUNCES],
                              sums[GL_SUM_ENTRIES]);
    case GL_METRIC_VISIT_DURATION:
        return (double) ratio(sums[GL_SUM_SECONDS], sums[GL_SUM_ENTRIES]);
    case GL_METRIC_PERCENTAGE:
        return gl_value_hundredths(100 * sums[GL_SUM_VISITORS],
                                   of->counted->all.sums[GL_SUM_VISITORS]);
    case GL_METRIC_N:
        break;
    }
    return 0;
}

/* METRIC, a share, is one of something. */
static int
had_share(const struct gl_value_of *of, enum gl_metric metric)
{
    return metric == GL_METRIC_PERCENTAGE
               ? of->counted->all.sums[GL_SUM_VISITORS] > 0
               : of->group->sums[GL_SUM_ENTRIES] > 0;
}

json_t *
gl_value_json(enum gl_metric metric, double n)
{
    return metric == GL_METRIC_VIEWS_PER_VISIT ||
                   metric == GL_METRIC_PERCENTAGE
               ? json_real(n)
               : json_integer((json_int_t) n);
}

json_t *
gl_value_change_json(enum gl_metric metric, const struct gl_value_of *now,
                     const struct gl_value_of *then)
{
    int64_t a = llround(100 * gl_value(now, metric));
    int64_t b = llround(100 * gl_value(then, metric));
    int64_t percent;

    if (metric == GL_METRIC_BOUNCE_RATE || metric == GL_METRIC_PERCENTAGE)
        return had_share(then, metric)
                   ? gl_value_json(metric, (double) (a - b) / 100)
                   : json_null();
    if (b == 0)
        return json_integer(a == 0 ? 0 : 100);
    percent = (int64_t) ratio((uint64_t) llabs(a - b) * 100, (uint64_t) b);
    return json_integer(a < b ? -percent : percent);
}
