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
    GArray *rows;         /* struct gl_row; visitor_before holds the old mark,
                             visitor the first of its ids */
    GArray *visitors;     /* uint64_t, sorted: of the rows in the dirty days */
    GArray *spans;        /* struct gl_refold_span, sorted */
    GArray *subset;       /* uint64_t, sorted: those of the current span */
    GHashTable *newest;   /* visitor -> time of its newest row so far */
    GArray *links;        /* struct gl_link, sorted by visitor */
    GArray *links_on;     /* the same, by before */
    GArray *ids;          /* uint64_t, scratch: all ids of some visitors */
    struct gl_visit last; /* noted when it is known whether one follows */
    GArray *visits;       /* to be put */
    GArray *changes;      /* of rows: marks, visitors */
};

/* A row as it is folded: under the first of its visitor's ids. */
struct gl_row gl_refold_row_(const struct gl_refold_fold *fold,
                             const struct gl_row *stored);
/* Sorted, each once: visitors of the rows from FIRST on. */
void gl_refold_visitors_(const GArray *rows, guint first, GArray *visitors);
/* Delete what the visitors of LIST (not empty) have in a span. */
int gl_refold_delete_(struct gl_refold_fold *fold, const GArray *list,
                      int64_t from_ms, int64_t to_ms);

/* refold_reach.c: rows before and after the dirty days, and the visits stored
 * there away.  0 or -enum gl_store_error. */
int gl_refold_reach_back_(struct gl_refold_fold *fold);
int gl_refold_reach_on_(struct gl_refold_fold *fold);

/* ---- refold_ids.c: visitors who have two ids, one since midnight ---- */

/* Which they are: 0 or -enum gl_store_error. */
int gl_refold_read_links_(struct gl_refold_fold *fold);
/* The oldest id that is known of VISITOR: itself when there is no other. */
uint64_t gl_refold_first_id_(const struct gl_refold_fold *fold,
                             uint64_t visitor);
/* The id at a time of who had FIRST at first. */
uint64_t gl_refold_id_at_(const struct gl_refold_fold *fold, uint64_t first,
                          int64_t at_ms);
/* 1 = VISITOR is one id of several. */
int gl_refold_has_ids_(const struct gl_refold_fold *fold, uint64_t visitor);
/* All ids of the visitors of LIST (first ids), sorted; valid until the next
 * call. */
const GArray *gl_refold_all_ids_(struct gl_refold_fold *fold,
                                 const GArray *list);

#endif
