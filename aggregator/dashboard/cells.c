/* Columns of lists; see cells.h. */

#include "dashboard/cells.h"

#include <string.h>

#include "gl_assert.h"

struct gl_cell {
    const char *metric;
    enum gl_say text;
    enum gl_figure_kind kind;
    int small, extra;
};

#define VISITORS                                                              \
    {                                                                         \
        "visitors", GL_SAY_VISITORS, GL_FIGURE_COUNT, 0, 0                    \
    }
#define BOUNCE_RATE                                                           \
    {                                                                         \
        "bounce_rate", GL_SAY_BOUNCE_RATE, GL_FIGURE_SHARE, 0, 1              \
    }
#define DURATION                                                              \
    {                                                                         \
        "visit_duration", GL_SAY_VISIT_DURATION, GL_FIGURE_SECONDS, 0, 1      \
    }

static const struct gl_cell of_card[] = {
    VISITORS,
    {"percentage", GL_SAY_PERCENT, GL_FIGURE_SHARE, 1, 0},
};
/* Of who reached a goal, in its card and whole. */
static const struct gl_cell of_reached[] = {
    {"visitors", GL_SAY_CONVERSIONS, GL_FIGURE_COUNT, 0, 0},
    {"group_conversion_rate", GL_SAY_CR, GL_FIGURE_RATE, 1, 0},
};
static const struct gl_cell of_events[] = {
    VISITORS,
    {"events", GL_SAY_EVENTS, GL_FIGURE_COUNT, 0, 1},
    {"percentage", GL_SAY_PERCENT, GL_FIGURE_SHARE, 1, 0},
};
static const struct gl_cell of_goals[] = {
    {"visitors", GL_SAY_UNIQUES, GL_FIGURE_COUNT, 0, 0},
    {"events", GL_SAY_TOTAL, GL_FIGURE_COUNT, 0, 1},
    {"conversion_rate", GL_SAY_CR, GL_FIGURE_RATE, 1, 0},
    {"total_revenue", GL_SAY_REVENUE, GL_FIGURE_MONEY, 0, 0},
    {"average_revenue", GL_SAY_AVERAGE, GL_FIGURE_MONEY, 0, 1},
};
#define OF_GOALS 3 /* without money */

static const struct gl_cell of_whole[] = {
    VISITORS,
    {"pageviews", GL_SAY_PAGEVIEWS, GL_FIGURE_COUNT, 0, 0},
    BOUNCE_RATE,
    DURATION,
};
static const struct gl_cell of_pages[] = {
    VISITORS,
    {"pageviews", GL_SAY_PAGEVIEWS, GL_FIGURE_COUNT, 0, 0},
    BOUNCE_RATE,
    {"time_on_page", GL_SAY_TIME_ON_PAGE, GL_FIGURE_SECONDS, 0, 1},
    {"scroll_depth", GL_SAY_SCROLL_DEPTH, GL_FIGURE_SHARE, 0, 1},
};
static const struct gl_cell of_entries[] = {
    VISITORS,
    {"visits", GL_SAY_ENTRANCES, GL_FIGURE_COUNT, 0, 0},
    BOUNCE_RATE,
    DURATION,
};
static const struct gl_cell of_exits[] = {
    VISITORS,
    {"visits", GL_SAY_EXITS, GL_FIGURE_COUNT, 0, 0},
    {"exit_rate", GL_SAY_EXIT_RATE, GL_FIGURE_RATE, 0, 1},
};
#define OF_EXITS 2 /* with a filter on events: of their pageviews no rate */

#define ALL(cells) ((struct gl_cells){cells, G_N_ELEMENTS(cells)})
#define SOME(cells, n) ((struct gl_cells){cells, n})

/* One of the goals has a currency. */
static int
is_of_money(const struct gl_page *page)
{
    const json_t *goals = json_object_get(page->offers, "goal"), *goal;
    size_t i;

    json_array_foreach (goals, i, goal)
        if (json_object_get(json_object_get(goal, "body"), "currency") != NULL)
            return 1;
    return 0;
}

static struct gl_cells
cells_of_goals(const struct gl_page *page)
{
    return is_of_money(page) ? ALL(of_goals) : SOME(of_goals, OF_GOALS);
}

/* Rows are of single events, not of visits. */
static int
is_of_events(const struct gl_list *list)
{
    return strcmp(list->dimension, "event:name") == 0 ||
           g_str_has_prefix(list->dimension, "event:props:");
}

struct gl_cells
gl_cells_of_card(const struct gl_page *page, const struct gl_list *list)
{
    if (strcmp(list->dimension, "event:goal") == 0)
        return cells_of_goals(page);
    if (gl_address_has(page->address, "event:goal"))
        return ALL(of_reached);
    return is_of_events(list) ? ALL(of_events) : ALL(of_card);
}

/* A filter is on what a single event has. */
static int
filters_events(const struct gl_page *page)
{
    int found = 0;

    for (size_t i = 0; i < gl_address_filters(page->address); i++) {
        json_auto_t *filter = gl_address_filter(page->address, i);
        const char *dimension = json_string_value(json_array_get(filter, 1));

        found |= !g_str_has_prefix(dimension, "visit:");
    }
    return found;
}

struct gl_cells
gl_cells_of_whole(const struct gl_page *page, const struct gl_list *list)
{
    const char *dimension = list->dimension;

    if (strcmp(dimension, "event:goal") == 0 ||
        gl_address_has(page->address, "event:goal") || is_of_events(list))
        return gl_cells_of_card(page, list);
    if (strcmp(dimension, "event:page") == 0)
        return ALL(of_pages);
    if (strcmp(dimension, "visit:entry_page") == 0)
        return ALL(of_entries);
    if (strcmp(dimension, "visit:exit_page") == 0)
        return filters_events(page) ? SOME(of_exits, OF_EXITS) : ALL(of_exits);
    return ALL(of_whole);
}

const char *
gl_cell_metric(const struct gl_cells *cells, size_t i)
{
    GL_ASSERT(i < cells->n);
    return cells->one[i].metric;
}

json_t *
gl_cell_metrics(const struct gl_cells *cells)
{
    json_t *metrics = json_array();

    for (size_t i = 0; i < cells->n; i++)
        json_array_append_new(metrics, json_string(cells->one[i].metric));
    return metrics;
}

static json_t *
cell_json(const struct gl_cell *cell, const char *text)
{
    return json_pack("{s:s, s:s, s:b, s:b, s:b}", "metric", cell->metric,
                     "text", text, "small", cell->small, "extra", cell->extra,
                     "long", gl_figure_is_long(text));
}

json_t *
gl_cell_heads(const struct gl_cells *cells)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cells->n; i++)
        json_array_append_new(
            list, cell_json(&cells->one[i], gl_say(cells->one[i].text)));
    return list;
}

json_t *
gl_cell_texts(const struct gl_cells *cells, const json_t *metrics)
{
    json_t *list = json_array();

    for (size_t i = 0; i < cells->n; i++) {
        g_autofree char *text =
            gl_figure_text(cells->one[i].kind, json_array_get(metrics, i));

        json_array_append_new(list, cell_json(&cells->one[i], text));
    }
    return list;
}
