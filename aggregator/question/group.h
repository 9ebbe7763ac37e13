/* What was counted for a question (question.h), group by group. */

#ifndef GL_QUESTION_GROUP_H
#define GL_QUESTION_GROUP_H

#include <glib.h>
#include <stdint.h>

#include "columns/shelf.h"
#include "store/words/words.h"

/* At once: a source with all of its campaign (export/). */
#define GL_QUESTION_DIMENSIONS_MAX 7

enum gl_sum {
    GL_SUM_VISITORS,
    GL_SUM_VISITS,
    GL_SUM_PAGEVIEWS,
    GL_SUM_EVENTS,  /* pageviews and custom events */
    GL_SUM_ENTRIES, /* visits that the next three are of */
    GL_SUM_BOUNCES,
    GL_SUM_SECONDS, /* of visits */
    GL_SUM_VIEWS,   /* pageviews of visits */
    GL_SUM_N
};

struct gl_group {
    uint32_t keys[GL_QUESTION_DIMENSIONS_MAX]; /* in values, or a bucket */
    uint32_t more;                             /* in gl_counted.more */
    uint64_t sums[GL_SUM_N];
};

/* What few questions ask for of a group. */
struct gl_more {
    uint32_t currency;                   /* 0 = none is asked for */
    uint64_t paid;                       /* events with revenue in it */
    int64_t amount;                      /* thousandths */
    uint64_t engaged_ms, engaged_visits; /* visits that have some */
    uint64_t depth, depth_visits; /* percent, the greatest of each visit */
    uint64_t visitors; /* of the group without its goals; several.c */
    uint64_t views;    /* pageviews of the group's exit page; several.c */
    /* while it is counted: the last visit, 0 = none, and how deep it went */
    uint64_t visit;
    uint32_t visit_depth; /* percent + 1, 0 = not told */
};

struct gl_counted {
    GArray *groups;                                /* struct gl_group */
    GPtrArray *values[GL_QUESTION_DIMENSIONS_MAX]; /* char *; time: NULL */
    /* whose texts values are: dictionaries, lent; and what is in none */
    struct gl_shelf *shelf; /* NULL: none is lent */
    struct gl_shelved *lent[GL_WORD_KINDS];
    GStringChunk *texts;
    struct gl_group all; /* the same without dimensions */
    GArray *more;        /* struct gl_more; the first is nothing */
    uint64_t visitors;   /* in all, without goals; several.c */
    uint64_t rows;       /* scanned */
    /* why totals of another product are not among them, as the API has it;
     * NULL: they are, where they were asked for */
    const char *without_imports;
};

void gl_counted_free(struct gl_counted *counted);

#endif
