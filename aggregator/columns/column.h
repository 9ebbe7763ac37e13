/*
 * A column of a set: codes of 8, 16 or 32 bits, as many as the greatest of
 * them needs.  Pure.
 */

#ifndef GL_COLUMN_H
#define GL_COLUMN_H

#include <stddef.h>
#include <stdint.h>

struct gl_column {
    unsigned bytes; /* of a code: 1, 2 or 4 */
    int is_lent;    /* CODES are another column's, and must not be changed */
    void *codes;
};

/* Of N CODES, which are taken; *BYTES grows by what it needs. */
struct gl_column gl_column_new(uint32_t *codes, size_t n, size_t *bytes);
/* Row I of N has CODES[OF[I]]; there are CODES_N of them. */
struct gl_column gl_column_spread(const uint32_t *codes, size_t codes_n,
                                  const uint32_t *of, size_t n, size_t *bytes);
/* N codes that it is wide enough for, from AT on. */
void gl_column_put(struct gl_column *column, size_t at, const uint32_t *codes,
                   size_t n);
void gl_column_fini(struct gl_column *column);
/* Where N codes of COLUMN are those of FROM they are lent from there: *BYTES
 * shrinks by what it needed. */
void gl_column_lend(struct gl_column *column, const struct gl_column *from,
                    size_t n, size_t *bytes);
/* What codes stand for: of CODE, TO[CODE], or CODE where TO is NULL; of one
 * that is not below N, of a damaged file, what 0 does. */
struct gl_column_map {
    const uint32_t *to;
    uint32_t n;
};
/* TO[i] = what the code of row ROWS[i] stands for, i < N. */
void gl_column_gather(const struct gl_column *column,
                      const struct gl_column_map *map, const uint32_t *rows,
                      size_t n, uint32_t *to);

static inline uint32_t
gl_column_at(const struct gl_column *column, size_t row)
{
    switch (column->bytes) {
    case 1:
        return ((const uint8_t *) column->codes)[row];
    case 2:
        return ((const uint16_t *) column->codes)[row];
    default:
        return ((const uint32_t *) column->codes)[row];
    }
}

/* The first place from FROM on in LIST, which ascends, that is not below
 * LEAST; N = there is none. */
static inline uint32_t
gl_place_from(const uint32_t *list, uint32_t from, uint32_t n, uint32_t least)
{
    while (from < n) {
        uint32_t middle = from + (n - from) / 2;

        if (list[middle] < least)
            from = middle + 1;
        else
            n = middle;
    }
    return from;
}

#endif
