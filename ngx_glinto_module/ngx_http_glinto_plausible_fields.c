
/*
 * Copyright (C) Glinto contributors
 *
 * The fields of a body of Plausible's event API: their names, and which of two
 * names of one field counts.
 */


#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_plausible.h"


/* by ngx_http_glinto_plausible_field_e */

static const ngx_str_t
    ngx_http_glinto_plausible_names[NGX_HTTP_GLINTO_PLAUSIBLE_FIELDS] =
{
    ngx_string("u"),
    ngx_string("url"),
    ngx_string("n"),
    ngx_string("name"),
    ngx_string("d"),
    ngx_string("domain"),
    ngx_string("r"),
    ngx_string("referrer"),
    ngx_string("h"),
    ngx_string("hashMode"),
    ngx_string("i"),
    ngx_string("interactive"),
    ngx_string("revenue"),
    ngx_string("$"),
    ngx_string("m"),
    ngx_string("meta"),
    ngx_string("p"),
    ngx_string("props"),
    ngx_string("sd"),
    ngx_string("e"),
};


ngx_http_glinto_json_t *
ngx_http_glinto_plausible_slot(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_json_t *fields = ctx;

    return ngx_http_glinto_json_named(ngx_http_glinto_plausible_names,
                                      NGX_HTTP_GLINTO_PLAUSIBLE_FIELDS,
                                      fields, key);
}


const ngx_http_glinto_json_t *
ngx_http_glinto_plausible_first(const ngx_http_glinto_json_t *fields,
    ngx_uint_t field, ngx_uint_t n)
{
    ngx_uint_t  i;

    static const ngx_http_glinto_json_t  none = {
        .type = NGX_HTTP_GLINTO_JSON_NONE
    };

    for (i = field; i < field + n; i++) {
        if (fields[i].type > NGX_HTTP_GLINTO_JSON_FALSE) {
            return &fields[i];
        }
    }

    return &none;
}
