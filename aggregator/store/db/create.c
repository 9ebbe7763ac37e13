/* A file that is not there yet; see create.h. */

#define _GNU_SOURCE /* asprintf */

#include "store/db/create.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

int
gl_db_create_file(int dirfd, const char *name)
{
    int fd = openat(dirfd, name,
                    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd == -1)
        return errno == EEXIST ? 0 : -1;
    /* Nobody holds a lock on a file made this moment: close is safe here. */
    close(fd);
    return fsync(dirfd);
}

char *
gl_db_make_file(const char *data, const char *name)
{
    char *path = NULL, *real = NULL;
    if (mkdir(data, 0700) == -1 && errno != EEXIST)
        return NULL;
    int fd = open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd == -1)
        return NULL;
    if (gl_db_create_file(fd, name) == 0)
        real = realpath(data, NULL);
    if (real != NULL && asprintf(&path, "%s/%s", real, name) == -1)
        path = NULL;
    int saved = errno;
    free(real);
    close(fd);
    errno = saved;
    return path;
}
