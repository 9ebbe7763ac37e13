/*
 * The words of conditions: condition.def with its gaps filled.
 *
 * Any thread; keeps nothing.
 */

#include "live/condition.h"

#include "language/dates.h"
#include "language/say.h"

#include <glib.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define MINUTE_MS 60000

/* ---- which sentence ---- */

static int
always(const struct gl_condition *c)
{
    (void) c;
    return 1;
}

static int
of_meta(const struct gl_condition *c)
{
    return strcmp(c->account, GL_CONDITION_META) == 0;
}

static int
of_account(const struct gl_condition *c)
{
    return c->account[0] != '\0';
}

static int
rest_is_known(const struct gl_condition *c)
{
    return c->rest_s >= 0;
}

static int
perhaps_more(const struct gl_condition *c)
{
    return !c->at_least && c->at_most > c->count;
}

static int
perhaps_none(const struct gl_condition *c)
{
    return perhaps_more(c) && c->count == 0;
}

static int
uncounted(const struct gl_condition *c)
{
    return c->count == 0;
}

static int
at_least(const struct gl_condition *c)
{
    return c->at_least;
}

/* ---- the table ---- */

struct say {
    int (*holds)(const struct gl_condition *c);
    enum gl_say sentence;
    const char *advice;
};

enum readers { OPERATORS = 0, ALL = 1 };

#define SAY(holds, sentence, advice) {holds, GL_SAY_COND_##sentence, advice},
#define CONDITION(kind, name, grade, readers, ...)                            \
    [GL_CONDITION_##kind] = {name, GL_GRADE_##grade, readers,                 \
                             (const struct say[]){__VA_ARGS__}},

static const struct kind {
    const char *name;
    enum gl_condition_grade grade;
    enum readers readers;
    const struct say *says; /* the last always holds */
} kinds[] = {
#include "live/condition.def"
};

enum gl_condition_grade
gl_condition_grade(const struct gl_condition *condition)
{
    return kinds[condition->kind].grade;
}

int
gl_condition_shown(const struct gl_condition *condition)
{
    return kinds[condition->kind].readers == ALL;
}

static const struct say *
say_of(const struct gl_condition *condition)
{
    const struct say *say = kinds[condition->kind].says;

    while (!say->holds(condition))
        say++;
    return say;
}

/* ---- gaps ---- */

/* "14:05" in ZONE, with the day where it is not today's; without a zone
 * "14:05 UTC".  The caller's (g_free). */
static char *
clock_text(const struct gl_zone *zone, int64_t at_ms, int64_t now_ms)
{
    int64_t ahead_ms = zone == NULL ? 0 : gl_zone_ahead_ms(zone, at_ms);
    int64_t minutes = (at_ms + ahead_ms) / MINUTE_MS % (24 * 60);
    int64_t date = gl_zone_date(zone, at_ms);
    int hour = (int) (minutes / 60), minute = (int) (minutes % 60);
    char *clock = date == gl_zone_date(zone, now_ms)
                      ? gl_time_text(hour, minute)
                      : gl_date_time_text(date, hour, minute);

    if (zone != NULL)
        return clock;
    char *text =
        gl_say_with(GL_SAY_CLOCK_UTC, json_pack("{s:s}", "clock", clock));
    g_free(clock);
    return text;
}

/* From when to when: a text that is put into a sentence; the caller's. */
static json_t *
span_json(const struct gl_condition *c, const char *since, const char *until)
{
    json_t *places = json_pack("{s:s, s:s}", "since", since, "until", until);
    g_autofree char *text =
        gl_say_with(c->until_ms / MINUTE_MS == c->since_ms / MINUTE_MS
                        ? GL_SAY_SPAN_AT
                        : GL_SAY_SPAN_BETWEEN,
                    places);
    return json_string(text);
}

/* To be freed by g_free(). */
static char *
sentence(const struct gl_condition *c, const struct gl_zone *zone,
         int64_t now_ms)
{
    g_autofree char *since = clock_text(zone, c->since_ms, now_ms);
    g_autofree char *until = clock_text(zone, c->until_ms, now_ms);
    return gl_say_with(
        say_of(c)->sentence,
        json_pack("{s:I, s:I, s:I, s:s, s:s, s:o}", "n", (json_int_t) c->count,
                  "most", (json_int_t) c->at_most, "rest",
                  (json_int_t) c->rest_s, "since", since, "until", until,
                  "span", span_json(c, since, until)));
}

json_t *
gl_condition_texts(const struct gl_condition *condition,
                   const struct gl_zone *zone, int64_t now_ms)
{
    enum gl_language before = gl_language_used();
    json_t *texts = json_object();

    for (int i = 0; i < GL_LANGUAGES_N; i++) {
        gl_language_use((enum gl_language) i);
        g_autofree char *text = sentence(condition, zone, now_ms);
        json_object_set_new(texts, gl_language_code((enum gl_language) i),
                            json_string(text));
    }
    gl_language_use(before);
    return texts;
}

/* What the {name} of an advice stands for. */
struct gap {
    const char *name, *text;
};

/* TEMPLATE, an advice, with GAPS, ended by one without a name. */
static char *
fill(const char *template, const struct gap *gaps)
{
    GString *out = g_string_new(template);

    for (; gaps->name != NULL; gaps++)
        g_string_replace(out, gaps->name, gaps->text, 0);
    return g_string_free(out, FALSE);
}

char *
gl_condition_advice(const struct gl_condition *condition,
                    const struct gl_condition_places *places)
{
    const struct gap gaps[] = {
        {"{data}", places->data},
        {"{spool}", places->spool},
        {"{account}", condition->account},
        {"{why}", places->sites_why == NULL ? "" : places->sites_why},
        {"{cluster}", places->cluster_why == NULL ? "" : places->cluster_why},
        {"{lane}", places->lane == NULL ? "" : places->lane},
        {NULL, NULL},
    };
    const char *advice = say_of(condition)->advice;

    return advice == NULL ? NULL : fill(advice, gaps);
}

json_t *
gl_condition_json(const struct gl_condition *condition,
                  const struct gl_zone *zone, int64_t now_ms)
{
    g_autofree char *text = sentence(condition, zone, now_ms);
    json_t *object =
        json_pack("{s:s, s:I, s:s}", "kind", kinds[condition->kind].name,
                  "since", (json_int_t) condition->since_ms, "text", text);

    if (condition->until_ms != 0)
        json_object_set_new(object, "until",
                            json_integer(condition->until_ms));
    if (condition->count != 0)
        json_object_set_new(object, "count",
                            json_integer((json_int_t) condition->count));
    if (perhaps_more(condition))
        json_object_set_new(object, "at_most",
                            json_integer((json_int_t) condition->at_most));
    if (condition->at_least)
        json_object_set_new(object, "at_least", json_true());
    return object;
}
