/*
 * Promises: words first and few matches find what trying every expression
 * in its order finds (the naive twin), on every labelled User-Agent there is
 * and on broken ones; labelled browsers and systems get their label or no
 * name, listed crawlers are bots, and no real browser is.
 */

#define _GNU_SOURCE /* strcasestr */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "enrich/agent.h"
#include "enrich_twin_old.h"
#include "tap.h"

enum { RULES_MAX = 2500, TEXTS_MAX = 60000, REGEX_BYTES = 16384 };

struct list {
    json_t *rows;
    const json_t *names;
    pcre2_code *codes[RULES_MAX];
};

static struct list browsers, systems, devices, bots;
static pcre2_match_data *match;

struct labelled {
    char *kind, *name, *version, *text; /* pieces of one line */
};

static struct labelled texts[TEXTS_MAX];
static size_t texts_n;

/* ---- the twin ---- */

static const char *
member(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text != NULL ? text : "";
}

/* Appends "(?:word|word)(?s:.*?)" for LIST, a number of candidates' lists. */
static void
append_words(char *to, const json_t *data, json_int_t list)
{
    size_t word, i;
    const char *between = "(?:";
    json_t *lists, *number;
    const json_t *candidates = json_object_get(data, "candidates");
    const json_t *words = json_object_get(candidates, "words");

    json_array_foreach (json_object_get(candidates, "word_lists"), word,
                        lists) {
        json_array_foreach (lists, i, number) {
            if (json_integer_value(number) != list)
                continue;
            strcat(strcat(to, between),
                   json_string_value(json_array_get(words, word)));
            between = "|";
        }
    }
    strcat(to, ")(?s:.*?)");
}

/* The row's expression and what comes before it, as one that goes back. */
static void
whole(char to[REGEX_BYTES], const json_t *data, const json_t *row)
{
    static const char verb[] = "(*COMMIT)";
    size_t i;
    char *at;
    json_t *list;

    to[0] = '\0';
    json_array_foreach (json_object_get(row, "after"), i, list)
        append_words(to, data, json_integer_value(list));
    strcat(to, member(row, "regex"));
    if (json_object_get(row, "word_but") != NULL)
        strcat(
            strcat(strcat(to, "\\b(?! \\d)(?i:(?<!"), member(row, "word_but")),
            "))");
    while ((at = strstr(to, verb)) != NULL)
        memmove(at, at + strlen(verb), strlen(at + strlen(verb)) + 1);
}

static void
compile(struct list *list, const json_t *data, const char *key)
{
    static char regex[REGEX_BYTES];
    size_t i, at;
    json_t *row;
    int error;

    list->rows = json_object_get(data, key);
    list->names = json_object_get(json_object_get(data, "names"), key);
    if (json_array_size(list->rows) > RULES_MAX)
        tap_bail("more than %d %s", RULES_MAX, key);
    json_array_foreach (list->rows, i, row) {
        whole(regex, data, row);
        list->codes[i] = pcre2_compile(
            (PCRE2_SPTR) regex, PCRE2_ZERO_TERMINATED, 0, &error, &at, NULL);
        if (list->codes[i] == NULL)
            tap_bail("no expression: %s", regex);
        pcre2_jit_compile(list->codes[i], PCRE2_JIT_COMPLETE);
    }
}

static int
finds(const struct list *list, size_t i, struct gl_text text)
{
    return pcre2_match(list->codes[i], (PCRE2_SPTR) text.data, text.len, 0, 0,
                       match, NULL) > 0;
}

/* TEMPLATE with the last match's groups, at most CAP - 1 printable bytes. */
static void
fill(char *to, size_t cap, const char *template, struct gl_text text)
{
    const PCRE2_SIZE *at = pcre2_get_ovector_pointer(match);
    size_t n = 0, i, group;

    for (; *template != '\0'; template ++) {
        if (*template != '$') {
            if (n + 1 < cap && (*template != ' ' || n > 0))
                to[n++] = *template;
            continue;
        }
        group = (size_t) (*++template - '0');
        if (group >= pcre2_get_ovector_count(match) ||
            at[2 * group] == PCRE2_UNSET)
            continue;
        for (i = at[2 * group]; i < at[2 * group + 1]; i++)
            if (n + 1 < cap && text.data[i] >= ' ' && text.data[i] < 0x7f)
                to[n++] = text.data[i];
    }
    while (n > 0 && to[n - 1] == ' ')
        n--;
    to[n] = '\0';
}

