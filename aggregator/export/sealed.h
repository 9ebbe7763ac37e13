/*
 * Days of a site whose rows were let go, as event lines: what is sealed of
 * them, so that an import gives the same answers.  A visit's facts stand in
 * each of its lines; engagement comes a millisecond after its pageview.
 */

#ifndef GL_EXPORT_SEALED_H
#define GL_EXPORT_SEALED_H

#include <glib.h>
#include <stdint.h>

#include "store/account/account.h"

/* Events of SITE with FROM <= at < TO, of days that were let go. */
struct gl_export_sealed {
    struct gl_account *reader;
    int64_t site, from_ms, to_ms;
    int64_t day;    /* where to begin; 0 = the first */
    uint32_t event; /* of its set, likewise */
    int done;       /* out: there is none left */
};

/*
 * Lines appended to TEXT until IS_FULL says so, asked after each event: 0,
 * with where the next ones begin, or -enum gl_store_error.
 */
int gl_export_sealed(struct gl_export_sealed *sealed, GString *text,
                     int (*is_full)(void *arg), void *arg);

#endif
