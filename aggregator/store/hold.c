/* Nothing is handed over; see hold.h. */

#define _GNU_SOURCE /* locks of a descriptor */

#include "store/hold.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#define NAME "hold.lock"
#define PATH_LEN 2048

enum { GATE, TURN };

/* 1 = the lock of BYTE is of TYPE now. */
static int
lock(int fd, int byte, short type)
{
    struct flock lock = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};

    return fcntl(fd, F_OFD_SETLK, &lock) == 0;
}

int
gl_hold_open(const char *followed)
{
    char path[PATH_LEN];

    if (snprintf(path, sizeof path, "%s/" NAME, followed) >=
        (int) sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
}

/* The turn first: who has the gate and finds no turn is sure of it. */
int
gl_hold_enter(int fd)
{
    int open = lock(fd, TURN, F_WRLCK) && lock(fd, GATE, F_WRLCK);

    lock(fd, open ? GATE : TURN, F_UNLCK);
    return open;
}

void
gl_hold_leave(int fd)
{
    lock(fd, TURN, F_UNLCK);
}

int
gl_hold_take(int fd)
{
    return lock(fd, GATE, F_WRLCK) && lock(fd, TURN, F_WRLCK);
}
