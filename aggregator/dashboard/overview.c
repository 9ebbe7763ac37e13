/* Several sites on one page; see overview.h. */

#include "dashboard/overview.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "calls/answer.h"
#include "dashboard/parts.h"
#include "dashboard/render.h"
#include "access/elsewhere.h"

/* All sites together: a page that waits longer is no overview. */
#define ALL_MS 500
/* The picture of a course. */
#define WIDE 100.0
#define HIGH 28.0

/* ---- the course ---- */

static json_int_t
visitors(const json_t *row)
{
    return json_integer_value(
        json_array_get(json_object_get(row, "metrics"), 0));
}

/* Visitors of each hour called LABELS; some have no row.  The caller's. */
static json_int_t *
hours(const json_t *labels, const json_t *results, json_int_t *most)
{
    size_t n = json_array_size(labels), at = 0, i;
    json_int_t *counts = g_new0(json_int_t, n + 1);
    const json_t *row;

    *most = 1;
    json_array_foreach (results, i, row) {
        const json_t *label =
            json_array_get(json_object_get(row, "dimensions"), 0);

        while (at < n && !json_equal(json_array_get(labels, at), label))
            at++;
        counts[at] = visitors(row);
        *most = MAX(*most, counts[at]);
    }
    return counts;
}

static json_t *
line(const json_t *answer)
{
    const json_t *labels =
        json_object_get(json_object_get(answer, "meta"), "time_labels");
    size_t n = json_array_size(labels);
    json_int_t most;
    g_autofree json_int_t *counts =
        hours(labels, json_object_get(answer, "results"), &most);
    g_autoptr(GString) path = g_string_new("");

    for (size_t i = 0; n > 1 && i < n; i++)
        g_string_append_printf(path, "%c%.1f %.1f", i == 0 ? 'M' : 'L',
                               (double) i * WIDE / (double) (n - 1),
                               HIGH - (double) counts[i] * (HIGH - 2) /
                                          (double) most);
    return json_string(path->str);
}

/* ---- a site ---- */

static json_t *
query(const char *domain)
{
    return json_pack("{s:s, s:s, s:[{s:[s], s:{s:{s:s}}},"
                     "{s:[s], s:[s], s:{s:b}}]}",
                     "site_id", domain, "date_range", "24h", "queries",
                     "metrics", "visitors", "include", "comparisons", "mode",
                     "previous_period", "metrics", "visitors", "dimensions",
                     "time:hour", "include", "time_labels", 1);
}

/* Into SHOWN, an element of the list: {visitors, change, line}. */
static void
show_numbers(json_t *shown, const json_t *answers)
{
    const json_t *row = json_array_get(
        json_object_get(json_array_get(answers, 0), "results"), 0);
    struct gl_figures figures = gl_figures_of(GL_FIGURES_OF_SITE);

    json_object_update_new(
        shown, json_pack("{s:I, s:o, s:o}", "visitors", visitors(row),
                         "change", gl_change_view(&figures.one[0], row, 0),
                         "line", line(json_array_get(answers, 1))));
}

static void
count(const struct gl_query_view *view, const struct gl_meta_site *site,
      int ms, json_t *shown)
{
    struct gl_asking *asking;
    json_auto_t *told = NULL;
    json_auto_t *asked = query(site->domain);

    if (gl_asking_open(view, site, &asking, &told) == 200) {
        gl_asking_hurry(asking, ms);
        if (gl_asking_ask(asking, asked, &told) == 200)
            show_numbers(shown, json_object_get(told, "answers"));
        /* its own page begins with others, of whole days */
        json_object_set_new(shown, "by_script",
                            json_boolean(site->count_served));
        gl_asking_close(asking);
    }
}

/* Of SITES those whose numbers are on another machine lead there. */
static void
lead(const struct gl_query_view *view, json_t *sites)
{
    const struct gl_version *version = gl_directory_enter(view->directory);
    struct gl_elsewhere where;
    json_t *one;
    size_t i;

    json_array_foreach (sites, i, one) {
        const struct gl_meta_site *site = gl_version_site(
            version, json_string_value(json_object_get(one, "domain")));

        if (site == NULL ||
            !gl_elsewhere_site(view->conf, version, site, &where))
            continue;
        g_autofree char *address = gl_elsewhere_address(&where, site);
        json_object_set_new(one, "elsewhere", json_true());
        json_object_set_new(one, "outside",
                            address == NULL ? json_null()
                                            : json_string(address));
    }
    gl_directory_leave(view->directory);
}

/* Those of SITES for which there is time until END. */
static void
count_all(const struct gl_query_view *view, json_t *sites, int64_t end_us)
{
    json_t *one;
    size_t i;

    json_array_foreach (sites, i, one) {
        int ms = (int) ((end_us - g_get_monotonic_time()) / 1000);
        struct gl_meta_site site;

        if (ms > 0 && json_object_get(one, "outside") == NULL &&
            gl_directory_site(
                view->directory,
                json_string_value(json_object_get(one, "domain")), &site))
            count(view, &site, ms, one);
    }
}

int
gl_dashboard_overview(const struct gl_query_view *view, const json_t *list,
                      json_t **answer)
{
    int64_t end_us = g_get_monotonic_time() + ALL_MS * 1000;
    json_auto_t *copy = json_deep_copy(list);
    size_t len = 0;

    json_t *own = json_object_get(json_object_get(copy, "person"), "own");
    json_t *sites = json_object_get(copy, "sites");

    lead(view, own);
    lead(view, sites);
    count_all(view, own, end_us);
    count_all(view, sites, end_us);
    char *html = gl_render_list(copy, &len);
    if (html == NULL)
        return gl_verb_refuse_(answer, 500, "out of memory");
    *answer = json_stringn_nocheck(html, len);
    free(html);
    return 200;
}
