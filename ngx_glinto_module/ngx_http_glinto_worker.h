
/*
 * Copyright (C) Glinto contributors
 *
 * What one worker process holds, and what the files of the core do for each
 * other.  Adapters need none of it.  One such struct in a process and
 * configuration cycle; a reload in single process mode makes a second beside
 * it.  Processes share nothing but the files in the spool directory.
 *
 *   batch     frames of this turn, one append for all, then the replies
 *   counts    what was turned away, summed until the next second
 *   salt      today's and, for half an hour, yesterday's key of visitor ids
 *   sites     the table of known sites, from the sites file
 *   hint      copies of appended frames on their way to the aggregator
 *   tick      once a second everything that no request should wait for
 */


#ifndef _NGX_HTTP_GLINTO_WORKER_H_INCLUDED_
#define _NGX_HTTP_GLINTO_WORKER_H_INCLUDED_


#include "ngx_http_glinto_module.h"

#include <libpsl.h>

ngx_http_glinto_private_begin

#include "gl_segment.h"
#include "hint.h"
#include "request/longest.h"


#define NGX_HTTP_GLINTO_VERSION       "0.1.0"

#define NGX_HTTP_GLINTO_DAY_MS        INT64_C(86400000)
#define NGX_HTTP_GLINTO_KEY_BYTES     16     /* crypto_shorthash_KEYBYTES */
#define NGX_HTTP_GLINTO_SITE_MAX      GL_LONGEST_site

/* a full batch is appended before the turn is over */

#define NGX_HTTP_GLINTO_BATCH_FULL    65536

/* the longest list of sites with the longest event still fits */

#define NGX_HTTP_GLINTO_BATCH_BYTES                                           \
    (NGX_HTTP_GLINTO_SITES_MAX * GL_FRAME_MAX)

/* a segment that holds them, in whole pages */

#define NGX_HTTP_GLINTO_SEGMENT_LEAST                                         \
    ((off_t) ngx_align(NGX_HTTP_GLINTO_BATCH_BYTES                           \
                        + GL_SEGMENT_HEADER_BYTES, GL_SEGMENT_HEADER_BYTES))


/* of one address: 120 beacons at one time, of an office or a mobile network */

#define NGX_HTTP_GLINTO_SHARE_BYTES   (1024 * 1024)

/* one in so many addresses shares with a flood, by chance */

#define NGX_HTTP_GLINTO_SHARES        1024


/* why an event is not in the spool; words in ngx_http_glinto_counts.c */

typedef enum {
    NGX_HTTP_GLINTO_UNKNOWN_SITE = 0,
    NGX_HTTP_GLINTO_HOSTNAME_NOT_ALLOWED,
    NGX_HTTP_GLINTO_OPT_OUT,
    NGX_HTTP_GLINTO_PREFETCH,
    NGX_HTTP_GLINTO_BOT_HEADERS,
    NGX_HTTP_GLINTO_CONDITION,               /* glinto_if */
    NGX_HTTP_GLINTO_INVALID,                 /* 400 */
    NGX_HTTP_GLINTO_TOO_LARGE,               /* 413 */
    NGX_HTTP_GLINTO_TOO_SLOW,                /* 408 */
    NGX_HTTP_GLINTO_SPOOL_FULL,              /* 503: budget used up */
    NGX_HTTP_GLINTO_SPOOL_FAILED,            /* 503: a system call failed */
    NGX_HTTP_GLINTO_SPOOL_SLOW,              /* 503: pause after a long one */
    NGX_HTTP_GLINTO_BUSY,                    /* 503: too many at one time */
    NGX_HTTP_GLINTO_REASONS,
    NGX_HTTP_GLINTO_TAKEN                    /* no reason to drop it */
} ngx_http_glinto_reason_e;


/* one request, from the start of its body to its access log line */

