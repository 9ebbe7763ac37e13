/* Medians; see usual.h. */

#include "summary/usual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "gl_assert.h"

#define NORMAL 1.4826

static int
compare(const void *left, const void *right)
{
    double a = *(const double *) left, b = *(const double *) right;

    return (a > b) - (a < b);
}

double
gl_median(const double *values, int n)
{
    double sorted[GL_SUMMARY_USUAL_MAX];

    GL_ASSERT(n >= 1 && n <= GL_SUMMARY_USUAL_MAX);
    memcpy(sorted, values, (size_t) n * sizeof *values);
    qsort(sorted, (size_t) n, sizeof *sorted, compare);
    return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
}

double
gl_mad(const double *values, int n, double middle)
{
    double away[GL_SUMMARY_USUAL_MAX];

    GL_ASSERT(n >= 1 && n <= GL_SUMMARY_USUAL_MAX);
    for (int i = 0; i < n; i++)
        away[i] = fabs(values[i] - middle);
    return NORMAL * gl_median(away, n);
}

struct gl_usual
gl_usual(const double *values, int n)
{
    struct gl_usual usual;

    GL_ASSERT(n > 1);
    usual.middle = gl_median(values + 1, n - 1);
    usual.spread = fmax(gl_mad(values + 1, n - 1, usual.middle),
                        sqrt(fmax(usual.middle, 1)));
    return usual;
}
