/*
 * Promise: of several lists that find a text the table of bots.h says which is
 * told, and each of its rows has an example that the others find, too; each
 * pattern of crawlers that refused.json leaves out finds a person, and no
 * person of people.txt is a bot.
 *
 * Rules that are not about the text alone: enrich_verdict.c.
 */

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "enrich/agent.h"
#include "enrich/bots.h"
#include "enrich/pattern.h"
#include "tap.h"

#define FOLDER "aggregator/enrich/"
#define N(list) (sizeof(list) / sizeof(list)[0])

enum { PEOPLE_MAX = 200 };

/* A text, expressions of bots.json that all find it, and what is told. */
static const struct {
    const char *row, *text, *found[3], *family;
    enum gl_bot_rule rule;
} cases[] = {
    {"a plain name, before an expression that begins earlier",
     "Java/17.0.1 (compatible; Googlebot/2.1)",
     {"Googlebot\\/", "^Java\\/"},
     "Googlebot",
     GL_BOT_LISTED},
    {"a plain name, before a word that begins earlier",
     "My crawler of facebookexternalhit/1.1",
     {"facebookexternalhit", "(?i:crawl)"},
     "facebookexternalhit",
     GL_BOT_LISTED},
    {"of plain names the first in the text",
     "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 "
     "(KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 "
     "facebookexternalhit/1.1 Facebot Twitterbot/1.0",
     {"Twitterbot", "Facebot", "facebookexternalhit"},
     "facebookexternalhit",
     GL_BOT_LISTED},
    {"of expressions a program's, before one of the published list",
     "Java/17.0.1 Mechanize/2.7",
     {"[mM]echanize", "^Java\\/"},
     "Java",
     GL_BOT_LISTED},
    {"... a program's, before a word",
     "k6/0.49.0 (https://k6.io/)",
     {"(?i:https?://[ac-pr-vx-z0-9])", "^k6\\/"},
     "k6",
     GL_BOT_LISTED},
    {"... one of the published list, before a word",
     "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; "
     "ClaudeBot/1.0; +claudebot@anthropic.com)",
     {"(?i:bot)", "[cC]laude[bB]ot"},
     "ClaudeBot",
     GL_BOT_LISTED},
    {"a word, before that it names nothing",
     "FooSpecialCrawler/0.1 (nobody has listed me)",
     {"(?i:crawl)"},
     "Other bot",
     GL_BOT_WORDS},
    {"what names nothing",
     "Zaphod/0.1",
     {NULL},
     "Unknown program",
     GL_BOT_UNKNOWN},
    {"the name of a telephone, before a word in it",
     "Mozilla/5.0 (Linux; Android 12; CUBOT X50) AppleWebKit/537.36 (KHTML, "
     "like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36",
     {"(?i:bot)"},
     "",
     GL_BOT_NO},
    {"... with its build",
     "Mozilla/5.0 (Linux; Android 6.0; POWER BOT Build/MRA58K) "
     "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Mobile "
     "Safari/537.36",
     {"(?i:bot)"},
     "",
     GL_BOT_NO},
    {"... without it, in a whole browser's agent",
     "Mozilla/5.0 (Linux; Android 12; Spider 5) AppleWebKit/537.36 (KHTML, "
     "like Gecko) Chrome/124.0.0.0 Mobile Safari/537.36",
     {"(?i:spider)"},
     "",
     GL_BOT_NO},
    {"what a language is told with, before an address in it",
     "Mozilla/5.0 (X11; U; Linux x86_64; xx-XX@numbers=latn) "
     "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
     {"(?i:[a-z0-9]@[a-z])"},
     "",
     GL_BOT_NO},
};

static struct gl_matcher *matcher;

static struct gl_text
text_of(const char *words)
{
    return (struct gl_text){words, (uint32_t) strlen(words)};
}

/* 1: REGEX finds TEXT. */
static int
finds(const char *regex, const char *text)
{
    struct gl_pattern *pattern = gl_pattern_new_(regex, 0);
    int found = gl_matcher_find_(matcher, pattern, text_of(text), 0) == 1;

    gl_pattern_free_(pattern);
    return found;
}

