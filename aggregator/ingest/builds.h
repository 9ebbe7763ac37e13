/* Objects of sites that are being made in threads. */

#ifndef GL_INGEST_BUILDS_H
#define GL_INGEST_BUILDS_H

#include "ingest/rebuild.h"
#include "ingest/sites.h"
#include "ingest/state.h"
#include "jobs/reading.h"
#include "store/words/words.h"

struct gl_ingest_building {
    struct gl_ingest_account *account;
    int64_t asked_ms; /* wall clock */
    int64_t begun_us; /* g_get_monotonic_time(); 0 = not yet */

    /* The thread's until it is ready. */
    struct gl_rebuild rebuild;
    struct gl_words words;
    struct gl_site *object;
    GArray *conflicts; /* struct gl_visit */
    atomic_int stop;

    struct gl_reading reading;
};

/* Whose object B is: NULL = given up, or forgotten meanwhile. */
struct gl_ingest_site *
gl_ingest_build_site_(const struct gl_ingest *in,
                      const struct gl_ingest_building *b);
/* Its thread, if it had one, is at its end. */
void gl_ingest_build_free_(struct gl_ingest *in, struct gl_ingest_building *b);
/* Give up all of ACCOUNT (NULL = of any); one whose site is forgotten gives up
 * itself. */
void gl_ingest_build_cancel_all_(struct gl_ingest *in,
                                 struct gl_ingest_account *account);
/* Give them up, and wait until no thread reads its file any more. */
void gl_ingest_build_stop_(struct gl_ingest *in,
                           struct gl_ingest_account *account);

#endif
