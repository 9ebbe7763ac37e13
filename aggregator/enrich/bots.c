/*
 * Bots by their User-Agent.  make-data wrote the plain texts first, then the
 * expressions, then our words for the rest.  Of several plain texts that
 * which begins first names the bot, the longest of those that begin there
 * ("Googlebot-Image" rather than "Googlebot"); without one, the first
 * expression in the list's order.
 */

#define _GNU_SOURCE /* memmem */

#include "bots.h"

#include "gl_assert.h"

#include <ctype.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <jansson.h>

#include "scan.h"

/*
 * Who says so many is one, also where they are parts of other words.  Of
 * 33,000 labelled agents two have as many, people have two at most.
 */
#define PARTS_MAX 8
/* Then there is no need to look further. */
#define MATCHES_MAX 64

struct bot {
    const char *regex;
    struct gl_bot_found found;
    size_t bytes;         /* of a plain text; 0: an expression */
    const char *word_but; /* NULL, or: it must end a word that does not end so,
                             in any case of letters */
    size_t word_but_bytes;
};

struct gl_bots {
    json_t *data; /* owns the texts */
    struct bot *bots;
    size_t bots_n;
    struct gl_scan *scan;
};

static const char *
text_or_none(const json_t *from, const char *key)
{
    const char *text = json_string_value(json_object_get(from, key));

    return text != NULL ? text : "";
}

/* 0, or -1: it is none. */
static int
load_bot(struct bot *bot, const json_t *from)
{
    bot->regex = json_string_value(json_object_get(from, "regex"));
    bot->found.family = json_string_value(json_object_get(from, "family"));
    bot->found.kind = text_or_none(from, "kind");
    bot->found.operator= text_or_none(from, "operator");
    bot->found.rule = strcmp(text_or_none(from, "rule"), "listed") == 0
                          ? GL_BOT_LISTED
                          : GL_BOT_WORDS;
    bot->bytes = (size_t) json_integer_value(json_object_get(from, "bytes"));
    bot->word_but = json_string_value(json_object_get(from, "word_but"));
    if (bot->word_but != NULL)
        bot->word_but_bytes = strlen(bot->word_but);
    return bot->regex != NULL && bot->found.family != NULL ? 0 : -1;
}

/* 0, or -1: not such a list, or no memory. */
static int
load_list(struct gl_bots *bots)
{
    size_t i;
    const json_t *list = json_object_get(bots->data, "bots");

    bots->bots_n = json_array_size(list);
    if (bots->bots_n == 0)
        return -1;
    bots->bots = calloc(bots->bots_n, sizeof *bots->bots);
    for (i = 0; bots->bots != NULL && i < bots->bots_n; i++)
        if (load_bot(&bots->bots[i], json_array_get(list, i)) == -1)
            return -1;
    return bots->bots != NULL ? 0 : -1;
}

static void
scan_file(char file[PATH_MAX], const char *data_dir)
{
    snprintf(file, PATH_MAX, "%s/bots.scan", data_dir);
}

static int
load_scan(struct gl_bots *bots, const char *data_dir, const char **why)
{
    char file[PATH_MAX];
    size_t i;
    const char **regexes = calloc(bots->bots_n, sizeof *regexes);

    *why = "out of memory";
    if (regexes == NULL)
        return -1;
    for (i = 0; i < bots->bots_n; i++)
        regexes[i] = bots->bots[i].regex;
    scan_file(file, data_dir);
    bots->scan = gl_scan_new_(regexes, bots->bots_n, file, why);
    free(regexes);
    return bots->scan != NULL ? 0 : -1;
}

struct gl_bots *
gl_bots_new_(const char *data_dir, const char **why)
{
    char file[PATH_MAX];
    struct gl_bots *bots = calloc(1, sizeof *bots);

    *why = "out of memory";
    if (bots == NULL)
        return NULL;
    snprintf(file, sizeof file, "%s/bots.json", data_dir);
    bots->data = json_load_file(file, 0, NULL);
    if (bots->data == NULL)
        *why = "bots.json is missing or is not JSON: build it again";
    else if (load_list(bots) == -1)
        *why = "bots.json does not hold patterns: build it again";
    else if (load_scan(bots, data_dir, why) == 0)
        return bots;
    gl_bots_free_(bots);
    return NULL;
}

void
gl_bots_free_(struct gl_bots *bots)
{
    if (bots == NULL)
        return;
    gl_scan_free_(bots->scan);
    free(bots->bots);
    json_decref(bots->data);
    free(bots);
}

int
gl_bots_save_(const struct gl_bots *bots, const char *data_dir)
{
    char file[PATH_MAX];

    scan_file(file, data_dir);
    return gl_scan_save_(bots->scan, file);
}

/* Of a text: what begins at FROM and ends before TO; none: both are 0. */
struct part {
    size_t from, to;
};

struct best {
    const struct bot *bots, *bot;
    struct gl_text text;
    size_t start; /* of a plain text */
    int looked;   /* for the next */
    struct part thing;
    int matches, parts;
};

