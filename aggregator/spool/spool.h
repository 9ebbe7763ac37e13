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
 * One thread: the ingest thread.  No clock of its own: times are arguments.
 */

#ifndef GL_SPOOL_H
#define GL_SPOOL_H

#include "segment.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#ifndef GL_SPOOL_ROUND_FRAMES       /* lower in tests/faults/sim */
#define GL_SPOOL_ROUND_FRAMES 65536 /* 2.5 MiB of struct gl_spool_frame */
#define GL_SPOOL_OPEN_MAX 64        /* descriptors held between rounds */
#define GL_SPOOL_FILES_MAX 16384    /* segments looked at; others wait */
#endif
#define GL_SPOOL_ROUND_BYTES (32 * 1024 * 1024)
#define GL_SPOOL_BAD_BYTES (64 << 20) /* copies in bad/, oldest out */
#define GL_SPOOL_LIST_MS 1000         /* directory listed at least so often */
#define GL_SPOOL_DEBRIS_MS 60000      /* unlocked t- file: nobody's */
#define GL_SPOOL_SYNC_MS 500          /* unsettled longer: fdatasync */
/* A page that cannot be read for so long, and in so many tries, is given up:
 * longer than a disk, a path to one or a virtual machine takes to recover. */
#define GL_SPOOL_PATIENCE_MS (10 * 60 * 1000)
#define GL_SPOOL_TRIES 10

/* N frames lost of those with the indexes FROM to UPTO: all, or as many of
 * several gaps taken together. */
struct gl_spool_gap {
    uint32_t from, upto, n;
};
#define GL_SPOOL_GAPS_MAX 8 /* of a segment; more are part of the last one */

/* A segment as the caller sees it; all but OWNER is read only. */
struct gl_spool_segment {
    struct gl_segment_header header; /* .id names it */
    uint32_t delivered;              /* highest index handed out; 0 = none */
    uint32_t settled;                /* as told by gl_spool_settle() */
    int complete;                    /* nothing will follow */
    uint64_t lost; /* frames lost to corruption so far: exact */
    struct gl_spool_gap gaps[GL_SPOOL_GAPS_MAX]; /* of which they are */
    uint32_t gaps_n;
    int torn;           /* ended in a torn tail, normally one unanswered
                           frame; or the file is cut off */
    int unsure;         /* damaged at its end, too: perhaps more than LOST */
    int header_damaged; /* id from the name, times from the file */
    struct gl_segment_drops drops;
    int drops_changed; /* the caller stores them, then clears this */
    void *owner;       /* the caller's, NULL at first */
};

struct gl_spool_frame {
    struct gl_spool_segment *segment;
    const uint8_t *payload; /* until gl_spool_release() */
    int64_t at_ms;          /* header wall + delta, never falling within a
                               segment; not clamped to this clock */
    uint32_t payload_len;
    uint32_t index;
    uint32_t offset; /* in the segment: for gl_spool_again() */
    uint16_t type;   /* enum gl_frame_type, or one not known here */
};

struct gl_spool_stats {
    uint64_t files;        /* segments in the directory now */
    uint64_t refused;      /* of these: not ours to read, see the log */
    uint64_t newer;        /* of these: of a format not known here, held */
    uint32_t newer_major;  /* the highest format held, 0 = none */
    uint64_t unreadable;   /* of these: may not be opened */
    uint64_t failing;      /* of these: the disk does not give all of it */
    uint64_t unread_bytes; /* behind all cursors; a segment has full size */
    uint64_t read_bytes, read_frames; /* before the cursors */
    uint64_t hints, hints_used;
    uint64_t read_errors; /* pread or open failed, tried again later */
    int elsewhere;        /* a worker writes to another directory */
};

/* System calls, replaceable so that tests can step in between. */
struct gl_spool_calls {
    int (*openat)(int dirfd, const char *name, int flags, mode_t mode);
    ssize_t (*pread)(int fd, void *buf, size_t len, off_t offset);
    int (*flock)(int fd, int operation);
    int (*fdatasync)(int fd);
    int (*fsync)(int fd);
    int (*unlinkat)(int dirfd, const char *name, int flags);
};

extern const struct gl_spool_calls gl_spool_system_calls;

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

/* Walk over all segments being read or complete: NULL starts and ends. */
struct gl_spool_segment *gl_spool_next(struct gl_spool *spool,
                                       const struct gl_spool_segment *after);

/* 1 = the segment ID is there, read or not; also when nobody can tell.  The
 * directory is asked: a listing may lack a file. */
int gl_spool_has(const struct gl_spool *spool,
                 const uint8_t id[GL_SEGMENT_ID_BYTES]);

/* The same, and it is not read: it is of a format not known here, refused,
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

void gl_spool_stats(const struct gl_spool *spool,
                    struct gl_spool_stats *stats);

#endif
