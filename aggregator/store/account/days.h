/*
 * Days of sites in memory, and where their rows lie.  Inside this room only.
 */

#ifndef GL_STORE_ACCOUNT_DAYS_H
#define GL_STORE_ACCOUNT_DAYS_H

#include <stddef.h>
#include <stdint.h>

#include "count/count.h"
#include "store/account/day_token.h"
#include "store/account/span.h"
#include "store/account/word.h"
#include "store/db/db.h"

struct gl_account;

/* A site's UTC day. */
struct gl_day {
    int64_t site, day;
    struct gl_day *changed;              /* the next one to be written */
    int64_t first_id, last_id;           /* its last span; 0 = none */
    int64_t stretch_id;                  /* first of that one's last stretch */
    int64_t base;                        /* as in day_rows; 0 = none yet */
    uint32_t new_words[GL_WORD_COUNTED]; /* of kind 0: bytes of all */
    uint32_t words_changed;              /* bit KIND: differs from the file */
    uint8_t used, listed, span_changed;
    uint8_t gaps_len;
    uint8_t gaps[GL_SPAN_GAPS_MAX];
};
struct gl_days {
    struct gl_day *slots;
    size_t size, used;
    struct gl_day *last;    /* the one asked for last */
    struct gl_day *changed; /* those that differ from the file */
};

/* ---- days.c ---- */

/* NULL with *RC when out of memory or unreadable. */
struct gl_day *gl_account_day_(struct gl_account *account, int64_t site,
                               int64_t day, int *rc);
/* An event got the rowid ID. */
int gl_account_day_row_(struct gl_account *account, int64_t site, int64_t day,
                        int64_t id);
/* What is stored of a visit or a row of that time changes: the day gets
 * another token, and another base. */
int gl_account_day_renew_(struct gl_account *account, int64_t site,
                          int64_t at_ms);
/* SLOT differs from the file: it is written before the next commit. */
void gl_account_day_changed_(struct gl_account *account, struct gl_day *slot);
/* Write what changed, bots, pages served and rows that are held, too. */
int gl_account_flush_days_(struct gl_account *account);
/* As gl_account_ask_(), of what is held so: it is written before. */
sqlite3_stmt *gl_account_ask_days_(struct gl_account *account, int number,
                                   const struct gl_value *values);

/* ---- day_table.c ---- */

void gl_days_clear_(struct gl_days *days);
/* Where the day is or belongs, in a table that is not full. */
struct gl_day *gl_days_slot_(const struct gl_days *days, int64_t site,
                             int64_t day);
int gl_days_full_(const struct gl_days *days);
/* Larger, or anew when it was the largest, with nothing changed in it: 0, or
 * -1 without memory. */
int gl_days_grow_(struct gl_days *days);

/* ---- spans ---- */

/* Of GL_SQL_LAST_SPAN and its like: first_id, last_id, gaps.  GAPS holds them
 * when the statement is reset. */
struct gl_span gl_account_take_span_(sqlite3_stmt *ask,
                                     uint8_t gaps[GL_SPAN_GAPS_MAX]);
/* BASE: of the day; 0 = another one. */
int gl_account_put_span_(struct gl_account *account, int64_t site, int64_t day,
                         struct gl_span span, int64_t base);

#endif
