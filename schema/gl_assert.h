/*
 * What must be so, or the program is wrong: asked always in the aggregator,
 * which is compiled with GL_ASSERTS (Makefile), and never in a worker of
 * nginx, which must not end by itself.  Nothing that comes from outside, a
 * damaged file too, may make it untrue.  The abort leaves the mark of a fatal
 * signal, so that a frame it happens with twice is set aside
 * (ingest/inflight.h).
 */

#ifndef GL_ASSERT_H
#define GL_ASSERT_H

#ifdef GL_ASSERTS

#include <stdio.h>
#include <stdlib.h>

#define GL_ASSERT(so)                                                         \
    do {                                                                      \
        if (__builtin_expect(!(so), 0)) {                                     \
            fprintf(stderr, "glintod: %s:%d: it is not so that %s\n",         \
                    __FILE__, __LINE__, #so);                                 \
            abort();                                                          \
        }                                                                     \
    } while (0)

#else

#define GL_ASSERT(so) ((void) 0)

#endif

#endif
