/*
 * Promises: real User-Agents get the browser, version, system and device
 * class a person would name; crawlers and automation are bots and people are
 * not; the cache never changes an answer, also while it evicts; no text,
 * however hostile, takes long or breaks anything; without compiled files the
 * answers are the same.
 */

#define _GNU_SOURCE /* clock_gettime, dirname(3) of GNU */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#include "enrich/agent.h"
#include "enrich/pattern.h"
#include "tap.h"

static const struct {
    const char *text, *browser, *version, *os, *os_version, *device;
} people[] = {
#include "enrich_agent_people.h"
};

static const struct {
    const char *text, *family;
} machines[] = {
#include "enrich_agent_machines.h"
};

#define N(list) (sizeof(list) / sizeof(list[0]))

static struct gl_text
text_of(const char *words)
{
    struct gl_text text = {words, (uint32_t) strlen(words)};

    return text;
}

/* The data files stand beside the folder of the test programs. */
static void
data_dir(char dir[PATH_MAX])
{
    char self[PATH_MAX - 16], *slash;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len == -1)
        tap_bail("where am I?");
    self[len] = '\0';
    slash = strrchr(self, '/');
    *slash = '\0';
    snprintf(dir, PATH_MAX, "%s/../enrich", self);
}

static int64_t
cpu_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t) now.tv_sec * 1000000000 + now.tv_nsec;
}

static int
same(const struct gl_agent *a, const struct gl_agent *b)
{
    return strcmp(a->browser, b->browser) == 0 &&
           strcmp(a->browser_version, b->browser_version) == 0 &&
           strcmp(a->os, b->os) == 0 &&
           strcmp(a->os_version, b->os_version) == 0 &&
           strcmp(a->device, b->device) == 0 && strcmp(a->bot, b->bot) == 0;
}

static void
named_people(struct gl_enrich *enrich)
{
    size_t i;
    char got[400], want[400];
    const struct gl_agent *agent;

    for (i = 0; i < N(people); i++) {
        agent = gl_enrich_agent(enrich, text_of(people[i].text));
        snprintf(got, sizeof got, "%s %s/%s %s/%s", agent->browser,
                 agent->browser_version, agent->os, agent->os_version,
                 agent->device);
        snprintf(want, sizeof want, "%s %s/%s %s/%s", people[i].browser,
                 people[i].version, people[i].os, people[i].os_version,
                 people[i].device);
        tap_str(got, want, "%s", people[i].text);
        tap_str(agent->bot, "", "... is no bot");
    }
}

static void
named_machines(struct gl_enrich *enrich)
{
    size_t i;
    const struct gl_agent *agent;

    for (i = 0; i < N(machines); i++) {
        agent = gl_enrich_agent(enrich, text_of(machines[i].text));
        tap_str(agent->bot, machines[i].family, "%s", machines[i].text);
        tap_str(agent->browser, agent->bot, "... is its own browser");
        tap_str(agent->os, "", "... and no more is asked of it");
    }
}

/* Every expression of the data files is one that PCRE2 takes. */
static void
patterns_compile(const char *dir, const char *file, const char *list)
{
    size_t i;
    json_t *entry, *regex;
    struct gl_pattern *pattern;
    char path[PATH_MAX + 16];
    int bad = 0;
    json_t *data;

    snprintf(path, sizeof path, "%s/%s", dir, file);
    data = json_load_file(path, 0, NULL);
    json_array_foreach (json_object_get(data, list), i, entry) {
        regex = json_object_get(entry, "regex");
        pattern = gl_pattern_new_(json_string_value(regex), 0);
        if (gl_pattern_check_(pattern) == -1) {
            tap_diag("%s", json_string_value(regex));
            bad++;
        }
        gl_pattern_free_(pattern);
    }
    tap_ok(i > 0, "%s has %s", file, list);
    tap_int(bad, 0, "all %s compile", list);
    json_decref(data);
}

