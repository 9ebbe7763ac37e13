/*
 * Where a segment's frames end and its writer is gone.  What lies behind the
 * cursor is one of
 *
 *   zeros                      normal end
 *   nothing, too early         cut off: a writer makes its file in full size
 *   no valid header any more   torn tail: the writer died in its last append,
 *                              whose requests were never answered
 *   a valid header further on  damage in between; the index there tells
 *                              exactly how many frames are lost
 */

#include "spool/spool_internal.h"

#include <stdlib.h>
#include <string.h>

/* Everything behind the cursor, malloc'd; NULL = cannot, errno set. */
static uint8_t *
load_rest(struct gl_spool *spool, struct gl_spool_file *file, size_t *len)
{
    size_t cap = file->limit - file->offset;
    uint8_t *rest = malloc(cap + 1);
    ssize_t n = 1;

    *len = 0;
    while (rest != NULL && *len < cap && n > 0) {
        n = spool->calls->pread(file->fd, rest + *len, cap - *len,
                                (off_t) (file->offset + *len));
        if (n > 0)
            *len += (size_t) n;
    }
    if (n != -1)
        return rest;
    free(rest);
    return NULL;
}

static int
all_zero(const uint8_t *bytes, size_t len)
{
    return len == 0 ||
           (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
}

/* A frame has a least size, so an index cannot run ahead of its place: a
 * forged one is no frame, and no gap is counted larger than it can be. */
static int
index_possible(const struct gl_spool_file *file, uint32_t index, size_t offset)
{
    uint32_t least = gl_frame_least_bytes(file->segment.header.major);
    size_t before = offset - GL_SEGMENT_HEADER_BYTES;

    return index >= file->index && index <= before / least + 1;
}

/*
 * Offset in REST of the first whole frame whose header is valid and which was
 * not delivered before; LEN when there is none.  FROM is where to begin.
 */
static size_t
find_header(const struct gl_spool_file *file, const uint8_t *rest, size_t len,
            size_t from, struct gl_frame *frame)
{
    size_t at;

    for (at = from; at < len; at += 8) {
        /* no frame has the index asked for: every valid header is ELSEWHERE */
        if (gl_frame_read(frame, rest + at, len - at, &file->segment.header,
                          UINT32_MAX) == GL_FRAME_ELSEWHERE &&
            at + frame->bytes <= len &&
            index_possible(file, frame->index, file->offset + at))
            return at;
    }
    return len;
}

/* No frame in the format that was guessed for a damaged header: 1 = there is
 * an older one to try. */
static int
guess_older(struct gl_spool_segment *segment)
{
    uint16_t older = (uint16_t) (segment->header.major - 1);

    if (!segment->header_damaged || segment->delivered > 0 ||
        !gl_segment_is_known(older))
        return 0;
    segment->header.major = older;
    return 1;
}

/* No frame follows; perhaps because the format is not known here. */
static void
end(struct gl_spool *spool, struct gl_spool_file *file, int torn, int cut)
{
    struct gl_spool_segment *segment = &file->segment;

    if (file->claim != 0 && segment->delivered == 0) {
        gl_spool_hold_(spool, file, (uint16_t) file->claim);
        return;
    }
    segment->torn = torn || cut;
    segment->unsure =
        cut || (torn && (segment->lost > 0 || segment->header_damaged));
    if (cut)
        gl_spool_note_(spool, "segment %s is cut off: frames may be lost",
                       file->name);
    if (segment->header_damaged || cut)
        gl_spool_keep_(spool, file);
}

int
gl_spool_judge_(struct gl_spool *spool, struct gl_spool_file *file)
{
    struct gl_spool_segment *segment = &file->segment;
    struct gl_frame frame;
    size_t len, at, from = 0;
    uint8_t *rest;
    int torn;

    if (file->offset >= file->limit)
        return 0;
    rest = load_rest(spool, file, &len);
    if (rest == NULL) {
        spool->stats.read_errors++;
        return -1;
    }
    /* header right, payload wrong: that frame is skipped alone */
    if (gl_frame_read(&frame, rest, len, &segment->header, file->index) ==
        GL_FRAME_PAYLOAD)
        from = frame.bytes;
    at = find_header(file, rest, len, from, &frame);
    torn = at == len && !all_zero(rest, len);
    free(rest);
    if (at == len && guess_older(segment))
        return 1;
    if (at == len) {
        end(spool, file, torn, len < file->limit - file->offset);
        return 0;
    }
    segment->lost += frame.index - file->index;
    gl_spool_note_(spool, "segment %s: %u frames lost to corruption",
                   file->name, frame.index - file->index);
    gl_spool_keep_(spool, file);
    file->offset += (uint32_t) at;
    file->index = frame.index;
    return 1;
}
