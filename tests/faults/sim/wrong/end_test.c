/* R4 the other way round: the end of a segment is looked at first, and then it
 * is asked whether its writer is gone, which may have written in between. */

#include "spool/spool_internal.h"

int __real_gl_spool_writer_gone_(struct gl_spool *spool,
                                 struct gl_spool_file *file);
int __wrap_gl_spool_writer_gone_(struct gl_spool *spool,
                                 struct gl_spool_file *file);
int __real_gl_spool_judge_(struct gl_spool *spool, struct gl_spool_file *file);
int __wrap_gl_spool_judge_(struct gl_spool *spool, struct gl_spool_file *file);

int
__wrap_gl_spool_writer_gone_(struct gl_spool *spool,
                             struct gl_spool_file *file)
{
    (void) spool;
    (void) file;
    return 1;
}

int
__wrap_gl_spool_judge_(struct gl_spool *spool, struct gl_spool_file *file)
{
    int result = __real_gl_spool_judge_(spool, file);

    if (result != 0 || __real_gl_spool_writer_gone_(spool, file))
        return result;
    (void) gl_spool_read_drops_(spool, file);
    return -1; /* looked at again in the next round */
}
