/*
 * What takes many turns of the writer thread: work.c whose turn it is, move.c
 * a site that goes to another account, remains.c rows to be deleted.  A part
 * of ingest/state.h.
 */

#ifndef GL_WORK_H
#define GL_WORK_H

#include "move/eraser.h"
#include "writer/writer.h"
#include "store/account.h"
#include "store/sites.h"

struct gl_ingest_account;

/* Rows of a site in the file of ACCOUNT that are to be deleted (meta.db). */
struct gl_ingest_remain {
    int64_t site;
    char account[GL_ACCOUNT_ID_LEN + 1];
    int64_t at_ms; /* boot clock: not before */
};

/* What is done a piece a turn: work.c */
struct gl_ingest_work {
    /* 1 = a piece is done, 0 = somebody will wake us; NULL = no work. */
    int (*step)(struct gl_ingest *in);
    struct gl_call call; /* waits for the answer; verb NULL = nobody does */
    int64_t site;
    struct gl_ingest_account *source, *to; /* of a move */
    struct gl_copy *copy;
    struct gl_ingest_account *from; /* rows are deleted there */
    struct gl_eraser *eraser;
    int rows;                  /* of the next piece */
    struct gl_deleted deleted; /* since the last gl_writer_clean_() */
};
#define GL_INGEST_PIECE_ROWS 1000 /* of the first one */

/* ---- work.c ---- */

/* A piece of what is under way or due: 1 = did something. */
int gl_writer_work_(struct gl_ingest *in);
void gl_writer_stop_work_(struct gl_ingest *in);

/* ---- move.c ---- */

/* Nobody's frames are held: GL_VERB_LATER, or a status. */
int gl_move_site_(struct gl_ingest *in, const struct gl_call *call,
                  int64_t site, struct gl_ingest_account *from,
                  struct gl_ingest_account *to, json_t **answer);

/* ---- remains.c ---- */

/* Rows of SITE in the file of ACCOUNT are to be deleted: do it now. */
void gl_writer_clean_(struct gl_ingest *in, int64_t site,
                      struct gl_ingest_account *account);
/* The next that is due: 1 = there is work. */
int gl_writer_clean_next_(struct gl_ingest *in);
/* 1 = these are named in meta.db. */
int gl_writer_remains_(struct gl_ingest *in, int64_t site,
                       const char *account);
/* Name them there: 0 or -enum gl_store_error. */
int gl_writer_name_remain_(struct gl_ingest *in, int64_t site,
                           const char *account);
/* That is committed, or no more so. */
void gl_writer_add_remain_(void *ingest, int64_t site, const char *account);
void gl_writer_drop_remain_(struct gl_ingest *in, int64_t site,
                            const char *account);
/* ACCOUNT and its file are gone. */
void gl_writer_forget_remains_(struct gl_ingest *in, const char *account);

#endif
