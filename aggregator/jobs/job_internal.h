/* A job, for its files: job.c has its thread, job_file.c what is done to one
 * file of it, job_city.c what is so while a city is copied. */

#ifndef GL_JOBS_JOB_INTERNAL_H
#define GL_JOBS_JOB_INTERNAL_H

#include <glib.h>
#include <jansson.h>
#include <pthread.h>
#include <stdatomic.h>

#include "jobs/folder.h"
#include "jobs/job.h"

#define GL_JOB_WHY_LEN 512

struct gl_job_file {
    char *name; /* "meta.db", "acct/ID.db", "followed.db" */
    char *id;   /* NULL: no account's */
    uint64_t bytes;
};

struct gl_job {
    enum gl_job_kind kind;
    pthread_t thread;
    atomic_int stopping;
    char *data;     /* absolute, no links */
    char *followed; /* of a city that is backed up; or NULL */
    int hold;       /* store/hold.h; -1 = none */
    struct gl_job_folder folder;
    GPtrArray *files;

    pthread_mutex_t lock;
    int running;
    size_t files_done;
    uint64_t bytes, bytes_before, bytes_done;
    char error[GL_JOB_WHY_LEN];
    json_t *faults;

    const struct gl_job_file *now; /* the thread's own */
};

#define GL_JOB_FOLLOWED "followed.db"

/* 0, or what the job ends with. */
int gl_job_do_file_(struct gl_job *job, const struct gl_job_file *file);
void gl_job_add_fault_(void *job, const char *sentence);

/* Before the first file of a city: 0, or -1 with a sentence in WHY. */
int gl_job_begin_city_(struct gl_job *job, char *why);

#endif