/* A text of the kind clients send, from pieces of real ones. */
static uint32_t
compose(char text[GL_AGENT_TEXT_BYTES_MAX])
{
    uint32_t len = 0;
    size_t pieces = 1 + tap_below(3);
    const char *from;
    size_t at, n;

    while (pieces-- > 0) {
        from = tap_below(4) == 0 ? machines[tap_below(N(machines))].text
                                 : people[tap_below(N(people))].text;
        at = tap_below(3) == 0 ? tap_below(strlen(from)) : 0;
        n = strlen(from + at);
        if (n > GL_AGENT_TEXT_BYTES_MAX - len)
            n = GL_AGENT_TEXT_BYTES_MAX - len;
        memcpy(text + len, from + at, n);
        len += (uint32_t) n;
    }
    for (n = 0; n < len && tap_below(2) == 0; n++)
        text[tap_below(len)] = (char) ('0' + tap_below(75));
    return len;
}

/*
 * The naive twin of the cache is to parse every time.  64 entries and 300
 * texts, asked 6,000 times: most questions find the cache full.
 */
static void
cache_changes_nothing(const char *dir)
{
    enum { TEXTS = 300, ASKED = 6000, ENTRIES = 64 };
    static char texts[TEXTS][GL_AGENT_TEXT_BYTES_MAX];
    static struct gl_agent twins[TEXTS];
    uint32_t lens[TEXTS];
    uint64_t hashes[TEXTS] = {0};
    size_t i, n, different = 0, hashes_moved = 0;
    const char *why;
    const struct gl_agent *got;
    struct gl_agents *agents = gl_agents_new_(dir, ENTRIES, &why);

    for (i = 0; i < TEXTS; i++) {
        lens[i] = compose(texts[i]);
        gl_agents_parse_(agents, &twins[i],
                         (struct gl_text){texts[i], lens[i]});
    }
    for (i = 0; i < ASKED; i++) {
        /* Half of the questions are about few texts: hits and misses. */
        n = tap_below(2) == 0 ? tap_below(TEXTS) : tap_below(TEXTS / 10);
        got = gl_agents_find_(agents, (struct gl_text){texts[n], lens[n]});
        different += !same(got, &twins[n]);
        hashes_moved += hashes[n] != 0 && hashes[n] != got->hash;
        hashes[n] = got->hash;
    }
    tap_int((int64_t) different, 0, "cached answers are the parser's");
    tap_int((int64_t) hashes_moved, 0, "a text keeps its hash");
    gl_agents_free_(agents);
}

static int
is_short_ascii(const char *text, size_t cap)
{
    size_t i;

    for (i = 0; i < cap && text[i] != '\0'; i++)
        if (text[i] < 0x20 || text[i] >= 0x7f)
            return 0;
    return i < cap;
}

static int
is_clean(const struct gl_agent *a)
{
    return is_short_ascii(a->browser, sizeof a->browser) &&
           is_short_ascii(a->browser_version, sizeof a->browser_version) &&
           is_short_ascii(a->os, sizeof a->os) &&
           is_short_ascii(a->os_version, sizeof a->os_version) &&
           is_short_ascii(a->device, sizeof a->device) &&
           is_short_ascii(a->bot, sizeof a->bot);
}

static void
random_bytes(struct gl_agents *agents)
{
    int i, dirty = 0;
    uint32_t n;
    char text[GL_AGENT_TEXT_BYTES_MAX];
    struct gl_agent agent;

    for (i = 0; i < 300; i++) {
        for (n = 0; n < sizeof text; n++)
            text[n] = (char) tap_below(256);
        n = (uint32_t) tap_below(sizeof text) + 1;
        gl_agents_parse_(agents, &agent, (struct gl_text){text, n});
        dirty += !is_clean(&agent);
        n = compose(text);
        text[tap_below(n)] = (char) tap_below(256);
        gl_agents_parse_(agents, &agent, (struct gl_text){text, n});
        dirty += !is_clean(&agent);
    }
    tap_int(dirty, 0, "600 broken texts give short printable ASCII");
    /* A rule whose version is any byte but dot and space. */
    gl_agents_parse_(agents, &agent,
                     text_of("Liferea/1\xff\x01.2\xe9\x7f (Linux)"));
    tap_str(agent.browser, "Liferea", "a feed reader");
    tap_str(agent.browser_version, "1.2", "... and its broken version");
}

