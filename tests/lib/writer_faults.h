/*
 * System calls of the segment writer that count themselves and fail when told
 * to; everything else they do for real.
 */

#ifndef GL_TEST_WRITER_FAULTS_H
#define GL_TEST_WRITER_FAULTS_H

#include "gl_segment.h"

struct writer_faults {
    int calls, fail_at, error; /* the FAIL_AT-th call fails with ERROR */
    ssize_t cut;               /* next append writes only so much; -1 = all */
    int appends;
    off_t high; /* end of the last append */
    int twice;  /* appends that began below it */
};

extern struct writer_faults writer_faults;
extern const struct gl_writer_calls writer_faults_calls;

void writer_faults_reset(void);

#endif
