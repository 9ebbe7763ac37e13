/* Chunks of access logs; see chunk.h. */

#include "logs/chunk.h"

#include <string.h>

#include "little_endian.h"

#define HEAD_BYTES 13

void
gl_logs_chunk_begin(struct gl_logs_chunk *chunk)
{
    chunk->bytes[0] = GL_LOGS_VERSION;
    chunk->used = 1;
}

static uint8_t *
begin(struct gl_logs_chunk *chunk, size_t *room)
{
    size_t left = chunk->size - chunk->used;

    if (left < HEAD_BYTES)
        return NULL;
    *room = left - HEAD_BYTES;
    return chunk->bytes + chunk->used;
}

static void
end(struct gl_logs_chunk *chunk, uint8_t *at, uint8_t kind, int64_t at_ms,
    size_t len)
{
    at[0] = kind;
    gl_put32(at + 1, (uint32_t) len);
    gl_put64(at + 5, (uint64_t) at_ms);
    chunk->used += HEAD_BYTES + len;
}

int
gl_logs_chunk_event(struct gl_logs_chunk *chunk, const struct gl_event *event)
{
    size_t room, len;
    uint8_t *at = begin(chunk, &room);

    if (at == NULL)
        return -1;
    len = gl_event_encode(event, at + HEAD_BYTES, room);
    if (len == 0)
        return -1;
    end(chunk, at, GL_LOGS_EVENT, event->at_ms, len);
    return 0;
}

int
gl_logs_chunk_drop(struct gl_logs_chunk *chunk, int64_t at_ms,
                   struct gl_text reason, uint32_t n)
{
    size_t room;
    uint8_t *at = begin(chunk, &room);

    if (at == NULL || room < 4 + (size_t) reason.len)
        return -1;
    gl_put32(at + HEAD_BYTES, n);
    memcpy(at + HEAD_BYTES + 4, reason.data, reason.len);
    end(chunk, at, GL_LOGS_DROP, at_ms, 4 + (size_t) reason.len);
    return 0;
}

int
gl_logs_chunk_next(const uint8_t **bytes, size_t *len, int first,
                   struct gl_logs_item *item)
{
    const uint8_t *at = *bytes;
    size_t left = *len, of;

    if (first && (left == 0 || at[0] != GL_LOGS_VERSION))
        return -1;
    at += first != 0;
    left -= first != 0;
    if (left == 0)
        return 0;
    if (left < HEAD_BYTES || (of = gl_get32(at + 1)) > left - HEAD_BYTES ||
        (at[0] != GL_LOGS_EVENT && at[0] != GL_LOGS_DROP) ||
        (at[0] == GL_LOGS_DROP && of < 4))
        return -1;
    memset(item, 0, sizeof *item);
    item->kind = at[0];
    item->at_ms = (int64_t) gl_get64(at + 5);
    item->payload = at + HEAD_BYTES;
    item->payload_len = of;
    if (item->kind == GL_LOGS_DROP) {
        item->n = gl_get32(item->payload);
        item->reason = (struct gl_text){(const char *) item->payload + 4,
                                        (uint32_t) of - 4};
    }
    *bytes = at + HEAD_BYTES + of;
    *len = left - HEAD_BYTES - of;
    return 1;
}