/* Texts made to let bounded repeats of the rules multiply. */
static const char *const bombs[] = {
    "Mozilla/5.0 (Linux; Android Android Android Android ",
    "Mozilla Mobile ",
    "a-",
    "(((((((",
    "Opera Opera/9.80 Version/",
    "; ",
    "Build/ Android 1.",
    "1.1.1.1.1.1.1/",
    "/1.1 ",
    " ",
    "Darwin CFNetwork ",
    "HbbTV/1.1.1 (;;;;;; 2011",
    "AppleWebKit/1 Chrome/1 Safari/1 ",
    "bbbbbbbbbbbbbbbbbbbbo",
    "Bot/Spider-crawl_",
    "iPhone OS iPad CPU OS ",
    "Linux; U; en-us; ",
    "Windows Phone OS Windows CE ",
    "\xff\xfe\x80",
    "\0\0",
    "Spider",
    "ContextualBot ",
    "mlbot ibot bot/",
    "Current ",
    "sentry/ ",
};

static void
time_bound(struct gl_agents *agents)
{
    size_t i, len, n;
    char text[GL_AGENT_TEXT_BYTES_MAX];
    struct gl_agent agent;
    int64_t ns, worst_ns = 0;
    const char *worst = "";

    for (i = 0; i < N(bombs); i++) {
        len = strlen(bombs[i]) > 0 ? strlen(bombs[i]) : 2;
        for (n = 0; n < sizeof text; n++)
            text[n] = bombs[i][n % len];
        ns = cpu_ns();
        gl_agents_parse_(agents, &agent, (struct gl_text){text, sizeof text});
        ns = cpu_ns() - ns;
        if (ns > worst_ns) {
            worst_ns = ns;
            worst = bombs[i];
        }
    }
    tap_diag("worst hostile text: %.0f us (%s)", (double) worst_ns / 1000,
             worst);
    /*
     * The first match of a rule compiles it, a tenth of a millisecond; twenty
     * times that, so that sanitizers and a busy machine pass.
     */
    tap_ok(worst_ns < 2 * 1000 * 1000, "256 hostile bytes: under 2 ms");
}

static void
figures(struct gl_agents *agents, struct gl_enrich *enrich)
{
    enum { ROUNDS = 20, HITS = 100000 };
    size_t i, n;
    struct gl_agent agent;
    int64_t miss_ns, hit_ns, start = cpu_ns();

    for (n = 0; n < ROUNDS; n++)
        for (i = 0; i < N(people); i++)
            gl_agents_parse_(agents, &agent, text_of(people[i].text));
    miss_ns = (cpu_ns() - start) / (ROUNDS * (int64_t) N(people));
    start = cpu_ns();
    for (i = 0; i < HITS; i++)
        gl_enrich_agent(enrich, text_of(people[i % N(people)].text));
    hit_ns = (cpu_ns() - start) / HITS;
    tap_diag("a miss %.1f us, a hit %d ns", (double) miss_ns / 1000,
             (int) hit_ns);
    tap_ok(hit_ns * 5 < miss_ns, "a hit costs a small part of a miss");
}

/* What is no bot's name once is one when it is written over and over. */
static void
says_bot_often(struct gl_enrich *enrich)
{
    static const char phone[] =
        "Android; CUBOT CUBOT CUBOT CUBOT CUBOT CUBOT CUBOT "
        "CUBOT ";
    struct gl_text text = {phone, sizeof phone - 2};

    tap_str(gl_enrich_agent(enrich, text)->bot, "Other bot",
            "who says bot eight times is one");
    text.len -= strlen("CUBOT ");
    tap_str(gl_enrich_agent(enrich, text)->bot, "", "... and not before");
}

