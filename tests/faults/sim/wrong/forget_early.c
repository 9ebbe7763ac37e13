/* R11 forgotten: the rows of a segment go before its directory is synced. */

#include "spool/spool.h"

int __wrap_gl_spool_may_return(const struct gl_spool *spool,
                               const uint8_t id[GL_SEGMENT_ID_BYTES]);

int
__wrap_gl_spool_may_return(const struct gl_spool *spool,
                           const uint8_t id[GL_SEGMENT_ID_BYTES])
{
    return gl_spool_has(spool, id);
}
