/*
 * What a job does to one file: a database copied or checked, and after it the
 * parked segments of its account.  The job's own thread.
 */

#include "jobs/job_internal.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "gl_assert.h"
#include "log.h"
#include "spool/parked.h"
#include "store/backup.h"
#include "store/check.h"

#define FAULTS_MAX 1000 /* told; a damaged file can have very many */

void
gl_job_add_fault_(void *arg, const char *sentence)
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

    if (strcmp(job->now->name, GL_JOB_FOLLOWED) == 0 &&
        json_array_size(job->faults) > 0) {
        g_strlcpy(why, "left out: no city can go on from a part of the rest",
                  GL_JOB_WHY_LEN);
        return -1;
    }
    gl_job_folder_of(&job->folder, job->now->id != NULL, &copy);
    copy.name = job->now->id != NULL ? strchr(job->now->name, '/') + 1
                                     : job->now->name;
    return gl_backup_run(&copy, note_bytes, job, why, GL_JOB_WHY_LEN);
}

/* ---- parked files of the account under way ---- */

static void
check_parked(struct gl_job *job, int folder, const char *name)
{
    struct gl_parked parked;
    char why[128], fault[GL_JOB_WHY_LEN];
    enum gl_parked_result result =
        gl_parked_read(&parked, folder, name, why, sizeof why);

    if (result == GL_PARKED_GONE) /* applied meanwhile */
        return;
    if (result == GL_PARKED_OK && parked.damaged)
        g_strlcpy(why, "some of its frames are damaged", sizeof why);
    if (result != GL_PARKED_OK || parked.damaged) {
        g_snprintf(fault, sizeof fault, "parked segment %s: %s", name, why);
        gl_job_add_fault_(job, fault);
    }
    if (result == GL_PARKED_OK)
        gl_parked_free(&parked);
}

/* Before the database: a segment that is applied between the two copies is in
 * both, and in the later one with its position (ingest/position.c). */
static void
copy_parked(struct gl_job *job, int folder, const char *name)
{
    int to = gl_parked_folder(job->folder.top_path, job->now->id, 1);
    char fault[GL_JOB_WHY_LEN];

    if (to == -1 ||
        (gl_parked_copy(folder, to, name) == -1 && errno != ENOENT)) {
        g_snprintf(fault, sizeof fault, "parked segment %s: %s", name,
                   g_strerror(errno));
        gl_job_add_fault_(job, fault);
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
    char fault[GL_JOB_WHY_LEN];

    if (names == NULL && errno != ENOENT) {
        g_snprintf(fault, sizeof fault, "parked segments: %s",
                   g_strerror(errno));
        gl_job_add_fault_(job, fault);
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
may_lack(const struct gl_job_file *file)
{
    return file->id != NULL || strcmp(file->name, GL_JOB_FOLLOWED) == 0;
}

static int
check(struct gl_job *job, const char *from)
{
    g_autofree char *meta = g_strdup_printf("%s/meta.db", job->data);
    struct gl_check all = {meta, is_stopping, gl_job_add_fault_, job};
    return job->now->id != NULL ? gl_check_account(&all, from, job->now->id)
                                : gl_check_meta(&all);
}

int
gl_job_do_file_(struct gl_job *job, const struct gl_job_file *file)
{
    g_autofree char *from = g_strdup_printf("%s/%s", job->data, file->name);
    char why[GL_JOB_WHY_LEN] = "glintod is stopping";

    job->now = file;
    if (file->id != NULL)
        each_parked(job,
                    job->kind == GL_JOB_BACKUP ? copy_parked : check_parked);
    int result = job->kind == GL_JOB_BACKUP ? back_up(job, from, why)
                                            : check(job, from);
    int done = result == 0;
    /* one damaged account does not keep the others from being copied */
    if (result != 0 && may_lack(file) && !is_stopping(job)) {
        gl_job_add_fault_(job, why);
        result = 0;
    }
    pthread_mutex_lock(&job->lock);
    if (result == 0) {
        job->files_done += (size_t) done;
        job->bytes_before += file->bytes;
        job->bytes_done = job->bytes_before;
    } else {
        g_strlcpy(job->error, why, sizeof job->error);
    }
    pthread_mutex_unlock(&job->lock);
    return result;
}
