/* A site's days as totals, a day a call; see totals.h. */

#include "export/totals.h"

#include <string.h>

#include "calls/answer.h"
#include "export/day.h"
#include "question/range.h"
#include "store/rows/rows.h"

struct totals {
    struct gl_export_day day;
    struct gl_export_dates dates; /* cut to those with events */
    int64_t date;
};

/* ---- the answer ---- */

static int
compare_lines(const void *left, const void *right)
{
    return strcmp(*(const char *const *) left, *(const char *const *) right);
}

static json_t *
table_json(const struct totals *totals, int table)
{
    const struct gl_day_column *column = gl_day_tables[table].columns;
    GString *text = g_string_new("");
    json_t *json;

    if (totals->date == totals->dates.from) {
        g_string_append(text, "date");
        for (; column->name != NULL; column++)
            g_string_append_printf(text, ",%s", column->name);
        g_string_append_c(text, '\n');
    }
    g_ptr_array_sort(totals->day.lines[table], compare_lines);
    for (guint i = 0; i < totals->day.lines[table]->len; i++)
        g_string_append_printf(
            text, "%s\n",
            (char *) g_ptr_array_index(totals->day.lines[table], i));
    json = json_stringn(text->str, text->len);
    g_string_free(text, TRUE);
    return json;
}

static void
put_date(json_t *json, const char *key, int64_t date)
{
    char *text = gl_range_date_text(date);

    json_object_set_new(json, key, json_string(text));
    g_free(text);
}

static int
respond(const struct totals *totals)
{
    json_t *tables = json_object();

    for (int i = 0; i < GL_DAY_TABLES_N; i++)
        json_object_set_new(tables, gl_day_tables[i].name,
                            table_json(totals, i));
    *totals->day.answer = json_pack("{s:o}", "tables", tables);
    put_date(*totals->day.answer, "first", totals->dates.from);
    put_date(*totals->day.answer, "last", totals->dates.to);
    if (totals->date < totals->dates.to)
        put_date(*totals->day.answer, "next", totals->date + 1);
    return 200;
}

static int
ask_day(struct totals *totals)
{
    struct gl_export_day *day = &totals->day;
    char *date = gl_range_date_text(totals->date);
    int status;

    day->date = date;
    day->from_ms = gl_zone_date_begins(totals->dates.zone, totals->date);
    day->to_ms = gl_zone_date_begins(totals->dates.zone, totals->date + 1);
    for (int i = 0; i < GL_DAY_TABLES_N; i++)
        day->lines[i] = g_ptr_array_new_with_free_func(g_free);
    status = gl_export_day_(day);
    if (status == 0)
        status = respond(totals);
    for (int i = 0; i < GL_DAY_TABLES_N; i++)
        g_ptr_array_free(day->lines[i], TRUE);
    g_free(date);
    return status;
}

/* Dates before the first row and after the last one have nothing.  0, or a
 * status. */
static int
cut_dates(struct totals *totals)
{
    struct gl_export_dates *dates = &totals->dates;
    int64_t oldest, newest, today;
    int found = gl_account_read(totals->day.reader) != 0
                    ? -1
                    : gl_account_oldest_day(totals->day.reader,
                                            totals->day.site->id, &oldest);

    if (found == 1)
        found = gl_account_newest_day(totals->day.reader, totals->day.site->id,
                                      &newest);
    if (found < 0)
        return gl_verb_storage_(totals->day.answer,
                                gl_account_why(totals->day.reader));
    today = gl_zone_date(dates->zone, gl_clock_now_ms());
    if (found == 0)
        oldest = newest = gl_day_of(gl_clock_now_ms());
    dates->from =
        MAX(dates->from, gl_zone_date(dates->zone, oldest * GL_DAY_MS));
    dates->to = MIN(dates->to,
                    gl_zone_date(dates->zone, (newest + 1) * GL_DAY_MS - 1));
    dates->to = MIN(dates->to, MAX(today, dates->from));
    dates->to = MAX(dates->to, dates->from);
    return 0;
}

static int
read_date(struct totals *totals, const char *date)
{
    totals->date = totals->dates.from;
    if (date != NULL && !gl_range_read_date(date, &totals->date))
        return gl_verb_refuse_(totals->day.answer, 400, "\"date\" is no date");
    return totals->date >= totals->dates.from &&
                   totals->date <= totals->dates.to
               ? 0
               : gl_verb_refuse_(totals->day.answer, 409,
                                 "the site has no events of that day any "
                                 "more; begin again");
}

int
gl_export_totals(const struct gl_query_view *view,
                 const struct gl_meta_site *site,
                 const struct gl_export_range *range, const char *date,
                 json_t **answer)
{
    struct totals totals = {.day = {.view = view,
                                    .site = site,
                                    .begun_us = g_get_monotonic_time(),
                                    .answer = answer}};
    int status = gl_export_dates_read(range, site, &totals.dates, answer);

    if (status != 0)
        return status;
    totals.day.reader = gl_meta_account_reader(view->meta, site->account);
    status = totals.day.reader == NULL
                 ? gl_verb_refuse_(answer, 500, "out of memory")
                 : cut_dates(&totals);
    if (status == 0)
        status = read_date(&totals, date);
    if (status == 0)
        status = ask_day(&totals);
    gl_account_reader_free(totals.day.reader);
    gl_zone_free(totals.dates.zone);
    return status;
}
