
/*
 * Copyright (C) Glinto contributors
 *
 * What the query of a GoatCounter request says; see
 * ngx_http_glinto_goatcounter.c.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_goatcounter.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_request.h"


/* lower ones are what GoatCounter's server itself says of an agent */

#define NGX_HTTP_GLINTO_GOATCOUNTER_BOT  150


static ngx_int_t ngx_http_glinto_goatcounter_read(ngx_pool_t *pool,
    struct gl_text args, ngx_http_glinto_goatcounter_t *said);
static struct gl_text *ngx_http_glinto_goatcounter_slot(
    ngx_http_glinto_goatcounter_t *said, char letter);
static ngx_int_t ngx_http_glinto_goatcounter_kind(
    const ngx_http_glinto_goatcounter_t *said, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_bot(
    const ngx_http_glinto_goatcounter_t *said, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_view(ngx_pool_t *pool,
    const ngx_http_glinto_goatcounter_t *said, struct gl_text referer,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_event(ngx_pool_t *pool,
    const ngx_http_glinto_goatcounter_t *said, struct gl_text referer,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_page(ngx_pool_t *pool,
    struct gl_text host, struct gl_text page, struct gl_text query,
    ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_own(ngx_pool_t *pool,
    struct gl_text query, struct gl_event *event);
static ngx_int_t ngx_http_glinto_goatcounter_screen(ngx_pool_t *pool,
    struct gl_text size, struct gl_text *screen);
static struct gl_text ngx_http_glinto_goatcounter_whole(
    struct gl_text *list);


ngx_int_t
ngx_http_glinto_goatcounter_parse_args(ngx_pool_t *pool, struct gl_text args,
    struct gl_text referer, ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                      rc;
    ngx_http_glinto_goatcounter_t  said;

    ngx_memzero(&said, sizeof(ngx_http_glinto_goatcounter_t));

    hit->event.schema = GL_EVENT_SCHEMA;

    rc = ngx_http_glinto_goatcounter_read(pool, args, &said);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_goatcounter_take(pool, &said, referer, hit);
    }

    return ngx_http_glinto_hit_status(rc);
}


static ngx_int_t
ngx_http_glinto_goatcounter_read(ngx_pool_t *pool, struct gl_text args,
    ngx_http_glinto_goatcounter_t *said)
{
    struct gl_text  key, value, *text;

    while (gl_text_pair(&args, &key, &value)) {

        text = key.len == 1
               ? ngx_http_glinto_goatcounter_slot(said, key.data[0]) : NULL;

        if (text
            && gl_text_decode(ngx_http_glinto_memory(pool), value,
                              GL_CODED_QUERY, text)
               != 0)
        {
            return NGX_ERROR;
        }
    }

    return NGX_OK;
}


static struct gl_text *
ngx_http_glinto_goatcounter_slot(ngx_http_glinto_goatcounter_t *said,
    char letter)
{
    switch (letter) {
    case 'p':
        return &said->path;
    case 't':
        return &said->title;
    case 'r':
        return &said->referrer;
    case 'q':
        return &said->query;
    case 's':
        return &said->size;
    case 'b':
        return &said->bot;
    case 'e':
        return &said->event;
    default:
        return NULL;
    }
}


ngx_int_t
ngx_http_glinto_goatcounter_take(ngx_pool_t *pool,
    const ngx_http_glinto_goatcounter_t *said, struct gl_text referer,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t  rc;

    if (said->path.len == 0) {
        return ngx_http_glinto_hit_refuse(hit, "p", "is missing");
    }

    rc = ngx_http_glinto_goatcounter_kind(said, hit);

    if (rc == NGX_OK) {
        rc = ngx_http_glinto_goatcounter_bot(said, hit);
    }

    if (rc != NGX_OK) {
        return rc;
    }

    hit->event.title = gl_value_kept(said->title, GL_LONGEST_title);

    if (gl_page_referrer(ngx_http_glinto_memory(pool), said->referrer,
                         &hit->event.referrer)
        != 0
        || ngx_http_glinto_goatcounter_screen(pool, said->size,
                                              &hit->event.screen)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    return hit->event.kind == GL_CUSTOM
           ? ngx_http_glinto_goatcounter_event(pool, said, referer, hit)
           : ngx_http_glinto_goatcounter_view(pool, said, referer, hit);
}


static ngx_int_t
ngx_http_glinto_goatcounter_kind(const ngx_http_glinto_goatcounter_t *said,
    ngx_http_glinto_hit_t *hit)
{
    ngx_uint_t  i;

    static const struct {
        const char               *word;
        ngx_uint_t                kind;
    } words[] = {
        { "false", GL_PAGEVIEW },
        { "0", GL_PAGEVIEW },
        { "off", GL_PAGEVIEW },
        { "true", GL_CUSTOM },
        { "1", GL_CUSTOM },
        { "on", GL_CUSTOM }
    };

    hit->event.kind = GL_PAGEVIEW;

    if (said->event.len == 0) {
        return NGX_OK;
    }

    for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (ngx_http_glinto_json_text_is(&said->event, words[i].word)) {
            hit->event.kind = words[i].kind;
            return NGX_OK;
        }
    }

    return ngx_http_glinto_hit_refuse(hit, "e",
                                              "is neither true nor false");
}


static ngx_int_t
ngx_http_glinto_goatcounter_bot(const ngx_http_glinto_goatcounter_t *said,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t  n;

    n = said->bot.len ? ngx_atoi((u_char *) said->bot.data, said->bot.len)
                      : 0;

    if (n < 0 || (n > 0 && n < NGX_HTTP_GLINTO_GOATCOUNTER_BOT)) {
        return ngx_http_glinto_hit_refuse(hit, "b",
                                                "is neither 0 nor 150 or more");
    }

    hit->bot = (n > 0);

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_goatcounter_view(ngx_pool_t *pool,
    const ngx_http_glinto_goatcounter_t *said, struct gl_text referer,
    ngx_http_glinto_hit_t *hit)
{
    return ngx_http_glinto_goatcounter_page(pool,
                                            gl_address_split(referer).host,
                                            said->path, said->query, hit);
}


static ngx_int_t
ngx_http_glinto_goatcounter_event(ngx_pool_t *pool,
    const ngx_http_glinto_goatcounter_t *said, struct gl_text referer,
    ngx_http_glinto_hit_t *hit)
{
    const char         *wrong;
    struct gl_text     *name;
    struct gl_address   page;

    name = &hit->event.name;
    *name = said->path;

    while (name->len && name->data[0] == '/') {
        name->data++;
        name->len--;
    }

    if (gl_name_read(ngx_http_glinto_memory(pool), name, &wrong) != 0) {
        return NGX_ERROR;
    }

    if (wrong) {
        return ngx_http_glinto_hit_refuse(hit, "p", wrong);
    }

    page = gl_address_split(referer);

    return ngx_http_glinto_goatcounter_page(pool, page.host, page.path,
                                            said->query, hit);
}


/* what the page of a script was asked for is behind what its path may have */

static ngx_int_t
ngx_http_glinto_goatcounter_page(ngx_pool_t *pool, struct gl_text host,
    struct gl_text page, struct gl_text query, ngx_http_glinto_hit_t *hit)
{
    const char      *hash;
    u_char          *p;
    size_t           len;
    ngx_int_t        rc;
    struct gl_text   address;

    p = ngx_pnalloc(pool, sizeof("https://") + host.len + 1 + page.len
                          + 1 + query.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    address.data = (char *) p;

    if (host.len) {
        p = ngx_cpymem(p, "https://", sizeof("https://") - 1);
        p = ngx_cpymem(p, host.data, host.len);
    }

    if (page.len == 0 || page.data[0] != '/') {
        *p++ = '/';
    }

    hash = page.len ? memchr(page.data, '#', page.len) : NULL;
    len = hash ? (size_t) (hash - page.data) : page.len;

    if (len) {
        p = ngx_cpymem(p, page.data, len);
    }

    if (query.len) {
        *p++ = (len && memchr(page.data, '?', len)) ? '&' : '?';

        if (query.data[0] == '?') {
            query.data++;
            query.len--;
        }

        p = ngx_cpymem(p, query.data, query.len);
    }

    if (hash) {
        p = ngx_cpymem(p, hash, page.len - len);
    }

    address.len = (uint32_t) ((char *) p - address.data);

    rc = ngx_http_glinto_page(pool, address, 1, hit);

    return rc ? rc : ngx_http_glinto_goatcounter_own(pool, query, &hit->event);
}


/*
 * As it counts them: "/a/" and "/a" are one page; a campaign may be called so,
 * and its source src
 */

static ngx_int_t
ngx_http_glinto_goatcounter_own(ngx_pool_t *pool, struct gl_text query,
    struct gl_event *event)
{
    struct gl_text  key, value, *field;

    static const struct gl_text  campaign = { "campaign", 8 };
    static const struct gl_text  src = { "src", 3 };

    while (event->path.len > 1
           && event->path.data[event->path.len - 1] == '/')
    {
        event->path.len--;
    }

    while (gl_text_pair(&query, &key, &value)) {

        field = gl_text_is(key, campaign) ? &event->utm_campaign
                : gl_text_is(key, src) ? &event->source : NULL;

        if (field == NULL || field->len) {
            continue;
        }

        if (gl_text_decode(ngx_http_glinto_memory(pool), value,
                           GL_CODED_QUERY, field)
            != 0)
        {
            return NGX_ERROR;
        }

        *field = gl_value_kept(*field, GL_LONGEST_utm_campaign);
    }

    return NGX_OK;
}


/* "1920,1080,1.5" is 1920x1080; newer scripts say "1920" alone */

static ngx_int_t
ngx_http_glinto_goatcounter_screen(ngx_pool_t *pool, struct gl_text size,
    struct gl_text *screen)
{
    u_char          *p;
    struct gl_text   width, height, text;

    width = ngx_http_glinto_goatcounter_whole(&size);
    height = ngx_http_glinto_goatcounter_whole(&size);

    if (height.len == 0) {

        if (gl_screen_is(width)) {
            *screen = width;
        }

        return NGX_OK;
    }

    if (width.len + height.len + 1 > GL_LONGEST_screen) {
        return NGX_OK;
    }

    p = ngx_pnalloc(pool, width.len + 1 + height.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    text.data = (char *) p;
    text.len = width.len + 1 + height.len;

    p = ngx_cpymem(p, width.data, width.len);
    *p++ = 'x';
    ngx_memcpy(p, height.data, height.len);

    if (gl_screen_is(text)) {
        *screen = text;
    }

    return NGX_OK;
}


/* the next number of the list, without what is behind its point */

static struct gl_text
ngx_http_glinto_goatcounter_whole(struct gl_text *list)
{
    const char      *point;
    struct gl_text   number;

    number = gl_text_item(list);

    while (number.len && number.data[0] == ' ') {
        number.data++;
        number.len--;
    }

    point = number.len ? memchr(number.data, '.', number.len) : NULL;

    if (point) {
        number.len = (uint32_t) (point - number.data);
    }

    return number;
}
