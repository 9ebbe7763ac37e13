/*
 * Frames of many small chunks, of any sites, joined: what the column
 * pack.frames holds, zstd with a checksum over
 *
 *   0 1 version = 1      1 4 frames      5 8 oldest transaction
 *  13 8 UTC ms of the first frame       21 4 bytes of heads
 *  25 . heads: of each segment 16 bytes of id and how many frames, then of
 *       each frame what differs from the one before: index, ms, transaction,
 *       type, payload length; numbers of 1 to 10 bytes, 7 bits each
 *     . payloads, one after the other
 *
 * Frames lie by segment and index, so that heads are nearly nothing.
 *
 * Pure: no connection, no file, no clock.  Any thread.
 */

#ifndef GL_LOG_PACK_H
#define GL_LOG_PACK_H

#include "log/chunk.h"
#include "segment.h"

#include <glib.h>

/* A pack takes whole transactions, until it has so many bytes. */
#define GL_PACK_BYTES (1 << 20)

struct gl_pack {
    GArray *items; /* inside this file */
    GByteArray *payloads;
    GByteArray *plain;
};

void gl_pack_init(struct gl_pack *pack);
void gl_pack_fini(struct gl_pack *pack);
void gl_pack_add(struct gl_pack *pack, const uint8_t seg[GL_SEGMENT_ID_BYTES],
                 uint64_t xid, const struct gl_chunk_frame *frame);
/* What was added, before zstd; 0 = nothing. */
size_t gl_pack_bytes(const struct gl_pack *pack);
/* Nothing was added. */
void gl_pack_clear(struct gl_pack *pack);
/* What was added, packed, into PACKED; PACK is empty then.  0, or -1 without
 * memory. */
int gl_pack_finish(struct gl_pack *pack, GByteArray *packed);

struct gl_unpacked {
    GByteArray *plain; /* the caller's */
    size_t head, heads_end, payload;
    uint32_t left, of_seg; /* frames: in all; of this segment */
    const uint8_t *seg;
    uint64_t xid;
    struct gl_chunk_frame frame;
};

/* PLAIN gets what is packed in BYTES: 0, or -1: damaged, or of a version not
 * known here. */
int gl_pack_open(struct gl_unpacked *u, GByteArray *plain, const void *bytes,
                 size_t len);
/* The next is .frame of .seg, brought by .xid; by segment and index.  1, 0 =
 * there is none any more, -1 = these are no frames. */
int gl_pack_next(struct gl_unpacked *u);

#endif
