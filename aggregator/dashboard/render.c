/*
 * The pages: what each shows as an object, whose names the templates
 * (*.html) put where they belong.  Any thread; keeps nothing.
 */

#include "dashboard/render.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "dashboard/bars.h"
#include "dashboard/languages.h"
#include "dashboard/template.h"
#include "domain.h"
#include "embed.h"
#include "language/dates.h"
#include "language/say.h"

#define AWAY "--:--" /* since when, nginx puts in: locations.conf */
#define MINUTE_MS 60000
#define DAY_MINUTES (24 * 60)
#define ASSET_NAME_MAX 64 /* "style-0123abcd.css" */

/* In the templates they are called by their stems. */
static const struct asset_file {
    const char *stem, *ending, *type, *data;
    const size_t *len;
} assets[] = {
    {"style", "css", "text/css; charset=utf-8", gl_embed_style_css,
     &gl_embed_style_css_len},
    {"embedded", "css", "text/css; charset=utf-8", gl_embed_embedded_css,
     &gl_embed_embedded_css_len},
    {"board", "css", "text/css; charset=utf-8", gl_embed_board_css,
     &gl_embed_board_css_len},
    {"page", "js", "text/javascript; charset=utf-8", gl_embed_page_js,
     &gl_embed_page_js_len},
    {"again", "js", "text/javascript; charset=utf-8", gl_embed_again_js,
     &gl_embed_again_js_len},
    {"icon", "svg", "image/svg+xml", gl_embed_icon_svg,
     &gl_embed_icon_svg_len},
    {"world", "svg", "image/svg+xml", gl_embed_world_svg,
     &gl_embed_world_svg_len},
};

#define ASSETS_N (sizeof assets / sizeof assets[0])

static void
asset_name(const struct asset_file *file, char name[ASSET_NAME_MAX])
{
    snprintf(name, ASSET_NAME_MAX, "%s-%08x.%s", file->stem,
             (unsigned) gl_crc32c(0, file->data, *file->len), file->ending);
}

const struct gl_asset *
gl_render_asset(const char *name, struct gl_asset *asset)
{
    for (size_t i = 0; i < ASSETS_N; i++) {
        char current[ASSET_NAME_MAX];

        asset_name(&assets[i], current);
        if (strcmp(current, name) == 0) {
            *asset = (struct gl_asset){assets[i].type, assets[i].data,
                                       *assets[i].len};
            return asset;
        }
    }
    return NULL;
}

void
gl_render_assets(void (*each)(void *arg, const char *name,
                              const struct gl_asset *asset),
                 void *arg)
{
    for (size_t i = 0; i < ASSETS_N; i++) {
        struct gl_asset asset = {assets[i].type, assets[i].data,
                                 *assets[i].len};
        char name[ASSET_NAME_MAX];

        asset_name(&assets[i], name);
        each(arg, name, &asset);
    }
}

char *
gl_render(const char *template, json_t *view, size_t *len)
{
    char *page = NULL;

    gl_languages_set(view);
    for (size_t i = 0; view != NULL && i < ASSETS_N; i++) {
        char name[ASSET_NAME_MAX];

        asset_name(&assets[i], name);
        json_object_set_new(view, assets[i].stem, json_string(name));
    }
    if (view != NULL)
        page = gl_template(template, view, len);
    json_decref(view);
    return page;
}

/* As people write it. */
static json_t *
shown(const char *domain)
{
    char text[GL_DOMAIN_BYTES];

    gl_domain_show(domain, text);
    return json_string(text);
}

/* DOMAIN (any bytes) as a part of an address. */
static json_t *
coded(const char *domain)
{
    g_autofree char *text = g_uri_escape_string(domain, NULL, FALSE);
    return json_string(text);
}

/* ---- a site ---- */

static json_t *
percent(double share)
{
    return json_sprintf("%.2f", share);
}

/* Thousandths of the picture as a percentage. */
static json_t *
part(int64_t thousandths)
{
    return json_sprintf("%d.%d", (int) thousandths / 10,
                        (int) thousandths % 10);
}

/* Lengths are percentages, so that the picture fits any width without
 * stretching corners or text. */
