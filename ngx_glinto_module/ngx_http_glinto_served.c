
/*
 * Copyright (C) Glinto contributors
 *
 * Pages served, where "glinto on" is: in the log phase, without a script.
 * What a frame tells of:
 *
 *   page    GET, 200 and HTML, or 304, 403, 404, 410, 5xx of one; who says
 *           what for (Sec-Fetch-Dest) wants a document
 *   asset   a style or image of a page of the same site, as a browser fetches
 *           them: that its visitor does, once in a while
 *
 * Its reply is behind it: what does not find room in the spool is counted, and
 * an event has the room before it.  Nothing here waits, or holds memory.
 *
 * Runs in each nginx worker, single thread.
 */


#include "ngx_http_glinto_batch.h"
#include "ngx_http_glinto_clock.h"
#include "ngx_http_glinto_collect.h"
#include "ngx_http_glinto_counts.h"
#include "ngx_http_glinto_request.h"
#include "ngx_http_glinto_visitor.h"
#include "ngx_http_glinto_worker.h"

#include "request/signed.h"


/* a path that is too long for its field, as words beyond a cap */

#define NGX_HTTP_GLINTO_SERVED_OTHER  "(other)"


/* what the reply may be, before a look at the request's headers */

typedef enum {
    NGX_HTTP_GLINTO_SERVED_NONE = 0,
    NGX_HTTP_GLINTO_SERVED_PAGE,
    NGX_HTTP_GLINTO_SERVED_ASSET,
    NGX_HTTP_GLINTO_SERVED_EITHER            /* 304: it has no type */
} ngx_http_glinto_served_e;


static ngx_uint_t ngx_http_glinto_served_status(const ngx_http_request_t *r);
static ngx_uint_t ngx_http_glinto_served_what(const ngx_http_request_t *r);
static ngx_uint_t ngx_http_glinto_served_type(const ngx_http_request_t *r);
static void ngx_http_glinto_served(ngx_http_glinto_collect_t *gc,
    ngx_uint_t what);
static ngx_uint_t ngx_http_glinto_served_wanted(
    const ngx_http_glinto_hit_t *hit, ngx_uint_t what);
