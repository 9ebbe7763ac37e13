/* The headline numbers, each beside what it was; see parts.h. */

#include "dashboard/parts.h"

#include "dashboard/figures.h"

/* {text, up, down, good, bad}, or null. */
static json_t *
change_view(const struct gl_figure *figure, const json_t *change)
{
    double n = json_number_value(change);
    char *text;
    json_t *view;

    if (!json_is_number(change))
        return json_null();
    text = g_strdup_printf(figure->kind == GL_FIGURE_SHARE ? "%.0f pt"
                                                           : "%.0f %%",
                           n < 0 ? -n : n);
    view = json_pack("{s:s, s:b, s:b, s:b, s:b}", "text", text, "up", n > 0,
                     "down", n < 0, "good",
                     n != 0 && (n > 0) != figure->less_is_better, "bad",
                     n != 0 && (n > 0) == figure->less_is_better);
    g_free(text);
    return view;
}

/* A share or a mean of nothing is no number. */
static const json_t *
known(size_t i, const json_t *metrics)
{
    return gl_figures[i].kind != GL_FIGURE_COUNT &&
                   json_integer_value(
                       json_array_get(metrics, gl_figure_find("visits"))) == 0
               ? NULL
               : json_array_get(metrics, i);
}

static json_t *
card(const struct gl_page *page, size_t i, const json_t *row)
{
    const struct gl_figure *figure = &gl_figures[i];
    const json_t *before = json_object_get(row, "comparison");
    const json_t *was = json_object_get(before, "metrics");
    char *value = gl_figure_text(figure->kind,
                                 known(i, json_object_get(row, "metrics")));
    char *href =
        gl_address_with(page->address, "metric", figure->metric, NULL);
    json_t *view = json_pack(
        "{s:s, s:s, s:s, s:s, s:b}", "metric", figure->metric, "text",
        figure->text, "href", href, "value", value, "current",
        gl_figure_find(gl_address_get(page->address, "metric")) == i);

    if (json_is_object(before)) {
        char *text = gl_figure_text(figure->kind, known(i, was));

        json_object_set_new(view, "was", json_string(text));
        json_object_set_new(
            view, "change",
            known(i, was) == NULL ||
                    known(i, json_object_get(row, "metrics")) == NULL
                ? json_null()
                : change_view(
                      figure,
                      json_array_get(json_object_get(before, "change"), i)));
        g_free(text);
    }
    g_free(href);
    g_free(value);
    return view;
}

json_t *
gl_headline_view(const struct gl_page *page, const json_t *answer)
{
    const json_t *row = json_array_get(json_object_get(answer, "results"), 0);
    json_t *list = json_array();

    for (size_t i = 0; i < GL_FIGURES_N; i++)
        json_array_append_new(list, card(page, i, row));
    return list;
}
