/*
 * Packs without some of their frames: what the night's job writes again.
 *
 *   changes, those made here ─► what sites were called (names.h)
 *   some packs, a few at a time ─► written again, or gone
 *
 * A pack is one transaction.  Killed at any time it is done again: whoever
 * calls writes how far it came at the end.
 *
 * The night's thread.
 */

#ifndef GL_LOG_NIGHT_REWRITE_H
#define GL_LOG_NIGHT_REWRITE_H

#include "event.h"
#include "log/names.h"
#include "log/pack.h"
#include "log/server.h"

struct gl_rewrite {
    struct gl_server *server;
    GHashTable *made; /* changes of sites, store/made.h */
    int64_t upto;     /* the last change that was made here */
    struct gl_names *names;
    struct gl_decoder *decoder;
    struct gl_pack pack;
    GByteArray *plain, *packed;
    uint64_t frames; /* that went */
};

/* By what this machine has made, whose files are in DATA.  0, or -1: it has
 * none, or they cannot be read (it is logged): others do it. */
int gl_rewrite_init(struct gl_rewrite *r, struct gl_server *server,
                    const char *data);
void gl_rewrite_fini(struct gl_rewrite *r);

/* The call below with SQL of which NUMBER is the one parameter. */
PGresult *gl_rewrite_ask(struct gl_rewrite *r, const char *sql,
                         int64_t number);
/* What sites were called, by the changes up to LAST.  ERASES: what those erase
 * that no night has done yet goes.  0, or -1 with the server's .why. */
int gl_rewrite_names(struct gl_rewrite *r, int64_t last, int erases);

/* Of this select the N parameters are as VALUES has them, but the first: of
 * packs that have transactions after it, and meet CONDITION. */
#define GL_REWRITE_SELECT(condition)                                          \
    "SELECT last, frames FROM pack WHERE last > $1::xid8 AND slot <= "        \
    "(SELECT "                                                                \
    "packed FROM night) AND " condition " ORDER BY pack.last LIMIT 4"
/* Those after the transaction FROM, up to one that has UNTIL: without what
 * .names says is erased.  0, or -1 with the server's .why. */
int gl_rewrite_packs(struct gl_rewrite *r, const char *select, int n,
                     const char **values, uint64_t from, uint64_t until);

#endif
