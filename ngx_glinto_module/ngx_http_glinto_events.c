
/*
 * Copyright (C) Glinto contributors
 *
 * Our own event lines, as "glinto import" takes them, of servers that tell
 * what happens now:
 *
 *   {"kind": "pageview", "visitor": "u17", "path": "/a"}
 *   {"kind": "event", "name": "Signup", "ip": "203.0.113.7", "user_agent": ...}
 *
 * One object in JSON a line, or a list of such objects; each has its number in
 * the answer when it is refused, and the others are stored.
 */


#include "ngx_http_glinto_adapter.h"
#include "ngx_http_glinto_reply.h"
#include "ngx_http_glinto_request.h"


/* of the answer: the frame, and one that is refused */

#define NGX_HTTP_GLINTO_EVENTS_ANSWER  96
#define NGX_HTTP_GLINTO_EVENTS_WRONG   320
#define NGX_HTTP_GLINTO_EVENTS_TEXT    160


static ngx_int_t ngx_http_glinto_events_parse(ngx_http_request_t *r,
    ngx_str_t *body, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_events_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit);
static ngx_int_t ngx_http_glinto_events_answer(ngx_http_request_t *r,
    ngx_uint_t n, const ngx_array_t *wrong, ngx_str_t *body);
static ngx_int_t ngx_http_glinto_events_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status);


const ngx_http_glinto_adapter_t  ngx_http_glinto_events = {
    ngx_string("events"),
    NGX_HTTP_POST,
    ngx_http_glinto_header("Allow", "POST"),
    ngx_http_glinto_events_parse,
    ngx_http_glinto_events_reply,
    NULL,
    ngx_http_glinto_events_item,
    ngx_http_glinto_events_answer,
    1
};


static ngx_int_t
ngx_http_glinto_events_parse(ngx_http_request_t *r, ngx_str_t *body,
    ngx_http_glinto_hit_t *hit)
{
    ngx_int_t       rc;
    struct gl_text  text;

    text = ngx_http_glinto_text(body);

    rc = gl_json_begins(text, '[')
         ? ngx_http_glinto_items(hit->pool, text, hit)
         : ngx_http_glinto_items_lines(hit->pool, text, hit);

    if (rc == NGX_OK && hit->nitems == 0) {
        return ngx_http_glinto_hit_status(
                   ngx_http_glinto_hit_refuse(hit, "request",
                                              "has no event"));
    }

    return rc;
}


static ngx_int_t
ngx_http_glinto_events_item(ngx_http_request_t *r,
    const ngx_http_glinto_json_t *item, ngx_http_glinto_hit_t *hit)
{
    return ngx_http_glinto_events_parse_line(hit->pool, item, hit);
}


/* {"taken": 2, "errors": [{"line": 3, "key": "kind", "error": "..."}]} */

static ngx_int_t
ngx_http_glinto_events_answer(ngx_http_request_t *r, ngx_uint_t n,
    const ngx_array_t *wrong, ngx_str_t *body)
{
    u_char                         *p;
    u_char                          text[NGX_HTTP_GLINTO_EVENTS_TEXT];
    ngx_uint_t                      i;
    ngx_http_glinto_wrong_t        *w;
    ngx_http_glinto_json_writer_t   jw;

    if (ngx_http_glinto_json_begin(&jw, r->pool,
                                   NGX_HTTP_GLINTO_EVENTS_ANSWER
                                   + wrong->nelts
                                     * NGX_HTTP_GLINTO_EVENTS_WRONG)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    (void) yajl_gen_map_open(jw.gen);
    ngx_http_glinto_json_put_number(&jw, "taken", n - wrong->nelts);
    ngx_http_glinto_json_put_key(&jw, "errors");
    (void) yajl_gen_array_open(jw.gen);

    for (i = 0, w = wrong->elts; i < wrong->nelts; i++, w++) {
        p = ngx_snprintf(text, sizeof(text), "\"%s\" %s", w->field,
                         w->message);

        (void) yajl_gen_map_open(jw.gen);
        ngx_http_glinto_json_put_number(&jw, "line", w->item + 1);
        ngx_http_glinto_json_put_key(&jw, "key");
        ngx_http_glinto_json_put_text(&jw, w->field, ngx_strlen(w->field));
        ngx_http_glinto_json_put_key(&jw, "error");
        ngx_http_glinto_json_put_text(&jw, (char *) text, p - text);
        (void) yajl_gen_map_close(jw.gen);
    }

    (void) yajl_gen_array_close(jw.gen);
    (void) yajl_gen_map_close(jw.gen);

    return ngx_http_glinto_json_finish(&jw, body);
}


static ngx_int_t
ngx_http_glinto_events_reply(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit, ngx_uint_t status)
{
    if (status != NGX_HTTP_ACCEPTED) {
        return ngx_http_glinto_reply_error(r, hit, status);
    }

    return ngx_http_glinto_reply_answer(r, hit, status);
}
