/*
 * What the files of meta.db share.  meta.c opens it, and asks accounts.c
 * and sites.c what is to stand in memory.
 */

#ifndef GL_STORE_META_META_INTERNAL_H
#define GL_STORE_META_META_INTERNAL_H

#include <stdatomic.h>

#include "store/db/db.h"
#include "store/db/positions.h"
#include "store/directory/directory.h"
#include "store/meta/meta.h"

enum gl_meta_sql {
#define GL_SQL(name, text) GL_META_SQL_##name,
#include "store/meta/meta_sql.h"
#undef GL_SQL
    GL_META_SQL_N
};

extern const struct gl_db_schema gl_meta_schema_;

struct gl_meta {
    struct gl_db db;
    struct gl_file file;            /* db, as rounds see it */
    struct gl_directory *directory; /* of a reader: NULL */
    const struct gl_drawn *drawn;   /* NULL = at random */
};

/* All of the file, for the directory's next commit; 0 or an error. */
int gl_meta_read_accounts_(struct gl_meta *meta);
int gl_meta_read_sites_(struct gl_meta *meta);
int gl_meta_read_old_names_(struct gl_meta *meta);
int gl_meta_read_tokens_(struct gl_meta *meta);
int gl_meta_read_people_(struct gl_meta *meta);
int gl_meta_read_roles_(struct gl_meta *meta);
int gl_meta_read_keys_(struct gl_meta *meta);
int gl_meta_read_shares_(struct gl_meta *meta);

/* Of SQLite's machine, less than a millisecond. */
#define GL_META_LOOK_OPS_ 10000

/* ACCOUNT's file, as of its last commit, until gl_account_reader_free(); NULL:
 * it cannot be read now.  What is asked of it ends when STOPPING is not 0, if
 * that is not NULL. */
struct gl_account *gl_meta_open_account_(const struct gl_meta *meta,
                                         const char *account,
                                         const atomic_int *stopping);

/* A random id of an account, a token, a person ... (drawn.h) */
void gl_meta_draw_id_(const struct gl_meta *meta,
                      char id[GL_ACCOUNT_ID_LEN + 1]);
void gl_meta_draw_token_(const struct gl_meta *meta,
                         char text[GL_META_TOKEN_LEN + 1],
                         uint8_t hash[GL_META_HASH_LEN]);

#endif
