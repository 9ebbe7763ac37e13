
/*
 * Copyright (C) Glinto contributors
 *
 * What the words of a site's line say:
 *
 *   hosts=A,B       pages on other hosts are turned away
 *   optout=1        Sec-GPC and DNT are obeyed; gpc, dnt: that one alone
 *   currency=EUR    of revenue that names none
 *   visitors=N      live number, for $glinto_visitors
 *   left_out=A,B    words of left_out.def: not in its events
 *   account=ID      whose tokens may send events (tokens)
 *   block_KIND=A,B  whose events are turned away (shields)
 *
 * Unknown words are ignored: a newer glintod wrote them, and heeds them.
 */


#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_sites.h"

#include "left_out.h"


static ngx_uint_t ngx_http_glinto_site_heeds(const ngx_str_t *value);
static ngx_uint_t ngx_http_glinto_site_left_out(const ngx_str_t *value);


ngx_int_t
ngx_http_glinto_site_word(ngx_pool_t *pool, ngx_http_glinto_site_t *site,
    ngx_str_t *key, ngx_str_t *value)
{
    ngx_int_t  rc;

    rc = ngx_http_glinto_shields_word(pool, &site->shields, key, value);

    if (rc != NGX_DECLINED) {
        return rc;
    }

    if (key->len == 5 && ngx_memcmp(key->data, "hosts", 5) == 0) {
        site->hosts = *value;

    } else if (key->len == 6 && ngx_memcmp(key->data, "optout", 6) == 0) {
        site->heeds = ngx_http_glinto_site_heeds(value);

    } else if (key->len == 8 && value->len == GL_LONGEST_currency
               && ngx_memcmp(key->data, "currency", 8) == 0)
    {
        site->currency = *value;

    } else if (key->len == 8 && ngx_memcmp(key->data, "visitors", 8) == 0) {
        site->visitors = *value;

    } else if (key->len == 7 && ngx_memcmp(key->data, "account", 7) == 0) {
        site->account = *value;

    } else if (key->len == 8 && ngx_memcmp(key->data, "left_out", 8) == 0) {
        site->left_out = ngx_http_glinto_site_left_out(value);
    }

    return NGX_OK;
}


static ngx_uint_t
ngx_http_glinto_site_heeds(const ngx_str_t *value)
{
    switch (value->data[0]) {

    case '1':
        return NGX_HTTP_GLINTO_HEEDS_GPC|NGX_HTTP_GLINTO_HEEDS_DNT;

    case 'g':
        return NGX_HTTP_GLINTO_HEEDS_GPC;

    case 'd':
        return NGX_HTTP_GLINTO_HEEDS_DNT;

    default:
        return 0;
    }
}


static ngx_uint_t
ngx_http_glinto_site_left_out(const ngx_str_t *value)
{
    ngx_uint_t      bits;
    struct gl_text  list;

    bits = 0;
    list = ngx_http_glinto_text(value);

    do {
        bits |= gl_left_out_bit(gl_text_item(&list));

    } while (list.data);

    return bits;
}
