/*
 * Long work on files at rest or in use that must not hold up a round: a
 * backup of all data, a check of all data.  One at a time, in a thread of its
 * own with read-only connections; the writer thread starts it and asks how
 * far it is.
 *
 * While one runs no account and no site comes, goes or changes its file: every
 * row is then in one file, and once, and meta.db knows the files.
 */

#ifndef GL_JOBS_JOB_H
#define GL_JOBS_JOB_H

#include "conf.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

enum gl_job_kind { GL_JOB_BACKUP = 1, GL_JOB_CHECK = 2 };

struct gl_job;
struct gl_jobs; /* the last one, and its number */

/*
 * Begin.  IDS are the N accounts; TO is the new or empty folder of a backup,
 * absolute, made here.  NULL with a sentence in WHY.
 */
struct gl_job *gl_job_start(enum gl_job_kind kind, const struct gl_conf *conf,
                            char *const *ids, size_t n, const char *to,
                            char *why, size_t why_len);

/* 0, when JOB is NULL. */
int gl_job_running(struct gl_job *job);
enum gl_job_kind gl_job_kind(const struct gl_job *job);
struct gl_jobs *gl_jobs_new(void);
/* Ends what runs. */
void gl_jobs_free(struct gl_jobs *jobs);
/* The last one, or NULL: the writer thread, which alone begins them. */
struct gl_job *gl_jobs_last(const struct gl_jobs *jobs);
/* JOB is the last one now; its number. */
int64_t gl_jobs_put(struct gl_jobs *jobs, struct gl_job *job);
/* Any thread: {running, files, files_done, bytes, bytes_done, error?, faults:
 * [{file, fault}]} of the last one; NULL: ID is not its number. */
json_t *gl_jobs_json(struct gl_jobs *jobs, int64_t id);

#endif