static json_t *
bar(size_t i, size_t of, const json_t *minute, int64_t height)
{
    const double step = 100.0 / (double) of, gap = 0.7;
    json_int_t n = json_integer_value(minute);
    json_t *bar = json_pack(
        "{s:b, s:o, s:o, s:o, s:o, s:o, s:o}", "none", n == 0, "left",
        percent((double) i * step), "step", percent(step), "x",
        percent((double) i * step + gap / 2), "width", percent(step - gap),
        "y", part(GL_BARS_HIGH - height), "height", part(height));

    if (json_is_integer(minute))
        json_object_set_new(bar, "n", json_sprintf("%lld", (long long) n));
    return bar;
}

static json_t *
minutes(const json_t *live)
{
    const json_t *counts = json_object_get(live, "pageviews_30m");
    const json_t *bars = json_object_get(live, "bars");
    const json_t *heights = json_object_get(bars, "heights");
    json_t *list = json_array();
    size_t n = json_array_size(counts);

    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, bar(i, n, json_array_get(counts, i),
                      json_integer_value(json_array_get(heights, i))));
    return json_pack("{s:o, s:o, s:o, s:O}", "list", list, "full",
                     part(GL_BARS_ROOM), "half",
                     part(GL_BARS_ROOM + (GL_BARS_HIGH - GL_BARS_ROOM) / 2),
                     "top", json_object_get(bars, "top"));
}

/* Null while they are not known. */
static json_t *
sum(const json_t *minutes)
{
    json_int_t n = 0;
    size_t i;
    json_t *minute;

    json_array_foreach (minutes, i, minute) {
        if (!json_is_integer(minute))
            return json_null();
        n += json_integer_value(minute);
    }
    return json_integer(n);
}

/* Pageviews a visit; null without one. */
static json_t *
depth(const json_t *today)
{
    json_int_t visits = json_integer_value(json_object_get(today, "visits"));
    const json_t *pageviews = json_object_get(today, "pageviews");

    return visits == 0 ? json_null()
                       : json_real((double) json_integer_value(pageviews) /
                                   (double) visits);
}

/* As a script reads it; "" = not known. */
static json_t *
bare(const json_t *number)
{
    return json_is_integer(number)
               ? json_sprintf("%lld", (long long) json_integer_value(number))
               : json_string("");
}

/* When LIVE was told: "29 Nov 2026, 14:05 UTC".  A page may be read later. */
static json_t *
clock_of(const json_t *live)
{
    int64_t minutes =
        json_integer_value(json_object_get(live, "at")) / MINUTE_MS;
    g_autofree char *clock = gl_date_time_text(
        minutes / DAY_MINUTES, (int) (minutes % DAY_MINUTES / 60),
        (int) (minutes % 60));
    g_autofree char *text =
        gl_say_with(GL_SAY_CLOCK_UTC, json_pack("{s:s}", "clock", clock));
    return json_string(text);
}

/* Conditions of LIVE in the language in use. */
static json_t *
conditions_of(const json_t *live)
{
    const char *code = gl_language_code(gl_language_used());
    const json_t *all = json_object_get(live, "conditions"), *one;
    json_t *list = json_array();
    size_t i;

    json_array_foreach (all, i, one) {
        json_t *text = json_object_get(json_object_get(one, "texts"), code);

        if (text == NULL)
            text = json_object_get(one, "text");
        json_array_append_new(list, json_pack("{s:O, s:O}", "kind",
                                              json_object_get(one, "kind"),
                                              "text", text));
    }
    return list;
}

static const char *
template_of(const json_t *embed, const json_t *report)
{
    if (embed != NULL)
        return "embed";
    if (json_is_true(json_object_get(report, "turned")))
        return "turned";
    return json_is_true(json_object_get(report, "part")) ? "part" : "page";
}

char *
gl_render_site(const struct gl_meta_site *site, const json_t *by,
               const json_t *live, json_t *report, size_t *len)
{
    const json_t *today = json_object_get(live, "today");
    const json_t *segment = json_object_get(by, "segment");
    json_t *embed = json_object_get(by, "embed");
    const char *template = template_of(embed, report);
    json_t *view = json_pack(
        "{s:o, s:s, s:o, s:O?, s:b, s:O?, s:O?, s:s, s:o, s:o, s:o, s:o, s:o, "
        "s:o, s:o}",
        "site", shown(site->domain), "domain", site->domain, "coded",
        coded(site->domain), "link", json_object_get(by, "link"), "watched",
        json_integer_value(segment) == 0, "embed", embed, "settings",
        json_object_get(by, "settings"), "timezone", site->timezone, "clock",
        clock_of(live), "seen", bare(json_object_get(today, "pageviews")),
        "recent", sum(json_object_get(live, "pageviews_30m")), "depth",
        depth(today), "minutes", minutes(live), "conditions",
        conditions_of(live), "report", report);
    json_t *languages = json_object_get(report, "languages");

    if (languages != NULL)
        json_object_set(view, "languages", languages);
    json_object_set_new(view, "away", json_string(AWAY));
    if (view != NULL)
        json_object_update_missing(view, (json_t *) (uintptr_t) live);
    return gl_render(template, view, len);
}

