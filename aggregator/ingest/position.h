/* How far a segment has come in a database. */

#ifndef GL_INGEST_POSITION_H
#define GL_INGEST_POSITION_H

#include "ingest/state.h"

/* How far one segment has come in one database. */
struct gl_ingest_entry {
    struct gl_ingest_entry *next; /* of the same segment */
    struct gl_spool_segment *segment;
    struct gl_ingest_account *account;
    uint32_t gathered; /* highest that waits in account->gathered; 0 = none */
    uint32_t seen;     /* highest index for this database */
    uint32_t upto;     /* committed; the file may be further unless current */
    uint32_t before;   /* the same before this life */
    int asked;         /* the database told that */
    uint32_t pending;  /* highest in the open transaction */
    uint32_t known;    /* connection that told upto, 0 = not asked since */
    int parked;        /* a durable copy holds all its frames */
    uint64_t lost;     /* of_meta: frames lost, as committed */
    int unsure;        /* the same: perhaps more */
};

/* One of an account's, with what it is found by. */
struct gl_ingest_place {
    const struct gl_spool_segment *segment;
    struct gl_ingest_entry *entry;
};
void gl_ingest_positions_account_(struct gl_ingest_account *account);

/* The entry of SEGMENT for ACCOUNT, made when new: without it the segment
 * would go while ACCOUNT has not all its frames. */
struct gl_ingest_entry *gl_ingest_entry_(struct gl_spool_segment *segment,
                                         struct gl_ingest_account *account);
/* 1 = nothing can be further in the file than ENTRY's upto. */
int gl_ingest_is_current_(const struct gl_ingest_entry *entry);
/* Its upto was read or committed just now. */
void gl_ingest_set_current_(struct gl_ingest_entry *entry);
void gl_ingest_forget_entry_(struct gl_spool_segment *segment,
                             const struct gl_ingest_account *account);
/* ENTRY, the first of a segment, and those behind it; NULL is none. */
void gl_ingest_free_entries_(struct gl_ingest_entry *entry);
/* Frames, parked or of a segment, that ACCOUNT has not committed: 1 = some. */
int gl_ingest_lags_(const struct gl_ingest_account *account);
/* Forget rows of gone segments, in ACCOUNT's transaction: how many, or an
 * error. */
int gl_ingest_sweep_(struct gl_ingest *in, struct gl_ingest_account *account);
#ifndef GL_INGEST_KEEP_MS /* less in tests/faults/sim */
#define GL_INGEST_KEEP_MS (366 * GL_DAY_MS)
#endif

#endif
