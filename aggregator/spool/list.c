/*
 * Which segments there are.  The directory is listed at the first read, when
 * somebody rings, when its modification time changed, and every second.
 * Temporary files nobody locks any more are removed: no frame can be in one.
 */

#include "gl_assert.h"
#include "spool/spool_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static int
by_name(const void *a, const void *b)
{
    const struct gl_spool_file *const *x = a, *const *y = b;

    return strcmp((*x)->name, (*y)->name);
}

static int
by_age(const void *a, const void *b)
{
    const struct gl_spool_file *const *x = a, *const *y = b;
    int64_t one = (*x)->segment.header.wall_ms;
    int64_t other = (*y)->segment.header.wall_ms;

    if (one != other)
        return one < other ? -1 : 1;
    return by_name(a, b);
}

size_t
gl_spool_place_(const struct gl_spool *spool, const char *name)
{
    size_t low = 0, high = spool->files_n, middle;

    while (low < high) {
        middle = low + (high - low) / 2;
        if (strcmp(spool->files[middle]->name, name) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct gl_spool_file *
gl_spool_find_(const struct gl_spool *spool, const char *name)
{
    size_t at = gl_spool_place_(spool, name);

    if (at < spool->files_n && strcmp(spool->files[at]->name, name) == 0)
        return spool->files[at];
    return NULL;
}

void
gl_spool_gone_(struct gl_spool *spool, const struct gl_spool_file *file)
{
    uint8_t id[GL_SEGMENT_ID_BYTES];

    if (gl_segment_name_read(id, file->name) == 0)
        g_byte_array_append(spool->removed, id, sizeof id);
    spool->dir_changed = 1;
}

void
gl_spool_forget_(struct gl_spool *spool, struct gl_spool_file *file)
{
    size_t i, kept = 0;

    for (i = 0; i < spool->files_n; i++)
        if (spool->files[i] != file)
            spool->files[kept++] = spool->files[i];
    GL_ASSERT(kept + 1 == spool->files_n);
    spool->files_n = kept;
    spool->by_age_stale = 1;
    gl_spool_shut_(spool, file);
    free(file);
}

/* No frame is in a t- file of ours; of another format who knows. */
static int
may_hold_frames(struct gl_spool *spool, int fd)
{
    uint8_t page[16] = {0};
    int claim;

    if (spool->calls->pread(fd, page, sizeof page, 0) == -1)
        return 1;
    claim = gl_segment_claim(page);
    return claim != -1 && !gl_segment_is_known((uint16_t) claim);
}

/* A t- file: its maker takes microseconds to lock and rename it. */
static void
consider_debris(struct gl_spool *spool, const char *name, int64_t wall_ms)
{
    struct stat st;
    int fd;

    fd = spool->calls->openat(
        spool->dirfd, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
    if (fd == -1)
        return;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) &&
        wall_ms - st.st_mtim.tv_sec * 1000 > GL_SPOOL_DEBRIS_MS &&
        spool->calls->flock(fd, LOCK_SH | LOCK_NB) == 0 &&
        !may_hold_frames(spool, fd) &&
        spool->calls->unlinkat(spool->dirfd, name, 0) == 0)
        gl_spool_note_(spool, "removed %s, left by a worker that died", name);
    close(fd);
}

static int
is_segment_name(const char *name)
{
    return gl_segment_name_ends(name) && strlen(name) < GL_SEGMENT_NAME_MAX;
}

/* Room for one more pointer in both arrays; 0 or -1. */
static int
grow(struct gl_spool *spool)
{
    size_t bigger = spool->files_cap == 0 ? 64 : 2 * spool->files_cap;
    struct gl_spool_file **files, **ages;

    if (spool->files_n < spool->files_cap)
        return 0;
    files = reallocarray(spool->files, bigger, sizeof *files);
    if (files == NULL)
        return -1;
    spool->files = files;
    ages = reallocarray(spool->by_age, bigger, sizeof *ages);
    if (ages == NULL)
        return -1;
    spool->by_age = ages;
    spool->files_cap = bigger;
    return 0;
}

/* Append, unsorted: the caller sorts once at the end of the listing. */
static void
add_file(struct gl_spool *spool, const char *name)
{
    struct gl_spool_file *file;

    if (spool->files_n >= GL_SPOOL_FILES_MAX) {
        if (!spool->too_many)
            gl_spool_note_(spool, "more than %d segments, the others wait",
                           GL_SPOOL_FILES_MAX);
        spool->too_many = 1;
        spool->unlisted++;
        return;
    }
    file = grow(spool) == 0 ? calloc(1, sizeof *file) : NULL;
    if (file == NULL) { /* the next listing tries again */
        spool->unlisted++;
        return;
    }
    memcpy(file->name, name, strlen(name));
    file->fd = -1;
    file->listed = 1;
    spool->files[spool->files_n++] = file;
    spool->dir_changed = 1;
}

/* Names that vanished without us: only what the caller may hold stays. */
static void
forget_vanished(struct gl_spool *spool)
{
    size_t i, kept = 0;

    for (i = 0; i < spool->files_n; i++) {
        struct gl_spool_file *file = spool->files[i];

        if (file->listed || file->state == GL_SPOOL_READING ||
            file->state == GL_SPOOL_COMPLETE) {
            spool->files[kept++] = file;
            continue;
        }
        gl_spool_gone_(spool, file);
        gl_spool_shut_(spool, file);
        free(file);
    }
    spool->files_n = kept;
}

static void
list(struct gl_spool *spool, DIR *dir, int64_t wall_ms)
{
    const size_t known = spool->files_n;
    const struct dirent *entry;
    struct gl_spool_file *file;
    size_t i;

    for (i = 0; i < known; i++)
        spool->files[i]->listed = 0;
    spool->unlisted = 0;
    while ((errno = 0, entry = readdir(dir)) != NULL) {
        if (strncmp(entry->d_name, GL_SEGMENT_TEMP_PREFIX, 2) == 0) {
            consider_debris(spool, entry->d_name, wall_ms);
            continue;
        }
        if (!is_segment_name(entry->d_name))
            continue;
        i = spool->files_n;
        spool->files_n = known; /* only these are sorted yet */
        file = gl_spool_find_(spool, entry->d_name);
        spool->files_n = i;
        if (file != NULL)
            file->listed = 1;
        else
            add_file(spool, entry->d_name);
    }
    if (errno == 0) {
        forget_vanished(spool);
    } else { /* what else there is nobody knows */
        spool->stats.read_errors++;
        spool->unlisted++;
    }
    if (spool->files_n > 0)
        qsort(spool->files, spool->files_n, sizeof *spool->files, by_name);
    for (i = 0; i < spool->files_n; i++)
        if (spool->files[i]->state == GL_SPOOL_NEW)
            gl_spool_inspect_(spool, spool->files[i]);
    spool->by_age_stale = 1;
}

static int
same_time(struct timespec a, struct timespec b)
{
    return a.tv_sec == b.tv_sec && a.tv_nsec == b.tv_nsec;
}

static void
sort_by_age(struct gl_spool *spool)
{
    if (!spool->by_age_stale || spool->files_n == 0)
        return;
    memcpy(spool->by_age, spool->files, spool->files_n * sizeof *spool->files);
    qsort(spool->by_age, spool->files_n, sizeof *spool->by_age, by_age);
    spool->by_age_stale = 0;
}

void
gl_spool_list_(struct gl_spool *spool, int64_t wall_ms)
{
    struct stat st;
    DIR *dir;
    int fd;

    if (fstat(spool->dirfd, &st) == -1)
        memset(&st.st_mtim, 0, sizeof st.st_mtim);
    if (spool->ring || spool->listed_at_ms == 0 ||
        !same_time(st.st_mtim, spool->listed_mtime) ||
        spool->now_ms - spool->listed_at_ms >= GL_SPOOL_LIST_MS) {
        fd = spool->calls->openat(spool->dirfd, ".",
                                  O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
        dir = fd == -1 ? NULL : fdopendir(fd);
        if (dir != NULL) {
            spool->ring = 0;
            spool->listed_mtime = st.st_mtim;
            spool->listed_at_ms = spool->now_ms;
            list(spool, dir, wall_ms);
            closedir(dir);
        } else {
            spool->stats.read_errors++;
            if (fd != -1)
                close(fd);
        }
    }
    sort_by_age(spool);
}
