/* Spans of rowids; see span.h. */

#include "store/account/span.h"

#define BITS 7
#define MORE 0x80u

static size_t
put_number(uint8_t *to, uint64_t n)
{
    size_t len = 0;
    for (; n >= MORE; n >>= BITS)
        to[len++] = (uint8_t) (n | MORE);
    to[len++] = (uint8_t) n;
    return len;
}

/* 0, or -1: it does not end, or is no distance between rowids. */
static int
take_number(struct gl_span *span, int64_t *n)
{
    uint64_t sum = 0;
    for (unsigned shift = 0; span->len > 0 && shift < 63; shift += BITS) {
        uint8_t byte = *span->gaps++;
        span->len--;
        sum |= (uint64_t) (byte & (MORE - 1)) << shift;
        if (byte < MORE) {
            *n = (int64_t) sum;
            return 0;
        }
    }
    return -1;
}

int
gl_span_next_(struct gl_span *span, struct gl_range *stretch)
{
    int64_t on, skip;
    if (span->first > span->last)
        return 0;
    *stretch = (struct gl_range){span->first, span->last};
    int64_t left = span->last - span->first;
    if (span->len == 0 || take_number(span, &on) != 0 ||
        take_number(span, &skip) != 0 || on >= left || skip >= left - on) {
        span->first = span->last;
        span->last--;
        return 1;
    }
    stretch->last = span->first + on;
    span->first = stretch->last + skip + 1;
    return 1;
}

size_t
gl_span_gap_(uint8_t *to, uint64_t on, uint64_t skip)
{
    size_t len = put_number(to, on);
    return len + put_number(to + len, skip);
}
