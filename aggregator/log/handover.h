/*
 * Frames for glintod: segments in its spool, made here, whole when they appear
 * there.  With the commit that says how far the log was read the segments are
 * named, and renamed only after it:
 *
 *   n-<id>, written and synced ─► commit with the names ─► <id>.seg ─► glintod
 *
 * Whatever dies on the way: before the commit the n- files are nobody's and
 * are removed; after it they are renamed at the next start, if they are still
 * there; else glintod has them.  So each frame is handed over once.
 */

#ifndef GL_LOG_HANDOVER_H
#define GL_LOG_HANDOVER_H

#include "log/chunk.h"
#include "segment.h"

#include <glib.h>
#include <stddef.h>

struct gl_handover;

/* FOLDER is the spool of who reads them, glintod or a forwarder (lane.h), made
 * when it is missing; SOCKET takes hints, NULL = nothing does. */
struct gl_handover *gl_handover_new(const char *folder, const char *socket,
                                    char *why, size_t why_len);
void gl_handover_free(struct gl_handover *handover);

/* After a start: rename what is in PENDING, remove what is in none.  0, or -1
 * with errno. */
int gl_handover_recover(struct gl_handover *handover, const char *pending);

/* One frame more, of which the payload is copied. */
void gl_handover_add(struct gl_handover *handover,
                     const struct gl_chunk_frame *frame);
/* How many were added and not written yet. */
guint gl_handover_frames(const struct gl_handover *handover);

/* Write what was added; NAMES gets what to commit, "" = nothing.  0, or -1
 * with errno: all is as before. */
int gl_handover_write(struct gl_handover *handover, GString *names);
/* After the commit: show them. */
int gl_handover_show(struct gl_handover *handover, const char *names);
/* Forget what was added; what was written is gl_handover_recover()'s. */
void gl_handover_undo(struct gl_handover *handover);

/* A segment without frames, which says that a worker, in its LIFE, refused
 * requests; shown at once.  0, or -1 with errno. */
int gl_handover_refused(struct gl_handover *handover,
                        const uint8_t life[GL_SEGMENT_ID_BYTES],
                        const struct gl_segment_drops *drops);

/* Segments that glintod has not taken yet; -1 with errno. */
int gl_handover_waiting(const struct gl_handover *handover);
/* Bytes of their files. */
int64_t gl_handover_bytes(const struct gl_handover *handover);

#endif
