/* What a metric shows; see value.h. */

#include "answer/value.h"

#include <math.h>
#include <stdlib.h>

#include "columns/money.h"
#include "answer/price.h"

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

static const struct gl_more *
more_of(const struct gl_value_of *of)
{
    return &g_array_index(of->counted->more, struct gl_more, of->group->more);
}

/* Thousandths, halves away from 0. */
static int64_t
average(int64_t amount, uint64_t n)
{
    int64_t size = (int64_t) ratio((uint64_t) llabs(amount), n);

    return amount < 0 ? -size : size;
}

static double
value_of_more(const struct gl_value_of *of, enum gl_metric metric)
{
    const struct gl_more *more = more_of(of);

    switch (metric) {
    case GL_METRIC_TOTAL_REVENUE:
        return more->currency == 0 ? GL_VALUE_NONE : (double) more->amount;
    case GL_METRIC_AVERAGE_REVENUE:
        return more->currency == 0
                   ? GL_VALUE_NONE
                   : (double) average(more->amount, more->paid);
    case GL_METRIC_GROUP_CONVERSION_RATE:
        return gl_value_hundredths(100 * of->group->sums[GL_SUM_VISITORS],
                                   more->visitors);
    case GL_METRIC_TIME_ON_PAGE:
        return more->engaged_visits == 0
                   ? GL_VALUE_NONE
                   : (double) ratio(more->engaged_ms,
                                    1000 * more->engaged_visits);
    case GL_METRIC_SCROLL_DEPTH:
        return more->depth_visits == 0
                   ? GL_VALUE_NONE
                   : (double) ratio(more->depth, more->depth_visits);
    case GL_METRIC_EXIT_RATE:
        return more->views == 0
                   ? GL_VALUE_NONE
                   : gl_value_hundredths(100 * of->group->sums[GL_SUM_VISITS],
                                         more->views);
    default:
        return 0;
    }
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
    case GL_METRIC_CONVERSIONS: /* a goal is a filter on events */
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
    case GL_METRIC_CONVERSION_RATE:
        return gl_value_hundredths(100 * sums[GL_SUM_VISITORS],
                                   of->counted->visitors);
    default:
        return value_of_more(of, metric);
    }
}

/* What is itself in percent is compared by the difference. */
static int
is_share(enum gl_metric metric)
{
    return metric == GL_METRIC_BOUNCE_RATE || metric == GL_METRIC_PERCENTAGE ||
           metric == GL_METRIC_CONVERSION_RATE ||
           metric == GL_METRIC_GROUP_CONVERSION_RATE ||
           metric == GL_METRIC_SCROLL_DEPTH || metric == GL_METRIC_EXIT_RATE;
}

/* METRIC, a share, is one of something. */
static int
had_share(const struct gl_value_of *of, enum gl_metric metric)
{
    switch (metric) {
    case GL_METRIC_PERCENTAGE:
        return of->counted->all.sums[GL_SUM_VISITORS] > 0;
    case GL_METRIC_CONVERSION_RATE:
        return of->counted->visitors > 0;
    case GL_METRIC_GROUP_CONVERSION_RATE:
        return more_of(of)->visitors > 0;
    case GL_METRIC_SCROLL_DEPTH:
    case GL_METRIC_EXIT_RATE:
        return 1; /* else it is null itself */
    default:
        return of->group->sums[GL_SUM_ENTRIES] > 0;
    }
}

static int
is_whole(enum gl_metric metric)
{
    return metric != GL_METRIC_VIEWS_PER_VISIT &&
           (!is_share(metric) || metric == GL_METRIC_BOUNCE_RATE ||
            metric == GL_METRIC_SCROLL_DEPTH);
}

static json_t *
number_json(enum gl_metric metric, double n)
{
    return is_whole(metric) ? json_integer((json_int_t) n) : json_real(n);
}

static json_t *
price_json(uint32_t currency, int64_t amount)
{
    char shorter[GL_PRICE_MAX], longer[GL_PRICE_MAX], code[4];

    gl_price_short(shorter, currency, amount);
    gl_price_long(longer, currency, amount);
    gl_currency_code(currency, code);
    return json_pack("{s:f, s:s, s:s, s:s}", "value", (double) amount / 1000,
                     "currency", code, "short", shorter, "long", longer);
}

json_t *
gl_value_json(const struct gl_value_of *of, enum gl_metric metric)
{
    double n = gl_value(of, metric);

    if (n == GL_VALUE_NONE)
        return json_null();
    if (metric == GL_METRIC_TOTAL_REVENUE ||
        metric == GL_METRIC_AVERAGE_REVENUE)
        return price_json(more_of(of)->currency, (int64_t) n);
    return number_json(metric, n);
}

json_t *
gl_value_change_json(enum gl_metric metric, const struct gl_value_of *now,
                     const struct gl_value_of *then)
{
    double after = gl_value(now, metric), before = gl_value(then, metric);
    int64_t a = llround(100 * after), b = llround(100 * before), percent;

    if (after == GL_VALUE_NONE || before == GL_VALUE_NONE)
        return json_null();
    if (is_share(metric))
        return had_share(then, metric)
                   ? number_json(metric, (double) (a - b) / 100)
                   : json_null();
    if (b == 0)
        return json_integer(a == 0 ? 0 : 100);
    percent =
        (int64_t) ratio((uint64_t) llabs(a - b) * 100, (uint64_t) llabs(b));
    return json_integer(a < b ? -percent : percent);
}
