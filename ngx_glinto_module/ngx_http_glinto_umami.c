
/*
 * Copyright (C) Glinto contributors
 *
 * Umami's script: POST /api/send with one event, /api/batch with a list.
 *
 * The script reads the answer, which is JSON, keeps its "cache" and sends it
 * back as X-Umami-Cache: there it is who the visitor is, here it is the same
 * for everybody.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"


/* a token of Umami's own server has some 300 bytes */

#define NGX_HTTP_GLINTO_UMAMI_CACHE    1024

/* of the answer to a list: the numbers, and one that is refused */

#define NGX_HTTP_GLINTO_UMAMI_ANSWER   256
#define NGX_HTTP_GLINTO_UMAMI_DETAIL   256


static ngx_int_t ngx_http_glinto_umami_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_umami_answer(ngx_http_request_t *r,
    ngx_uint_t n, const ngx_array_t *wrong, ngx_str_t *body);
static void ngx_http_glinto_umami_error(ngx_http_glinto_json_writer_t *jw,
    const char *field, const char *message);
static ngx_int_t ngx_http_glinto_umami_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);
static ngx_int_t ngx_http_glinto_umami_refuse(ngx_http_request_t *r,
    const char *field, const char *message, ngx_str_t *body);
static ngx_int_t ngx_http_glinto_umami_echo(ngx_http_request_t *r,
    ngx_str_t *body);
static ngx_str_t *ngx_http_glinto_umami_cache(ngx_http_request_t *r);


static u_char  ngx_http_glinto_umami_bot[] = "{\"beep\":\"boop\"}";

static u_char  ngx_http_glinto_umami_forbidden[] =
    "{\"error\":{\"message\":\"Forbidden\",\"code\":\"forbidden\","
    "\"status\":403}}";

/* the ids are of nobody */

#define NGX_HTTP_GLINTO_UMAMI_NOBODY  "00000000-0000-0000-0000-000000000000"

static u_char  ngx_http_glinto_umami_taken[] =
    "{\"cache\":\"glinto\","
    "\"sessionId\":\"" NGX_HTTP_GLINTO_UMAMI_NOBODY "\","
    "\"visitId\":\"" NGX_HTTP_GLINTO_UMAMI_NOBODY "\"}";

static const ngx_str_t  ngx_http_glinto_umami_json =
    ngx_string("application/json");

static const ngx_table_elt_t  ngx_http_glinto_umami_headers[] = {
    ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
    ngx_http_glinto_header("Cache-Control", "no-store"),
};


const ngx_http_glinto_adapter_t  ngx_http_glinto_umami = {
    ngx_string("umami"),
    NGX_HTTP_POST,
    ngx_http_glinto_header("Allow", "POST, OPTIONS"),
    ngx_http_glinto_umami_parse,
    ngx_http_glinto_umami_reply,
    ngx_http_glinto_reply_preflight,
    ngx_http_glinto_umami_item,
    ngx_http_glinto_umami_answer,
    0
};


static ngx_int_t
ngx_http_glinto_umami_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_http_glinto_json_t  root;

    root.type = NGX_HTTP_GLINTO_JSON_OBJECT;
    root.text = ngx_http_glinto_text(body);

    if (gl_json_begins(root.text, '[')) {
        return ngx_http_glinto_items(hit->pool, root.text, hit);
    }

    return ngx_http_glinto_umami_parse_event(hit->pool, &root, hit);
}


static ngx_int_t
ngx_http_glinto_umami_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit)
{
    return ngx_http_glinto_umami_parse_event(hit->pool, item, hit);
}


static ngx_int_t
ngx_http_glinto_umami_answer(ngx_http_request_t *r, ngx_uint_t n,
    const ngx_array_t *wrong, ngx_str_t *body)
{
    ngx_uint_t                      i;
    ngx_http_glinto_wrong_t        *w;
    ngx_http_glinto_json_writer_t   jw;

    if (ngx_http_glinto_json_begin(&jw, r->pool, NGX_HTTP_GLINTO_UMAMI_ANSWER
                                   + wrong->nelts
                                     * NGX_HTTP_GLINTO_UMAMI_DETAIL)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) yajl_gen_map_open(jw.gen);
    ngx_http_glinto_json_put_number(&jw, "size", n);
    ngx_http_glinto_json_put_number(&jw, "processed", n - wrong->nelts);
    ngx_http_glinto_json_put_number(&jw, "errors", wrong->nelts);
    ngx_http_glinto_json_put_key(&jw, "details");
    (void) yajl_gen_array_open(jw.gen);

    for (i = 0, w = wrong->elts; i < wrong->nelts; i++, w++) {
        (void) yajl_gen_map_open(jw.gen);
        ngx_http_glinto_json_put_number(&jw, "index", w->item);
        ngx_http_glinto_json_put_key(&jw, "response");
        ngx_http_glinto_umami_error(&jw, w->field, w->message);
        (void) yajl_gen_map_close(jw.gen);
    }

    (void) yajl_gen_array_close(jw.gen);
    ngx_http_glinto_json_put_key(&jw, "cache");
    ngx_http_glinto_json_put_text(&jw, "glinto", sizeof("glinto") - 1);
    (void) yajl_gen_map_close(jw.gen);

    return ngx_http_glinto_json_finish(&jw, body);
}


