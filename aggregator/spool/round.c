/*
 * The frames of a round in memory: space for their payloads, their order by
 * time, and which of a segment's are settled.
 */

#include "gl_assert.h"
#include "spool/spool_internal.h"

#include <stdlib.h>

uint8_t *
gl_spool_space_(struct gl_spool *spool, uint32_t least, uint32_t *len)
{
    struct gl_spool_chunk *chunk = &spool->chunks[spool->chunk];

    GL_ASSERT(chunk->used <= GL_SPOOL_CHUNK_BYTES);
    GL_ASSERT(least <= GL_SPOOL_CHUNK_BYTES);
    if (GL_SPOOL_CHUNK_BYTES - chunk->used < least) {
        if (spool->chunk + 1 == GL_SPOOL_CHUNKS)
            return NULL;
        chunk = &spool->chunks[++spool->chunk];
    }
    if (chunk->bytes == NULL)
        chunk->bytes = malloc(GL_SPOOL_CHUNK_BYTES);
    if (chunk->bytes == NULL) /* the round ends early, none is lost */
        return NULL;
    *len = GL_SPOOL_CHUNK_BYTES - chunk->used;
    return chunk->bytes + chunk->used;
}

static void
deliver(struct gl_spool *spool, struct gl_spool_file *file,
        const struct gl_frame *frame, uint32_t offset)
{
    /* unsigned: a file may claim any time; whether to believe it is the
     * caller's */
    int64_t at_ms =
        (int64_t) ((uint64_t) file->segment.header.wall_ms + frame->delta_ms);

    GL_ASSERT(frame->index > file->segment.delivered);
    GL_ASSERT(spool->frames_n < GL_SPOOL_ROUND_FRAMES);
    /* sorting by time must keep a segment's frames in order */
    if (at_ms < file->last_at_ms)
        at_ms = file->last_at_ms;
    file->last_at_ms = at_ms;
    spool->frames[spool->frames_n++] =
        (struct gl_spool_frame){.segment = &file->segment,
                                .payload = frame->payload,
                                .at_ms = at_ms,
                                .payload_len = frame->payload_len,
                                .index = frame->index,
                                .offset = offset,
                                .type = frame->type};
    file->segment.delivered = frame->index;
    if (file->unsettled_at_ms == 0)
        file->unsettled_at_ms = spool->now_ms;
}

uint32_t
gl_spool_take_(struct gl_spool *spool, struct gl_spool_file *file,
               const uint8_t *bytes, uint32_t len)
{
    struct gl_frame frame;
    uint32_t at = 0;

    while (spool->frames_n < spool->most &&
           gl_frame_read(&frame, bytes + at, len - at, &file->segment.header,
                         file->index) == GL_FRAME_OK) {
        deliver(spool, file, &frame, file->offset + at);
        file->index++;
        at += frame.bytes;
    }
    file->offset += at;
    GL_ASSERT(at <= len && file->offset <= file->limit);
    spool->chunks[spool->chunk].used += at;
    return at;
}

static size_t
run_end(const struct gl_spool_frame *frames, size_t from, size_t n)
{
    while (from + 1 < n && frames[from].at_ms <= frames[from + 1].at_ms)
        from++;
    return from + 1;
}

/* Merge neighbouring runs of FROM into TO; how many runs are left. */
static size_t
merge_runs(struct gl_spool_frame *to, const struct gl_spool_frame *from,
           size_t n)
{
    size_t runs = 0, out = 0, left = 0, right, middle, end;

    while (left < n) {
        middle = right = run_end(from, left, n);
        end = middle < n ? run_end(from, middle, n) : n;
        while (left < middle && right < end)
            to[out++] = from[right].at_ms < from[left].at_ms ? from[right++]
                                                             : from[left++];
        while (left < middle)
            to[out++] = from[left++];
        while (right < end)
            to[out++] = from[right++];
        left = end;
        runs++;
    }
    GL_ASSERT(out == n);
    return runs;
}

/*
 * Each segment's frames are in order already: a stable merge of these runs
 * keeps them so, and costs one pass for two workers.
 */
void
gl_spool_sort_(struct gl_spool *spool)
{
    struct gl_spool_frame *other;
    size_t runs;

    if (spool->frames_n == 0 ||
        run_end(spool->frames, 0, spool->frames_n) == spool->frames_n)
        return;
    do {
        runs = merge_runs(spool->sorted, spool->frames, spool->frames_n);
        other = spool->frames;
        spool->frames = spool->sorted;
        spool->sorted = other;
    } while (runs > 1);
}

void
gl_spool_release(struct gl_spool *spool)
{
    struct gl_spool_chunk *last = NULL;
    size_t i, allocated = 0;

    for (i = 0; i < GL_SPOOL_CHUNKS; i++) {
        if (spool->chunks[i].bytes == NULL)
            continue;
        last = &spool->chunks[i];
        last->used = 0;
        allocated++;
    }
    /* a backlog's memory goes back little by little once it is over */
    if (allocated > 4 * (spool->chunk + 1)) {
        free(last->bytes);
        last->bytes = NULL;
    }
    spool->chunk = 0;
    spool->frames_n = 0;
    spool->judged_bytes = 0;
}

int
gl_spool_all_settled_(const struct gl_spool_file *file)
{
    return !file->unseen && file->segment.settled >= file->segment.delivered &&
           file->segment.settled >= file->rewound;
}

void
gl_spool_settle(struct gl_spool_segment *segment, uint32_t index)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;

    if (index > segment->settled)
        segment->settled = index;
    if (gl_spool_all_settled_(file))
        file->unsettled_at_ms = 0;
}

/* Frames of SEGMENT that came as hints since the last round. */
static void
take_back(struct gl_spool *spool, const struct gl_spool_segment *segment)
{
    size_t i, kept = 0;

    for (i = 0; i < spool->frames_n; i++)
        if (spool->frames[i].segment != segment)
            spool->frames[kept++] = spool->frames[i];
    spool->frames_n = kept;
}

void
gl_spool_rewind(struct gl_spool *spool, struct gl_spool_segment *segment)
{
    struct gl_spool_file *file = (struct gl_spool_file *) segment;

    take_back(spool, segment); /* they will come with the file */
    if (segment->delivered > file->rewound)
        file->rewound = segment->delivered;
    file->state = GL_SPOOL_READING;
    file->offset = GL_SEGMENT_HEADER_BYTES;
    file->index = 1;
    file->last_at_ms = INT64_MIN;
    segment->complete = 0;
    segment->delivered = 0;
    segment->lost = 0;
    segment->gaps_n = 0;
    segment->torn = 0;
}
