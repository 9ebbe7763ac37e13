#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* renameat2, fallocate */
#endif

#include "writer_faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

struct writer_faults writer_faults;

void
writer_faults_reset(void)
{
    memset(&writer_faults, 0, sizeof writer_faults);
    writer_faults.cut = -1;
}

static int
fails(void)
{
    if (++writer_faults.calls != writer_faults.fail_at)
        return 0;
    errno = writer_faults.error;
    return 1;
}

static int
fault_openat(int dirfd, const char *name, int flags, mode_t mode)
{
    return fails() ? -1 : openat(dirfd, name, flags, mode);
}

static int
fault_fchmod(int fd, mode_t mode)
{
    return fails() ? -1 : fchmod(fd, mode);
}

static int
fault_flock(int fd, int operation)
{
    return fails() ? -1 : flock(fd, operation);
}

static int
fault_fallocate(int fd, int mode, off_t offset, off_t len)
{
    return fails() ? -1 : fallocate(fd, mode, offset, len);
}

static ssize_t
fault_pwrite(int fd, const void *buf, size_t len, off_t offset)
{
    if (fails())
        return -1;
    if (offset < GL_SEGMENT_HEADER_BYTES)
        return pwrite(fd, buf, len, offset);
    writer_faults.appends++;
    if (offset == GL_SEGMENT_HEADER_BYTES)
        writer_faults.high = 0;
    writer_faults.twice += offset < writer_faults.high;
    writer_faults.high = offset + (off_t) len;
    if (writer_faults.cut >= 0 && (size_t) writer_faults.cut < len)
        len = (size_t) writer_faults.cut;
    return pwrite(fd, buf, len, offset);
}

static int
fault_renameat2(int olddir, const char *old, int newdir, const char *name,
                unsigned flags)
{
    return fails() ? -1 : renameat2(olddir, old, newdir, name, flags);
}

static ssize_t
fault_getrandom(void *buf, size_t len, unsigned flags)
{
    return fails() ? -1 : gl_writer_system_calls.getrandom(buf, len, flags);
}

const struct gl_writer_calls writer_faults_calls = {
    fault_openat,    fault_fchmod, fault_flock, fault_fallocate, fault_pwrite,
    fault_renameat2, unlinkat,     close,       fault_getrandom,
};
