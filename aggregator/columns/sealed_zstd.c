/*
 * Parts of a sealed day by zstd, where that makes them much smaller: sums by a
 * dimension, properties, columns of few values.  What is read most, codes in
 * as few bits as they need, it makes little smaller, and each first question
 * would wait for it.
 */

#include "columns/sealed.h"

#include <zstd.h>

#include "gl_assert.h"

#define LEVEL 3
/* Smaller ones are a row of the file as they are. */
#define PART_MIN 256
/* Of what was there, so much at most is left; else it stays. */
#define LEFT(len) ((len) / 3 * 2)
/* Beyond what a set has of anything: that frame is damaged. */
#define PART_MAX (UINT64_C(1) << 28)

static GByteArray *
squeezed(const GByteArray *part)
{
    size_t room = ZSTD_compressBound(part->len), len;
    GByteArray *frame = g_byte_array_sized_new((guint) room);

    len = ZSTD_compress(frame->data, room, part->data, part->len, LEVEL);
    if (ZSTD_isError(len) || len > LEFT(part->len)) {
        g_byte_array_unref(frame);
        return NULL;
    }
    g_byte_array_set_size(frame, (guint) len);
    return frame;
}

void
gl_sealed_squeeze(struct gl_sealed *sealed)
{
    for (int part = 0; part < GL_SEALED_ALL; part++) {
        GByteArray *bytes = sealed->parts[part], *frame;

        /* ids are hashes */
        if (part == GL_PART_IDS || bytes->len < PART_MIN)
            continue;
        GL_ASSERT(!sealed->is_zstd[part]);
        frame = squeezed(bytes);
        if (frame == NULL)
            continue;
        sealed->parts[part] = frame;
        sealed->is_zstd[part] = 1;
        g_byte_array_unref(bytes);
    }
}

/* The frame that BYTES have from BEGIN on becomes what is in it. */
static int
expand(GByteArray *bytes, guint begin)
{
    size_t len = bytes->len - begin;
    unsigned long long size =
        ZSTD_getFrameContentSize(bytes->data + begin, len);
    uint8_t *plain;
    int rc = GL_SEALED_DAMAGED;

    if (size > PART_MAX) /* so are those that say that it is none */
        return rc;
    plain = g_malloc(size + 1);
    if (ZSTD_decompress(plain, size, bytes->data + begin, len) == size) {
        g_byte_array_set_size(bytes, begin);
        g_byte_array_append(bytes, plain, (guint) size);
        rc = 0;
    }
    g_free(plain);
    return rc;
}

int
gl_sealed_read(const struct gl_sealed_from *from, int part, GByteArray *bytes)
{
    guint begin = bytes->len;
    int rc = from->part(from->arg, part, bytes);

    if (rc != 0 || bytes->len > begin)
        return rc;
    rc = from->part(from->arg, part + GL_SEALED_ZSTD, bytes);
    return rc != 0 || bytes->len == begin ? rc : expand(bytes, begin);
}

int
gl_sealed_part(const struct gl_sealed *sealed, int part, GByteArray *bytes)
{
    int is_zstd = part >= GL_SEALED_ZSTD;

    part -= is_zstd ? GL_SEALED_ZSTD : 0;
    GL_ASSERT(part >= 0 && part < GL_SEALED_ALL);
    if (is_zstd == sealed->is_zstd[part])
        g_byte_array_append(bytes, sealed->parts[part]->data,
                            sealed->parts[part]->len);
    return 0;
}
