
/*
 * Copyright (C) Glinto contributors
 *
 * Copies of frames on their way to the aggregator, and the socket that they
 * go over.
 */


#ifndef _NGX_HTTP_GLINTO_HINT_H_INCLUDED_
#define _NGX_HTTP_GLINTO_HINT_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin

#include "hint.h"


typedef struct {
    int                           fd;        /* -1: not connected */
    u_char                       *packet;    /* header, frames waiting */
    size_t                        len;       /* 0 = no header yet */
    uint32_t                      first;     /* index of the first frame */
    uint32_t                      count;     /* frames waiting */
    uint64_t                      drops;     /* total in the last packet */
    uint64_t                      sealed_n;  /* of the writer, told so far */
    ngx_event_t                   event;     /* 10 ms after the first frame */
    time_t                        away;      /* no aggregator since; 0: one */
    unsigned                      outage:1;  /* said in the log */
    unsigned                      seen:1;    /* fd: by a tick */
} ngx_http_glinto_hint_t;


/* ngx_http_glinto_hint.c */

void ngx_http_glinto_hint_frames(ngx_http_glinto_worker_t *gw,
    const uint8_t *segment, uint32_t index, uint32_t offset,
    const u_char *frames, size_t len);

/* segments let go of; where this worker writes */
void ngx_http_glinto_hint_sealed(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_hint_hello(ngx_http_glinto_worker_t *gw);

void ngx_http_glinto_hint_init(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_hint_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_hint_close(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_link.c: the socket of the hints */

/* 1: it was not connected and is now */
ngx_uint_t ngx_http_glinto_link_connect(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_link_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_link_send(ngx_http_glinto_worker_t *gw,
    const u_char *packet, size_t len);

/* since when this worker knows of no aggregator, 0 = there is one */
time_t ngx_http_glinto_link_away(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_link_close(ngx_http_glinto_worker_t *gw);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_HINT_H_INCLUDED_ */
