/*
 * What is usual: the median of the weeks before; and how far weeks lie from
 * it by chance: the median of their distances, times 1.4826, which is the
 * standard deviation of a normal distribution ("MAD").  Half of the weeks
 * before may be anything, holes or records, and both stay.  Of counts the
 * spread is at least that of a Poisson distribution.  Pure.
 */

#ifndef GL_SUMMARY_USUAL_H
#define GL_SUMMARY_USUAL_H

/* Of N numbers, 1 to GL_SUMMARY_USUAL_MAX. */
#define GL_SUMMARY_USUAL_MAX 128
double gl_median(const double *values, int n);
/* 1.4826 times the median distance from MIDDLE. */
double gl_mad(const double *values, int n, double middle);

struct gl_usual {
    double middle, spread;
};
/* Of counts of weeks 1 to N - 1 in VALUES, N of them, N > 1. */
struct gl_usual gl_usual(const double *values, int n);

#endif
