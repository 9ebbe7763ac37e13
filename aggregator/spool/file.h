/*
 * One segment's file: what is known of it, and what is done with it.  Inside
 * this room only.
 */

#ifndef GL_SPOOL_FILE_H
#define GL_SPOOL_FILE_H

#include "segment.h"
#include "spool/frame.h"
#include "spool/limits.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

struct gl_spool;

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
    uint32_t counted_at, counted_index; /* how far waiting.c came, and the
                                           last frame there */
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
    int unseen;                   /* perhaps more: the last round was full */
    uint32_t rewound;             /* highest index delivered before that */
    struct timespec synced_mtime; /* mtime the last fdatasync covered */
    struct timespec seen_mtime;   /* mtime at the last sync tick */
};

/* 1 = FILE's lock is free. */
int gl_spool_writer_gone_(struct gl_spool *spool, struct gl_spool_file *file);

/* Also what was delivered before a rewind, and what a full round left unseen,
 * waits for its sync all the time. */
int gl_spool_all_settled_(const struct gl_spool_file *file);

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
