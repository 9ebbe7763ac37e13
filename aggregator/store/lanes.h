/*
 * FOLDER/lanes.db: how far a spool was split into lanes (schema/lanes.sql).
 * Not glintod's: the program beside it has it open, one thread.
 *
 * Changes happen between gl_lanes_begin() and gl_lanes_commit(), whose return
 * makes them durable.  0 or a positive answer, or -enum gl_store_error; then
 * gl_lanes_close() is due, and what is in memory is not believed.
 */

#ifndef GL_STORE_LANES_H
#define GL_STORE_LANES_H

#include <stddef.h>
#include <stdint.h>

#define GL_LANES_NAME_MAX 64 /* of a primary, with the 0 */

struct gl_lanes;

/* A segment of a lane that grows. */
struct gl_lanes_open {
    uint8_t seg[16];
    char lane[GL_LANES_NAME_MAX];
    int64_t wall_ms; /* of its header */
    int64_t last_ms; /* of its last frame */
    uint32_t size;   /* of its file, bytes */
    uint32_t frames;
    uint32_t bytes; /* to the end of these */
};

/* The folder and the file are made when they are missing.  NULL with a
 * sentence in WHY. */
struct gl_lanes *gl_lanes_open(const char *folder, char *why, size_t why_len);
void gl_lanes_close(struct gl_lanes *lanes);
const char *gl_lanes_why(const struct gl_lanes *lanes);

/* 1 = positions of before the spool was split are here, 0 = not yet; and which
 * primary was the FIRST then, "" = nobody knows. */
int gl_lanes_begun(struct gl_lanes *lanes, char first[GL_LANES_NAME_MAX]);
/* Of versions before: EACH lane that got something, with the segments of the
 * last commit that gave it some, with blanks between. */
int gl_lanes_each(struct gl_lanes *lanes,
                  void (*each)(void *arg, const char *name,
                               const char *pending),
                  void *arg);
/* *UPTO = last frame of segment SEG that is in a lane, 0 = none. */
int gl_lanes_upto(struct gl_lanes *lanes, const uint8_t seg[16],
                  uint32_t *upto);
/* Of these, too: EACH piece of frames that was held of the lane NAME. */
int gl_lanes_held(struct gl_lanes *lanes, const char *name,
                  void (*each)(void *arg, const void *bytes, size_t len),
                  void *arg);
/* EACH segment that grows. */
int gl_lanes_each_open(struct gl_lanes *lanes,
                       void (*each)(void *arg,
                                    const struct gl_lanes_open *open),
                       void *arg);
/* What of segment SEG is kept: how many bytes, and EACH piece, in order. */
int gl_lanes_kept_bytes(struct gl_lanes *lanes, const uint8_t seg[16],
                        int64_t *bytes);
int gl_lanes_kept(struct gl_lanes *lanes, const uint8_t seg[16],
                  void (*each)(void *arg, uint32_t at, const void *bytes,
                               size_t len),
                  void *arg);

int gl_lanes_begin(struct gl_lanes *lanes);
int gl_lanes_set_begun(struct gl_lanes *lanes, const char *first);
int gl_lanes_set_upto(struct gl_lanes *lanes, const uint8_t seg[16],
                      uint32_t upto);
/* Of a segment that cannot come back. */
int gl_lanes_forget(struct gl_lanes *lanes, const uint8_t seg[16]);
/* What was held of the lane NAME is in its segments now. */
int gl_lanes_let_go(struct gl_lanes *lanes, const char *name);
/* OPEN is as it says, and BYTES of it, from AT on, are kept. */
int gl_lanes_set_open(struct gl_lanes *lanes,
                      const struct gl_lanes_open *open);
int gl_lanes_keep(struct gl_lanes *lanes, const uint8_t seg[16], uint32_t at,
                  const void *bytes, size_t len);
/* What was kept of SEG is on the disk; and it does not grow any more. */
int gl_lanes_synced(struct gl_lanes *lanes, const uint8_t seg[16]);
int gl_lanes_shut(struct gl_lanes *lanes, const uint8_t seg[16]);
int gl_lanes_commit(struct gl_lanes *lanes);
/* There is time to write the log back, or it is long. */
void gl_lanes_rest(struct gl_lanes *lanes, int busy);

#endif
