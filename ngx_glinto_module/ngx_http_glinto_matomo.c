
/*
 * Copyright (C) Glinto contributors
 *
 * Matomo's script, /matomo.php, older pages /piwik.php: GET or POST, in the
 * query, in a form, or many in a list:
 *
 *   {"requests": ["?idsite=1&rec=1&url=...", {"idsite": 1, ...}]}
 *
 * It is answered with an image, or 204 when it wants none; X-Glinto says what
 * was wrong.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_hit.h"
#include "ngx_http_glinto_json.h"
#include "ngx_http_glinto_matomo.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"


/* of the answer to a list: the numbers, and the place of one refused */

#define NGX_HTTP_GLINTO_MATOMO_ANSWER  256
#define NGX_HTTP_GLINTO_MATOMO_PLACE   8


/* of the object around a list */

typedef struct {
    ngx_http_glinto_json_t        requests;
    ngx_http_glinto_json_t        send_image;
} ngx_http_glinto_matomo_many_t;


static ngx_int_t ngx_http_glinto_matomo_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_many(ngx_pool_t *pool,
    struct gl_text body, ngx_http_glinto_hit_t *hit);
static ngx_http_glinto_json_t *ngx_http_glinto_matomo_member(void *ctx,
    const struct gl_text *key);
static ngx_int_t ngx_http_glinto_matomo_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_matomo_form(ngx_pool_t *pool,
    struct gl_text text, ngx_http_glinto_json_t *fields);
static ngx_int_t ngx_http_glinto_matomo_answer(ngx_http_request_t *r,
    ngx_uint_t n, const ngx_array_t *wrong, ngx_str_t *body);
static ngx_int_t ngx_http_glinto_matomo_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);
static ngx_int_t ngx_http_glinto_matomo_send(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);
static ngx_int_t ngx_http_glinto_matomo_origin(ngx_http_request_t *r);
static ngx_int_t ngx_http_glinto_matomo_why(ngx_http_request_t *r,
    const char *field, const char *message);


static const ngx_str_t  ngx_http_glinto_matomo_json =
    ngx_string("application/json");

static const ngx_table_elt_t  ngx_http_glinto_matomo_headers[] = {
    ngx_http_glinto_header("Cache-Control", "no-store"),
    ngx_http_glinto_header("Cross-Origin-Resource-Policy", "cross-origin"),
    ngx_http_glinto_header("X-Content-Type-Options", "nosniff"),
};


const ngx_http_glinto_adapter_t  ngx_http_glinto_matomo = {
    ngx_string("matomo"),
    NGX_HTTP_GET|NGX_HTTP_POST,
    ngx_http_glinto_header("Allow", "GET, POST, OPTIONS"),
    ngx_http_glinto_matomo_parse,
    ngx_http_glinto_matomo_reply,
    ngx_http_glinto_reply_preflight,
    ngx_http_glinto_matomo_item,
    ngx_http_glinto_matomo_answer,
    0
};


static ngx_int_t
ngx_http_glinto_matomo_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    struct gl_text          text;
    ngx_http_glinto_json_t  fields[NGX_HTTP_GLINTO_MATOMO_FIELDS];

    text = ngx_http_glinto_text(body);

    if (gl_json_begins(text, '{')) {
        return ngx_http_glinto_matomo_many(hit->pool, text, hit);
    }

    ngx_memzero(fields, sizeof(fields));

    /* the query outranks the form */

    if (ngx_http_glinto_matomo_form(hit->pool, text, fields) != NGX_OK
        || ngx_http_glinto_matomo_form(hit->pool,
                                       ngx_http_glinto_text(&r->args), fields)
           != NGX_OK)
    {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    return ngx_http_glinto_matomo_read(hit->pool, fields, hit);
}


