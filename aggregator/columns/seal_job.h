/*
 * A day read, packed and unpacked again, in a thread of low priority, so that
 * it can be written.
 */

#ifndef GL_SEAL_JOB_H
#define GL_SEAL_JOB_H

#include "columns/sealed.h"
#include "jobs/reading.h"

struct gl_seal_job {
    struct gl_reading reading; /* is it there?  Its error. */
    int64_t before;            /* days before that one are over */
    struct gl_seal_sums sums;  /* .add NULL: none are sealed */
    /* the day looked at last; what comes after it is looked at */
    struct gl_sealed_day day;
    /* out: that day; NULL = there is none left */
    struct gl_sealed *sealed;
    int many;  /* out: it has too many rows, which is to be noted */
    int later; /* out: some were left, which will be sealed some day */
    atomic_int stop;
};

/* The next day of ACCOUNT that is to be sealed; 0 or -enum gl_store_error. */
int gl_seal_job_start(struct gl_seal_job *job,
                      const struct gl_account *account);
/* Give up what is under way; nothing of JOB is used any more. */
void gl_seal_job_stop(struct gl_seal_job *job);

#endif
