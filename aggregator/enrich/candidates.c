/*
 * A word is in lists; a rule needs one word of each of its lists.  It is
 * looked at when the one of them that fewest rules need was met.
 *
 * One thread.  Invariant: numbers in the tables are below the size of what
 * they count.
 */

#include "candidates.h"

#include "gl_assert.h"

#include <stdlib.h>
#include <string.h>

#include "scan.h"

/* The first words of a list; of more the places are not kept. */
#define PLACES_MAX 3

#define BITS 64

/* Row N is items[begin[N]] up to items[begin[N + 1]]. */
struct table {
    uint16_t *begin, *items;
    size_t rows;
};

/* A list of words, as it was met in this text. */
struct met {
    uint16_t starts[PLACES_MAX], ends[PLACES_MAX]; /* bytes */
    uint16_t n;
};

struct gl_candidates {
    struct gl_scan *scan; /* for the words */
    uint16_t *word_bytes;
    struct table word_lists, list_rules, rule_lists;
    struct met *met;         /* of each list that is in lists */
    uint64_t *lists, *rules; /* a bit for each that was met */
    int words, words_max;    /* met in this text */
};

static int
has(const uint64_t *set, size_t n)
{
    return set[n / BITS] >> (n % BITS) & 1;
}

static void
add(uint64_t *set, size_t n)
{
    set[n / BITS] |= UINT64_C(1) << (n % BITS);
}

static size_t
set_bytes(size_t n)
{
    return (n + BITS - 1) / BITS * sizeof(uint64_t);
}

/* The first of SET from N on, before END; else END. */
static size_t
next(const uint64_t *set, size_t n, size_t end)
{
    while (n < end) {
        uint64_t bits = set[n / BITS] >> (n % BITS);
        if (bits != 0) {
            n += (size_t) __builtin_ctzll(bits);
            break;
        }
        n = (n / BITS + 1) * BITS;
    }
    return n < end ? n : end;
}

/* 0, or -1: ROWS are no lists of numbers below LIMIT, or no memory. */
static int
load_table(struct table *table, const json_t *rows, size_t limit)
{
    size_t i, k, n = 0;
    const json_t *row, *number;

    json_array_foreach (rows, i, row)
        n += json_array_size(row);
    table->rows = json_array_size(rows);
    table->begin = calloc(table->rows + 1, sizeof *table->begin);
    table->items = calloc(n + 1, sizeof *table->items);
    if (table->begin == NULL || table->items == NULL || n > UINT16_MAX ||
        limit > UINT16_MAX)
        return -1;
    n = 0;
    json_array_foreach (rows, i, row) {
        json_array_foreach (row, k, number) {
            if (!json_is_integer(number) || json_integer_value(number) < 0 ||
                (size_t) json_integer_value(number) >= limit)
                return -1;
            table->items[n++] = (uint16_t) json_integer_value(number);
        }
        table->begin[i + 1] = (uint16_t) n;
    }
    return 0;
}

static int
load_tables(struct gl_candidates *candidates, const json_t *data, size_t rules)
{
    const json_t *lists = json_object_get(data, "list_rules");
    size_t n = json_array_size(lists);

    if (load_table(&candidates->list_rules, lists, rules) == -1 ||
        load_table(&candidates->word_lists,
                   json_object_get(data, "word_lists"), n) == -1 ||
        load_table(&candidates->rule_lists,
                   json_object_get(data, "rule_lists"), n) == -1 ||
        candidates->rule_lists.rows != rules)
        return -1;
    candidates->lists = calloc(1, set_bytes(n));
    candidates->rules = calloc(1, set_bytes(rules));
    candidates->met = calloc(n, sizeof *candidates->met);
    return candidates->lists != NULL && candidates->rules != NULL &&
                   candidates->met != NULL
               ? 0
               : -1;
}

/* The words of DATA as expressions, each of which is borrowed; else NULL. */
static const char **
load_words(struct gl_candidates *candidates, const json_t *data)
{
    size_t i, n = candidates->word_lists.rows;
    const json_t *words = json_object_get(data, "words");
    const json_t *bytes = json_object_get(data, "word_bytes");
    const char **regexes = calloc(n + 1, sizeof *regexes);

    candidates->word_bytes = calloc(n + 1, sizeof *candidates->word_bytes);
    for (i = 0; regexes != NULL && candidates->word_bytes != NULL && i < n;
         i++) {
        regexes[i] = json_string_value(json_array_get(words, i));
        candidates->word_bytes[i] =
            (uint16_t) json_integer_value(json_array_get(bytes, i));
        if (regexes[i] == NULL)
            break;
    }
    if (n > 0 && i == n)
        return regexes;
    free(regexes);
    return NULL;
}

