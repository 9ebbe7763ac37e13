/*
 * The frames of a chunk as bytes: what the column chunk.frames holds, zstd
 * with a checksum over
 *
 *   0 1 version = 1, then frame after frame, little endian
 *     0 4 index      4 4 payload length, 1..8192     8 8 UTC ms
 *    16 2 type      18 2 zero                       20 . payload
 *
 * Pure: no connection, no file, no clock.  Any thread.
 */

#ifndef GL_LOG_CHUNK_H
#define GL_LOG_CHUNK_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* A chunk is closed when it has so many bytes, before zstd. */
#define GL_CHUNK_BYTES 65536

struct gl_chunk_frame {
    uint32_t index;
    uint32_t payload_len; /* bytes */
    int64_t at_ms;
    uint16_t type; /* enum gl_frame_type, or one not known here */
    const uint8_t *payload;
};

void gl_chunk_begin(GByteArray *plain);
void gl_chunk_add(GByteArray *plain, const struct gl_chunk_frame *frame);

/* PLAIN, packed by ZSTD, at the end of PACKED: 0, or -1 without memory.  To
 * make a context costs more than to pack a small chunk. */
struct ZSTD_CCtx_s;
int gl_chunk_pack(struct ZSTD_CCtx_s *zstd, GByteArray *packed,
                  const GByteArray *plain);
/* PLAIN gets what is packed in BYTES: 0, or -1: damaged, or of a version not
 * known here. */
int gl_chunk_unpack(GByteArray *plain, const void *bytes, size_t len);

/* The frame at *AT of PLAIN, 0 at first: 1, 0 = there is none any more, -1 =
 * these are no frames.  The payload lies in PLAIN. */
int gl_chunk_next(const GByteArray *plain, size_t *at,
                  struct gl_chunk_frame *frame);

#endif
