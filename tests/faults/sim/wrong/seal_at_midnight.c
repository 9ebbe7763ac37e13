/* The day before is sealed from midnight on, not two hours later. */

#include "columns/seal_job.h"

int __real_gl_seal_job_start(struct gl_seal_job *job,
                             const struct gl_account *account);
int __wrap_gl_seal_job_start(struct gl_seal_job *job,
                             const struct gl_account *account);

int
__wrap_gl_seal_job_start(struct gl_seal_job *job,
                         const struct gl_account *account)
{
    job->before++;
    return __real_gl_seal_job_start(job, account);
}
