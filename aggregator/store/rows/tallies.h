/*
 * What an account's file counts beside its rows: bots, drops; days and
 * visitors to be folded again; imports.
 */

#ifndef GL_STORE_ROWS_TALLIES_H
#define GL_STORE_ROWS_TALLIES_H

#include <stdint.h>

#include "event.h"

struct gl_account;

/* See account.sql.  None is NULL. */
struct gl_store_bot {
    const char *reason, *family, *page, *operator, * kind;
    const char *identity; /* of pages served: enrich.h */
};

int gl_account_add_bot(struct gl_account *account, int64_t site, int64_t day,
                       const struct gl_store_bot *bot, uint64_t n);
int gl_account_add_drop(struct gl_account *account, int64_t site, int64_t day,
                        struct gl_text reason, uint64_t n);

/* What was not counted on days FIRST to LAST of SITE, by reason, most first;
 * OF_BOTS 0 = left out. */
int gl_account_uncounted(struct gl_account *account, int64_t site,
                         int64_t first, int64_t last,
                         void (*take)(void *arg, int of_bots,
                                      const char *reason, int64_t n),
                         void *arg);

int gl_account_add_dirty(struct gl_account *account, int64_t site,
                         int64_t day);
int gl_account_clear_dirty(struct gl_account *account, int64_t site,
                           int64_t day);
/* Dirty days of SITE, or of all sites (0), by site and day. */
int gl_account_dirty(struct gl_account *account, int64_t site,
                     int (*dirty)(void *arg, int64_t site, int64_t day),
                     void *arg);

/* VISITOR has a late row: its visits of DAY are to be made again. */
int gl_account_add_late(struct gl_account *account, int64_t site, int64_t day,
                        uint64_t visitor);
int gl_account_clear_late(struct gl_account *account, int64_t site,
                          int64_t day, uint64_t visitor);
/* Late visitors of SITE, or of all sites (0), by site and day. */
int gl_account_late(struct gl_account *account, int64_t site,
                    int (*late)(void *arg, int64_t site, int64_t day,
                                uint64_t visitor),
                    void *arg);

/* ---- imports ---- */

struct gl_store_import {
    char hash[65]; /* SHA-256 of the file, hex */
    int64_t site;
    int64_t offset; /* bytes applied */
    int64_t lines;  /* lines applied */
    int done;
    int64_t at_ms;
    uint8_t key[16];
};
/* 1 found, 0 not. */
int gl_account_import(struct gl_account *account, const char *hash,
                      int64_t site, struct gl_store_import *import);
/* The key of SITE's first import: 1 found, 0 there was none. */
int gl_account_import_key(struct gl_account *account, int64_t site,
                          uint8_t key[16]);
int gl_account_put_import(struct gl_account *account,
                          const struct gl_store_import *import);

#endif