typedef struct {
    ngx_queue_t                   queue;     /* sending, ready, waiting, due */
    ngx_http_request_t           *request;
    ngx_http_glinto_worker_t     *worker;    /* that counts held */
    size_t                        held;      /* bytes, with its body */
    uint32_t                     *share;     /* of its address, with held */
    ngx_msec_t                    since;     /* it sends its body */

    ngx_str_t                     body;      /* gathered piece by piece */
    size_t                        body_size; /* of its buffer */

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
} ngx_http_glinto_ctx_t;


typedef struct {
    int64_t                       day;       /* days since 1970, UTC */
    u_char                        key[NGX_HTTP_GLINTO_KEY_BYTES];
    unsigned                      known:1;
    unsigned                      local:1;   /* no file: of this worker */
} ngx_http_glinto_salt_t;


typedef struct {
    int64_t                       from_ms;   /* the three are right from */
    int64_t                       until_ms;  /* here to here, wall clock */
    ngx_http_glinto_salt_t        today;
    ngx_http_glinto_salt_t        before;    /* known: frames carry both */
    ngx_http_glinto_salt_t        next;      /* read ahead of midnight */
} ngx_http_glinto_salts_t;


/* a site as its line says; pointers into the table's text */

typedef struct {
    ngx_str_t                     domain;
    ngx_str_t                     hosts;     /* comma list, empty = all */
    ngx_str_t                     visitors;  /* live number, may be empty */
    unsigned                      optout:1;
} ngx_http_glinto_site_t;


/* what was turned away for one site and reason */

#define NGX_HTTP_GLINTO_COUNTS        GL_COUNTS_MAX

typedef struct {
    ngx_uint_t                    reason;
    uint64_t                      n;
    uint32_t                      len;       /* 0 = not of one site */
    char                          site[NGX_HTTP_GLINTO_SITE_MAX];
} ngx_http_glinto_count_t;


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


/* the newest event of a visitor: 16 bytes */

#define NGX_HTTP_GLINTO_MOMENTS       256

typedef struct {
    uint64_t                      visitor;   /* 0: none yet */
    int64_t                       at_ms;     /* boot clock */
} ngx_http_glinto_moment_t;


struct ngx_http_glinto_worker_s {
    ngx_http_glinto_main_conf_t  *gmcf;
    ngx_log_t                    *log;

    /* clocks, read once in a turn of the event loop */

    int64_t                       wall_ms;
    int64_t                       boot_ms;

    ngx_http_glinto_hit_t         hit;
    ngx_pool_t                   *scratch;   /* hit.pool, of one request */

    int                           dirfd;     /* spool; -1: not there */
    dev_t                         dev;
    ino_t                         ino;
    struct gl_writer              writer;

    int64_t                       pause_ms;  /* the last one; 0: none */
    int64_t                       pause_until_ms;      /* boot clock */

    u_char                       *batch;     /* frames not yet appended */
    size_t                        held;      /* bytes, by all requests */
    uint32_t                      shares[NGX_HTTP_GLINTO_SHARES];
    u_char                        share_key[NGX_HTTP_GLINTO_KEY_BYTES];
    ngx_uint_t                    busy;      /* 503s of this turn for these */
    ngx_queue_t                   sending;   /* bodies, the oldest first */

    size_t                        turn;      /* bytes, bodies parsed in it */
    ngx_queue_t                   ready[2];  /* bodies; 1: within a share */
    ngx_uint_t                    other;     /* whose turn was the last */
    ngx_event_t                   next;      /* turn, while bodies wait */

    ngx_queue_t                   waiting;   /* requests of these frames */
    ngx_queue_t                   due;       /* requests to be answered */
    ngx_event_t                   flush;     /* posted: end of the turn */

    ngx_http_glinto_count_t      *counts;
    ngx_uint_t                    ncounts;

    ngx_http_glinto_salts_t       salts;
    ngx_http_glinto_moment_t      moments[NGX_HTTP_GLINTO_MOMENTS];
    const psl_ctx_t              *psl;

    ngx_http_glinto_sites_t      *sites;     /* NULL: every site is taken */
    ngx_http_glinto_sites_t      *loading;   /* its successor */

    ngx_http_glinto_hint_t        hint;

