/*
 * The thread of a job and what it tells.
 *
 * Shared between the two threads, under LOCK: what json tells.  All else is
 * set before the thread begins and not changed.
 */

#include "jobs/job_internal.h"

#include <errno.h>
#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gl_assert.h"
#include "patience.h"

/* Who waits for it has time. */
#define NICE 10

/* ---- what it tells ---- */

int
gl_job_running(struct gl_job *job)
{
    if (job == NULL)
        return 0;
    pthread_mutex_lock(&job->lock);
    int running = job->running;
    pthread_mutex_unlock(&job->lock);
    return running;
}

enum gl_job_kind
gl_job_kind(const struct gl_job *job)
{
    return job->kind;
}

static json_t *
json_of(struct gl_job *job)
{
    pthread_mutex_lock(&job->lock);
    json_t *answer = json_pack(
        "{s:b, s:I, s:I, s:I, s:I, s:o}", "running", job->running, "files",
        (json_int_t) job->files->len, "files_done",
        (json_int_t) job->files_done, "bytes", (json_int_t) job->bytes,
        "bytes_done", (json_int_t) job->bytes_done, "faults",
        json_deep_copy(job->faults));
    if (job->error[0] != '\0')
        json_object_set_new(answer, "error", json_string(job->error));
    pthread_mutex_unlock(&job->lock);
    return answer;
}

/* ---- the thread ---- */

/* A fault leaves followed.db out, which is behind all accounts. */
static void
begin_city(struct gl_job *job)
{
    char why[GL_JOB_WHY_LEN];

    job->now = g_ptr_array_index(job->files, job->files->len - 2);
    if (gl_job_begin_city_(job, why) != 0 && !atomic_load(&job->stopping))
        gl_job_add_fault_(job, why);
}

/* meta.db comes last: a backup with it is whole. */
static void *
run(void *arg)
{
    struct gl_job *job = arg;
    int result = 0;

    GL_ASSERT(job->running && job->files->len > 0);
    gl_patience_begin(NICE);
    if (job->followed != NULL)
        begin_city(job);
    for (guint i = 0; i < job->files->len && result == 0; i++)
        result = gl_job_do_file_(job, g_ptr_array_index(job->files, i));
    if (job->hold != -1)
        close(job->hold);
    pthread_mutex_lock(&job->lock);
    job->running = 0;
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

/* ---- begin and end ---- */

static void
free_file(gpointer value)
{
    struct gl_job_file *file = value;

    g_free(file->name);
    g_free(file->id);
    g_free(file);
}

/* NAME, the job's, is of account ID, or of none. */
static void
add_file(struct gl_job *job, char *name, const char *id)
{
    struct gl_job_file *file = g_new0(struct gl_job_file, 1);
    struct stat stat_buffer;

    file->id = g_strdup(id);
    file->name = name;
    g_autofree char *path = g_strdup_printf("%s/%s", job->data, file->name);
    if (stat(path, &stat_buffer) == 0)
        file->bytes = (uint64_t) stat_buffer.st_size;
    job->bytes += file->bytes;
    g_ptr_array_add(job->files, file);
}

static struct gl_job *
new_job(enum gl_job_kind kind, const char *data)
{
    struct gl_job *job = g_new0(struct gl_job, 1);

    job->kind = kind;
    job->data = realpath(data, NULL);
    job->hold = -1;
    job->folder = (struct gl_job_folder){-1, -1, NULL, NULL};
    job->files = g_ptr_array_new_with_free_func(free_file);
    job->faults = json_array();
    pthread_mutex_init(&job->lock, NULL);
    atomic_init(&job->stopping, 0);
    return job;
}

/* End it where it is. */
static void
free_job(struct gl_job *job)
{
    if (job == NULL)
        return;
    atomic_store(&job->stopping, 1);
    if (job->thread != 0)
        pthread_join(job->thread, NULL);
    gl_job_folder_close(&job->folder);
    g_ptr_array_free(job->files, TRUE);
    json_decref(job->faults);
    pthread_mutex_destroy(&job->lock);
    free(job->data);
    g_free(job->followed);
    g_free(job);
}

/* Signals are the loop thread's: the writer thread has blocked them all. */
struct gl_job *
gl_job_start(enum gl_job_kind kind, const struct gl_conf *conf,
             char *const *ids, size_t n, const char *to, char *why,
             size_t why_len)
{
    const char *data = conf->data;
    struct gl_job *job = new_job(kind, data);
    int error = 0;

    if (kind == GL_JOB_BACKUP && conf->follow[0] != '\0')
        job->followed = g_strdup(conf->followed);

    if (job->data == NULL) {
        g_snprintf(why, (gulong) why_len, "%s: %s", data, strerror(errno));
    } else if (kind != GL_JOB_BACKUP ||
               gl_job_folder_make(&job->folder, to, job->data, why, why_len) ==
                   0) {
        for (size_t i = 0; i < n; i++)
            add_file(job, g_strdup_printf("acct/%s.db", ids[i]), ids[i]);
        if (job->followed != NULL)
            add_file(job, g_strdup(GL_JOB_FOLLOWED), NULL);
        add_file(job, g_strdup("meta.db"), NULL);
        job->running = 1;
        error = pthread_create(&job->thread, NULL, run, job);
        if (error == 0)
            return job;
        g_snprintf(why, (gulong) why_len, "no thread: %s", strerror(error));
    }
    job->thread = 0;
    free_job(job);
    return NULL;
}

/* ---- the last one ---- */

struct gl_jobs {
    pthread_mutex_t lock; /* of what follows; changed by the writer thread */
    struct gl_job *last;
    int64_t id;
};

struct gl_jobs *
gl_jobs_new(void)
{
    struct gl_jobs *jobs = g_new0(struct gl_jobs, 1);

    pthread_mutex_init(&jobs->lock, NULL);
    return jobs;
}

void
gl_jobs_free(struct gl_jobs *jobs)
{
    free_job(jobs->last);
    pthread_mutex_destroy(&jobs->lock);
    g_free(jobs);
}

struct gl_job *
gl_jobs_last(const struct gl_jobs *jobs)
{
    return jobs->last;
}

int64_t
gl_jobs_put(struct gl_jobs *jobs, struct gl_job *job)
{
    struct gl_job *before = jobs->last;

    pthread_mutex_lock(&jobs->lock);
    jobs->last = job;
    jobs->id++;
    pthread_mutex_unlock(&jobs->lock);
    free_job(before);
    return jobs->id;
}

json_t *
gl_jobs_json(struct gl_jobs *jobs, int64_t id)
{
    json_t *json = NULL;

    pthread_mutex_lock(&jobs->lock);
    if (jobs->last != NULL && id == jobs->id)
        json = json_of(jobs->last);
    pthread_mutex_unlock(&jobs->lock);
    return json;
}
