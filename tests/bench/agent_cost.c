/*
 * What a User-Agent costs that was never seen, in CPU time of its look-up.
 *
 *   agent-cost DATA_DIR AGENTS CRAFTED
 *
 * AGENTS is what tests/unit/agent-sets wrote.  Crafted ones are 2,000 texts of
 * 512 bytes, of random pieces of all rules' expressions; the fifty slowest are
 * written to CRAFTED, one a line.  Prints "p50 p99 worst", nanoseconds: of the
 * labelled ones the first two, of the crafted ones the last.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <jansson.h>

#include "enrich/agent.h"

enum { LABELLED_MAX = 50000, CRAFTED = 2000, KEPT = 50, PIECES_MAX = 3000 };

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

    for (; to != NULL && *regex != '\0'; regex++) {
        if (*regex == '\\')
            *at++ = *++regex == 'd' ? '1' : *regex;
        else if (*regex == '[' || *regex == '{')
            regex += strcspn(regex, *regex == '[' ? "]" : "}");
        else if (strchr("()?*+^$|:", *regex) == NULL)
            *at++ = *regex;
    }
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

    json_array_foreach(json_object_get(data, key), i, rule)
    {
        regex = json_string_value(json_object_get(rule, "regex"));
        if (regex != NULL && pieces_n < PIECES_MAX)
            pieces[pieces_n++] = piece(regex);
    }
}

static char *
craft(void)
{
    static const char *const between[] = {"", " ", "/1.1 ", "; "};
    char *text = calloc(1, GL_AGENT_TEXT_BYTES_MAX + 1);
    size_t len = 0;

    while (text != NULL && len < GL_AGENT_TEXT_BYTES_MAX) {
        snprintf(text + len, GL_AGENT_TEXT_BYTES_MAX + 1 - len, "%s%s",
                 pieces[below(pieces_n)], between[below(4)]);
        len = strlen(text);
    }
    return text;
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

/* The least of five times, each the mean of ten look-ups. */
static void
measure(struct gl_agents *agents, struct cost *cost)
{
    struct gl_text text = {cost->text, (uint32_t) strlen(cost->text)};
    struct gl_agent agent;
    int64_t ns;

    cost->ns = INT64_MAX;
    for (int i = 0; i < 5; i++) {
        ns = cpu_ns();
        for (int k = 0; k < 10; k++)
            gl_agents_parse_(agents, &agent, text);
        ns = (cpu_ns() - ns) / 10;
        if (ns < cost->ns)
            cost->ns = ns;
    }
}

static int
by_ns(const void *a, const void *b)
{
    const struct cost *x = a, *y = b;

    return (x->ns > y->ns) - (x->ns < y->ns);
}

static void
measure_all(struct gl_agents *agents, struct cost *costs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        measure(agents, &costs[i]);
    qsort(costs, n, sizeof(*costs), by_ns);
}

static int
write_slowest(const char *path)
{
    FILE *out = fopen(path, "w");

    for (size_t i = CRAFTED - KEPT; out != NULL && i < CRAFTED; i++)
        fprintf(out, "%s\n", crafted[i].text);
    return out != NULL && fclose(out) == 0 ? 0 : -1;
}

int
main(int argc, char **argv)
{
    const char *why = "cannot be read";
    char file[4096];
    struct gl_agents *agents;
    json_t *data;

    if (argc != 4) {
        fputs("usage: agent-cost DATA_DIR AGENTS CRAFTED\n", stderr);
        return 2;
    }
    agents = gl_agents_new_(argv[1], 2, &why);
    snprintf(file, sizeof(file), "%s/agents.json", argv[1]);
    data = json_load_file(file, 0, NULL);
    read_pieces(data, "browsers");
    read_pieces(data, "systems");
    read_pieces(data, "devices");
    if (agents == NULL || pieces_n == 0 || read_labelled(argv[2]) == -1 ||
        labelled_n == 0) {
        fprintf(stderr, "agent-cost: %s\n", why);
        return 1;
    }
    for (size_t i = 0; i < CRAFTED; i++)
        crafted[i].text = craft();
    measure_all(agents, labelled, labelled_n);
    measure_all(agents, crafted, CRAFTED);
    printf("%lld %lld %lld\n", (long long) labelled[labelled_n / 2].ns,
           (long long) labelled[labelled_n * 99 / 100].ns,
           (long long) crafted[CRAFTED - 1].ns);
    return write_slowest(argv[3]) == 0 ? 0 : 1;
}
