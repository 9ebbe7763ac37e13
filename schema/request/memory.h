/*
 * Where a text goes that had to be changed.  The room takes memory from its
 * caller only: a worker hands in the pool of the request, an import the memory
 * of its line.  Whoever asks for some says how much at most.
 */

#ifndef GL_REQUEST_MEMORY_H
#define GL_REQUEST_MEMORY_H

#include <stddef.h>

struct gl_memory {
    void *(*get)(void *from, size_t bytes); /* NULL: there is none left */
    void *from;
};

#endif
