/* The headline numbers, each beside what it was; see parts.h. */

#include "dashboard/parts.h"

#include <math.h>

#include "dashboard/figures.h"
#include "language/numbers.h"

/* The metric I of ROW, or of its comparison. */
static double
number_at(const json_t *row, size_t i)
{
    return gl_figure_number(
        json_array_get(json_object_get(row, "metrics"), i));
}

static int
is_share(const struct gl_figure *figure)
{
    return figure->kind == GL_FIGURE_SHARE || figure->kind == GL_FIGURE_RATE;
}

/* "12%", "×12", or "12 points". */
static char *
change_text(const struct gl_figure *figure, double n, double now, double was)
{
    g_autofree char *number =
        gl_number_text(is_share(figure) ? fabs(n) : now / was,
                       figure->kind == GL_FIGURE_RATE ? 1 : 0);

    if (is_share(figure))
        return gl_say_with(GL_SAY_POINTS, json_pack("{s:s}", "n", number));
    return gl_is_times(now, was) ? g_strdup_printf("\u00d7%s", number)
                                 : gl_percent_text(fabs(n), 0);
}

json_t *
gl_change_view(const struct gl_figure *figure, const json_t *row, size_t i)
{
    const json_t *before = json_object_get(row, "comparison");
    const json_t *change =
        json_array_get(json_object_get(before, "change"), i);
    double n = json_number_value(change);
    double now = number_at(row, i), was = number_at(before, i);

    if (!json_is_number(change) ||
        (was == 0 && (now == 0 || !is_share(figure))))
        return json_null();
    g_autofree char *text = change_text(figure, n, now, was);
    return json_pack("{s:s, s:b, s:b, s:b, s:b}", "text", text, "up", n > 0,
                     "down", n < 0, "good",
                     n != 0 && (n > 0) != figure->less_is_better, "bad",
                     n != 0 && (n > 0) == figure->less_is_better);
}

/* A share or a mean of no visit is no number. */
static const json_t *
known(const struct gl_page *page, size_t i, const json_t *metrics)
{
    size_t visits = gl_figure_find(&page->figures, "visits");

    return visits > 0 && page->figures.one[i].kind != GL_FIGURE_COUNT &&
                   json_integer_value(json_array_get(metrics, visits)) == 0
               ? NULL
               : json_array_get(metrics, i);
}

static json_t *
card(const struct gl_page *page, size_t i, const json_t *row)
{
    const struct gl_figure *figure = &page->figures.one[i];
    const json_t *before = json_object_get(row, "comparison");
    const json_t *was = json_object_get(before, "metrics");
    const json_t *now = known(page, i, json_object_get(row, "metrics"));
    g_autofree char *value = gl_figure_text(figure->kind, now);
    g_autofree char *href =
        gl_address_with(page->address, "metric", figure->metric, NULL);
    json_t *view = json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:b}", "metric", figure->metric, "text",
        gl_say(figure->text), "href", href, "value", value, "long",
        gl_figure_is_long(value), "current",
        gl_figure_find(&page->figures,
                       gl_address_get(page->address, "metric")) == i);

    if (json_is_object(before) && known(page, i, was) != NULL) {
        g_autofree char *text =
            gl_figure_text(figure->kind, known(page, i, was));

        json_object_set_new(view, "was", json_string(text));
        json_object_set_new(view, "change",
                            now == NULL ? json_null()
                                        : gl_change_view(figure, row, i));
    }
    return view;
}

json_t *
gl_headline_view(const struct gl_page *page, const json_t *answer)
{
    const json_t *row = json_array_get(json_object_get(answer, "results"), 0);
    json_t *list = json_array();

    for (size_t i = 0; i < page->figures.n; i++)
        json_array_append_new(list, card(page, i, row));
    return list;
}
