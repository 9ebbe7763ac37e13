/*
 * Rows that came late and are not yet folded into the stored visits: folded
 * here, in memory, from the reader's commit, so that a question need not wait
 * until days/ has done it for good.
 *
 * Any one thread.
 */

#ifndef GL_COLUMNS_LATE_H
#define GL_COLUMNS_LATE_H

#include "days/refold.h"
#include "store/account/account.h"

/* Rows of late visitors and dirty days that one question folds: two seconds,
 * and 300 MiB when all of their visits change. */
#define GL_LATE_ROWS_MAX (1 << 20)
#define GL_LATE_MANY 1 /* there are more */
#define GL_LATE_STOPPED 2

struct gl_late {
    GHashTable *marks;  /* rowid -> struct gl_refold_mark */
    GHashTable *gone;   /* ids of visits that are none */
    GHashTable *visits; /* id -> struct gl_refold_visit */
    GHashTable *days;   /* int64_t, UTC: of all those */
    GPtrArray *results; /* struct gl_refolded: they own all that */
};

struct gl_late_ask {
    struct gl_account *reader;
    int64_t site;
    struct gl_count_rules rules;
    int64_t to_day;         /* what is later than that changes nothing */
    int (*stop)(void *arg); /* 1 = give up */
    void *arg;
};

/* 0 and *LATE, NULL when no row is late; a number from above; or -enum
 * gl_store_error. */
int gl_late_read(const struct gl_late_ask *ask, struct gl_late **late);
void gl_late_free(struct gl_late *late);

/* A row as it will be stored.  LATE may be NULL. */
void gl_late_row(const struct gl_late *late, struct gl_row *row);

/* 1 = the set of DAY is another one than what is stored makes.  LATE may be
 * NULL. */
int gl_late_changes(const struct gl_late *late, int64_t day);

#endif
