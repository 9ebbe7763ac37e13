/*
 * A segment of a lane while it grows: as a worker's, its file has its full
 * size and a lock from the start, and a reader takes frames from it as they
 * come.  What is appended is in lanes.db before (lane.h).
 *
 * Times of a segment never fall back.  One thread: the splitter's.
 */

#ifndef GL_LOG_GROWING_H
#define GL_LOG_GROWING_H

#include "log/chunk.h"
#include "store/lanes.h"

#include <glib.h>
#include <stdint.h>

struct gl_growing {
    struct gl_lanes_open is; /* as lanes.db says */
    struct gl_lanes_open to; /* with this turn */
    GByteArray *more;        /* what this turn appends */
    int fd;                  /* -1 = there is no file */
    int named;               /* others can see it */
    int placed;              /* its folder was synced since it is there */
    int ahead;               /* this turn: MORE is in it, but its first head */
    int64_t kept;            /* bytes of it in lanes.db */
    int64_t added_ms;        /* boot: when it got something last */
    int ends;                /* it takes no more */
    int synced;              /* this turn: what IS says is on the disk... */
    int shuts;               /* ...and it ends */
    int found;               /* in lanes.db, of a recovery */
};

/* One without a frame, of LANE. */
struct gl_growing *gl_growing_new(const char *lane, int64_t wall_ms,
                                  uint32_t size);
/* Its lock goes with it, so readers know that it is whole. */
void gl_growing_free(struct gl_growing *growing);
/* As OPEN says: nothing is appended. */
void gl_growing_be(struct gl_growing *growing,
                   const struct gl_lanes_open *open);

/* 1 = its times allow FRAME; and there is room for it. */
int gl_growing_is_after(const struct gl_growing *growing,
                        const struct gl_chunk_frame *frame);
int gl_growing_has_room(const struct gl_growing *growing,
                        const struct gl_chunk_frame *frame);
void gl_growing_add(struct gl_growing *growing,
                    const struct gl_chunk_frame *frame);

/* Before the commit: into the file in the folder DIR goes what is much, but
 * for the head of its first frame, so that nobody finds it; then it is synced.
 * 0, or -1 with errno. */
int gl_growing_write_ahead(struct gl_growing *growing, int dir);
int gl_growing_sync_ahead(struct gl_growing *growing, int dir);
/* What lanes.db keeps of this turn, at .is.bytes. */
guint gl_growing_keeps(const struct gl_growing *growing);
/* After the commit: all is appended to the file, which is made when there is
 * none.  0, or -1 with errno. */
int gl_growing_show(struct gl_growing *growing, int dir);
/* After a start: 1, and what was never committed is cut off; 0 = there is no
 * such file; -1 with errno. */
int gl_growing_find(struct gl_growing *growing, int dir);
/* Make it, empty: 0, or -1 with errno. */
int gl_growing_make(struct gl_growing *growing, int dir);
/* Once more what is kept: 0, or -1 with errno. */
int gl_growing_write(const struct gl_growing *growing, uint32_t at,
                     const void *bytes, size_t len);
int gl_growing_write_head(const struct gl_growing *growing);

#endif