static void
twin_rule(const struct list *list, struct gl_text text, char name[64],
          char version[16])
{
    size_t i, n = json_array_size(list->rows);
    const json_t *row;
    const char *shown;
    char major[8], minor[8];

    for (i = 0; i < n && !finds(list, i, text);)
        i++;
    if (i == n)
        return;
    row = json_array_get(list->rows, i);
    fill(name, 64, member(row, "family"), text);
    fill(major, sizeof major, member(row, "major"), text);
    fill(minor, sizeof minor, member(row, "minor"), text);
    shown = json_string_value(json_object_get(list->names, name));
    if (shown != NULL)
        snprintf(name, 64, "%s", shown);
    if (name[0] != '\0')
        snprintf(version, 16, "%s%s%s", major,
                 major[0] != '\0' && minor[0] != '\0' ? "." : "",
                 major[0] != '\0' ? minor : "");
}

/* The first plain text, the longest that begins there; else an expression. */
static const char *
twin_bot(struct gl_text text)
{
    size_t i, best_start = SIZE_MAX, best_bytes = 0;
    json_t *row;
    const char *family = "";
    char copy[GL_AGENT_TEXT_BYTES_MAX + 1];
    struct gl_text without = without_names(copy, text);

    json_array_foreach (bots.rows, i, row) {
        size_t start = SIZE_MAX - 1, bytes;
        int is_word = strcmp(member(row, "rule"), "words") == 0;

        bytes = (size_t) json_integer_value(json_object_get(row, "bytes"));
        if (!finds(&bots, i, is_word ? without : text))
            continue;
        if (bytes > 0)
            start = pcre2_get_ovector_pointer(match)[0];
        if (start < best_start ||
            (start == best_start && bytes > best_bytes)) {
            best_start = start;
            best_bytes = bytes;
            family = member(row, "family");
        }
    }
    return family;
}

/* People have a system or a thing, and on a desktop a browser. */
static int
twin_nothing(const struct gl_agent *agent, const char *device,
             struct gl_text text)
{
    int mozilla = text.len >= 8 && strncmp(text.data, "Mozilla/", 8) == 0;
    int opera = text.len >= 6 && strncmp(text.data, "Opera/", 6) == 0;
    int old = text.len > 0 && is_old_browser(text);
    int unseen = agent->browser[0] == '\0' && !has_engine(text) && !old;

    if (text.len == 0 || device[0] == '-' || device[0] == '+')
        return 0;
    if (agent->os[0] == '\0' && device[0] == '\0')
        return (!mozilla && !opera) || unseen;
    return strcmp(device, "Desktop") == 0 && unseen;
}

static void
twin_parse(struct gl_agent *agent, struct gl_text text)
{
    char none[16];

    memset(agent, 0, sizeof *agent);
    snprintf(agent->bot, sizeof agent->bot, "%s", twin_bot(text));
    if (agent->bot[0] != '\0') {
        memcpy(agent->browser, agent->bot, sizeof agent->browser);
        return;
    }
    twin_rule(&browsers, text, agent->browser, agent->browser_version);
    twin_rule(&systems, text, agent->os, agent->os_version);
    char device[64] = "";
    twin_rule(&devices, text, device, none);
    if (twin_nothing(agent, device, text)) {
        memset(agent, 0, sizeof *agent);
        strcpy(agent->bot, "Unknown program");
        strcpy(agent->browser, agent->bot);
    }
    if (agent->bot[0] == '\0')
        snprintf(agent->device, sizeof agent->device, "%.15s",
                 device + (device[0] == '-' || device[0] == '+'));
}

/* ---- against it ---- */

