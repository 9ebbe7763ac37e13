/* The bytes of a pack; see pack.h. */

#include "log/pack.h"

#include "gl_assert.h"
#include "little_endian.h"

#include <string.h>
#include <zstd.h>

#define VERSION 1
#define HEAD_BYTES 25
#define LEVEL 9
/* A transaction has 4 MiB at most (turn.h), and some bytes for each frame. */
#define PLAIN_MAX ((size_t) 16 << 20)

struct item {
    uint8_t seg[GL_SEGMENT_ID_BYTES];
    uint64_t xid;
    struct gl_chunk_frame frame;
    size_t at; /* of the payload */
};

void
gl_pack_init(struct gl_pack *pack)
{
    pack->items = g_array_new(FALSE, FALSE, sizeof(struct item));
    pack->payloads = g_byte_array_new();
    pack->plain = g_byte_array_new();
}

void
gl_pack_fini(struct gl_pack *pack)
{
    g_array_free(pack->items, TRUE);
    g_byte_array_free(pack->payloads, TRUE);
    g_byte_array_free(pack->plain, TRUE);
}

void
gl_pack_add(struct gl_pack *pack, const uint8_t seg[GL_SEGMENT_ID_BYTES],
            uint64_t xid, const struct gl_chunk_frame *frame)
{
    struct item item = {
        .xid = xid, .frame = *frame, .at = pack->payloads->len};

    GL_ASSERT(frame->payload_len > 0 &&
              frame->payload_len <= GL_FRAME_PAYLOAD_MAX);
    memcpy(item.seg, seg, sizeof item.seg);
    g_byte_array_append(pack->payloads, frame->payload, frame->payload_len);
    g_array_append_val(pack->items, item);
}

size_t
gl_pack_bytes(const struct gl_pack *pack)
{
    return pack->payloads->len + 8 * (size_t) pack->items->len;
}

void
gl_pack_clear(struct gl_pack *pack)
{
    g_array_set_size(pack->items, 0);
    g_byte_array_set_size(pack->payloads, 0);
}

/* ---- write ---- */

static int
compare(const void *left, const void *right)
{
    const struct item *a = left, *b = right;
    int order = memcmp(a->seg, b->seg, sizeof a->seg);

    if (order != 0)
        return order;
    return (a->frame.index > b->frame.index) -
           (a->frame.index < b->frame.index);
}

static void
put_number(GByteArray *to, uint64_t value)
{
    uint8_t bytes[10];
    guint n = 0;

    for (; value > 127; value >>= 7)
        bytes[n++] = (uint8_t) (value | 128);
    bytes[n++] = (uint8_t) value;
    g_byte_array_append(to, bytes, n);
}

/* Small numbers of either sign are small. */
static void
put_difference(GByteArray *to, uint64_t value, uint64_t before)
{
    uint64_t n = value - before;

    put_number(to, n << 1 ^ (n >> 63 != 0 ? UINT64_MAX : 0));
}

static guint
same_segment(const struct item *items, guint n)
{
    guint i = 1;

    while (i < n && memcmp(items[i].seg, items->seg, sizeof items->seg) == 0)
        i++;
    return i;
}

static void
put_heads(GByteArray *to, const struct item *items, guint n, uint64_t xid)
{
    int64_t at_ms = items->frame.at_ms;
    guint left = 0;
    uint32_t index = 0;

    for (guint i = 0; i < n; i++, left--) {
        const struct gl_chunk_frame *frame = &items[i].frame;

        if (left == 0) {
            left = same_segment(items + i, n - i);
            g_byte_array_append(to, items[i].seg, sizeof items->seg);
            put_number(to, left);
            index = 0;
        }
        put_number(to, frame->index - index);
        put_difference(to, (uint64_t) frame->at_ms, (uint64_t) at_ms);
        put_difference(to, items[i].xid, xid);
        put_number(to, frame->type);
        put_number(to, frame->payload_len);
        index = frame->index;
        at_ms = frame->at_ms;
        xid = items[i].xid;
    }
}

static int
compress(GByteArray *packed, const GByteArray *plain)
{
    size_t bound = ZSTD_compressBound(plain->len), n;
    ZSTD_CCtx *zstd = ZSTD_createCCtx();

    if (zstd == NULL)
        return -1;
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    g_byte_array_set_size(packed, (guint) bound);
    n = ZSTD_compress2(zstd, packed->data, bound, plain->data, plain->len);
    ZSTD_freeCCtx(zstd);
    g_byte_array_set_size(packed, ZSTD_isError(n) ? 0 : (guint) n);
    return ZSTD_isError(n) ? -1 : 0;
}

