/*
 * Totals of days from tables of another product (day_tables.h), which know no
 * visits.  Those of an import that is not done are in no answer.
 */

#ifndef GL_STORE_ROWS_TOTALS_H
#define GL_STORE_ROWS_TOTALS_H

#include <stdint.h>

#include "event.h"
#include "store/rows/day_tables.h"

struct gl_account;

struct gl_total_import {
    int64_t id; /* random, > 0 */
    int64_t site;
    char hash[65];       /* of gl_store_import */
    int64_t first, last; /* dates of the site's zone; later ones are left
                            out */
};

struct gl_total {
    int64_t import;
    enum gl_day_table_number kind;
    int64_t date; /* days since 1970, of the site's zone */
    int64_t line;
    struct gl_text texts[GL_DAY_TEXTS_MAX]; /* the table's, in its order */
    int64_t sums[GL_DAY_SUMS_N];
};

/* 1 found, 0 not: HASH is an import of events. */
int gl_account_total_import(struct gl_account *account, int64_t site,
                            const char *hash, struct gl_total_import *import);
int gl_account_put_total_import(struct gl_account *account,
                                const struct gl_total_import *import);
int gl_account_put_total(struct gl_account *account,
                         const struct gl_total *total);
/* Imports of SITE that are not done are as if they had never begun. */
int gl_account_drop_totals(struct gl_account *account, int64_t site);

/* Of FROM <= date <= TO those that the first import which has some does have:
 * 1 and *FIRST, *LAST; 0 = none has. */
int gl_account_total_dates(struct gl_account *account, int64_t site,
                           int64_t from, int64_t to, int64_t *first,
                           int64_t *last);
/* Those of SITE's KIND; TOTAL returns 0 to go on, another value ends the scan
 * and is returned. */
int gl_account_totals(struct gl_account *account, int64_t site,
                      enum gl_day_table_number kind, int64_t from, int64_t to,
                      int (*total)(void *arg, const struct gl_total *total),
                      void *arg);

#endif
