/*
 * HTML of the pages.  A template is an embedded file with {{names}}; a name
 * stands for a text, which is escaped, or for a part that a function writes.
 * Any thread; keeps nothing.
 */

#include "dashboard/render.h"

#include <stdlib.h>
#include <string.h>

#include "crc32c.h"
#include "embed.h"
#include "dashboard/render_internal.h"

#define GL_RENDER_NAME_MAX 64 /* of an asset, "style-0123abcd.css" */

struct page {
    FILE *out;
    const struct gl_directory_site *site; /* of a site's page */
    const json_t *live;                   /* the same */
    const struct gl_render_list *list;    /* of the list */
    int status;                           /* of an error */
    const char *phrase;                   /* what HTTP calls it */
    const char *sentence;
};

struct asset_file {
    const char *stem, *ending, *type, *data;
    const size_t *len;
};

static const struct asset_file assets[] = {
    {"style", "css", "text/css; charset=utf-8", gl_embed_style_css,
     &gl_embed_style_css_len},
    {"page", "js", "text/javascript; charset=utf-8", gl_embed_page_js,
     &gl_embed_page_js_len},
    {"icon", "svg", "image/svg+xml", gl_embed_icon_svg,
     &gl_embed_icon_svg_len},
};

enum asset_index { ASSET_STYLE = 0, ASSET_SCRIPT = 1, ASSET_ICON = 2 };

static void
asset_name(const struct asset_file *file, char name[GL_RENDER_NAME_MAX])
{
    snprintf(name, GL_RENDER_NAME_MAX, "%s-%08x.%s", file->stem,
             (unsigned) gl_crc32c(0, file->data, *file->len), file->ending);
}

const struct gl_asset *
gl_render_asset(const char *name, struct gl_asset *asset)
{
    for (size_t i = 0; i < sizeof assets / sizeof assets[0]; i++) {
        char current[GL_RENDER_NAME_MAX];
        asset_name(&assets[i], current);
        if (strcmp(current, name) == 0) {
            *asset = (struct gl_asset){assets[i].type, assets[i].data,
                                       *assets[i].len};
            return asset;
        }
    }
    return NULL;
}

static void
put_asset(struct page *page, enum asset_index which)
{
    char name[GL_RENDER_NAME_MAX];
    asset_name(&assets[which], name);
    fputs(name, page->out);
}

static const json_t *
today(const struct page *page, const char *key)
{
    return json_object_get(json_object_get(page->live, "today"), key);
}

static void
put_text(struct page *page, const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    gl_render_escape_(page->out, text == NULL ? "" : text);
}

/* A dash while it is not known. */
static void
put_number(struct page *page, const json_t *n)
{
    if (json_is_integer(n))
        gl_render_number_(page->out, json_integer_value(n));
    else
        fputs("–", page->out);
}

static void
put_recent(struct page *page)
{
    const json_t *minutes = json_object_get(page->live, "pageviews_30m");
    int64_t sum = 0;
    if (!json_is_integer(json_array_get(minutes, 0))) {
        put_number(page, NULL);
        return;
    }
    for (size_t i = 0; i < json_array_size(minutes); i++)
        sum += json_integer_value(json_array_get(minutes, i));
    gl_render_number_(page->out, sum);
}

static void
put_depth(struct page *page)
{
    int64_t visits = json_integer_value(today(page, "visits"));
    if (visits == 0) {
        fputs("–", page->out);
        return;
    }
    fprintf(page->out, "%.1f",
            (double) json_integer_value(today(page, "pageviews")) /
                (double) visits);
}

static void
put_search(struct page *page)
{
    gl_render_search_(page->out, page->list);
}

static void
put_list(struct page *page)
{
    gl_render_sites_(page->out, page->list);
}

static void
put_style(struct page *page)
{
    put_asset(page, ASSET_STYLE);
}

static void
put_script(struct page *page)
{
    put_asset(page, ASSET_SCRIPT);
}

static void
put_icon(struct page *page)
{
    put_asset(page, ASSET_ICON);
}