    ngx_connection_t              dummy;     /* what timers print */
    ngx_event_t                   tick;
    time_t                        ticked;

    /* for the status page: since the start of this process */

    uint64_t                      requests;
    uint64_t                      stored;
    uint64_t                      dropped[NGX_HTTP_GLINTO_REASONS];

    uint64_t                      outage_drops;   /* 503s in this outage */
    unsigned                      outage:1;       /* said in the log */
    unsigned                      appended:1;     /* the last time it did */
    unsigned                      refused:1;      /* since the last tick */
    unsigned                      closed:1;
};


/* ngx_http_glinto_worker.c */

ngx_int_t ngx_http_glinto_init_process(ngx_cycle_t *cycle);
void ngx_http_glinto_exit_process(ngx_cycle_t *cycle);

/* the worker's state, made when it is not there yet; NULL: no memory */
ngx_http_glinto_worker_t *ngx_http_glinto_worker_get(
    ngx_http_glinto_main_conf_t *gmcf);

/* to be called before the clocks are used, once in a turn */
void ngx_http_glinto_worker_clock(ngx_http_glinto_worker_t *gw);

/* n requests get 503; said once in the log, until a second without any */
void ngx_http_glinto_worker_outage(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, ngx_uint_t n);


/* ngx_http_glinto_batch.c */

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

