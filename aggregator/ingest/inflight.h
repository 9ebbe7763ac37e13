/*
 * The frame under way, so that one that ends the process is known afterwards
 * and left out: DATA/inflight, a page shared with the kernel's cache.
 *
 *   enter ──► decode, apply ──► leave    two stores a frame, no system call
 *                   │
 *                   └─ fatal signal in this thread ──► the signal is noted
 *
 *   next start: a noted frame is a suspect (attempt 1); noted again, it is bad
 *
 * Without a fatal signal nothing is suspected: kill -9, a power cut or a crash
 * of another thread say nothing about a frame.  Neither does one without
 * memory: libraries abort then, and no frame, of 8 KiB at most, is the cause.
 *
 * Bad frames are remembered in the same page (the oldest out), since a segment
 * may be read many times.
 *
 * Not here: what is done with a bad frame (said.c).  Writer thread.
 */

#ifndef GL_INFLIGHT_H
#define GL_INFLIGHT_H

#include <stddef.h>
#include <stdint.h>

struct gl_inflight;

/* Look at what the last life left, note the frame it died of.  NULL with a
 * sentence in WHY: one can do without. */
struct gl_inflight *gl_inflight_open(const char *data, char *why,
                                     size_t why_len);
void gl_inflight_close(struct gl_inflight *flight);

/* Fatal signals of the calling thread are noted from now on. */
void gl_inflight_attach(struct gl_inflight *flight);

void gl_inflight_enter(struct gl_inflight *flight, const uint8_t *id,
                       uint32_t index);
void gl_inflight_leave(struct gl_inflight *flight);

/* 1 = the frame INDEX of segment ID ended the process twice. */
int gl_inflight_is_bad(const struct gl_inflight *flight, const uint8_t *id,
                       uint32_t index);

#endif
