/*
 * Promise: frames of many segments and transactions that go into a pack come
 * out the same, by segment and index; whatever else is in a row's bytes is
 * refused, or is frames within their bounds: no overrun.
 */

#include "log/pack.h"
#include "segment.h"
#include "tap.h"

#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#define ROUND_TRIPS 200
#define MUTATIONS 20000
#define FRAMES_MAX 400
#define SEGMENTS 5

struct one {
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    uint64_t xid;
    struct gl_chunk_frame frame;
};

static uint8_t pool[GL_FRAME_PAYLOAD_MAX + 4096];
static struct one frames[FRAMES_MAX];
static GByteArray *packed, *plain;
static struct gl_pack pack;

static uint32_t
fill(void)
{
    uint32_t n = 1 + (uint32_t) tap_below(FRAMES_MAX), index[SEGMENTS] = {0};

    for (uint32_t i = 0; i < n; i++) {
        struct one *one = &frames[i];
        size_t seg = tap_below(SEGMENTS);

        memset(one->seg, (int) (7 * seg), sizeof one->seg);
        one->xid = tap_below(4) == 0 ? tap_random() : 1000 + i / 7;
        index[seg] += 1 + (uint32_t) tap_below(3);
        one->frame.index = index[seg];
        one->frame.payload_len =
            1 + (uint32_t) tap_below(tap_below(20) == 0 ? GL_FRAME_PAYLOAD_MAX
                                                        : 300);
        one->frame.at_ms = (int64_t) tap_random();
        one->frame.type = (uint16_t) tap_below(65536);
        one->frame.payload = pool + tap_below(4096);
        gl_pack_add(&pack, one->seg, one->xid, &one->frame);
    }
    return n;
}

static int
by_index(const void *left, const void *right)
{
    const struct one *a = left, *b = right;
    int order = memcmp(a->seg, b->seg, sizeof a->seg);

    return order != 0 ? order
                      : (a->frame.index > b->frame.index) -
                            (a->frame.index < b->frame.index);
}

static int
is_same(const struct one *one, const struct gl_unpacked *u)
{
    return memcmp(one->seg, u->seg, sizeof one->seg) == 0 &&
           one->xid == u->xid && one->frame.index == u->frame.index &&
           one->frame.at_ms == u->frame.at_ms &&
           one->frame.type == u->frame.type &&
           one->frame.payload_len == u->frame.payload_len &&
           memcmp(one->frame.payload, u->frame.payload,
                  u->frame.payload_len) == 0;
}

static int
come_back(void)
{
    struct gl_unpacked u;
    uint32_t n = fill();

    if (gl_pack_bytes(&pack) == 0 || gl_pack_finish(&pack, packed) != 0 ||
        gl_pack_bytes(&pack) != 0 ||
        gl_pack_open(&u, plain, packed->data, packed->len) != 0)
        return 0;
    qsort(frames, n, sizeof *frames, by_index);
    for (uint32_t i = 0; i < n; i++)
        if (gl_pack_next(&u) != 1 || !is_same(&frames[i], &u))
            return 0;
    return gl_pack_next(&u) == 0;
}

/* All of what is there is looked at: a sanitizer sees an overrun. */
static void
read_all(const void *bytes, size_t len, uint64_t *sum)
{
    struct gl_unpacked u;

    if (gl_pack_open(&u, plain, bytes, len) != 0)
        return;
    while (gl_pack_next(&u) == 1) {
        *sum += u.seg[GL_SEGMENT_ID_BYTES - 1];
        for (uint32_t i = 0; i < u.frame.payload_len; i++)
            *sum += u.frame.payload[i];
    }
}

/* Damaged before zstd, whose checksum finds what is damaged after it. */
static uint64_t
mutate(void)
{
    uint8_t out[65536];
    GByteArray *bad = g_byte_array_new();
    uint64_t sum = 0;

    fill();
    gl_pack_finish(&pack, packed);
    for (int i = 0; i < MUTATIONS; i++) {
        size_t n;

        g_byte_array_set_size(bad, 0);
        g_byte_array_append(bad, pack.plain->data,
                            MIN(pack.plain->len, 20000u));
        for (size_t k = 0; k <= tap_below(4); k++)
            bad->data[tap_below(MIN(bad->len, 2000u))] =
                (uint8_t) tap_random();
        g_byte_array_set_size(bad, 1 + (guint) tap_below(bad->len));
        n = ZSTD_compress(out, sizeof out, bad->data, bad->len, 1);
        if (!ZSTD_isError(n))
            read_all(out, n, &sum);
    }
    g_byte_array_free(bad, TRUE);
    return sum;
}

static int
refused(const void *bytes, size_t len)
{
    struct gl_unpacked u;

    return gl_pack_open(&u, plain, bytes, len) == -1;
}

int
main(void)
{
    int good = 1;

    packed = g_byte_array_new();
    plain = g_byte_array_new();
    gl_pack_init(&pack);
    for (size_t i = 0; i < sizeof pool; i++)
        pool[i] = (uint8_t) tap_random();
    for (int i = 0; i < ROUND_TRIPS && good; i++)
        good = come_back();
    tap_ok(good, "what goes in comes out");
    packed->data[packed->len / 2] ^= 1;
    tap_ok(refused(packed->data, packed->len), "one bit is another");
    tap_ok(refused("", 0) && refused("nothing", 7), "no pack");
    tap_ok(mutate() > 0, "damaged ones are read within their bounds");
    gl_pack_fini(&pack);
    g_byte_array_free(packed, TRUE);
    g_byte_array_free(plain, TRUE);
    return tap_done();
}
