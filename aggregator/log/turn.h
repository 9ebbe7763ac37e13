/*
 * Frames of a round become one transaction: the positions of their segments
 * move on, and their chunks come, or neither.
 *
 * One thread: the forwarder's.
 */

#ifndef GL_LOG_TURN_H
#define GL_LOG_TURN_H

#include "log/server.h"
#include "spool/frame.h"

#include <glib.h>

struct gl_recoder;

struct gl_turn {
    struct gl_recoder *recoder; /* the caller's */
    const char *edge;           /* name of this machine */
    GArray *items;              /* what is to be sent, inside this file */
    GByteArray *payloads;       /* of the items */
    GPtrArray *moved;  /* struct gl_spool_segment *, whose position moves */
    GByteArray *plain; /* one chunk */
    GByteArray *packed;
    struct ZSTD_CCtx_s *zstd;
    GByteArray *before; /* of its frames: visitor.h */
    GByteArray *copy;   /* rows as COPY takes them */
    GString *sql;
    uint64_t chunks_n, frames_n; /* sent in this life */
};

/* So much one transaction brings: a city reads it as a whole. */
#define GL_TURN_FRAMES 8192
#define GL_TURN_BYTES (4 << 20)

void gl_turn_init(struct gl_turn *turn, const char *edge,
                  struct gl_recoder *recoder);
void gl_turn_fini(struct gl_turn *turn);
/* One frame more, unless the log has it: 1 = the turn is full. */
int gl_turn_add(struct gl_turn *turn, const struct gl_spool_frame *frame);
/* Send what was added: 0, or -1 with SERVER's .why: nobody knows what the
 * server did. */
int gl_turn_send(struct gl_turn *turn, struct gl_server *server);

#endif