/* 0: the same; 1: it is missing, as beyond a limit; 2: another answer. */
static int
part(const char *ours, const char *twins)
{
    if (strcmp(ours, twins) == 0)
        return 0;
    return ours[0] == '\0' ? 1 : 2;
}

/* The same of all parts. */
static int
differs(struct gl_agents *agents, const char *data, size_t len)
{
    struct gl_agent ours, twins;
    struct gl_text text = {data, (uint32_t) len};
    int worst;

    if (len > GL_AGENT_TEXT_BYTES_MAX)
        text.len = GL_AGENT_TEXT_BYTES_MAX;
    gl_agents_parse_(agents, &ours, text);
    twin_parse(&twins, text);
    worst = part(ours.bot, twins.bot) | part(ours.device, twins.device) |
            part(ours.browser, twins.browser) | part(ours.os, twins.os) |
            part(ours.browser_version, twins.browser_version) |
            part(ours.os_version, twins.os_version);
    if (worst > 1)
        tap_diag("%s|%s|%s|%s, twin %s|%s|%s|%s: %.*s", ours.bot, ours.browser,
                 ours.os, ours.device, twins.bot, twins.browser, twins.os,
                 twins.device, (int) text.len, text.data);
    return worst;
}

static void
sets_agree(struct gl_agents *agents)
{
    size_t i, different = 0, asked = 0;

    for (i = 0; i < texts_n; i++) {
        /* Texts without a label are many and alike. */
        if (strcmp(texts[i].kind, "text") == 0 && i % 8 != 0)
            continue;
        different +=
            differs(agents, texts[i].text, strlen(texts[i].text)) != 0;
        asked++;
    }
    tap_int((int64_t) different, 0, "the twin's answers to %zu texts", asked);
}

/* A text from pieces of two, some bytes changed. */
static size_t
broken(char to[GL_AGENT_TEXT_BYTES_MAX])
{
    static const char odd[] = "\n\r\v\f\0\x7f\x80\xc3\xff/.;() 0aB_";
    size_t len = 0, pieces, n;

    for (pieces = 1 + tap_below(3); pieces > 0; pieces--) {
        const char *from = texts[tap_below(texts_n)].text;
        size_t at = tap_below(3) == 0 ? tap_below(strlen(from)) : 0;

        n = strlen(from + at);
        if (tap_below(3) == 0)
            n = tap_below(n + 1);
        if (n > GL_AGENT_TEXT_BYTES_MAX - len)
            n = GL_AGENT_TEXT_BYTES_MAX - len;
        memcpy(to + len, from + at, n);
        len += n;
    }
    for (n = tap_below(6); len > 0 && n > 0; n--)
        to[tap_below(len)] = odd[tap_below(sizeof odd - 1)];
    return len;
}

static void
broken_agree(struct gl_agents *agents)
{
    enum { ASKED = 6000 };
    char text[GL_AGENT_TEXT_BYTES_MAX];
    int i, got, other = 0, missing = 0;

    for (i = 0; i < ASKED; i++) {
        got = differs(agents, text, broken(text));
        other += got > 1;
        missing += got == 1;
    }
    tap_int(other, 0, "the twin's answers to %d broken texts", ASKED);
    tap_ok(missing < ASKED / 100, "%d with less", missing);
}

/* ---- against the labels ---- */

/* A label is met, too, by the name apps share, and by none. */
static int
met(const char *name, const char *version, const struct labelled *want)
{
    if (name[0] == '\0' || strcmp(name, "Mobile App") == 0)
        return 1;
    return strcmp(name, want->name) == 0 &&
           strncmp(version, want->version, strlen(version)) == 0;
}

