/* A message with its places; see sentence.h. */

#include "summary/sentence.h"

#include <string.h>

#include "domain.h"
#include "language/countries.h"
#include "language/dates.h"
#include "language/numbers.h"
#include "question/range.h"

void
gl_sentence_begin(struct gl_sentence *sentence)
{
    sentence->places = json_object();
    sentence->told = json_object();
}

/* WHERE says TEXT, which is its SOURCE, a KEY (both taken). */
static void
tell(struct gl_sentence *sentence, const char *where, char *text,
     const char *key, json_t *source)
{
    json_object_set_new(sentence->told, where,
                        json_pack("{s:s, s:o}", "text", text, key, source));
    g_free(text);
}

void
gl_sentence_number(struct gl_sentence *sentence, const char *where, int id)
{
    json_t *value = json_integer(gl_ledger_number(sentence->ledger, id));

    tell(sentence, where, gl_say_value(value), "fact", json_integer(id));
    json_object_set_new(sentence->places, where, value);
}

/* TEXT, taken, at WHERE. */
static void
put(struct gl_sentence *sentence, const char *where, char *text,
    const char *key, json_t *source)
{
    json_object_set_new(sentence->places, where, json_string(text));
    tell(sentence, where, text, key, source);
}

void
gl_sentence_percent(struct gl_sentence *sentence, const char *where, int id)
{
    put(sentence, where,
        gl_percent_text((double) gl_ledger_number(sentence->ledger, id), 0),
        "fact", json_integer(id));
}

/* NAME, cut where it is long; the caller's. */
static char *
cut(const char *name)
{
    if (g_utf8_strlen(name, -1) <= GL_SUMMARY_NAME)
        return g_strdup(name);
    return g_strdup_printf(
        "%.*s…",
        (int) (g_utf8_offset_to_pointer(name, GL_SUMMARY_NAME - 1) - name),
        name);
}

static char *
name_of(enum gl_summary_by by, const char *value)
{
    const char *country =
        by == GL_SUMMARY_COUNTRY ? gl_country_name(value) : NULL;

    if (country != NULL)
        return g_strdup(country);
    if (by != GL_SUMMARY_SOURCE)
        return cut(value);
    g_autofree char *shown = gl_domain_shown(gl_say_english(value));
    return cut(shown);
}

void
gl_sentence_name(struct gl_sentence *sentence, const char *where,
                 enum gl_summary_by by, const char *value)
{
    put(sentence, where, name_of(by, value), "name", json_string(value));
}

static json_t *
date_json(int64_t date)
{
    g_autofree char *text = gl_range_date_text(date);
    return json_string(text);
}

void
gl_sentence_date(struct gl_sentence *sentence, const char *where, int64_t date)
{
    put(sentence, where, gl_date_text(date, GL_DATE_WITH_WEEKDAY), "date",
        date_json(date));
}

void
gl_sentence_hour(struct gl_sentence *sentence, const char *where, int hour)
{
    int64_t date = sentence->ledger->of->monday + hour / 24;

    put(sentence, where, gl_date_time_text(date, hour % 24, 0), "date",
        date_json(date));
}

/* ---- the pieces of a text ---- */

struct pieces {
    const struct gl_sentence *sentence;
    json_t *list;
    const char *where; /* the place that was looked at last, or NULL */
    GString *text;     /* of all */
};

static const json_t *
look(void *arg, const char *name)
{
    struct pieces *pieces = arg;

    pieces->where = name;
    return json_object_get(pieces->sentence->places, name);
}

/* A text: of a place, where it is what is told of it; or of the message, as
 * are the forms of a noun behind a number. */
static void
take(void *arg, const char *bytes, size_t len)
{
    struct pieces *pieces = arg;
    json_t *told =
        pieces->where == NULL
            ? NULL
            : json_object_get(pieces->sentence->told, pieces->where);
    const char *text = json_string_value(json_object_get(told, "text"));

    g_string_append_len(pieces->text, bytes, (gssize) len);
    pieces->where = NULL;
    if (text != NULL && strlen(text) == len && memcmp(text, bytes, len) == 0)
        json_array_append(pieces->list, told);
    else
        json_array_append_new(pieces->list,
                              json_pack("{s:s%}", "text", bytes, len));
}

void
gl_sentence_end(struct gl_sentence *sentence, const char *kind,
                enum gl_say which, int goes_on)
{
    static const struct gl_say_to to = {take, take, look};
    struct pieces pieces = {sentence, json_array(), NULL, g_string_new("")};

    gl_say_walk(which, GL_PART_WHOLE, &to, &pieces);
    json_array_append_new(sentence->list,
                          json_pack("{s:s, s:b, s:s, s:o}", "kind", kind,
                                    "goes_on", goes_on, "text",
                                    pieces.text->str, "pieces", pieces.list));
    g_string_free(pieces.text, TRUE);
    json_decref(sentence->places);
    json_decref(sentence->told);
}
