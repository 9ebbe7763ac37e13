/*
 * A spool for tests: a directory, workers that write numbered frames, and the
 * reader.  Every payload spells its number over its whole length, so that a
 * frame with a single altered bit is noticed.
 */

#ifndef GL_TEST_SPOOL_WORLD_H
#define GL_TEST_SPOOL_WORLD_H

#include "gl_segment.h"
#include "spool/spool.h"

#define WORLD_FRAMES_MAX 200000
#define WORLD_SEGMENT_BYTES GL_SEGMENT_BYTES_MIN

struct world {
    const char *path;
    struct gl_spool *spool;
    const struct gl_spool_calls *calls; /* NULL: the system's */
    int64_t wall_ms, boot_ms;

    uint32_t written; /* numbers 1 .. written were appended */
    uint8_t *seen;    /* how often number i was delivered */
    uint32_t delivered;
    uint32_t altered;    /* frames whose payload is no number's */
    uint32_t disordered; /* frames earlier than the one before */
    uint64_t lost;
    uint32_t torn;
    char note[256]; /* the reader's last sentence */
    int notes;
};

void world_open(struct world *world); /* new directory, no reader yet */
void world_close(struct world *world);

void world_worker(struct world *world, struct gl_writer *worker);
/* The payload of frame NUMBER, LEN bytes. */
void world_spell(uint8_t *payload, uint32_t len, uint32_t number);
/* Append N more frames of LEN bytes each, a group of GROUP at a time. */
void world_write(struct world *world, struct gl_writer *worker, uint32_t n,
                 uint32_t len, uint32_t group);

void world_start(struct world *world); /* the reader */
void world_stop(struct world *world);
/* Read until nothing more can be had, checking every frame. */
void world_read(struct world *world);
/* Settle and remove all complete segments; how many. */
int world_settle(struct world *world);
/* Segments known to the reader. */
int world_segments(struct world *world);
/* Entries of the directory that are segments. */
int world_files(const struct world *world);
/* Forget what was delivered (the reader starts over). */
void world_reset(struct world *world);
/* Numbers delivered never, and more than once. */
uint32_t world_missing(const struct world *world);
uint32_t world_doubled(const struct world *world);

/* Whole contents of the file of segment ID; len bytes or bails out. */
void world_path(const struct world *world, char path[512], const uint8_t *id);
size_t world_load(const char *path, uint8_t *bytes, size_t cap);
void world_store(const char *path, const uint8_t *bytes, size_t len);

#endif
