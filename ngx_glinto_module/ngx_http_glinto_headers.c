
/*
 * Copyright (C) Glinto contributors
 *
 * What a request's headers tell: one pass over them gives the evidence bits
 * for the aggregator, and the reasons to drop a request that the worker itself
 * can see (prefetch, bot_headers).
 *
 * nginx keeps some of these headers in fields of their own, but which ones
 * depends on how it was built; the list is always there.
 */


#include "ngx_http_glinto_worker.h"


#define NGX_HTTP_GLINTO_AGENT_MAX     512    /* schema/event_fields.h */
#define NGX_HTTP_GLINTO_LANGUAGE_MAX  35


typedef struct {
    ngx_uint_t          evidence;
    struct gl_text      language;

    unsigned            prefetch:1;
    unsigned            upgrade:1;        /* Upgrade-Insecure-Requests */
    unsigned            referer:1;
    unsigned            dest_empty:1;     /* Sec-Fetch-Dest: empty */
    unsigned            site_none:1;      /* Sec-Fetch-Site: none */
} ngx_http_glinto_seen_t;


static void ngx_http_glinto_headers_pass(ngx_http_request_t *r,
    ngx_http_glinto_seen_t *seen);
static void ngx_http_glinto_headers_one(ngx_table_elt_t *h,
    ngx_http_glinto_seen_t *seen);
static void ngx_http_glinto_headers_fetch(ngx_table_elt_t *h,
    ngx_http_glinto_seen_t *seen);
static void ngx_http_glinto_headers_language(ngx_str_t *value,
    struct gl_text *tag);
static ngx_uint_t ngx_http_glinto_headers_headless(struct gl_text *agent);


#define ngx_http_glinto_header_is(h, name)                                    \
    (ngx_memcmp((h)->lowcase_key, name, sizeof(name) - 1) == 0)

#define ngx_http_glinto_value_begins(h, text)                                 \
    ((h)->value.len >= sizeof(text) - 1                                       \
     && ngx_strncasecmp((h)->value.data, (u_char *) text, sizeof(text) - 1)   \
        == 0)


ngx_uint_t
ngx_http_glinto_headers_read(ngx_http_request_t *r, struct gl_event *event)
{
    ngx_str_t               *agent;
    ngx_uint_t               http2;
    ngx_http_glinto_seen_t   seen;

    ngx_memzero(&seen, sizeof(ngx_http_glinto_seen_t));

    ngx_http_glinto_headers_pass(r, &seen);

    http2 = (r->http_version >= NGX_HTTP_VERSION_20);

    if (http2) {
        seen.evidence |= GL_EVIDENCE_HTTP2;
    }

    event->evidence = seen.evidence;
    event->language = seen.language;

    if (r->headers_in.user_agent) {
        agent = &r->headers_in.user_agent->value;

        event->agent.data = (char *) agent->data;
        event->agent.len = ngx_min(agent->len, NGX_HTTP_GLINTO_AGENT_MAX);
    }

    if (seen.prefetch) {
        return NGX_HTTP_GLINTO_PREFETCH;
    }

    if (event->agent.len == 0
        || !(seen.evidence & (GL_EVIDENCE_LANGUAGE|GL_EVIDENCE_ENCODING))
        || (http2 && r->headers_in.connection)
        || (seen.dest_empty && seen.upgrade)
        || (seen.site_none && seen.referer)
        || ngx_http_glinto_headers_headless(&event->agent))
    {
        return NGX_HTTP_GLINTO_BOT_HEADERS;
    }

    return NGX_HTTP_GLINTO_TAKEN;
}


static void
ngx_http_glinto_headers_pass(ngx_http_request_t *r,
    ngx_http_glinto_seen_t *seen)
{
    ngx_list_part_t  *part;
    ngx_table_elt_t  *h, *last;

    for (part = &r->headers_in.headers.part; part; part = part->next) {

        h = part->elts;

        for (last = h + part->nelts; h < last; h++) {
            ngx_http_glinto_headers_one(h, seen);
        }
    }
}


