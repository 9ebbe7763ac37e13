/*
 * The system calls of the product's files, on the fake disk.  Only what they
 * use: one directory, files in it, locks.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* statx, struct dirent64 */
#endif

#include "calls.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define FIRST_FD 1000
#define HANDLES 256

static struct sim_handle handles[HANDLES];

int
sim_call_fail(int error)
{
    errno = error;
    return -1;
}

int
sim_call_fails(void)
{
    int agent = sim_place() == SIM_AGENT;

    if (!sim_fault_in(agent ? sim.plan.agent_io : sim.plan.worker_io))
        return 0;
    if (agent)
        sim.trouble_us = sim.now_us;
    sim_note("  ... and fails");
    return 1;
}

struct sim_handle *
sim_call_handle(int fd)
{
    if (fd < FIRST_FD || fd >= FIRST_FD + HANDLES ||
        !handles[fd - FIRST_FD].used)
        return NULL;
    return &handles[fd - FIRST_FD];
}

static int
open_handle(int file)
{
    for (int i = 0; i < HANDLES; i++)
        if (!handles[i].used) {
            handles[i] = (struct sim_handle){
                .used = 1, .place = sim_place(), .file = file};
            return FIRST_FD + i;
        }
    return sim_call_fail(EMFILE);
}

void
sim_calls_close_all(int place)
{
    for (int i = 0; i < HANDLES; i++) {
        struct sim_handle *h = &handles[i];
        size_t page = 4096 - h->rest_at % 4096;

        if (!h->used || h->place != place)
            continue;
        if (h->rest_len > 0)
            sim_disk_write(h->file, h->rest,
                           h->rest_len < page ? h->rest_len : page,
                           h->rest_at);
        h->used = 0;
    }
}

void
sim_calls_reset(void)
{
    memset(handles, 0, sizeof handles);
}

/* ---- files ---- */

int __wrap_open(const char *path, int flags, ...);
int __wrap_openat(int dirfd, const char *name, int flags, ...);
int __wrap_close(int fd);
int __wrap_fchmod(int fd, mode_t mode);
int __wrap_fstat(int fd, struct stat *st);
int __wrap_stat(const char *path, struct stat *st);
int __wrap_fstatfs(int fd, struct statfs *fs);
int __wrap_statx(int dirfd, const char *name, int flags, unsigned mask,
                 struct statx *stx);
int __wrap_mkdirat(int dirfd, const char *name, mode_t mode);
int __wrap_flock(int fd, int operation);
int __wrap_fallocate(int fd, int mode, off_t at, off_t len);
ssize_t __wrap_pread(int fd, void *buf, size_t len, off_t at);
ssize_t __wrap_pwrite(int fd, const void *buf, size_t len, off_t at);
int __wrap_renameat2(int dirfd, const char *from, int todir, const char *to,
                     unsigned flags);
int __wrap_unlinkat(int dirfd, const char *name, int flags);
int __wrap_fsync(int fd);
int __wrap_fdatasync(int fd);
ssize_t __wrap_getrandom(void *buf, size_t len, unsigned flags);

int
__wrap_open(const char *path, int flags, ...)
{
    (void) path;
    (void) flags;
    return open_handle(SIM_DIRECTORY);
}

int
__wrap_openat(int dirfd, const char *name, int flags, ...)
{
    int file;

    sim_op(flags & O_CREAT ? SIM_HEAVY : SIM_LIGHT, "openat");
    (void) dirfd;
    if (sim_call_fails())
        return sim_call_fail(sim_one_in(2) ? EMFILE : EIO);
    if (strcmp(name, ".") == 0)
        return open_handle(SIM_DIRECTORY);
    file = sim_disk_find(name);
    if (file != -1 && flags & O_EXCL)
        return sim_call_fail(EEXIST);
    if (file != -1 && flags & O_WRONLY)
        sim_violation("%s is opened for writing again", name);
    if (file == -1 && !(flags & O_CREAT)) /* bad/ too */
        return sim_call_fail(ENOENT);
    if (file == -1)
        file = sim_disk_make(name);
    return file == -1 ? sim_call_fail(ENOSPC) : open_handle(file);
}

int
__wrap_close(int fd)
{
    struct sim_handle *h = sim_call_handle(fd);

    if (h == NULL)
        return sim_call_fail(EBADF);
    if (sim_place() != SIM_AGENT) /* nobody notices the aggregator's */
        sim_op(SIM_HEAVY, "close");
    h->used = 0;
    return 0;
}

