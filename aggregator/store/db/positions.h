/*
 * How far each spool segment has been applied to one file: the table "ingest"
 * of an account and of meta.db alike.  What was read or set once is kept in
 * memory until the file's transaction is rolled back.  Inside this room only.
 */

#ifndef GL_STORE_DB_POSITIONS_H
#define GL_STORE_DB_POSITIONS_H

#include <stddef.h>
#include <stdint.h>

#include "store/db/db.h"
#include "store/db/file.h"

struct gl_position {
    uint8_t seg[16];
    uint32_t upto;
};

struct gl_positions {
    struct gl_position *list; /* sorted by segment */
    size_t n, size;
};

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
    struct gl_positions positions;
};

void gl_positions_clear_(struct gl_positions *positions);

/* 1 = *UPTO is what memory says of SEG, 0 = ask the file. */
int gl_positions_know_(const struct gl_positions *positions,
                       const uint8_t seg[16], uint32_t *upto);
/* *UPTO = what the file says, 0 = nothing was applied.  0 or an error. */
int gl_positions_read_(struct gl_positions *positions, struct gl_db *db,
                       const uint8_t seg[16], uint32_t *upto);
int gl_positions_set_(struct gl_positions *positions, struct gl_db *db,
                      const uint8_t seg[16], uint32_t upto, int64_t made_ms);
/* As gl_file_sweep(). */
int gl_positions_sweep_(struct gl_positions *positions, struct gl_db *db,
                        const struct gl_sweep *sweep);
/* All that the file DB knows; SEGMENT may not change it. */
int gl_positions_each_(struct gl_db *db,
                       void (*segment)(void *arg, const uint8_t seg[16],
                                       uint32_t upto),
                       void *arg);

#endif
