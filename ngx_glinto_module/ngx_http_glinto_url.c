
/*
 * Copyright (C) Glinto contributors
 *
 * A page's address taken apart into an event.  The rules are those of the
 * event API that trackers already speak (Plausible's): an address need not be
 * absolute, only "data:" and more than 2000 bytes are refused; a port, a user
 * name and most of the query are never stored.  One pass, no recursion; texts
 * point into the address unless they had to be decoded.
 */


#include "ngx_http_glinto_adapter.h"


typedef struct {
    ngx_str_t  scheme;
    ngx_str_t  host;
    ngx_str_t  path;
    ngx_str_t  query;
    ngx_str_t  fragment;
} ngx_http_glinto_url_t;


typedef struct {
    ngx_str_t  name;
    size_t     offset;        /* of a gl_text in struct gl_event */
} ngx_http_glinto_url_key_t;


static void ngx_http_glinto_url_split(const ngx_str_t *address,
    ngx_http_glinto_url_t *url);
static u_char *ngx_http_glinto_url_scheme(u_char *p, u_char *last,
    ngx_str_t *scheme);
static u_char *ngx_http_glinto_url_host(u_char *p, u_char *last,
    ngx_str_t *host);
static u_char *ngx_http_glinto_url_until(u_char *p, u_char *last, int c);
static ngx_int_t ngx_http_glinto_url_path(ngx_pool_t *pool,
    ngx_http_glinto_url_t *url, ngx_uint_t hash, struct gl_event *event);
static ngx_int_t ngx_http_glinto_url_query(ngx_pool_t *pool, ngx_str_t query,
    struct gl_event *event);
static struct gl_text *ngx_http_glinto_url_member(struct gl_event *event,
    const struct gl_text *name);
static void ngx_http_glinto_url_click_id(struct gl_event *event,
    const struct gl_text *name);
static ngx_uint_t ngx_http_glinto_url_is(const struct gl_text *name,
    const ngx_str_t *word);


/* a click id's value names one person's click: only its name is kept */

static const ngx_str_t  ngx_http_glinto_url_click_ids[] = {
    ngx_string("gclid"),
    ngx_string("gbraid"),
    ngx_string("wbraid"),
    ngx_string("msclkid"),
    ngx_string("fbclid"),
    ngx_string("twclid"),
    ngx_null_string
};


/* outranked by "source", wherever they stand */

static const ngx_str_t  ngx_http_glinto_url_ref = ngx_string("ref");


static const ngx_http_glinto_url_key_t  ngx_http_glinto_url_keys[] = {
    { ngx_string("utm_source"), offsetof(struct gl_event, utm_source) },
    { ngx_string("utm_medium"), offsetof(struct gl_event, utm_medium) },
    { ngx_string("utm_campaign"), offsetof(struct gl_event, utm_campaign) },
    { ngx_string("utm_content"), offsetof(struct gl_event, utm_content) },
    { ngx_string("utm_term"), offsetof(struct gl_event, utm_term) },
    { ngx_string("source"), offsetof(struct gl_event, source) },
    { ngx_null_string, 0 }
};


ngx_int_t
ngx_http_glinto_url_parse(ngx_pool_t *pool, ngx_str_t *address,
    ngx_uint_t hash, ngx_http_glinto_hit_t *hit)
{
    struct gl_event        *event;
    ngx_http_glinto_url_t   url;

    event = &hit->event;

    if (address->len > NGX_HTTP_GLINTO_URL_MAX) {
        hit->field = "url";
        hit->message = "is longer than 2000 bytes";
        return NGX_DECLINED;
    }

    ngx_http_glinto_url_split(address, &url);

    if (url.scheme.len == 4
        && ngx_strncasecmp(url.scheme.data, (u_char *) "data", 4) == 0)
    {
        hit->field = "url";
        hit->message = "must not be a data: URL";
        return NGX_DECLINED;
    }

    if (ngx_http_glinto_text_host(pool, &url.host, &event->host) != NGX_OK) {
        return NGX_ERROR;
    }

    if (event->host.len == 0) {
        event->host.data = NGX_HTTP_GLINTO_NO_HOST;
        event->host.len = sizeof(NGX_HTTP_GLINTO_NO_HOST) - 1;
    }

    if (ngx_http_glinto_url_path(pool, &url, hash, event) != NGX_OK) {
        return NGX_ERROR;
    }

    if (url.query.len == 0) {
        return NGX_OK;
    }

    return ngx_http_glinto_url_query(pool, url.query, event);
}


/* RFC 3986, appendix B: every text is an address, each part may be empty */

static void
ngx_http_glinto_url_split(const ngx_str_t *address,
    ngx_http_glinto_url_t *url)
{
    u_char  *p, *last, *end;

    ngx_memzero(url, sizeof(ngx_http_glinto_url_t));

    p = address->data;
    last = p + address->len;

    end = ngx_http_glinto_url_until(p, last, '#');

    if (end < last) {
        url->fragment.data = end + 1;
        url->fragment.len = last - url->fragment.data;
        last = end;
    }

    end = ngx_http_glinto_url_until(p, last, '?');

    if (end < last) {
        url->query.data = end + 1;
        url->query.len = last - url->query.data;
        last = end;
    }

    p = ngx_http_glinto_url_scheme(p, last, &url->scheme);

    if (last - p >= 2 && p[0] == '/' && p[1] == '/') {
        p = ngx_http_glinto_url_host(p + 2, last, &url->host);
    }

    url->path.data = p;
    url->path.len = last - p;
}


