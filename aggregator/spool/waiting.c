/*
 * How many frames wait behind the cursors: counted by a walk over them that
 * goes on where the last one ended.  A segment has its full size from the
 * start, so its bytes say nothing.
 */

#include "gl_assert.h"
#include "spool/spool_internal.h"

#include <stdlib.h>
#include <string.h>

#define CHUNK_BYTES (256 * 1024) /* more than any frame */
/* Of one call, which comes once a second: some 15 ms of the cache's memory,
 * and the reader needs the same pages next. */
#define CALL_BYTES (32 * 1024 * 1024)

/* A frame never written: nothing follows. */
static int
is_end(const uint8_t *bytes, size_t len)
{
    static const uint8_t zeros[GL_FRAME_HEADER_BYTES];

    return memcmp(bytes, zeros, len < sizeof zeros ? len : sizeof zeros) == 0;
}

/* Over the frames of CHUNK; 1 = what follows is none, 2 = damage. */
static int
walk_chunk(struct gl_spool_file *file, const uint8_t *chunk, size_t len)
{
    enum gl_frame_result result = GL_FRAME_OK;
    struct gl_frame frame;
    size_t at = 0;

    while (at < len) {
        result = gl_frame_head(&frame, chunk + at, len - at,
                               &file->segment.header, 0);
        if (result == GL_FRAME_SHORT || result == GL_FRAME_BAD)
            break;
        at += frame.bytes;
        file->counted_index = frame.index;
    }
    file->counted_at += (uint32_t) at;
    GL_ASSERT(at <= len && file->counted_at <= file->limit);
    if (result == GL_FRAME_BAD)
        return is_end(chunk + at, len - at) ? 1 : 2;
    return at == 0 ? 1 : 0;
}

/* 1 = to the end of what is written, 0 = not. */
static int
walk(struct gl_spool *spool, struct gl_spool_file *file, uint8_t *chunk,
     size_t *left)
{
    int ended = 0;

    if (file->counted_at < file->offset) {
        file->counted_at = file->offset;
        file->counted_index = file->segment.delivered;
    }
    while (ended == 0 && *left > 0 && file->counted_at < file->limit) {
        size_t want = file->limit - file->counted_at;
        ssize_t n;

        if (want > CHUNK_BYTES)
            want = CHUNK_BYTES;
        if (gl_spool_open_(spool, file) == -1 ||
            (n = gl_spool_pread_(spool, file, chunk, want,
                                 file->counted_at)) <= 0)
            return 0;
        *left -= *left < (size_t) n ? *left : (size_t) n;
        ended = walk_chunk(file, chunk, (size_t) n);
    }
    return ended == 1 || (ended == 0 && file->counted_at >= file->limit);
}

uint64_t
gl_spool_waiting(struct gl_spool *spool, int *at_least)
{
    uint8_t *chunk = malloc(CHUNK_BYTES);
    size_t left = CALL_BYTES;
    uint64_t sum = 0;

    *at_least = chunk == NULL || spool->unlisted > 0;
    for (size_t i = 0; i < spool->files_n && chunk != NULL; i++) {
        struct gl_spool_file *file = spool->files[i];

        if (file->state != GL_SPOOL_READING)
            continue;
        *at_least |= !walk(spool, file, chunk, &left);
        if (file->counted_index > file->segment.delivered)
            sum += file->counted_index - file->segment.delivered;
    }
    free(chunk);
    return sum;
}
