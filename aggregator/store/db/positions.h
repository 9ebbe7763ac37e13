/*
 * How far each spool segment has been applied to one file: the table "ingest"
 * of an account and of meta.db alike.  What was read or set once is kept in
 * memory until the file's transaction is rolled back.  Inside this room only.
 */

#ifndef GL_STORE_DB_POSITIONS_H
#define GL_STORE_DB_POSITIONS_H

#include <glib.h>
#include <stdint.h>

#include "store/db/db.h"
#include "store/db/file.h"

/* What an account's file and meta.db do each in its own way. */
struct gl_file_kind {
    int (*ready)(void *owner); /* open, if it was not: 0 or an error */
    int (*begin)(void *owner, enum gl_durability durability);
    int (*commit)(void *owner);
    void (*close)(void *owner);
};

struct gl_file {
    const struct gl_file_kind *kind;
    void *owner;
    struct gl_db *db;
    GHashTable *positions; /* seg -> upto; NULL = none yet */
};

/* Nothing is known of them. */
void gl_positions_clear_(GHashTable **positions);

#endif
