/* The headline numbers; see figures.h. */

#include "dashboard/figures.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "language/numbers.h"

#define PRICE_MAX 10 /* characters: "€1,234.50", "1.234,50 €" */

#define VISITORS                                                              \
    {                                                                         \
        "visitors", NULL, GL_SAY_VISITORS, GL_FIGURE_COUNT, 0                 \
    }
#define VISITS                                                                \
    {                                                                         \
        "visits", NULL, GL_SAY_VISITS, GL_FIGURE_COUNT, 0                     \
    }
#define PAGEVIEWS                                                             \
    {                                                                         \
        "pageviews", NULL, GL_SAY_PAGEVIEWS, GL_FIGURE_COUNT, 0               \
    }
#define BOUNCE_RATE                                                           \
    {                                                                         \
        "bounce_rate", NULL, GL_SAY_BOUNCE_RATE, GL_FIGURE_SHARE, 1           \
    }

static const struct gl_figure of_site[] = {
    VISITORS,
    VISITS,
    PAGEVIEWS,
    {"views_per_visit", NULL, GL_SAY_VIEWS_PER_VISIT, GL_FIGURE_RATIO, 0},
    BOUNCE_RATE,
    {"visit_duration", NULL, GL_SAY_VISIT_DURATION, GL_FIGURE_SECONDS, 0},
};

static const struct gl_figure of_page[] = {
    VISITORS,
    VISITS,
    PAGEVIEWS,
    BOUNCE_RATE,
    {"time_on_page", NULL, GL_SAY_TIME_ON_PAGE, GL_FIGURE_SECONDS, 0},
    {"scroll_depth", NULL, GL_SAY_SCROLL_DEPTH, GL_FIGURE_SHARE, 0},
};

/* The last two are of goals that bring money. */
static const struct gl_figure of_goal[] = {
    {"visitors", NULL, GL_SAY_UNIQUE_CONVERSIONS, GL_FIGURE_COUNT, 0},
    {"events", NULL, GL_SAY_TOTAL_CONVERSIONS, GL_FIGURE_COUNT, 0},
    {"conversion_rate", "group_conversion_rate", GL_SAY_CONVERSION_RATE,
     GL_FIGURE_RATE, 0},
    {"total_revenue", NULL, GL_SAY_TOTAL_REVENUE, GL_FIGURE_MONEY, 0},
    {"average_revenue", NULL, GL_SAY_AVERAGE_REVENUE, GL_FIGURE_MONEY, 0},
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
    int rest = (int) (seconds % 60);

    if (hours > 0)
        return gl_say_with(GL_SAY_HOURS_MINUTES,
                           json_pack("{s:o, s:o}", "h",
                                     json_sprintf("%d", hours), "m",
                                     json_sprintf("%02d", minutes)));
    if (minutes > 0)
        return gl_say_with(GL_SAY_MINUTES_SECONDS,
                           json_pack("{s:o, s:o}", "m",
                                     json_sprintf("%d", minutes), "s",
                                     json_sprintf("%02d", rest)));
    return gl_say_with(GL_SAY_SECONDS,
                       json_pack("{s:o}", "s", json_sprintf("%d", rest)));
}

double
gl_figure_number(const json_t *n)
{
    return json_number_value(json_is_object(n) ? json_object_get(n, "value")
                                               : n);
}

/* To the cent, where there is room for it; N as the API has it. */
static char *
price(const json_t *n)
{
    const char *currency = json_string_value(json_object_get(n, "currency"));
    int64_t thousandths =
        llround(json_number_value(json_object_get(n, "value")) * 1000);
    char *whole = gl_money_text(currency == NULL ? "" : currency, thousandths);

    if (g_utf8_strlen(whole, -1) <= PRICE_MAX)
        return whole;
    g_free(whole);
    return gl_money_short_text(currency == NULL ? "" : currency, thousandths);
}

char *
gl_figure_text(enum gl_figure_kind kind, const json_t *n)
{
    double number = json_number_value(n);

    if (json_is_object(n))
        return price(n);
    if (!json_is_number(n))
        return g_strdup("–");
    switch (kind) {
    case GL_FIGURE_RATIO:
        return gl_number_text(number, 1);
    case GL_FIGURE_SHARE:
        return gl_percent_text(number, 0);
    case GL_FIGURE_RATE:
        return gl_percent_text(number, 1);
    case GL_FIGURE_SECONDS:
        return duration((int64_t) number);
    case GL_FIGURE_COUNT:
    case GL_FIGURE_MONEY: /* of a scale */
        break;
    }
    return gl_number_text(floor(number), 0);
}

int
gl_figure_is_long(const char *text)
{
    return g_utf8_strlen(text, -1) > (glong) strlen("9,999,999");
}
