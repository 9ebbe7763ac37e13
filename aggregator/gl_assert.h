/*
 * What must be so, or the program is wrong: always asked, in the aggregator
 * alone (a worker of nginx never ends by itself).  The abort leaves the mark
 * of a fatal signal, so that a frame it happens with twice is set aside
 * (ingest/inflight.h).
 */

#ifndef GL_ASSERT_H
#define GL_ASSERT_H

#include <stdio.h>
#include <stdlib.h>

#define GL_ASSERT(so)                                                         \
    do {                                                                      \
        if (!(so)) {                                                          \
            fprintf(stderr, "glintod: %s:%d: it is not so that %s\n",         \
                    __FILE__, __LINE__, #so);                                 \
            abort();                                                          \
        }                                                                     \
    } while (0)

#endif