static int
is_listed(const json_t *bots, const char *regex)
{
    size_t i;
    const json_t *bot;

    json_array_foreach (json_object_get(bots, "bots"), i, bot)
        if (strcmp(json_string_value(json_object_get(bot, "regex")), regex) ==
            0)
            return 1;
    return 0;
}

static void
rows(struct gl_agents *agents, const json_t *bots)
{
    size_t i, n;
    struct gl_agent agent;

    for (i = 0; i < N(cases); i++) {
        for (n = 0; n < N(cases[i].found) && cases[i].found[n] != NULL; n++) {
            const char *regex = cases[i].found[n];
            tap_ok(is_listed(bots, regex) && finds(regex, cases[i].text),
                   "%s: %s finds it", cases[i].row, regex);
        }
        gl_agents_parse_(agents, &agent, text_of(cases[i].text));
        tap_str(agent.bot, cases[i].family, "%s", cases[i].row);
        tap_int(agent.rule, cases[i].rule, "... its rule");
    }
}

/* Today no published name is the beginning of another: a list of ours. */
static void
longest(void)
{
    static const char list[] =
        "{\"bots\": ["
        "{\"regex\": \"Getter\", \"family\": \"Getter\", \"rule\": "
        "\"listed\", \"bytes\": 6}, "
        "{\"regex\": \"Getter-Image\", \"family\": \"of images\", \"rule\": "
        "\"listed\", \"bytes\": 12}]}";
    char file[PATH_MAX];
    const char *why, *dir = tap_dir();
    struct gl_bot_found found;

    snprintf(file, sizeof file, "%s/bots.json", dir);
    FILE *out = fopen(file, "w");
    if (out == NULL || fputs(list, out) < 0 || fclose(out) != 0)
        tap_bail("%s cannot be written", file);
    struct gl_bots *bots = gl_bots_new_(dir, &why);
    if (bots == NULL)
        tap_bail("%s", why);
    tap_ok(gl_bots_find_(bots, text_of("Getter-Image/1.0"), &found) == 1,
           "two names begin at one place");
    tap_str(found.family, "of images", "the longest is told");
    gl_bots_free_(bots);
}

/* Lines of people.txt, the caller's to free. */
static size_t
read_people(char *people[PEOPLE_MAX])
{
    char *line = NULL;
    size_t cap = 0, n = 0;
    FILE *in = fopen(FOLDER "people.txt", "r");

    if (in == NULL)
        tap_bail("no people.txt");
    while (n < PEOPLE_MAX && getline(&line, &cap, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#')
            continue;
        people[n++] = line;
        line = NULL;
        cap = 0;
    }
    free(line);
    fclose(in);
    return n;
}

static void
people_are_none(struct gl_agents *agents)
{
    char *people[PEOPLE_MAX];
    size_t i, at, n = read_people(people);
    struct gl_agent agent;
    json_t *refused = json_load_file(FOLDER "refused.json", 0, NULL), *row;

    json_array_foreach (json_object_get(refused, "refused"), i, row) {
        const char *regex = json_string_value(json_array_get(row, 0));
        for (at = 0; at < n && !finds(regex, people[at]);)
            at++;
        tap_ok(at < n, "%s, left out: %s", regex,
               json_string_value(json_array_get(row, 1)));
    }
    tap_ok(i > 0, "patterns are left out");
    for (at = 0; at < n; at++) {
        gl_agents_parse_(agents, &agent, text_of(people[at]));
        tap_str(agent.bot, "", "%s", people[at]);
        free(people[at]);
    }
    json_decref(refused);
}

int
main(void)
{
    char self[PATH_MAX - 32], dir[PATH_MAX], file[PATH_MAX + 16];
    const char *why;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);

    if (len == -1)
        tap_bail("where am I?");
    self[len] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(dir, sizeof dir, "%s/../enrich", self);
    snprintf(file, sizeof file, "%s/bots.json", dir);
    json_t *bots = json_load_file(file, 0, NULL);
    struct gl_agents *agents = gl_agents_new_(dir, 2, &why);
    if (agents == NULL || bots == NULL)
        tap_bail("%s: %s", dir, why);
    matcher = gl_matcher_new_();
    rows(agents, bots);
    longest();
    people_are_none(agents);
    gl_matcher_free_(matcher);
    gl_agents_free_(agents);
    json_decref(bots);
    return tap_done();
}