/* {"error": {"message": ..., "code": "bad-request", "status": 400}} */

static void
ngx_http_glinto_umami_error(ngx_http_glinto_json_writer_t *jw,
    const char *field, const char *message)
{
    u_char  *p, sentence[NGX_HTTP_GLINTO_UMAMI_DETAIL / 2];

    p = ngx_snprintf(sentence, sizeof(sentence), "%s %s", field, message);

    (void) yajl_gen_map_open(jw->gen);
    ngx_http_glinto_json_put_key(jw, "error");
    (void) yajl_gen_map_open(jw->gen);
    ngx_http_glinto_json_put_key(jw, "message");
    ngx_http_glinto_json_put_text(jw, (char *) sentence, p - sentence);
    ngx_http_glinto_json_put_key(jw, "code");
    ngx_http_glinto_json_put_text(jw, "bad-request",
                                  sizeof("bad-request") - 1);
    ngx_http_glinto_json_put_number(jw, "status", NGX_HTTP_BAD_REQUEST);
    (void) yajl_gen_map_close(jw->gen);
    (void) yajl_gen_map_close(jw->gen);
}


static ngx_int_t
ngx_http_glinto_umami_reply(ngx_http_request_t *r, ngx_http_glinto_hit_t *hit,
    ngx_uint_t status)
{
    ngx_int_t  rc;
    ngx_str_t  body;

    rc = NGX_OK;

    if (status == NGX_HTTP_BAD_REQUEST) {
        rc = ngx_http_glinto_umami_refuse(r, hit->field, hit->message, &body);

    } else if (status != NGX_HTTP_ACCEPTED) {
        return ngx_http_glinto_reply_error(r, hit, status);

    } else if (hit->reason == NGX_HTTP_GLINTO_UNKNOWN_SITE
               && hit->answer.len == 0)
    {
        status = NGX_HTTP_BAD_REQUEST;
        rc = ngx_http_glinto_umami_refuse(r, "website", "is not known", &body);

    } else if (hit->reason == NGX_HTTP_GLINTO_BLOCKED_ADDRESS
               && hit->answer.len == 0)
    {
        status = NGX_HTTP_FORBIDDEN;
        ngx_str_set(&body, ngx_http_glinto_umami_forbidden);

    } else {
        status = NGX_HTTP_OK;
        body = hit->answer;

        if (body.len) {
            /* to a list */

        } else if (hit->reason == NGX_HTTP_GLINTO_BOT_HEADERS) {
            ngx_str_set(&body, ngx_http_glinto_umami_bot);

        } else {
            rc = ngx_http_glinto_umami_echo(r, &body);
        }
    }

    if (rc != NGX_OK
        || ngx_http_glinto_reply_headers(r, ngx_http_glinto_umami_headers, 2)
           != NGX_OK
        || ngx_http_glinto_reply_dropped(r, hit->dropped) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_reply_send(r, status, &ngx_http_glinto_umami_json,
                                      &body);
}


static ngx_int_t
ngx_http_glinto_umami_refuse(ngx_http_request_t *r, const char *field,
    const char *message, ngx_str_t *body)
{
    ngx_http_glinto_json_writer_t  jw;

    if (ngx_http_glinto_json_begin(&jw, r->pool, NGX_HTTP_GLINTO_UMAMI_DETAIL)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    ngx_http_glinto_umami_error(&jw, field, message);

    return ngx_http_glinto_json_finish(&jw, body);
}


/* what it sent comes back; the first time what everybody gets */

static ngx_int_t
ngx_http_glinto_umami_echo(ngx_http_request_t *r, ngx_str_t *body)
{
    u_char     *p;
    ngx_str_t  *cache;

    ngx_str_set(body, ngx_http_glinto_umami_taken);

    cache = ngx_http_glinto_umami_cache(r);

    if (cache == NULL) {
        return NGX_OK;
    }

    p = ngx_pnalloc(r->pool, body->len + cache->len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    body->data = p;

    p = ngx_sprintf(p, "{\"cache\":\"%V\","
                       "\"sessionId\":\"" NGX_HTTP_GLINTO_UMAMI_NOBODY "\","
                       "\"visitId\":\"" NGX_HTTP_GLINTO_UMAMI_NOBODY "\"}",
                    cache);

    body->len = p - body->data;

    return NGX_OK;
}


/* X-Umami-Cache, when it has the letters of a token and nothing else */

static ngx_str_t *
ngx_http_glinto_umami_cache(ngx_http_request_t *r)
{
    size_t            i;
    ngx_str_t        *value;
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;

    static const ngx_str_t  name = ngx_string("x-umami-cache");

    value = NULL;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {
            if (h->key.len == name.len
                && ngx_memcmp(h->lowcase_key, name.data, name.len) == 0)
            {
                value = &h->value;
            }
        }
    }

    if (value == NULL || value->len == 0
        || value->len > NGX_HTTP_GLINTO_UMAMI_CACHE)
    {
        return NULL;
    }

    for (i = 0; i < value->len; i++) {
        if (strchr("\"\\", value->data[i]) || value->data[i] <= ' '
            || value->data[i] > '~')
        {
            return NULL;
        }
    }

    return value;
}
