/*
 * The thread that reads for a refold, one part at a time, so that rounds go
 * on meanwhile.
 */

#ifndef GL_REFOLD_JOB_H
#define GL_REFOLD_JOB_H

#include <pthread.h>

#include "days/refold.h"

struct gl_refold_job {
    struct gl_refold refold;    /* the thread's until it is ready */
    struct gl_refolded *result; /* of the last part */
    int error;                  /* -enum gl_store_error, or 0 */
    char why[256];

    struct gl_account *reader;
    pthread_t thread;
    int running;
    atomic_int ready;
};

/* Read the part refold.part of ACCOUNT's file; 0 or -enum gl_store_error. */
int gl_refold_job_start(struct gl_refold_job *job,
                        const struct gl_account *account);
/* 1 = result and error are there; WAIT for it. */
int gl_refold_job_ready(struct gl_refold_job *job, int wait);
/* Give up what is under way; nothing of JOB is used any more. */
void gl_refold_job_stop(struct gl_refold_job *job);

#endif
