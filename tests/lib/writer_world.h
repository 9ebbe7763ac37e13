/*
 * What the tests of the segment writer share: a writer in a folder of its own
 * with a clock that stands still, and a look at what it left there.
 */

#ifndef GL_TEST_WRITER_WORLD_H
#define GL_TEST_WRITER_WORLD_H

#include "gl_segment.h"
#include "writer_faults.h"

#include <stdint.h>

#define WRITER_SEGMENT_BYTES GL_SEGMENT_BYTES_MIN
#define WRITER_PAYLOAD 100

extern uint8_t writer_buffer[64 * 1024];
extern int64_t writer_now_ms; /* both clocks; 5000 after writer_start() */

/* A writer in the folder PATH, through writer_faults_calls. */
void writer_start(struct gl_writer *w, const char *path, uint32_t files_max);
void writer_stop(struct gl_writer *w);

/* Room for one frame of any size. */
enum gl_writer_result writer_ready(struct gl_writer *w);
/* Frame N payloads side by side; and append them: as gl_writer_append(). */
void writer_frames(struct gl_writer *w, int n);
int writer_append(struct gl_writer *w, int n);

/* Files with PART in their name. */
int writer_files(const char *path, const char *part);
int writer_descriptors(void); /* that this process has open */

/* A segment by its id: a descriptor or -1, its valid frames, its drops
 * (UINT64_MAX = the block is damaged). */
int writer_open(const char *path, const uint8_t *id);
uint32_t writer_frames_stored(const char *path, const uint8_t *id);
uint64_t writer_drops_stored(const char *path, const uint8_t *id);

#endif
