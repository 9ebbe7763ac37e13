
/*
 * Copyright (C) Glinto contributors
 *
 * The fields of a request of Matomo's tracking API, by their names.
 */


#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_matomo.h"


/* by ngx_http_glinto_matomo_field_e */

static const ngx_str_t
    ngx_http_glinto_matomo_names[NGX_HTTP_GLINTO_MATOMO_FIELDS] =
{
    ngx_string("idsite"),
    ngx_string("rec"),
    ngx_string("url"),
    ngx_string("urlref"),
    ngx_string("action_name"),
    ngx_string("res"),
    ngx_string("lang"),
    ngx_string("send_image"),
    ngx_string("ping"),
    ngx_string("cdt"),
    ngx_string("ca"),
    ngx_string("e_c"),
    ngx_string("e_a"),
    ngx_string("e_n"),
    ngx_string("e_v"),
    ngx_string("c_n"),
    ngx_string("download"),
    ngx_string("link"),
    ngx_string("search"),
    ngx_string("search_cat"),
    ngx_string("search_count"),
    ngx_string("idgoal"),
    ngx_string("ec_id"),
    ngx_string("revenue"),
    ngx_string("dimension1"),
    ngx_string("dimension2"),
    ngx_string("dimension3"),
    ngx_string("dimension4"),
    ngx_string("dimension5"),
    ngx_string("dimension6"),
    ngx_string("dimension7"),
    ngx_string("dimension8"),
    ngx_string("dimension9"),
    ngx_string("dimension10"),
};


ngx_http_glinto_json_t *
ngx_http_glinto_matomo_slot(void *ctx, const struct gl_text *key)
{
    return ngx_http_glinto_json_named(ngx_http_glinto_matomo_names,
                                      NGX_HTTP_GLINTO_MATOMO_FIELDS, ctx, key);
}


const char *
ngx_http_glinto_matomo_key(ngx_uint_t field)
{
    return (const char *) ngx_http_glinto_matomo_names[field].data;
}


/* numbers come as such in a list of objects */

struct gl_text
ngx_http_glinto_matomo_text(const ngx_http_glinto_json_t *fields,
    ngx_uint_t field)
{
    static const struct gl_text  none = { NULL, 0 };

    return fields[field].type == NGX_HTTP_GLINTO_JSON_STRING
           || fields[field].type == NGX_HTTP_GLINTO_JSON_NUMBER
           ? fields[field].text : none;
}
