/*
 * The words of conditions: condition.def with its gaps filled.
 *
 * Any thread; keeps nothing.
 */

#include "live/condition.h"

#include "number.h"

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
    const char *sentence, *advice;
};

enum readers { OPERATORS = 0, ALL = 1 };

#define SAY(holds, sentence, advice) {holds, sentence, advice},
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

/* What the {name} of a text stands for. */
struct gap {
    const char *name, *text;
    int one; /* a number, and it is 1 */
};

/* "{n}", or "{n:event was|events were}", whose end is END. */
static void
put_gap(GString *out, const struct gap *gaps, const char *at, const char *end)
{
    size_t len = strcspn(at, ":}");
    const char *one = at + len + 1, *many = strchr(at, '|');

    while (gaps->name != NULL &&
           (strncmp(gaps->name, at, len) != 0 || gaps->name[len] != '\0'))
        gaps++;
    if (gaps->name == NULL)
        g_string_append_len(out, at - 1, end - at + 2); /* none of ours */
    else if (at[len] == '}')
        g_string_append(out, gaps->text);
    else if (gaps->one)
        g_string_append_len(out, one, many - one);
    else
        g_string_append_len(out, many + 1, end - many - 1);
}

/* TEMPLATE, a text of the table, with GAPS, ended by one without a name. */
static char *
fill(const char *template, const struct gap *gaps)
{
    GString *out = g_string_new(NULL);
    const char *open;

    while ((open = strchr(template, '{')) != NULL) {
        const char *end = strchr(open, '}');

        g_string_append_len(out, template, open - template);
        put_gap(out, gaps, open + 1, end);
        template = end + 1;
    }
    g_string_append(out, template);
    return g_string_free(out, FALSE);
}

#define CLOCK_MAX (GL_ZONE_CLOCK_MAX + 4) /* " UTC" */

/* "14:05" in ZONE; without one "14:05 UTC". */
static void
put_clock(char clock[CLOCK_MAX], const struct gl_zone *zone, int64_t at_ms,
          int64_t now_ms)
{
    gl_zone_clock(zone, at_ms, now_ms, clock);
    if (zone == NULL)
        strcat(clock, " UTC");
}

/* To be freed by g_free(). */
static char *
sentence(const struct gl_condition *c, const struct gl_zone *zone,
         int64_t now_ms)
{
    char since[CLOCK_MAX], until[CLOCK_MAX], span[3 * CLOCK_MAX];
    char n[GL_NUMBER_MAX], most[GL_NUMBER_MAX], rest[GL_NUMBER_MAX];
    const struct gap gaps[] = {
        {"n", n, c->count == 1}, {"most", most, c->at_most == 1},
        {"rest", rest, 0},       {"since", since, 0},
        {"until", until, 0},     {"span", span, 0},
        {NULL, NULL, 0},
    };

    gl_number(n, (int64_t) c->count);
    gl_number(most, (int64_t) c->at_most);
    gl_number(rest, c->rest_s);
    put_clock(since, zone, c->since_ms, now_ms);
    put_clock(until, zone, c->until_ms, now_ms);
    if (c->until_ms / MINUTE_MS == c->since_ms / MINUTE_MS)
        snprintf(span, sizeof span, "at %s", since);
    else
        snprintf(span, sizeof span, "between %s and %s", since, until);
    return fill(say_of(c)->sentence, gaps);
}

char *
gl_condition_advice(const struct gl_condition *condition,
                    const struct gl_condition_places *places)
{
    const struct gap gaps[] = {
        {"data", places->data, 0},
        {"spool", places->spool, 0},
        {"account", condition->account, 0},
        {"why", places->sites_why, 0},
        {NULL, NULL, 0},
    };
    const char *advice = say_of(condition)->advice;

    return advice == NULL ? NULL : fill(advice, gaps);
}

json_t *
gl_condition_json(const struct gl_condition *condition,
                  const struct gl_zone *zone, int64_t now_ms)
{
    char *text = sentence(condition, zone, now_ms);
    json_t *object =
        json_pack("{s:s, s:I, s:s}", "kind", kinds[condition->kind].name,
                  "since", (json_int_t) condition->since_ms, "text", text);

    g_free(text);
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
