/*
 * What the spool's own files share, each with those below it only:
 *
 *   spool.c   start, what is read and removed       hint.c  packets
 *   list.c    which files there are                 scan.c  one, once more
 *   header.c  which of them are read        read.c  the frames of one
 *   sync.c    what is on the disk           resync.c  what is where they end
 *   round.c   frames in memory, by time
 *   file.c    opened, shut, refused         bad.c  copies of damaged ones
 *   page.c    what the disk does not give
 *   calls.c   the system's calls, notes
 *
 * Names end in _: nobody else's.
 *
 *   NEW --header read--> READING --end test--> COMPLETE --remove--> gone
 *    |                      '------ rewind ------'
 *    '--> REFUSED (not ours to read) or HELD (unknown major): left alone
 */

#ifndef GL_SPOOL_INTERNAL_H
#define GL_SPOOL_INTERNAL_H

#include "spool/spool.h"

#include <sys/stat.h>

/* A round's payloads lie in chunks; one pread never exceeds a chunk. */
#define GL_SPOOL_CHUNK_BYTES (256 * 1024)
#define GL_SPOOL_CHUNKS (GL_SPOOL_ROUND_BYTES / GL_SPOOL_CHUNK_BYTES)

/*
 * Mostly there is nothing new or a few frames, seldom a backlog: look with a
 * short read and go on with long ones.  Longer than a maximal frame.
 */
#define GL_SPOOL_PROBE_BYTES (2 * GL_FRAME_MAX)

/* As many workers as the hint socket takes at a time. */
#define GL_SPOOL_STRAYS_MAX 1024

/* What a disk fails to give, whatever its sectors and the kernel's pages. */
#define GL_SPOOL_PAGE_BYTES 4096

/* More bad pages than that are an operator's matter: the file stays. */
#define GL_SPOOL_GIVEN_UP_MAX 16

enum gl_spool_state {
    GL_SPOOL_NEW = 0,
    GL_SPOOL_READING,
    GL_SPOOL_COMPLETE,
    GL_SPOOL_REFUSED,
    GL_SPOOL_HELD
};

struct gl_spool_file {
    struct gl_spool_segment segment; /* first: callers hold this address */
    enum gl_spool_state state;
    char name[GL_SEGMENT_NAME_MAX];
    int fd;           /* -1 = not open just now */
    uint64_t used_at; /* visit number, for closing the longest unused */
    dev_t dev;        /* the file once accepted; another one under the */
    ino_t ino;        /* same name is not read */

    uint32_t offset; /* cursor: where the next frame begins */
    uint32_t index;  /* and the index it must have */
    uint32_t limit;  /* bytes of the segment */
    int64_t last_at_ms;
    int writer_gone;
    int damage_kept;     /* a copy is in bad/ */
    int claim;           /* damaged header: its unknown major, 0 = none */
    int listed;          /* seen in the last listing */
    int denied;          /* may not be opened, at the last try */
    int64_t drops_at_ms; /* boot clock: drop block last read */

    int tries; /* in vain to read FAILING_PAGE; 0 = all is well */
    uint32_t failing_page;
    int64_t failing_ms, retry_at_ms; /* boot clock: since, not before */
    uint32_t given_up[GL_SPOOL_GIVEN_UP_MAX]; /* pages */
    uint32_t given_up_n;

    int64_t unsettled_at_ms;      /* boot clock; 0 = nothing unsettled */
    uint32_t rewound;             /* highest index delivered before that */
    struct timespec synced_mtime; /* mtime the last fdatasync covered */
    struct timespec seen_mtime;   /* mtime at the last sync tick */
};

struct gl_spool_chunk {
    uint8_t *bytes; /* GL_SPOOL_CHUNK_BYTES, NULL until first used */
    uint32_t used;
};

struct gl_spool {
    const struct gl_spool_calls *calls;
    void (*note)(void *arg, const char *sentence);
    void (*alarm)(void *arg, const char *sentence);
    void *arg;
    uid_t *uids;
    size_t uids_n;
    int dirfd, lockfd;
    int bad_dirfd; /* -1 = no copies kept */

    struct gl_spool_file **files; /* by name */
    size_t files_n, files_cap;
    struct gl_spool_file **by_age; /* the same by header wall clock */
    int by_age_stale;
    size_t open_n;
    uint64_t visits;
    uint32_t told;   /* noted that formats below this one are held */
    int too_many;    /* noted that there are more than GL_SPOOL_FILES_MAX */
    size_t unlisted; /* segments FILES lacks, 1 before the first listing */
    int backlog;     /* the last round left frames unread */

    int ring; /* list at the next read */
    struct timespec listed_mtime;
    int64_t listed_at_ms; /* boot clock; 0 = never */
    int dir_changed;      /* since the last fsync of the directory */

