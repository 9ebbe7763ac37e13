/* Listing the fake directory: as the writer does it and as the reader does. */

#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* struct dirent64 */
#endif

#include "calls.h"

#include <dirent.h>
#include <errno.h>
#include <string.h>
#include <sys/types.h>

static struct dirent64 entry64; /* of readdir and getdents64 */

off_t __wrap_lseek(int fd, off_t at, int whence);
ssize_t __wrap_getdents64(int fd, void *buf, size_t len);
DIR *__wrap_fdopendir(int fd);
struct dirent *__wrap_readdir(DIR *dir);
int __wrap_closedir(DIR *dir);

/* The next file that has a name, 0 = no more. */
static int
next_entry(struct sim_handle *h)
{
    for (; h->at < sim_disk_files(); h->at++) {
        const char *name = sim_disk_name(h->at);

        if (name == NULL)
            continue;
        memset(&entry64, 0, sizeof entry64);
        memcpy(entry64.d_name, name, strlen(name));
        entry64.d_reclen = sizeof entry64;
        h->at++;
        return 1;
    }
    return 0;
}

off_t
__wrap_lseek(int fd, off_t at, int whence)
{
    (void) whence;
    sim_call_handle(fd)->at = (int) at;
    return at;
}

ssize_t
__wrap_getdents64(int fd, void *buf, size_t len)
{
    size_t n = 0;

    sim_op(SIM_LIGHT, "getdents64");
    if (sim_call_fails())
        return sim_call_fail(EIO);
    while (n + sizeof entry64 <= len && next_entry(sim_call_handle(fd))) {
        memcpy((char *) buf + n, &entry64, sizeof entry64);
        n += sizeof entry64;
    }
    return (ssize_t) n;
}

DIR *
__wrap_fdopendir(int fd)
{
    sim_op(SIM_LIGHT, "getdents64");
    return (DIR *) sim_call_handle(fd);
}

struct dirent *
__wrap_readdir(DIR *dir)
{
    static struct dirent entry;

    if (sim_call_fails()) {
        errno = EIO;
        return NULL;
    }
    if (!next_entry((struct sim_handle *) dir))
        return NULL;
    memcpy(entry.d_name, entry64.d_name, sizeof entry.d_name);
    return &entry;
}

int
__wrap_closedir(DIR *dir)
{
    ((struct sim_handle *) dir)->used = 0;
    return 0;
}
