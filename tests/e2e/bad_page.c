/*
 * For bad_page.t, preloaded into glintod: the disk does not give bytes 8192 to
 * 12287 of the segment whose name the file of GLINTO_BAD_PAGE holds.
 */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* RTLD_NEXT */
#endif

#include "../lib/preload.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define FROM 8192
#define TO 12288

static int
is_bad(int fd)
{
    FILE *plan = fopen(getenv("GLINTO_BAD_PAGE"), "re");
    char path[PATH_MAX], name[64] = "";

    if (plan == NULL)
        return 0;
    (void) !fscanf(plan, "%63s", name);
    fclose(plan);
    path_of(fd, path);
    return name[0] != '\0' && strstr(path, name) != NULL;
}

/* Up to a bad page the kernel gives what it has. */
static ssize_t
do_pread(const char *call, int fd, void *bytes, size_t len, off_t at)
{
    ssize_t (*real)(int, void *, size_t, off_t);
    void *symbol = dlsym(RTLD_NEXT, call);

    memcpy(&real, &symbol, sizeof real);
    if (at < TO && at + (off_t) len > FROM && is_bad(fd)) {
        if (at >= FROM) {
            errno = EIO;
            return -1;
        }
        len = (size_t) (FROM - at);
    }
    return real(fd, bytes, len, at);
}

ssize_t
pread(int fd, void *bytes, size_t len, off_t at)
{
    return do_pread("pread", fd, bytes, len, at);
}

ssize_t
pread64(int fd, void *bytes, size_t len, off_t at)
{
    return do_pread("pread64", fd, bytes, len, at);
}
