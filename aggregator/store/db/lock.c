/*
 * The lock of the data folder; see lock.h.  On the folder, so that nothing
 * is left in it that a backup or a restore would carry along.  Only glintod
 * asks for it: whoever reads files of accounts has SQLite's own locks.
 */

#include "store/db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

int
gl_data_lock(const char *data, char *why, size_t why_len, int *busy)
{
    int made = mkdir(data, 0700);
    int fd = made == -1 && errno != EEXIST
                 ? -1
                 : open(data, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *busy = 0;
    if (fd != -1 && flock(fd, LOCK_EX | LOCK_NB) == 0)
        return fd;
    *busy = fd != -1 && errno == EWOULDBLOCK;
    if (*busy)
        snprintf(why, why_len, "another glintod has the data folder %s", data);
    else
        snprintf(why, why_len, "cannot lock the data folder %s: %s", data,
                 strerror(errno));
    if (fd != -1)
        close(fd);
    return -1;
}
