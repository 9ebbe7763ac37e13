/* The calls of the system that the reader makes. */

#ifndef GL_SPOOL_CALLS_H
#define GL_SPOOL_CALLS_H

#include <sys/types.h>

/* System calls, replaceable so that tests can step in between. */
struct gl_spool_calls {
    int (*openat)(int dirfd, const char *name, int flags, mode_t mode);
    ssize_t (*pread)(int fd, void *buf, size_t len, off_t offset);
    int (*flock)(int fd, int operation);
    int (*fdatasync)(int fd);
    int (*fsync)(int fd);
    int (*unlinkat)(int dirfd, const char *name, int flags);
};

extern const struct gl_spool_calls gl_spool_system_calls;

#endif