static int
is_of_word(char byte)
{
    return isalnum((unsigned char) byte) || byte == '_';
}

/* Where in TEXT the next of "(", ")" and ";" is, from AT on; else its end. */
static size_t
part_end(struct gl_text text, size_t at)
{
    while (at < text.len && memchr("();", text.data[at], 3) == NULL)
        at++;
    return at;
}

/* A thing's name with its build, as Android has them in brackets: the first of
 * TEXT such as "POWER BOT Build/MRA58K". */
static struct part
find_build(struct gl_text text)
{
    static const char build[] = " Build/";
    size_t from = part_end(text, 0) + 1, to;
    struct part found = {0, 0};

    for (; from < text.len && found.to == 0; from = to + 1) {
        const char *at = text.data + from, *end;

        to = part_end(text, from);
        end = text.data + to;
        if (text.data[from - 1] == ')')
            continue;
        while ((at = memmem(at, (size_t) (end - at), build,
                            sizeof build - 1)) != NULL) {
            at += sizeof build - 1;
            found = (struct part){from, (size_t) (at - text.data)};
        }
        while (found.to != 0 && found.to < to && text.data[found.to] != ' ')
            found.to++;
    }
    return found;
}

/* A thing's name where a browser of Android has it, when TEXT is a whole one:
 * "Mozilla/5.0 (Linux; Android 9; Spider X) AppleWebKit/... Chrome/...". */
static struct part
find_model(struct gl_text text)
{
    static const char start[] = "Mozilla/5.0 (Linux; Android ",
                      engine[] = ") AppleWebKit/", browser[] = " Chrome/";
    struct part model, none = {0, 0};
    size_t end = sizeof start - 1;

    if (text.len < end || memcmp(text.data, start, end) != 0)
        return none;
    end = part_end(text, end);
    if (end == text.len || text.data[end] != ';')
        return none;
    model = (struct part){end + 1, part_end(text, end + 1)};
    for (end = model.to; end < text.len && text.data[end] == ';';)
        end = part_end(text, end + 1);
    if (text.len - end < sizeof engine - 1 ||
        memcmp(text.data + end, engine, sizeof engine - 1) != 0 ||
        memmem(text.data + end, text.len - end, browser, sizeof browser - 1) ==
            NULL)
        return none;
    return model;
}

/* 1: the letter before END begins what a language is told with, as iOS has it:
 * "en_IR@calendar=gregorian".  No host has such a name. */
static int
is_of_language(struct gl_text text, size_t end)
{
    if (end < 2 || text.data[end - 2] != '@')
        return 0;
    while (end < text.len && isalpha((unsigned char) text.data[end]))
        end++;
    return end < text.len && text.data[end] == '=';
}

/* 1: what ends at END is where people's agents have words that others choose:
 * whoever named the thing, built its system or speaks the language. */
static int
is_elsewhere(struct best *best, size_t end)
{
    if (!best->looked) {
        best->thing = find_build(best->text);
        if (best->thing.to == 0)
            best->thing = find_model(best->text);
        best->looked = 1;
    }
    return (best->thing.from < end && end <= best->thing.to) ||
           is_of_language(best->text, end);
}

/* 1 unless BOT, which ends at END, is only a part of a word or of another, or
 * has a number as telephones have it: "M bot 60". */
static int
stands(struct gl_text text, const struct bot *bot, size_t end)
{
    if (bot->word_but == NULL)
        return 1;
    if (end < text.len && is_of_word(text.data[end]))
        return 0;
    if (end + 1 < text.len && text.data[end] == ' ' &&
        isdigit((unsigned char) text.data[end + 1]))
        return 0;
    return end < bot->word_but_bytes ||
           strncasecmp(text.data + end - bot->word_but_bytes, bot->word_but,
                       bot->word_but_bytes) != 0;
}

static int
keep_best(void *arg, size_t number, size_t end)
{
    struct best *best = arg;
    const struct bot *bot = &best->bots[number];
    size_t start = bot->bytes > 0 ? end - bot->bytes : SIZE_MAX;

    GL_ASSERT(bot->bytes <= end);

    best->matches++;
    if (bot->found.rule == GL_BOT_WORDS && is_elsewhere(best, end))
        return best->matches >= MATCHES_MAX;
    if (!stands(best->text, bot, end) && ++best->parts < PARTS_MAX)
        return 0;
    if (best->bot == NULL || start < best->start ||
        (start == best->start && (bot->bytes > best->bot->bytes ||
                                  (bot->bytes == 0 && bot < best->bot)))) {
        best->bot = bot;
        best->start = start;
    }
    return best->parts >= PARTS_MAX || best->matches >= MATCHES_MAX;
}

int
gl_bots_find_(struct gl_bots *bots, struct gl_text text,
              struct gl_bot_found *found)
{
    struct best best = {.bots = bots->bots, .text = text, .start = SIZE_MAX};

    gl_scan_find_(bots->scan, text, keep_best, &best);
    if (best.bot != NULL)
        *found = best.bot->found;
    return best.bot != NULL;
}
