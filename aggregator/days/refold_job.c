/* The thread that reads for a refold; see refold_job.h. */

#define _GNU_SOURCE

#include "days/refold_job.h"

#include "days/refold.h"

#include <sys/resource.h>

/* Nobody waits for a refold, but for a page. */
#define NICE 10

/* Signals are the loop thread's: the ingest thread has blocked them all. */
static void *
run(void *arg)
{
    struct gl_refold_job *job = arg;

    setpriority(PRIO_PROCESS, 0, NICE); /* of this thread alone */
    job->error = gl_account_read(job->reader);
    if (job->error == 0)
        job->error = gl_refold_read(job->reader, &job->refold, &job->result);
    if (job->error < 0)
        g_strlcpy(job->why, gl_account_why(job->reader), sizeof job->why);
    gl_account_reader_free(job->reader);
    job->reader = NULL;
    atomic_store(&job->ready, 1);
    return NULL;
}

int
gl_refold_job_start(struct gl_refold_job *job,
                    const struct gl_account *account)
{
    gl_refolded_free(job->result);
    job->result = NULL;
    job->reader = gl_account_reader(account);
    atomic_store(&job->ready, 0);
    job->running = job->reader != NULL &&
                   pthread_create(&job->thread, NULL, run, job) == 0;
    if (job->running)
        return 0;
    gl_account_reader_free(job->reader);
    job->reader = NULL;
    return -GL_STORE_ENVIRONMENT;
}

int
gl_refold_job_ready(struct gl_refold_job *job, int wait)
{
    if (!wait && !atomic_load(&job->ready))
        return 0;
    if (job->running)
        pthread_join(job->thread, NULL);
    job->running = 0;
    return 1;
}

void
gl_refold_job_stop(struct gl_refold_job *job)
{
    atomic_store(&job->refold.stop, 1);
    gl_refold_job_ready(job, 1);
    gl_refolded_free(job->result);
    job->result = NULL;
}