    struct gl_spool_frame *frames, *sorted; /* GL_SPOOL_ROUND_FRAMES each */
    size_t frames_n;
    struct gl_spool_chunk chunks[GL_SPOOL_CHUNKS];
    size_t chunk;          /* being filled */
    uint64_t judged_bytes; /* of the round: loaded without being frames */

    /* incarnations of the workers that write elsewhere */
    uint8_t strays[GL_SPOOL_STRAYS_MAX][GL_SEGMENT_ID_BYTES];
    size_t strays_n;

    int64_t now_ms; /* boot clock of the current call */
    struct gl_spool_stats stats;
};

/* A sentence for the log. */
void gl_spool_note_(struct gl_spool *spool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* One that asks for an operator. */
void gl_spool_alarm_(struct gl_spool *spool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* 1 = FILE's lock is free. */
int gl_spool_writer_gone_(struct gl_spool *spool, struct gl_spool_file *file);

/* list.c: bring spool->files up to date when it is time to. */
void gl_spool_list_(struct gl_spool *spool, int64_t wall_ms);
struct gl_spool_file *gl_spool_find_(const struct gl_spool *spool,
                                     const char *name);
void gl_spool_forget_(struct gl_spool *spool, struct gl_spool_file *file);

/* Where NAME stands in spool->files, or would stand. */
size_t gl_spool_place_(const struct gl_spool *spool, const char *name);

/* file.c: 0 with file->fd open, or -1. */
int gl_spool_open_(struct gl_spool *spool, struct gl_spool_file *file);
void gl_spool_shut_(struct gl_spool *spool, struct gl_spool_file *file);
/* Not ours to read.  One that was being read is over: no frame follows. */
void gl_spool_refuse_(struct gl_spool *spool, struct gl_spool_file *file,
                      const char *why);
/* To HELD: its format is MAJOR, which is not known here. */
void gl_spool_hold_(struct gl_spool *spool, struct gl_spool_file *file,
                    uint16_t major);
/* The drop block: 0, or -1: cannot be read now. */
int gl_spool_read_drops_(struct gl_spool *spool, struct gl_spool_file *file);

/* header.c: NEW to READING, REFUSED or HELD; stays NEW when it cannot be
 * opened. */
void gl_spool_inspect_(struct gl_spool *spool, struct gl_spool_file *file);

/* read.c: the frames of FILE readable now; 1 = the round is full. */
int gl_spool_visit_(struct gl_spool *spool, struct gl_spool_file *file);

/* round.c: take valid frames at BYTES (in a chunk, kept): how many bytes they
 * are. */
uint32_t gl_spool_take_(struct gl_spool *spool, struct gl_spool_file *file,
                        const uint8_t *bytes, uint32_t len);
/* Space for at least LEST bytes in a chunk; NULL = round full. */
uint8_t *gl_spool_space_(struct gl_spool *spool, uint32_t least,
                         uint32_t *len);
/* By time, each segment's in their order. */
void gl_spool_sort_(struct gl_spool *spool);
/* Also what was delivered before a rewind waits for its sync all the time. */
int gl_spool_all_settled_(const struct gl_spool_file *file);

/*
 * resync.c: no valid frame at the cursor and the writer is gone.  Takes the
 * frames that follow, whatever the gaps.  1 = the round is full (or another
 * format is to be tried), 0 = the segment ends here, -1 = could not look, try
 * again later.
 */
int gl_spool_judge_(struct gl_spool *spool, struct gl_spool_file *file);
/* page.c: pread of FILE, where a page that is given up is zeros; -1 = cannot
 * be read now. */
ssize_t gl_spool_pread_(struct gl_spool *spool, struct gl_spool_file *file,
                        uint8_t *buf, size_t len, uint32_t offset);
/* All of FILE from FROM on, malloc'd: *LEN bytes; NULL = cannot be read now.
 */
uint8_t *gl_spool_load_(struct gl_spool *spool, struct gl_spool_file *file,
                        uint32_t from, size_t *len);
/* 1 = a page of it failed more than once and its next try is not due. */
int gl_spool_waits_(const struct gl_spool *spool,
                    const struct gl_spool_file *file);
/* 1 = a page that holds one of the bytes FROM to TO is given up. */
int gl_spool_gave_up_(const struct gl_spool_file *file, uint32_t from,
                      uint32_t to);
/* Zeros into BUF when OFFSET lies in such a page: how many, at most LEN. */
uint32_t gl_spool_blank_(const struct gl_spool_file *file, uint8_t *buf,
                         size_t len, uint32_t offset);
/* bad.c: keep a copy of FILE in bad/. */
void gl_spool_keep_(struct gl_spool *spool, struct gl_spool_file *file);

#endif
