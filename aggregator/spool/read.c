/*
 * The frames of one segment: read behind the cursor, and the end test.
 *
 *   read ── frames? ── yes ──► deliver, read again
 *              │ no
 *     writer gone before that read began?
 *              │ no ──► lock free? ── no ──► later
 *              │                └─ yes ──► writer gone; read again
 *              └ yes ──► judge: end, torn tail, or go on behind a gap
 *
 * The lock is looked at first and the file read after it: a writer that
 * appends and lets go in between is seen.
 */

#include "gl_assert.h"
#include "spool/spool_internal.h"

/*
 * Mostly there is nothing new or a few frames, seldom a backlog: look with a
 * short read and go on with long ones.  Longer than a maximal frame.
 */
#define PROBE_BYTES (2 * GL_FRAME_MAX)

/* One pread behind the cursor.  Bytes of frames taken, 0 = no frame there,
 * -1 = the round is full or the read failed (*FULL tells). */
static int64_t
read_once(struct gl_spool *spool, struct gl_spool_file *file, uint32_t want,
          int *full)
{
    uint32_t len, left = file->limit - file->offset;
    uint8_t *bytes = gl_spool_space_(spool, PROBE_BYTES, &len);
    ssize_t n;

    GL_ASSERT(file->fd != -1 && file->offset <= file->limit);
    *full = bytes == NULL || spool->frames_n >= spool->most ||
            spool->judged_bytes >= GL_SPOOL_ROUND_BYTES;
    if (*full)
        return -1;
    if (len > want)
        len = want;
    if (len > left)
        len = left;
    n = gl_spool_pread_(spool, file, bytes, len, file->offset);
    if (n == -1)
        return -1;
    return gl_spool_take_(spool, file, bytes, (uint32_t) n);
}

/* All frames readable now: 0, 1 = round full, -1 = cannot read. */
static int
collect(struct gl_spool *spool, struct gl_spool_file *file)
{
    uint32_t want = PROBE_BYTES;
    int64_t taken;
    int full;

    while (file->offset < file->limit) {
        taken = read_once(spool, file, want, &full);
        if (taken < 0)
            return full ? 1 : -1;
        if (taken == 0)
            return 0;
        if (taken >= want / 2)
            want = GL_SPOOL_CHUNK_BYTES;
    }
    return 0;
}

static void
complete(struct gl_spool *spool, struct gl_spool_file *file)
{
    GL_ASSERT(file->writer_gone);
    if (gl_spool_read_drops_(spool, file) == -1)
        return; /* the writer's last word must be heard */
    file->state = GL_SPOOL_COMPLETE;
    file->segment.complete = 1;
    gl_spool_shut_(spool, file);
}

int
gl_spool_visit_(struct gl_spool *spool, struct gl_spool_file *file)
{
    int gone_before, result;

    GL_ASSERT(file->state == GL_SPOOL_READING);
    if (gl_spool_waits_(spool, file) || gl_spool_open_(spool, file) == -1)
        return 0;
    for (;;) {
        gone_before = file->writer_gone;
        result = collect(spool, file);
        if (result != 0)
            return result == 1;
        if (!gone_before) {
            file->writer_gone = gl_spool_writer_gone_(spool, file);
            if (!file->writer_gone)
                break;
            continue;
        }
        result = gl_spool_judge_(spool, file);
        if (result == 0 && file->state == GL_SPOOL_READING)
            complete(spool, file);
        if (result != 1)
            return 0;
    }
    if (spool->now_ms - file->drops_at_ms >= GL_SPOOL_LIST_MS)
        (void) gl_spool_read_drops_(spool, file);
    return 0;
}
