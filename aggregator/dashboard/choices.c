/* What a page lets one choose, as links and small forms; see parts.h. */

#include "dashboard/parts.h"

#include <stdlib.h>
#include <string.h>

#include "dashboard/languages.h"
#include "dashboard/filter_said.h"
#include "dashboard/names.h"
#include "dashboard/offers.h"
#include "language/dates.h"

static void
set_text(json_t *view, const char *key, char *text)
{
    json_object_set_new(view, key,
                        text == NULL ? json_null() : json_string(text));
    g_free(text);
}

/* ---- period ---- */

static json_t *
period_view(const struct gl_page *page)
{
    const struct gl_period *period = &page->period;
    json_t *view = json_pack("{s:o, s:o}", "menu",
                             gl_period_menu(period, page->address), "fields",
                             gl_address_fields(page->address, "period", "date",
                                               "from", "to", "page", NULL));

    set_text(view, "text", gl_period_text(period));
    set_text(view, "days", gl_period_when_text(period));
    set_text(view, "earlier", gl_period_beside(period, page->address, -1));
    set_text(view, "later", gl_period_beside(period, page->address, 1));
    set_text(view, "from", gl_range_date_text(period->first));
    set_text(view, "to", gl_range_date_text(period->last));
    return view;
}

/* ---- comparison ---- */

static const struct {
    const char *mode, *weekdays;
    enum gl_say text;
} compared[] = {
    {"previous_period", NULL, GL_SAY_PREVIOUS_PERIOD},
    {"previous_period", "1", GL_SAY_PREVIOUS_WEEKDAYS},
    {"year_over_year", NULL, GL_SAY_YEAR_BEFORE},
    {"year_over_year", "1", GL_SAY_YEAR_WEEKDAYS},
    {"off", NULL, GL_SAY_NOTHING},
};

static json_t *
compare_view(const struct gl_page *page)
{
    const char *mode = gl_page_compare(page);
    const char *weekdays = gl_address_get(page->address, "weekdays");
    json_t *menu = json_array();
    json_t *view = json_pack(
        "{s:o, s:o, s:s, s:b, s:s?, s:s?}", "menu", menu, "fields",
        gl_address_fields(page->address, "compare", "compare_from",
                          "compare_to", "weekdays", NULL),
        "text", gl_say(GL_SAY_CUSTOM_PERIOD), "off", strcmp(mode, "off") == 0,
        "from", gl_address_get(page->address, "compare_from"), "to",
        gl_address_get(page->address, "compare_to"));

    for (size_t i = 0; i < G_N_ELEMENTS(compared); i++) {
        int current = strcmp(mode, compared[i].mode) == 0 &&
                      (weekdays == NULL || strcmp(mode, "off") == 0) ==
                          (compared[i].weekdays == NULL);
        g_autofree char *href =
            gl_address_with(page->address, "compare", compared[i].mode,
                            "weekdays", compared[i].weekdays, "compare_from",
                            NULL, "compare_to", NULL, NULL);

        json_array_append_new(menu, json_pack("{s:s, s:s, s:b}", "text",
                                              gl_say(compared[i].text), "href",
                                              href, "current", current));
        if (current)
            json_object_set_new(view, "text",
                                json_string(gl_say(compared[i].text)));
    }
    return view;
}

/* "2026-10-01T..." */
static int
read_day(const json_t *text, int64_t *date)
{
    g_autofree char *day = g_strndup(json_string_value(text) ?: "", 10);
    return gl_range_read_date(day, date);
}

int
gl_choice_before_days(const json_t *answer, int64_t *first, int64_t *last)
{
    const json_t *include =
        json_object_get(json_object_get(answer, "query"), "include");
    const json_t *range =
        json_object_get(json_object_get(include, "comparisons"), "date_range");

    return read_day(json_array_get(range, 0), first) &&
           read_day(json_array_get(range, 1), last);
}

char *
gl_choice_before(const json_t *answer)
{
    int64_t first, last;

    return gl_choice_before_days(answer, &first, &last)
               ? gl_date_span_text(first, last)
               : NULL;
}

/* ---- filters ---- */

/* A segment by its name.  The caller's. */
static char *
value_text(const struct gl_page *page, const char *dimension,
           const char *value)
{
    const json_t *segment =
        strcmp(dimension, "segment") == 0
            ? gl_offer_numbered(page->offers, "segment", value)
            : NULL;

    return segment == NULL
               ? gl_name_of_value(dimension, value)
               : g_strdup(json_string_value(json_object_get(segment, "name")));
}

