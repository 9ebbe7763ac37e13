/* Rows of a site where they are of no use, until they are deleted. */

#ifndef GL_MOVE_REMAINS_H
#define GL_MOVE_REMAINS_H

#include <stdint.h>

#include "store/account/account.h"

struct gl_ingest;
struct gl_ingest_account;

/* Rows of a site in the file of ACCOUNT that are to be deleted (meta.db). */
struct gl_ingest_remain {
    int64_t site;
    char account[GL_ACCOUNT_ID_LEN + 1];
    int64_t at_ms; /* boot clock: not before */
};

/* Rows of SITE in the file of ACCOUNT are to be deleted: do it now. */
void gl_move_clean_(struct gl_ingest *in, int64_t site,
                    struct gl_ingest_account *account);
/* The work's rows are deleted: its file is written anew, the end of the work;
 * 0. */
int gl_move_erase_(struct gl_ingest *in);
/* The next that is due: 1 = there is work. */
int gl_move_clean_next_(struct gl_ingest *in);
/* 1 = these are named in meta.db. */
int gl_move_remains_(struct gl_ingest *in, int64_t site, const char *account);
/* Name them there: 0 or -enum gl_store_error. */
int gl_move_name_remain_(struct gl_ingest *in, int64_t site,
                         const char *account);
/* That is committed, or no more so. */
void gl_move_add_remain_(void *ingest, int64_t site, const char *account);
void gl_move_drop_remain_(struct gl_ingest *in, int64_t site,
                          const char *account);
/* ACCOUNT and its file are gone. */
void gl_move_forget_remains_(struct gl_ingest *in, const char *account);

#endif
