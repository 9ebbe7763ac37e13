/* Columns as narrow as their codes; see column.h. */

#include "columns/column.h"

#include <glib.h>

struct gl_column
gl_column_new(uint32_t *codes, size_t n, size_t *bytes)
{
    struct gl_column column = {4, codes};
    uint32_t all = 0;

    for (size_t i = 0; i < n; i++)
        all |= codes[i];
    if (all <= UINT8_MAX) {
        uint8_t *narrow = g_malloc(n + 1);

        for (size_t i = 0; i < n; i++)
            narrow[i] = (uint8_t) codes[i];
        column = (struct gl_column){1, narrow};
    } else if (all <= UINT16_MAX) {
        uint16_t *narrow = g_new(uint16_t, n + 1);

        for (size_t i = 0; i < n; i++)
            narrow[i] = (uint16_t) codes[i];
        column = (struct gl_column){2, narrow};
    } else {
        column.codes = g_renew(uint32_t, codes, n + 1);
    }
    if (column.bytes < 4)
        g_free(codes);
    *bytes += n * column.bytes;
    return column;
}

void
gl_column_fini(struct gl_column *column)
{
    g_free(column->codes);
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