int
gl_render_has_numbers(const json_t *live)
{
    return json_is_integer(json_object_get(live, "visitors"));
}

/* ---- a site, again ---- */

/* What stands between these in page.html is the report; no text of others can
 * look like them. */
static const char report_begins[] = "<div id=\"report\">";
static const char report_ends[] = "</main>";

int
gl_render_has_report(const char *page)
{
    return strstr(page, "id=\"plot\"") != NULL;
}

/* NULL: PAGE is no page of a site. */
static const char *
find_report(const char *page, const char **end)
{
    const char *begin = page == NULL ? NULL : strstr(page, report_begins);

    *end = begin == NULL ? NULL : strstr(begin, report_ends);
    return *end == NULL ? NULL : begin;
}

char *
gl_render_again(const struct gl_meta_site *site, const json_t *by,
                const json_t *live, const char *page, size_t *len)
{
    char *around = gl_render_site(site, by, live, json_null(), len);
    char *made = NULL;
    const char *gap_end, *end, *gap = find_report(around, &gap_end);
    const char *report = find_report(page, &end);
    size_t before = gap == NULL ? 0 : (size_t) (gap - around), of, after;

    if (gap != NULL && report != NULL) {
        of = (size_t) (end - report);
        after = *len - (size_t) (gap_end - around);
        *len = before + of + after;
        made = malloc(*len + 1);
    }
    if (made != NULL) {
        memcpy(made, around, before);
        memcpy(made + before, report, of);
        memcpy(made + before + of, gap_end, after + 1);
    }
    free(around);
    return made;
}

/* ---- the list ---- */

static const char *
text_of(const json_t *list, const char *key)
{
    return json_string_value(json_object_get(list, key));
}

static json_t *
filled(const char *text)
{
    return text[0] == '\0' ? json_null() : json_string(text);
}

/* A copy of SITE with its addresses. */
static json_t *
listed(const json_t *site)
{
    json_t *view = json_copy((json_t *) (uintptr_t) site);
    const char *domain = text_of(site, "domain");

    json_object_set_new(view, "coded", coded(domain));
    json_object_set_new(view, "domain", shown(domain));
    return view;
}

/* All of GIVEN. */
static json_t *
all_listed(const json_t *given)
{
    json_t *sites = json_array();
    const json_t *site;
    size_t i;

    json_array_foreach (given, i, site)
        json_array_append_new(sites, listed(site));
    return sites;
}

/* Who has signed in, or NULL. */
static json_t *
person_of(const json_t *list)
{
    const json_t *person = json_object_get(list, "person");
    json_auto_t *own = all_listed(json_object_get(person, "own"));
    json_t *view =
        person == NULL ? NULL : json_copy((json_t *) (uintptr_t) person);

    if (view != NULL) {
        json_object_set(view, "own", own);
        json_object_set_new(view, "owns", json_boolean(json_array_size(own)));
    }
    return view;
}

char *
gl_render_list(const json_t *list, size_t *len)
{
    const char *prefix = text_of(list, "prefix");
    const json_t *given = json_object_get(list, "sites");
    int more = json_is_true(json_object_get(list, "more"));
    size_t n = json_array_size(given);

    const char *after = text_of(list, "after");
    int first = prefix[0] == '\0' && after[0] == '\0';
    json_t *view = json_pack(
        "{s:o, s:o*, s:b, s:b, s:b, s:o, s:o, s:b, s:O}", "sites",
        all_listed(given), "person", person_of(list), "any", n > 0, "others",
        json_is_true(json_object_get(list, "others")), "search",
        more || !first, "prefix", filled(prefix), "prefix_coded",
        coded(prefix), "first", first, "all", json_object_get(list, "all"));
    if (more && view != NULL)
        json_object_set_new(view, "last", coded(text_of(list, "last")));
    return gl_render("list", view, len);
}

char *
gl_render_aside(const char *name, size_t *len)
{
    return gl_render("aside", json_pack("{s:b, s:s}", name, 1, "away", AWAY),
                     len);
}
