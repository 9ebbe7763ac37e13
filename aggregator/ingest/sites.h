/*
 * A site as the writer thread knows it: who it is, what of it is in memory,
 * who looks at it.  sites.c makes and evicts the objects.
 */

#ifndef GL_INGEST_SITES_H
#define GL_INGEST_SITES_H

#include <glib.h>
#include <sys/queue.h>

#include "count/count.h"
#include "event.h"

struct gl_ingest;
struct gl_ingest_account;
struct gl_ingest_building;
struct gl_live;

/* A site that was asked for; its object comes and goes. */
struct gl_ingest_site {
    int64_t id;
    struct gl_text name; /* the domain */
    struct gl_ingest_account *account;
    struct gl_zone *zone;  /* shared, owned by the ingest */
    char *hosts;           /* struct gl_meta_site */
    uint32_t left_out;     /* left_out.h */
    uint32_t bots_counted; /* enrich/verdict.h */
    int serves;            /* served.c: 1, -1 = no page yet, 0 = not asked */
    struct gl_count_rules rules;
    struct gl_words words;

    struct gl_site *object;              /* NULL = evicted */
    struct gl_ingest_building *building; /* of it, in a thread; or NULL */
    TAILQ_ENTRY(gl_ingest_site) age; /* in in->objects while there is one */
    size_t bytes;                    /* memory of the object */
    int64_t day_start_ms, day_end_ms;
    int64_t used_ms;   /* boot clock, for eviction */
    int64_t expiry_ms; /* wall: when its next visit closes */
    int64_t newest_ms; /* newest event in the transaction */
    int touched;       /* in account->sites */

    struct { /* by which a silence is told: live/silences.c */
        int known;
        int64_t key_ms; /* newest event that the object knew then, 0 = none */
        int64_t last_ms, begins_ms; /* wall; INT64_MAX = never */
    } quiet;

    int watchers;
    int changed;          /* since the numbers were last told */
    int64_t told_ms;      /* boot clock */
    struct gl_live *told; /* the last numbers; NULL = none yet */
    char domain[254];     /* behind what each event looks at */
};

/* For in->named. */
GHashTable *gl_ingest_named_new_(void);
/* A site goes, or a name says another one. */
void gl_ingest_unname_(struct gl_ingest *in);

/* By domain; NULL = unknown here, or no memory. */
struct gl_ingest_site *gl_ingest_site_(struct gl_ingest *in,
                                       struct gl_text domain);
struct gl_ingest_site *gl_ingest_site_by_id_(struct gl_ingest *in, int64_t id);
/* Part of its account's transaction, so that a rollback drops the object. */
void gl_ingest_touch_(struct gl_ingest *in, struct gl_ingest_site *site);
void gl_ingest_drop_(struct gl_ingest *in, struct gl_ingest_site *site);
/* After a commit: memory, next closing. */
void gl_ingest_weigh_(struct gl_ingest *in, struct gl_ingest_site *site);
/* An event or a watcher came to SITE: it is evicted last. */
void gl_ingest_use_(struct gl_ingest *in, struct gl_ingest_site *site);
void gl_ingest_evict_(struct gl_ingest *in);

#endif
