/*
 * What the files of meta.db share: meta.c open, transactions, frames of no
 * account; meta_accounts.c accounts and tokens; meta_sites.c sites;
 * meta_life.c what an operator is told.
 */

#ifndef GL_STORE_META_INTERNAL_H
#define GL_STORE_META_INTERNAL_H

#include "store/db.h"
#include "store/directory.h"
#include "store/meta.h"

enum gl_meta_sql {
#define GL_SQL(name, text) GL_META_SQL_##name,
#include "store/meta_sql.h"
#undef GL_SQL
    GL_META_SQL_N
};

/* The sites as of the last commit. */
struct gl_meta_table {
    struct gl_meta_site *sites; /* by domain */
    size_t n;
    const struct gl_meta_site **by_id; /* the same, by id */
    uint32_t *slots; /* hash of the domain -> index + 1; 0 = free */
    size_t slots_n;  /* power of two, more than n */
};

struct gl_meta {
    struct gl_db db;
    struct gl_meta_table table;
    uint8_t key[16]; /* of the hash of domains */
    uint64_t generation;
    int sites_changed; /* in this transaction */
    struct gl_directory *directory;
};

/* Statements for reading at any time, for changing in a transaction. */
sqlite3_stmt *gl_meta_ask_(struct gl_meta *meta, int number, int *rc);
sqlite3_stmt *gl_meta_change_(struct gl_meta *meta, int number, int *rc);
/* Step a bound change: 0 or an error. */
int gl_meta_done_(struct gl_meta *meta, sqlite3_stmt *statement);
/* The same: 1 = a row changed, 0 = none. */
int gl_meta_changed_(struct gl_meta *meta, sqlite3_stmt *statement);

/* Read all sites into TABLE (made anew); 0 or an error. */
int gl_meta_read_sites_(struct gl_meta *meta, struct gl_meta_table *table);
void gl_meta_free_sites_(struct gl_meta_table *table);

/* For the directory: SITE as it is after the commit; a site of before this
 * transaction that will be gone; all that TABLE and the file have (0 or an
 * error). */
void gl_meta_show_site_(struct gl_meta *meta, const struct gl_meta_site *site);
void gl_meta_hide_site_(struct gl_meta *meta, int64_t id);
int gl_meta_show_all_(struct gl_meta *meta, const struct gl_meta_table *table);

/* A random id of an account or token. */
void gl_meta_draw_id_(char id[GL_ACCOUNT_ID_LEN + 1]);

#endif
