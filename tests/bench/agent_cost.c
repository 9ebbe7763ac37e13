/*
 * What a User-Agent costs that was never seen, in time of its look-up.
 *
 *   agent-cost DATA_DIR AGENTS CRAFTED
 *
 * AGENTS is what tests/unit/agent-sets wrote.  Crafted ones are texts of 512
 * bytes: each rule's and each bot's expression again and again, and random
 * mixtures of them; then the slowest are changed and mixed for many
 * generations, and the slowest of these stay.  They are written to CRAFTED,
 * one a line.  Prints "p50 p99 worst", nanoseconds: of the labelled ones the
 * first two, of the crafted ones the last.
 *
 * Texts take turns, as in a flood: one that is looked at again and again is
 * twice as fast, since the processor has learnt its branches.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "enrich/agent.h"

enum {
    LABELLED_MAX = 50000,
    PIECES_MAX = 3000,
    CRAFTED = 4000, /* to begin with */
    CRAFTED_BYTES = 512,
    GENERATIONS = 300,
    GENERATION = 250, /* texts in one, the parents with them */
    KEPT = 50,
    ROUNDS = 5,
    OWN_BYTES = 9 /* at the end of what is looked at: see fill_spool.c */
};

struct cost {
    char *text;
    int64_t ns;
};

static struct cost labelled[LABELLED_MAX], crafted[CRAFTED];
static size_t labelled_n;
static char *pieces[PIECES_MAX];
static size_t pieces_n;
static uint64_t seed = 1;

static size_t
below(size_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (size_t) (seed >> 33) % n;
}

