/* The two ids of a visitor; see visitor.h. */

#include "log/visitor.h"

#include "little_endian.h"
#include "segment.h"

void
gl_before_add(GByteArray *column, uint32_t index, uint64_t before)
{
    uint8_t bytes[GL_BEFORE_BYTES];

    gl_put32(bytes, index);
    gl_put64(bytes + 4, before);
    g_byte_array_append(column, bytes, sizeof bytes);
}

uint64_t
gl_before_find(const uint8_t *column, size_t len, uint32_t index)
{
    for (size_t at = 0; len - at >= GL_BEFORE_BYTES; at += GL_BEFORE_BYTES)
        if (gl_get32(column + at) == index)
            return gl_get64(column + at + 4);
    return 0;
}

uint32_t
gl_visitor_set(struct gl_decoder *decoder, const struct gl_chunk_frame *frame,
               uint64_t visitor, uint64_t before, uint8_t *payload)
{
    struct gl_event event;
    const char *why;

    if ((frame->type != GL_FRAME_EVENT && frame->type != GL_FRAME_SERVED) ||
        gl_event_decode(decoder, &event, frame->payload, frame->payload_len,
                        &why) != 0)
        return 0;
    if (visitor != 0)
        event.visitor = visitor;
    event.visitor_before = before;
    return (uint32_t) gl_event_encode(&event, payload, GL_FRAME_PAYLOAD_MAX);
}
