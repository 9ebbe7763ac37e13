/*
 * What refold.c (parts), refold_reach.c (the days around), refold_ids.c,
 * refold_visitor.c and refold_write.c share.  Names end in _: nobody else's.
 */

#ifndef GL_REFOLD_INTERNAL_H
#define GL_REFOLD_INTERNAL_H

#include "days/refold.h"

/* A visitor with visits on the day before. */
struct gl_refold_span {
    uint64_t visitor;
    int server;
    int64_t start_ms; /* of the first of them */
};

/* A visit that may still grow, and its first event. */
struct gl_refold_open {
    struct gl_visit visit;
    struct gl_row first;
};

/* Nearly no visitor has two ids: whether one may, by bits of its hash. */
#define GL_REFOLD_LINKED_BITS 16

struct gl_refold_fold {
    struct gl_account *reader;
    struct gl_refold *job;
    GArray *rows;     /* struct gl_row; visitor_before holds the old mark,
                              visitor the first of its ids */
    GArray *links;    /* struct gl_link, sorted by visitor */
    GArray *links_on; /* the same, by before */
    uint8_t linked[2]
                  [(1 << GL_REFOLD_LINKED_BITS) / 8]; /* visitors, befores */
    GArray *wanted;        /* uint64_t, sorted: first ids of job->visitors */
    GArray *visitors;      /* uint64_t, sorted: of the rows in the days */
    GArray *spans;         /* struct gl_refold_span, sorted */
    GArray *subset;        /* uint64_t, sorted: those of the current span */
    GHashTable *newest;    /* visitor -> time of its newest row so far */
    GArray *stored;        /* struct gl_refold_visit: what there is of them */
    guint stored_at;       /* those of the visitors before are behind */
    GArray *made;          /* struct gl_refold_visit: of one visitor */
    struct gl_row *of_one; /* rows of the visitor being folded */
    struct gl_refolded *result;
};

/* A row as it is folded: under the first of its visitor's ids. */
struct gl_row gl_refold_row_(const struct gl_refold_fold *fold,
                             const struct gl_row *stored);
/* 1 = LIST (sorted) has VISITOR. */
int gl_refold_has_(const uint64_t *list, size_t n, uint64_t visitor);
/* Sorted, each once: visitors of the rows from FIRST on. */
void gl_refold_visitors_(const GArray *rows, guint first, GArray *visitors);
/* Note what is stored of the visitors of LIST (not empty) in a span. */
int gl_refold_stored_(struct gl_refold_fold *fold, const GArray *list,
                      int64_t from_ms, int64_t to_ms);

/* refold_reach.c: rows before and after the days, and the visits stored
 * there.  0 or -enum gl_store_error. */
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
/* Append all ids of who had FIRST at first: how many. */
guint gl_refold_all_ids_(const struct gl_refold_fold *fold, uint64_t first,
                         GArray *ids);

/* refold_visitor.c: what becomes of the visits of one visitor, its rows
 * sorted. */
void gl_refold_visitor_(struct gl_refold_fold *fold, struct gl_row *rows,
                        size_t n);

#endif
