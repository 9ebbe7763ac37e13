/*
 * What is read for a refold, one part at a time, so that rounds go on
 * meanwhile.
 */

#ifndef GL_REFOLD_JOB_H
#define GL_REFOLD_JOB_H

#include "days/refold.h"
#include "jobs/reading.h"

struct gl_refold_job {
    struct gl_refold refold;    /* the thread's until it is ready */
    struct gl_refolded *result; /* of the last part */
    struct gl_reading reading;  /* is the last part there?  Its error. */
};

/* Read the part refold.part of ACCOUNT's file; 0 or -enum gl_store_error. */
int gl_refold_job_start(struct gl_refold_job *job,
                        const struct gl_account *account);
/* Give up what is under way; nothing of JOB is used any more. */
void gl_refold_job_stop(struct gl_refold_job *job);

#endif
