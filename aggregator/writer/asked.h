/*
 * A question of the writer's own to the query threads: one at a time of each
 * struct.  Writer thread.
 */

#ifndef GL_WRITER_ASKED_H
#define GL_WRITER_ASKED_H

#include <jansson.h>
#include <stdatomic.h>

#include "ingest/state.h"

struct gl_writer_asked {
    struct gl_mailbox *mailbox; /* woken when the answer is there */
    int asking;
    atomic_int ready; /* a query thread says so */
    int status;
    json_t *answer; /* of the last one */
};

/* VERB with ARGS (taken), whose answer is of the kind ASKS: 1, or 0 = too many
 * wait. */
int gl_writer_ask_(struct gl_ingest *in, struct gl_writer_asked *asked,
                   const char *verb, json_t *args);
/* 1 = it was just answered; else ask again in the next turn. */
int gl_writer_answered_(struct gl_writer_asked *asked);
void gl_writer_forget_(struct gl_writer_asked *asked);

#endif
