/* Receipts of numbers; see ledger.h. */

#include "summary/ledger.h"

#include <math.h>
#include <stdlib.h>

#include "gl_assert.h"
#include "question/range.h"
#include "summary/usual.h"

void
gl_ledger_init(struct gl_ledger *ledger, const struct gl_summary_of *of,
               const struct gl_summary_facts *facts)
{
    ledger->of = of;
    ledger->facts = facts;
    ledger->list = json_array();
    ledger->known =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

json_t *
gl_ledger_fini(struct gl_ledger *ledger)
{
    g_hash_table_destroy(ledger->known);
    return ledger->list;
}

json_int_t
gl_ledger_number(const struct gl_ledger *ledger, int id)
{
    GL_ASSERT(id >= 0 && (size_t) id < json_array_size(ledger->list));
    return json_integer_value(
        json_object_get(json_array_get(ledger->list, (size_t) id), "value"));
}

/* The fact WHAT (taken), or -1: it is not known yet. */
static int
known(const struct gl_ledger *ledger, char *what)
{
    gpointer found = g_hash_table_lookup(ledger->known, what);

    if (found != NULL)
        g_free(what);
    return GPOINTER_TO_INT(found) - 1;
}

/* A new one, WHAT and FACT (both taken) with VALUE. */
static int
add(struct gl_ledger *ledger, char *what, double value, json_t *fact)
{
    int id = (int) json_array_size(ledger->list);
    json_t *whole = json_pack("{s:i, s:I}", "id", id, "value",
                              (json_int_t) llround(value));

    json_object_update(whole, fact);
    json_decref(fact);
    json_array_append_new(ledger->list, whole);
    g_hash_table_insert(ledger->known, what, GINT_TO_POINTER(id + 1));
    return id;
}

/* ---- answers ---- */

int
gl_ledger_visitors(struct gl_ledger *ledger, int week)
{
    char *what = g_strdup_printf("visitors %d", week);
    int id = known(ledger, what);

    if (id >= 0)
        return id;
    return add(
        ledger, what, ledger->facts->visitors[week],
        json_pack("{s:o, s:[]}", "query",
                  gl_summary_receipt(ledger->of, week, "visitors", NULL),
                  "row"));
}

int
gl_ledger_day(struct gl_ledger *ledger, int week, int day)
{
    char *what = g_strdup_printf("day %d %d", week, day);
    int id = known(ledger, what);

    if (id >= 0)
        return id;
    g_autofree char *date =
        gl_range_date_text(ledger->of->monday - 7 * week + day);
    id = add(
        ledger, what, ledger->facts->days[week][day],
        json_pack("{s:o, s:[s]}", "query",
                  gl_summary_receipt(ledger->of, week, "visitors", "time:day"),
                  "row", date));
    return id;
}

int
gl_ledger_hours(struct gl_ledger *ledger, int week, int from, int to)
{
    char *what = g_strdup_printf("hours %d %d %d", week, from, to);
    int id = known(ledger, what);
    double sum = 0;

    if (id >= 0)
        return id;
    for (int hour = from; hour < to; hour++)
        sum += fmax(ledger->facts->hours[week][hour], 0);
    g_autofree char *first = gl_summary_hour_text(ledger->of, week, from);
    g_autofree char *end = gl_summary_hour_text(ledger->of, week, to);
    id = add(ledger, what, sum,
             json_pack("{s:o, s:s, s:s}", "query",
                       gl_summary_receipt(ledger->of, week, "pageviews",
                                          "time:hour"),
                       "from", first, "to", end));
    return id;
}

int
gl_ledger_most(struct gl_ledger *ledger)
{
    char *what = g_strdup("most");
    int id = known(ledger, what);

    if (id >= 0)
        return id;
    return add(ledger, what, ledger->facts->most,
               json_pack("{s:o, s:[s]}", "query",
                         gl_summary_past_receipt(ledger->of), "row",
                         ledger->facts->most_week));
}

/* Events of bots: of all, KEY NULL, or those called TEXT. */
static json_t *
bots_json(const struct gl_ledger *ledger, int week, const char *key,
          const char *text)
{
    int64_t monday = ledger->of->monday - 7 * week;
    g_autofree char *first = gl_range_date_text(monday);
    g_autofree char *last = gl_range_date_text(monday + 6);
    json_t *bots = json_pack("{s:s, s:s}", "first", first, "last", last);

    if (key != NULL)
        json_object_set_new(bots, key, json_string(text));
    return json_pack("{s:o}", "bots", bots);
}

int
gl_ledger_bots(struct gl_ledger *ledger, int week)
{
    char *what = g_strdup_printf("bots %d", week);
    int id = known(ledger, what);

    return id >= 0 ? id
                   : add(ledger, what, ledger->facts->bots[week],
                         bots_json(ledger, week, NULL, NULL));
}

int
gl_ledger_served(struct gl_ledger *ledger, int week, const char *who)
{
    const struct gl_summary_facts *facts = ledger->facts;
    char *what = g_strdup_printf("served %d %s", week, who);
    int64_t monday = ledger->of->monday - 7 * week;
    int id = known(ledger, what);

    if (id >= 0)
        return id;
    g_autofree char *first = gl_range_date_text(monday);
    g_autofree char *last = gl_range_date_text(monday + 6);
    id = add(ledger, what,
             strcmp(who, "served") == 0 ? facts->served[week]
                                        : facts->blocks[week],
             json_pack("{s:{s:s, s:s, s:s}}", "served", "first", first, "last",
                       last, "who", who));
    return id;
}

int
gl_ledger_value(struct gl_ledger *ledger, enum gl_summary_by by,
                const struct gl_summary_value *value, int week)
{
    char *what = g_strdup_printf("by %d %d %s", (int) by, week, value->text);
    const char *dimension = gl_summary_dimension(by);
    int id = known(ledger, what);

    if (id >= 0)
        return id;
    return add(ledger, what, value->n[week],
               dimension == NULL
                   ? bots_json(ledger, week,
                               by == GL_SUMMARY_BOT ? "bot" : "kind",
                               value->text)
                   : json_pack("{s:o, s:[s]}", "query",
                               gl_summary_receipt(ledger->of, week, "visitors",
                                                  dimension),
                               "row", value->text));
}

/* ---- what is made of others ---- */

int
gl_ledger_usual(struct gl_ledger *ledger, gl_ledger_of_week *of_week,
                const void *arg)
{
    double numbers[GL_SUMMARY_WEEKS];
    json_auto_t *ids = json_array();
    int weeks = ledger->facts->weeks, id;

    GL_ASSERT(weeks > 1);
    for (int week = 1; week < weeks; week++) {
        id = of_week(ledger, week, arg);
        numbers[week - 1] = (double) gl_ledger_number(ledger, id);
        json_array_append_new(ids, json_integer(id));
    }
    char *dumped = json_dumps(ids, JSON_COMPACT);
    char *what = g_strdup(dumped);
    free(dumped);
    id = known(ledger, what);
    if (id < 0)
        id = add(ledger, what, floor(gl_median(numbers, weeks - 1) + 0.5),
                 json_pack("{s:s, s:O}", "of", "median", "facts", ids));
    return id;
}

static double
made(const char *how, double a, double b)
{
    if (how[0] == 'd')
        return a - b;
    return floor((how[0] == 'p' ? fabs(a - b) : a) / b * 100 + 0.5);
}

int
gl_ledger_made(struct gl_ledger *ledger, const char *how, int a, int b)
{
    char *what = g_strdup_printf("%s %d %d", how, a, b);
    int id = known(ledger, what);

    return id >= 0
               ? id
               : add(ledger, what,
                     made(how, (double) gl_ledger_number(ledger, a),
                          (double) gl_ledger_number(ledger, b)),
                     json_pack("{s:s, s:[i, i]}", "of", how, "facts", a, b));
}