/* returns what follows "scheme:", or p when there is none */

static u_char *
ngx_http_glinto_url_scheme(u_char *p, u_char *last, ngx_str_t *scheme)
{
    u_char  *s, c;

    for (s = p; s < last; s++) {
        c = (u_char) (*s | 0x20);

        if (c >= 'a' && c <= 'z') {
            continue;
        }

        if (s == p) {
            break;
        }

        if (*s == ':') {
            scheme->data = p;
            scheme->len = s - p;
            return s + 1;
        }

        if ((*s < '0' || *s > '9') && *s != '+' && *s != '-' && *s != '.') {
            break;
        }
    }

    return p;
}


/* the host in [user@]host[:port], without the brackets of an IPv6 address */

static u_char *
ngx_http_glinto_url_host(u_char *p, u_char *last, ngx_str_t *host)
{
    u_char  *end, *s, *bracket;

    end = ngx_http_glinto_url_until(p, last, '/');

    s = memrchr(p, '@', end - p);
    s = s ? s + 1 : p;

    bracket = (s < end && *s == '[') ? ngx_strlchr(s, end, ']') : NULL;

    if (bracket) {
        host->data = s + 1;
        host->len = bracket - host->data;

    } else {
        host->data = s;
        host->len = ngx_http_glinto_url_until(s, end, ':') - s;
    }

    return end;
}


/* where c is, or last */

static u_char *
ngx_http_glinto_url_until(u_char *p, u_char *last, int c)
{
    u_char  *s;

    /* of an address without host there may be no memory */

    s = (p < last) ? memchr(p, c, last - p) : NULL;

    return s ? s : last;
}


static ngx_int_t
ngx_http_glinto_url_path(ngx_pool_t *pool, ngx_http_glinto_url_t *url,
    ngx_uint_t hash, struct gl_event *event)
{
    u_char          *p;
    struct gl_text   fragment, *path;

    path = &event->path;

    if (ngx_http_glinto_text_decode(pool, &url->path, 0, path) != NGX_OK) {
        return NGX_ERROR;
    }

    path->len = (uint32_t)
                ngx_http_glinto_utf8_rtrim((const u_char *) path->data,
                                           path->len);

    if (path->len == 0) {
        path->data = "/";
        path->len = 1;
    }

    if (!hash || url->fragment.len == 0) {
        return NGX_OK;
    }

    if (ngx_http_glinto_text_decode(pool, &url->fragment, 0, &fragment)
        != NGX_OK)
    {
        return NGX_ERROR;
    }

    p = ngx_pnalloc(pool, path->len + 1 + fragment.len);
    if (p == NULL) {
        return NGX_ERROR;
    }

    url->path.data = p;
    p = ngx_cpymem(p, path->data, path->len);
    *p++ = '#';
    p = ngx_cpymem(p, fragment.data, fragment.len);

    path->data = (const char *) url->path.data;
    path->len = (uint32_t) (p - url->path.data);

    return NGX_OK;
}


static ngx_int_t
ngx_http_glinto_url_query(ngx_pool_t *pool, ngx_str_t query,
    struct gl_event *event)
{
    ngx_str_t        key, value;
    struct gl_text   name, ref, *member;

    ngx_memzero(&ref, sizeof(struct gl_text));

    /* of keys that come twice the last one counts */

    while (ngx_http_glinto_text_pair(&query, &key, &value)) {

        if (ngx_http_glinto_text_decode(pool, &key,
                                        NGX_HTTP_GLINTO_TEXT_PLUS, &name)
            != NGX_OK)
        {
            return NGX_ERROR;
        }

        member = ngx_http_glinto_url_member(event, &name);

        if (ngx_http_glinto_url_is(&name, &ngx_http_glinto_url_ref)) {
            member = &ref;
        }

        if (member == NULL) {
            ngx_http_glinto_url_click_id(event, &name);
            continue;
        }

        if (ngx_http_glinto_text_decode(pool, &value,
                                        NGX_HTTP_GLINTO_TEXT_PLUS, member)
            != NGX_OK)
        {
            return NGX_ERROR;
        }
    }

    if (event->source.len == 0) {
        event->source = ref;
    }

    return NGX_OK;
}


/* where the value of a query key is kept, NULL when it is not */

static struct gl_text *
ngx_http_glinto_url_member(struct gl_event *event, const struct gl_text *name)
{
    u_char                           *base;
    const ngx_http_glinto_url_key_t  *key;

    base = (u_char *) event;

    for (key = ngx_http_glinto_url_keys; key->name.len; key++) {
        if (ngx_http_glinto_url_is(name, &key->name)) {
            return (struct gl_text *) (void *) (base + key->offset);
        }
    }

    return NULL;
}


static void
ngx_http_glinto_url_click_id(struct gl_event *event,
    const struct gl_text *name)
{
    const ngx_str_t  *id;

    if (event->click_id.len) {
        return;
    }

    for (id = ngx_http_glinto_url_click_ids; id->len; id++) {
        if (ngx_http_glinto_url_is(name, id)) {
            event->click_id.data = (const char *) id->data;
            event->click_id.len = (uint32_t) id->len;
            return;
        }
    }
}


static ngx_uint_t
ngx_http_glinto_url_is(const struct gl_text *name, const ngx_str_t *word)
{
    return name->len == word->len
           && ngx_memcmp(name->data, word->data, word->len) == 0;
}
