/*
 * What other threads want from the writer thread: hints, calls, watchers and
 * the order to stop.  Everything is copied in and bounded; a hint that finds
 * no room becomes a doorbell (the file is read instead).
 *
 * Put by any thread, taken by one.
 */

#ifndef GL_MAILBOX_H
#define GL_MAILBOX_H

#include <stdint.h>

#include "calls/call.h"

#define GL_MAILBOX_HINT_BYTES (1024 * 1024) /* a round's worth of packets */
/* Of these: not for frames, which are in a file as well. */
#define GL_MAILBOX_HELLO_BYTES (64 * 1024)
#define GL_MAILBOX_CALLS 256 /* waiting; more than there are operators */
#define GL_MAILBOX_BODY_BYTES (16 * 1024 * 1024) /* four import chunks */

struct gl_mailbox;

struct gl_mailbox *gl_mailbox_new(void); /* NULL: out of memory */
void gl_mailbox_free(struct gl_mailbox *box);

/* ---- any thread ---- */

void gl_mailbox_hint(struct gl_mailbox *box, const uint8_t *packet,
                     size_t len);
/* A copy of CALL, to be freed by gl_mailbox_call_fini() and g_free(). */
struct gl_call *gl_mailbox_call_copy(const struct gl_call *call);
/* 0, or -1 when too many wait. */
int gl_mailbox_call(struct gl_mailbox *box, const struct gl_call *call);
void gl_mailbox_watch(struct gl_mailbox *box, int64_t site, int change);
void gl_mailbox_stop(struct gl_mailbox *box);
/* Nothing is put, but something can be seen elsewhere. */
void gl_mailbox_wake(struct gl_mailbox *box);

/* ---- the writer thread ---- */

/* Sleep until something is put, at most TIMEOUT_MS. */
void gl_mailbox_wait(struct gl_mailbox *box, int64_t timeout_ms);

struct gl_mailbox_reader {
    void (*hint)(void *arg, const uint8_t *packet, size_t len);
    void (*watch)(void *arg, int64_t site, int change);
    void *arg;
};

/* All hints and watchers there are.  Returns 1 when a hint was refused. */
int gl_mailbox_take(struct gl_mailbox *box,
                    const struct gl_mailbox_reader *reader);
/* The oldest call, which is the caller's now (gl_mailbox_call_fini): 1, or 0
 * when none waits. */
int gl_mailbox_take_call(struct gl_mailbox *box, struct gl_call *call);
void gl_mailbox_call_fini(struct gl_call *call);
int gl_mailbox_has_calls(struct gl_mailbox *box);
int gl_mailbox_stopping(struct gl_mailbox *box);

#endif
