/* Tells glintod that there is a new segment: a hint, which may be lost. */

#ifndef GL_LOG_RING_H
#define GL_LOG_RING_H

struct gl_ring {
    const char *socket; /* events_socket of glinto.conf, the caller's */
    int fd;             /* -1 = not connected */
};

void gl_ring_init(struct gl_ring *ring, const char *socket);
void gl_ring_fini(struct gl_ring *ring);
void gl_ring(struct gl_ring *ring);

#endif
