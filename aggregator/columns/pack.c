/* Numbers packed; see pack.h. */

#include "columns/pack.h"

#include <string.h>

#include "gl_assert.h"
#include "little_endian.h"

#define HEAD 5 /* bytes of a block's */

static unsigned
bits_of(uint32_t number)
{
    return number == 0 ? 0 : 32 - (unsigned) __builtin_clz(number);
}

static size_t
bytes_of(size_t n, unsigned width)
{
    return (n * width + 7) / 8;
}

/* N numbers less LEAST, WIDTH bits each, to AT, whose bytes are 0. */
static void
put_bits(uint8_t *at, const uint32_t *numbers, size_t n, uint32_t least,
         unsigned width)
{
    uint64_t waiting = 0; /* bits, the first the lowest */
    unsigned bits = 0;

    GL_ASSERT(width <= 32);
    for (size_t i = 0; i < n; i++) {
        waiting |= (uint64_t) (numbers[i] - least) << bits;
        for (bits += width; bits >= 8; bits -= 8) {
            *at++ = (uint8_t) waiting;
            waiting >>= 8;
        }
    }
    if (bits > 0)
        *at = (uint8_t) waiting;
}

static void
put_block(GByteArray *to, const uint32_t *numbers, size_t n)
{
    uint32_t least = numbers[0], most = numbers[0];
    guint at = to->len;
    unsigned width;

    GL_ASSERT(n > 0 && n <= GL_PACK_BLOCK);
    for (size_t i = 1; i < n; i++) {
        least = MIN(least, numbers[i]);
        most = MAX(most, numbers[i]);
    }
    width = bits_of(most - least);
    g_byte_array_set_size(to, at + HEAD + (guint) bytes_of(n, width));
    gl_put32(&to->data[at], least);
    to->data[at + 4] = (uint8_t) width;
    put_bits(&to->data[at + HEAD], numbers, n, least, width);
}

void
gl_pack(GByteArray *to, const uint32_t *numbers, size_t n)
{
    for (size_t at = 0; at < n; at += GL_PACK_BLOCK)
        put_block(to, &numbers[at], MIN(n - at, GL_PACK_BLOCK));
}

void
gl_pack_column(GByteArray *to, const struct gl_column *column, size_t n)
{
    uint32_t numbers[GL_PACK_BLOCK];
    guint8 bytes = (guint8) column->bytes;

    g_byte_array_append(to, &bytes, 1);
    for (size_t at = 0; at < n; at += GL_PACK_BLOCK) {
        size_t take = MIN(n - at, GL_PACK_BLOCK);

        for (size_t i = 0; i < take; i++)
            numbers[i] = gl_column_at(column, at + i);
        put_block(to, numbers, take);
    }
}

/* WIDTH is 32 at most: a number lies within 8 bytes. */
static void
take_bits(const uint8_t *from, uint32_t *numbers, size_t n, uint32_t least,
          unsigned width)
{
    uint64_t mask = (UINT64_C(1) << width) - 1;
    size_t bit = 0;

    for (size_t i = 0; i < n; i++, bit += width) {
        uint64_t word = gl_get64(&from[bit / 8]);

        numbers[i] = least + (uint32_t) (word >> bit % 8 & mask);
    }
}

static void
take_block(struct gl_packed *from, uint32_t *numbers, size_t n)
{
    size_t left = (size_t) (from->end - from->at);
    uint32_t least = 0;
    unsigned width = 0;

    if (left >= HEAD) {
        least = gl_get32(from->at);
        width = from->at[4];
    }
    if (left < HEAD || width > 32 || left - HEAD < bytes_of(n, width)) {
        from->damaged = 1;
        from->at = from->end;
        memset(numbers, 0, n * sizeof *numbers);
        return;
    }
    take_bits(from->at + HEAD, numbers, n, least, width);
    from->at += HEAD + bytes_of(n, width);
}

void
gl_unpack(struct gl_packed *from, uint32_t *numbers, size_t n)
{
    for (size_t at = 0; at < n; at += GL_PACK_BLOCK)
        take_block(from, &numbers[at], MIN(n - at, GL_PACK_BLOCK));
}

/* ---- columns ---- */

struct gl_column
gl_unpack_column(struct gl_packed *from, size_t n, size_t *bytes)
{
    uint32_t numbers[GL_PACK_BLOCK];
    struct gl_column column = {.bytes = 1};

    if (from->at < from->end)
        column.bytes = *from->at++;
    if (column.bytes != 1 && column.bytes != 2 && column.bytes != 4) {
        column.bytes = 1;
        from->damaged = 1;
    }
    column.codes = g_malloc_n(n + 1, column.bytes);
    *bytes += n * column.bytes;
    for (size_t at = 0; at < n; at += GL_PACK_BLOCK) {
        size_t take = MIN(n - at, GL_PACK_BLOCK);

        take_block(from, numbers, take);
        gl_column_put(&column, at, numbers, take);
    }
    return column;
}
