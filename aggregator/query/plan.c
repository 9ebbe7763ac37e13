/*
 * Questions in codes; see plan.h.  Dictionaries are read whole, those alone
 * that the question needs; of each code's text it is told once what it counts
 * for, so that a set is looked at by code.
 */

#include "query/plan.h"

#include <stdio.h>
#include <string.h>

#include "query/match.h"
#include "store/account.h"

enum { NEITHER, EVENT, VISIT };

static const struct {
    uint8_t of;
    uint8_t word; /* enum gl_word */
    uint8_t text;
} dimensions[GL_DIMENSION_N] = {
#define DIMENSION(name, word, of, dictionary, column)                         \
    [GL_DIMENSION_##name] = {of, GL_WORD_##dictionary, column},
#include "query/dimensions.def"
#undef DIMENSION
};

struct planning {
    struct gl_plans *plans;
    struct gl_plan *plan; /* which is made */
    struct gl_account *reader;
    int (*stop)(void *arg);
    void *arg;
    char *why;
    size_t why_len;
    enum gl_planned result;
};

/* ---- texts ---- */

static const struct gl_dictionary *
dictionary_of(struct planning *p, enum gl_word word)
{
    struct gl_dictionary *dictionary = &p->plans->dictionaries[word];

    if (dictionary->text == NULL && p->result == GL_PLANNED &&
        gl_dictionary_read(p->reader, word, dictionary) != 0) {
        snprintf(p->why, p->why_len, "%s", gl_account_why(p->reader));
        p->result = GL_PLAN_STORAGE;
    }
    return dictionary;
}

/* Code 0 is none; no name is a pageview's, no referrer's channel "Direct". */
static const char *
text_of(enum gl_dimension what, const struct gl_dictionary *dictionary,
        uint32_t code)
{
    if (code == 0 && what == GL_DIMENSION_NAME)
        return "pageview";
    if (code == 0 && what == GL_DIMENSION_CHANNEL)
        return "Direct";
    return dictionary
        ->text[(size_t) code * dictionary->texts_n + dimensions[what].text];
}

/* ---- places ---- */

static int
visit_column(enum gl_dimension what)
{
    switch (what) {
    case GL_DIMENSION_ENTRY_PAGE:
        return GL_VISIT_ENTRY_PATH;
    case GL_DIMENSION_EXIT_PAGE:
        return GL_VISIT_EXIT_PATH;
    case GL_DIMENSION_ENTRY_HOSTNAME:
        return GL_VISIT_ENTRY_HOST;
    case GL_DIMENSION_EXIT_HOSTNAME:
        return GL_VISIT_EXIT_HOST;
    default:
        break;
    }
    switch (dimensions[what].word) {
    case GL_WORD_REFERRER:
        return GL_VISIT_REFERRER;
    case GL_WORD_AGENT:
        return GL_VISIT_AGENT;
    case GL_WORD_PLACE:
        return GL_VISIT_PLACE;
    default:
        return GL_VISIT_SCREEN;
    }
}

static int
event_column(enum gl_dimension what)
{
    return what == GL_DIMENSION_PAGE       ? GL_EVENT_PATH
           : what == GL_DIMENSION_HOSTNAME ? GL_EVENT_HOST
                                           : GL_EVENT_NAME;
}

/* The code of a property's name, 0 = nobody ever sent it. */
static uint32_t
key_of(struct planning *p, const char *name)
{
    const struct gl_dictionary *keys = dictionary_of(p, GL_WORD_PROP_KEY);

    for (uint32_t code = 1; p->result == GL_PLANNED && code < keys->codes_n;
         code++)
        if (strcmp(keys->text[code], name) == 0)
            return code;
    return 0;
}

static struct gl_place
place_of(struct planning *p, const struct gl_by *by)
{
    struct gl_place place = {.what = by->what,
                             .of_event = dimensions[by->what].of == EVENT};

    if (by->what == GL_DIMENSION_PROP)
        place.prop_key = key_of(p, by->prop);
    else if (place.of_event)
        place.column = event_column(by->what);
    else
        place.column = visit_column(by->what);
    return place;
}

/* The same of where visits are entered. */
static struct gl_place
place_of_entry(struct gl_place place)
{
    if (place.what == GL_DIMENSION_PAGE) {
        place.of_event = 0;
        place.column = GL_VISIT_ENTRY_PATH;
    }
    return place;
}

/* ---- axes ---- */

/* 1 = no text has two codes. */
static int
is_distinct(enum gl_dimension what, const struct gl_dictionary *dictionary)
{
    if (dictionary->texts_n > 1 || what == GL_DIMENSION_NAME)
        return 0;
    for (uint32_t code = 1; code < dictionary->codes_n; code++)
        if (dictionary->text[code] == dictionary->text[0])
            return 0;
    return 1;
}

static void
value_codes(struct planning *p, struct gl_axis *axis,
            const struct gl_dictionary *dictionary)
{
    GHashTable *known = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *values = g_ptr_array_new();
    uint32_t *value_of = g_new(uint32_t, axis->map.n);

    for (uint32_t code = 0; code < axis->map.n; code++) {
        const char *text = text_of(axis->place.what, dictionary, code);
        gpointer key = (gpointer) (uintptr_t) text, at;

        if (!g_hash_table_lookup_extended(known, key, NULL, &at)) {
            at = GUINT_TO_POINTER(values->len);
            g_hash_table_insert(known, key, at);
            g_ptr_array_add(values, key);
        }
        value_of[code] = GPOINTER_TO_UINT(at);
        if (code % 4096 == 4095 && p->stop(p->arg))
            p->result = GL_PLAN_STOPPED;
    }
    axis->map.to = value_of;
    axis->values_n = values->len;
    axis->values = (const char **) (void *) g_ptr_array_free(values, FALSE);
    axis->own = 1;
    g_hash_table_destroy(known);
}

static void
plan_axis(struct planning *p, const struct gl_by *by)
{
    struct gl_axis *axis = &p->plan->axes[p->plan->axes_n++];
    const struct gl_dictionary *dictionary;

    axis->place = (struct gl_place){.what = by->what};
    if (by->what == GL_DIMENSION_TIME)
        return;
    axis->place = place_of(p, by);
    p->plan->of_event |= axis->place.of_event;
    if (axis->place.of_event && by->what != GL_DIMENSION_PAGE)
        p->plan->has_entries = 0;
    dictionary = dictionary_of(p, dimensions[by->what].word);
    if (p->result != GL_PLANNED)
        return;
    axis->map.n = axis->values_n = dictionary->codes_n;
    axis->values = dictionary->text;
    if (!is_distinct(by->what, dictionary))
        value_codes(p, axis, dictionary);
}

/* ---- filters ---- */

static void
test_free(gpointer data)
{
    struct gl_test *test = data;

    if (test == NULL)
        return;
    if (test->children != NULL)
        g_ptr_array_free(test->children, TRUE);
    g_free(test->passes);
    g_free(test);
}

static void
test_codes(struct planning *p, struct gl_test *test,
           const struct gl_dictionary *dictionary, struct gl_match *match)
{
    test->codes_n = dictionary->codes_n;
    test->passes = g_new0(uint8_t, test->codes_n);
    for (uint32_t code = 0; code < test->codes_n && p->result == GL_PLANNED;
         code++) {
        int passes =
            gl_match_text(match, text_of(test->place.what, dictionary, code));

        test->passes[code] = passes == 1;
        if (passes < 0) {
            snprintf(p->why, p->why_len,
                     "a regular expression takes too "
                     "many steps");
            p->result = GL_PLAN_BAD;
        } else if (code % 1024 == 1023 && p->stop(p->arg)) {
            p->result = GL_PLAN_STOPPED;
        }
    }
}

static void
plan_leaf(struct planning *p, const struct gl_predicate *predicate,
          struct gl_test *test, int entry)
{
    const struct gl_dictionary *dictionary;
    struct gl_match *match;

    if (dimensions[predicate->by.what].of == NEITHER) {
        snprintf(p->why, p->why_len, "a filter cannot be on time");
        p->result = GL_PLAN_BAD;
        return;
    }
    dictionary = dictionary_of(p, dimensions[predicate->by.what].word);
    match = gl_match_new(predicate, p->why, p->why_len);
    test->place = place_of(p, &predicate->by);
    if (entry)
        test->place = place_of_entry(test->place);
    test->of_event = test->place.of_event;
    if (match == NULL)
        p->result = GL_PLAN_BAD;
    if (p->result == GL_PLANNED)
        test_codes(p, test, dictionary, match);
    gl_match_free(match);
}

/* ENTRY 1 = pages are entry pages.  What a visit has done is not asked of
 * where it was entered. */
static struct gl_test *
plan_test(struct planning *p, const struct gl_predicate *predicate, int entry)
{
    struct gl_test *test = g_new0(struct gl_test, 1);

    test->op = predicate->op;
    if (predicate->op >= GL_PREDICATE_IS) {
        plan_leaf(p, predicate, test, entry);
        return test;
    }
    test->children = g_ptr_array_new_with_free_func(test_free);
    entry &= predicate->op != GL_PREDICATE_HAS_DONE;
    for (guint i = 0; i < predicate->children->len; i++) {
        struct gl_test *child =
            plan_test(p, predicate->children->pdata[i], entry);

        test->of_event |= child->of_event;
        g_ptr_array_add(test->children, child);
    }
    if (predicate->op == GL_PREDICATE_HAS_DONE)
        test->of_event = 0;
    return test;
}

static int
has_page(const struct gl_predicate *predicate)
{
    int has = 0;

    if (predicate->op >= GL_PREDICATE_IS)
        return predicate->by.what == GL_DIMENSION_PAGE;
    for (guint i = 0; i < predicate->children->len; i++)
        has |= predicate->op != GL_PREDICATE_HAS_DONE &&
               has_page(predicate->children->pdata[i]);
    return has;
}

static void
plan_one(struct planning *p, const struct gl_question *question)
{
    *p->plan = (struct gl_plan){
        .question = question,
        .has_entries = 1,
        .of_visits = (question->metrics & GL_METRICS_OF_VISITS) != 0,
    };
    for (size_t i = 0; i < question->by_n && p->result == GL_PLANNED; i++)
        plan_axis(p, &question->by[i]);
}

/* Of all that have one it is the same. */
static void
plan_entry_test(struct planning *p)
{
    const struct gl_plan *plan = p->plan;
    const struct gl_predicate *filter = plan->question->filter;

    if (!plan->of_event || !plan->has_entries || !has_page(filter))
        return;
    if (p->plans->entry_test == NULL)
        p->plans->entry_test = plan_test(p, filter, 1);
    p->plan->entry_test = p->plans->entry_test;
}

enum gl_planned
gl_plans_init(struct gl_plans *plans,
              const struct gl_question *const *questions, size_t n,
              struct gl_account *reader, int (*stop)(void *arg), void *arg,
              char *why, size_t why_len)
{
    struct planning p = {plans, NULL, reader,  stop,
                         arg,   why,  why_len, GL_PLANNED};
    const struct gl_predicate *filter = questions[0]->filter;

    *plans = (struct gl_plans){.plan = g_new0(struct gl_plan, n), .n = n};
    if (filter != NULL)
        plans->test = plan_test(&p, filter, 0);
    for (size_t i = 0; i < n && p.result == GL_PLANNED; i++) {
        p.plan = &plans->plan[i];
        plan_one(&p, questions[i]);
        if (filter != NULL && p.result == GL_PLANNED)
            plan_entry_test(&p);
    }
    return p.result;
}

static void
axis_fini(struct gl_axis *axis)
{
    if (!axis->own)
        return;
    g_free((gpointer) (uintptr_t) axis->map.to);
    g_free(axis->values);
}

void
gl_plans_fini(struct gl_plans *plans)
{
    for (size_t i = 0; i < plans->n; i++)
        for (size_t at = 0; at < plans->plan[i].axes_n; at++)
            axis_fini(&plans->plan[i].axes[at]);
    g_free(plans->plan);
    test_free(plans->test);
    test_free(plans->entry_test);
    for (int i = 0; i < GL_WORD_KINDS; i++)
        gl_dictionary_fini(&plans->dictionaries[i]);
}
