/*
 * The chart of a page as numbers of a picture: 1,000 wide and 1,000 high, y
 * downwards, drawn at any size.  What has not begun is not drawn, what has not
 * ended is drawn apart.  See parts.h.
 */

#include "dashboard/parts.h"

#include "gl_assert.h"

#include <string.h>

#include "dashboard/figures.h"
#include "language/dates.h"

#define SIDE 1000.0
#define ROOM 60.0   /* above the highest point */
#define AXIS_MAX 8  /* labels below */
#define DATE_LEN 10 /* "2026-11-28" */

enum step { STEP_HOUR, STEP_DAY, STEP_WEEK, STEP_MONTH };

struct point {
    const char *label, *label_before; /* of the API; NULL = there is none */
    const json_t *n, *before;         /* NULL = no row: nothing was counted */
};

struct chart {
    const struct gl_page *page;
    const struct gl_figure *figure;
    size_t which; /* of the figures */
    enum step step;
    struct point *points;
    size_t n;      /* points */
    size_t begun;  /* of them */
    int open;      /* the last that has begun has not ended */
    double top;    /* of the scale */
    json_t *spans; /* of the points: gl_spans() */
};

/* ---- points ---- */

static const json_t *
metric(const json_t *has, size_t which)
{
    return json_array_get(json_object_get(has, "metrics"), which);
}

/* Rows come in the order of the labels; some labels have none. */
static void
take_rows(struct chart *chart, const json_t *results)
{
    size_t at = 0, i;
    const json_t *row;

    json_array_foreach (results, i, row) {
        const char *label = json_string_value(
            json_array_get(json_object_get(row, "dimensions"), 0));

        while (at < chart->n && strcmp(chart->points[at].label, label) != 0)
            at++;
        if (at == chart->n)
            return;
        chart->points[at].n = metric(row, chart->which);
        chart->points[at].before =
            metric(json_object_get(row, "comparison"), chart->which);
    }
}

/* "2026-11-28 14:03:22" in the site's zone, the caller's. */
static char *
now_label(const struct gl_page *page)
{
    char *text = gl_range_text(page->when->zone, page->when->now_ms);

    text[DATE_LEN] = ' ';
    text[strlen("2026-11-28 14:03:22")] = '\0';
    return text;
}

static void
take_labels(struct chart *chart, const json_t *meta)
{
    const json_t *labels = json_object_get(meta, "time_labels");
    const json_t *before = json_object_get(meta, "comparison_time_labels");
    g_autofree char *now = now_label(chart->page);

    chart->n = json_array_size(labels);
    chart->points = g_new0(struct point, chart->n + 1);
    for (size_t i = 0; i < chart->n; i++) {
        chart->points[i].label = json_string_value(json_array_get(labels, i));
        chart->points[i].label_before =
            json_string_value(json_array_get(before, i));
        if (strcmp(chart->points[i].label, now) <= 0)
            chart->begun = i + 1;
    }
    GL_ASSERT(chart->begun <= chart->n);
}

static int64_t
date_of(const char *label)
{
    g_autofree char *text = g_strndup(label, DATE_LEN);
    int64_t date = 0;

    gl_range_read_date(text, &date);
    return date;
}

static enum step
step_of(const struct chart *chart)
{
    const struct point *points = chart->points;

    if (chart->n == 0 || strlen(points[0].label) > DATE_LEN)
        return STEP_HOUR;
    if (chart->n == 1)
        return STEP_DAY;
    /* the first and the last may be cut */
    int64_t apart = date_of(points[chart->n / 2].label) -
                    date_of(points[chart->n / 2 - 1].label);
    if (chart->n > 2)
        apart =
            MAX(apart, date_of(points[1].label) - date_of(points[0].label));
    if (apart <= 1)
        return STEP_DAY;
    return apart <= 7 ? STEP_WEEK : STEP_MONTH;
}

/* What the scale ends with so that MOST has room: half of it is round, too. */
static double
scale_top(double most)
{
    static const double steps[] = {1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8};
    static const double least = 4;

    for (double power = 1;; power *= 10)
        for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
            if (steps[i] * power >= MAX(most, least))
                return steps[i] * power;
}

