/*
 * Promise: frames that go into a chunk come out the same; whatever else is in
 * a row's bytes is refused, or is frames within their bounds: no overrun.
 */

#include "log/chunk.h"
#include "segment.h"
#include "tap.h"

#include <string.h>
#include <zstd.h>

#define ROUND_TRIPS 300
#define MUTATIONS 20000
#define FRAMES_MAX 200

static uint8_t pool[GL_FRAME_PAYLOAD_MAX + 4096];
static struct gl_chunk_frame frames[FRAMES_MAX];
static GByteArray *plain, *packed, *again;
static ZSTD_CCtx *zstd;

/* As many frames as a chunk takes; how many. */
static uint32_t
fill(void)
{
    uint32_t n = 1 + (uint32_t) tap_below(FRAMES_MAX), i;

    gl_chunk_begin(plain);
    for (i = 0; i < n && plain->len < GL_CHUNK_BYTES; i++) {
        struct gl_chunk_frame *frame = &frames[i];

        frame->index = 1 + i * 3;
        frame->payload_len =
            1 + (uint32_t) tap_below(tap_below(20) == 0 ? GL_FRAME_PAYLOAD_MAX
                                                        : 300);
        frame->at_ms = (int64_t) tap_random();
        frame->type = (uint16_t) tap_below(65536);
        frame->payload = pool + tap_below(4096);
        gl_chunk_add(plain, frame);
    }
    return i;
}

static int
is_same(const struct gl_chunk_frame *one, const struct gl_chunk_frame *other)
{
    return one->index == other->index && one->at_ms == other->at_ms &&
           one->type == other->type &&
           one->payload_len == other->payload_len &&
           memcmp(one->payload, other->payload, one->payload_len) == 0;
}

static int
come_back(uint32_t n)
{
    struct gl_chunk_frame frame;
    size_t at = 0;

    g_byte_array_set_size(packed, 0);
    if (gl_chunk_pack(zstd, packed, plain) != 0 ||
        gl_chunk_unpack(again, packed->data, packed->len) != 0)
        return 0;
    for (uint32_t i = 0; i < n; i++)
        if (gl_chunk_next(again, &at, &frame) != 1 ||
            !is_same(&frame, &frames[i]))
            return 0;
    return gl_chunk_next(again, &at, &frame) == 0;
}

static void
check_round_trips(void)
{
    int same = 1;

    for (int i = 0; i < ROUND_TRIPS; i++)
        same &= come_back(fill());
    tap_ok(same, "%d chunks come back as they were", ROUND_TRIPS);
}

/* Bytes that a checksum would refuse, past it. */
static int
read_all(void)
{
    struct gl_chunk_frame frame;
    size_t at = 0;
    int more;

    while ((more = gl_chunk_next(again, &at, &frame)) == 1)
        if (frame.payload_len == 0 ||
            frame.payload_len > GL_FRAME_PAYLOAD_MAX ||
            frame.payload + frame.payload_len > again->data + again->len)
            return 0;
    return 1;
}

static void
check_damage(void)
{
    int refused = 1, bounded = 1;

    fill();
    g_byte_array_set_size(packed, 0);
    gl_chunk_pack(zstd, packed, plain);
    for (int i = 0; i < MUTATIONS; i++) {
        size_t at = tap_below(packed->len);
        uint8_t was = packed->data[at];

        packed->data[at] ^= (uint8_t) (1 + tap_below(255));
        if (gl_chunk_unpack(again, packed->data, packed->len) == 0)
            refused &= again->len == plain->len &&
                       memcmp(again->data, plain->data, plain->len) == 0;
        packed->data[at] = was;
        refused &=
            gl_chunk_unpack(again, packed->data, tap_below(packed->len)) == -1;
        g_byte_array_set_size(again, 0);
        g_byte_array_append(again, plain->data, plain->len);
        again->data[1 + tap_below(again->len - 1)] ^= 0x55;
        bounded &= read_all();
    }
    tap_ok(refused, "%d damaged rows give no other frames", MUTATIONS);
    tap_ok(bounded, "and what is in a chunk is read within its bounds");
}

int
main(void)
{
    for (size_t i = 0; i < sizeof pool; i++)
        pool[i] = (uint8_t) tap_below(256);
    plain = g_byte_array_new();
    packed = g_byte_array_new();
    again = g_byte_array_new();
    zstd = ZSTD_createCCtx();
    check_round_trips();
    check_damage();
    tap_int(gl_chunk_unpack(again, "", 0), -1, "nothing is no chunk");
    g_byte_array_free(plain, TRUE);
    g_byte_array_free(packed, TRUE);
    g_byte_array_free(again, TRUE);
    ZSTD_freeCCtx(zstd);
    return tap_done();
}
