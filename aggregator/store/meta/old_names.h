/* Names that sites had, in meta.db and in memory as of the last commit: events
 * under them are the site's, and no other site may take them. */

#ifndef GL_STORE_META_OLD_NAMES_H
#define GL_STORE_META_OLD_NAMES_H

#include "store/directory/old_name.h"

struct gl_meta;

/* NAME is no site's: 0, or -enum gl_store_error. */
int gl_meta_old_name_add(struct gl_meta *meta,
                         const struct gl_meta_old_name *name);
int gl_meta_old_name_remove(struct gl_meta *meta, const char *domain);
/* All that SITE had. */
int gl_meta_old_names_remove(struct gl_meta *meta, int64_t site);

#endif