struct gl_candidates *
gl_candidates_new_(const json_t *data, size_t rules, const char *file,
                   const char **why)
{
    struct gl_candidates *candidates = calloc(1, sizeof *candidates);
    const char **regexes = NULL;

    *why = "agents.json does not hold words: build it again";
    if (candidates != NULL && load_tables(candidates, data, rules) == 0)
        regexes = load_words(candidates, data);
    if (regexes != NULL)
        candidates->scan =
            gl_scan_new_(regexes, candidates->word_lists.rows, file, why);
    free(regexes);
    if (candidates != NULL && candidates->scan != NULL)
        return candidates;
    gl_candidates_free_(candidates);
    return NULL;
}

static void
free_table(struct table *table)
{
    free(table->begin);
    free(table->items);
}

void
gl_candidates_free_(struct gl_candidates *candidates)
{
    if (candidates == NULL)
        return;
    free_table(&candidates->word_lists);
    free_table(&candidates->list_rules);
    free_table(&candidates->rule_lists);
    free(candidates->word_bytes);
    free(candidates->met);
    free(candidates->lists);
    free(candidates->rules);
    gl_scan_free_(candidates->scan);
    free(candidates);
}

int
gl_candidates_save_(const struct gl_candidates *candidates, const char *file)
{
    return gl_scan_save_(candidates->scan, file);
}

static void
meet_list(struct gl_candidates *candidates, size_t list, size_t start,
          size_t end)
{
    struct met *met = &candidates->met[list];

    if (!has(candidates->lists, list)) {
        add(candidates->lists, list);
        met->n = 0;
    }
    if (met->n < PLACES_MAX) {
        met->starts[met->n] = (uint16_t) start;
        met->ends[met->n++] = (uint16_t) end;
    }
}

static int
meet(void *arg, size_t word, size_t end)
{
    struct gl_candidates *candidates = arg;
    const struct table *table = &candidates->word_lists;
    size_t i;

    GL_ASSERT(end >= candidates->word_bytes[word]);

    for (i = table->begin[word]; i < table->begin[word + 1]; i++)
        meet_list(candidates, table->items[i],
                  end - candidates->word_bytes[word], end);
    return ++candidates->words > candidates->words_max;
}

static int
all_met(const struct gl_candidates *candidates, size_t rule)
{
    const struct table *table = &candidates->rule_lists;
    size_t i;

    for (i = table->begin[rule]; i < table->begin[rule + 1]; i++)
        if (!has(candidates->lists, table->items[i]))
            return 0;
    return 1;
}

int
gl_candidates_find_(struct gl_candidates *candidates, struct gl_text text,
                    int words_max)
{
    const struct table *table = &candidates->list_rules;
    size_t list, i;

    candidates->words = 0;
    candidates->words_max = words_max;
    memset(candidates->lists, 0, set_bytes(table->rows));
    memset(candidates->rules, 0, set_bytes(candidates->rule_lists.rows));
    gl_scan_find_(candidates->scan, text, meet, candidates);
    if (candidates->words > words_max)
        return -1;
    for (list = next(candidates->lists, 0, table->rows); list < table->rows;
         list = next(candidates->lists, list + 1, table->rows)) {
        for (i = table->begin[list]; i < table->begin[list + 1]; i++)
            if (all_met(candidates, table->items[i]))
                add(candidates->rules, table->items[i]);
    }
    return candidates->words;
}

size_t
gl_candidates_next_(const struct gl_candidates *candidates, size_t rule,
                    size_t end)
{
    return next(candidates->rules, rule, end);
}

size_t
gl_candidates_lists_(const struct gl_candidates *candidates)
{
    return candidates->list_rules.rows;
}

size_t
gl_candidates_word_(const struct gl_candidates *candidates, size_t list,
                    size_t from, size_t *end)
{
    const struct met *met = &candidates->met[list];
    size_t i, first = SIZE_MAX;

    /* They are in the order of their ends. */
    for (i = 0; i < met->n; i++) {
        if (met->starts[i] >= from && met->starts[i] < first) {
            first = met->starts[i];
            *end = met->ends[i];
        }
    }
    return first;
}
