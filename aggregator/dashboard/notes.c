/* Annotations on the chart; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

static int64_t
date_of(const json_t *label)
{
    g_autofree char *text =
        g_strndup(json_string_value(label), strlen("2026-11-28"));
    int64_t date = 0;

    gl_range_read_date(text, &date);
    return date;
}

/* The first point of DATE, else the last before it: its week or month; -1:
 * none is. */
static int
point_of(const struct gl_page *page, const json_t *labels, int64_t date)
{
    int found = -1;
    const json_t *label;
    size_t i;

    if (date < page->period.first || date > page->period.last)
        return -1;
    json_array_foreach (labels, i, label) {
        int64_t begins = date_of(label);

        if (begins > date)
            break;
        if (found == -1 || begins > date_of(json_array_get(labels, found)))
            found = (int) i;
    }
    return found;
}

static json_t *
note_view(const json_t *body, int64_t date, double x, size_t n)
{
    g_autofree char *day = gl_period_day_text(date, 0);
    return json_pack("{s:I, s:o, s:s, s:O}", "n", (json_int_t) n, "x",
                     json_sprintf("%.2f", x), "day", day, "text",
                     json_object_get(body, "text"));
}

json_t *
gl_notes_view(const struct gl_page *page, const json_t *answer)
{
    const json_t *labels =
        json_object_get(json_object_get(answer, "meta"), "time_labels");
    const json_t *all = json_object_get(page->offers, "annotation"), *one;
    json_t *list = json_array();
    size_t i;

    json_array_foreach (all, i, one) {
        const json_t *body = json_object_get(one, "body");
        const char *text = json_string_value(json_object_get(body, "date"));
        int64_t date;
        int at = text != NULL && gl_range_read_date(text, &date)
                     ? point_of(page, labels, date)
                     : -1;

        if (at >= 0)
            json_array_append_new(
                list,
                note_view(body, date,
                          100 * (at + 0.5) / (double) json_array_size(labels),
                          json_array_size(list) + 1));
    }
    if (json_array_size(list) > 0)
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}
