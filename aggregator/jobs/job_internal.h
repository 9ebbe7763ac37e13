/* A job, for its two files: job.c has its thread, job_file.c what is done to
 * one file of it. */

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
    char *name; /* "meta.db", "acct/ID.db" */
    char *id;   /* NULL: meta.db */
    uint64_t bytes;
};

struct gl_job {
    enum gl_job_kind kind;
    pthread_t thread;
    atomic_int stopping;
    char *data; /* absolute, no links */
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

/* 0, or what the job ends with. */
int gl_job_do_file_(struct gl_job *job, const struct gl_job_file *file);

#endif
