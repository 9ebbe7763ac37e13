/*
 * The append-only segment writer of one worker process.  Plain C, no nginx
 * types, no logging, no clock: times are arguments.  The caller replies.
 *
 * A turn of the event loop looks like this:
 *
 *   gl_writer_ready(w, need)          before a request is encoded; rolls to a
 *                                     new segment when NEED bytes do not fit
 *   encode at buf + GL_FRAME_HEADER_BYTES, then gl_writer_frame(w, buf)
 *   ... more requests, frames side by side in the caller's buffer ...
 *   gl_writer_append(w, ...)          one pwrite for all of them, then reply
 *
 * Invariants
 *  1. No file offset is written twice (the drop block excepted).
 *  2. A segment once sealed is never opened again.
 *  3. Frames carry indexes 1, 2, 3 ... in file order, given before the pwrite.
 *  4. Nothing is allocated after gl_writer_init(), nothing aborts.
 *
 * Runs in each nginx worker, single thread.
 */

#ifndef GL_SEGMENT_WRITER_H
#define GL_SEGMENT_WRITER_H

#include "gl_segment_calls.h"
#include "segment.h"

#include <stdint.h>

#define GL_WRITER_RETRY_MS 100   /* pause after no segment could be made */
#define GL_WRITER_BROKEN_MS 1000 /* the same after a short append */
#define GL_WRITER_AGE_MS 600000  /* a new segment has the new wall clock */
#define GL_WRITER_IDLE_MS 5000   /* 10 s after an event the spool is empty */

/* Files beyond the budget that only count drops, 64 KiB each: one for a
 * worker that starts while the spool is full. */
#define GL_WRITER_TALLIES_MAX 64

enum gl_writer_result {
    GL_WRITER_OK = 0,
    GL_WRITER_FULL,  /* the directory holds files_max files */
    GL_WRITER_FAILED /* w->error is errno, w->error_call names the call */
};

/* One open segment; fd is -1 when there is none. */
struct gl_writer_file {
    int fd;
    uint8_t id[GL_SEGMENT_ID_BYTES];
    uint32_t bytes;
    int64_t wall_ms, boot_ms; /* of the header */
    int stale_drops;          /* drop block lags behind the count */
};

struct gl_writer {
    /* given at init */
    const struct gl_writer_calls *calls;
    int dirfd; /* the caller's; never closed here; -1 = not there yet */
    uint8_t incarnation[GL_SEGMENT_ID_BYTES];
    uint8_t boot_id[16];
    uint32_t pid, worker, segment_bytes, files_max;

    /* the segment being written, and the next one made in advance */
    struct gl_writer_file current, next;
    uint32_t offset;        /* in current: of the first frame not appended */
    uint32_t index;         /* of that frame */
    uint32_t pending_bytes; /* framed, not yet appended */
    uint32_t pending_n;
    int broken;         /* an append came back short: only drops may follow */
    int64_t touched_ms; /* boot clock of the last frame or drop */

    uint32_t ordinal;    /* segments made so far */
    int64_t retry_at_ms; /* boot clock: make no segment before; 0 = free */
    enum gl_writer_result refusal; /* answer given until then */
    struct gl_segment_drops drops;
    uint64_t drops_told; /* of them, in a segment of ours that stays */
    int still; /* by the caller: the disk does not answer, drops wait here */

    /* for the caller's log and hints */
    int error;
    const char *error_call;                 /* static text */
    uint32_t files;     /* in the directory, when they were last counted... */
    int64_t counted_ms; /* ...boot clock */
    uint64_t sealed_n;                      /* segments sealed so far */
    uint8_t sealed_id[GL_SEGMENT_ID_BYTES]; /* the last of them */
};

/*
 * DIRFD: the spool directory, opened O_RDONLY|O_DIRECTORY by this process.
 * -1 as long as it cannot be: no segment is made, and w->error stays as the
 * caller has set it.  FILES_MAX: budget / segment size.  Cannot fail.  The
 * caller may replace w->calls afterwards.
 */
void gl_writer_init(struct gl_writer *w, int dirfd,
                    const uint8_t incarnation[GL_SEGMENT_ID_BYTES],
                    const uint8_t boot_id[16], uint32_t pid, uint32_t worker,
                    uint32_t segment_bytes, uint32_t files_max);

/*
 * Make sure that NEED more bytes of frames (at least GL_FRAME_MAX for one
 * frame not yet encoded) fit into the current segment; if not, go to the next
 * one.  Must not be called for a roll while frames are pending: append first
 * when gl_writer_room() < NEED.  After a failure the answer stays the same for
 * GL_WRITER_RETRY_MS without a system call.  The full segment stays open until
 * its successor exists, to take the drop count.
 */
enum gl_writer_result gl_writer_ready(struct gl_writer *w, uint32_t need,
                                      int64_t wall_ms, int64_t boot_ms);

/* 1 = three quarters of the budget are in use: what gives way does. */
int gl_writer_filled(struct gl_writer *w, int64_t boot_ms);

/* Bytes left for frames behind the pending ones. */
uint32_t gl_writer_room(const struct gl_writer *w);

/*
 * Frame the payload lying at BUF + GL_FRAME_HEADER_BYTES as the next frame.
 * BUF must be the caller's buffer start + w->pending_bytes, 8-byte aligned,
 * with GL_FRAME_BYTES(payload_len) bytes of space.  Returns them, or 0.
 */
uint32_t gl_writer_frame(struct gl_writer *w, uint8_t *buf,
                         uint32_t payload_len, int64_t boot_ms,
                         enum gl_frame_type type);

/* Take back the last N frames: those behind BYTES of pending ones. */
void gl_writer_take_back(struct gl_writer *w, uint32_t bytes, uint32_t n);

/*
 * Append the pending frames, which lie at BUF, by one pwrite.  *WRITTEN = how
 * many bytes of them are in the file: frames wholly inside are stored.  0 =
 * all of them; -1 = fewer, w->error set (0 for a short write), and nothing is
 * ever appended to this segment again.  Before the call w->current.id,
 * w->offset and w->index tell where the first frame goes (for the hint).
 */
int gl_writer_append(struct gl_writer *w, const uint8_t *buf,
                     uint32_t *written);

/* Count N requests answered 503, in segments once w->still is 0. */
void gl_writer_drop(struct gl_writer *w, uint64_t n, int64_t wall_ms,
                    int64_t boot_ms);

/*
 * Once a second, with no frame pending: seal at age or idleness, make the
 * next segment once the current one is half full, retry a late drop block.
 */
void gl_writer_tick(struct gl_writer *w, int64_t wall_ms, int64_t boot_ms);

/* Let go of everything (exit of the process).  Frames pending are lost. */
void gl_writer_seal(struct gl_writer *w);

#endif
