/* Links that show a site to whoever has them, in meta.db and in memory as of
 * the last commit.  The secret of one is never stored, but its hash. */

#ifndef GL_STORE_META_SHARES_H
#define GL_STORE_META_SHARES_H

#include <stdint.h>

#include "store/meta_people.h"

struct gl_meta_share {
    char id[GL_ACCOUNT_ID_LEN + 1];
    int64_t site;
    char name[GL_META_NAME_MAX + 1];
    uint8_t hash[GL_META_HASH_LEN];
    char password[GL_PASSWORD_HASH_MAX]; /* "" = none */
    int64_t segment;                     /* visits in it alone, 0 = all */
    int64_t until_ms;                    /* 0 = until it is taken back */
    int64_t created_ms;
};

/* SHARE without its id, which is filled in. */
int gl_meta_share_add(struct gl_meta *meta, struct gl_meta_share *share);
/* 1, or 0 = SITE has none with this ID. */
int gl_meta_share_remove(struct gl_meta *meta, int64_t site, const char *id);
/* All of SITE are TO's; 0: they go. */
int gl_meta_shares_hand_on(struct gl_meta *meta, int64_t site, int64_t to);

#endif
