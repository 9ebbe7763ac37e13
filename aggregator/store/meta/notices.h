/*
 * What holds now and was told, and what accounts may use.
 *
 * Changes: writer thread, in a transaction.  Reads: also a reader's.  0 or
 * more, or -enum gl_store_error.
 */

#ifndef GL_STORE_META_NOTICES_H
#define GL_STORE_META_NOTICES_H

#include <stdint.h>

#include "store/meta/accounts.h"

/* 1 and *SINCE, or 0: it was not told. */
int gl_meta_notice(struct gl_meta *meta, const char *kind, const char *of,
                   int64_t *since_ms);
int gl_meta_notice_add(struct gl_meta *meta, const char *kind, const char *of,
                       int64_t since_ms);
int gl_meta_notice_remove(struct gl_meta *meta, const char *kind,
                          const char *of);

struct gl_meta_quota {
    char account[GL_ACCOUNT_ID_LEN + 1];
    int64_t events; /* a month (UTC), 0 = any number */
    int64_t bytes;  /* of storage, 0 = any number */
    int64_t month;  /* of which the events are used up, months since 1970; 0 =
                       of none */
    int full;       /* 1 = the storage is used up */
};

/* *QUOTA of ACCOUNT; one that limits nothing where there is none. */
int gl_meta_quota(struct gl_meta *meta, const char *account,
                  struct gl_meta_quota *quota);
int gl_meta_quotas(struct gl_meta *meta,
                   void (*each)(void *arg, const struct gl_meta_quota *quota),
                   void *arg);
int gl_meta_quota_set(struct gl_meta *meta, const struct gl_meta_quota *quota);

#endif