static double
highest(const struct chart *chart)
{
    double most = 0;

    for (size_t i = 0; i < chart->n; i++) {
        most = MAX(most, gl_figure_number(chart->points[i].n));
        most = MAX(most, gl_figure_number(chart->points[i].before));
    }
    if (chart->figure->kind == GL_FIGURE_SHARE)
        return 100;
    return scale_top(most);
}

/* ---- geometry ---- */

static double
x_of(const struct chart *chart, size_t i)
{
    GL_ASSERT(i < chart->n);
    return ((double) i + 0.5) * SIDE / (double) chart->n;
}

static double
y_of(const struct chart *chart, const json_t *n)
{
    GL_ASSERT(chart->top > 0);
    return SIDE - gl_figure_number(n) * (SIDE - ROOM) / chart->top;
}

/* A line through points FROM to TO (not in it), of BEFORE or of now. */
static char *
line(const struct chart *chart, size_t from, size_t to, int before)
{
    GString *path = g_string_new("");

    GL_ASSERT(to <= chart->n);

    for (size_t i = from; i < to; i++) {
        const struct point *point = &chart->points[i];

        g_string_append_printf(path, "%s%.1f %.1f", i == from ? "M" : "L",
                               x_of(chart, i),
                               y_of(chart, before ? point->before : point->n));
    }
    return g_string_free(path, FALSE);
}

static void
set_line(json_t *view, const char *key, char *path)
{
    json_object_set_new(view, key, json_string(path));
    g_free(path);
}

static void
set_lines(const struct chart *chart, json_t *view)
{
    size_t ended = chart->open ? chart->begun - 1 : chart->begun;
    size_t before = 0;
    g_autofree char *all = line(chart, 0, chart->begun, 0);

    while (before < chart->n && chart->points[before].label_before != NULL)
        before++;
    set_line(view, "line", line(chart, 0, ended, 0));
    set_line(view, "before", line(chart, 0, before, 1));
    if (chart->open && chart->begun > 1)
        set_line(view, "rest", line(chart, chart->begun - 2, chart->begun, 0));
    if (chart->begun > 1)
        set_line(view, "area",
                 g_strdup_printf("%sL%.1f %.1fL%.1f %.1fZ", all,
                                 x_of(chart, chart->begun - 1), SIDE,
                                 x_of(chart, 0), SIDE));
}

/* ---- words ---- */

/* The number that TEXT begins with: an hour, a year. */
static int
number_at(const char *text)
{
    return (int) g_ascii_strtoll(text, NULL, 10);
}

static char *
label_text(const struct chart *chart, const char *label, int this_year)
{
    int64_t date = date_of(label);
    const char *clock = label + DATE_LEN + 1;

    if (chart->step == STEP_HOUR)
        return gl_time_text(number_at(clock), number_at(clock + 3));
    if (chart->step != STEP_MONTH)
        return gl_period_day_text(date, this_year);
    return gl_date_text(date, number_at(label) == this_year
                                  ? GL_DATE_MONTH_ALONE
                                  : GL_DATE_MONTH);
}

/* The whole of it, for who points at it. */
static char *
full_text(const struct chart *chart, const char *label)
{
    const char *clock = label + DATE_LEN + 1;

    if (chart->step == STEP_HOUR)
        return gl_date_time_text(date_of(label), number_at(clock),
                                 number_at(clock + 3));
    char *text = label_text(chart, label, 0);
    if (chart->step == STEP_WEEK) {
        char *day = text;

        text = gl_say_with(GL_SAY_WEEK_OF, json_pack("{s:s}", "date", day));
        g_free(day);
    }
    return text;
}

static const char *
edge_of(const struct chart *chart, size_t i, const char *which)
{
    return json_string_value(
        json_object_get(json_array_get(chart->spans, i), which));
}

/* Where a click on point I goes: its hour, day, week or month; or NULL. */
static char *
href_of(const struct chart *chart, size_t i)
{
    const struct gl_address *address = chart->page->address;
    const char *from = edge_of(chart, i, "from");
    const char *to = edge_of(chart, i, "to");

    if (from == NULL)
        return NULL;
    switch (chart->step) {
    case STEP_DAY:
    case STEP_MONTH:
        return gl_address_with(address, "period",
                               chart->step == STEP_DAY ? "day" : "month",
                               "date", from, "from", NULL, "to", NULL, NULL);
    case STEP_HOUR:
    case STEP_WEEK:
        break;
    }
    return gl_address_with(address, "period",
                           chart->step == STEP_HOUR ? "hours" : "custom",
                           "from", from, "to", to, "date", NULL, NULL);
}

