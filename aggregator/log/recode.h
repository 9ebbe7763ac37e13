/*
 * What leaves an edge of a frame: the event without its agent, in place of
 * which there is what was understood of it, and without the visitor's id of
 * the day before, which goes beside it.  Of a frame that nobody can read one
 * byte leaves that nobody can read, so that it is counted as such.
 *
 * The forwarder's thread.
 */

#ifndef GL_LOG_RECODE_H
#define GL_LOG_RECODE_H

#include "event.h"
#include "segment.h"
#include "spool/frame.h"

struct gl_recoder;

/* ENRICH is the folder of patterns.  NULL with a sentence in WHY. */
struct gl_recoder *gl_recoder_new(const char *enrich, char *why,
                                  size_t why_len);
void gl_recoder_free(struct gl_recoder *recoder);

struct gl_recoded {
    struct gl_text site; /* in PAYLOAD's frame; "" = none, or of several */
    uint8_t payload[GL_FRAME_PAYLOAD_MAX];
    uint32_t payload_len;
    uint64_t before; /* visitor_before; 0 = it has none */
};

/* SITE lives as long as the frame's bytes do. */
void gl_recode(struct gl_recoder *recoder, struct gl_recoded *to,
               const struct gl_spool_frame *frame);

#endif
