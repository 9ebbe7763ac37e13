/*
 * Door: a frame's bytes, from a segment file or a hint packet.  No read past
 * the buffer, nothing accepted that the checksums do not cover.
 *
 * Input: one byte of MEND_* bits, one byte of the expected index (0 = any),
 * the frame.  Checksums are mended so that a fuzzer gets past them.
 */

#include "crc32c.h"
#include "fuzz.h"
#include "segment.h"

#include <string.h>

#define MEND_HEADER 1
#define MEND_PAYLOAD 2

/* The golden frames' segment: 00 01 02 ... */
static const uint8_t id[GL_SEGMENT_ID_BYTES] = {0, 1, 2,  3,  4,  5,  6,  7,
                                                8, 9, 10, 11, 12, 13, 14, 15};

static void
put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static void
mend(uint8_t *frame, size_t len, int what)
{
    uint32_t payload_len;

    if (len < GL_FRAME_HEADER_BYTES)
        return;
    memcpy(&payload_len, frame + 4, sizeof payload_len);
    if (what & MEND_PAYLOAD && payload_len <= len - GL_FRAME_HEADER_BYTES)
        put32(frame + 20,
              gl_crc32c(0, frame + GL_FRAME_HEADER_BYTES, payload_len));
    if (what & MEND_HEADER)
        put32(frame, gl_crc32c(gl_crc32c(0, id, sizeof id), frame + 4,
                               GL_FRAME_HEADER_BYTES - 4));
}

static void
check(const struct gl_frame *frame, const uint8_t *bytes, size_t len,
      uint32_t expected)
{
    uint8_t again[GL_FRAME_MAX];

    FUZZ_MUST(frame->bytes <= len && frame->bytes % 8 == 0);
    FUZZ_MUST(frame->payload == bytes + GL_FRAME_HEADER_BYTES);
    FUZZ_MUST(frame->payload_len >= 1);
    FUZZ_MUST(frame->payload_len <= GL_FRAME_PAYLOAD_MAX);
    FUZZ_MUST(expected == 0 || frame->index == expected);
    memcpy(again + GL_FRAME_HEADER_BYTES, frame->payload, frame->payload_len);
    FUZZ_MUST(gl_frame_write(again, id, frame->payload_len, frame->index,
                             frame->delta_ms, frame->type) == frame->bytes);
    /* the writer's flags are 0; other bits change the header's checksum */
    if (frame->flags == 0)
        FUZZ_MUST(memcmp(again, bytes,
                         GL_FRAME_HEADER_BYTES + frame->payload_len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes in = {data, size};
    int what = fuzz_take(&in);
    uint32_t expected = fuzz_take(&in);
    struct gl_segment_header segment = {.major = GL_SEGMENT_MAJOR};
    struct gl_frame frame;
    uint8_t *bytes = malloc(in.left + 1);

    FUZZ_MUST(bytes != NULL);
    /* one behind the start, so that the frame ends where the memory does */
    if (in.left > 0)
        memcpy(bytes + 1, in.at, in.left);
    mend(bytes + 1, in.left, what);
    memcpy(segment.id, id, sizeof id);
    if (gl_frame_read(&frame, bytes + 1, in.left, &segment, expected) ==
        GL_FRAME_OK)
        check(&frame, bytes + 1, in.left, expected);
    free(bytes);
    return 0;
}
