/*
 * A round: the frames read at a time, in memory, by time.  Inside this room
 * only.
 */

#ifndef GL_SPOOL_ROUND_H
#define GL_SPOOL_ROUND_H

#include "spool/limits.h"

#include <stddef.h>
#include <stdint.h>

struct gl_spool;
struct gl_spool_file;

/* A round's payloads lie in chunks; one pread never exceeds a chunk. */
#define GL_SPOOL_CHUNK_BYTES (256 * 1024)
#define GL_SPOOL_CHUNKS (GL_SPOOL_ROUND_BYTES / GL_SPOOL_CHUNK_BYTES)

struct gl_spool_chunk {
    uint8_t *bytes; /* GL_SPOOL_CHUNK_BYTES, NULL until first used */
    uint32_t used;
};

/* Take valid frames at BYTES (in a chunk, kept): how many bytes they
 * are. */
uint32_t gl_spool_take_(struct gl_spool *spool, struct gl_spool_file *file,
                        const uint8_t *bytes, uint32_t len);
/* Space for at least LEST bytes in a chunk; NULL = round full. */
uint8_t *gl_spool_space_(struct gl_spool *spool, uint32_t least,
                         uint32_t *len);
/* By time, each segment's in their order. */
void gl_spool_sort_(struct gl_spool *spool);

#endif
