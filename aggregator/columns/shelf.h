/*
 * What was made for a question is kept for the next one, within a budget of
 * memory: sets of days, sums of whole days, dictionaries.  What was not wanted
 * for longest goes first.  What a thing was made from is told by tokens
 * (gl_account_day_tokens(), gl_dictionary_token()): the same ones, the same
 * thing.
 *
 * Any thread.  Of one thing there is one maker; others that want it wait.
 */

#ifndef GL_SHELF_H
#define GL_SHELF_H

#include <stddef.h>
#include <stdint.h>

/* Some 6 million pageviews; as much as half of the unit's memory limit. */
#define GL_SHELF_BYTES (256u << 20)

struct gl_shelf;
struct gl_shelved;

struct gl_shelf *gl_shelf_new(size_t bytes);
/* When nothing is lent.  NULL is allowed. */
void gl_shelf_free(struct gl_shelf *shelf);

/* Things that were lent, by whether they were there; memory of all. */
struct gl_shelf_stats {
    uint64_t hits, misses, bytes;
};
void gl_shelf_stats(struct gl_shelf *shelf, struct gl_shelf_stats *stats);

/* A number for a question: what it has used does not give way to the rest of
 * it, so that one longer than the budget finds something the next time. */
uint64_t gl_shelf_question(struct gl_shelf *shelf);

/* What is kept, and where. */
enum gl_shelf_kind {
    GL_SHELF_SET,   /* of a site's day */
    GL_SHELF_SUMS,  /* of a site's day, by a dimension */
    GL_SHELF_DAYS,  /* of eight days, the same */
    GL_SHELF_WORDS, /* of an account; a dictionary */
};
struct gl_shelf_place {
    enum gl_shelf_kind kind;
    int64_t of, day; /* site or account; UTC day */
    uint64_t detail; /* of a kind, which one */
};

struct gl_shelf_thing {
    void *thing;
    size_t bytes;
    int one_token; /* 1 = it holds whatever the second token is */
    uint32_t has;  /* bits: what is there of it; before: what is wanted */
    void (*free)(void *thing);
    /* before: what was kept of the place, of other tokens, NULL = nothing;
     * when it is MINE it may become the thing */
    void *was;
    int mine;
};

struct gl_shelf_ask {
    uint64_t question;
    struct gl_shelf_place place;
    uint64_t token, token_after; /* of a day: its own, and the day after's */
    uint32_t wants;              /* bits: one without these is not enough */
    /* 0 and a thing, which is the shelf's; or another number */
    int (*make)(void *arg, struct gl_shelf_thing *thing);
    /* while another one makes it: not 0 = do not wait, which is the answer */
    int (*stop)(void *arg);
    void *arg;
};

/* Lend a thing: 0 and *SHELVED, to be put back; or what make or stop said. */
int gl_shelf_lend(struct gl_shelf *shelf, const struct gl_shelf_ask *ask,
                  struct gl_shelved **shelved);
/* Once more, what is lent: to be put back once more. */
void gl_shelf_lend_again(struct gl_shelf *shelf, struct gl_shelved *shelved);
const void *gl_shelved_thing(const struct gl_shelved *shelved);
void gl_shelf_put_back(struct gl_shelf *shelf, struct gl_shelved *shelved);

#endif
