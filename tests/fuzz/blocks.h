/*
 * Memory for schema/request: each piece is a block of its own, so that a read
 * or write past its end is seen.
 */

#ifndef GL_FUZZ_BLOCKS_H
#define GL_FUZZ_BLOCKS_H

#include "request/memory.h"

#define BLOCKS_MAX 4096 /* more than any input makes: a finding */

struct blocks {
    size_t n, allowed; /* none is left after so many */
    size_t bytes;
    void *block[BLOCKS_MAX];
};

void blocks_init(struct blocks *blocks, size_t allowed);
struct gl_memory blocks_memory(struct blocks *blocks);
void blocks_free(struct blocks *blocks);

#endif
