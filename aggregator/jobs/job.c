/*
 * The thread of a job and what it tells.
 *
 * Shared between the two threads, under LOCK: what json tells.  All else is
 * set before the thread begins and not changed.
 */

#include "jobs/job.h"

#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "gl_assert.h"
#include "jobs/folder.h"
#include "spool/parked.h"
#include "log.h"
#include "patience.h"
#include "store/backup.h"
#include "store/check.h"

#define FAULTS_MAX 1000 /* told; a damaged file can have very many */
#define WHY_LEN 512
/* Who waits for it has time. */
#define NICE 10

struct file {
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
    char error[WHY_LEN];
    json_t *faults;

    const struct file *now; /* the thread's own */
};

/* ---- what it tells ---- */

int
gl_job_running(struct gl_job *job)
{
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

static void
add_fault(void *arg, const char *sentence)
{
    struct gl_job *job = arg;

    GL_ASSERT(job->now != NULL);
    gl_log(GL_LOG_ERROR, "%s: %s", job->now->name, sentence);
    pthread_mutex_lock(&job->lock);
    if (json_array_size(job->faults) < FAULTS_MAX)
        json_array_append_new(job->faults,
                              json_pack("{s:s, s:s}", "file", job->now->name,
                                        "fault", sentence));
    pthread_mutex_unlock(&job->lock);
}

/* ---- the thread ---- */

static int
is_stopping(void *arg)
{
    struct gl_job *job = arg;

    return atomic_load(&job->stopping);
}

static int
note_bytes(void *arg, uint64_t bytes)
{
    struct gl_job *job = arg;

    GL_ASSERT(job->now != NULL);
    pthread_mutex_lock(&job->lock);
    job->bytes_done =
        MIN(job->bytes, job->bytes_before + MIN(bytes, job->now->bytes));
    pthread_mutex_unlock(&job->lock);
    return is_stopping(job);
}

static int
back_up(struct gl_job *job, const char *from, char *why)
{
    struct gl_backup_file copy = {.from = from};

    gl_job_folder_of(&job->folder, job->now->id != NULL, &copy);
    copy.name = job->now->id != NULL ? strchr(job->now->name, '/') + 1
                                     : job->now->name;
    return gl_backup_run(&copy, note_bytes, job, why, WHY_LEN);
}

/* ---- parked files of the account under way ---- */

static void
check_parked(struct gl_job *job, int folder, const char *name)
{
    struct gl_parked parked;
    char why[128], fault[WHY_LEN];
    enum gl_parked_result result =
        gl_parked_read(&parked, folder, name, why, sizeof why);

    if (result == GL_PARKED_GONE) /* applied meanwhile */
        return;
    if (result == GL_PARKED_OK && parked.damaged)
        g_strlcpy(why, "some of its frames are damaged", sizeof why);
    if (result != GL_PARKED_OK || parked.damaged) {
        g_snprintf(fault, sizeof fault, "parked segment %s: %s", name, why);
        add_fault(job, fault);
    }
    if (result == GL_PARKED_OK)
        gl_parked_free(&parked);
}

/* After the database: a segment that is applied between the two copies is in
 * neither, like one that waits in the spool; never in both without its
 * position, which stays as long as the file does. */
static void
copy_parked(struct gl_job *job, int folder, const char *name)
{
    int to = gl_parked_folder(job->folder.top_path, job->now->id, 1);
    char fault[WHY_LEN];

    if (to == -1 ||
        (gl_parked_copy(folder, to, name) == -1 && errno != ENOENT)) {
        g_snprintf(fault, sizeof fault, "parked segment %s: %s", name,
                   g_strerror(errno));
        add_fault(job, fault);
    }
    if (to != -1)
        close(to);
}

static void
each_parked(struct gl_job *job,
            void (*each)(struct gl_job *job, int folder, const char *name))
{
    int folder = gl_parked_folder(job->data, job->now->id, 0);
    GPtrArray *names = folder == -1 ? NULL : gl_parked_names(folder);
    char fault[WHY_LEN];

    if (names == NULL && errno != ENOENT) {
        g_snprintf(fault, sizeof fault, "parked segments: %s",
                   g_strerror(errno));
        add_fault(job, fault);
    }
    for (guint i = 0; names != NULL && i < names->len; i++)
        each(job, folder, names->pdata[i]);
    if (names != NULL)
        g_ptr_array_free(names, TRUE);
    if (folder != -1)
        close(folder);
}

/* ---- one file ---- */

static int
check(struct gl_job *job, const char *from)
{
    char *meta = g_strdup_printf("%s/meta.db", job->data);
    struct gl_check all = {meta, is_stopping, add_fault, job};
    int result = job->now->id != NULL
                     ? gl_check_account(&all, from, job->now->id)
                     : gl_check_meta(&all);

    g_free(meta);
    return result;
}

static int
do_file(struct gl_job *job, const struct file *file)
{
    char *from = g_strdup_printf("%s/%s", job->data, file->name);
    char why[WHY_LEN] = "glintod is stopping";
    int result, done;

    job->now = file;
    result = job->kind == GL_JOB_BACKUP ? back_up(job, from, why)
                                        : check(job, from);
    done = result == 0;
    /* one damaged account does not keep the others from being copied */
    if (result != 0 && file->id != NULL && !is_stopping(job)) {
        add_fault(job, why);
        result = 0;
    }
    if (result == 0 && file->id != NULL)
        each_parked(job,
                    job->kind == GL_JOB_BACKUP ? copy_parked : check_parked);
    pthread_mutex_lock(&job->lock);
    if (result == 0) {
        job->files_done += (size_t) done;
        job->bytes_before += file->bytes;
        job->bytes_done = job->bytes_before;
    } else {
        g_strlcpy(job->error, why, sizeof job->error);
    }
    pthread_mutex_unlock(&job->lock);
    g_free(from);
    return result;
}

/* meta.db comes last: a backup with it is whole. */
static void *
run(void *arg)
{
    struct gl_job *job = arg;
    int result = 0;

    GL_ASSERT(job->running && job->files->len > 0);
    gl_patience_begin(NICE);
    for (guint i = 0; i < job->files->len && result == 0; i++)
        result = do_file(job, g_ptr_array_index(job->files, i));
    pthread_mutex_lock(&job->lock);
    job->running = 0;
    pthread_mutex_unlock(&job->lock);
    return NULL;
}

/* ---- begin and end ---- */

static void
free_file(gpointer value)
{
    struct file *file = value;

    g_free(file->name);
    g_free(file->id);
    g_free(file);
}

static void
add_file(struct gl_job *job, const char *id)
{
    struct file *file = g_new0(struct file, 1);
    struct stat stat_buffer;
    char *path;

    file->id = g_strdup(id);
    file->name =
        id != NULL ? g_strdup_printf("acct/%s.db", id) : g_strdup("meta.db");
    path = g_strdup_printf("%s/%s", job->data, file->name);
    if (stat(path, &stat_buffer) == 0)
        file->bytes = (uint64_t) stat_buffer.st_size;
    g_free(path);
    job->bytes += file->bytes;
    g_ptr_array_add(job->files, file);
}

static struct gl_job *
new_job(enum gl_job_kind kind, const char *data)
{
    struct gl_job *job = g_new0(struct gl_job, 1);

    job->kind = kind;
    job->data = realpath(data, NULL);
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
    g_free(job);
}

/* Signals are the loop thread's: the writer thread has blocked them all. */
struct gl_job *
gl_job_start(enum gl_job_kind kind, const char *data, char *const *ids,
             size_t n, const char *to, char *why, size_t why_len)
{
    struct gl_job *job = new_job(kind, data);
    int error = 0;

    if (job->data == NULL) {
        g_snprintf(why, (gulong) why_len, "%s: %s", data, strerror(errno));
    } else if (kind != GL_JOB_BACKUP ||
               gl_job_folder_make(&job->folder, to, job->data, why, why_len) ==
                   0) {
        for (size_t i = 0; i < n; i++)
            add_file(job, ids[i]);
        add_file(job, NULL);
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
