/*
 * The two ids of a visitor around midnight: in the log the one of the day
 * before is no part of the event, but of a column of its own, chunk.before,
 * which the night's job empties:
 *
 *   0 4 index of the frame    4 8 visitor_before    and again
 *
 * One thread uses one decoder.
 */

#ifndef GL_LOG_VISITOR_H
#define GL_LOG_VISITOR_H

#include "event.h"
#include "log/chunk.h"

#include <glib.h>

#define GL_BEFORE_BYTES 12

void gl_before_add(GByteArray *column, uint32_t index, uint64_t before);
/* Of frame INDEX; 0 = it has none. */
uint64_t gl_before_find(const uint8_t *column, size_t len, uint32_t index);

/* The event of FRAME, of VISITOR when that is not 0, and of BEFORE, into
 * PAYLOAD, which has room for GL_FRAME_PAYLOAD_MAX: its length, or 0: it is
 * none, or has no room. */
uint32_t gl_visitor_set(struct gl_decoder *decoder,
                        const struct gl_chunk_frame *frame, uint64_t visitor,
                        uint64_t before, uint8_t *payload);

#endif