static ngx_int_t
ngx_http_glinto_matomo_many(ngx_pool_t *pool, struct gl_text body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                      rc;
    ngx_http_glinto_matomo_many_t  many;

    ngx_memzero(&many, sizeof(ngx_http_glinto_matomo_many_t));

    rc = ngx_http_glinto_json_parse(pool, &body, ngx_http_glinto_matomo_member,
                                    &many);

    if (rc == NGX_OK && many.requests.type == NGX_HTTP_GLINTO_JSON_ARRAY) {

        hit->silent = many.send_image.type == NGX_HTTP_GLINTO_JSON_FALSE
                      || (ngx_http_glinto_json_is_scalar(&many.send_image)
                          && ngx_http_glinto_json_text_is(
                                               &many.send_image.text, "0"));

        return ngx_http_glinto_items(pool, many.requests.text, hit);
    }

    if (rc != NGX_ERROR) {
        rc = ngx_http_glinto_hit_refuse(hit, "requests", "is no list");
    }

    return ngx_http_glinto_hit_status(rc);
}


static ngx_http_glinto_json_t *
ngx_http_glinto_matomo_member(void *ctx, const struct gl_text *key)
{
    ngx_http_glinto_matomo_many_t *many = ctx;

    if (ngx_http_glinto_json_text_is(key, "requests")) {
        return &many->requests;
    }

    return ngx_http_glinto_json_text_is(key, "send_image") ? &many->send_image
                                                           : NULL;
}


/* "?idsite=1&...", or the same as an object */

static ngx_int_t
ngx_http_glinto_matomo_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit)
{
    const char              *query;
    ngx_int_t                rc;
    struct gl_text           text;
    ngx_http_glinto_json_t   fields[NGX_HTTP_GLINTO_MATOMO_FIELDS];

    ngx_memzero(fields, sizeof(fields));

    if (item->type == NGX_HTTP_GLINTO_JSON_STRING) {
        text = item->text;
        query = text.len ? memchr(text.data, '?', text.len) : NULL;

        if (query) {
            text.len -= (uint32_t) (query + 1 - text.data);
            text.data = query + 1;
        }

        rc = ngx_http_glinto_matomo_form(hit->pool, text, fields);

    } else {
        rc = ngx_http_glinto_members(hit->pool, item,
                                     ngx_http_glinto_matomo_slot, fields);
    }

    if (rc == NGX_DECLINED) {
        (void) ngx_http_glinto_hit_refuse(hit, "request",
                                          "is neither a query nor an object");
    }

    return rc == NGX_OK ? ngx_http_glinto_matomo_read(hit->pool, fields, hit)
                        : ngx_http_glinto_hit_status(rc);
}


static ngx_int_t
ngx_http_glinto_matomo_form(ngx_pool_t *pool, struct gl_text text,
    ngx_http_glinto_json_t *fields)
{
    ngx_http_glinto_json_t  form;

    ngx_memzero(&form, sizeof(ngx_http_glinto_json_t));

    form.type = NGX_HTTP_GLINTO_JSON_FORM;
    form.text = text;

    return ngx_http_glinto_members(pool, &form, ngx_http_glinto_matomo_slot,
                                   fields);
}


static ngx_int_t
ngx_http_glinto_matomo_answer(ngx_http_request_t *r, ngx_uint_t n,
    const ngx_array_t *wrong, ngx_str_t *body)
{
    ngx_uint_t                      i;
    ngx_http_glinto_wrong_t        *w;
    ngx_http_glinto_json_writer_t   jw;

    if (ngx_http_glinto_json_begin(&jw, r->pool, NGX_HTTP_GLINTO_MATOMO_ANSWER
                                   + wrong->nelts
                                     * NGX_HTTP_GLINTO_MATOMO_PLACE)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) yajl_gen_map_open(jw.gen);
    ngx_http_glinto_json_put_key(&jw, "status");
    ngx_http_glinto_json_put_text(&jw, "success", sizeof("success") - 1);
    ngx_http_glinto_json_put_number(&jw, "tracked", n - wrong->nelts);
    ngx_http_glinto_json_put_number(&jw, "invalid", wrong->nelts);
    ngx_http_glinto_json_put_key(&jw, "invalid_indices");
    (void) yajl_gen_array_open(jw.gen);

    for (i = 0, w = wrong->elts; i < wrong->nelts; i++, w++) {
        (void) yajl_gen_integer(jw.gen, w->item);
    }

    (void) yajl_gen_array_close(jw.gen);
    (void) yajl_gen_map_close(jw.gen);

    return ngx_http_glinto_json_finish(&jw, body);
}


