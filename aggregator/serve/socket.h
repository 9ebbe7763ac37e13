/* Unix sockets that listen, and who is at the other end. */

#ifndef GL_SOCKET_H
#define GL_SOCKET_H

#include <stddef.h>
#include <sys/types.h>

struct gl_socket {
    const char *path; /* borrowed */
    int fd;           /* -1 = closed */
    dev_t dev;        /* of the socket file, so that closing removes no */
    ino_t ino;        /* other process's file */
    int passed;       /* opened by another: its file stays */
};

/*
 * Listen on PATH (kept) with exactly MODE, never wider in between.  TYPE is
 * SOCK_STREAM or SOCK_SEQPACKET.  A socket file nobody listens on is replaced;
 * anything else there is an error.  Where it was handed over (passed.h) that
 * one is taken, if its file is open to nobody that MODE leaves out.  0, or -1
 * with a sentence in WHY.
 */
int gl_socket_open(struct gl_socket *listening, const char *path, int type,
                   mode_t mode, char *why, size_t why_len);

/* Remove the file and close.  The descriptor may already belong to a listener
 * that closed it: then pass it with fd -1. */
void gl_socket_close(struct gl_socket *listening);

/* The user id of FD's peer (SO_PEERCRED).  0, or -1. */
int gl_socket_peer(int fd, uid_t *uid);

#endif
