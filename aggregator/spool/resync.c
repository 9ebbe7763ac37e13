/*
 * Where a segment's frames end and its writer is gone.  What lies behind the
 * cursor is one of
 *
 *   zeros                      normal end
 *   nothing, too early         cut off: a writer makes its file in full size
 *   no valid header any more   torn tail: the writer died in its last append,
 *                              whose requests were never answered
 *   a page that is given up    zeros here; nobody knows what it held
 *   a valid header further on  damage in between; the index there tells
 *                              exactly how many frames are lost
 *
 * All of it is judged in one load: whoever may write here can make a file with
 * more gaps than anybody has time to load it.
 */

#include "gl_assert.h"
#include "spool/segment_scan.h"
#include "spool/spool_internal.h"

#include <stdlib.h>
#include <string.h>

/* What lies behind the cursor, in memory. */
struct rest {
    uint8_t *bytes;
    size_t len;
    uint32_t from; /* where in the file it begins */
};

static int
all_zero(const uint8_t *bytes, size_t len)
{
    return len == 0 ||
           (bytes[0] == 0 && memcmp(bytes, bytes + 1, len - 1) == 0);
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
    int holed = gl_spool_gave_up_(file, file->offset, file->limit);

    if (file->claim != 0 && segment->delivered == 0) {
        gl_spool_hold_(spool, file, (uint16_t) file->claim);
        return;
    }
    segment->torn = torn || cut;
    segment->unsure = cut || holed ||
                      (torn && (segment->lost > 0 || segment->header_damaged));
    if (cut)
        gl_spool_note_(spool, "segment %s is cut off: frames may be lost",
                       file->name);
    if (holed)
        gl_spool_note_(spool,
                       "segment %s: what was in pages given up may be "
                       "lost",
                       file->name);
    if (segment->header_damaged || cut || holed)
        gl_spool_keep_(spool, file);
}

/* The frames from index FROM up to the one before TO are lost. */
static void
note_gap(struct gl_spool_segment *segment, uint32_t from, uint32_t to)
{
    struct gl_spool_gap *gap;

    GL_ASSERT(from <= to);
    if (from == to)
        return;
    if (segment->gaps_n < GL_SPOOL_GAPS_MAX)
        segment->gaps[segment->gaps_n++] = (struct gl_spool_gap){.from = from};
    gap = &segment->gaps[segment->gaps_n - 1];
    gap->upto = to - 1;
    gap->n += to - from;
    segment->lost += to - from;
}

/* There is no valid frame at the cursor: 1 = it moved, 0 = nothing follows. */
static int
step_on(struct gl_spool *spool, struct gl_spool_file *file,
        const struct rest *rest)
{
    struct gl_spool_segment *segment = &file->segment;
    const uint8_t *bytes = rest->bytes + (file->offset - rest->from);
    struct gl_segment_scan scan = {.header = &segment->header,
                                   .bytes = bytes,
                                   .len =
                                       rest->len - (file->offset - rest->from),
                                   .from = file->offset,
                                   .last = file->index - 1};
    struct gl_frame frame;
    enum gl_frame_result result = gl_segment_scan(&scan, &frame);

    /* header right, payload wrong: that frame is skipped alone */
    if (result == GL_FRAME_PAYLOAD && scan.found == 0 &&
        frame.index == file->index)
        result = gl_segment_scan(&scan, &frame);
    if (result == GL_FRAME_SHORT && guess_older(segment))
        return 1;
    if (result == GL_FRAME_SHORT) {
        end(spool, file, !all_zero(bytes, scan.len),
            scan.len < file->limit - file->offset);
        return 0;
    }
    note_gap(segment, file->index, frame.index);
    file->offset += (uint32_t) scan.found;
    GL_ASSERT(file->offset < file->limit);
    file->index = frame.index;
    return 1;
}

/* The frames at the cursor: 1 = all there are, 0 = the round is full. */
static int
take_frames(struct gl_spool *spool, struct gl_spool_file *file,
            const struct rest *rest)
{
    struct gl_frame frame;
    uint32_t at, room;
    uint8_t *bytes;

    for (;;) {
        at = file->offset - rest->from;
        if (gl_frame_read(&frame, rest->bytes + at, rest->len - at,
                          &file->segment.header, file->index) != GL_FRAME_OK)
            return 1;
        bytes = gl_spool_space_(spool, frame.bytes, &room);
        if (bytes == NULL || spool->frames_n >= spool->most)
            return 0;
        memcpy(bytes, rest->bytes + at, frame.bytes);
        (void) gl_spool_take_(spool, file, bytes, frame.bytes);
    }
}

int
gl_spool_judge_(struct gl_spool *spool, struct gl_spool_file *file)
{
    uint64_t lost = file->segment.lost;
    struct rest rest;
    int result;

    if (file->offset >= file->limit)
        return 0;
    rest.from = file->offset;
    rest.bytes = gl_spool_load_(spool, file, rest.from, &rest.len);
    if (rest.bytes == NULL)
        return -1;
    GL_ASSERT(rest.len <= file->limit - rest.from);
    spool->judged_bytes += rest.len;
    do
        result = step_on(spool, file, &rest);
    while (result == 1 && take_frames(spool, file, &rest));
    free(rest.bytes);
    if (file->offset != rest.from) {
        gl_spool_note_(spool, "segment %s: %llu frames lost to corruption",
                       file->name,
                       (unsigned long long) (file->segment.lost - lost));
        gl_spool_keep_(spool, file);
    }
    return result;
}
