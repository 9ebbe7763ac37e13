/* A receipt as a page; see receipt.h. */

#include "dashboard/receipt.h"

#include <string.h>

#include "dashboard/behind.h"
#include "dashboard/names.h"
#include "dashboard/parts.h"
#include "language/say.h"
#include "answer/asking.h"

/* ---- the numbers ---- */

static void
set_text(json_t *view, const char *key, char *text)
{
    json_object_set_new(view, key, json_string(text));
    g_free(text);
}

static json_t *
figure_view(const struct gl_figure *figure, const json_t *told,
            const json_t *again)
{
    json_t *view =
        json_pack("{s:s, s:s, s:b}", "text", gl_say(figure->text), "metric",
                  figure->metric, "same", json_equal(told, again));

    set_text(view, "value", gl_figure_text(figure->kind, told));
    set_text(view, "recounted", gl_figure_text(figure->kind, again));
    return view;
}

static json_t *
figures_view(const struct gl_page *page, const json_t *told)
{
    const json_t *row = json_array_get(json_object_get(told, "results"), 0);
    const json_t *metrics = json_object_get(row, "metrics");
    const json_t *again = json_object_get(row, "recounted");
    json_t *list = json_array();

    for (size_t i = 0; i < page->figures.n; i++)
        json_array_append_new(list, figure_view(&page->figures.one[i],
                                                json_array_get(metrics, i),
                                                json_array_get(again, i)));
    return list;
}

/* ---- what else came on these days ---- */

/* {prefetch: 2} as [{n, says}]. */
static json_t *
reasons_view(json_t *counts)
{
    json_t *list = json_array(), *n;
    const char *word;

    json_object_foreach (counts, word, n)
        json_array_append_new(list, json_pack("{s:O, s:s}", "n", n, "says",
                                              gl_name_of_reason(word)));
    return list;
}

/* "2026-11-22" as people write it; null: there is none. */
static json_t *
day_view(const json_t *day)
{
    int64_t date = 0;

    if (!json_is_string(day) ||
        !gl_range_read_date(json_string_value(day), &date))
        return json_null();
    g_autofree char *text = gl_period_day_text(date, 0);
    return json_string(text);
}

static json_t *
days_view(const json_t *told)
{
    const json_t *receipt =
        json_object_get(json_object_get(told, "meta"), "receipt");
    const json_t *as = json_object_get(receipt, "stored_as");
    const json_t *days = json_object_get(receipt, "days");

    return json_pack("{s:o, s:o, s:O?, s:O?, s:O?, s:O?, s:o, s:o, s:O?}",
                     "first", day_view(json_array_get(days, 0)), "last",
                     day_view(json_array_get(days, 1)), "seen",
                     json_object_get(receipt, "seen"), "stored",
                     json_object_get(receipt, "stored"), "pageviews",
                     json_object_get(as, "pageviews"), "events",
                     json_object_get(as, "events"), "dropped",
                     reasons_view(json_object_get(receipt, "dropped")), "bots",
                     reasons_view(json_object_get(receipt, "bots")), "read",
                     json_object_get(receipt, "rows"));
}

/* ---- the rows ---- */

/* "2026-11-22T08:02:50+00:00" as "2026-11-22 08:02:50". */
static json_t *
time_view(const json_t *row)
{
    const char *text = json_string_value(json_object_get(row, "time"));
    size_t len = strlen("2026-11-22T08:02:50");
    g_autofree char *time = g_strndup(text == NULL ? "" : text, len);

    if (strlen(time) == len)
        time[strlen("2026-11-22")] = ' ';
    return json_string(time);
}

static const char *
text_of(const json_t *row, const char *key)
{
    const char *text = json_string_value(json_object_get(row, key));

    return text == NULL ? "" : text;
}

/* What there is of KEYS, ended by NULL, with commas between. */
static json_t *
joined(const json_t *row, const char *const *keys)
{
    g_autoptr(GString) text = g_string_new("");

    for (; *keys != NULL; keys++)
        if (text_of(row, *keys)[0] != '\0')
            g_string_append_printf(text, "%s%s", text->len == 0 ? "" : ", ",
                                   text_of(row, *keys));
    return json_string(text->str);
}

static json_t *
row_view(const json_t *row)
{
    static const char *const place[] = {"visit:city_name",
                                        "visit:country_name", NULL};
    static const char *const agent[] = {"visit:browser", "visit:os",
                                        "visit:device", NULL};
    const char *name = text_of(row, "event:name");
    const char *source = text_of(row, "visit:source");
    char visitor[9];

    g_strlcpy(visitor, text_of(row, "visitor"), sizeof visitor);
    return json_pack("{s:o, s:s, s:s, s:s, s:b, s:s, s:o, s:o}", "time",
                     time_view(row), "visitor", visitor, "path",
                     text_of(row, "event:page"), "name", name, "custom",
                     strcmp(name, "pageview") != 0, "source",
                     source[0] == '\0' ? "Direct / None" : source, "place",
                     joined(row, place), "agent", joined(row, agent));
}

static json_t *
rows_view(const json_t *told)
{
    const json_t *rows = json_object_get(told, "rows"), *row;
    json_t *list = json_array();
    size_t i;

    json_array_foreach (rows, i, row)
        json_array_append_new(list, row_view(row));
    return list;
}

/* ---- all of it ---- */

/* The days whose rows were let go, NULL: none; the caller's. */
static json_t *
sealed_view(const json_t *receipt)
{
    const json_t *days = json_object_get(receipt, "sealed_days");

    return days == NULL ? NULL
                        : json_pack("{s:o, s:o}", "first",
                                    day_view(json_array_get(days, 0)), "last",
                                    day_view(json_array_get(days, 1)));
}

static json_t *
receipt_view(const struct gl_page *page, const json_t *told)
{
    const json_t *receipt =
        json_object_get(json_object_get(told, "meta"), "receipt");
    size_t n = json_array_size(json_object_get(told, "rows"));
    json_t *view = json_pack(
        "{s:O?, s:o*, s:o, s:o, s:o, s:b, s:b, s:i, s:b}", "equal",
        json_object_get(receipt, "equal"), "sealed", sealed_view(receipt),
        "figures", figures_view(page, told), "days", days_view(told), "rows",
        rows_view(told), "any", n > 0, "many", n == GL_BEHIND_ROWS, "shown",
        (int) n, "totals", page->imports);

    gl_choices_view(page, view);
    set_text(view, "back", gl_address_with(page->address, NULL));
    return view;
}

/* TOLD, taken, as a view of what QUERY asks for: 200, or a status. */
static int
show(const struct gl_query_view *view, const struct gl_meta_site *site,
     const char *query, json_t *told, json_t **answer)
{
    struct gl_page page;
    struct gl_asking *asking;
    int status = gl_asking_open(view, site, &asking, answer);

    if (status == 200) {
        status = gl_page_init(view, asking, site, NULL, query, &page, answer);
        if (status == 200) {
            *answer = receipt_view(&page, told);
            gl_page_fini(&page);
        }
        gl_asking_close(asking);
    }
    json_decref(told);
    return status;
}

int
gl_dashboard_receipt(const struct gl_query_view *view,
                     const struct gl_meta_site *site, const char *query,
                     const atomic_int *gone, json_t **answer)
{
    json_t *told = NULL;
    int status = gl_dashboard_behind(view, site, query, gone, &told);

    if (status == 200)
        return show(view, site, query, told, answer);
    *answer = told;
    return status;
}