ngx_int_t ngx_http_glinto_batch_append(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_batch_flush_handler(ngx_event_t *ev);


/* ngx_http_glinto_moment.c */
/* boot clock of an event that the visitor sends now: after the one before */
int64_t ngx_http_glinto_moment(ngx_http_glinto_worker_t *gw,
    uint64_t visitor);


/* ngx_http_glinto_pause.c */

/* the boot clock now, not that of the turn; ms */
int64_t ngx_http_glinto_pause_clock(void);

/* a call into the spool that began then has come back: was it slow? */
void ngx_http_glinto_pause_look(ngx_http_glinto_worker_t *gw,
    int64_t began_ms);

/* an append was quick: the next pause is a first one */
void ngx_http_glinto_pause_forget(ngx_http_glinto_worker_t *gw);

/* 1: the spool is to be left alone in this turn */
ngx_uint_t ngx_http_glinto_pause(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_body.c */

typedef ngx_int_t (*ngx_http_glinto_body_pt)(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);

/*
 * Have the whole body in ctx->body, in one piece and never in a file, then
 * finish the request with the code that done returns; ctx->status is 413 when
 * it is too large, 503 when too much is held already.
 */
ngx_int_t ngx_http_glinto_body_read(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);

/* it is there: its event, and the request's end unless it waits */
void ngx_http_glinto_body_parse(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);

/* nobody looks into nginx's copy any more */
void ngx_http_glinto_body_free(ngx_http_request_t *r);


/* ngx_http_glinto_held.c */

/*
 * Count the request and bytes of its body as held until it ends.  NGX_BUSY: it
 * must not be let in.
 */
ngx_int_t ngx_http_glinto_held_add(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx, size_t bytes);

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

/* cleanup of a request: it leaves its queue and is counted no more */
void ngx_http_glinto_held_end(void *data);


/* ngx_http_glinto_share.c */

/* the bytes that the client's address holds */
uint32_t *ngx_http_glinto_share(ngx_http_glinto_worker_t *gw,
    ngx_http_request_t *r);


/* ngx_http_glinto_turn.c */

void ngx_http_glinto_turn_init(ngx_http_glinto_worker_t *gw);

/* 1: its body may be parsed now; 0: it will be, in another turn */
ngx_uint_t ngx_http_glinto_turn_take(ngx_http_glinto_worker_t *gw,
    ngx_http_glinto_ctx_t *ctx);
void ngx_http_glinto_turn_end(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_turn_close(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_collect.c */

/* the request may hold so many bytes for its body; else why not */
ngx_int_t ngx_http_glinto_collect_enter(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx, size_t bytes);

ngx_int_t ngx_http_glinto_collect_body(ngx_http_request_t *r,
    ngx_http_glinto_ctx_t *ctx);


/* ngx_http_glinto_route.c */

/* a request between its body and its frames */

typedef struct {
    ngx_http_request_t           *request;
    ngx_http_glinto_worker_t     *worker;
    ngx_http_glinto_ctx_t        *ctx;
    ngx_http_glinto_loc_conf_t   *glcf;
    ngx_http_glinto_hit_t        *hit;

    /* sites that take the event */

    ngx_str_t                     taken[NGX_HTTP_GLINTO_SITES_MAX];
    ngx_uint_t                    ntaken;
} ngx_http_glinto_collect_t;

/* fill gc->taken, count the rest into hit->dropped; NGX_ERROR: no memory */
ngx_int_t ngx_http_glinto_route(ngx_http_glinto_collect_t *gc);

/* the host is in the site's list of hosts */
ngx_uint_t ngx_http_glinto_route_allows(ngx_http_glinto_site_t *site,
    const struct gl_text *host);


/* ngx_http_glinto_headers.c */

/* fill in agent, language, evidence; a reason to drop it, or TAKEN */
ngx_uint_t ngx_http_glinto_headers_read(ngx_http_request_t *r,
    struct gl_event *event);


/* ngx_http_glinto_counts.c */

extern const ngx_str_t  ngx_http_glinto_reasons[NGX_HTTP_GLINTO_REASONS];

void ngx_http_glinto_counts_add(ngx_http_glinto_worker_t *gw,
    ngx_uint_t reason, const ngx_str_t *site);
void ngx_http_glinto_counts_flush(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_salt.c */

void ngx_http_glinto_salt_roll(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_salt_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_salt_forget(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_visitor.c */

/* fill in visitor and visitor_before of event->site */
ngx_int_t ngx_http_glinto_visitor(ngx_http_request_t *r,
    ngx_http_glinto_worker_t *gw, struct gl_event *event);


/* ngx_http_glinto_sites.c */

/* one slice of work; 1 when there is more to do at once */
ngx_uint_t ngx_http_glinto_sites_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_sites_free(ngx_http_glinto_worker_t *gw);
ngx_http_glinto_site_t *ngx_http_glinto_sites_find(
    ngx_http_glinto_sites_t *sites, const ngx_str_t *name);
void ngx_http_glinto_sites_stat(ngx_http_glinto_sites_t *sites,
    ngx_uint_t *n, time_t *mtime);


/* ngx_http_glinto_hint.c */

void ngx_http_glinto_hint_frames(ngx_http_glinto_worker_t *gw,
    const uint8_t *segment, uint32_t index, uint32_t offset,
    const u_char *frames, size_t len);
void ngx_http_glinto_hint_flush(ngx_http_glinto_worker_t *gw);

/* segments let go of, where this worker writes, what it has refused */
void ngx_http_glinto_hint_sealed(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_hint_hello(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_hint_drops(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_link.c: the socket of the hints */

void ngx_http_glinto_link_init(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_link_tick(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_link_send(ngx_http_glinto_worker_t *gw,
    const u_char *packet, size_t len);

/* since when this worker knows of no aggregator, 0 = there is one */
time_t ngx_http_glinto_link_away(ngx_http_glinto_worker_t *gw);
void ngx_http_glinto_link_close(ngx_http_glinto_worker_t *gw);


/* ngx_http_glinto_conf.c: setters of directives */

char *ngx_http_glinto_spool(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_socket(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_path(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_collect(ngx_conf_t *cf, ngx_command_t *cmd, void *conf);
char *ngx_http_glinto_script_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);
char *ngx_http_glinto_status_slot(ngx_conf_t *cf, ngx_command_t *cmd,
    void *conf);


/* ngx_http_glinto_check.c: what "nginx -t" finds in the system */

ngx_int_t ngx_http_glinto_check(ngx_cycle_t *cycle);


ngx_http_glinto_private_end

#endif /* _NGX_HTTP_GLINTO_WORKER_H_INCLUDED_ */
