/*
 * Memory for schema/request that can run out: the K-th piece is not there.
 */

#ifndef GL_TEST_REQUEST_MEMORY_H
#define GL_TEST_REQUEST_MEMORY_H

#include <glib.h>

#include "request/memory.h"

struct request_memory {
    GSList *pieces;
    int taken, allowed; /* allowed < 0: as many as anybody wants */
};

static inline void *
request_memory_get(void *from, size_t bytes)
{
    struct request_memory *memory = from;

    if (memory->taken == memory->allowed)
        return NULL;
    memory->taken++;
    memory->pieces = g_slist_prepend(memory->pieces, g_malloc(bytes));
    return memory->pieces->data;
}

static inline struct gl_memory
request_memory_of(struct request_memory *memory, int allowed)
{
    *memory = (struct request_memory){NULL, 0, allowed};
    return (struct gl_memory){request_memory_get, memory};
}

static inline void
request_memory_free(struct request_memory *memory)
{
    g_slist_free_full(memory->pieces, g_free);
    memory->pieces = NULL;
}

#endif
