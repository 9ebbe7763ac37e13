/*
 * A span says where the rows of a day lie as a list of them would: random rows
 * with gaps of every size come back as the stretches they were; whatever bytes
 * stand in a file, the stretches are in order, inside the span, and end.
 */

#include "store/account/span.h"

#include "tap.h"

#define ROUNDS 2000
#define STRETCHES 4

/* Few or many, of any number of digits. */
static int64_t
some_distance(void)
{
    return (int64_t) (tap_random() >> (64 - 1 - tap_below(40)));
}

static void
test_twin(void)
{
    int wrong = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct gl_range want[STRETCHES], got;
        uint8_t gaps[GL_SPAN_GAPS_MAX];
        size_t len = 0, n = 1 + (size_t) tap_below(STRETCHES);
        int64_t id = 1 + some_distance();
        for (size_t i = 0; i < n; i++) {
            want[i] = (struct gl_range){id, id + some_distance()};
            id = want[i].last + 2 + some_distance();
            if (i + 1 < n)
                len += gl_span_gap_(gaps + len,
                                    (uint64_t) (want[i].last - want[i].first),
                                    (uint64_t) (id - want[i].last - 1));
        }
        struct gl_span span = {want[0].first, want[n - 1].last, gaps, len};
        for (size_t i = 0; i < n; i++)
            wrong += !gl_span_next_(&span, &got) ||
                     got.first != want[i].first || got.last != want[i].last;
        wrong += gl_span_next_(&span, &got);
    }
    tap_int(wrong, 0, "%d spans: the stretches they were made of", ROUNDS);
}

static void
test_any_bytes(void)
{
    int wrong = 0;
    for (int round = 0; round < ROUNDS * 10; round++) {
        uint8_t gaps[GL_SPAN_GAPS_MAX];
        size_t len = (size_t) tap_below(sizeof gaps + 1);
        int64_t first = some_distance(), last = first + some_distance();
        for (size_t i = 0; i < len; i++)
            gaps[i] = (uint8_t) (tap_random() >> (tap_below(2) ? 56 : 60));
        struct gl_span span = {first, last, gaps, len};
        struct gl_range got = {0}, before = {0, first - 1};
        size_t n = 0;
        for (; gl_span_next_(&span, &got); before = got, n++)
            wrong += got.first <= before.last || got.last < got.first ||
                     got.last > last;
        wrong += got.last != last || n > len / 2 + 1;
    }
    tap_int(wrong, 0, "any bytes: in order, inside, up to the last row");
}

static void
test_edges(void)
{
    uint8_t gap[GL_SPAN_GAP_MAX];
    struct gl_range got;
    struct gl_span none = {.first = 1, .last = 0};
    struct gl_span one = {.first = INT64_MAX, .last = INT64_MAX};
    tap_int(gl_span_next_(&none, &got), 0, "no row");
    tap_int(gl_span_next_(&one, &got) + gl_span_next_(&one, &got), 1,
            "the highest rowid");
    tap_int((int64_t) gl_span_gap_(gap, UINT64_MAX, UINT64_MAX),
            GL_SPAN_GAP_MAX, "the longest gap");
    tap_int((int64_t) gl_span_gap_(gap, 0, 16383), 3,
            "a lonely row among 16,000 is three bytes");
}

int
main(void)
{
    test_twin();
    test_any_bytes();
    test_edges();
    return tap_done();
}
