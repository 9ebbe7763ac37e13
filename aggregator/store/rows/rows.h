/* Event rows of an account. */

#ifndef GL_STORE_ROWS_ROWS_H
#define GL_STORE_ROWS_ROWS_H

#include <stdint.h>

#include "count/count.h"
#include "event.h"
#include "store/words/words.h"

struct gl_account;

struct gl_store_event {
    int64_t site;
    int64_t at_ms;
    uint64_t visitor;
    uint32_t host, path, referrer, agent, place; /* codes, 0 = none */
    uint32_t name, title, language, screen;
    uint32_t scroll_depth; /* percent + 1, 0 = missing, as on the wire */
    uint32_t engagement_ms;
    uint32_t evidence;
    uint8_t kind;   /* enum gl_kind */
    uint8_t mark;   /* enum gl_mark */
    uint8_t server; /* class of status, 2..5, 0 = sent by a script */
    uint8_t passive;
    struct gl_text amount, currency;
    struct gl_store_props props;
};

/* The rowid that the next event will get; inside a transaction. */
int gl_account_next_id(struct gl_account *account, int64_t *id);
/* Insert with that rowid; keeps day_rows. */
int gl_account_insert(struct gl_account *account,
                      const struct gl_store_event *event);

/* The same of an import's row: written with those after it, before anything is
 * read or changed of rows, or with the commit. */
int gl_account_insert_more(struct gl_account *account,
                           const struct gl_store_event *event);

/* 1 = SITE has rows, 0 = none. */
int gl_account_any_row(struct gl_account *account, int64_t site);
/* The first and the last UTC day of which SITE has rows: 1 and *DAY, 0 = it
 * has none, or an error. */
int gl_account_oldest_day(struct gl_account *account, int64_t site,
                          int64_t *day);
int gl_account_newest_day(struct gl_account *account, int64_t site,
                          int64_t *day);
/*
 * TOKENS[day - FROM] of FROM <= day <= TO: another number whenever what a
 * question sees of the day has changed, of no other day and no other file; 0 =
 * SITE has no row that day.
 */
int gl_account_day_tokens(struct gl_account *account, int64_t site,
                          int64_t from, int64_t to, uint64_t *tokens);
/*
 * How a day's rows came to be what they are: as long as BASE is the same, they
 * were but added to, and the added ones have greater rowids than LAST_ID.
 * BASE 0 = it has none.
 */
struct gl_day_base {
    uint64_t base;
    int64_t last_id;
};
int gl_account_day_base(struct gl_account *account, int64_t site, int64_t day,
                        struct gl_day_base *base);
/*
 * Rows of SITE with FROM <= at < TO in rowid order (through day_rows: cheap).
 * row->visitor_before is 0, row->server 0 or 1.  ROW returns 0 to go on;
 * another value ends the scan and is returned.  ROW may neither begin another
 * scan of this account nor change it, dirty days excepted.
 */
int gl_account_rows(struct gl_account *account, int64_t site, int64_t from_ms,
                    int64_t to_ms,
                    int (*row)(void *arg, const struct gl_row *row),
                    void *arg);
/* A row with all that can be asked of it. */
struct gl_store_row {
    struct gl_row row;
    uint32_t referrer, agent, place, name, screen, language; /* 0 = none */
    struct gl_store_props props;
    uint32_t scroll_depth;         /* percent + 1, 0 = missing */
    const char *amount, *currency; /* of revenue; NULL = none; until ROW
                                      returns */
};
/* As gl_account_rows(), of whole rows, none that a server sent, and those
 * with rowids above AFTER. */
int gl_account_full_rows(struct gl_account *account, int64_t site,
                         int64_t from_ms, int64_t to_ms, int64_t after,
                         int (*row)(void *arg, const struct gl_store_row *row),
                         void *arg);
/* How many rowids lie where rows of SITE do since the day of FROM, or since
 * the day its oldest open visit began; -enum gl_store_error. */
int64_t gl_account_recent_rowids(struct gl_account *account, int64_t site,
                                 int64_t from_ms);
/* A row of SITE and of that time. */
int gl_account_set_mark(struct gl_account *account, int64_t site,
                        int64_t at_ms, int64_t event_id, enum gl_mark mark);
int gl_account_set_visitor(struct gl_account *account, int64_t site,
                           int64_t at_ms, int64_t event_id, uint64_t visitor);

#endif
