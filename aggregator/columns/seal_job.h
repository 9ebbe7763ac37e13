/*
 * Some days read, packed and unpacked again, in a thread of low priority, so
 * that they can be written together: a day of a small site is not worth a
 * commit.
 */

#ifndef GL_SEAL_JOB_H
#define GL_SEAL_JOB_H

#include "columns/sealed.h"
#include "jobs/reading.h"

#define GL_SEAL_DAYS 64                  /* of one job, at most */
#define GL_SEAL_BYTES ((size_t) 1 << 20) /* packed: with so many it ends */

struct gl_seal_found {
    struct gl_sealed_day day;
    struct gl_sealed *sealed; /* NULL: too many rows, which is to be noted */
};

struct gl_seal_job {
    struct gl_reading reading; /* is it there?  Its error. */
    int64_t before;            /* days before that one are over */
    struct gl_seal_sums sums;  /* .add NULL: none are sealed */
    /* the day looked at last; what comes after it is looked at */
    struct gl_sealed_day day;
    /* out: those to be sealed; none = there is none left */
    struct gl_seal_found found[GL_SEAL_DAYS];
    int n;
    size_t bytes; /* of all of them, packed */
    int later;    /* out: some were left, which will be sealed some day */
    /* out, when none is left: the first day that is not over and not sealed;
     * INT64_MAX = there is none */
    int64_t next;
    atomic_int stop;
};

/* The next days of ACCOUNT that are to be sealed; 0 or -enum
 * gl_store_error. */
int gl_seal_job_start(struct gl_seal_job *job,
                      const struct gl_account *account);
/* Give up what is under way; nothing of JOB is used any more. */
void gl_seal_job_stop(struct gl_seal_job *job);

#endif
