/* Sockets that systemd opened and hands over (sd_listen_fds(3)): connections
 * wait there while glintod starts again. */

#ifndef GL_PASSED_H
#define GL_PASSED_H

/* The descriptor that listens on PATH with TYPE (SOCK_STREAM, ...), made
 * close-on-exec and non-blocking; -1 = none was handed over.  It is the
 * caller's; its file is not: whoever opened it removes that. */
int gl_passed_socket(const char *path, int type);

#endif
