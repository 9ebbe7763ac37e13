
/*
 * Copyright (C) Glinto contributors
 *
 * What the adapters share below the contract of ngx_http_glinto_module.h:
 * texts out of URLs and forms, JSON, replies.  The parse functions take plain
 * bytes and a pool, no request, so that tests and fuzzers can call them.
 */


#ifndef _NGX_HTTP_GLINTO_ADAPTER_H_INCLUDED_
#define _NGX_HTTP_GLINTO_ADAPTER_H_INCLUDED_


#include "ngx_http_glinto_module.h"

#include <jansson.h>

ngx_http_glinto_private_begin


#define NGX_HTTP_GLINTO_URL_MAX    2000   /* bytes, as Plausible */
#define NGX_HTTP_GLINTO_NO_HOST    "(none)"

/*
 * JSON deeper than this is refused: a tracker's body has three levels, and
 * the library's parser calls itself once a level.
 */
#define NGX_HTTP_GLINTO_JSON_DEPTH_MAX  16


/* ngx_http_glinto_text.c */

#define NGX_HTTP_GLINTO_TEXT_PLUS  1      /* "+" is a space: query, form */


/*
 * Undo percent-encoding.  What is not an escape stays as it is; bytes that
 * would not be UTF-8, and NUL, stand percent-encoded in the result, so that
 * it is always UTF-8 and two different inputs stay different.  The result
 * points into src when that is ASCII without any.  NGX_OK or NGX_ERROR (no
 * memory).
 */
ngx_int_t ngx_http_glinto_text_decode(ngx_pool_t *pool, const ngx_str_t *src,
    ngx_uint_t flags, struct gl_text *dst);

/*
 * A host or site name as it is stored: white space around it and one leading
 * "www." removed, A-Z lower case.  NGX_OK or NGX_ERROR (no memory).
 */
ngx_int_t ngx_http_glinto_text_host(ngx_pool_t *pool, const ngx_str_t *src,
    struct gl_text *dst);

/*
 * Take the next "key=value" off the front of an "&" list; 0 at its end.
 * Nothing is decoded; a pair without "=" has an empty value.
 */
ngx_uint_t ngx_http_glinto_text_pair(ngx_str_t *list, ngx_str_t *key,
    ngx_str_t *value);


/* ngx_http_glinto_utf8.c */

/*
 * The text, when it is UTF-8 without NUL; else a copy with every other byte
 * percent-encoded.  NGX_OK or NGX_ERROR (no memory).
 */
ngx_int_t ngx_http_glinto_utf8_mend(ngx_pool_t *pool, u_char *data, size_t len,
    struct gl_text *dst);

/* length of the UTF-8 text without its last white space */
size_t ngx_http_glinto_utf8_rtrim(const u_char *data, size_t len);

/* Unicode's White_Space */
ngx_uint_t ngx_http_glinto_utf8_is_space(uint32_t c);


/* ngx_http_glinto_json.c */

/*
 * To be called once in each process before its first request: seeds the
 * library's hash tables, which would else open /dev/urandom in a request.
 */
void ngx_http_glinto_json_init(void);

/*
 * The JSON object in the bytes; NGX_DECLINED when they are no JSON object, or
 * one too deep.  It lives in the pool: never give up a reference to it.
 */
ngx_int_t ngx_http_glinto_json_load(ngx_pool_t *pool, const u_char *data,
    size_t len, json_t **object);

/* the same from a form: "key=value" and "key[sub]=value", all texts */
ngx_int_t ngx_http_glinto_json_form(ngx_pool_t *pool, const ngx_str_t *form,
    json_t **object);

/*
 * A string, number or boolean as text; NGX_DECLINED for null, arrays and
 * objects.  The text lives in the pool.
 */
ngx_int_t ngx_http_glinto_json_text(ngx_pool_t *pool, const json_t *value,
    struct gl_text *text);

/* an integer, or a string of digits; NGX_DECLINED when neither or negative */
ngx_int_t ngx_http_glinto_json_count(const json_t *value, int64_t *count);


/* ngx_http_glinto_reply.c */

#define ngx_http_glinto_header(name, text)                                    \
    { .hash = 1, .key = ngx_string(name), .value = ngx_string(text) }


/* put static headers into the reply; NGX_OK or NGX_ERROR */
ngx_int_t ngx_http_glinto_reply_headers(ngx_http_request_t *r,
    const ngx_table_elt_t *headers, ngx_uint_t n);

/* send status, type and body; the body outlives the request */
ngx_int_t ngx_http_glinto_reply_send(ngx_http_request_t *r, ngx_uint_t status,
    const ngx_str_t *type, const ngx_str_t *body);

/* "x-plausible-dropped: N" when N is not 0 */
ngx_int_t ngx_http_glinto_reply_dropped(ngx_http_request_t *r, ngx_uint_t n);

/* 400, 413 or 503 with {"errors":{field:[message]}} */
ngx_int_t ngx_http_glinto_reply_error(ngx_http_request_t *r,
    const ngx_http_glinto_hit_t *hit, ngx_uint_t status);


/* the adapters' parsers without a request */

ngx_int_t ngx_http_glinto_plausible_parse_body(ngx_pool_t *pool,
    const ngx_str_t *body, ngx_uint_t form, ngx_http_glinto_hit_t *hit);
ngx_int_t ngx_http_glinto_pixel_parse_args(ngx_pool_t *pool,
    const ngx_str_t *args, const ngx_str_t *referer,
    ngx_http_glinto_hit_t *hit);


/* ngx_http_glinto_domain.c */

/*
 * A comma list of sites into hit->sites, blank items left out.  NGX_DECLINED
 * with hit->field and hit->message when there is none or one too many.
 */
ngx_int_t ngx_http_glinto_domain_list(ngx_pool_t *pool, const ngx_str_t *list,
    ngx_http_glinto_hit_t *hit);

/*
 * NGX_OK when the event has a site: named, by glinto_site, or the host of the
 * page.  Else NGX_HTTP_BAD_REQUEST with hit->field and hit->message.
 */
ngx_int_t ngx_http_glinto_domain_check(ngx_http_request_t *r,
    ngx_http_glinto_hit_t *hit);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_ADAPTER_H_INCLUDED_ */
