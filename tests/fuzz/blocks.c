/* See blocks.h. */

#include "blocks.h"

#include <string.h>

#include "fuzz.h"

void
blocks_init(struct blocks *blocks, size_t allowed)
{
    blocks->n = 0;
    blocks->allowed = allowed;
    blocks->bytes = 0;
}

static void *
get(void *from, size_t bytes)
{
    struct blocks *blocks = from;
    void *block;

    if (blocks->n == blocks->allowed)
        return NULL;
    FUZZ_MUST(blocks->n < BLOCKS_MAX);
    block = malloc(bytes);
    FUZZ_MUST(block != NULL);
    memset(block, 0xa5, bytes);
    blocks->bytes += bytes;
    blocks->block[blocks->n++] = block;
    return block;
}

struct gl_memory
blocks_memory(struct blocks *blocks)
{
    return (struct gl_memory){get, blocks};
}

void
blocks_free(struct blocks *blocks)
{
    while (blocks->n > 0)
        free(blocks->block[--blocks->n]);
}
