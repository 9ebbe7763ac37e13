/*
 * Sets that were made are kept for the next question, within a budget of
 * memory; those that were not wanted for longest go first.  What a set was
 * made from is told by tokens (gl_account_day_tokens()): the same ones, the
 * same set.
 *
 * Any thread.  Of one set there is one maker; others that want it wait.
 */

#ifndef GL_SHELF_H
#define GL_SHELF_H

#include "columns/columns.h"

/* Some 6 million pageviews; as much as half of the unit's memory limit. */
#define GL_SHELF_BYTES (256u << 20)

struct gl_shelf;
struct gl_shelved;

struct gl_shelf *gl_shelf_new(size_t bytes);
/* When nothing is lent.  NULL is allowed. */
void gl_shelf_free(struct gl_shelf *shelf);

/* A number for a question: what it has used does not give way to the rest of
 * it, so that one longer than the budget finds something the next time. */
uint64_t gl_shelf_question(struct gl_shelf *shelf);

struct gl_shelf_ask {
    uint64_t question;
    int64_t site, day;
    uint64_t token, token_after; /* of the day and of the day after */
    /* 0 and a set, which is the shelf's; or another number */
    int (*make)(void *arg, struct gl_columns **set);
    /* while another one makes it: not 0 = do not wait, which is the answer */
    int (*stop)(void *arg);
    void *arg;
};

/* Lend a set: 0 and *SHELVED, to be put back; else what make or stop said. */
int gl_shelf_lend(struct gl_shelf *shelf, const struct gl_shelf_ask *ask,
                  struct gl_shelved **shelved);
const struct gl_columns *gl_shelved_set(const struct gl_shelved *shelved);
void gl_shelf_put_back(struct gl_shelf *shelf, struct gl_shelved *shelved);

#endif
