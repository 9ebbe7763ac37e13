/*
 * A thread that writes one account's file anew (store/site/sites.h,
 * gl_account_erase()), so that only this account waits for it.  Started,
 * asked and ended by the writer thread.
 */

#ifndef GL_ERASER_H
#define GL_ERASER_H

#include <stddef.h>

#include "calls/mailbox.h"

struct gl_eraser;

/* WAKE is woken when it is done.  NULL: no thread, no memory. */
struct gl_eraser *gl_eraser_start(const char *path, struct gl_mailbox *wake);
int gl_eraser_done(struct gl_eraser *eraser);
/* Stop it if it is not done; 0, or -enum gl_store_error with a sentence. */
int gl_eraser_end(struct gl_eraser *eraser, char *why, size_t why_len);

#endif
