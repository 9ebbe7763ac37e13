/* Where a dimension is found in a set, and the texts of its codes. */

#include "query/plan/plan_internal.h"

#include <stdio.h>
#include <string.h>

#include "store/account/account.h"

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
lend_texts(struct gl_planning *p, enum gl_word word)
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
texts_of(struct gl_planning *p, enum gl_word word)
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

const struct gl_values *
gl_plan_values_(struct gl_planning *p, enum gl_dimension what)
{
    const struct gl_texts *texts = texts_of(p, dimensions[what].word);

    return texts == NULL ? NULL : &texts->columns[dimensions[what].text];
}

/* ---- places ---- */

int
gl_plan_has_place_(enum gl_dimension what)
{
    return dimensions[what].of != NEITHER;
}

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
key_of(struct gl_planning *p, const char *name)
{
    const struct gl_texts *keys = texts_of(p, GL_WORD_PROP_KEY);

    for (uint32_t code = 1; keys != NULL && code < keys->dictionary.codes_n;
         code++)
        if (strcmp(keys->dictionary.text[code], name) == 0)
            return code;
    return 0;
}

int
gl_plan_entry_column_(enum gl_dimension what)
{
    return what == GL_DIMENSION_PAGE       ? GL_VISIT_ENTRY_PATH
           : what == GL_DIMENSION_HOSTNAME ? GL_VISIT_ENTRY_HOST
                                           : -1;
}

struct gl_place
gl_plan_place_(struct gl_planning *p, const struct gl_by *by)
{
    struct gl_place place = {.what = by->what,
                             .of_event = dimensions[by->what].of == EVENT,
                             .entry = gl_plan_entry_column_(by->what)};

    if (by->what == GL_DIMENSION_PROP)
        place.prop_key = key_of(p, by->prop);
    else if (place.of_event)
        place.column = event_column(by->what);
    else
        place.column = visit_column(by->what);
    return place;
}

/* PLACE, for visits: of a page it is the one they were entered by. */
struct gl_place
gl_plan_place_of_entry_(struct gl_place place)
{
    if (place.entry != -1) {
        place.of_event = 0;
        place.column = place.entry;
    }
    return place;
}
