/*
 * Unix sockets that listen.  Their mode is part of the security model: events
 * and dashboard 0660, admin 0600.  Knows nothing of what is said on them.
 * Loop thread (made while the writer thread runs, so umask is not touched:
 * Linux gives a socket file the mode of the socket before bind, less umask).
 */

#define _GNU_SOURCE /* struct ucred */
#include "serve/socket.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "conf.h"
#include "serve/passed.h"

/* Workers and nginx connect in bursts after a start. */
#define GL_SOCKET_BACKLOG 511

_Static_assert(GL_CONF_SOCKET_MAX ==
                   sizeof((struct sockaddr_un *) NULL)->sun_path,
               "the path of a socket");

/* PATH fits: conf.c has seen to it. */
static void
fill_address(struct sockaddr_un *address, const char *path)
{
    memset(address, 0, sizeof *address);
    address->sun_family = AF_UNIX;
    snprintf(address->sun_path, sizeof address->sun_path, "%s", path);
}

/* Make room at ADDRESS: remove what an ended process left there. */
static int
remove_stale(const struct sockaddr_un *address, int type, char *why,
             size_t why_len)
{
    const char *path = address->sun_path;
    struct stat st;
    if (lstat(path, &st) == -1)
        return 0;
    if (!S_ISSOCK(st.st_mode)) {
        snprintf(why, why_len, "\"%s\" exists and is not a socket", path);
        return -1;
    }
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1) {
        snprintf(why, why_len, "socket: %s", strerror(errno));
        return -1;
    }
    int rc = connect(fd, (const struct sockaddr *) address, sizeof *address);
    int error = rc == -1 ? errno : 0;
    close(fd);
    if (error != ECONNREFUSED && error != ENOENT) {
        snprintf(why, why_len, "another process listens on \"%s\"", path);
        return -1;
    }
    if (unlink(path) == -1 && errno != ENOENT) {
        snprintf(why, why_len, "cannot remove the old socket \"%s\": %s", path,
                 strerror(errno));
        return -1;
    }
    return 0;
}

/* FD was handed over: its file is another's, which has seen to its mode. */
static int
take_passed(struct gl_socket *listening, int fd, mode_t mode, char *why,
            size_t why_len)
{
    struct stat st;
    if (lstat(listening->path, &st) == -1 ||
        (st.st_mode & 07777 & ~mode) != 0) {
        snprintf(why, why_len,
                 "the socket \"%s\" that was handed over is open to more "
                 "users than mode %04o allows",
                 listening->path, (unsigned) mode);
        close(fd);
        return -1;
    }
    listening->fd = fd;
    listening->passed = 1;
    return 0;
}

int
gl_socket_open(struct gl_socket *listening, const char *path, int type,
               mode_t mode, char *why, size_t why_len)
{
    struct sockaddr_un address;
    struct stat st;
    int passed = gl_passed_socket(path, type);
    listening->path = path;
    listening->fd = -1;
    listening->passed = 0;
    if (passed != -1)
        return take_passed(listening, passed, mode, why, why_len);
    fill_address(&address, path);
    if (remove_stale(&address, type, why, why_len) == -1)
        return -1;
    int fd = socket(AF_UNIX, type | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd == -1) {
        snprintf(why, why_len, "socket: %s", strerror(errno));
        return -1;
    }
    /* chmod only widens what umask took; nobody connects before listen. */
    if (fchmod(fd, mode) == -1 ||
        bind(fd, (struct sockaddr *) &address, sizeof address) == -1 ||
        chmod(path, mode) == -1 || lstat(path, &st) == -1 ||
        listen(fd, GL_SOCKET_BACKLOG) == -1) {
        snprintf(why, why_len, "cannot listen on \"%s\": %s", path,
                 strerror(errno));
        close(fd);
        return -1;
    }
    listening->fd = fd;
    listening->dev = st.st_dev;
    listening->ino = st.st_ino;
    return 0;
}

void
gl_socket_close(struct gl_socket *listening)
{
    struct stat st;
    if (listening->path != NULL && !listening->passed &&
        lstat(listening->path, &st) == 0 && st.st_dev == listening->dev &&
        st.st_ino == listening->ino)
        unlink(listening->path);
    if (listening->fd != -1)
        close(listening->fd);
    listening->path = NULL;
    listening->fd = -1;
}

int
gl_socket_peer(int fd, uid_t *uid)
{
    struct ucred peer;
    socklen_t len = sizeof peer;
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) == -1)
        return -1;
    *uid = peer.uid;
    return 0;
}
