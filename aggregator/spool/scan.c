/*
 * Frames once more, outside of a round: all of a complete segment, where
 * whatever the reader found in it is found here too, damage or not; or one.
 */

#include "spool/spool_internal.h"

#include <stdlib.h>

/* The whole file, malloc'd; NULL = cannot be read now. */
static uint8_t *
load(struct gl_spool *spool, struct gl_spool_file *file, size_t *len)
{
    uint8_t *bytes = malloc(file->limit);
    ssize_t n = 1;

    *len = 0;
    while (bytes != NULL && *len < file->limit && n > 0) {
        n = gl_spool_pread_(spool, file, bytes + *len, file->limit - *len,
                            (uint32_t) *len);
        if (n > 0)
            *len += (size_t) n;
    }
    if (n != -1)
        return bytes;
    if (bytes == NULL)
        spool->stats.read_errors++;
    free(bytes);
    return NULL;
}

/* Bytes to step on from AT; 1 in *IS_FRAME when there is a frame that comes
 * after the one of index LAST (and is no forged one: see resync.c). */
static size_t
look(const struct gl_segment_header *header, const uint8_t *bytes, size_t at,
     size_t len, uint32_t last, struct gl_frame *frame, int *is_frame)
{
    size_t before = at - GL_SEGMENT_HEADER_BYTES;
    enum gl_frame_result result =
        gl_frame_read(frame, bytes + at, len - at, header, 0);

    *is_frame = 0;
    if (result != GL_FRAME_OK && result != GL_FRAME_PAYLOAD)
        return 8; /* frames begin at multiples of 8 */
    if (frame->index <= last ||
        frame->index > before / gl_frame_least_bytes(header->major) + 1)
        return 8;
    *is_frame = result == GL_FRAME_OK;
    return frame->bytes;
}

int
gl_spool_scan(struct gl_spool *spool, struct gl_spool_segment *segment,
              void (*each)(void *arg, const struct gl_frame *frame,
                           const uint8_t *bytes),
              void *arg)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;
    struct gl_frame frame;
    uint8_t *bytes = NULL;
    uint32_t last = 0;
    size_t len, at = GL_SEGMENT_HEADER_BYTES, step;
    int is_frame;

    if (gl_spool_open_(spool, file) == 0)
        bytes = load(spool, file, &len);
    gl_spool_shut_(spool, file);
    if (bytes == NULL)
        return -1;
    for (; at < len; at += step) {
        step = look(&segment->header, bytes, at, len, last, &frame, &is_frame);
        if (!is_frame)
            continue;
        last = frame.index;
        each(arg, &frame, bytes + at);
    }
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

    if (gl_spool_open_(spool, file) == -1)
        return -1;
    n = gl_spool_pread_(spool, file, buf, GL_FRAME_BYTES(payload_len), offset);
    return n > 0 && gl_frame_read(frame, buf, (size_t) n, &segment->header,
                                  index) == GL_FRAME_OK
               ? 0
               : -1;
}
