
/*
 * Copyright (C) Glinto contributors
 *
 * Who sent an event, and when.
 */


#ifndef _NGX_HTTP_GLINTO_VISITOR_H_INCLUDED_
#define _NGX_HTTP_GLINTO_VISITOR_H_INCLUDED_


#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_salt.h"

ngx_http_glinto_private_begin

#include "event.h"


/* the newest event of a visitor: 16 bytes */

#define NGX_HTTP_GLINTO_MOMENTS       256

typedef struct {
    uint64_t                      visitor;   /* 0: none yet */
    int64_t                       at_ms;     /* boot clock */
} ngx_http_glinto_moment_t;


/* ngx_http_glinto_visitor.c */

/* the visitor's address, the client's where nobody is named: its bytes where it
   is one, which bytes[] hold, else what stands for it; for the turn of the
   event loop, and no longer */
ngx_int_t ngx_http_glinto_visitor_addr(ngx_http_request_t *r,
    const struct gl_text *person, u_char *bytes, struct gl_text *addr);

/* fill in visitor and visitor_before of event->site */
ngx_int_t ngx_http_glinto_visitor(ngx_http_request_t *r,
    ngx_http_glinto_worker_t *gw, const struct gl_text *person,
    struct gl_event *event);


/* ngx_http_glinto_known.c */

typedef struct ngx_http_glinto_known_s  ngx_http_glinto_known_t;

/* what is kept of the connection's last visitor; NULL: nothing */
ngx_http_glinto_known_t *ngx_http_glinto_known(ngx_connection_t *c);

/* 1: it is the event's visitor, under these keys: his ids are filled in */
ngx_uint_t ngx_http_glinto_known_is(ngx_http_glinto_known_t *known,
    const ngx_http_glinto_salts_t *salts, struct gl_text addr,
    struct gl_event *event);

/* the ids of the event */
void ngx_http_glinto_known_keep(ngx_http_glinto_known_t *known,
    const ngx_http_glinto_salts_t *salts, struct gl_text addr,
    const struct gl_event *event);


/* ngx_http_glinto_moment.c */

/* boot clock of an event that the visitor sends now: after the one before */
int64_t ngx_http_glinto_moment(ngx_http_glinto_worker_t *gw,
    uint64_t visitor);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_VISITOR_H_INCLUDED_ */
