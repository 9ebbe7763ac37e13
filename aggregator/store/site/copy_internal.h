/* A copy under way, between copy.c, its steps, and copy_row.c, its rows. */

#ifndef GL_STORE_SITE_COPY_INTERNAL_H
#define GL_STORE_SITE_COPY_INTERNAL_H

#include <glib.h>

#include "store/account/account_internal.h"
#include "store/site/copy.h"

/* Codes of one kind that were translated in this step. */
#define GL_COPY_CODES 1024
struct gl_copy_code {
    uint32_t from, to; /* 0 = free */
};

/* A visit that was open when its first event was copied. */
struct gl_copy_open {
    int64_t from, to;
};

struct gl_copy {
    struct gl_account *to, *from;
    int64_t site;
    int64_t after;   /* the last event copied */
    GArray *ranges;  /* struct gl_range: rowids that may hold more of them */
    guint at;        /* of these */
    GArray *open;    /* struct gl_copy_open, in order */
    GArray *changed; /* those of OPEN to be copied once more */
    int rows;        /* left in this step */
    struct gl_copy_code (*codes)[GL_COPY_CODES]; /* of each kind */
};

/* The row that ASK (GL_SQL_COPY_EVENTS) stands at. */
int gl_copy_event_(struct gl_copy *copy, sqlite3_stmt *ask);
/* A visit of the account was closed, or got an alias. */
void gl_copy_note_(struct gl_copy *copy, int64_t visit);
/* Visits that were open, and were told of since. */
int gl_copy_changed_(struct gl_copy *copy);

#endif
