/* What is read for a refold; see refold_job.h. */

#include "days/refold_job.h"

#include "days/refold.h"

/* Nobody waits for a refold, but for a page. */
#define NICE 10

static int
run(void *arg, struct gl_account *reader)
{
    struct gl_refold_job *job = arg;

    return gl_refold_read(reader, &job->refold, &job->result);
}

int
gl_refold_job_start(struct gl_refold_job *job,
                    const struct gl_account *account)
{
    gl_refolded_free(job->result);
    job->result = NULL;
    job->reading.read = run;
    job->reading.arg = job;
    job->reading.nice = NICE;
    return gl_reading_start(&job->reading, account);
}

void
gl_refold_job_stop(struct gl_refold_job *job)
{
    atomic_store(&job->refold.stop, 1);
    gl_reading_ready(&job->reading, 1);
    gl_refolded_free(job->result);
    job->result = NULL;
}
