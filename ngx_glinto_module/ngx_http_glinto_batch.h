
/*
 * Copyright (C) Glinto contributors
 *
 * Frames of one turn: one append for all, then the replies.
 */


#ifndef _NGX_HTTP_GLINTO_BATCH_H_INCLUDED_
#define _NGX_HTTP_GLINTO_BATCH_H_INCLUDED_


#include "ngx_http_glinto_held.h"
#include "ngx_http_glinto_hit.h"

ngx_http_glinto_private_begin

#include "segment.h"


/* a full batch is appended before the turn is over */

#define NGX_HTTP_GLINTO_BATCH_FULL    65536

/* how long pages served wait to be appended */

#define NGX_HTTP_GLINTO_BATCH_LATER_MS  10

/* the longest list of sites with the longest event still fits */

#define NGX_HTTP_GLINTO_BATCH_BYTES                                           \
    (NGX_HTTP_GLINTO_SITES_MAX * GL_FRAME_MAX)

/* a segment that holds them, in whole pages */

#define NGX_HTTP_GLINTO_SEGMENT_LEAST                                         \
    ((off_t) ngx_align(NGX_HTTP_GLINTO_BATCH_BYTES                           \
                        + GL_SEGMENT_HEADER_BYTES, GL_SEGMENT_HEADER_BYTES))


/* room for bytes of frames; NGX_OK, or a reason why there is none */
ngx_uint_t ngx_http_glinto_batch_reserve(ngx_http_glinto_worker_t *gw,
    uint32_t bytes);

/* where the next payload has to be encoded, GL_FRAME_PAYLOAD_MAX bytes */
u_char *ngx_http_glinto_batch_payload(ngx_http_glinto_worker_t *gw);
ngx_int_t ngx_http_glinto_batch_frame(ngx_http_glinto_worker_t *gw, size_t len,
    int64_t at_ms, enum gl_frame_type type);

/* the frames from here to batch_wait() are the request's; room is reserved */
void ngx_http_glinto_batch_begin(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);

/* it fails: the ctx->frames it has put into the batch go out again */
void ngx_http_glinto_batch_undo(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);

/* the request waits for the append of what it has put into the batch */
void ngx_http_glinto_batch_wait(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);

/* at the end of this turn, whose time is read now, the batch is appended */
void ngx_http_glinto_batch_post(ngx_http_glinto_worker_t *gw);

/* the batch is appended before long */
void ngx_http_glinto_batch_later(ngx_http_glinto_worker_t *gw);

ngx_int_t ngx_http_glinto_batch_append(ngx_http_glinto_worker_t *gw);

/* answer those whose frames were appended; only from the posted event */
void ngx_http_glinto_batch_replies(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_served.c */

/* in the log phase, where glinto is on */
ngx_int_t ngx_http_glinto_served_handler(ngx_http_request_t *r);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_BATCH_H_INCLUDED_ */
