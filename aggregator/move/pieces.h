/* Rows of the work under way, a piece a turn. */

#ifndef GL_MOVE_PIECES_H
#define GL_MOVE_PIECES_H

#include "ingest/state.h"

#define GL_MOVE_ROWS 1000 /* of the first piece */

/* One step of each: 1 = more to do, 0 = done, or -enum gl_store_error. */
int gl_move_copy_piece_(struct gl_ingest *in);
int gl_move_delete_piece_(struct gl_ingest *in,
                          struct gl_ingest_account *account);
/* Of the work's site, rows of days before BEFORE, UTC, alone. */
int gl_move_expire_piece_(struct gl_ingest *in,
                          struct gl_ingest_account *account, int64_t before);
/* Of the work's site, rows of DAY, which was let go. */
int gl_move_let_go_piece_(struct gl_ingest *in, int64_t day);

#endif
