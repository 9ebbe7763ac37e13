/*
 * For sync_fails.t, preloaded into glintod: syncs that fail as the plan says,
 * and a trace of what happens to the logs of databases and to segments.
 *
 *   plan    lines "CALL PART": CALL (syncfs, fdatasync) fails with EIO on
 *           files whose path has PART in it; an empty file: none fails
 *   trace   lines "CALL PATH FD RESULT"
 *
 * The paths of both are in the environment.  A failed sync is told once, as
 * Linux does: the data stay where they are.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif

#include "../lib/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int
is_log(const char *path)
{
    size_t len = strlen(path);

    return len > 4 && strcmp(path + len - 4, "-wal") == 0;
}

static void
trace(const char *call, const char *path, int fd, int result)
{
    FILE *to = fopen(getenv("GLINTO_SYNC_TRACE"), "ae");

    if (to == NULL)
        return;
    fprintf(to, "%s %s %d %d\n", call, path, fd, result);
    fclose(to);
}

/* CALL of the real library on FD, unless it is to fail. */
static int
do_sync(const char *call, int fd)
{
    int (*real)(int);
    void *symbol = dlsym(RTLD_NEXT, call);
    char path[PATH_MAX];
    int result = -1, error = EIO;

    path_of(fd, path);
    memcpy(&real, &symbol, sizeof real);
    if (!is_planned(getenv("GLINTO_SYNC_PLAN"), call, path)) {
        result = real(fd);
        error = errno;
    }
    if (is_log(path) || strcmp(call, "syncfs") == 0)
        trace(call, path, fd, result);
    errno = error;
    return result;
}

int
syncfs(int fd)
{
    return do_sync("syncfs", fd);
}

int
fdatasync(int fd)
{
    return do_sync("fdatasync", fd);
}

int
close(int fd)
{
    int (*real)(int);
    void *symbol = dlsym(RTLD_NEXT, "close");
    char path[PATH_MAX];
    int result;

    path_of(fd, path);
    memcpy(&real, &symbol, sizeof real);
    result = real(fd);
    if (is_log(path))
        trace("close", path, fd, result);
    return result;
}

static ssize_t
do_pwrite(const char *call, int fd, const void *bytes, size_t len, off_t at)
{
    ssize_t (*real)(int, const void *, size_t, off_t);
    void *symbol = dlsym(RTLD_NEXT, call);
    char path[PATH_MAX];
    ssize_t n;

    path_of(fd, path);
    memcpy(&real, &symbol, sizeof real);
    n = real(fd, bytes, len, at);
    if (is_log(path))
        trace("pwrite", path, fd, n == (ssize_t) len ? 0 : -1);
    return n;
}

ssize_t
pwrite(int fd, const void *bytes, size_t len, off_t at)
{
    return do_pwrite("pwrite", fd, bytes, len, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t len, off_t at)
{
    return do_pwrite("pwrite64", fd, bytes, len, at);
}

int
unlinkat(int folder, const char *name, int flags)
{
    int (*real)(int, const char *, int);
    void *symbol = dlsym(RTLD_NEXT, "unlinkat");
    int result;

    memcpy(&real, &symbol, sizeof real);
    result = real(folder, name, flags);
    if (strstr(name, ".seg") != NULL)
        trace("unlink", name, folder, result);
    return result;
}
