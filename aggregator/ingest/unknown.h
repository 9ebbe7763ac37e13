/* Samples of what is no site, so that an operator sees the typing error. */

#ifndef GL_INGEST_UNKNOWN_H
#define GL_INGEST_UNKNOWN_H

#include <stdint.h>

#include "event.h"

struct gl_ingest;

/* A name that is no site, as events have it. */
struct gl_ingest_unknown {
    char domain[254];
    uint64_t n; /* events */
    int64_t last_ms;
};
#define GL_INGEST_UNKNOWN_MAX 16

/* N events came for DOMAIN, which is no site.  The one that was not met for
 * longest makes room; they are forgotten at the end. */
void gl_ingest_note_unknown_(struct gl_ingest *in, struct gl_text domain,
                             uint64_t n);

#endif
