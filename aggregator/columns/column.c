/* Columns as narrow as their codes; see column.h. */

#include "columns/column.h"

#include "gl_assert.h"

#include <glib.h>
#include <string.h>

/* N codes, none of them set yet, none above MOST. */
static struct gl_column
column_for(uint32_t most, size_t n, size_t *bytes)
{
    struct gl_column column = {.bytes = 4};

    if (most <= UINT16_MAX)
        column.bytes = most <= UINT8_MAX ? 1 : 2;
    column.codes = g_malloc_n(n + 1, column.bytes);
    *bytes += n * column.bytes;
    return column;
}

/* As wide as the greatest. */
static uint32_t
all_of(const uint32_t *codes, size_t n)
{
    uint32_t all = 0;

    for (size_t i = 0; i < n; i++)
        all |= codes[i];
    return all;
}

struct gl_column
gl_column_new(uint32_t *codes, size_t n, size_t *bytes)
{
    struct gl_column column = column_for(all_of(codes, n), n, bytes);

    gl_column_put(&column, 0, codes, n);
    g_free(codes);
    return column;
}

#define SPREAD(type)                                                          \
    for (size_t i = 0; i < n; i++)                                            \
        ((type *) column.codes)[i] = (type) codes[of[i]];

struct gl_column
gl_column_spread(const uint32_t *codes, size_t codes_n, const uint32_t *of,
                 size_t n, size_t *bytes)
{
    struct gl_column column = column_for(all_of(codes, codes_n), n, bytes);

    switch (column.bytes) {
    case 1:
        SPREAD(uint8_t)
        break;
    case 2:
        SPREAD(uint16_t)
        break;
    default:
        SPREAD(uint32_t)
        break;
    }
    return column;
}

void
gl_column_put(struct gl_column *column, size_t at, const uint32_t *codes,
              size_t n)
{
    uint8_t *one = column->codes;
    uint16_t *two = column->codes;
    uint32_t *four = column->codes;

    GL_ASSERT(!column->is_lent);
    switch (column->bytes) {
    case 1:
        for (size_t i = 0; i < n; i++)
            one[at + i] = (uint8_t) codes[i];
        break;
    case 2:
        for (size_t i = 0; i < n; i++)
            two[at + i] = (uint16_t) codes[i];
        break;
    default:
        GL_ASSERT(column->bytes == 4);
        memcpy(&four[at], codes, n * sizeof *codes);
        break;
    }
}

void
gl_column_fini(struct gl_column *column)
{
    if (!column->is_lent)
        g_free(column->codes);
}

void
gl_column_lend(struct gl_column *column, const struct gl_column *from,
               size_t n, size_t *bytes)
{
    if (column->is_lent || from->is_lent || from->codes == NULL ||
        column->bytes != from->bytes ||
        memcmp(column->codes, from->codes, n * column->bytes) != 0)
        return;
    g_free(column->codes);
    *column = *from;
    column->is_lent = 1;
    *bytes -= n * column->bytes;
}

#define GATHER(type)                                                          \
    if (map->to == NULL)                                                      \
        for (size_t i = 0; i < n; i++) {                                      \
            uint32_t code = ((const type *) column->codes)[rows[i]];          \
                                                                              \
            to[i] = code < map->n ? code : 0;                                 \
        }                                                                     \
    else                                                                      \
        for (size_t i = 0; i < n; i++) {                                      \
            uint32_t code = ((const type *) column->codes)[rows[i]];          \
                                                                              \
            to[i] = map->to[code < map->n ? code : 0];                        \
        }

void
gl_column_gather(const struct gl_column *column,
                 const struct gl_column_map *map, const uint32_t *rows,
                 size_t n, uint32_t *to)
{
    switch (column->bytes) {
    case 1:
        GATHER(uint8_t)
        break;
    case 2:
        GATHER(uint16_t)
        break;
    default:
        GATHER(uint32_t)
        break;
    }
}
