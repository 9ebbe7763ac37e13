
/*
 * Copyright (C) Glinto contributors
 *
 * Where a visitor is, and whose network it comes from, as variables of nginx
 * say.  The address they ask is known to nginx alone.
 */


#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_request.h"

#include "apart.h"


static ngx_uint_t ngx_http_glinto_network_is_name(const ngx_str_t *value);
static ngx_uint_t ngx_http_glinto_place_is_known(
    const ngx_http_glinto_loc_conf_t *glcf);
static GL_APART ngx_int_t ngx_http_glinto_place_find(
    ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_place_text(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv, struct gl_text *text);


ngx_int_t
ngx_http_glinto_place(ngx_http_glinto_collect_t *gc)
{
    if (gc->placed) {
        return NGX_OK;
    }

    gc->placed = 1;

    if (gc->hit->sender || !ngx_http_glinto_place_is_known(gc->glcf)) {

        /* nginx knows the place of a server, or of nobody */

        return NGX_OK;
    }

    return ngx_http_glinto_place_find(gc);
}


static ngx_uint_t
ngx_http_glinto_place_is_known(const ngx_http_glinto_loc_conf_t *glcf)
{
    return glcf->country || glcf->region || glcf->city;
}


static GL_APART ngx_int_t
ngx_http_glinto_place_find(ngx_http_glinto_collect_t *gc)
{
    struct gl_text               country, region, city;
    struct gl_event             *event;
    struct gl_memory             memory;
    ngx_http_request_t          *r;
    ngx_http_glinto_loc_conf_t  *glcf;

    r = gc->request;
    glcf = gc->glcf;
    event = &gc->hit->event;
    memory = ngx_http_glinto_memory(gc->hit->pool);

    if (ngx_http_glinto_place_text(r, glcf->country, &country) != NGX_OK
        || ngx_http_glinto_place_text(r, glcf->region, &region) != NGX_OK
        || ngx_http_glinto_place_text(r, glcf->city, &city) != NGX_OK)
    {
        return NGX_ERROR;
    }

    event->city = gl_city_read(city);

    return gl_country_read(memory, country, &event->country) == 0
           && gl_region_read(memory, region, event->country, &event->region)
              == 0
           ? NGX_OK : NGX_ERROR;
}


static ngx_int_t
ngx_http_glinto_place_text(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv, struct gl_text *text)
{
    ngx_str_t  value;

    ngx_str_null(&value);

    if (cv && ngx_http_complex_value(r, cv, &value) != NGX_OK) {
        return NGX_ERROR;
    }

    *text = ngx_http_glinto_text(&value);

    return NGX_OK;
}


/* of a server that sends events of others it would be the server's */

ngx_int_t
ngx_http_glinto_network(ngx_http_glinto_collect_t *gc)
{
    ngx_str_t  value;

    if (gc->glcf->network == NULL || gc->hit->sender) {
        return NGX_OK;
    }

    if (ngx_http_complex_value(gc->request, gc->glcf->network, &value)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    if (ngx_http_glinto_network_is_name(&value)) {
        gc->hit->event.network = ngx_http_glinto_text(&value);
    }

    return NGX_OK;
}


/* the name of an operator, as "glinto networks" writes it; no address is */

static ngx_uint_t
ngx_http_glinto_network_is_name(const ngx_str_t *value)
{
    u_char      ch;
    ngx_uint_t  i;

    if (value->len == 0 || value->len > GL_LONGEST_network) {
        return 0;
    }

    for (i = 0; i < value->len; i++) {
        ch = value->data[i];

        if ((ch < 'a' || ch > 'z') && (i == 0 || ch < '0' || ch > '9')) {
            return 0;
        }
    }

    return 1;
}
