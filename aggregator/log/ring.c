/* A hint for glintod; see ring.h.  Every error is only a later look. */

#include "log/ring.h"

#include "hint.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
gl_ring_init(struct gl_ring *ring, const char *socket)
{
    ring->socket = socket;
    ring->fd = -1;
}

void
gl_ring_fini(struct gl_ring *ring)
{
    if (ring->fd != -1)
        close(ring->fd);
    ring->fd = -1;
}

static void
connect_ring(struct gl_ring *ring)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    snprintf(address.sun_path, sizeof address.sun_path, "%s", ring->socket);
    ring->fd =
        socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (ring->fd != -1 && connect(ring->fd, (const struct sockaddr *) &address,
                                  sizeof address) == -1)
        gl_ring_fini(ring);
}

void
gl_ring(struct gl_ring *ring)
{
    uint8_t packet[GL_HINT_SEALED_BYTES] = {GL_HINT_SEALED, GL_HINT_PROTO};

    if (ring->fd == -1)
        connect_ring(ring);
    if (ring->fd != -1 && send(ring->fd, packet, sizeof packet,
                               MSG_DONTWAIT | MSG_NOSIGNAL) == -1)
        gl_ring_fini(ring);
}
