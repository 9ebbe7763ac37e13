
/*
 * Copyright (C) Glinto contributors
 *
 * Characters of a text: which bytes are UTF-8, which characters are white
 * space.  Texts of ASCII need none of it but the end of rtrim.
 */


#include "ngx_http_glinto_adapter.h"


static ngx_int_t ngx_http_glinto_utf8_escape(ngx_pool_t *pool, u_char *data,
    size_t len, size_t bad, struct gl_text *dst);
static size_t ngx_http_glinto_utf8_invalid(u_char *data, size_t len);
static ngx_uint_t ngx_http_glinto_utf8_char(u_char **p, u_char *last,
    uint32_t *c);


ngx_int_t
ngx_http_glinto_utf8_mend(ngx_pool_t *pool, u_char *data, size_t len,
    struct gl_text *dst)
{
    size_t  bad;

    bad = ngx_http_glinto_utf8_invalid(data, len);

    if (bad) {
        return ngx_http_glinto_utf8_escape(pool, data, len, bad, dst);
    }

    dst->data = (const char *) data;
    dst->len = (uint32_t) len;

    return NGX_OK;
}


/* a copy with every one of the bad bytes as its escape */

static ngx_int_t
ngx_http_glinto_utf8_escape(ngx_pool_t *pool, u_char *data, size_t len,
    size_t bad, struct gl_text *dst)
{
    u_char    *p, *last, *out, *start;
    uint32_t   c;

    static const u_char  hex[] = "0123456789ABCDEF";

    out = ngx_pnalloc(pool, len + 2 * bad);
    if (out == NULL) {
        return NGX_ERROR;
    }

    dst->data = (const char *) out;

    for (p = data, last = data + len; p < last; /* void */) {
        start = p;

        if (ngx_http_glinto_utf8_char(&p, last, &c)) {
            out = ngx_cpymem(out, start, p - start);

        } else {
            *out++ = '%';
            *out++ = hex[*start >> 4];
            *out++ = hex[*start & 0xf];
        }
    }

    dst->len = (uint32_t) (out - (const u_char *) dst->data);

    return NGX_OK;
}


ngx_uint_t
ngx_http_glinto_utf8_is(const u_char *data, size_t len)
{
    uint64_t       word, next;
    const u_char  *last;

    /* bodies are ASCII but for a few words: sixteen bytes at a time */

    for (last = data + len; last - data >= 16; data += 16) {
        ngx_memcpy(&word, data, sizeof(uint64_t));
        ngx_memcpy(&next, data + sizeof(uint64_t), sizeof(uint64_t));

        if ((word | next) & UINT64_C(0x8080808080808080)) {
            break;
        }
    }

    return ngx_http_glinto_utf8_invalid((u_char *) data, last - data) == 0;
}


static size_t
ngx_http_glinto_utf8_invalid(u_char *data, size_t len)
{
    u_char    *p, *last;
    size_t     bad;
    uint32_t   c;

    bad = 0;

    for (p = data, last = data + len; p < last; /* void */) {
        if (!ngx_http_glinto_utf8_char(&p, last, &c)) {
            bad++;
        }
    }

    return bad;
}


/*
 * One character off the front, 0 with one byte taken when the bytes there are
 * not UTF-8 (RFC 3629: shortest form, no surrogates) or NUL.
 */

static ngx_uint_t
ngx_http_glinto_utf8_char(u_char **p, u_char *last, uint32_t *c)
{
    u_char  *start, *s;

    start = *p;

    if (*start < 0x80) {
        *c = *start;
        *p = start + 1;
        return *start != '\0';
    }

    *c = ngx_utf8_decode(p, last - start);

    /*
     * nginx lets pass what is none: lead bytes above 0xf4, surrogates, and
     * any byte from 0x80 on as a continuation
     */

    if (*c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff) || *start > 0xf4) {
        *p = start + 1;
        return 0;
    }

    for (s = start + 1; s < *p; s++) {
        if ((*s & 0xc0) != 0x80) {
            *p = start + 1;
            return 0;
        }
    }

    return 1;
}


size_t
ngx_http_glinto_utf8_rtrim(const u_char *data, size_t len)
{
    u_char    *p;
    size_t     n;
    uint32_t   c;

    if (len && data[len - 1] > ' ' && data[len - 1] < 0x7f) {
        return len;
    }

    while (len) {
        n = 1;

        while (n < len && n < 4 && (data[len - n] & 0xc0) == 0x80) {
            n++;
        }

        p = (u_char *) data + len - n;

        if (!ngx_http_glinto_utf8_char(&p, p + n, &c)
            || !ngx_http_glinto_utf8_is_space(c))
        {
            break;
        }

        len -= n;
    }

    return len;
}


/* Unicode's White_Space */

ngx_uint_t
ngx_http_glinto_utf8_is_space(uint32_t c)
{
    if (c < 0x80) {
        return c == ' ' || (c >= '\t' && c <= '\r');
    }

    switch (c) {
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
        return 1;
    }

    return c >= 0x2000 && c <= 0x200a;
}
