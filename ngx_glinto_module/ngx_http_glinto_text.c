
/*
 * Copyright (C) Glinto contributors
 *
 * Texts as they come in URLs, forms and lists: percent-decoding, host names,
 * pairs.  Knows nothing of events.  One pass over bounded input, no
 * recursion; allocates only when the text must change.
 */


#include "ngx_http_glinto_adapter.h"


/* a flag beside NGX_HTTP_GLINTO_TEXT_PLUS: no A-Z either */

#define NGX_HTTP_GLINTO_TEXT_LOWER  2

/* times a byte: that byte, eight times */

#define NGX_HTTP_GLINTO_TEXT_ONES   UINT64_C(0x0101010101010101)


static ngx_inline ngx_uint_t ngx_http_glinto_text_plain(const u_char *data,
    size_t len, ngx_uint_t flags);
static ngx_inline uint64_t ngx_http_glinto_text_odd(uint64_t word,
    ngx_uint_t flags);
static ngx_int_t ngx_http_glinto_text_change(ngx_pool_t *pool,
    const ngx_str_t *src, ngx_uint_t flags, struct gl_text *dst);
static ngx_inline ngx_int_t ngx_http_glinto_text_hex(u_char c);
static void ngx_http_glinto_text_bare(const u_char *data, size_t len,
    struct gl_text *dst);


ngx_int_t
ngx_http_glinto_text_decode(ngx_pool_t *pool, const ngx_str_t *src,
    ngx_uint_t flags, struct gl_text *dst)
{
    ngx_uint_t  plain;

    /* the compiler makes one of it for each of the constants */

    plain = (flags & NGX_HTTP_GLINTO_TEXT_PLUS)
            ? ngx_http_glinto_text_plain(src->data, src->len,
                                         NGX_HTTP_GLINTO_TEXT_PLUS)
            : ngx_http_glinto_text_plain(src->data, src->len, 0);

    if (!plain) {
        return ngx_http_glinto_text_change(pool, src, flags, dst);
    }

    dst->data = src->len ? (const char *) src->data : NULL;
    dst->len = (uint32_t) src->len;

    return NGX_OK;
}


/*
 * Nothing to decode and nothing to check: ASCII without escape and NUL.
 * Nearly every text is, so it is seen to eight bytes at a time.
 */

static ngx_inline ngx_uint_t
ngx_http_glinto_text_plain(const u_char *data, size_t len, ngx_uint_t flags)
{
    uint64_t       word;
    const u_char  *last;

    if (len < sizeof(uint64_t)) {

        for (word = 0, last = data + len; data < last; data++) {
            word = word << 8 | *data;
        }

        /* a letter in the place of each byte that is not there */

        word |= (NGX_HTTP_GLINTO_TEXT_ONES * 'a') << (len * 8);

        return !ngx_http_glinto_text_odd(word, flags);
    }

    /* the last word may overlap the one before */

    for (last = data + len - sizeof(uint64_t); data < last;
         data += sizeof(uint64_t))
    {
        ngx_memcpy(&word, data, sizeof(uint64_t));

        if (ngx_http_glinto_text_odd(word, flags)) {
            return 0;
        }
    }

    ngx_memcpy(&word, last, sizeof(uint64_t));

    return !ngx_http_glinto_text_odd(word, flags);
}


/*
 * Not 0 when one of eight bytes is not plain.  A byte that is 0 borrows into
 * its top bit when 1 is taken away; one from A to Z gets its top bit by the
 * first addition and not by the second.
 */

static ngx_inline uint64_t
ngx_http_glinto_text_odd(uint64_t word, ngx_uint_t flags)
{
    uint64_t  odd, percent, plus;

    static const uint64_t  ones = NGX_HTTP_GLINTO_TEXT_ONES;

    percent = word ^ ones * '%';
    odd = word | (word - ones) | (percent - ones);

    if (flags & NGX_HTTP_GLINTO_TEXT_PLUS) {
        plus = word ^ ones * '+';
        odd |= plus - ones;
    }

    if (flags & NGX_HTTP_GLINTO_TEXT_LOWER) {
        odd |= (word + ones * (0x80 - 'A')) & ~(word + ones * (0x7f - 'Z'));
    }

    return odd & ones * 0x80;
}