static void
put_site(struct page *page)
{
    gl_render_escape_(page->out, page->site->domain);
}

static void
put_timezone(struct page *page)
{
    gl_render_escape_(page->out, page->site->timezone);
}

static void
put_visitors(struct page *page)
{
    put_number(page, json_object_get(page->live, "visitors"));
}

static void
put_today_visitors(struct page *page)
{
    put_number(page, today(page, "visitors"));
}

static void
put_today_visits(struct page *page)
{
    put_number(page, today(page, "visits"));
}

static void
put_today_pageviews(struct page *page)
{
    put_number(page, today(page, "pageviews"));
}

/* What to know beside the numbers, a sentence a paragraph. */
static void
put_conditions(struct page *page)
{
    const json_t *list = json_object_get(page->live, "conditions");
    size_t i;
    json_t *condition;
    json_array_foreach(list, i, condition)
    {
        fputs("<p class=\"notice\" data-kind=\"", page->out);
        put_text(page, condition, "kind");
        fputs("\">", page->out);
        put_text(page, condition, "text");
        fputs("</p>", page->out);
    }
}

static void
put_bars(struct page *page)
{
    gl_render_bars_(page->out, json_object_get(page->live, "pageviews_30m"));
}

static void
put_status(struct page *page)
{
    fprintf(page->out, "%d", page->status);
}

static void
put_title(struct page *page)
{
    fputs(page->phrase, page->out);
}

/* "no such site" as "No such site." */
static void
put_sentence(struct page *page)
{
    const char *text = page->sentence;
    size_t len = strlen(text);
    if (text[0] >= 'a' && text[0] <= 'z') {
        fputc(text[0] - 'a' + 'A', page->out);
        text++;
    }
    gl_render_escape_(page->out, text);
    if (len > 0 && page->sentence[len - 1] != '.')
        fputc('.', page->out);
}

/* What the {{names}} of the templates stand for. */
static const struct {
    const char *name;
    void (*put)(struct page *page);
} parts[] = {
    {"style", put_style},
    {"script", put_script},
    {"icon", put_icon},
    {"site", put_site},
    {"timezone", put_timezone},
    {"visitors", put_visitors},
    {"recent", put_recent},
    {"bars", put_bars},
    {"conditions", put_conditions},
    {"today_visitors", put_today_visitors},
    {"today_visits", put_today_visits},
    {"today_pageviews", put_today_pageviews},
    {"today_depth", put_depth},
    {"search", put_search},
    {"list", put_list},
    {"status", put_status},
    {"title", put_title},
    {"sentence", put_sentence},
};

static void
put(struct page *page, const char *name, size_t len)
{
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (strlen(parts[i].name) == len &&
            memcmp(parts[i].name, name, len) == 0) {
            parts[i].put(page);
            return;
        }
    }
}

static char *
render(const char *template, struct page *page, size_t *len)
{
    char *made = NULL;
    page->out = open_memstream(&made, len);
    if (page->out == NULL)
        return NULL;
    for (;;) {
        const char *open = strstr(template, "{{");
        const char *close = open == NULL ? NULL : strstr(open, "}}");
        if (close == NULL)
            break;
        fwrite(template, 1, (size_t) (open - template), page->out);
        put(page, open + 2, (size_t) (close - open - 2));
        template = close + 2;
    }
    fputs(template, page->out);
    int failed = ferror(page->out);
    if (fclose(page->out) != 0 || failed) {
        free(made);
        return NULL;
    }
    return made;
}

char *
gl_render_site(const struct gl_directory_site *site, const json_t *live,
               size_t *len)
{
    struct page page = {.site = site, .live = live};
    return render(gl_embed_page_html, &page, len);
}

char *
gl_render_list(const struct gl_render_list *list, size_t *len)
{
    struct page page = {.list = list};
    return render(gl_embed_list_html, &page, len);
}

char *
gl_render_error(int status, const char *phrase, const char *sentence,
                size_t *len)
{
    struct page page = {
        .status = status, .phrase = phrase, .sentence = sentence};
    return render(gl_embed_error_html, &page, len);
}