/* ---- what is seen ---- */

static json_t *
percent(double thousandths)
{
    return json_sprintf("%.2f", thousandths / 10);
}

static void
set_text(json_t *view, const char *key, char *text)
{
    if (text != NULL)
        json_object_set_new(view, key, json_string(text));
    g_free(text);
}

static json_t *
zero_or(const json_t *n)
{
    return n == NULL ? json_integer(0) : json_incref((json_t *) (uintptr_t) n);
}

static json_t *
point_view(const struct chart *chart, size_t i)
{
    const struct point *point = &chart->points[i];
    const double wide = SIDE / (double) chart->n;
    json_auto_t *was = zero_or(point->before);
    json_auto_t *n = zero_or(point->n);
    json_t *view =
        json_pack("{s:o, s:o, s:o, s:o, s:n, s:n, s:n, s:s?, s:s?}", "left",
                  percent((double) i * wide), "wide", percent(wide), "x",
                  percent(x_of(chart, i)), "y", percent(y_of(chart, point->n)),
                  "was", "was_text", "href", "from", edge_of(chart, i, "from"),
                  "to", edge_of(chart, i, "to"));

    set_text(view, "text", full_text(chart, point->label));
    set_text(view, "n", gl_figure_text(chart->figure->kind, n));
    set_text(view, "href", href_of(chart, i));
    if (point->label_before != NULL) {
        set_text(view, "was", gl_figure_text(chart->figure->kind, was));
        set_text(view, "was_text", full_text(chart, point->label_before));
    }
    return view;
}

static json_t *
points_view(const struct chart *chart)
{
    json_t *list = json_array();

    for (size_t i = 0; i < chart->begun; i++)
        json_array_append_new(list, point_view(chart, i));
    return list;
}

/* Below: every Nth, so that there is room. */
static json_t *
axis_view(const struct chart *chart)
{
    size_t every = (chart->n + AXIS_MAX - 1) / AXIS_MAX, drawn = 0;
    json_t *list = json_array();

    for (size_t i = every / 2; i < chart->n; i += every) {
        g_autofree char *text = label_text(
            chart, chart->points[i].label,
            chart->page->period.last - chart->page->period.first < 366
                ? (int) g_ascii_strtoll(chart->points[i].label, NULL, 10)
                : 0);

        json_array_append_new(list, json_pack("{s:o, s:s, s:b}", "x",
                                              percent(x_of(chart, i)), "text",
                                              text, "odd", drawn++ % 2));
    }
    return list;
}

/* The top of the scale and its half. */
static void
set_scale(const struct chart *chart, json_t *view)
{
    json_auto_t *top = json_real(chart->top);
    json_auto_t *half = json_real(chart->top / 2);

    json_object_set_new(view, "top_y", percent(ROOM));
    json_object_set_new(view, "half_y", percent(ROOM + (SIDE - ROOM) / 2));
    set_text(view, "top", gl_figure_text(chart->figure->kind, top));
    set_text(view, "half", gl_figure_text(chart->figure->kind, half));
}

json_t *
gl_chart_view(const struct gl_page *page, const json_t *answer)
{
    struct chart chart = {.page = page};

    chart.which = gl_figure_find(&page->figures,
                                 gl_address_get(page->address, "metric"));
    chart.figure = &page->figures.one[chart.which];
    take_labels(&chart, json_object_get(answer, "meta"));
    take_rows(&chart, json_object_get(answer, "results"));
    chart.step = step_of(&chart);
    chart.spans = gl_spans(
        page, json_object_get(json_object_get(answer, "meta"), "time_labels"));
    chart.open = gl_period_is_open(&page->period) && chart.begun > 0;
    chart.top = highest(&chart);
    json_t *view = json_pack(
        "{s:s, s:o, s:o, s:o, s:o}", "metric", gl_say(chart.figure->text),
        "points", points_view(&chart), "axis", axis_view(&chart), "notes",
        gl_notes_view(page, answer), "intervals", gl_intervals_view(page));
    json_object_set_new(
        view, "span",
        json_string(chart.step == STEP_HOUR ? "hours" : "custom"));
    set_lines(&chart, view);
    set_scale(&chart, view);
    g_free(chart.points);
    json_decref(chart.spans);
    return view;
}
