/*
 * The thread of an errand and what it tells.
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

#include "jobs/folder.h"
#include "spool/parked.h"
#include "log.h"
#include "store/backup.h"
#include "store/check.h"

#define FAULTS_MAX 1000 /* told; a damaged file can have very many */
#define WHY_LEN 512

struct file {
    char *name; /* "meta.db", "acct/ID.db" */
    char *id;   /* NULL: meta.db */
    uint64_t bytes;
};

struct gl_errand {
    enum gl_errand_kind kind;
    pthread_t thread;
    atomic_int stopping;
    char *data; /* absolute, no links */
    struct gl_errand_folder folder;
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
gl_errand_running(struct gl_errand *errand)
{
    pthread_mutex_lock(&errand->lock);
    int running = errand->running;
    pthread_mutex_unlock(&errand->lock);
    return running;
}

enum gl_errand_kind
gl_errand_kind(const struct gl_errand *errand)
{
    return errand->kind;
}

json_t *
gl_errand_json(struct gl_errand *errand)
{
    pthread_mutex_lock(&errand->lock);
    json_t *answer = json_pack(
        "{s:b, s:I, s:I, s:I, s:I, s:o}", "running", errand->running, "files",
        (json_int_t) errand->files->len, "files_done",
        (json_int_t) errand->files_done, "bytes", (json_int_t) errand->bytes,
        "bytes_done", (json_int_t) errand->bytes_done, "faults",
        json_deep_copy(errand->faults));
    if (errand->error[0] != '\0')
        json_object_set_new(answer, "error", json_string(errand->error));
    pthread_mutex_unlock(&errand->lock);
    return answer;
}

static void
add_fault(void *arg, const char *sentence)
{
    struct gl_errand *errand = arg;

    gl_log(GL_LOG_ERROR, "%s: %s", errand->now->name, sentence);
    pthread_mutex_lock(&errand->lock);
    if (json_array_size(errand->faults) < FAULTS_MAX)
        json_array_append_new(errand->faults,
                              json_pack("{s:s, s:s}", "file",
                                        errand->now->name, "fault", sentence));
    pthread_mutex_unlock(&errand->lock);
}

/* ---- the thread ---- */

static int
is_stopping(void *arg)
{
    struct gl_errand *errand = arg;

    return atomic_load(&errand->stopping);
}

static int
note_bytes(void *arg, uint64_t bytes)
{
    struct gl_errand *errand = arg;

    pthread_mutex_lock(&errand->lock);
    errand->bytes_done = MIN(
        errand->bytes, errand->bytes_before + MIN(bytes, errand->now->bytes));
    pthread_mutex_unlock(&errand->lock);
    return is_stopping(errand);
}

static int
back_up(struct gl_errand *errand, const char *from, char *why)
{
    struct gl_backup_file copy = {.from = from};

    gl_errand_folder_of(&errand->folder, errand->now->id != NULL, &copy);
    copy.name = errand->now->id != NULL ? strchr(errand->now->name, '/') + 1
                                        : errand->now->name;
    return gl_backup_run(&copy, note_bytes, errand, why, WHY_LEN);
}

/* ---- parked files of the account under way ---- */

static void
check_parked(struct gl_errand *errand, int folder, const char *name)
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
        add_fault(errand, fault);
    }
    if (result == GL_PARKED_OK)
        gl_parked_free(&parked);
}

/* After the database: a segment that is applied between the two copies is in
 * neither, like one that waits in the spool; never in both without its
 * position, which stays as long as the file does. */
static void
copy_parked(struct gl_errand *errand, int folder, const char *name)
{
    int to = gl_parked_folder(errand->folder.top_path, errand->now->id, 1);
    char fault[WHY_LEN];

    if (to == -1 ||
        (gl_parked_copy(folder, to, name) == -1 && errno != ENOENT)) {
        g_snprintf(fault, sizeof fault, "parked segment %s: %s", name,
                   g_strerror(errno));
        add_fault(errand, fault);
    }
    if (to != -1)
        close(to);
}

static void
each_parked(struct gl_errand *errand,
            void (*each)(struct gl_errand *errand, int folder,
                         const char *name))
{
    int folder = gl_parked_folder(errand->data, errand->now->id, 0);
    GPtrArray *names = folder == -1 ? NULL : gl_parked_names(folder);
    char fault[WHY_LEN];

    if (names == NULL && errno != ENOENT) {
        g_snprintf(fault, sizeof fault, "parked segments: %s",
                   g_strerror(errno));
        add_fault(errand, fault);
    }
    for (guint i = 0; names != NULL && i < names->len; i++)
        each(errand, folder, names->pdata[i]);
    if (names != NULL)
        g_ptr_array_free(names, TRUE);
    if (folder != -1)
        close(folder);
}

