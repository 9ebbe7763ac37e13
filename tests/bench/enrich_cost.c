/*
 * What the agent of an event costs with the cache before it.
 *
 *   enrich-cost DATA_DIR TEXTS
 *
 * TEXTS has one agent a line.  Events draw from them as visits do: the N-th
 * comes 1/N as often.  Then the same events with a flood between them: after
 * each BURST of them as many agents of 2 KB that nobody sent before; of that
 * the time of the events alone is taken.  Prints "mix flooded", nanoseconds an
 * event, medians of some rounds that take turns.
 */

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "enrich/enrich.h"

enum {
    TEXTS_MAX = 50000,
    EVENTS = 100000,
    BURST = 1000,
    ROUNDS = 10, /* so a million agents of the flood */
    FLOOD_BYTES = 2048
};

static char *texts[TEXTS_MAX];
static size_t texts_n;
static double below[TEXTS_MAX]; /* sums of shares */
static char made[FLOOD_BYTES];
static uint64_t seed = 1;

static double
chance(void)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (double) (seed >> 11) / (double) (UINT64_C(1) << 53);
}

static const char *
draw(void)
{
    double at = chance() * below[texts_n - 1];
    size_t low = 0, high = texts_n - 1, middle;

    while (low < high) {
        middle = (low + high) / 2;
        if (below[middle] < at)
            low = middle + 1;
        else
            high = middle;
    }
    return texts[low];
}

static int
read_texts(const char *path)
{
    char *line = NULL;
    size_t cap = 0, i, other;
    FILE *in = fopen(path, "r");

    if (in == NULL)
        return -1;
    while (texts_n < TEXTS_MAX && getline(&line, &cap, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        texts[texts_n++] = strdup(line);
    }
    free(line);
    fclose(in);
    for (i = texts_n; i > 1; i--) {
        other = (size_t) (chance() * (double) i);
        line = texts[i - 1];
        texts[i - 1] = texts[other];
        texts[other] = line;
    }
    for (i = 0; i < texts_n; i++)
        below[i] = (i > 0 ? below[i - 1] : 0) + 1 / (double) (i + 1);
    return texts_n > 0 ? 0 : -1;
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static void
flood(struct gl_enrich *enrich)
{
    struct gl_text text = {made, FLOOD_BYTES};

    for (int i = 0; i < BURST; i++) {
        for (int n = 0; n < 16; n++)
            made[n * 8] = (char) ('a' + (int) (chance() * 26));
        gl_enrich_agent(enrich, text);
    }
}

static double
round_ns(struct gl_enrich *enrich, int flooded)
{
    static const char *drawn[BURST];
    struct gl_text text;
    int64_t ns = 0, start;

    for (int i = 0; i < EVENTS; i += BURST) {
        for (int n = 0; n < BURST; n++)
            drawn[n] = draw();
        if (flooded)
            flood(enrich);
        start = cpu_ns();
        for (int n = 0; n < BURST; n++) {
            text.data = drawn[n];
            text.len = (uint32_t) strlen(drawn[n]);
            gl_enrich_agent(enrich, text);
        }
        ns += cpu_ns() - start;
    }
    return (double) ns / EVENTS;
}

static int
by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

int
main(int argc, char **argv)
{
    const char *why = "usage: enrich-cost DATA_DIR TEXTS";
    struct gl_enrich *mix = NULL, *flooded = NULL;
    double ns[2][ROUNDS];

    if (argc == 3 && read_texts(argv[2]) == 0) {
        mix = gl_enrich_new(argv[1], &why);
        flooded = gl_enrich_new(argv[1], &why);
    }
    if (mix == NULL || flooded == NULL) {
        fprintf(stderr, "enrich-cost: %s\n", why);
        return 1;
    }
    memset(made, 'x', sizeof made);
    memcpy(made, "Mozilla/5.0 (", 13);
    round_ns(mix, 0);
    round_ns(flooded, 0);
    for (int i = 0; i < ROUNDS; i++) {
        ns[0][i] = round_ns(mix, 0);
        ns[1][i] = round_ns(flooded, 1);
    }
    qsort(ns[0], ROUNDS, sizeof(double), by_size);
    qsort(ns[1], ROUNDS, sizeof(double), by_size);
    printf("%.1f %.1f\n", ns[0][ROUNDS / 2], ns[1][ROUNDS / 2]);
    gl_enrich_free(mix);
    gl_enrich_free(flooded);
    return 0;
}
