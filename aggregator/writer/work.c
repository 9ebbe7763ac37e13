/*
 * What takes longer than a turn of the loop should: a move, a removal, the end
 * of an import.  It is done a piece a turn, with rounds in between; one at a
 * time, and other changes wait in the mailbox meanwhile.
 *
 *   site.move     copy ... copy, flip the route     delete ..., write anew
 *                 (move.c)                          (remains.c)
 *   site.remove                  flip the route     delete ..., write anew
 *   import.finish fold ... fold (import.c)
 *   each night                                    delete ..., write anew
 *                                                 (retention.c, let_go.c)
 *
 * Writer thread.
 */

#include "writer/work.h"

#include "calls/answer.h"
#include "ingest/state.h"
#include "move/eraser.h"
#include "move/let_go.h"
#include "move/remains.h"
#include "move/retention.h"
#include "store/site/copy.h"

int
gl_writer_work_(struct gl_ingest *in)
{
    if (in->work.step == NULL && !gl_move_clean_next_(in) &&
        !gl_move_expire_next_(in))
        return 0;
    return in->work.step(in);
}

void
gl_writer_stop_work_(struct gl_ingest *in)
{
    char why[256];

    gl_move_let_go_stop_(in);
    if (in->work.eraser != NULL)
        gl_eraser_end(in->work.eraser, why, sizeof why);
    in->work.eraser = NULL;
    gl_copy_free(in->work.copy);
    in->work.copy = NULL;
    in->work.step = NULL;
    gl_call_answer_(in, 503,
                    json_pack("{s:s}", "error", "glintod is stopping"));
}
