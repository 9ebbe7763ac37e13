/* Accounts with frames that wait in the spool (gather.c, bring.c). */

#ifndef GL_INGEST_GATHERING_H
#define GL_INGEST_GATHERING_H

#include <glib.h>
#include <sys/queue.h>

struct gl_ingest_account;

struct gl_ingest_gathering {
    TAILQ_HEAD(, gl_ingest_account) list; /* who has waited longest */
    GPtrArray *taken;   /* accounts of which what waits is being applied */
    uint64_t n;         /* frames that wait, of all accounts */
    uint64_t most;      /* so many have, since memory was given back */
    int next;           /* a round was run: now it is their turn */
    int full;           /* too much waits: no round until less does */
    int64_t patient_ms; /* boot: none that can wait is opened until then */
};

#endif
