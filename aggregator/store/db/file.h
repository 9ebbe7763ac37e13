/*
 * One file as rounds see it, an account's or meta.db: a transaction, and in it
 * how far each spool segment has been applied (the table "ingest").
 *
 * Changes happen between gl_file_begin() and gl_file_commit(); positions may
 * be read at any time.  After any failure inside a transaction every further
 * call fails with the same error, commit too, and gl_file_close() is due
 * (rule R9).  0 or -enum gl_store_error; writer thread only.
 */

#ifndef GL_STORE_DB_FILE_H
#define GL_STORE_DB_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "store/db/error.h"

struct gl_file;

enum gl_durability {
    GL_COMMIT_FULL = 0, /* durable when commit returns */
    GL_COMMIT_LATER = 1 /* durable after the next gl_accounts_sync() */
};

/* meta.db's commits are FULL. */
int gl_file_begin(struct gl_file *file, enum gl_durability durability);
/* 0, or an error: then nothing is known, let go and read positions again. */
int gl_file_commit(struct gl_file *file);
/* Roll back, close, forget every cache, also when no transaction is open; the
 * file is opened when it is asked for again. */
void gl_file_close(struct gl_file *file);

/* A sentence on the last failure, for the log and the status page. */
const char *gl_file_why(const struct gl_file *file);
/* The last failure was for want of room. */
int gl_file_full(const struct gl_file *file);
/* A number that is another one when the file was changed by somebody. */
uint64_t gl_file_stamp(const struct gl_file *file);

/* *UPTO = index of the last frame of segment SEG applied here, 0 = none. */
int gl_file_upto(struct gl_file *file, const uint8_t seg[16], uint32_t *upto);
/* The same, if the connection that told *UPTO is not *CONNECTION, which is
 * this one then (gl_file_connection(), 0 = none yet). */
int gl_file_know(struct gl_file *file, const uint8_t seg[16], uint32_t *upto,
                 uint32_t *connection);
/* SEG was begun at MADE_MS. */
int gl_file_set_upto(struct gl_file *file, const uint8_t seg[16],
                     uint32_t upto, int64_t made_ms);
/*
 * Another number each time the file is opened, 0 = it is closed.  Opening may
 * bring back a commit that had failed: an upto read under another number may
 * be too low.
 */
uint32_t gl_file_connection(const struct gl_file *file);
/* Every segment known here. */
int gl_file_segments(struct gl_file *file,
                     void (*segment)(void *arg, const uint8_t seg[16],
                                     uint32_t upto),
                     void *arg);
/* R11: forget, of the segments that were made since or before then, those that
 * are GONE.  How many these were. */
struct gl_sweep {
    int64_t since_ms, before_ms;
    int (*gone)(void *arg, const uint8_t seg[16]);
    void *arg;
};
int gl_file_sweep(struct gl_file *file, const struct gl_sweep *sweep);

#endif
