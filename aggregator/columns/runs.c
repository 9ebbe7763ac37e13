/* Runs, and the arrays that they join; see compose.h. */

#include "columns/compose.h"

#include <string.h>

/* ---- runs ---- */

void
gl_runs_init(struct gl_runs *runs)
{
    runs->runs = g_array_new(FALSE, FALSE, sizeof(struct gl_run));
    runs->n = 0;
}

void
gl_runs_fini(struct gl_runs *runs)
{
    g_array_free(runs->runs, TRUE);
}

struct gl_run *
gl_runs_add(struct gl_runs *runs, int of, uint32_t first, uint32_t n)
{
    struct gl_run run = {.of = of, .first = first, .n = n, .to = runs->n};

    if (n == 0)
        return NULL;
    runs->n += n;
    g_array_append_val(runs->runs, run);
    return &g_array_index(runs->runs, struct gl_run, runs->runs->len - 1);
}

void
gl_runs_tell(const struct gl_runs *events, GArray *told)
{
    guint at = 0;

    for (guint i = 0; i < events->runs->len; i++) {
        const struct gl_run *run = gl_runs_at(events, i);
        struct gl_run_told *one;

        if (run->of != 0)
            continue;
        for (; at < told->len; at++) {
            one = &g_array_index(told, struct gl_run_told, at);
            if (one->event >= run->first + run->n)
                break;
            one->event += run->to - run->first;
        }
    }
}

/* ---- arrays ---- */

/* Room for N of SIZE bytes; at least one, so that none is NULL. */
void *
gl_runs_array(size_t n, size_t size, size_t *bytes)
{
    *bytes += n * size;
    return g_malloc_n(n + 1, size);
}

/* Of SIZE bytes each. */
void *
gl_runs_join(const struct gl_runs *runs, const void *const of[2], size_t size,
             size_t *bytes)
{
    char *to = gl_runs_array(runs->n, size, bytes);

    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = gl_runs_at(runs, i);

        memcpy(to + run->to * size,
               (const char *) of[run->of] + run->first * size, run->n * size);
    }
    return to;
}

uint32_t *
gl_runs_numbers(const struct gl_runs *runs, const uint32_t *const of[2],
                size_t *bytes)
{
    return gl_runs_join(runs, (const void *const[2]){of[0], of[1]},
                        sizeof(uint32_t), bytes);
}

static void
widen(struct gl_column *to, const struct gl_column *from,
      const struct gl_run *run)
{
    for (uint32_t i = 0; i < run->n; i++) {
        uint32_t code = gl_column_at(from, run->first + i);

        gl_column_put(to, run->to + i, &code, 1);
    }
}

/* As wide as the wider one, and BYTES_MIN. */
struct gl_column
gl_runs_column(const struct gl_runs *runs, const struct gl_column *a,
               const struct gl_column *b, unsigned bytes_min, size_t *bytes)
{
    const struct gl_column *const of[2] = {a, b};
    struct gl_column to = {.bytes = MAX(MAX(a->bytes, b->bytes), bytes_min)};

    to.codes = gl_runs_array(runs->n, to.bytes, bytes);
    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = gl_runs_at(runs, i);
        const struct gl_column *from = of[run->of];

        if (from->bytes == to.bytes)
            memcpy((char *) to.codes + (size_t) run->to * to.bytes,
                   (const char *) from->codes + (size_t) run->first * to.bytes,
                   (size_t) run->n * to.bytes);
        else
            widen(&to, from, run);
    }
    return to;
}

/* ---- bits ---- */

/* N bits of FROM, below 64, from AT on, the first the lowest. */
static uint64_t
take_bits(const uint64_t *from, size_t at, unsigned n)
{
    unsigned shift = at % 64;
    uint64_t bits = from[at / 64] >> shift;

    if (shift + n > 64)
        bits |= from[at / 64 + 1] << (64 - shift);
    return n == 64 ? bits : bits & ((UINT64_C(1) << n) - 1);
}

/* To a word at a time; TO has zeros. */
static void
copy_bits(uint64_t *to, size_t at, const uint64_t *from, size_t first,
          size_t n)
{
    while (n > 0) {
        unsigned some = (unsigned) MIN(n, 64 - at % 64);

        to[at / 64] |= take_bits(from, first, some) << at % 64;
        at += some;
        first += some;
        n -= some;
    }
}

uint64_t *
gl_runs_bits(const struct gl_runs *runs, const uint64_t *const of[2],
             size_t *bytes)
{
    size_t words = runs->n / 64 + 1;
    uint64_t *to = gl_runs_array(words, sizeof *to, bytes);

    memset(to, 0, words * sizeof *to);
    for (guint i = 0; i < runs->runs->len; i++) {
        const struct gl_run *run = gl_runs_at(runs, i);

        copy_bits(to, run->to, of[run->of], run->first, run->n);
    }
    return to;
}
