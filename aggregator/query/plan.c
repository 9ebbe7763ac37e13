/*
 * Questions in codes; see plan.h.  Dictionaries are lent whole, those alone
 * that the questions need; of each text it is told once whether it passes, so
 * that a set is looked at by code.
 */

#include "query/plan.h"

#include <stdio.h>
#include <string.h>

#include "question/match.h"
#include "store/account.h"

enum { NEITHER, EVENT, VISIT };

static const struct {
    uint8_t of;
    uint8_t word; /* enum gl_word */
    uint8_t text;
} dimensions[GL_DIMENSION_N] = {
#define DIMENSION(name, word, of, dictionary, column)                         \
    [GL_DIMENSION_##name] = {of, GL_WORD_##dictionary, column},
#include "question/dimensions.def"
#undef DIMENSION
};

struct planning {
    struct gl_plans *plans;
    struct gl_plan *plan; /* which is made */
    const struct gl_plan_ask *ask;
    enum gl_planned result;
};

/* ---- texts ---- */

struct reading {
    struct gl_account *reader;
    enum gl_word word;
};

static int
make_texts(void *arg, struct gl_shelf_thing *thing)
{
    const struct reading *reading = arg;
    struct gl_texts *texts;
    int rc =
        gl_texts_new(reading->reader, reading->word, &texts, &thing->bytes);

    thing->thing = texts;
    thing->free = gl_texts_free;
    return rc;
}

static int
do_not_wait(void *arg)
{
    (void) arg;
    return 0;
}

static int
lend_texts(struct planning *p, enum gl_word word)
{
    struct reading reading = {p->ask->reader, word};
    struct gl_shelf_ask ask = {
        .question = p->ask->question,
        .place = {GL_SHELF_WORDS, 0, 0, word},
        .make = make_texts,
        .stop = do_not_wait,
        .arg = &reading,
    };
    int rc =
        gl_dictionary_token(p->ask->reader, word, &ask.place.of, &ask.token);

    return rc != 0
               ? rc
               : gl_shelf_lend(p->ask->shelf, &ask, &p->plans->texts[word]);
}

/* NULL: it cannot be read, which is the result. */
static const struct gl_texts *
texts_of(struct planning *p, enum gl_word word)
{
    if (p->result == GL_PLANNED && p->plans->texts[word] == NULL &&
        lend_texts(p, word) != 0) {
        snprintf(p->ask->why, p->ask->why_len, "%s",
                 gl_account_why(p->ask->reader));
        p->plans->texts[word] = NULL;
        p->result = GL_PLAN_STORAGE;
    }
    return p->result == GL_PLANNED ? gl_shelved_thing(p->plans->texts[word])
                                   : NULL;
}

static const struct gl_values *
values_of(struct planning *p, enum gl_dimension what)
{
    const struct gl_texts *texts = texts_of(p, dimensions[what].word);

    return texts == NULL ? NULL : &texts->columns[dimensions[what].text];
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
    case GL_WORD_LANGUAGE:
        return GL_VISIT_LANGUAGE;
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
    const struct gl_texts *keys = texts_of(p, GL_WORD_PROP_KEY);

    for (uint32_t code = 1; keys != NULL && code < keys->dictionary.codes_n;
         code++)
        if (strcmp(keys->dictionary.text[code], name) == 0)
            return code;
    return 0;
}

static int
entry_column(enum gl_dimension what)
{
    return what == GL_DIMENSION_PAGE       ? GL_VISIT_ENTRY_PATH
           : what == GL_DIMENSION_HOSTNAME ? GL_VISIT_ENTRY_HOST
                                           : -1;
}

static struct gl_place
place_of(struct planning *p, const struct gl_by *by)
{
    struct gl_place place = {.what = by->what,
                             .of_event = dimensions[by->what].of == EVENT,
                             .entry = entry_column(by->what)};

    if (by->what == GL_DIMENSION_PROP)
        place.prop_key = key_of(p, by->prop);
    else if (place.of_event)
        place.column = event_column(by->what);
    else
        place.column = visit_column(by->what);
    return place;
}

/* PLACE, for visits: of a page it is the one they were entered by. */
static struct gl_place
place_of_entry(struct gl_place place)
{
    if (place.entry != -1) {
        place.of_event = 0;
        place.column = place.entry;
    }
    return place;
}

/* ---- axes ---- */

static void
plan_axis(struct planning *p, const struct gl_by *by)
{
    struct gl_axis *axis = &p->plan->axes[p->plan->axes_n++];

    axis->place = (struct gl_place){.what = by->what};
    if (by->what == GL_DIMENSION_TIME)
        return;
    axis->place = place_of(p, by);
    axis->values = values_of(p, by->what);
    p->plan->of_event |= axis->place.of_event;
    if (axis->place.of_event && axis->place.entry == -1)
        p->plan->has_entries = 0;
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

/* Each value is looked at once, however many codes have it. */
static uint8_t *
test_values(struct planning *p, const struct gl_values *values,
            struct gl_match *match)
{
    uint8_t *passes = g_new0(uint8_t, values->n + 1);

    for (uint32_t at = 0; at < values->n && p->result == GL_PLANNED; at++) {
        int passed = gl_match_text(match, values->text[at]);

        passes[at] = passed == 1;
        if (passed < 0) {
            snprintf(p->ask->why, p->ask->why_len,
                     "a regular expression takes too many steps");
            p->result = GL_PLAN_BAD;
        } else if (at % 1024 == 1023 && p->ask->stop(p->ask->arg)) {
            p->result = GL_PLAN_STOPPED;
        }
    }
    return passes;
}

static void
test_codes(struct planning *p, struct gl_test *test,
           const struct gl_values *values, struct gl_match *match)
{
    uint8_t *passes = test_values(p, values, match);

    test->codes_n = values->of.n;
    if (values->of.to == NULL) {
        test->passes = passes;
        return;
    }
    test->passes = g_new(uint8_t, test->codes_n);
    for (uint32_t code = 0; code < test->codes_n; code++)
        test->passes[code] = passes[values->of.to[code]];
    g_free(passes);
}

static void
plan_leaf(struct planning *p, const struct gl_predicate *predicate,
          struct gl_test *test, int entry)
{
    const struct gl_values *values;
    struct gl_match *match;

    if (predicate->op == GL_PREDICATE_SCROLLED) {
        test->scroll = predicate->scroll;
        test->of_event = 1;
        return;
    }
    if (dimensions[predicate->by.what].of == NEITHER) {
        snprintf(p->ask->why, p->ask->why_len, "a filter cannot be on time");
        p->result = GL_PLAN_BAD;
        return;
    }
    values = values_of(p, predicate->by.what);
    match = gl_match_new(predicate, p->ask->why, p->ask->why_len);
    test->place = place_of(p, &predicate->by);
    if (entry)
        test->place = place_of_entry(test->place);
    test->of_event = test->place.of_event;
    if (match == NULL)
        p->result = GL_PLAN_BAD;
    if (p->result == GL_PLANNED)
        test_codes(p, test, values, match);
    gl_match_free(match);
}

/* ENTRY 1 = pages and their hosts are those of entry.  What a visit has done,
 * and the goals it reached, are not asked of where it was entered. */
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
    entry &= predicate->op != GL_PREDICATE_HAS_DONE && !predicate->of_goal;
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
        return entry_column(predicate->by.what) != -1;
    for (guint i = 0; i < predicate->children->len; i++)
        has |= predicate->op != GL_PREDICATE_HAS_DONE && !predicate->of_goal &&
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
        .more = (question->metrics & GL_METRICS_OF_MORE) != 0,
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
              const struct gl_plan_ask *ask)
{
    struct planning p = {.plans = plans, .ask = ask, .result = GL_PLANNED};
    const struct gl_predicate *filter = questions[0]->filter;

    *plans = (struct gl_plans){
        .plan = g_new0(struct gl_plan, n), .n = n, .shelf = ask->shelf};
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

void
gl_plans_fini(struct gl_plans *plans)
{
    g_free(plans->plan);
    test_free(plans->test);
    test_free(plans->entry_test);
    for (int i = 0; i < GL_WORD_KINDS; i++)
        if (plans->texts[i] != NULL)
            gl_shelf_put_back(plans->shelf, plans->texts[i]);
}
