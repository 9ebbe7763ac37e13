/*
 * System calls of the segment writer, replaceable so that tests can make them
 * fail.  Each behaves as the call of its name.
 */

#ifndef GL_SEGMENT_CALLS_H
#define GL_SEGMENT_CALLS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct gl_writer_calls {
    int (*openat)(int dirfd, const char *name, int flags, mode_t mode);
    int (*fchmod)(int fd, mode_t mode);
    int (*flock)(int fd, int operation);
    int (*fallocate)(int fd, int mode, off_t offset, off_t len);
    ssize_t (*pwrite)(int fd, const void *buf, size_t len, off_t offset);
    int (*renameat2)(int olddir, const char *old, int newdir, const char *name,
                     unsigned flags);
    int (*unlinkat)(int dirfd, const char *name, int flags);
    int (*close)(int fd);
    ssize_t (*getrandom)(void *buf, size_t len, unsigned flags);
};

extern const struct gl_writer_calls gl_writer_system_calls;

#endif
