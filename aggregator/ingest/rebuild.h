/*
 * A site's object from its stored rows: after a start, an eviction, a
 * rollback, an import of today's rows.  Reads, writes nothing.
 */

#ifndef GL_REBUILD_H
#define GL_REBUILD_H

#include <stdatomic.h>

#include "count/count.h"
#include "count/site.h"
#include "store/account/account.h"

struct gl_rebuild {
    struct gl_account *account;
    int64_t site;
    const struct gl_words *words; /* kept by the object */
    struct gl_count_rules rules;
    int64_t day_start_ms, day_end_ms; /* the site's local day */
    int64_t oldest_ms; /* oldest event to come, or now if that is older */
    /* Two visits of one visitor are open, VISIT is the one left out: the days
     * of both must be made again. */
    void (*conflict)(void *arg, const struct gl_visit *visit);
    void *arg;
    const atomic_int *stop; /* set by another thread: give up; or NULL */
};

/* How many rows it will read at most, or so; -enum gl_store_error. */
int64_t gl_rebuild_size(const struct gl_rebuild *rebuild);
/* 0 and *OBJECT, or -enum gl_store_error. */
int gl_rebuild_site(const struct gl_rebuild *rebuild, struct gl_site **object);

#endif
