/*
 * The spool's reader: from segment files to frames in order of time.  It
 * checks frames, never payloads; it applies nothing, stores nothing and keeps
 * no position across a restart (that is in each account's database).
 *
 *   gl_spool_hint()*   frames that came by socket, if they fit the cursor
 *   gl_spool_read()    all frames readable now, sorted
 *   ... apply and commit; gl_spool_settle() for each segment ...
 *   gl_spool_release() payloads are gone
 *   gl_spool_next()    complete and settled: gl_spool_remove()
 *   gl_spool_sync()    once a second
 *
 * Invariants
 *  1. A frame is delivered once, in index order, per segment (and again only
 *     after gl_spool_rewind() or a restart).
 *  2. A segment is complete only when its lock was seen free and a read begun
 *     after that found no frame (the other order loses a frame).
 *  3. Nothing is judged corrupt while its writer lives.
 *  4. No segment is mapped, followed through a link, or read past its size.
 *  5. A segment of a format not known here is held: neither read, nor copied,
 *     nor removed, until a newer program starts.
 *
 * One thread: the writer thread.  No clock of its own: times are arguments.
 */

#ifndef GL_SPOOL_H
#define GL_SPOOL_H

#include "segment.h"
#include "spool/calls.h"
#include "spool/frame.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct gl_spool_options {
    const char *path;
    const uid_t *uids; /* whose segments are read (copied) */
    size_t uids_n;
    void (*note)(void *arg, const char *sentence); /* for the log */
    /* the same for what somebody must do something about; NULL: note */
    void (*alarm)(void *arg, const char *sentence);
    void *arg;
    const struct gl_spool_calls *calls; /* NULL: the system's */
};

struct gl_spool;

/*
 * R1: open the directory, refuse a network filesystem, take aggregator.lock.
 * NULL with a sentence in WHY; *BUSY = 1 when another process has the lock.
 */
struct gl_spool *gl_spool_open(const struct gl_spool_options *options,
                               char *why, size_t why_len, int *busy);
void gl_spool_close(struct gl_spool *spool);

/* "NFS", "FUSE" ... when FD lies on a network filesystem, else NULL. */
const char *gl_spool_network_filesystem(int fd);

/* List the directory in the next gl_spool_read() (HELLO, SEALED). */
void gl_spool_ring(struct gl_spool *spool);

/*
 * A packet of the hint socket, from an allowed uid.  How many of its frames
 * are part of the coming round; 0 = a doorbell only; -1 = not a packet of
 * ours.
 */
int gl_spool_hint(struct gl_spool *spool, const uint8_t *packet, size_t len);

/* Rounds to come have FRAMES at most; GL_SPOOL_ROUND_FRAMES at first, and
 * never more. */
void gl_spool_limit(struct gl_spool *spool, size_t frames);

/*
 * Take all frames readable now into the round, oldest segments first, and
 * sort them by time.  *FRAMES is valid until gl_spool_release().  Returns 1
 * when the round's limits left frames unread, else 0.
 */
int gl_spool_read(struct gl_spool *spool, int64_t wall_ms, int64_t boot_ms,
                  const struct gl_spool_frame **frames, size_t *n);
void gl_spool_release(struct gl_spool *spool);

/* A copy of FRAME's payload in bad/, "<segment>-<index>.frame". */
void gl_spool_keep_frame(struct gl_spool *spool,
                         const struct gl_spool_frame *frame);

/* Call EACH for every frame of a complete SEGMENT, with its bytes: 0, or -1 =
 * it cannot be read now. */
int gl_spool_scan(struct gl_spool *spool, struct gl_spool_segment *segment,
                  void (*each)(void *arg, const struct gl_frame *frame,
                               const uint8_t *bytes),
                  void *arg);

/*
 * The frame of SEGMENT that was delivered as OFFSET, INDEX and PAYLOAD_LEN
 * once more, its payload in BUF: 0, or -1 = it cannot be read now.
 */
int gl_spool_again(struct gl_spool *spool, struct gl_spool_segment *segment,
                   uint32_t offset, uint32_t index, uint32_t payload_len,
                   uint8_t buf[GL_FRAME_MAX], struct gl_frame *frame);

/* All frames of SEGMENT up to INDEX are in durable storage (R10). */
void gl_spool_settle(struct gl_spool_segment *segment, uint32_t index);

/* Deliver SEGMENT again from its first frame (an account fell behind); not
 * between gl_spool_read() and gl_spool_release(). */
void gl_spool_rewind(struct gl_spool *spool, struct gl_spool_segment *segment);

/* Frames that wait behind the cursors; *AT_LEAST: perhaps more, some are
 * not counted yet.  Goes on where it was: once a second is often enough. */
uint64_t gl_spool_waiting(struct gl_spool *spool, int *at_least);

/* Walk over all segments being read or complete: NULL starts and ends. */
struct gl_spool_segment *gl_spool_next(struct gl_spool *spool,
                                       const struct gl_spool_segment *after);

/* 1 = the segment ID is there, read or not; also when nobody can tell.  The
 * directory is asked: a listing may lack a file. */
int gl_spool_has(const struct gl_spool *spool,
                 const uint8_t id[GL_SEGMENT_ID_BYTES]);

/* R11: the same, or a power cut may bring it back: it was there after the last
 * sync of the directory.  How many of these there were in this life. */
int gl_spool_may_return(const struct gl_spool *spool,
                        const uint8_t id[GL_SEGMENT_ID_BYTES]);
uint32_t gl_spool_syncs(const struct gl_spool *spool);

/* 1 = it is there and not read: it is of a format not known here, refused,
 * cannot be opened, or is beyond GL_SPOOL_FILES_MAX. */
int gl_spool_is_unread(const struct gl_spool *spool,
                       const uint8_t id[GL_SEGMENT_ID_BYTES]);

/*
 * Unlink a complete segment and forget it (OWNER is the caller's to free; no
 * frame of it may be in an unreleased round).  0, or -1 with a note: it stays,
 * try again later.
 */
int gl_spool_remove(struct gl_spool *spool, struct gl_spool_segment *segment);

/*
 * R12, once a second: fdatasync segments with frames unsettled for more than
 * GL_SPOOL_SYNC_MS, so that none waits for two seconds; fsync the directory if
 * it changed.  Returns 1 when the directory was synced (every removal so far
 * is durable, R11), 0 when it had not changed, -1 when a sync failed.
 */
int gl_spool_sync(struct gl_spool *spool, int64_t boot_ms);

#endif
