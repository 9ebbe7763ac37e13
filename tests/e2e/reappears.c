/*
 * For reappears.t, preloaded into glintod: calls that fail with EIO as the
 * plan says, and a disk whose folders are what their last sync made of them.
 *
 *   plan    lines "CALL PART": CALL (openat, readdir, fsync) fails where the
 *           path has PART in it; an empty file: none fails
 *   said    a line "CALL PATH" for each call that failed
 *   disk    segments that a failed fsync of their folder left there, perhaps;
 *           a sync of the folder that works takes them away
 *
 * The paths of all three are in the environment.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif

#include "../lib/preload.h"

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void
say(const char *call, const char *path)
{
    FILE *said = fopen(getenv("GLINTO_FAIL_SAID"), "ae");

    if (said == NULL)
        return;
    fprintf(said, "%s %s\n", call, path);
    fclose(said);
}

/* 1 = CALL of PATH fails, errno is set. */
static int
fails(const char *call, const char *path)
{
    int found = is_planned(getenv("GLINTO_FAIL_PLAN"), call, path);

    if (found)
        say(call, path);
    errno = EIO;
    return found;
}

static int
do_openat(const char *call, int folder, const char *name, int flags,
          mode_t mode)
{
    int (*real)(int, const char *, int, ...);
    void *symbol = dlsym(RTLD_NEXT, call);
    char path[PATH_MAX];
    size_t len;

    path_of(folder, path);
    len = strlen(path);
    snprintf(path + len, sizeof path - len, "/%s", name);
    if (fails("openat", path))
        return -1;
    memcpy(&real, &symbol, sizeof real);
    return real(folder, name, flags, mode);
}

int
openat(int folder, const char *name, int flags, ...)
{
    va_list more;
    mode_t mode;

    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
    return do_openat("openat", folder, name, flags, mode);
}

int
openat64(int folder, const char *name, int flags, ...)
{
    va_list more;
    mode_t mode;

    va_start(more, flags);
    mode = va_arg(more, mode_t);
    va_end(more);
    return do_openat("openat64", folder, name, flags, mode);
}

struct dirent *
readdir(DIR *dir)
{
    struct dirent *(*real)(DIR *);
    void *symbol = dlsym(RTLD_NEXT, "readdir");
    char path[PATH_MAX];

    path_of(dirfd(dir), path);
    if (fails("readdir", path))
        return NULL;
    memcpy(&real, &symbol, sizeof real);
    errno = 0;
    return real(dir);
}

/* Segments of FOLDER are on the disk, too, or none is there any more. */
static void
set_disk(const char *folder, int there)
{
    const char *disk = getenv("GLINTO_FAIL_DISK");
    DIR *dir = opendir(there ? folder : disk);
    const struct dirent *entry;
    char path[PATH_MAX];

    while (dir != NULL && (entry = readdir(dir)) != NULL) {
        snprintf(path, sizeof path, "%s/%s", disk, entry->d_name);
        if (strstr(entry->d_name, ".seg") == NULL)
            continue;
        if (there)
            linkat(dirfd(dir), entry->d_name, AT_FDCWD, path, 0);
        else
            unlink(path);
    }
    if (dir != NULL)
        closedir(dir);
}

int
fsync(int fd)
{
    int (*real)(int);
    void *symbol = dlsym(RTLD_NEXT, "fsync");
    char path[PATH_MAX];
    int fail;

    path_of(fd, path);
    fail = fails("fsync", path);
    if (strstr(path, "/parked/") != NULL)
        set_disk(path, fail);
    errno = EIO;
    if (fail)
        return -1;
    memcpy(&real, &symbol, sizeof real);
    return real(fd);
}