static ngx_int_t ngx_http_glinto_served_host(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_served_page(ngx_http_glinto_collect_t *gc);
static void ngx_http_glinto_served_figures(ngx_http_glinto_collect_t *gc);
static uint64_t ngx_http_glinto_served_upstream_ms(
    const ngx_http_request_t *r);
static void ngx_http_glinto_served_asset(ngx_http_glinto_collect_t *gc);
static ngx_int_t ngx_http_glinto_served_frame(ngx_http_glinto_collect_t *gc);


ngx_int_t
ngx_http_glinto_served_handler(ngx_http_request_t *r)
{
    ngx_uint_t                    what;
    ngx_http_glinto_collect_t     gc;
    ngx_http_glinto_main_conf_t  *gmcf;

    gc.glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (!gc.glcf->served || gc.glcf->door || r != r->main) {
        return NGX_OK;
    }

    what = ngx_http_glinto_served_what(r);

    if (what == NGX_HTTP_GLINTO_SERVED_NONE) {
        return NGX_OK;
    }

    gmcf = ngx_http_get_module_main_conf(r, ngx_http_glinto_module);
    gc.worker = ngx_http_glinto_worker_get(gmcf);

    if (gc.worker == NULL || gc.worker->closed) {
        return NGX_OK;
    }

    gc.request = r;
    gc.ctx = NULL;
    gc.ntaken = 0;
    gc.placed = 0;
    gc.sends.len = 0;
    gc.hit = ngx_http_glinto_hit(gc.worker, NULL);

    ngx_http_glinto_clock_page(gc.worker);
    ngx_http_glinto_served(&gc, what);

    ngx_reset_pool(gc.worker->scratch);

    return NGX_OK;
}


static ngx_uint_t
ngx_http_glinto_served_status(const ngx_http_request_t *r)
{
    return r->err_status ? r->err_status : r->headers_out.status;
}


static ngx_uint_t
ngx_http_glinto_served_what(const ngx_http_request_t *r)
{
    ngx_uint_t  type, status;

    /* an error page changes the method of what is asked for, not the line */

    if (r->request_line.len < 4
        || ngx_memcmp(r->request_line.data, "GET ", 4) != 0
        || r->unparsed_uri.len == 0)
    {
        return NGX_HTTP_GLINTO_SERVED_NONE;
    }

    status = ngx_http_glinto_served_status(r);
    type = ngx_http_glinto_served_type(r);

    switch (status) {

    case NGX_HTTP_OK:
        return type;

    case NGX_HTTP_PARTIAL_CONTENT:
        return type == NGX_HTTP_GLINTO_SERVED_ASSET
               ? NGX_HTTP_GLINTO_SERVED_ASSET : NGX_HTTP_GLINTO_SERVED_NONE;

    case NGX_HTTP_NOT_MODIFIED:
        return NGX_HTTP_GLINTO_SERVED_EITHER;

    case NGX_HTTP_FORBIDDEN:
    case NGX_HTTP_NOT_FOUND:
    case 410:
        break;

    default:
        if (status < NGX_HTTP_INTERNAL_SERVER_ERROR || status > 599) {
            return NGX_HTTP_GLINTO_SERVED_NONE;
        }
    }

    return type == NGX_HTTP_GLINTO_SERVED_ASSET
           ? NGX_HTTP_GLINTO_SERVED_NONE : NGX_HTTP_GLINTO_SERVED_PAGE;
}


/* as nearly all write them, in small letters, or not */

static ngx_inline ngx_uint_t
ngx_http_glinto_served_is(u_char *type, size_t len, const char *word, size_t n)
{
    return len >= n
           && (ngx_memcmp(type, word, n) == 0
               || ((type[0] | 0x20) == word[0]
                   && ngx_strncasecmp(type, (u_char *) word, n) == 0));
}


static ngx_uint_t
ngx_http_glinto_served_type(const ngx_http_request_t *r)
{
    size_t   len;
    u_char  *type;

    len = r->headers_out.content_type.len;
    type = r->headers_out.content_type.data;

    if (ngx_http_glinto_served_is(type, len, "text/html", 9)
        || ngx_http_glinto_served_is(type, len, "application/xhtml+xml", 21))
    {
        return NGX_HTTP_GLINTO_SERVED_PAGE;
    }

    if (ngx_http_glinto_served_is(type, len, "text/css", 8)
        || ngx_http_glinto_served_is(type, len, "image/", 6))
    {
        return NGX_HTTP_GLINTO_SERVED_ASSET;
    }

    return NGX_HTTP_GLINTO_SERVED_NONE;
}


/* without memory, too, a page is served: it is not counted */

static void
ngx_http_glinto_served(ngx_http_glinto_collect_t *gc, ngx_uint_t what)
{
    struct gl_event        *event;
    ngx_http_request_t     *r;
    ngx_http_glinto_hit_t  *hit;

    r = gc->request;
    hit = gc->hit;
    event = &hit->event;

    if (ngx_http_glinto_served_host(gc) != NGX_OK
        || ngx_http_glinto_served_page(gc) != NGX_OK
        || ngx_http_glinto_route_page(gc) != NGX_OK
        || gc->ntaken == 0)
    {
        return;
    }

    what = ngx_http_glinto_served_wanted(hit, what);
    event->site = ngx_http_glinto_text(&gc->taken[0].name);

    if (what == NGX_HTTP_GLINTO_SERVED_NONE
        || ngx_http_glinto_visitor(r, gc->worker, &hit->person, event)
           != NGX_OK)
    {
        return;
    }

    event->schema = GL_EVENT_SCHEMA;
    event->kind = GL_PAGEVIEW;

    if (what == NGX_HTTP_GLINTO_SERVED_PAGE) {
        ngx_http_glinto_served_figures(gc);

        if (ngx_http_glinto_network(gc) != NGX_OK
            || ngx_http_glinto_signed(gc) != NGX_OK)
        {
            return;
        }

        ngx_http_glinto_served_frame(gc);

    } else {
        ngx_http_glinto_served_asset(gc);
    }
}


/* that its visitor fetched one, and no more */

static void
ngx_http_glinto_served_asset(ngx_http_glinto_collect_t *gc)
{
    uint64_t         *shown;
    struct gl_event  *event;

    event = &gc->hit->event;
    shown = &gc->worker->shown[event->visitor % NGX_HTTP_GLINTO_SHOWN];

    if (*shown == event->visitor) {
        return;
    }

    event->path.len = 0;
    event->agent.len = 0;
    event->evidence = 0;
    event->fetched = GL_FETCHED_ASSET;

    if (ngx_http_glinto_served_frame(gc) == NGX_OK) {
        *shown = event->visitor;
    }
}


/* what its browser asks for, if it tells, decides */

static ngx_uint_t
ngx_http_glinto_served_wanted(const ngx_http_glinto_hit_t *hit,
    ngx_uint_t what)
{
    ngx_uint_t  as;

    switch (hit->seen.dest) {

    case GL_DEST_UNSAID:

        /* a program, or a browser without TLS */

        return what == NGX_HTTP_GLINTO_SERVED_PAGE
               ? what : NGX_HTTP_GLINTO_SERVED_NONE;

    case GL_DEST_DOCUMENT:
        as = NGX_HTTP_GLINTO_SERVED_PAGE;
        break;

    case GL_DEST_STYLE:
    case GL_DEST_IMAGE:
        as = hit->seen.site_same && !hit->bot ? NGX_HTTP_GLINTO_SERVED_ASSET
                                    : NGX_HTTP_GLINTO_SERVED_NONE;
        break;

    default:
        as = NGX_HTTP_GLINTO_SERVED_NONE;
    }

    return what == as || what == NGX_HTTP_GLINTO_SERVED_EITHER
           ? as : NGX_HTTP_GLINTO_SERVED_NONE;
}


/* nearly always it is the site's, whose form is known */

static ngx_int_t
ngx_http_glinto_served_host(ngx_http_glinto_collect_t *gc)
{
    struct gl_text                  host;
    const ngx_http_glinto_named_t  *site;

    site = gc->glcf->site;
    host = ngx_http_glinto_text(&gc->request->headers_in.server);

    if (site && gl_host_is(host, ngx_http_glinto_text(&site->name))) {
        gc->hit->event.host = ngx_http_glinto_text(&site->name);
        return NGX_OK;
    }

    return gl_page_host(ngx_http_glinto_memory(gc->hit->pool), host,
                        &gc->hit->event.host)
           == 0 ? NGX_OK : NGX_ERROR;
}


/* the path, as of a script's event: of what was asked for, wherever nginx has
   led it */

static ngx_int_t
ngx_http_glinto_served_page(ngx_http_glinto_collect_t *gc)
{
    u_char           *query;
    ngx_str_t         path;
    struct gl_event  *event;

    event = &gc->hit->event;

    path = gc->request->unparsed_uri;
    query = memchr(path.data, '?', path.len);

    if (query) {
        path.len = query - path.data;
    }

    if (gl_page_path(ngx_http_glinto_memory(gc->hit->pool),
                     ngx_http_glinto_text(&path), &event->path)
        != 0)
    {
        return NGX_ERROR;
    }

    if (!gl_utf8_fits(event->path, GL_LONGEST_path)) {
        event->path.data = NGX_HTTP_GLINTO_SERVED_OTHER;
        event->path.len = sizeof(NGX_HTTP_GLINTO_SERVED_OTHER) - 1;
    }

    return NGX_OK;
}


static void
ngx_http_glinto_served_figures(ngx_http_glinto_collect_t *gc)
{
    ngx_time_t             *tp;
    ngx_msec_int_t          ms;
    struct gl_event        *event;
    ngx_http_request_t     *r;

    r = gc->request;
    event = &gc->hit->event;

    tp = ngx_timeofday();
    ms = (ngx_msec_int_t) ((tp->sec - r->start_sec) * 1000
                           + (tp->msec - r->start_msec));

    event->status = ngx_http_glinto_served_status(r);
    event->bytes = (uint64_t) ngx_max(r->connection->sent, 0);
    event->request_ms = (uint64_t) ngx_max(ms, 0);
    event->upstream_ms = ngx_http_glinto_served_upstream_ms(r);

#if (NGX_HTTP_CACHE)
    if (r->upstream) {
        event->cache = r->upstream->cache_status;
    }
#endif

    if (gc->hit->bot) {
        event->fetched |= GL_FETCHED_BOT;
    }

    if (gc->hit->seen.dest == GL_DEST_DOCUMENT) {
        event->fetched |= GL_FETCHED_AS_PAGE;
    }
}


/* all that were asked one after the other, + 1; 0: none */

static uint64_t
ngx_http_glinto_served_upstream_ms(const ngx_http_request_t *r)
{
    uint64_t                    ms;
    ngx_uint_t                  i;
    ngx_http_upstream_state_t  *state;

    if (r->upstream_states == NULL || r->upstream_states->nelts == 0) {
        return 0;
    }

    ms = 1;
    state = r->upstream_states->elts;

    for (i = 0; i < r->upstream_states->nelts; i++) {
        if (state[i].response_time != (ngx_msec_t) -1) {
            ms += state[i].response_time;
        }
    }

    return ms;
}


static ngx_int_t
ngx_http_glinto_served_frame(ngx_http_glinto_collect_t *gc)
{
    size_t                     len;
    ngx_http_glinto_worker_t  *gw;

    gw = gc->worker;

    if (ngx_http_glinto_batch_reserve(gw, GL_FRAME_MAX) != NGX_OK
        || gl_writer_filled(&gw->writer, gw->boot_ms))
    {
        ngx_http_glinto_counts_add_site(gw, NGX_HTTP_GLINTO_SPOOL_FULL_PAGE,
                                        &gc->taken[0].name);
        return NGX_DECLINED;
    }

    len = gl_served_encode(&gc->hit->event, ngx_http_glinto_batch_payload(gw),
                           GL_FRAME_PAYLOAD_MAX);

    if (len == 0 && gc->hit->event.signed_base.len) {

        /* the page is told of all the same */

        gc->hit->event.signed_base.len = 0;
        gc->hit->event.signature.len = 0;
        gc->hit->event.signed_as = GL_SIGNED_TOO_LONG;

        len = gl_served_encode(&gc->hit->event,
                               ngx_http_glinto_batch_payload(gw),
                               GL_FRAME_PAYLOAD_MAX);
    }

    if (len == 0
        || ngx_http_glinto_batch_frame(gw, len, gw->boot_ms, GL_FRAME_SERVED)
           != NGX_OK)
    {
        return NGX_ERROR;
    }

    gw->pages++;
    gw->measured.served++;

    ngx_http_glinto_batch_later(gw);

    return NGX_OK;
}
