/* What each point of the chart stands for; see parts.h. */

#include "dashboard/parts.h"

#include <string.h>

#define DATE_LEN 10 /* "2026-11-28" */
#define SECOND_MS 1000

static json_t *
span(const char *from, const char *to)
{
    return json_pack("{s:s, s:s}", "from", from, "to", to);
}

/* Of labels "2026-11-28 14:00:00", "2026-11-28 14:01:00", and so on. */
static enum gl_step
step_of(const json_t *labels)
{
    const char *second = json_string_value(json_array_get(labels, 1));

    return second != NULL &&
                   strncmp(second + strlen("2026-11-28 14:"), "00", 2) != 0
               ? GL_STEP_MINUTE
               : GL_STEP_HOUR;
}

/* Hours and minutes begin where the engine's do. */
static json_t *
hours(const struct gl_page *page, const json_t *labels)
{
    size_t n = json_array_size(labels);
    json_t *list = json_array();
    json_auto_t *words = gl_period_range(&page->period);
    const struct gl_zone *zone = page->when->zone;
    struct gl_buckets buckets = {0};
    struct gl_time_range range;

    if (gl_range_read(words, page->when, &range) == NULL)
        gl_range_buckets(zone, &range, step_of(labels), &buckets);
    for (size_t i = 0;
         buckets.edges != NULL && i < n && i + 1 < buckets.edges->len; i++) {
        g_autofree char *from =
            gl_range_text(zone, g_array_index(buckets.edges, int64_t, i));
        g_autofree char *to = gl_range_text(
            zone, g_array_index(buckets.edges, int64_t, i + 1) - SECOND_MS);

        json_array_append_new(list, span(from, to));
    }
    gl_buckets_fini(&buckets);
    return list;
}

static json_t *
days(const struct gl_page *page, const json_t *labels)
{
    size_t n = json_array_size(labels);
    json_t *list = json_array();

    for (size_t i = 0; i < n; i++) {
        const char *label = json_string_value(json_array_get(labels, i));
        int64_t last = page->period.last, next;

        if (i + 1 < n &&
            gl_range_read_date(
                json_string_value(json_array_get(labels, i + 1)), &next))
            last = next - 1;
        g_autofree char *to = gl_range_date_text(last);
        json_array_append_new(list, span(label, to));
    }
    return list;
}

json_t *
gl_spans(const struct gl_page *page, const json_t *labels)
{
    const char *first = json_string_value(json_array_get(labels, 0));

    return first != NULL && strlen(first) > DATE_LEN ? hours(page, labels)
                                                     : days(page, labels);
}
