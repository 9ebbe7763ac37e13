
/*
 * Copyright (C) Glinto contributors
 *
 * Texts of an event line: each as schema/request reads it, by one table.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_events.h"
#include "ngx_http_glinto_request.h"


/* what is stored of the text; NGX_DECLINED: it cannot be */

typedef ngx_int_t (*ngx_http_glinto_line_read_pt)(struct gl_memory memory,
    struct gl_text *text);


static ngx_int_t ngx_http_glinto_line_host(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_path(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_name(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_referrer(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_words(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_click_id(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_language(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_screen(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_country(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_region(struct gl_memory memory,
    struct gl_text *text);
static ngx_int_t ngx_http_glinto_line_city(struct gl_memory memory,
    struct gl_text *text);


#define ngx_http_glinto_line_text(member, read, must)                         \
    { offsetof(struct gl_event, member), GL_LONGEST_##member,                 \
      ngx_http_glinto_line_##read, must }

static const struct {
    size_t                        at;        /* in struct gl_event */
    uint32_t                      longest;   /* characters */
    ngx_http_glinto_line_read_pt  read;
    const char                   *must;
} ngx_http_glinto_line_readers[NGX_HTTP_GLINTO_LINE_TEXTS] = {
    ngx_http_glinto_line_text(host, host, "is not the name of a host"),
    ngx_http_glinto_line_text(path, path, "is too long"),
    ngx_http_glinto_line_text(name, name, "is blank or too long"),
    ngx_http_glinto_line_text(referrer, referrer, "is too long"),
    ngx_http_glinto_line_text(source, words, "is over 255 characters"),
    ngx_http_glinto_line_text(utm_source, words, "is over 255 characters"),
    ngx_http_glinto_line_text(utm_medium, words, "is over 255 characters"),
    ngx_http_glinto_line_text(utm_campaign, words, "is over 255 characters"),
    ngx_http_glinto_line_text(utm_content, words, "is over 255 characters"),
    ngx_http_glinto_line_text(utm_term, words, "is over 255 characters"),
    ngx_http_glinto_line_text(click_id, click_id,
                              "must be the name of a click id, like gclid"),
    ngx_http_glinto_line_text(title, words, "is over 1024 characters"),
    ngx_http_glinto_line_text(language, language,
                              "must be a language, like en-US"),
    ngx_http_glinto_line_text(screen, screen, "must be like 1920x1080"),
    ngx_http_glinto_line_text(country, country,
                              "must be a code of ISO 3166-1, like AT"),
    ngx_http_glinto_line_text(region, region,
                              "must be a code of ISO 3166-2, like AT-9"),
    ngx_http_glinto_line_text(city, city,
                              "has control characters or is over 128 "
                              "characters"),
};


ngx_int_t
ngx_http_glinto_line_texts(ngx_pool_t *pool,
    const ngx_http_glinto_line_t *line, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t        rc;
    ngx_uint_t       i;
    struct gl_text   text;

    for (i = 0; i < NGX_HTTP_GLINTO_LINE_TEXTS; i++) {

        text = line->fields[i].text;

        if (text.len == 0) {
            continue;
        }

        rc = ngx_http_glinto_line_readers[i].read(ngx_http_glinto_memory(pool),
                                                  &text);

        if (rc == NGX_ERROR) {
            return NGX_ERROR;
        }

        if (rc == NGX_DECLINED
            || !gl_utf8_fits(text, ngx_http_glinto_line_readers[i].longest))
        {
            return ngx_http_glinto_hit_refuse(hit,
                             (char *) ngx_http_glinto_line_fields[i].data,
                             ngx_http_glinto_line_readers[i].must);
        }

        *(struct gl_text *) (void *)
            ((char *) &hit->event + ngx_http_glinto_line_readers[i].at) = text;
    }

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_line_host(struct gl_memory memory, struct gl_text *text)
{
    if (gl_page_host(memory, *text, text) != 0) {
        return NGX_ERROR;
    }

    return text->data[0] == '(' ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_http_glinto_line_path(struct gl_memory memory, struct gl_text *text)
{
    return gl_page_path(memory, *text, text) == 0 ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_line_name(struct gl_memory memory, struct gl_text *text)
{
    const char  *wrong;

    if (gl_name_read(memory, text, &wrong) != 0) {
        return NGX_ERROR;
    }

    return wrong ? NGX_DECLINED : NGX_OK;
}


static ngx_int_t
ngx_http_glinto_line_referrer(struct gl_memory memory, struct gl_text *text)
{
    return gl_page_referrer(memory, *text, text) == 0 ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_line_words(struct gl_memory memory, struct gl_text *text)
{
    return gl_utf8_mend(memory, *text, text) == 0 ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_line_click_id(struct gl_memory memory, struct gl_text *text)
{
    *text = gl_page_click_id(*text);

    return text->len ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_glinto_line_language(struct gl_memory memory, struct gl_text *text)
{
    if (gl_language_read(memory, gl_headers_language(*text), text) != 0) {
        return NGX_ERROR;
    }

    return text->len ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_glinto_line_screen(struct gl_memory memory, struct gl_text *text)
{
    return gl_screen_is(*text) ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_glinto_line_country(struct gl_memory memory, struct gl_text *text)
{
    if (gl_country_read(memory, *text, text) != 0) {
        return NGX_ERROR;
    }

    return text->len ? NGX_OK : NGX_DECLINED;
}


/* of whatever country: glintod knows which there are */

static ngx_int_t
ngx_http_glinto_line_region(struct gl_memory memory, struct gl_text *text)
{
    static const struct gl_text  any = { NULL, 0 };

    if (gl_region_read(memory, *text, any, text) != 0) {
        return NGX_ERROR;
    }

    return text->len ? NGX_OK : NGX_DECLINED;
}


static ngx_int_t
ngx_http_glinto_line_city(struct gl_memory memory, struct gl_text *text)
{
    *text = gl_city_read(*text);

    return text->len ? NGX_OK : NGX_DECLINED;
}