static ngx_int_t
ngx_http_glinto_matomo_reply(ngx_http_request_t *r, ngx_http_glinto_hit_t *hit,
    ngx_uint_t status)
{
    ngx_int_t  rc;

    rc = NGX_OK;

    if (status == NGX_HTTP_BAD_REQUEST) {
        rc = ngx_http_glinto_matomo_why(r, hit->field, hit->message);

    } else if (status != NGX_HTTP_ACCEPTED) {
        return ngx_http_glinto_reply_error(r, hit, status);

    } else if (hit->reason == NGX_HTTP_GLINTO_UNKNOWN_SITE
               && hit->answer.len == 0)
    {
        status = NGX_HTTP_BAD_REQUEST;
        rc = ngx_http_glinto_matomo_why(r, "idsite", "is not known");

    } else {
        status = NGX_HTTP_OK;
    }

    if (rc != NGX_OK
        || ngx_http_glinto_matomo_origin(r) != NGX_OK
        || ngx_http_glinto_reply_headers(r, ngx_http_glinto_matomo_headers, 3)
           != NGX_OK
        || ngx_http_glinto_reply_dropped(r, hit->dropped) != NGX_OK)
    {
        return NGX_ERROR;
    }

    return ngx_http_glinto_matomo_send(r, hit, status);
}


static ngx_int_t
ngx_http_glinto_matomo_send(ngx_http_request_t *r, ngx_http_glinto_hit_t *hit,
    ngx_uint_t status)
{
    if (hit->silent && status == NGX_HTTP_OK) {
        r->headers_out.status = NGX_HTTP_NO_CONTENT;
        r->header_only = 1;

        return ngx_http_send_header(r);
    }

    return hit->answer.len
           ? ngx_http_glinto_reply_send(r, status,
                                        &ngx_http_glinto_matomo_json,
                                        &hit->answer)
           : ngx_http_glinto_reply_image(r, status);
}


/* its script may send cookies of ours, which do not exist, with a POST */

static ngx_int_t
ngx_http_glinto_matomo_origin(ngx_http_request_t *r)
{
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;
    ngx_table_elt_t   cors[] = {
        ngx_http_glinto_header("Access-Control-Allow-Origin", "*"),
        ngx_http_glinto_header("Access-Control-Allow-Credentials", "true"),
        ngx_http_glinto_header("Vary", "Origin"),
    };

    if (r->method != NGX_HTTP_POST) {
        return NGX_OK;
    }

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {
            if (h->key.len == sizeof("origin") - 1
                && ngx_memcmp(h->lowcase_key, "origin", h->key.len) == 0)
            {
                cors[0].value = h->value;
            }
        }
    }

    return ngx_http_glinto_reply_headers(r, cors, 3);
}


static ngx_int_t
ngx_http_glinto_matomo_why(ngx_http_request_t *r, const char *field,
    const char *message)
{
    u_char           *p;
    size_t            size;
    ngx_table_elt_t   header = ngx_http_glinto_header("X-Glinto", "");

    size = ngx_strlen(field) + 1 + ngx_strlen(message);

    p = ngx_pnalloc(r->pool, size);
    if (p == NULL) {
        return NGX_ERROR;
    }

    header.value.data = p;
    header.value.len = ngx_snprintf(p, size, "%s %s", field, message) - p;

    return ngx_http_glinto_reply_headers(r, &header, 1);
}