/* ---- one file ---- */

static int
check(struct gl_errand *errand, const char *from)
{
    char *meta = g_strdup_printf("%s/meta.db", errand->data);
    struct gl_check all = {meta, is_stopping, add_fault, errand};
    int result = errand->now->id != NULL
                     ? gl_check_account(&all, from, errand->now->id)
                     : gl_check_meta(&all);

    g_free(meta);
    return result;
}

static int
do_file(struct gl_errand *errand, const struct file *file)
{
    char *from = g_strdup_printf("%s/%s", errand->data, file->name);
    char why[WHY_LEN] = "glintod is stopping";
    int result, done;

    errand->now = file;
    result = errand->kind == GL_ERRAND_BACKUP ? back_up(errand, from, why)
                                              : check(errand, from);
    done = result == 0;
    /* one damaged account does not keep the others from being copied */
    if (result != 0 && file->id != NULL && !is_stopping(errand)) {
        add_fault(errand, why);
        result = 0;
    }
    if (result == 0 && file->id != NULL)
        each_parked(errand, errand->kind == GL_ERRAND_BACKUP ? copy_parked
                                                             : check_parked);
    pthread_mutex_lock(&errand->lock);
    if (result == 0) {
        errand->files_done += (size_t) done;
        errand->bytes_before += file->bytes;
        errand->bytes_done = errand->bytes_before;
    } else {
        g_strlcpy(errand->error, why, sizeof errand->error);
    }
    pthread_mutex_unlock(&errand->lock);
    g_free(from);
    return result;
}

/* meta.db comes last: a backup with it is whole. */
static void *
run(void *arg)
{
    struct gl_errand *errand = arg;
    int result = 0;

    for (guint i = 0; i < errand->files->len && result == 0; i++)
        result = do_file(errand, g_ptr_array_index(errand->files, i));
    pthread_mutex_lock(&errand->lock);
    errand->running = 0;
    pthread_mutex_unlock(&errand->lock);
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
add_file(struct gl_errand *errand, const char *id)
{
    struct file *file = g_new0(struct file, 1);
    struct stat stat_buffer;
    char *path;

    file->id = g_strdup(id);
    file->name =
        id != NULL ? g_strdup_printf("acct/%s.db", id) : g_strdup("meta.db");
    path = g_strdup_printf("%s/%s", errand->data, file->name);
    if (stat(path, &stat_buffer) == 0)
        file->bytes = (uint64_t) stat_buffer.st_size;
    g_free(path);
    errand->bytes += file->bytes;
    g_ptr_array_add(errand->files, file);
}

static struct gl_errand *
new_errand(enum gl_errand_kind kind, const char *data)
{
    struct gl_errand *errand = g_new0(struct gl_errand, 1);

    errand->kind = kind;
    errand->data = realpath(data, NULL);
    errand->folder = (struct gl_errand_folder){-1, -1, NULL, NULL};
    errand->files = g_ptr_array_new_with_free_func(free_file);
    errand->faults = json_array();
    pthread_mutex_init(&errand->lock, NULL);
    atomic_init(&errand->stopping, 0);
    return errand;
}

/* Signals are the loop thread's: the ingest thread has blocked them all. */
struct gl_errand *
gl_errand_start(enum gl_errand_kind kind, const char *data, char *const *ids,
                size_t n, const char *to, char *why, size_t why_len)
{
    struct gl_errand *errand = new_errand(kind, data);
    int error = 0;

    if (errand->data == NULL) {
        g_snprintf(why, (gulong) why_len, "%s: %s", data, strerror(errno));
    } else if (kind != GL_ERRAND_BACKUP ||
               gl_errand_folder_make(&errand->folder, to, errand->data, why,
                                     why_len) == 0) {
        for (size_t i = 0; i < n; i++)
            add_file(errand, ids[i]);
        add_file(errand, NULL);
        errand->running = 1;
        error = pthread_create(&errand->thread, NULL, run, errand);
        if (error == 0)
            return errand;
        g_snprintf(why, (gulong) why_len, "no thread: %s", strerror(error));
    }
    errand->thread = 0;
    gl_errand_free(errand);
    return NULL;
}

void
gl_errand_free(struct gl_errand *errand)
{
    if (errand == NULL)
        return;
    atomic_store(&errand->stopping, 1);
    if (errand->thread != 0)
        pthread_join(errand->thread, NULL);
    gl_errand_folder_close(&errand->folder);
    g_ptr_array_free(errand->files, TRUE);
    json_decref(errand->faults);
    pthread_mutex_destroy(&errand->lock);
    free(errand->data);
    g_free(errand);
}
