/* How long things took; see times.h. */

#include "count/times.h"

#include "gl_assert.h"

/* Where the span behind the one from FROM begins. */
static uint64_t
end_of(uint64_t from)
{
    uint64_t wide = from / 10;

    return from + (wide > 1 ? wide : 1);
}

static unsigned
span_of(uint64_t ms)
{
    uint64_t from = 0;
    unsigned span = 0;

    while (span < GL_TIMES_SPANS - 1 && ms >= end_of(from)) {
        from = end_of(from);
        span++;
    }
    return span;
}

static void
add(struct gl_times *times, unsigned span, uint32_t n)
{
    uint32_t room = UINT32_MAX - times->spans[span];

    GL_ASSERT(span < GL_TIMES_SPANS);
    n = n < room ? n : room;
    times->spans[span] += n;
    times->n += n;
}

void
gl_times_add(struct gl_times *times, uint64_t ms)
{
    add(times, span_of(ms), 1);
}

static uint32_t
number_at(const uint8_t *bytes)
{
    return (uint32_t) bytes[0] | (uint32_t) bytes[1] << 8 |
           (uint32_t) bytes[2] << 16 | (uint32_t) bytes[3] << 24;
}

void
gl_times_read(struct gl_times *times, const uint8_t *bytes, size_t len)
{
    for (; len >= GL_TIMES_SPAN_BYTES; len -= GL_TIMES_SPAN_BYTES) {
        add(times, bytes[0], number_at(bytes + 1));
        bytes += GL_TIMES_SPAN_BYTES;
    }
}

size_t
gl_times_write(const struct gl_times *times, uint8_t bytes[GL_TIMES_BYTES_MAX])
{
    uint8_t *at = bytes;

    for (unsigned span = 0; span < GL_TIMES_SPANS; span++) {
        if (times->spans[span] == 0)
            continue;
        *at++ = (uint8_t) span;
        for (unsigned byte = 0; byte < 4; byte++)
            *at++ = (uint8_t) (times->spans[span] >> 8 * byte);
    }
    return (size_t) (at - bytes);
}

double
gl_times_percentile(const struct gl_times *times, unsigned percent)
{
    uint64_t from = 0, before = 0;
    uint64_t rank = (times->n * percent + 99) / 100;
    unsigned span = 0;

    GL_ASSERT(percent >= 1 && percent <= 100);
    if (times->n == 0)
        return 0;
    while (before + times->spans[span] < rank) {
        before += times->spans[span++];
        from = end_of(from);
        GL_ASSERT(span < GL_TIMES_SPANS);
    }
    return (double) (from + end_of(from) - 1) / 2;
}
