/* W3 forgotten: after a write that failed half-way the next one goes to the
 * same place. */

#include "gl_segment.h"

int __real_gl_writer_append(struct gl_writer *w, const uint8_t *buf,
                            uint32_t *written);
int __wrap_gl_writer_append(struct gl_writer *w, const uint8_t *buf,
                            uint32_t *written);

int
__wrap_gl_writer_append(struct gl_writer *w, const uint8_t *buf,
                        uint32_t *written)
{
    int result = __real_gl_writer_append(w, buf, written);

    w->broken = 0;
    return result;
}
