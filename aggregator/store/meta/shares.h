/* Links that show a site to whoever has them, in meta.db and in memory as of
 * the last commit.  The secret of one is never stored, but its hash. */

#ifndef GL_STORE_META_SHARES_H
#define GL_STORE_META_SHARES_H

#include <stdint.h>

#include "store/directory/share.h"

struct gl_meta;

/* SHARE without its id, which is filled in. */
int gl_meta_share_add(struct gl_meta *meta, struct gl_meta_share *share);
/* 1, or 0 = SITE has none with this ID. */
int gl_meta_share_remove(struct gl_meta *meta, int64_t site, const char *id);
/* All of SITE are TO's; 0: they go. */
int gl_meta_shares_hand_on(struct gl_meta *meta, int64_t site, int64_t to);

#endif
