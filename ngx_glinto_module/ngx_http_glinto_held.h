
/*
 * Copyright (C) Glinto contributors
 *
 * A request from the start of its body to its reply: what it holds, and which
 * turn of the event loop parses it.
 */


#ifndef _NGX_HTTP_GLINTO_HELD_H_INCLUDED_
#define _NGX_HTTP_GLINTO_HELD_H_INCLUDED_


#include "ngx_http_glinto_module.h"

ngx_http_glinto_private_begin


/* tables of client addresses, and places in each (share.c) */

#define NGX_HTTP_GLINTO_SHARE_TABLES  4
#define NGX_HTTP_GLINTO_SHARES        1024


/* one request, from its location to its access log line */

typedef struct ngx_http_glinto_ctx_s  ngx_http_glinto_ctx_t;

typedef ngx_int_t (*ngx_http_glinto_body_pt)(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);

struct ngx_http_glinto_ctx_s {
    ngx_queue_t                   queue;     /* sending, ready, waiting, due */
    ngx_http_request_t           *request;
    ngx_http_glinto_worker_t     *worker;

    /* the body is there; NGX_DONE or the code to finish the request with */
    ngx_http_glinto_body_pt       done;

    size_t                        held;      /* bytes, with its body */
    uint16_t                      share[NGX_HTTP_GLINTO_SHARE_TABLES];
    ngx_msec_t                    since;     /* it sends its body */

    ngx_str_t                     body;      /* gathered piece by piece */
    size_t                        body_size; /* of its buffer */

    ngx_str_t                     answer;    /* body of the reply; or empty */

    uint32_t                      begin;     /* of its frames in the batch */
    uint32_t                      end;
    ngx_uint_t                    status;    /* of the reply that is due */
    ngx_uint_t                    stored;    /* events in the spool */
    ngx_uint_t                    dropped;   /* events turned away */
    ngx_uint_t                    frames;    /* in the batch */

    unsigned                      queued:1;
    unsigned                      read:1;    /* the body, by us */
    unsigned                      copied:1;  /* body: of a piece of ours */
    unsigned                      given_up:1;
    unsigned                      shared:1;  /* held is in share's tables */
    unsigned                      silent:1;  /* no body in the reply */
    unsigned                      answered:1; /* by us, or about to be */
    unsigned                      alone:1;   /* each of its events is another
                                                person's */
};


/* ngx_http_glinto_ctx.c */

/* the request's, made when there is none yet; NULL: no memory */
ngx_http_glinto_ctx_t *ngx_http_glinto_ctx(ngx_http_request_t *r);


/* ngx_http_glinto_body.c */

/*
 * Have the whole body in ctx->body, in one piece and never in a file, then
 * finish the request with the code that ctx->done returns; ctx->status is 413
 * when it is too large, 503 when too much is held already.
 */
ngx_int_t ngx_http_glinto_body_read(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);


/* ngx_http_glinto_held.c */

/* of one address: 120 beacons at one time, of an office or a mobile network */

#define NGX_HTTP_GLINTO_SHARE_BYTES   (1024 * 1024)

/*
 * Count the request and bytes of its body as held until it ends.  NGX_BUSY: it
 * must not be let in.
 */
ngx_int_t ngx_http_glinto_held_add(ngx_http_glinto_ctx_t *ctx, size_t bytes);

/* its body takes time: it may be given up for another one */
void ngx_http_glinto_held_sending(ngx_http_glinto_ctx_t *ctx);

/* its body is there: it is not given up any more */
void ngx_http_glinto_held_sent(ngx_http_glinto_ctx_t *ctx);

/* once a second: whose body takes too long is given up */
void ngx_http_glinto_held_tick(ngx_http_glinto_worker_t *gw);

/* a request gets 503 for want of room: told at the end of the turn */
void ngx_http_glinto_held_refused(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_held_tell(ngx_http_glinto_worker_t *gw);

/* nobody looks into its body any more: give its memory back */
void ngx_http_glinto_held_body(ngx_http_glinto_ctx_t *ctx);

/* nobody looks into nginx's copy any more */
void ngx_http_glinto_held_free(ngx_http_request_t *r);

/* the request ends: it leaves its queue and is counted no more */
void ngx_http_glinto_held_end(ngx_http_glinto_ctx_t *ctx);


/* ngx_http_glinto_share.c */

/* bytes that its client's address holds, at most, of what is shared */
uint32_t ngx_http_glinto_share_held(ngx_http_glinto_ctx_t *ctx);

/* the first: behind share_held; the second: what the first has added */
void ngx_http_glinto_share_more(ngx_http_glinto_ctx_t *ctx, size_t bytes);
void ngx_http_glinto_share_less(ngx_http_glinto_ctx_t *ctx, size_t bytes);


/* ngx_http_glinto_turn.c */

void ngx_http_glinto_turn_init(ngx_http_glinto_worker_t *gw);

/* its body is there: ctx->done and the request's end, in this turn or later */
void ngx_http_glinto_turn_body(ngx_http_glinto_ctx_t *ctx);
void ngx_http_glinto_turn_end(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_turn_close(ngx_http_glinto_worker_t *gw);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_HELD_H_INCLUDED_ */