/* what is not ASCII, and NUL, is looked at once more */

static ngx_int_t
ngx_http_glinto_text_change(ngx_pool_t *pool, const ngx_str_t *src,
    ngx_uint_t flags, struct gl_text *dst)
{
    u_char     c, plus, odd, *p, *last, *data, *out;
    ngx_int_t  high, low;

    data = ngx_pnalloc(pool, src->len);
    if (data == NULL) {
        return NGX_ERROR;
    }

    plus = (flags & NGX_HTTP_GLINTO_TEXT_PLUS) ? ' ' : '+';
    p = src->data;
    last = p + src->len;
    out = data;
    odd = 0;

    for ( ;; ) {

        /* "%", "+", NUL; nearly all that stands in an address is above */

        while (p < last && *p > '+') {
            odd |= *p;
            *out++ = *p++;
        }

        if (p == last) {
            break;
        }

        c = *p++;

        if (c == '+') {
            c = plus;

        } else if (c == '%' && last - p >= 2) {
            high = ngx_http_glinto_text_hex(p[0]);
            low = ngx_http_glinto_text_hex(p[1]);

            if (high >= 0 && low >= 0) {
                c = (u_char) (high << 4 | low);
                p += 2;
            }
        }

        *out++ = c;
        odd |= c ? c : 0x80;
    }

    if (odd & 0x80) {
        return ngx_http_glinto_utf8_mend(pool, data, out - data, dst);
    }

    dst->data = (const char *) data;
    dst->len = (uint32_t) (out - data);

    return NGX_OK;
}


static ngx_inline ngx_int_t
ngx_http_glinto_text_hex(u_char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }

    c |= 0x20;

    return (c >= 'a' && c <= 'f') ? c - 'a' + 10 : -1;
}


ngx_int_t
ngx_http_glinto_text_host(ngx_pool_t *pool, const ngx_str_t *src,
    struct gl_text *dst)
{
    size_t       len;
    u_char      *data, *p;
    ngx_str_t    lower;
    ngx_uint_t   i;

    data = src->data;
    len = src->len;

    if (len && data[0] > ' ' && data[len - 1] > ' '
        && ngx_http_glinto_text_plain(data, len, NGX_HTTP_GLINTO_TEXT_LOWER))
    {
        ngx_http_glinto_text_bare(data, len, dst);
        return NGX_OK;
    }

    len = ngx_http_glinto_utf8_rtrim(data, len);

    while (len && ngx_http_glinto_utf8_is_space(*data)) {
        data++;
        len--;
    }

    for (i = 0; i < len; i++) {
        if (data[i] >= 'A' && data[i] <= 'Z') {
            p = ngx_pnalloc(pool, len);
            if (p == NULL) {
                return NGX_ERROR;
            }

            ngx_strlow(p, data, len);
            data = p;
            break;
        }
    }

    ngx_http_glinto_text_bare(data, len, dst);

    lower.data = (u_char *) dst->data;
    lower.len = dst->len;

    return ngx_http_glinto_text_decode(pool, &lower, 0, dst);
}


/* without one leading "www." */

static void
ngx_http_glinto_text_bare(const u_char *data, size_t len, struct gl_text *dst)
{
    if (len >= 4 && ngx_memcmp(data, "www.", 4) == 0) {
        data += 4;
        len -= 4;
    }

    dst->data = len ? (const char *) data : NULL;
    dst->len = (uint32_t) len;
}


ngx_uint_t
ngx_http_glinto_text_pair(ngx_str_t *list, ngx_str_t *key, ngx_str_t *value)
{
    u_char  *p, *last, *end, *equals;

    if (list->len == 0) {
        return 0;
    }

    p = list->data;
    last = p + list->len;

    while (p < last && *p == '&') {
        p++;
    }

    if (p == last) {
        list->len = 0;
        return 0;
    }

    end = memchr(p, '&', last - p);
    if (end == NULL) {
        end = last;
    }

    /* keys are short */

    equals = ngx_strlchr(p, end, '=');

    key->data = p;
    key->len = (equals ? equals : end) - p;

    value->data = equals ? equals + 1 : end;
    value->len = end - value->data;

    list->data = end;
    list->len = last - end;

    return 1;
}
