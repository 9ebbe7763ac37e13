/* The bytes of a chunk; see chunk.h. */

#include "log/chunk.h"

#include "gl_assert.h"
#include "little_endian.h"
#include "segment.h"

#include <zstd.h>

#define VERSION 1
#define HEAD_BYTES 20
/* What is faster than this packs a tenth worse. */
#define LEVEL 3
/* A chunk is closed with the frame that fills it. */
#define PLAIN_MAX (GL_CHUNK_BYTES + HEAD_BYTES + GL_FRAME_PAYLOAD_MAX + 1)

void
gl_chunk_begin(GByteArray *plain)
{
    const uint8_t version = VERSION;

    g_byte_array_set_size(plain, 0);
    g_byte_array_append(plain, &version, 1);
}

void
gl_chunk_add(GByteArray *plain, const struct gl_chunk_frame *frame)
{
    uint8_t head[HEAD_BYTES] = {0};

    GL_ASSERT(frame->payload_len > 0 &&
              frame->payload_len <= GL_FRAME_PAYLOAD_MAX);
    gl_put32(head, frame->index);
    gl_put32(head + 4, frame->payload_len);
    gl_put64(head + 8, (uint64_t) frame->at_ms);
    gl_put16(head + 16, frame->type);
    g_byte_array_append(plain, head, sizeof head);
    g_byte_array_append(plain, frame->payload, frame->payload_len);
    GL_ASSERT(plain->len <= PLAIN_MAX);
}

int
gl_chunk_pack(struct ZSTD_CCtx_s *zstd, GByteArray *packed,
              const GByteArray *plain)
{
    size_t bound = ZSTD_compressBound(plain->len), n;
    guint before = packed->len;

    if (zstd == NULL)
        return -1;
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_compressionLevel, LEVEL);
    ZSTD_CCtx_setParameter(zstd, ZSTD_c_checksumFlag, 1);
    g_byte_array_set_size(packed, before + (guint) bound);
    n = ZSTD_compress2(zstd, packed->data + before, bound, plain->data,
                       plain->len);
    g_byte_array_set_size(packed, before + (ZSTD_isError(n) ? 0 : (guint) n));
    return ZSTD_isError(n) ? -1 : 0;
}

int
gl_chunk_unpack(GByteArray *plain, const void *bytes, size_t len)
{
    unsigned long long size = ZSTD_getFrameContentSize(bytes, len);
    size_t n;

    g_byte_array_set_size(plain, 0);
    if (size == 0 || size > PLAIN_MAX) /* errors are the largest numbers */
        return -1;
    g_byte_array_set_size(plain, (guint) size);
    n = ZSTD_decompress(plain->data, plain->len, bytes, len);
    if (!ZSTD_isError(n) && n == size && plain->data[0] == VERSION)
        return 0;
    g_byte_array_set_size(plain, 0);
    return -1;
}

int
gl_chunk_next(const GByteArray *plain, size_t *at,
              struct gl_chunk_frame *frame)
{
    const uint8_t *head;
    size_t left;

    if (*at == 0)
        *at = 1;
    GL_ASSERT(*at <= plain->len);
    head = plain->data + *at;
    left = plain->len - *at;
    if (left == 0)
        return 0;
    if (left < HEAD_BYTES)
        return -1;
    frame->index = gl_get32(head);
    frame->payload_len = gl_get32(head + 4);
    frame->at_ms = (int64_t) gl_get64(head + 8);
    frame->type = gl_get16(head + 16);
    frame->payload = head + HEAD_BYTES;
    if (frame->index == 0 || frame->payload_len == 0 ||
        frame->payload_len > GL_FRAME_PAYLOAD_MAX ||
        frame->payload_len > left - HEAD_BYTES)
        return -1;
    *at += HEAD_BYTES + frame->payload_len;
    return 1;
}
