#include "spool/segment_scan.h"

#include "gl_assert.h"

static int
index_possible(const struct gl_segment_scan *scan, uint32_t index)
{
    size_t before = scan->from + scan->at - GL_SEGMENT_HEADER_BYTES;

    return index > scan->last &&
           index <= before / gl_frame_least_bytes(scan->header->major) + 1;
}

enum gl_frame_result
gl_segment_scan(struct gl_segment_scan *scan, struct gl_frame *frame)
{
    enum gl_frame_result result;

    GL_ASSERT(scan->from + scan->at >= GL_SEGMENT_HEADER_BYTES);
    for (; scan->at < scan->len; scan->at += 8) {
        result = gl_frame_read(frame, scan->bytes + scan->at,
                               scan->len - scan->at, scan->header, 0);
        if ((result == GL_FRAME_OK || result == GL_FRAME_PAYLOAD) &&
            index_possible(scan, frame->index)) {
            scan->found = scan->at;
            scan->at += frame->bytes;
            if (result == GL_FRAME_OK)
                scan->last = frame->index;
            else
                scan->damaged = 1;
            return result;
        }
        scan->damaged = 1;
    }
    return GL_FRAME_SHORT;
}
