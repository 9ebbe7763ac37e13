/*
 * Which accounts' rows are being counted again (receipt.h): one recount an
 * account at a time, and how far each is.  Any thread.
 */

#ifndef GL_CALLS_RECOUNTS_H
#define GL_CALLS_RECOUNTS_H

#include <jansson.h>
#include <stdint.h>

struct gl_recounts;

/* Without memory GLib ends the process. */
struct gl_recounts *gl_recounts_new(void);
/* NULL is allowed. */
void gl_recounts_free(struct gl_recounts *recounts);

/* 1, to be ended; 0: one of ACCOUNT, an id, is under way. */
int gl_recounts_begin(struct gl_recounts *recounts, const char *account);
/* DONE of DAYS of it are read. */
void gl_recounts_note(struct gl_recounts *recounts, const char *account,
                      int64_t done, int64_t days);
void gl_recounts_end(struct gl_recounts *recounts, const char *account);

/* {running, done, days, seconds} of ACCOUNT's, the caller's. */
json_t *gl_recounts_json(struct gl_recounts *recounts, const char *account);

#endif
