/*
 * What refold.c (parts, visits) and refold_reach.c (the days around) share.
 * Names end in _: nobody else's.
 */

#ifndef GL_REFOLD_INTERNAL_H
#define GL_REFOLD_INTERNAL_H

#include "ingest/refold.h"

/* A visitor with visits on the day before. */
struct gl_refold_span {
    uint64_t visitor;
    int server;
    int64_t start_ms; /* of the first of them */
};

struct gl_refold_fold {
    struct gl_account *account;
    const struct gl_refold *job;
    uint32_t part, parts; /* of the visitors, by hash */
    GArray *rows;       /* struct gl_row; visitor_before holds the old mark */
    GArray *visitors;   /* uint64_t, sorted: of the rows in the dirty days */
    GArray *spans;      /* struct gl_refold_span, sorted */
    GArray *subset;     /* uint64_t, sorted: those of the current span */
    GHashTable *newest; /* visitor -> time of its newest row so far */
    GArray *aliases;    /* of open visits, sorted */
    struct gl_visit last; /* noted when it is known whether one follows */
    GArray *visits;       /* to be put */
    GArray *marks;        /* that changed */
};

void gl_refold_keep_(struct gl_refold_fold *fold, const struct gl_row *row);
/* Sorted, each once: visitors of the rows from FIRST on. */
void gl_refold_visitors_(const GArray *rows, guint first, GArray *visitors);
/* Delete what the visitors of LIST (not empty) have in a span. */
int gl_refold_delete_(struct gl_refold_fold *fold, const GArray *list,
                      int64_t from_ms, int64_t to_ms);

/* refold_reach.c: rows before and after the dirty days, and the visits stored
 * there away.  0 or -enum gl_store_error. */
int gl_refold_reach_back_(struct gl_refold_fold *fold);
int gl_refold_reach_on_(struct gl_refold_fold *fold);

#endif
