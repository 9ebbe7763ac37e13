/*
 * Questions answered again, by plain SQL over an account's rows: slow and
 * obvious, and nothing of the engine in it but what a filter's regular
 * expression and what an amount of money is.  What events belong to which
 * visit, what a visit was and what passes is asked of tables that are made of
 * the rows for these questions alone (recount_tables.h).
 *
 * Any one thread, on the connection of a reader (store/db/plain.h): the engine
 * and this see the same commit.  A day with late rows, whose visits are not
 * yet made again (days/), cannot be recounted.
 */

#ifndef GL_RECOUNT_RECOUNT_H
#define GL_RECOUNT_RECOUNT_H

#include <jansson.h>
#include <stdint.h>

#include "query/execute/execute.h"
#include "question/question.h"

struct sqlite3;

struct gl_recount {
    struct sqlite3 *db;
    int (*stop)(void *arg); /* 1 = give up */
    /* so many of the days' rows are read */
    void (*progress)(void *arg, int64_t done, int64_t days);
    void *arg;
    uint64_t rows; /* out: events read */
    /* out: days whose rows were let go, of which what is sealed was read */
    struct {
        int64_t n, first, last;
    } sealed;
    char why[256]; /* out: a sentence, unless GL_EXECUTED */
};

/* As gl_execute(), of N questions that have their stretches of time in common,
 * too; GL_EXECUTE_CANCELLED when STOP said so. */
enum gl_executed gl_recount(struct gl_recount *run,
                            const struct gl_question *const *questions,
                            size_t n, struct gl_counted **counted);

/* The first events that count, or visits, by time, as the array *ROWS of
 * objects with readable texts: the caller's. */
struct gl_recount_list {
    int visits, limit;
    const struct gl_zone *zone; /* their times are told in */
};
enum gl_executed gl_recount_rows(struct gl_recount *run,
                                 const struct gl_question *question,
                                 const struct gl_recount_list *list,
                                 json_t **rows);

/* 1: visits of its days are still to be made again; -1 and run->why. */
int gl_recount_waits(struct gl_recount *run,
                     const struct gl_question *question);
/*
 * Of the UTC days that the range touches, whole ones: {days, seen, stored,
 * stored_as: {KIND: n}, dropped: {REASON: n}, bots: {REASON: n}}, the
 * caller's; NULL and run->why.
 */
json_t *gl_recount_seen(struct gl_recount *run,
                        const struct gl_question *question);

#endif