int
__wrap_fchmod(int fd, mode_t mode)
{
    (void) fd;
    (void) mode;
    return sim_call_fails() ? sim_call_fail(EIO) : 0;
}

int
__wrap_fstat(int fd, struct stat *st)
{
    struct sim_handle *h = sim_call_handle(fd);
    int64_t mtime_ms;

    memset(st, 0, sizeof *st);
    if (h == NULL)
        return sim_call_fail(EBADF);
    st->st_mode = h->file == SIM_DIRECTORY ? S_IFDIR | 0770 : S_IFREG | 0640;
    st->st_uid = geteuid();
    st->st_dev = 1;
    st->st_ino = (ino_t) h->file + 10;
    mtime_ms = sim_disk_dir_mtime_ms();
    if (h->file != SIM_DIRECTORY) {
        st->st_size = sim_disk_file(h->file)->size;
        mtime_ms = sim_disk_file(h->file)->mtime_ms;
    }
    st->st_mtim.tv_sec = mtime_ms / 1000;
    st->st_mtim.tv_nsec = mtime_ms % 1000 * 1000000;
    return 0;
}

int
__wrap_stat(const char *path, struct stat *st)
{
    (void) path;
    memset(st, 0, sizeof *st);
    return 0;
}

int
__wrap_fstatfs(int fd, struct statfs *fs)
{
    (void) fd;
    memset(fs, 0, sizeof *fs);
    return 0;
}

int
__wrap_statx(int dirfd, const char *name, int flags, unsigned mask,
             struct statx *stx)
{
    struct stat st;

    (void) name;
    (void) flags;
    memset(stx, 0, sizeof *stx);
    if (__wrap_fstat(dirfd, &st) == -1)
        return -1;
    stx->stx_mask = mask & ~STATX_BTIME;
    stx->stx_size = (uint64_t) st.st_size;
    stx->stx_mtime.tv_sec = st.st_mtim.tv_sec;
    return 0;
}

int
__wrap_mkdirat(int dirfd, const char *name, mode_t mode)
{
    (void) dirfd;
    (void) name;
    (void) mode;
    return 0;
}

int
__wrap_flock(int fd, int operation)
{
    struct sim_handle *h = sim_call_handle(fd);
    int want = operation & ~LOCK_NB;

    sim_op(want == LOCK_EX ? SIM_HEAVY : SIM_LIGHT, "flock");
    if (want == LOCK_UN) {
        h->lock = 0;
        return 0;
    }
    if (sim_call_fails())
        return sim_call_fail(ENOLCK);
    for (int i = 0; i < HANDLES; i++)
        if (handles[i].used && &handles[i] != h &&
            handles[i].file == h->file && handles[i].lock != 0 &&
            (want == LOCK_EX || handles[i].lock == LOCK_EX))
            return sim_call_fail(EWOULDBLOCK);
    h->lock = want;
    return 0;
}

int
__wrap_fallocate(int fd, int mode, off_t at, off_t len)
{
    struct sim_handle *h = sim_call_handle(fd);

    (void) mode;
    (void) at;
    sim_op(SIM_HEAVY, "fallocate");
    if (sim_call_fails())
        return sim_call_fail(ENOSPC);
    sim_disk_file(h->file)->size = (uint32_t) len;
    return 0;
}

/* ---- bytes ---- */

ssize_t
__wrap_pread(int fd, void *buf, size_t len, off_t at)
{
    struct sim_handle *h = sim_call_handle(fd);
    const struct sim_file *f = sim_disk_file(h->file);

    sim_op(SIM_LIGHT, "pread");
    if (sim_call_fails())
        return sim_call_fail(EIO);
    if (at >= f->size)
        return 0;
    if (len > (size_t) (f->size - at))
        len = (size_t) (f->size - at);
    memcpy(buf, f->bytes + at, len);
    return (ssize_t) len;
}

/* Behind the header nothing is written twice. */
static void
watch_write(struct sim_file *f, size_t len, off_t at)
{
    if (at == 0 || at == GL_SEGMENT_DROPS_AT)
        return;
    if (at < (off_t) f->end)
        sim_violation("offset %d of %s is written twice", (int) at,
                      f->names[1]);
    f->end = (uint32_t) at + (uint32_t) len;
}

