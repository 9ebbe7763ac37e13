/* Keys of custom properties; see keys.h. */

#include "answer/keys.h"

#include <stdlib.h>

#include "question/filter.h"
#include "store/words/dictionary.h"

struct key {
    const char *text;
    uint64_t events;
};

struct keys {
    struct gl_dictionary names;
    uint64_t *events; /* [names.codes_n] */
};

/* ---- count ---- */

/* Of the events that have PROP, those that count. */
static uint32_t
count(const struct gl_mask *mask, const struct gl_prop_column *prop)
{
    uint32_t visit = 0, n = 0;

    for (uint32_t i = 0; i < prop->n; i++) {
        while (mask->set->visit_first[visit + 1] <= prop->event[i])
            visit++;
        n += (uint32_t) gl_mask_counts(mask, visit, prop->event[i]);
    }
    return n;
}

static void
step(void *arg, const struct gl_walk *walk)
{
    struct keys *keys = arg;

    for (uint32_t i = 0; i < walk->set->props_n; i++) {
        const struct gl_prop_column *prop = &walk->set->props[i];

        if (prop->key < keys->names.codes_n)
            keys->events[prop->key] += count(&walk->masks[0], prop);
    }
}

/* That a property is grouped by is why sets come with theirs. */
static enum gl_executed
walk(struct gl_execution *run, const struct gl_question *question,
     struct keys *keys)
{
    const struct gl_question *list[] = {question};

    if (gl_dictionary_read(run->reader, GL_WORD_PROP_KEY, &keys->names) != 0) {
        g_strlcpy(run->why, gl_account_why(run->reader), sizeof run->why);
        return GL_EXECUTE_STORAGE;
    }
    keys->events = g_new0(uint64_t, keys->names.codes_n);
    return gl_execute_walk(run, list, 1, step, keys);
}

/* ---- answer ---- */

static int
compare(const void *left, const void *right)
{
    const struct key *a = left, *b = right;

    if (a->events != b->events)
        return a->events < b->events ? 1 : -1;
    return g_strcmp0(a->text, b->text);
}

static json_t *
answer_json(const struct keys *keys)
{
    struct key *found = g_new(struct key, keys->names.codes_n);
    json_t *rows = json_array();
    size_t n = 0;

    for (uint32_t code = 1; code < keys->names.codes_n; code++)
        if (keys->events[code] > 0)
            found[n++] =
                (struct key){keys->names.text[code], keys->events[code]};
    qsort(found, n, sizeof *found, compare);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(rows, json_pack("{s:[I], s:[s]}", "metrics",
                                              (json_int_t) found[i].events,
                                              "dimensions", found[i].text));
    g_free(found);
    return json_pack("{s:o}", "results", rows);
}

/* 1, or 0 and *WHY. */
static int
read_question(const struct gl_parse_site *site, const json_t *query,
              struct gl_question *question, char **why)
{
    GPtrArray *goals = g_ptr_array_new();
    struct gl_time_range range;
    const char *wrong = gl_range_read(json_object_get(query, "date_range"),
                                      &site->range, &range);
    int error = 0;

    if (wrong != NULL) {
        gl_defined_refuse_(why, "%s", wrong);
        error = -1;
    } else {
        question->from_ms = range.from_ms;
        question->to_ms = range.to_ms;
        error = gl_filters_read(json_object_get(query, "filters"),
                                site->defined, goals, &question->filter, why);
    }
    g_ptr_array_free(goals, TRUE);
    return error == 0;
}

enum gl_executed
gl_keys_answer(struct gl_execution *run, const struct gl_parse_site *site,
               const json_t *query, json_t **answer)
{
    struct gl_question question = {.site = site->id, .by_n = 1};
    struct keys keys = {0};
    enum gl_executed result = GL_EXECUTE_BAD;
    char *why = NULL;

    question.by[0] = (struct gl_by){GL_DIMENSION_PROP, g_strdup("")};
    if (read_question(site, query, &question, &why)) {
        result = walk(run, &question, &keys);
        if (result == GL_EXECUTED)
            *answer = answer_json(&keys);
    } else {
        g_strlcpy(run->why, why, sizeof run->why);
        g_free(why);
    }
    gl_question_fini(&question);
    gl_dictionary_fini(&keys.names);
    g_free(keys.events);
    return result;
}
