
/*
 * Copyright (C) Glinto contributors
 *
 * The tracker script, from bytes in the module.  In an exact location it is
 * served under any name; elsewhere under glinto.js and the names that
 * Plausible's scripts have: script.js, plausible.js, analytics.js, with any
 * extensions between ("script.hash.outbound-links.js").  One text for all:
 * the script reads its own name.
 */


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "tracker.h"


static ngx_uint_t ngx_http_glinto_script_known(ngx_http_request_t *r);
static ngx_int_t ngx_http_glinto_script_etag(ngx_http_request_t *r);


static const ngx_str_t  ngx_http_glinto_script_names[] = {
    ngx_string("glinto"),
    ngx_string("script"),
    ngx_string("plausible"),
    ngx_string("analytics"),
    ngx_null_string
};

static const ngx_str_t  ngx_http_glinto_script_type =
    ngx_string("application/javascript");

static const ngx_table_elt_t  ngx_http_glinto_script_headers[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Cache-Control",
                           "public, max-age=86400, must-revalidate"),
    ngx_http_glinto_header("Cross-Origin-Resource-Policy", "cross-origin"),
    ngx_http_glinto_header("X-Content-Type-Options", "nosniff"),
};


ngx_int_t
ngx_http_glinto_script_handler(ngx_http_request_t *r)
{
    ngx_int_t   rc;
    ngx_str_t   body;

    if (!(r->method & (NGX_HTTP_GET|NGX_HTTP_HEAD))) {
        return NGX_HTTP_NOT_ALLOWED;
    }

    rc = ngx_http_discard_request_body(r);

    if (rc != NGX_OK) {
        return rc;
    }

    if (!ngx_http_glinto_script_known(r)) {
        return NGX_HTTP_NOT_FOUND;
    }

    if (ngx_http_glinto_reply_headers(r, ngx_http_glinto_script_headers, 4)
        != NGX_OK
        || ngx_http_glinto_script_etag(r) != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    body.data = (u_char *) gl_embed_glinto_js;
    body.len = gl_embed_glinto_js_len;

    return ngx_http_glinto_reply_send(r, NGX_HTTP_OK,
                                      &ngx_http_glinto_script_type, &body);
}


/* "name.js" or "name.anything.js" after the last slash */

static ngx_uint_t
ngx_http_glinto_script_known(ngx_http_request_t *r)
{
    size_t                     len;
    u_char                    *p, *last;
    const ngx_str_t           *name;
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    if (clcf->exact_match) {
        return 1;
    }

    last = r->uri.data + r->uri.len;

    for (p = last; p > r->uri.data && p[-1] != '/'; p--) { /* void */ }

    len = last - p;

    for (name = ngx_http_glinto_script_names; name->len; name++) {
        if (len >= name->len + 3
            && ngx_strncmp(p, name->data, name->len) == 0
            && p[name->len] == '.'
            && ngx_strncmp(last - 3, ".js", 3) == 0)
        {
            return 1;
        }
    }

    return 0;
}


/*
 * The tag is a hash of the bytes: the same on every server of a cluster.
 * nginx answers If-None-Match with 304 by it.
 */

static ngx_int_t
ngx_http_glinto_script_etag(ngx_http_request_t *r)
{
    u_char           *p;
    uint32_t          hash;
    ngx_table_elt_t  *h;

    static const ngx_table_elt_t  etag = ngx_http_glinto_header("ETag", "");

    p = ngx_pnalloc(r->pool, sizeof("\"12345678-\"") - 1 + NGX_SIZE_T_LEN);
    if (p == NULL) {
        return NGX_ERROR;
    }

    h = ngx_list_push(&r->headers_out.headers);
    if (h == NULL) {
        return NGX_ERROR;
    }

    hash = ngx_murmur_hash2((u_char *) gl_embed_glinto_js,
                            gl_embed_glinto_js_len);

    *h = etag;
    h->value.data = p;
    h->value.len = ngx_sprintf(p, "\"%08xD-%uz\"", hash,
                               gl_embed_glinto_js_len)
                   - p;

    r->headers_out.etag = h;

    return NGX_OK;
}
