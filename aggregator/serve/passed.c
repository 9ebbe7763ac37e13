/*
 * What the environment says was handed over: LISTEN_PID is this process,
 * LISTEN_FDS descriptors begin at 3.  Loop thread.
 */

#include "serve/passed.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */
#define FDS_MAX 16 /* we have three sockets */

/* VALUE as a number, 0 when it is none. */
static long
number(const char *value)
{
    char *end;
    long n = value == NULL ? 0 : strtol(value, &end, 10);

    return n > 0 && *end == '\0' ? n : 0;
}

static int
listens_on(int fd, const char *path, int type)
{
    struct sockaddr_un address = {0};
    socklen_t len = sizeof address, int_len = sizeof(int);
    int is = 0, listens = 0;

    return getsockname(fd, (struct sockaddr *) &address, &len) == 0 &&
           address.sun_family == AF_UNIX &&
           strncmp(address.sun_path, path, sizeof address.sun_path) == 0 &&
           getsockopt(fd, SOL_SOCKET, SO_TYPE, &is, &int_len) == 0 &&
           is == type &&
           getsockopt(fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &int_len) ==
               0 &&
           listens;
}

int
gl_passed_socket(const char *path, int type)
{
    long n = number(getenv("LISTEN_FDS"));

    if (number(getenv("LISTEN_PID")) != (long) getpid())
        return -1;
    for (int fd = FIRST_FD; fd < FIRST_FD + (n < FDS_MAX ? n : FDS_MAX); fd++)
        if (listens_on(fd, path, type) &&
            fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
            fcntl(fd, F_SETFL, O_RDWR | O_NONBLOCK) == 0)
            return fd;
    return -1;
}
