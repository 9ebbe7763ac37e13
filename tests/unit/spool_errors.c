/*
 * Promise: a call of the system that fails once says nothing of a segment.
 * Whichever it is, no segment is refused, and the next looks find every frame,
 * once; nothing is told as lost.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif

#include "spool/stats.h"
#include "spool_world.h"
#include "tap.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#define FRAMES 400
#define LOOKS 3       /* one second apart, after the error */
#define CALLS_MAX 200 /* more than a life makes */
#define NO_FD 1000000 /* for calls after an open that seemed to succeed */

static struct {
    int at; /* the call that fails, counted from 1; 0: none */
    int n;  /* calls so far */
    int error;
    int late; /* openat gives a file of which fstat knows nothing */
} fault;

static int
struck(void)
{
    if (++fault.n != fault.at)
        return 0;
    errno = fault.error;
    return 1;
}

static int
faulty_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    if (struck())
        return fault.late ? NO_FD : -1;
    return openat(dirfd, name, flags, mode);
}

static ssize_t
faulty_pread(int fd, void *buf, size_t len, off_t offset)
{
    return struck() ? -1 : pread(fd, buf, len, offset);
}

static int
faulty_flock(int fd, int operation)
{
    return struck() ? -1 : flock(fd, operation);
}

static int
faulty_fdatasync(int fd)
{
    return struck() ? -1 : fdatasync(fd);
}

static int
faulty_fsync(int fd)
{
    return struck() ? -1 : fsync(fd);
}

static int
faulty_unlinkat(int dirfd, const char *name, int flags)
{
    return struck() ? -1 : unlinkat(dirfd, name, flags);
}

/* The C library's, which the reader calls by that name. */
struct dirent *
readdir(DIR *dir)
{
    struct dirent *(*real)(DIR *);
    void *symbol = dlsym(RTLD_NEXT, "readdir");

    if (struck())
        return NULL;
    errno = 0;
    memcpy(&real, &symbol, sizeof real);
    return real(dir);
}

static const struct gl_spool_calls calls = {
    faulty_openat,    faulty_pread, faulty_flock,
    faulty_fdatasync, faulty_fsync, faulty_unlinkat,
};

static void
look(struct world *world)
{
    world->wall_ms += 1000;
    world->boot_ms += 1000;
    world_read(world);
}

static int
is_whole(const struct world *world)
{
    struct gl_spool_stats stats;

    gl_spool_stats(world->spool, &stats);
    return world_missing(world) + world_doubled(world) + world->altered == 0 &&
           world->lost == 0 && world->torn == 0 && stats.refused == 0;
}

/* A sealed segment and one that is being written, read with a fault at call
 * AT; how many calls there were. */
static int
life(struct world *world, int at)
{
    struct gl_writer worker;
    int i;

    world_worker(world, &worker);
    world_write(world, &worker, FRAMES / 2, 100, 8);
    gl_writer_seal(&worker);
    world_write(world, &worker, FRAMES / 4, 100, 8);
    fault.n = 0;
    fault.at = at;
    world_start(world);
    look(world);
    world_write(world, &worker, FRAMES / 4, 100, 8);
    gl_writer_seal(&worker);
    for (i = 0; i < LOOKS; i++)
        look(world);
    if (!is_whole(world))
        tap_ok(0, "call %d, errno %d: %u missing, %u doubled: %s", at,
               fault.error, world_missing(world), world_doubled(world),
               world->note);
    world_settle(world);
    world_settle(world);
    if (world_files(world) != 0)
        tap_ok(0, "call %d, errno %d: a segment stays", at, fault.error);
    world_stop(world);
    close(worker.dirfd);
    return fault.n;
}

static void
each_call(struct world *world, int error, int late)
{
    int at, n;

    fault.error = error;
    fault.late = late;
    n = life(world, 0);
    tap_ok(n > 10 && n < CALLS_MAX, "%d calls", n);
    for (at = 1; at <= n; at++)
        life(world, at);
    tap_ok(fault.n >= n, "each of them failed once with errno %d%s", error,
           late ? ", openat only at the fstat that follows" : "");
}

/* Segments that a listing did not show are not taken for gone. */
static void
test_listing(struct world *world)
{
    struct gl_spool_stats stats;
    struct gl_writer worker;

    world_worker(world, &worker);
    world_write(world, &worker, FRAMES, 100, 8);
    world_start(world);
    fault.error = EIO;
    fault.n = 0;
    fault.at = 2; /* the first is the open of the folder */
    look(world);
    gl_spool_stats(world->spool, &stats);
    tap_int(world_segments(world), 0, "a listing fails at its first name");
    tap_ok(stats.files > 0, "and is not believed to be all there is");
    look(world);
    gl_spool_stats(world->spool, &stats);
    tap_int((int) stats.files, world_segments(world), "the next one is");
    tap_ok(is_whole(world), "and no frame is missing");
    gl_writer_seal(&worker);
    look(world);
    world_settle(world);
    world_stop(world);
    close(worker.dirfd);
}

int
main(void)
{
    struct world world;

    world_open(&world);
    world.calls = &calls;
    test_listing(&world);
    each_call(&world, EIO, 0);
    each_call(&world, EMFILE, 0);
    each_call(&world, ENOMEM, 0);
    each_call(&world, EBADF, 1);
    world_close(&world);
    return tap_done();
}
