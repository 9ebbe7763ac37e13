
/*
 * Copyright (C) Glinto contributors
 *
 * A page's request that is signed (RFC 9421): what the signature is of, for
 * request/signed.h, which puts it together.  glintod verifies it; here no key
 * is known and nothing is verified.
 */


#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_request.h"

#include "request/signed.h"


static int ngx_http_glinto_signed_header(const void *from, struct gl_text name,
    unsigned n, struct gl_text *value);
static void ngx_http_glinto_signed_request(ngx_http_glinto_collect_t *gc,
    struct gl_signed_request *request);


ngx_int_t
ngx_http_glinto_signed(ngx_http_glinto_collect_t *gc)
{
    char                      *bytes;
    enum gl_signed             is;
    struct gl_event           *event;
    struct gl_text             base, signature;
    ngx_http_glinto_hit_t     *hit;
    struct gl_signed_request   request;

    static const struct gl_text  tag = {
        GL_SIGNED_TAG, sizeof(GL_SIGNED_TAG) - 1
    };

    hit = gc->hit;
    event = &hit->event;

    if (hit->seen.signature.len == 0 && hit->seen.signature_input.len == 0) {
        return NGX_OK;
    }

    if (hit->seen.twice) {
        event->signed_as = GL_SIGNED_MALFORMED;
        return NGX_OK;
    }

    bytes = ngx_pnalloc(hit->pool, GL_SIGNED_BYTES_MAX);
    if (bytes == NULL) {
        return NGX_ERROR;
    }

    ngx_http_glinto_signed_request(gc, &request);

    is = gl_signed_read(&request, tag, bytes, &base, &signature);
    event->signed_as = is;

    if (is == GL_SIGNED_BASE) {
        event->signed_base = base;
        event->signature = signature;
    }

    return NGX_OK;
}


static void
ngx_http_glinto_signed_request(ngx_http_glinto_collect_t *gc,
    struct gl_signed_request *request)
{
    ngx_http_request_t  *r;

    static const struct gl_text  get = { "GET", 3 };
    static const struct gl_text  http = { "http", 4 };
#if (NGX_HTTP_SSL)
    static const struct gl_text  https = { "https", 5 };
#endif

    r = gc->request;

    /* of no other method is a page told */

    request->method = get;
    request->scheme = http;

#if (NGX_HTTP_SSL)
    if (r->connection->ssl) {
        request->scheme = https;
    }
#endif

    request->host = r->headers_in.host
                    ? ngx_http_glinto_text(&r->headers_in.host->value)
                    : ngx_http_glinto_text(&r->headers_in.server);
    request->target = ngx_http_glinto_text(&r->unparsed_uri);
    request->input = gc->hit->seen.signature_input;
    request->made = gc->hit->seen.signature;
    request->header = ngx_http_glinto_signed_header;
    request->from = r;
}


static int
ngx_http_glinto_signed_header(const void *from, struct gl_text name,
    unsigned n, struct gl_text *value)
{
    const ngx_http_request_t *r = from;

    const ngx_table_elt_t  *h, *last;
    const ngx_list_part_t  *part;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {

            if (h->key.len != name.len
                || ngx_memcmp(h->lowcase_key, name.data, name.len) != 0
                || n-- > 0)
            {
                continue;
            }

            *value = ngx_http_glinto_text(&h->value);
            return 1;
        }
    }

    return 0;
}
