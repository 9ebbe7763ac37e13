/*
 * Numbers of 32 bits, packed: in blocks of GL_PACK_BLOCK, each number as many
 * bits wide as the greatest of its block needs above the least.
 *
 *   block   least, 4 bytes | width, 1 byte | width bits a number, to a byte
 *
 * Little endian.  Pure.
 */

#ifndef GL_PACK_H
#define GL_PACK_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "columns/column.h"

/* A head is a tenth of a bit a number; one wide number costs few others. */
#define GL_PACK_BLOCK 512
#define GL_PACK_SLACK 8 /* bytes after the last that may be read */

void gl_pack(GByteArray *to, const uint32_t *numbers, size_t n);
/* The codes of a column, with how many bytes each takes there. */
void gl_pack_column(GByteArray *to, const struct gl_column *column, size_t n);

/* Bytes that are read from the front; GL_PACK_SLACK more are there. */
struct gl_packed {
    const uint8_t *at, *end;
    int damaged; /* sticks: there were less, or they were none of ours */
};
/* N numbers, whatever they are when FROM is damaged. */
void gl_unpack(struct gl_packed *from, uint32_t *numbers, size_t n);

/* The same LEFT numbers, each once, by gl_unpack_next(); then 0. */
struct gl_unpacked {
    struct gl_packed *from;
    size_t left;
    unsigned at, n;
    uint32_t some[GL_PACK_BLOCK];
};
#define GL_UNPACKED(packed, numbers_n)                                        \
    {                                                                         \
        .from = (packed), .left = (numbers_n)                                 \
    }
void gl_unpack_block(struct gl_unpacked *numbers);

static inline uint32_t
gl_unpack_next(struct gl_unpacked *numbers)
{
    if (numbers->at == numbers->n)
        gl_unpack_block(numbers);
    return numbers->some[numbers->at++];
}

/* *BYTES grows by what it needs. */
struct gl_column gl_unpack_column(struct gl_packed *from, size_t n,
                                  size_t *bytes);

#endif