static void
ngx_http_glinto_headers_one(ngx_table_elt_t *h, ngx_http_glinto_seen_t *seen)
{
    switch (h->key.len) {

    case 3:
        if (ngx_http_glinto_header_is(h, "dnt")
            && h->value.len == 1 && h->value.data[0] == '1')
        {
            seen->evidence |= GL_EVIDENCE_GPC;
        }

        break;

    case 5:
        if (ngx_http_glinto_header_is(h, "x-moz")
            && ngx_http_glinto_value_begins(h, "prefetch"))
        {
            seen->prefetch = 1;
        }

        break;

    case 7:
        if (ngx_http_glinto_header_is(h, "referer")) {
            seen->referer = (h->value.len != 0);

        } else if (ngx_http_glinto_header_is(h, "purpose")) {
            seen->prefetch |= ngx_http_glinto_value_begins(h, "prefetch");

        } else if (ngx_http_glinto_header_is(h, "sec-gpc")
                   && h->value.len == 1 && h->value.data[0] == '1')
        {
            seen->evidence |= GL_EVIDENCE_GPC;
        }

        break;

    case 15:
        if (ngx_http_glinto_header_is(h, "accept-language")) {
            seen->evidence |= GL_EVIDENCE_LANGUAGE;
            ngx_http_glinto_headers_language(&h->value, &seen->language);

        } else if (ngx_http_glinto_header_is(h, "accept-encoding")) {
            seen->evidence |= GL_EVIDENCE_ENCODING;
        }

        break;

    case 9:
    case 11:
    case 14:
    case 25:
        ngx_http_glinto_headers_fetch(h, seen);
        break;
    }
}


static void
ngx_http_glinto_headers_fetch(ngx_table_elt_t *h,
    ngx_http_glinto_seen_t *seen)
{
    if (h->key.len == 9) {
        if (ngx_http_glinto_header_is(h, "sec-ch-ua")) {
            seen->evidence |= GL_EVIDENCE_HINTS;
        }

    } else if (h->key.len == 11) {
        if (ngx_http_glinto_header_is(h, "sec-purpose")) {
            seen->prefetch |= ngx_http_glinto_value_begins(h, "prefetch");
        }

    } else if (h->key.len == 14) {
        if (ngx_http_glinto_header_is(h, "sec-fetch-site")) {
            seen->evidence |= GL_EVIDENCE_FETCH_SITE;
            seen->site_none = ngx_http_glinto_value_begins(h, "none");

        } else if (ngx_http_glinto_header_is(h, "sec-fetch-dest")) {
            seen->dest_empty = ngx_http_glinto_value_begins(h, "empty");
        }

    } else if (ngx_http_glinto_header_is(h, "upgrade-insecure-requests")) {
        seen->upgrade = 1;
    }
}


/* "de-AT,de;q=0.5" is de-AT */

static void
ngx_http_glinto_headers_language(ngx_str_t *value, struct gl_text *tag)
{
    size_t   i, len;
    u_char   ch;

    len = ngx_min(value->len, NGX_HTTP_GLINTO_LANGUAGE_MAX);

    for (i = 0; i < len; i++) {
        ch = value->data[i];

        if (ch == ',' || ch == ';' || ch == ' ' || ch == '*') {
            break;
        }
    }

    tag->data = i ? (char *) value->data : NULL;
    tag->len = (uint32_t) i;
}


static ngx_uint_t
ngx_http_glinto_headers_headless(struct gl_text *agent)
{
    size_t       before;
    ngx_uint_t   i, n;
    const char  *p, *last;

    /* the words, and where their rarest letter is: agents have few of these */

    static const struct {
        ngx_str_t   word;
        size_t      at;
    } words[] = {
        { ngx_string("Headless"), 0 },   /* HeadlessChrome, HeadlessEdg */
        { ngx_string("PhantomJS"), 7 },
        { ngx_string("SlimerJS"), 6 },
    };

    last = agent->data + agent->len;

    /* hardly an agent has a "J" */

    n = memchr(agent->data, 'J', agent->len) ? 3 : 1;

    for (i = 0; i < n; i++) {

        p = agent->data + ngx_min(words[i].at, agent->len);

        while (p < last
               && (p = memchr(p, words[i].word.data[words[i].at], last - p)))
        {
            before = words[i].at;

            if ((size_t) (last - p) >= words[i].word.len - before
                && ngx_memcmp(p - before, words[i].word.data,
                              words[i].word.len)
                   == 0)
            {
                return 1;
            }

            p++;
        }
    }

    return 0;
}