static void
edges(struct gl_enrich *enrich)
{
    char text[600];
    const struct gl_agent *agent;
    uint64_t hash;

    agent = gl_enrich_agent(enrich, (struct gl_text){NULL, 0});
    tap_str(agent->browser, "", "no text, no browser");
    tap_str(agent->bot, "", "no text, no bot");
    tap_uint(agent->hash, 0, "no text, no hash");

    memset(text, 'x', sizeof text);
    hash = gl_enrich_agent(enrich, (struct gl_text){text, 600})->hash;
    text[256] = 'y';
    tap_uint(gl_enrich_agent(enrich, (struct gl_text){text, 600})->hash, hash,
             "only 256 bytes are looked at");
    tap_ok(gl_enrich_agent(enrich, (struct gl_text){text, 255})->hash != hash,
           "another text, another hash");
}

static void
missing_data(void)
{
    const char *why = NULL;

    tap_ok(gl_enrich_new("/nonexistent", &why) == NULL, "no data, no room");
    tap_ok(why != NULL && strstr(why, "agents.json") != NULL,
           "... and it says what is missing: %s", why);
}

/* One with a bit turned over: the checksum of the library tells. */
static void
damaged_copy(const char *from, const char *to)
{
    static char bytes[4 * 1024 * 1024];
    FILE *in = fopen(from, "r"), *out = fopen(to, "w");
    size_t n = in != NULL ? fread(bytes, 1, sizeof bytes, in) : 0;

    if (out == NULL || n == 0)
        tap_bail("no copy of %s", from);
    bytes[n / 2] ^= 1;
    fwrite(bytes, n, 1, out);
    fclose(in);
    fclose(out);
}

static void
compiled_anew(const char *dir)
{
    const char *why, *copy = tap_dir();
    char from[PATH_MAX + 16], to[PATH_MAX + 16];
    static const char *const files[] = {"agents.json", "bots.json"};
    struct gl_agents *agents;
    struct gl_agent agent;
    size_t i;

    for (i = 0; i < N(files); i++) {
        snprintf(from, sizeof from, "%s/%s", dir, files[i]);
        snprintf(to, sizeof to, "%s/%s", copy, files[i]);
        if (symlink(from, to) == -1)
            tap_bail("no link %s", to);
    }
    snprintf(from, sizeof from, "%s/agents.scan", dir);
    snprintf(to, sizeof to, "%s/agents.scan", copy);
    damaged_copy(from, to);
    agents = gl_agents_new_(copy, 2, &why);
    tap_ok(agents != NULL, "one compiled file is damaged, one is missing");
    if (agents == NULL)
        return;
    gl_agents_parse_(agents, &agent, text_of(people[0].text));
    tap_str(agent.browser, people[0].browser, "... the answers are the same");
    gl_agents_parse_(agents, &agent, text_of(machines[0].text));
    tap_str(agent.bot, machines[0].family, "... of bots, too");
    gl_agents_free_(agents);
}

int
main(void)
{
    char dir[PATH_MAX];
    const char *why;
    struct gl_enrich *enrich;
    struct gl_agents *agents;

    data_dir(dir);
    enrich = gl_enrich_new(dir, &why);
    if (enrich == NULL)
        tap_bail("%s: %s", dir, why);
    agents = gl_agents_new_(dir, 2, &why);
    if (agents == NULL)
        tap_bail("%s: %s", dir, why);
    patterns_compile(dir, "agents.json", "browsers");
    patterns_compile(dir, "agents.json", "systems");
    patterns_compile(dir, "bots.json", "bots");
    named_people(enrich);
    named_machines(enrich);
    edges(enrich);
    says_bot_often(enrich);
    missing_data();
    compiled_anew(dir);
    cache_changes_nothing(dir);
    random_bytes(agents);
    time_bound(agents);
    figures(agents, enrich);
    gl_agents_free_(agents);
    gl_enrich_free(enrich);
    return tap_done();
}
