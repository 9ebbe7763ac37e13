
/*
 * Copyright (C) Glinto contributors
 *
 * nginx's lines in the error log, whichever module writes them, do not say
 * whose request it was that came to one of our locations: what is promised of
 * events would be worth little with the visitor's address beside them.
 *
 * nginx puts the address into a line by a function that each connection has.
 * Ours takes its place with the first such request of a connection and stays:
 * for requests to other locations it calls nginx's.  Of a request with a body
 * it does before the location is known: with it nginx looks at once whether
 * the body is too large, and has a line about that.
 */


#include "ngx_http_glinto_module.h"


static void ngx_http_glinto_quiet_put(ngx_log_t *log);
static ngx_uint_t ngx_http_glinto_quiet_hides(ngx_http_request_t *r);
static ngx_uint_t ngx_http_glinto_quiet_large(ngx_http_request_t *r);
static u_char *ngx_http_glinto_quiet_line(ngx_log_t *log, u_char *buf,
    size_t len);


/* nginx's function: the same for all of its connections */

static ngx_log_handler_pt  ngx_http_glinto_quiet_next;


void
ngx_http_glinto_quiet(ngx_http_request_t *r)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    if (glcf->door || !glcf->log_address) {
        ngx_http_glinto_quiet_put(r->connection->log);
    }
}


void
ngx_http_glinto_quiet_early(ngx_http_request_t *r)
{
    if (r->headers_in.content_length_n > 0) {
        ngx_http_glinto_quiet_put(r->connection->log);
    }
}


static void
ngx_http_glinto_quiet_put(ngx_log_t *log)
{
    if (log->handler != ngx_http_glinto_quiet_line) {
        ngx_http_glinto_quiet_next = log->handler;
        log->handler = ngx_http_glinto_quiet_line;
    }
}


/* who is not let in to what is passed on, as by a password, is named */

static ngx_uint_t
ngx_http_glinto_quiet_hides(ngx_http_request_t *r)
{
    ngx_http_glinto_loc_conf_t  *glcf;

    glcf = ngx_http_get_module_loc_conf(r, ngx_http_glinto_module);

    return glcf->door || (!glcf->log_address
                          && (r->upstream || ngx_http_glinto_quiet_large(r)));
}


/* such a request gets no further than to its location */

static ngx_uint_t
ngx_http_glinto_quiet_large(ngx_http_request_t *r)
{
    ngx_http_core_loc_conf_t  *clcf;

    clcf = ngx_http_get_module_loc_conf(r, ngx_http_core_module);

    return clcf->client_max_body_size
           && r->headers_in.content_length_n > clcf->client_max_body_size;
}


/* as nginx's, without the client */

static u_char *
ngx_http_glinto_quiet_line(ngx_log_t *log, u_char *buf, size_t len)
{
    u_char               *p;
    ngx_http_request_t   *r;
    ngx_http_log_ctx_t   *ctx;

    ctx = log->data;
    r = ctx->request;

    if (r == NULL || !ngx_http_glinto_quiet_hides(r)) {
        return ngx_http_glinto_quiet_next(log, buf, len);
    }

    p = buf;

    if (log->action) {
        p = ngx_snprintf(buf, len, " while %s", log->action);
        len -= p - buf;
    }

    return r->log_handler(r, ctx->current_request, p, len);
}
