/*
 * Preloaded: what statfs() says of a path that has $GLINTO_NETWORK_DISK in it
 * is that it lies on NFS, there or not.
 */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

#define NFS 0x6969

int
statfs(const char *path, struct statfs *st)
{
    int (*real)(const char *, struct statfs *) = dlsym(RTLD_NEXT, "statfs");
    const char *part = getenv("GLINTO_NETWORK_DISK");
    int rc;

    if (part == NULL || strstr(path, part) == NULL)
        return real(path, st);
    rc = real("/", st);
    st->f_type = NFS;
    return rc;
}
