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

/* ---- unpacked ---- */

/* A block on its way into a column: what BYTES and WIDTH are, the compiler
 * knows wherever it can. */
struct taken {
    const uint8_t *from;
    void *to;
    uint32_t least;
};
#define ALWAYS static inline __attribute__((always_inline))

/* Number I, whose bits begin at BIT of AT.  WIDTH is 32 at most: it lies
 * within 8 bytes. */
ALWAYS void
take_number(const struct taken *t, unsigned bytes, unsigned width,
            const uint8_t *at, size_t bit, size_t i)
{
    uint64_t mask = (UINT64_C(1) << width) - 1;
    uint32_t number =
        t->least + (uint32_t) (gl_get64(&at[bit / 8]) >> bit % 8 & mask);

    if (bytes == 1)
        ((uint8_t *) t->to)[i] = (uint8_t) number;
    else if (bytes == 2)
        ((uint16_t *) t->to)[i] = (uint16_t) number;
    else
        ((uint32_t *) t->to)[i] = number;
}

/* Eight numbers are whole bytes. */
ALWAYS void
take_eights(struct taken t, unsigned bytes, unsigned width, size_t n)
{
    const uint8_t *at = t.from;

    for (size_t i = 0; i + 8 <= n; i += 8, at += width)
#pragma GCC unroll 8
        for (unsigned k = 0; k < 8; k++)
            take_number(&t, bytes, width, at, (size_t) k * width, i + k);
    for (size_t i = n / 8 * 8; i < n; i++)
        take_number(&t, bytes, width, t.from, i * width, i);
}

#define CASE(width)                                                           \
    case width:                                                               \
        take_eights(t, bytes, width, n);                                      \
        break;
#define CASES(w) CASE(w) CASE((w) + 1) CASE((w) + 2) CASE((w) + 3)

/* No number of a good file is wider than its column. */
ALWAYS void
take_bits(struct taken t, unsigned bytes, unsigned width, size_t n)
{
    if (width > 8 * bytes) {
        take_eights(t, bytes, width, n);
        return;
    }
    switch (width) {
        CASES(0)
        CASES(4)
        CASES(8)
        CASES(12)
        CASES(16)
        CASES(20)
        CASES(24)
        CASES(28)
    default:
        take_eights(t, bytes, 32, n);
        break;
    }
}

static void
take_block(struct gl_packed *from, void *to, unsigned bytes, size_t n)
{
    size_t left = (size_t) (from->end - from->at);
    uint32_t least = 0;
    unsigned width = 0;
    struct taken t;

    if (left >= HEAD) {
        least = gl_get32(from->at);
        width = from->at[4];
    }
    if (left < HEAD || width > 32 || left - HEAD < bytes_of(n, width)) {
        from->damaged = 1;
        from->at = from->end;
        memset(to, 0, n * bytes);
        return;
    }
    t = (struct taken){from->at + HEAD, to, least};
    if (bytes == 1)
        take_bits(t, 1, width, n);
    else if (bytes == 2)
        take_bits(t, 2, width, n);
    else
        take_bits(t, 4, width, n);
    from->at += HEAD + bytes_of(n, width);
}

void
gl_unpack(struct gl_packed *from, uint32_t *numbers, size_t n)
{
    for (size_t at = 0; at < n; at += GL_PACK_BLOCK)
        take_block(from, &numbers[at], sizeof *numbers,
                   MIN(n - at, GL_PACK_BLOCK));
}

void
gl_unpack_block(struct gl_unpacked *numbers)
{
    size_t n = MIN(numbers->left, GL_PACK_BLOCK);

    if (n == 0) {
        numbers->some[0] = 0;
        n = 1;
    } else {
        take_block(numbers->from, numbers->some, sizeof *numbers->some, n);
        numbers->left -= n;
    }
    numbers->at = 0;
    numbers->n = (unsigned) n;
}

/* ---- columns ---- */

struct gl_column
gl_unpack_column(struct gl_packed *from, size_t n, size_t *bytes)
{
    struct gl_column column = {.bytes = 1};
    uint8_t *codes;

    if (from->at < from->end)
        column.bytes = *from->at++;
    if (column.bytes != 1 && column.bytes != 2 && column.bytes != 4) {
        column.bytes = 1;
        from->damaged = 1;
    }
    column.codes = codes = g_malloc_n(n + 1, column.bytes);
    *bytes += n * column.bytes;
    for (size_t at = 0; at < n; at += GL_PACK_BLOCK)
        take_block(from, &codes[at * column.bytes], column.bytes,
                   MIN(n - at, GL_PACK_BLOCK));
    return column;
}
