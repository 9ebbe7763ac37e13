/*
 * Frames once more, outside of a round: all of a complete segment, where
 * whatever the reader found in it is found here too, damage or not; or one.
 */

#include "gl_assert.h"
#include "spool/segment_scan.h"
#include "spool/spool_internal.h"

#include <stdlib.h>

int
gl_spool_scan(struct gl_spool *spool, struct gl_spool_segment *segment,
              void (*each)(void *arg, const struct gl_frame *frame,
                           const uint8_t *bytes),
              void *arg)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;
    struct gl_segment_scan scan = {.header = &segment->header,
                                   .at = GL_SEGMENT_HEADER_BYTES};
    enum gl_frame_result result;
    struct gl_frame frame;
    uint8_t *bytes = NULL;

    if (gl_spool_open_(spool, file) == 0)
        bytes = gl_spool_load_(spool, file, 0, &scan.len);
    gl_spool_shut_(spool, file);
    if (bytes == NULL)
        return -1;
    scan.bytes = bytes;
    while ((result = gl_segment_scan(&scan, &frame)) != GL_FRAME_SHORT)
        if (result == GL_FRAME_OK)
            each(arg, &frame, bytes + scan.found);
    free(bytes);
    return 0;
}

int
gl_spool_again(struct gl_spool *spool, struct gl_spool_segment *segment,
               uint32_t offset, uint32_t index, uint32_t payload_len,
               uint8_t buf[GL_FRAME_MAX], struct gl_frame *frame)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;
    ssize_t n;

    GL_ASSERT(GL_FRAME_BYTES(payload_len) <= GL_FRAME_MAX);
    GL_ASSERT(offset >= GL_SEGMENT_HEADER_BYTES && offset < file->limit);
    if (gl_spool_open_(spool, file) == -1)
        return -1;
    n = gl_spool_pread_(spool, file, buf, GL_FRAME_BYTES(payload_len), offset);
    return n > 0 && gl_frame_read(frame, buf, (size_t) n, &segment->header,
                                  index) == GL_FRAME_OK
               ? 0
               : -1;
}