/* Refusals that a reader can find now. */
static void
watch_drops(const struct sim_file *f, size_t len)
{
    uint32_t incarnation = f->bytes[32] | (uint32_t) f->bytes[33] << 8;
    uint64_t total;

    memcpy(&total, f->bytes + GL_SEGMENT_DROPS_AT, sizeof total);
    if (len < GL_SEGMENT_DROPS_BYTES)
        sim_truth_unsure(incarnation);
    else if (f->name == SIM_FINAL)
        sim_truth_recorded(incarnation, total);
}

/* In two parts, between which others may look, or the writer be killed. */
static void
write_torn(struct sim_handle *h, const uint8_t *bytes, size_t len, uint32_t at)
{
    size_t first = sim_below((uint32_t) len);

    sim_disk_write(h->file, bytes, first, at);
    h->rest = bytes + first;
    h->rest_len = len - first;
    h->rest_at = at + (uint32_t) first;
    sim_op(SIM_HEAVY, "pwrite, half done");
    sim_disk_write(h->file, h->rest, h->rest_len, h->rest_at);
    h->rest_len = 0;
}

ssize_t
__wrap_pwrite(int fd, const void *buf, size_t len, off_t at)
{
    struct sim_handle *h = sim_call_handle(fd);

    sim_op(SIM_HEAVY, "pwrite");
    if (sim_call_fails())
        return sim_call_fail(sim_one_in(2) ? EIO : ENOSPC);
    if (sim_fault_in(sim.plan.short_writes)) {
        len = sim_below((uint32_t) len);
        sim_note("  ... %zu bytes of it", len);
    }
    watch_write(sim_disk_file(h->file), len, at);
    if (at == GL_SEGMENT_DROPS_AT && len < GL_SEGMENT_DROPS_BYTES)
        watch_drops(sim_disk_file(h->file), len);
    if (len > 1 && sim_fault_in(sim.plan.torn_writes))
        write_torn(h, buf, len, (uint32_t) at);
    else
        sim_disk_write(h->file, buf, len, (uint32_t) at);
    if (at == GL_SEGMENT_DROPS_AT && len == GL_SEGMENT_DROPS_BYTES)
        watch_drops(sim_disk_file(h->file), len);
    return (ssize_t) len;
}

ssize_t
__wrap_getrandom(void *buf, size_t len, unsigned flags)
{
    (void) flags;
    if (sim_call_fails() || sim_truth_segment_id(buf) == -1)
        return sim_call_fail(EAGAIN);
    return (ssize_t) len;
}

/* ---- the directory ---- */

int
__wrap_renameat2(int dirfd, const char *from, int todir, const char *to,
                 unsigned flags)
{
    struct sim_file *f;
    int file;

    (void) dirfd;
    (void) todir;
    (void) flags;
    sim_op(SIM_HEAVY, "renameat2");
    if (sim_call_fails())
        return sim_call_fail(ENOSPC);
    file = sim_disk_find(from);
    if (file == -1)
        return sim_call_fail(ENOENT);
    f = sim_disk_file(file);
    memcpy(f->names[1], to, strlen(to) + 1);
    f->name = SIM_FINAL;
    f->visited |= 1u << SIM_FINAL;
    watch_drops(f, GL_SEGMENT_DROPS_BYTES);
    sim_disk_changed();
    return 0;
}

int
__wrap_unlinkat(int dirfd, const char *name, int flags)
{
    int file;

    (void) dirfd;
    (void) flags;
    sim_op(SIM_HEAVY, "unlinkat");
    if (sim_call_fails())
        return sim_call_fail(EIO);
    file = sim_disk_find(name);
    if (file == -1)
        return sim_call_fail(ENOENT);
    sim_note("  ... %s", name);
    sim_truth_unlinked(file);
    sim_disk_file(file)->name = SIM_REMOVED;
    sim_disk_file(file)->visited |= 1u << SIM_REMOVED;
    sim_disk_changed();
    sim_op(SIM_HEAVY, "unlinkat, done");
    return 0;
}

int
__wrap_fsync(int fd)
{
    (void) fd; /* the directory's: no file is synced so */
    sim_op(SIM_HEAVY, "fsync");
    if (sim_call_fails())
        return sim_call_fail(EIO);
    sim_disk_sync_dir();
    return 0;
}

int
__wrap_fdatasync(int fd)
{
    sim_op(SIM_HEAVY, "fdatasync");
    if (sim_call_fails())
        return sim_call_fail(EIO);
    sim_disk_sync(sim_call_handle(fd)->file);
    return 0;
}
