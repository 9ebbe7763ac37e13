/*
 * Sealed days whose rows were let go: the oldest ones of a site.  From the
 * commit that says so what is sealed of them is all there is: their rows are
 * nobody's, and are deleted a piece at a time.
 *
 * Visits that began on such a day are whole in what is sealed of it, so their
 * rows of the day after go with it.
 */

#ifndef GL_STORE_SITE_LET_GO_H
#define GL_STORE_SITE_LET_GO_H

#include <stddef.h>
#include <stdint.h>

#include "store/rows/sealed.h"

struct gl_account;

/* ---- any one thread ---- */

/* The last day of SITE whose rows were let go: 1 and *DAY, 0 = there is none,
 * or -enum gl_store_error. */
int gl_account_let_go_day(struct gl_account *account, int64_t site,
                          int64_t *day);
/* The first such day that is not before FROM: the same. */
int gl_account_next_let_go(struct gl_account *account, int64_t site,
                           int64_t from, int64_t *day);
/* 0 = its rows are what they are, or an error with a sentence: they were let
 * go, and what was sealed cannot be read. */
int gl_account_has_rows_(struct gl_account *account, int64_t site,
                         int64_t day);

/* ---- writer thread: each a transaction of its own ---- */

/* What is to be done next of SITE, of days before BEFORE: GL_LET_GO_NOTHING,
 * GL_LET_GO_ROWS of *DAY that are still there, GL_LET_GO_DAY; or an error. */
enum gl_let_go { GL_LET_GO_NOTHING, GL_LET_GO_ROWS, GL_LET_GO_DAY };
int gl_account_let_go_next(struct gl_account *account, int64_t site,
                           int64_t before, int64_t *day);

struct gl_let_go_day {
    struct gl_sealed_day day; /* as it was when this was read */
    const char *words;        /* JSON: {DICTIONARY: [CODE, ...], ...} */
    /* rows of the day after that belong to its visits, ascending */
    const int64_t *rows;
    size_t rows_n;
};
/* 1 = they are let go, 0 = the day is not sealed as it was. */
int gl_account_let_go(struct gl_account *account,
                      const struct gl_let_go_day *what);
/* Some ROWS rowids of a day that was let go: 1 = there are more, 0 = all are
 * deleted, or an error. */
int gl_account_let_go_rows(struct gl_account *account, int64_t site,
                           int64_t day, int rows);

/* 1 = more than a quarter of the file is free, 0, or an error. */
int gl_account_is_loose(struct gl_account *account);

#endif
