/*
 * Preloaded into nginx by lib/Glinto/Disk.pm: what writes to segments meet, as
 * the file GLINTO_DISK says, on a boot clock that stands still but for them.
 *
 *   frozen    who holds an exclusive lock on the file stops every write
 *   slow      an append moves the clock by takes_ms; a header page does not
 *   short     the next append of cut_from bytes or more stores cut - 1, when
 *             cut is not 0
 *
 * The clock of nginx's timers is the machine's, and passed_ms ahead of it.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "../lib/preload.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>

#define HEADER_BYTES 4096 /* GL_SEGMENT_HEADER_BYTES */

struct disk {
    int64_t boot_ms, takes_ms;
    int64_t writes; /* begun */
    int64_t cut;
    int64_t passed_ms;
    int64_t cut_from;
};

static struct disk *disk;
static char file[PATH_MAX]; /* nginx clears the environment */

__attribute__((constructor)) static void
map_disk(void)
{
    const char *path = getenv("GLINTO_DISK");
    int fd;

    snprintf(file, sizeof file, "%s", path == NULL ? "" : path);
    fd = open(file, O_RDWR | O_CLOEXEC);
    disk = mmap(NULL, sizeof *disk, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
}

static void
wait_for_thaw(void)
{
    int fd = open(file, O_RDWR | O_CLOEXEC);

    flock(fd, LOCK_SH);
    close(fd);
}

static size_t
shortened(size_t len)
{
    int64_t cut = disk->cut;

    if ((int64_t) len < disk->cut_from)
        return len;
    disk->cut = 0;
    return cut > 0 && (size_t) cut <= len ? (size_t) cut - 1 : len;
}

/* Raw calls: a sanitizer asks for the time before it can look up symbols. */
ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    char path[PATH_MAX];

    path_of(fd, path);
    if (strstr(path, ".seg") != NULL) {
        disk->writes++;
        wait_for_thaw();
        if (at >= HEADER_BYTES) {
            disk->boot_ms += disk->takes_ms;
            len = shortened(len);
        }
    }
    return syscall(SYS_pwrite64, fd, bytes, len, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
    return pwrite(fd, bytes, len, at);
}

int
clock_gettime(clockid_t clock, struct timespec *ts)
{
    int result;

    if (clock == CLOCK_BOOTTIME && disk != NULL) {
        ts->tv_sec = disk->boot_ms / 1000;
        ts->tv_nsec = disk->boot_ms % 1000 * 1000000;
        return 0;
    }
    result = (int) syscall(SYS_clock_gettime, clock, ts);
    if ((clock == CLOCK_MONOTONIC || clock == CLOCK_MONOTONIC_COARSE) &&
        disk != NULL)
        ts->tv_sec += disk->passed_ms / 1000;
    return result;
}
