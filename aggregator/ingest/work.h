/*
 * What takes many turns of the writer thread, one thing at a time: a move, a
 * removal, the end of an import.  Who does it is in move/ and import/, whose
 * turn it is in writer/work.c.
 */

#ifndef GL_INGEST_WORK_H
#define GL_INGEST_WORK_H

#include <stdint.h>

#include "store/site/sites.h"

struct gl_call;
struct gl_copy;
struct gl_eraser;
struct gl_ingest;
struct gl_ingest_account;
struct gl_let_go_job;

struct gl_ingest_work {
    /* 1 = a piece is done, 0 = somebody will wake us; NULL = no work. */
    int (*step)(struct gl_ingest *in);
    struct gl_call *call; /* waits for the answer; NULL = nobody does */
    int64_t site;
    struct gl_ingest_account *source, *to; /* of a move */
    struct gl_copy *copy;
    struct gl_ingest_account *from; /* rows are deleted there */
    struct gl_eraser *eraser;
    struct gl_let_go_job *let_go; /* a thread reads */
    int rows;                     /* of the next piece */
    struct gl_deleted deleted;    /* since the last gl_move_clean_() */
};

#endif
