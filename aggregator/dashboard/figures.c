/* The headline numbers; see figures.h. */

#include "dashboard/figures.h"

#include <glib.h>
#include <string.h>

#include "number.h"

const struct gl_figure gl_figures[GL_FIGURES_N] = {
    {"visitors", "Visitors", GL_FIGURE_COUNT, 0},
    {"visits", "Visits", GL_FIGURE_COUNT, 0},
    {"pageviews", "Pageviews", GL_FIGURE_COUNT, 0},
    {"views_per_visit", "Views per visit", GL_FIGURE_RATIO, 0},
    {"bounce_rate", "Bounce rate", GL_FIGURE_SHARE, 1},
    {"visit_duration", "Visit duration", GL_FIGURE_SECONDS, 0},
};

size_t
gl_figure_find(const char *metric)
{
    for (size_t i = 0; metric != NULL && i < GL_FIGURES_N; i++)
        if (strcmp(gl_figures[i].metric, metric) == 0)
            return i;
    return 0;
}

json_t *
gl_figure_metrics(void)
{
    json_t *metrics = json_array();

    for (size_t i = 0; i < GL_FIGURES_N; i++)
        json_array_append_new(metrics, json_string(gl_figures[i].metric));
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

char *
gl_figure_text(enum gl_figure_kind kind, const json_t *n)
{
    char number[GL_NUMBER_MAX];

    if (!json_is_number(n))
        return g_strdup("–");
    switch (kind) {
    case GL_FIGURE_RATIO:
        return g_strdup_printf("%.1f", json_number_value(n));
    case GL_FIGURE_SHARE:
        return g_strdup_printf("%.0f %%", json_number_value(n));
    case GL_FIGURE_SECONDS:
        return duration((int64_t) json_number_value(n));
    case GL_FIGURE_COUNT:
        break;
    }
    gl_number(number, (int64_t) json_number_value(n));
    return g_strdup(number);
}
