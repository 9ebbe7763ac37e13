/* A message with its places; see sentence.h. */

#include "summary/sentence.h"

#include <string.h>

#include "domain.h"
#include "language/countries.h"
#include "language/dates.h"
#include "language/numbers.h"
#include "question/range.h"
#include "summary/tell.h"

void
gl_sentence_begin(struct gl_sentence *sentence)
{
    sentence->places = json_object();
    sentence->told = json_array();
}

/* TEXT, KEY and its SOURCE (all taken) are at a place. */
static void
tell(struct gl_sentence *sentence, char *text, const char *key, json_t *source)
{
    json_array_append_new(sentence->told,
                          json_pack("{s:s, s:o}", "text", text, key, source));
    g_free(text);
}

void
gl_sentence_number(struct gl_sentence *sentence, const char *where, int id)
{
    json_t *value = json_integer(gl_ledger_number(sentence->ledger, id));

    tell(sentence, gl_say_value(value), "fact", json_integer(id));
    json_object_set_new(sentence->places, where, value);
}

/* TEXT, taken, at WHERE. */
static void
put(struct gl_sentence *sentence, const char *where, char *text,
    const char *key, json_t *source)
{
    json_object_set_new(sentence->places, where, json_string(text));
    tell(sentence, text, key, source);
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
    char *shown, *text;

    if (country != NULL)
        return g_strdup(country);
    if (by != GL_SUMMARY_SOURCE)
        return cut(value);
    shown = gl_domain_shown(gl_say_english(value));
    text = cut(shown);
    g_free(shown);
    return text;
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
    char *text = gl_range_date_text(date);
    json_t *json = json_string(text);

    g_free(text);
    return json;
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

void
gl_sentence_end(struct gl_sentence *sentence, const char *kind,
                enum gl_say which, int goes_on)
{
    char *text = gl_say_with(which, sentence->places);

    json_array_append_new(sentence->list,
                          json_pack("{s:s, s:b, s:s, s:o}", "kind", kind,
                                    "goes_on", goes_on, "text", text, "places",
                                    sentence->told));
    g_free(text);
}
