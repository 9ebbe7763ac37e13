/*
 * Door: packets of the hint socket, from any process of an allowed user.  None
 * breaks the order of frames or makes one of nothing.
 *
 * Input: packets: a byte of MEND_* bits, two bytes of length, so many bytes.
 */

#include "crc32c.h"
#include "fuzz.h"
#include "hint.h"
#include "spool_world.h"
#include "tap.h"

#include <string.h>
#include <unistd.h>

#define MEND_SEGMENT 1 /* id, index and offset are those of the cursor */
#define MEND_FRAMES 2  /* checksums of the frames are right */
#define MEND_INDEX 4   /* and their indexes */

#define FRAMES_BEFORE 3
#define FRAME_BYTES 40 /* of those: payload */

static struct world world;
static struct gl_writer writer;
static uint8_t packet[GL_HINT_PACKET_MAX + 8];

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    world_open(&world);
    world_worker(&world, &writer);
    world_write(&world, &writer, FRAMES_BEFORE, FRAME_BYTES, 1);
    world_start(&world);
    return 0;
}

static void
put32(uint8_t *at, uint32_t value)
{
    memcpy(at, &value, sizeof value);
}

static uint32_t
get32(const uint8_t *at)
{
    uint32_t value;

    memcpy(&value, at, sizeof value);
    return value;
}

static uint32_t
crc(const uint8_t *at, size_t len)
{
    return gl_crc32c(gl_crc32c(0, writer.current.id, GL_SEGMENT_ID_BYTES), at,
                     len);
}

static void
mend_frames(uint8_t *at, size_t left, int what, uint32_t index)
{
    uint32_t len;

    for (; left >= GL_FRAME_HEADER_BYTES; index++) {
        len = get32(at + 4);
        if (len < 1 || len > GL_FRAME_PAYLOAD_MAX ||
            GL_FRAME_BYTES(len) > left)
            return;
        if (what & MEND_INDEX)
            put32(at + 8, index);
        put32(at + 20, gl_crc32c(0, at + GL_FRAME_HEADER_BYTES, len));
        put32(at, crc(at + 4, GL_FRAME_HEADER_BYTES - 4));
        left -= GL_FRAME_BYTES(len);
        at += GL_FRAME_BYTES(len);
    }
}

/* The cursor stands behind what was delivered; nobody else moves it. */
static void
mend(size_t len, int what, uint32_t index, uint32_t offset)
{
    if (len <= GL_HINT_EVENTS_HEADER_BYTES)
        return;
    if (what & MEND_SEGMENT) {
        put32(packet + 4, index);
        memset(packet + 8, 0, 8);
        put32(packet + 8, offset);
        memcpy(packet + 16, writer.current.id, GL_SEGMENT_ID_BYTES);
    }
    if (what & MEND_FRAMES)
        mend_frames(packet + GL_HINT_EVENTS_HEADER_BYTES,
                    len - GL_HINT_EVENTS_HEADER_BYTES, what, index);
}

/* Reads all there is; *OFFSET and *INDEX move as the cursor does. */
static void
read_frames(uint32_t *index, uint32_t *offset)
{
    const struct gl_spool_frame *frames;
    size_t n, i;

    while (
        gl_spool_read(world.spool, world.wall_ms, world.boot_ms, &frames, &n))
        FUZZ_MUST(n > 0);
    for (i = 0; i < n; i++) {
        FUZZ_MUST(frames[i].index == *index);
        FUZZ_MUST(frames[i].payload_len >= 1);
        FUZZ_MUST(frames[i].payload_len <= GL_FRAME_PAYLOAD_MAX);
        *offset += (uint32_t) GL_FRAME_BYTES(frames[i].payload_len);
        (*index)++;
    }
    gl_spool_release(world.spool);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_bytes in = {data, size};
    uint32_t index = 1, offset = GL_SEGMENT_HEADER_BYTES;
    const uint8_t *from;
    size_t len;
    int what;

    read_frames(&index, &offset);
    FUZZ_MUST(index == FRAMES_BEFORE + 1);
    while (in.left > 0) {
        what = fuzz_take(&in);
        len = fuzz_take16(&in) % sizeof packet;
        from = fuzz_take_some(&in, len, &len);
        memset(packet, 0, sizeof packet);
        if (len > 0)
            memcpy(packet, from, len);
        mend(len, what, index, offset);
        if (gl_spool_hint(world.spool, packet, len) > 0)
            read_frames(&index, &offset);
    }
    read_frames(&index, &offset);
    gl_spool_rewind(world.spool, gl_spool_next(world.spool, NULL));
    return 0;
}
