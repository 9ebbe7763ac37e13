
/*
 * Copyright (C) Glinto contributors
 *
 * POST /api/v0/count of GoatCounter, for servers: a list of pages and events,
 * each with whose it is.
 *
 *   {"no_sessions": false, "hits": [{"path": "/a", "ip": ..., "user_agent":
 *    ..., "ref": ..., "title": ..., "event": false, "size": [1920, 1080, 1],
 *    "query": ..., "bot": 0, "location": "AT", "session": ...}]}
 *
 * As there, all that is not named in the answer has been counted: what is
 * wrong with some of them is 400, with their numbers.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"


/* of the answer: the frame, and one that is refused */

#define NGX_HTTP_GLINTO_GOATCOUNTER_ANSWER  64
#define NGX_HTTP_GLINTO_GOATCOUNTER_WRONG   160


enum {
    NGX_HTTP_GLINTO_GOATCOUNTER_NO_SESSIONS = 0,
    NGX_HTTP_GLINTO_GOATCOUNTER_HITS,
    NGX_HTTP_GLINTO_GOATCOUNTER_MEMBERS
};

static const ngx_str_t  ngx_http_glinto_goatcounter_members[] = {
    ngx_string("no_sessions"),
    ngx_string("hits"),
};


static ngx_int_t ngx_http_glinto_goatcounter_api_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_http_glinto_json_t *ngx_http_glinto_goatcounter_member(void *ctx,
    const struct gl_text *key);
static ngx_int_t ngx_http_glinto_goatcounter_api_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_goatcounter_api_answer(ngx_http_request_t *r,
    ngx_uint_t n, const ngx_array_t *wrong, ngx_str_t *body);
static ngx_int_t ngx_http_glinto_goatcounter_api_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);


static u_char  ngx_http_glinto_goatcounter_ok[] = "{\"status\":\"ok\"}";


const ngx_http_glinto_adapter_t  ngx_http_glinto_goatcounter_api = {
    ngx_string("goatcounter-api"),
    NGX_HTTP_POST,
    ngx_http_glinto_header("Allow", "POST"),
    ngx_http_glinto_goatcounter_api_parse,
    ngx_http_glinto_goatcounter_api_reply,
    NULL,
    ngx_http_glinto_goatcounter_api_item,
    ngx_http_glinto_goatcounter_api_answer,
    1
};


static ngx_int_t
ngx_http_glinto_goatcounter_api_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t                rc;
    ngx_http_glinto_ctx_t   *ctx;
    ngx_http_glinto_json_t   root;
    ngx_http_glinto_json_t   members[NGX_HTTP_GLINTO_GOATCOUNTER_MEMBERS];
    ngx_http_glinto_json_t  *hits;

    ngx_memzero(members, sizeof(members));

    root.type = NGX_HTTP_GLINTO_JSON_OBJECT;
    root.text = ngx_http_glinto_text(body);

    rc = ngx_http_glinto_members(hit->pool, &root,
                                 ngx_http_glinto_goatcounter_member, members);

    if (rc == NGX_ERROR) {
        return NGX_HTTP_INTERNAL_SERVER_ERROR;
    }

    if (rc == NGX_DECLINED) {
        return ngx_http_glinto_hit_status(
                   ngx_http_glinto_hit_refuse(hit, "request",
                                              "is not a JSON object"));
    }

    ctx = ngx_http_get_module_ctx(r, ngx_http_glinto_module);
    ctx->alone = members[NGX_HTTP_GLINTO_GOATCOUNTER_NO_SESSIONS].type
                 == NGX_HTTP_GLINTO_JSON_TRUE;

    hits = &members[NGX_HTTP_GLINTO_GOATCOUNTER_HITS];
    rc = NGX_OK;

    if (hits->type == NGX_HTTP_GLINTO_JSON_ARRAY) {
        rc = ngx_http_glinto_items(hit->pool, hits->text, hit);
    }

    if (rc == NGX_OK && hit->nitems == 0) {
        return ngx_http_glinto_hit_status(
                   ngx_http_glinto_hit_refuse(hit, "hits",
                                              "has no pages"));
    }

    return rc;
}


static ngx_http_glinto_json_t *
ngx_http_glinto_goatcounter_member(void *ctx, const struct gl_text *key)
{
    return ngx_http_glinto_json_named(ngx_http_glinto_goatcounter_members,
                                      NGX_HTTP_GLINTO_GOATCOUNTER_MEMBERS,
                                      ctx, key);
}


static ngx_int_t
ngx_http_glinto_goatcounter_api_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit)
{
    ngx_http_glinto_ctx_t  *ctx;

    ctx = ngx_http_get_module_ctx(r, ngx_http_glinto_module);

    return ngx_http_glinto_goatcounter_parse_hit(hit->pool, item, ctx->alone,
                                                 hit);
}


/* {"errors": {"3": "path is missing"}} */

static ngx_int_t
ngx_http_glinto_goatcounter_api_answer(ngx_http_request_t *r, ngx_uint_t n,
    const ngx_array_t *wrong, ngx_str_t *body)
{
    u_char                         *p;
    u_char                          text[NGX_HTTP_GLINTO_GOATCOUNTER_WRONG];
    u_char                          key[NGX_INT_T_LEN + 1];
    ngx_uint_t                      i;
    ngx_http_glinto_wrong_t        *w;
    ngx_http_glinto_json_writer_t   jw;

    if (wrong->nelts == 0) {
        ngx_str_set(body, ngx_http_glinto_goatcounter_ok);
        return NGX_OK;
    }

    if (ngx_http_glinto_json_begin(&jw, r->pool,
                                   NGX_HTTP_GLINTO_GOATCOUNTER_ANSWER
                                   + wrong->nelts
                                     * NGX_HTTP_GLINTO_GOATCOUNTER_WRONG)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) yajl_gen_map_open(jw.gen);
    ngx_http_glinto_json_put_key(&jw, "errors");
    (void) yajl_gen_map_open(jw.gen);

    for (i = 0, w = wrong->elts; i < wrong->nelts; i++, w++) {
        *ngx_sprintf(key, "%ui", w->item) = '\0';
        p = ngx_snprintf(text, sizeof(text) / 2, "%s %s", w->field,
                         w->message);

        ngx_http_glinto_json_put_key(&jw, (char *) key);
        ngx_http_glinto_json_put_text(&jw, (char *) text, p - text);
    }

    (void) yajl_gen_map_close(jw.gen);
    (void) yajl_gen_map_close(jw.gen);

    return ngx_http_glinto_json_finish(&jw, body);
}


static ngx_int_t
ngx_http_glinto_goatcounter_api_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    if (status != NGX_HTTP_ACCEPTED || hit->answer.len == 0) {
        return ngx_http_glinto_reply_error(r, hit, status);
    }

    if (hit->answer.data != ngx_http_glinto_goatcounter_ok) {
        status = NGX_HTTP_BAD_REQUEST;
    }

    return ngx_http_glinto_reply_answer(r, hit, status);
}