static char *
values_text(const struct gl_page *page, const char *dimension,
            const json_t *values)
{
    GString *text = g_string_new("");
    const json_t *value;
    size_t i;

    json_array_foreach (values, i, value) {
        g_autofree char *one =
            value_text(page, dimension, json_string_value(value));

        g_string_append_printf(text, "%s%s%s%s", i == 0 ? "" : " ",
                               i == 0 ? "" : gl_say(GL_SAY_OR),
                               i == 0 ? "" : " ", one);
    }
    return g_string_free(text, FALSE);
}

static json_t *
part_view(const struct gl_page *page, size_t i)
{
    json_auto_t *filter = gl_address_filter(page->address, i);
    const char *how = json_string_value(json_array_get(filter, 0));
    const char *dimension = json_string_value(json_array_get(filter, 1));
    json_t *view =
        json_pack("{s:s, s:s, s:b}", "what", gl_name_of_dimension(dimension),
                  "how", gl_filter_said_operator(how), "or", 0);

    set_text(view, "values",
             values_text(page, dimension, json_array_get(filter, 2)));
    set_text(view, "without", gl_address_unfiltered(page->address, i));
    return view;
}

/* The chip of GROUP, which is not 0; NULL: it has none yet. */
static json_t *
chip_of(const json_t *chips, int group)
{
    const json_t *chip;
    size_t i;

    json_array_foreach (chips, i, chip)
        if (group != 0 &&
            json_integer_value(json_object_get(chip, "group")) == group)
            return json_object_get(chip, "parts");
    return NULL;
}

/* {number: of its first filter, parts}; one for those of which one is enough.
 */
static json_t *
chips_view(const struct gl_page *page)
{
    json_t *chips = json_array();

    for (size_t i = 0; i < gl_address_filters(page->address); i++) {
        int group = gl_address_group(page->address, i);
        json_t *parts = chip_of(chips, group), *part = part_view(page, i);

        if (parts == NULL) {
            parts = json_array();
            json_array_append_new(
                chips, json_pack("{s:i, s:o, s:o}", "group", group, "number",
                                 json_sprintf("%zu", i), "parts", parts));
        } else {
            json_object_set_new(part, "or", json_true());
        }
        json_array_append_new(parts, part);
    }
    return chips;
}

/* Segments that are kept: {list: [{text, href}]}, or null. */
static json_t *
segments_view(const struct gl_page *page)
{
    const json_t *segments = json_object_get(page->offers, "segment"), *one;
    json_t *list = json_array();
    size_t i;

    json_array_foreach (segments, i, one) {
        g_autofree char *id =
            g_strdup_printf("%" JSON_INTEGER_FORMAT,
                            json_integer_value(json_object_get(one, "id")));
        g_autofree char *href =
            gl_address_filtered(page->address, "segment", id);

        json_array_append_new(list, json_pack("{s:O, s:s}", "text",
                                              json_object_get(one, "name"),
                                              "href", href));
    }
    if (i > 0)
        return json_pack("{s:o}", "list", list);
    json_decref(list);
    return json_null();
}

/* What a segment of these filters is made of: the filters, as JSON, and the
 * rest of the address, to go back to. */
static json_t *
keep_view(const struct gl_page *page)
{
    json_auto_t *filters = gl_page_filters(page);
    char *text = json_dumps(filters, JSON_COMPACT);
    g_autofree char *back = gl_address_unfiltered_all(page->address);
    json_t *view = json_pack("{s:s?, s:s}", "filters", text, "back", back + 1);

    free(text);
    return view;
}

static json_t *
filter_view(const struct gl_page *page)
{
    size_t n = gl_address_filters(page->address);
    json_t *view =
        json_pack("{s:o, s:b, s:b, s:o, s:o, s:o, s:o}", "chips",
                  chips_view(page), "some", n > 1, "any", n > 0, "segments",
                  segments_view(page), "dimensions", gl_name_dimensions(),
                  "operators", gl_filter_said_operators(), "fields",
                  gl_address_fields(page->address, "page", NULL));

    set_text(view, "without", gl_address_unfiltered_all(page->address));
    if (n > 0)
        json_object_set_new(view, "keep", keep_view(page));
    return view;
}

void
gl_choices_view(const struct gl_page *page, json_t *view)
{
    json_object_set_new(view, "period", period_view(page));
    json_object_set_new(view, "compare", compare_view(page));
    json_object_set_new(view, "filter", filter_view(page));
    json_object_set_new(view, "languages", gl_languages_view(page->address));
}
