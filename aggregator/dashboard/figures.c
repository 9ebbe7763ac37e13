/* The headline numbers; see figures.h. */

#include "dashboard/figures.h"

#include <glib.h>
#include <string.h>

#include "number.h"

#define PRICE_MAX 9 /* characters: "€1,234.50" */

#define VISITORS                                                              \
    {                                                                         \
        "visitors", NULL, "Visitors", GL_FIGURE_COUNT, 0                      \
    }
#define VISITS                                                                \
    {                                                                         \
        "visits", NULL, "Visits", GL_FIGURE_COUNT, 0                          \
    }
#define PAGEVIEWS                                                             \
    {                                                                         \
        "pageviews", NULL, "Pageviews", GL_FIGURE_COUNT, 0                    \
    }
#define BOUNCE_RATE                                                           \
    {                                                                         \
        "bounce_rate", NULL, "Bounce rate", GL_FIGURE_SHARE, 1                \
    }

static const struct gl_figure of_site[] = {
    VISITORS,
    VISITS,
    PAGEVIEWS,
    {"views_per_visit", NULL, "Views per visit", GL_FIGURE_RATIO, 0},
    BOUNCE_RATE,
    {"visit_duration", NULL, "Visit duration", GL_FIGURE_SECONDS, 0},
};

static const struct gl_figure of_page[] = {
    VISITORS,
    VISITS,
    PAGEVIEWS,
    BOUNCE_RATE,
    {"time_on_page", NULL, "Time on page", GL_FIGURE_SECONDS, 0},
    {"scroll_depth", NULL, "Scroll depth", GL_FIGURE_SHARE, 0},
};

/* The last two are of goals that bring money. */
static const struct gl_figure of_goal[] = {
    {"visitors", NULL, "Unique conversions", GL_FIGURE_COUNT, 0},
    {"events", NULL, "Total conversions", GL_FIGURE_COUNT, 0},
    {"conversion_rate", "group_conversion_rate", "Conversion rate",
     GL_FIGURE_RATE, 0},
    {"total_revenue", NULL, "Total revenue", GL_FIGURE_MONEY, 0},
    {"average_revenue", NULL, "Average revenue", GL_FIGURE_MONEY, 0},
};
#define OF_GOAL 3

struct gl_figures
gl_figures_of(enum gl_figures_of of)
{
    switch (of) {
    case GL_FIGURES_OF_PAGE:
        return (struct gl_figures){of_page, G_N_ELEMENTS(of_page)};
    case GL_FIGURES_OF_GOAL:
        return (struct gl_figures){of_goal, OF_GOAL};
    case GL_FIGURES_OF_SALE:
        return (struct gl_figures){of_goal, G_N_ELEMENTS(of_goal)};
    case GL_FIGURES_OF_SITE:
        break;
    }
    return (struct gl_figures){of_site, G_N_ELEMENTS(of_site)};
}

size_t
gl_figure_find(const struct gl_figures *figures, const char *metric)
{
    for (size_t i = 0; metric != NULL && i < figures->n; i++)
        if (strcmp(figures->one[i].metric, metric) == 0)
            return i;
    return 0;
}

json_t *
gl_figure_metrics(const struct gl_figures *figures, int by_time)
{
    json_t *metrics = json_array();

    for (size_t i = 0; i < figures->n; i++) {
        const struct gl_figure *one = &figures->one[i];

        json_array_append_new(metrics,
                              json_string(by_time && one->by_time != NULL
                                              ? one->by_time
                                              : one->metric));
    }
    return metrics;
}

static char *
duration(int64_t seconds)
{
    int hours = (int) (seconds / 3600), minutes = (int) (seconds / 60 % 60);

    if (hours > 0)
        return g_strdup_printf("%dh %02dm", hours, minutes);
    if (minutes > 0)
        return g_strdup_printf("%dm %02ds", minutes, (int) (seconds % 60));
    return g_strdup_printf("%ds", (int) seconds);
}

double
gl_figure_number(const json_t *n)
{
    return json_number_value(json_is_object(n) ? json_object_get(n, "value")
                                               : n);
}

/* To the cent, where there is room for it. */
static const char *
price(const json_t *n)
{
    const char *whole = json_string_value(json_object_get(n, "long"));

    return g_utf8_strlen(whole, -1) <= PRICE_MAX
               ? whole
               : json_string_value(json_object_get(n, "short"));
}

char *
gl_figure_text(enum gl_figure_kind kind, const json_t *n)
{
    char number[GL_NUMBER_MAX];

    if (json_is_object(n))
        return g_strdup(price(n));
    if (!json_is_number(n))
        return g_strdup("–");
    switch (kind) {
    case GL_FIGURE_RATIO:
        return g_strdup_printf("%.1f", json_number_value(n));
    case GL_FIGURE_SHARE:
        return g_strdup_printf("%.0f %%", json_number_value(n));
    case GL_FIGURE_RATE:
        return g_strdup_printf("%.1f %%", json_number_value(n));
    case GL_FIGURE_SECONDS:
        return duration((int64_t) json_number_value(n));
    case GL_FIGURE_COUNT:
    case GL_FIGURE_MONEY: /* of a scale */
        break;
    }
    gl_number(number, (int64_t) json_number_value(n));
    return g_strdup(number);
}
