/* Samples of what is no site.  Writer thread. */

#include "ingest/unknown.h"

#include "ingest/state.h"

#include <string.h>

void
gl_ingest_note_unknown_(struct gl_ingest *in, struct gl_text domain,
                        uint64_t n)
{
    struct gl_ingest_unknown *place = in->unknown;

    if (domain.len == 0 || domain.len >= sizeof place->domain)
        return;
    for (size_t i = 0; i < GL_INGEST_UNKNOWN_MAX; i++) {
        struct gl_ingest_unknown *one = &in->unknown[i];

        if (strlen(one->domain) == domain.len &&
            memcmp(one->domain, domain.data, domain.len) == 0) {
            place = one;
            break;
        }
        if (one->last_ms < place->last_ms)
            place = one;
    }
    if (strlen(place->domain) != domain.len ||
        memcmp(place->domain, domain.data, domain.len) != 0) {
        memset(place, 0, sizeof *place);
        memcpy(place->domain, domain.data, domain.len);
    }
    place->n += n;
    place->last_ms = in->now_ms;
}