int
gl_pack_finish(struct gl_pack *pack, GByteArray *packed)
{
    struct item *items = (struct item *) (void *) pack->items->data;
    guint n = pack->items->len;
    uint64_t oldest = UINT64_MAX;
    uint8_t head[HEAD_BYTES] = {VERSION};

    GL_ASSERT(n > 0);
    qsort(items, n, sizeof *items, compare);
    for (guint i = 0; i < n; i++)
        oldest = MIN(oldest, items[i].xid);
    g_byte_array_set_size(pack->plain, 0);
    g_byte_array_append(pack->plain, head, sizeof head);
    put_heads(pack->plain, items, n, oldest);
    gl_put32(pack->plain->data + 1, n);
    gl_put64(pack->plain->data + 5, oldest);
    gl_put64(pack->plain->data + 13, (uint64_t) items->frame.at_ms);
    gl_put32(pack->plain->data + 21, pack->plain->len - HEAD_BYTES);
    for (guint i = 0; i < n; i++)
        g_byte_array_append(pack->plain, pack->payloads->data + items[i].at,
                            items[i].frame.payload_len);
    gl_pack_clear(pack);
    GL_ASSERT(pack->plain->len <= PLAIN_MAX);
    return compress(packed, pack->plain);
}

/* ---- read ---- */

int
gl_pack_open(struct gl_unpacked *u, GByteArray *plain, const void *bytes,
             size_t len)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, len);
    size_t n;

    memset(u, 0, sizeof *u);
    if (size < HEAD_BYTES || size > PLAIN_MAX) /* errors are the largest */
        return -1;
    g_byte_array_set_size(plain, (guint) size);
    n = ZSTD_decompress(plain->data, plain->len, bytes, len);
    if (ZSTD_isError(n) || n != size || plain->data[0] != VERSION)
        return -1;
    u->plain = plain;
    u->left = gl_get32(plain->data + 1);
    u->xid = gl_get64(plain->data + 5);
    u->frame.at_ms = (int64_t) gl_get64(plain->data + 13);
    u->head = HEAD_BYTES;
    n = gl_get32(plain->data + 21);
    if (n > plain->len - HEAD_BYTES)
        return -1;
    u->heads_end = u->payload = HEAD_BYTES + n;
    return 0;
}

static int
get_number(struct gl_unpacked *u, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; shift < 64 && u->head < u->heads_end;
         shift += 7) {
        uint8_t byte = u->plain->data[u->head++];

        *value |= (uint64_t) (byte & 127) << shift;
        if (byte < 128)
            return 0;
    }
    return -1;
}

static int
get_difference(struct gl_unpacked *u, uint64_t *value)
{
    uint64_t n;

    if (get_number(u, &n) != 0)
        return -1;
    *value += n >> 1 ^ ((n & 1) != 0 ? UINT64_MAX : 0);
    return 0;
}

static int
next_segment(struct gl_unpacked *u)
{
    uint64_t n;

    if (u->heads_end - u->head < GL_SEGMENT_ID_BYTES)
        return -1;
    u->seg = u->plain->data + u->head;
    u->head += GL_SEGMENT_ID_BYTES;
    u->frame.index = 0;
    if (get_number(u, &n) != 0 || n == 0 || n > u->left)
        return -1;
    u->of_seg = (uint32_t) n;
    return 0;
}

int
gl_pack_next(struct gl_unpacked *u)
{
    uint64_t index, type, len, at_ms = (uint64_t) u->frame.at_ms;

    if (u->left == 0)
        return 0;
    if ((u->of_seg == 0 && next_segment(u) != 0) ||
        get_number(u, &index) != 0 || get_difference(u, &at_ms) != 0 ||
        get_difference(u, &u->xid) != 0 || get_number(u, &type) != 0 ||
        get_number(u, &len) != 0)
        return -1;
    if (index == 0 || index > UINT32_MAX - u->frame.index ||
        type > UINT16_MAX || len == 0 || len > GL_FRAME_PAYLOAD_MAX ||
        len > u->plain->len - u->payload)
        return -1;
    u->frame.index += (uint32_t) index;
    u->frame.at_ms = (int64_t) at_ms;
    u->frame.type = (uint16_t) type;
    u->frame.payload_len = (uint32_t) len;
    u->frame.payload = u->plain->data + u->payload;
    u->payload += len;
    u->of_seg--;
    u->left--;
    return 1;
}
