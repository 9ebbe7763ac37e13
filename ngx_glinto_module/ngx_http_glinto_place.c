
/*
 * Copyright (C) Glinto contributors
 *
 * Where a visitor is, as variables of nginx say.
 */


#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_request.h"


static ngx_uint_t ngx_http_glinto_place_is_known(
    const ngx_http_glinto_loc_conf_t *glcf);
static ngx_int_t ngx_http_glinto_place_text(ngx_http_request_t *r,
    ngx_http_complex_value_t *cv, struct gl_text *text);


ngx_int_t
ngx_http_glinto_place(ngx_http_glinto_collect_t *gc)
{
    struct gl_text               country, region, city;
    struct gl_event             *event;
    struct gl_memory             memory;
    ngx_http_request_t          *r;
    ngx_http_glinto_loc_conf_t  *glcf;

    if (gc->placed) {
        return NGX_OK;
    }

    gc->placed = 1;
    glcf = gc->glcf;

    if (gc->hit->sender || !ngx_http_glinto_place_is_known(glcf)) {

        /* nginx knows the place of a server, or of nobody */

        return NGX_OK;
    }

    r = gc->request;
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


static ngx_uint_t
ngx_http_glinto_place_is_known(const ngx_http_glinto_loc_conf_t *glcf)
{
    return glcf->country || glcf->region || glcf->city;
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