static void
labels(struct gl_agents *agents)
{
    size_t i;
    int wrong = 0, named = 0, bots_missed = 0, people_hit = 0, nameless = 0;
    int cut = 0;
    struct gl_agent got;

    for (i = 0; i < texts_n; i++) {
        const struct labelled *want = &texts[i];

        /* What is beyond is not looked at: the label may be about that. */
        if (strlen(want->text) > GL_AGENT_TEXT_BYTES_MAX) {
            cut++;
            continue;
        }
        gl_agents_parse_(
            agents, &got,
            (struct gl_text){want->text, (uint32_t) strlen(want->text)});
        if (strcmp(want->kind, "bot") == 0) {
            bots_missed += got.bot[0] == '\0';
        } else if (strcmp(want->kind, "person") == 0) {
            people_hit += got.bot[0] != '\0';
            nameless += got.os[0] == '\0' || got.device[0] == '\0';
        } else if (got.bot[0] == '\0' && strcmp(want->kind, "browser") == 0) {
            named += got.browser[0] != '\0';
            if (met(got.browser, got.browser_version, want))
                continue;
            tap_diag("%s %s, label %s %s: %s", got.browser,
                     got.browser_version, want->name, want->version,
                     want->text);
            wrong++;
        } else if (got.bot[0] == '\0' && strcmp(want->kind, "system") == 0) {
            named += got.os[0] != '\0';
            if (met(got.os, got.os_version, want))
                continue;
            tap_diag("%s %s, label %s %s: %s", got.os, got.os_version,
                     want->name, want->version, want->text);
            wrong++;
        }
    }
    tap_int(wrong, 0, "no vector of uap-core has another name or version");
    tap_diag("%d vectors are named", named);
    tap_ok(cut < 50, "of %zu texts %d are longer than what is looked at",
           texts_n, cut);
    tap_int(bots_missed, 0, "every listed crawler is a bot");
    tap_int(people_hit, 0, "no real browser is a bot");
    tap_int(nameless, 0, "... and each has a system and a class");
}

/* ---- set-up ---- */

static char *
cut(char **rest)
{
    char *piece = *rest, *tab = strchr(piece, '\t');

    if (tab != NULL) {
        *tab = '\0';
        *rest = tab + 1;
    }
    return piece;
}

static void
read_sets(const char *path)
{
    char *line = NULL, *rest;
    size_t cap = 0;
    FILE *in = fopen(path, "r");

    if (in == NULL)
        tap_bail("no %s", path);
    while (texts_n < TEXTS_MAX && getline(&line, &cap, in) > 0) {
        line[strcspn(line, "\n")] = '\0';
        rest = line;
        texts[texts_n].kind = cut(&rest);
        texts[texts_n].name = cut(&rest);
        texts[texts_n].version = cut(&rest);
        texts[texts_n++].text = rest;
        line = NULL;
        cap = 0;
    }
    free(line);
    fclose(in);
}

static void
free_list(struct list *list)
{
    size_t i;

    for (i = 0; i < json_array_size(list->rows); i++)
        pcre2_code_free(list->codes[i]);
}

int
main(void)
{
    char self[PATH_MAX - 32], dir[PATH_MAX], file[PATH_MAX + 16];
    const char *why;
    json_t *agents_json, *bots_json;
    struct gl_agents *agents;
    ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
    size_t i;

    if (len == -1)
        tap_bail("where am I?");
    self[len] = '\0';
    *strrchr(self, '/') = '\0';
    snprintf(dir, sizeof dir, "%s/../enrich", self);
    agents = gl_agents_new_(dir, 2, &why);
    if (agents == NULL)
        tap_bail("%s: %s", dir, why);
    snprintf(file, sizeof file, "%s/agents.json", dir);
    agents_json = json_load_file(file, 0, NULL);
    snprintf(file, sizeof file, "%s/bots.json", dir);
    bots_json = json_load_file(file, 0, NULL);
    snprintf(file, sizeof file, "%s/agents.tsv", self);
    read_sets(file);

    match = pcre2_match_data_create(10, NULL);
    compile(&browsers, agents_json, "browsers");
    compile(&systems, agents_json, "systems");
    compile(&devices, agents_json, "devices");
    compile(&bots, bots_json, "bots");
    labels(agents);
    sets_agree(agents);
    broken_agree(agents);

    free_list(&browsers);
    free_list(&systems);
    free_list(&devices);
    free_list(&bots);
    pcre2_match_data_free(match);
    json_decref(agents_json);
    json_decref(bots_json);
    gl_agents_free_(agents);
    for (i = 0; i < texts_n; i++)
        free(texts[i].kind);
    return tap_done();
}
