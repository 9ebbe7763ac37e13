/*
 * What days/, which stands above, must be told while it folds: handed in by
 * the writer.
 */

#ifndef GL_INGEST_FOLD_H
#define GL_INGEST_FOLD_H

#include <stdint.h>

struct gl_ingest;
struct gl_ingest_account;

struct gl_ingest_fold {
    /* Give up what is under way for ACCOUNT (NULL = any), to begin again. */
    void (*stop)(struct gl_ingest *in,
                 const struct gl_ingest_account *account);
    /* While in->refolding: a row of VISITOR was stored, or a visit closed. */
    void (*disturb)(struct gl_ingest *in, int64_t site, uint64_t visitor);
};

#endif
