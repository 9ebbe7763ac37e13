
/*
 * Copyright (C) Glinto contributors
 *
 * One pass over a request's headers for request/headers.h, which knows what
 * they tell: evidence for the aggregator, and the reasons to drop a request
 * that the worker itself can see (method, prefetch, bot_headers).
 *
 * nginx keeps some of these headers in fields of their own, but which ones
 * depends on how it was built; the list is always there.
 */


#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_request.h"


static void ngx_http_glinto_headers_pass(ngx_http_request_t *r,
    struct gl_headers *seen);


void
ngx_http_glinto_headers_read(ngx_http_request_t *r, ngx_http_glinto_hit_t *hit,
    ngx_uint_t *reason)
{
    struct gl_headers  *seen;

    if (hit->sender) {

        /* they are a server's, and say nothing of a visitor */

        *reason = NGX_HTTP_GLINTO_TAKEN;
        return;
    }

    seen = &hit->seen;

    if (r->http_version >= NGX_HTTP_VERSION_20) {
        seen->evidence = GL_EVIDENCE_HTTP2;
    }

    seen->post = (r->method == NGX_HTTP_POST);

    ngx_http_glinto_headers_pass(r, seen);

    hit->event.evidence = seen->evidence;

    if (r->headers_in.user_agent) {
        hit->event.agent = gl_headers_agent(
                    ngx_http_glinto_text(&r->headers_in.user_agent->value));
    }

    if (r->method == NGX_HTTP_HEAD) {

        /* nobody looks at an image that is not sent */

        *reason = NGX_HTTP_GLINTO_METHOD;
        return;
    }

    switch (gl_headers_judge(seen, hit->event.agent)) {

    case GL_OF_PREFETCH:
        *reason = NGX_HTTP_GLINTO_PREFETCH;
        break;

    case GL_OF_BOT:
        *reason = NGX_HTTP_GLINTO_BOT_HEADERS;
        break;

    default:
        *reason = NGX_HTTP_GLINTO_TAKEN;
    }
}


ngx_int_t
ngx_http_glinto_headers_event(ngx_http_glinto_hit_t *hit)
{
    struct gl_event  *event;

    event = &hit->event;

    if (hit->sender) {
        return NGX_OK;
    }

    gl_hints_read(&hit->seen.hints, event);

    if (event->language.len == 0
        && gl_language_read(ngx_http_glinto_memory(hit->pool),
                            hit->seen.language, &event->language)
           != 0)
    {
        return NGX_ERROR;
    }

    return NGX_OK;
}


static void
ngx_http_glinto_headers_pass(ngx_http_request_t *r, struct gl_headers *seen)
{
    struct gl_text    name, value;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {
            name.data = (const char *) h->lowcase_key;
            name.len = (uint32_t) h->key.len;

            value = ngx_http_glinto_text(&h->value);

            gl_headers_add(seen, &name, &value);
        }
    }
}
