/*
 * What the files of meta.db share.  meta.c opens it, and asks meta_accounts.c
 * and meta_sites.c what is to stand in memory.
 */

#ifndef GL_STORE_META_INTERNAL_H
#define GL_STORE_META_INTERNAL_H

#include <glib.h>

#include "store/db.h"
#include "store/directory.h"
#include "store/meta.h"
#include "store/positions.h"
#include "store/routes.h"

enum gl_meta_sql {
#define GL_SQL(name, text) GL_META_SQL_##name,
#include "store/meta_sql.h"
#undef GL_SQL
    GL_META_SQL_N
};

extern const struct gl_db_schema gl_meta_schema_;

/* Of a site, in a transaction. */
struct gl_meta_change {
    int64_t id;
    int there; /* 1 = it is SITE after the commit, 0 = it is gone */
    struct gl_meta_site site;
};

struct gl_meta {
    struct gl_db db;
    struct gl_positions positions;
    struct gl_routes *routes; /* as of the last commit */
    struct gl_directory *directory;
    GArray *changes; /* struct gl_meta_change, of this transaction */
};

/* Put all sites of the file into ROUTES and, to be committed, into the
 * directory; 0 or an error. */
int gl_meta_read_sites_(struct gl_meta *meta, struct gl_routes *routes);
/* Before a commit: what the changed sites are now.  0 or an error. */
int gl_meta_read_changes_(struct gl_meta *meta);
/* After it: that is in the routes, and to be committed in the directory. */
void gl_meta_take_changes_(struct gl_meta *meta);

/* All tokens, for the directory's next commit; 0 or an error. */
int gl_meta_read_tokens_(struct gl_meta *meta);

#endif