static int
read_labelled(const char *path)
{
    char *line = NULL, *tab;
    size_t cap = 0;
    FILE *in = fopen(path, "r");

    if (in == NULL)
        return -1;
    while (labelled_n < LABELLED_MAX && getline(&line, &cap, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        tab = strrchr(line, '\t');
        if (tab != NULL)
            labelled[labelled_n++].text = strdup(tab + 1);
    }
    free(line);
    fclose(in);
    return 0;
}

/* About a text that REGEX finds: a digit for \d, no operators. */
static char *
piece(const char *regex)
{
    char *to = malloc(strlen(regex) + 1), *at = to;

    for (; to != NULL && *regex != '\0'; regex++)
        if (*regex == '\\')
            *at++ = *++regex == 'd' ? '1' : *regex;
        else if (*regex == '[' || *regex == '{')
            regex += strcspn(regex, *regex == '[' ? "]" : "}");
        else if (strchr("()?*+^$|:", *regex) == NULL)
            *at++ = *regex;
    if (to != NULL)
        *at = '\0';
    return to;
}

static void
read_pieces(const json_t *data, const char *key)
{
    size_t i;
    json_t *rule;
    const char *regex;

    json_array_foreach (json_object_get(data, key), i, rule) {
        regex = json_string_value(json_object_get(rule, "regex"));
        if (regex != NULL && pieces_n < PIECES_MAX)
            pieces[pieces_n++] = piece(regex);
    }
}

static const char *const between[] = {"", " ", "/1.1 ", "; "};

/* Piece N over and over; or by chance with REPEATED 0. */
static char *
craft(size_t n, int repeated)
{
    char *text = calloc(1, CRAFTED_BYTES + 1);
    size_t len = 0;

    while (text != NULL && len < CRAFTED_BYTES) {
        snprintf(text + len, CRAFTED_BYTES + 1 - len, "%s%s",
                 pieces[repeated ? n : below(pieces_n)],
                 between[repeated ? n % 4 : below(4)]);
        len = strlen(text);
    }
    return text;
}

static void
make_own(char *text)
{
    memcpy(text + GL_AGENT_TEXT_BYTES_MAX - OWN_BYTES, " gggggggg", OWN_BYTES);
}

static void
craft_all(void)
{
    for (size_t i = 0; i < CRAFTED; i++) {
        crafted[i].text = craft(i % pieces_n, i < pieces_n);
        make_own(crafted[i].text);
    }
}

/* Some of TEXT becomes a piece, a part of another text or of itself. */
static void
change(char *text, const char *other)
{
    size_t to = below(CRAFTED_BYTES), from = below(CRAFTED_BYTES);
    const char *piece = pieces[below(pieces_n)];
    size_t len = strlen(piece);

    switch (below(4)) {
    case 0:
        text[to] = (char) (' ' + below(95));
        return;
    case 1:
        memcpy(text + to, piece,
               len < CRAFTED_BYTES - to ? len : CRAFTED_BYTES - to);
        return;
    case 2:
        memcpy(text + to, other + to, CRAFTED_BYTES - to);
        return;
    default:
        len = 1 + below(64);
        if (len > CRAFTED_BYTES - (to > from ? to : from))
            len = CRAFTED_BYTES - (to > from ? to : from);
        memmove(text + to, text + from, len);
    }
}

static int64_t
now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
by_ns(const void *a, const void *b)
{
    const struct cost *x = a, *y = b;

    return (x->ns < y->ns) - (x->ns > y->ns);
}

/* The least of some rounds through all; then the slowest come first. */
static void
measure(struct gl_agents *agents, struct cost *costs, size_t n)
{
    struct gl_agent agent;
    int64_t ns;

    for (size_t i = 0; i < n; i++)
        costs[i].ns = INT64_MAX;
    for (size_t i = 0; i < n * ROUNDS; i++) {
        struct cost *cost = &costs[i % n];
        struct gl_text text = {cost->text, (uint32_t) strlen(cost->text)};

        ns = now_ns();
        gl_agents_parse_(agents, &agent, text);
        ns = now_ns() - ns;
        if (ns < cost->ns)
            cost->ns = ns;
    }
    qsort(costs, n, sizeof *costs, by_ns);
}

/* The first KEPT have children in place of the others. */
static void
climb(struct gl_agents *agents)
{
    for (int generation = 0; generation < GENERATIONS; generation++) {
        for (size_t i = KEPT; i < GENERATION; i++) {
            memcpy(crafted[i].text, crafted[below(KEPT)].text, CRAFTED_BYTES);
            for (size_t n = 1 + below(4); n > 0; n--)
                change(crafted[i].text, crafted[below(KEPT)].text);
            make_own(crafted[i].text);
        }
        measure(agents, crafted, GENERATION);
    }
}

static int
write_slowest(const char *path)
{
    FILE *out = fopen(path, "w");

    for (size_t i = 0; out != NULL && i < KEPT; i++)
        fprintf(out, "%s\n", crafted[i].text);
    return out != NULL && fclose(out) == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
    const char *why = "cannot be read";
    char file[4096];
    struct gl_agents *agents;
    json_t *data, *bots;

    if (argc != 4) {
        fputs("usage: agent-cost DATA_DIR AGENTS CRAFTED\n", stderr);
        return 2;
    }
    agents = gl_agents_new_(argv[1], 2, &why);
    snprintf(file, sizeof file, "%s/agents.json", argv[1]);
    data = json_load_file(file, 0, NULL);
    snprintf(file, sizeof file, "%s/bots.json", argv[1]);
    bots = json_load_file(file, 0, NULL);
    read_pieces(data, "browsers");
    read_pieces(data, "systems");
    read_pieces(data, "devices");
    read_pieces(bots, "bots");
    if (agents == NULL || pieces_n == 0 || read_labelled(argv[2]) == -1 ||
        labelled_n == 0) {
        fprintf(stderr, "agent-cost: %s\n", why);
        return 1;
    }
    craft_all();
    measure(agents, labelled, labelled_n);
    measure(agents, crafted, CRAFTED);
    climb(agents);
    printf("%lld %lld %lld\n", (long long) labelled[labelled_n / 2].ns,
           (long long) labelled[labelled_n / 100].ns,
           (long long) crafted[0].ns);
    return write_slowest(argv[3]) == 0 ? 0 : 1;
}
