
/*
 * Copyright (C) Glinto contributors
 *
 * Hints: copies of the frames just appended, joined into packets over a Unix
 * socket, so that the aggregator need not read them back from the file, and
 * packets that tell of the worker itself.  The files are the truth: every
 * packet may be lost.  The socket is ngx_http_glinto_link.c's; when it is
 * tried and what is sent over it is decided here.
 */


#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"

#include "apart.h"
#include "little_endian.h"


/*
 * Waiting this long, or this much, frames are sent: a packet a turn would wake
 * the aggregator every turn and cost half a request more at low load.
 */

#define NGX_HTTP_GLINTO_HINT_MS          10
#define NGX_HTTP_GLINTO_HINT_FULL        (24 * 1024)

/* places in an EVENTS packet, schema/hint.h */

#define NGX_HTTP_GLINTO_HINT_COUNT_AT    12
#define NGX_HTTP_GLINTO_HINT_SEGMENT_AT  16


static void ngx_http_glinto_hint_handler(ngx_event_t *ev);
static void ngx_http_glinto_hint_connect(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_flush(ngx_http_glinto_worker_t *gw);
static GL_APART void ngx_http_glinto_hint_tell_sealed(
    ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_drops(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_begin(ngx_http_glinto_hint_t *hint,
    const uint8_t *segment, uint32_t index, uint32_t offset);
static ngx_uint_t ngx_http_glinto_hint_follows(ngx_http_glinto_hint_t *hint,
    const uint8_t *segment, uint32_t index);
static size_t ngx_http_glinto_hint_run(const u_char *frames, size_t len,
    size_t room, uint32_t *count);
static u_char *ngx_http_glinto_hint_head(u_char *p, enum gl_hint_type type);
static u_char *ngx_http_glinto_hint_u32(u_char *p, uint32_t n);
static u_char *ngx_http_glinto_hint_u64(u_char *p, uint64_t n);


void
ngx_http_glinto_hint_init(ngx_http_glinto_worker_t *gw)
{
    gw->hint.event.handler = ngx_http_glinto_hint_handler;
    gw->hint.event.data = &gw->dummy;
    gw->hint.event.log = gw->log;
    gw->hint.event.cancelable = 1;

    ngx_http_glinto_hint_connect(gw);
}


void
ngx_http_glinto_hint_tick(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_link_tick(gw);
    ngx_http_glinto_hint_drops(gw);
}


/*
 * It is time to send, or to try the socket again.  A timer that outlives its
 * packet finds the next one, or nothing.
 */

static void
ngx_http_glinto_hint_handler(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_http_glinto_hint_connect(c->data);
    ngx_http_glinto_hint_flush(c->data);
}


static void
ngx_http_glinto_hint_connect(ngx_http_glinto_worker_t *gw)
{
    if (ngx_http_glinto_link_connect(gw)) {
        ngx_http_glinto_hint_hello(gw);
    }
}


void
ngx_http_glinto_hint_close(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_hint_flush(gw);
    ngx_http_glinto_hint_drops(gw);
    ngx_http_glinto_link_close(gw);
}


/* frames stand in one segment side by side, the first at index and offset */

void
ngx_http_glinto_hint_frames(ngx_http_glinto_worker_t *gw,
    const uint8_t *segment, uint32_t index, uint32_t offset,
    const u_char *frames, size_t len)
{
    size_t                   n;
    uint32_t                 count;
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;

    if (hint->fd == -1) {
        return;
    }

    if (hint->len && !ngx_http_glinto_hint_follows(hint, segment, index)) {
        ngx_http_glinto_hint_flush(gw);
    }

    for ( ;; ) {

        if (hint->len == 0) {
            ngx_http_glinto_hint_begin(hint, segment, index, offset);
        }

        n = ngx_http_glinto_hint_run(frames, len,
                                     GL_HINT_PACKET_MAX - hint->len, &count);

        ngx_memcpy(hint->packet + hint->len, frames, n);

        hint->len += n;
        hint->count += count;

        index += count;
        offset += n;
        frames += n;
        len -= n;

        /* what is left may be the torn end of a short write */

        if (len < GL_FRAME_HEADER_BYTES || n == 0) {
            break;
        }

        ngx_http_glinto_hint_flush(gw);
    }

    if (hint->len >= NGX_HTTP_GLINTO_HINT_FULL) {
        ngx_http_glinto_hint_flush(gw);

    } else if (hint->count && !hint->event.timer_set) {
        ngx_add_timer(&hint->event, NGX_HTTP_GLINTO_HINT_MS);
    }
}


static void
ngx_http_glinto_hint_begin(ngx_http_glinto_hint_t *hint,
    const uint8_t *segment, uint32_t index, uint32_t offset)
{
    u_char  *p;

    p = ngx_http_glinto_hint_head(hint->packet, GL_HINT_EVENTS);
    p = ngx_http_glinto_hint_u32(p, index);
    p = ngx_http_glinto_hint_u32(p, offset);
    p = ngx_http_glinto_hint_u32(p, 0);
    p = ngx_cpymem(p, segment, GL_SEGMENT_ID_BYTES);

    hint->len = p - hint->packet;
    hint->first = index;
    hint->count = 0;
}


/* the waiting frames stand right before this one in the same segment */

static ngx_uint_t
ngx_http_glinto_hint_follows(ngx_http_glinto_hint_t *hint,
    const uint8_t *segment, uint32_t index)
{
    return hint->first + hint->count == index
           && ngx_memcmp(hint->packet + NGX_HTTP_GLINTO_HINT_SEGMENT_AT,
                         segment, GL_SEGMENT_ID_BYTES) == 0;
}


/* bytes and number of the whole frames at the front that fit into room */

static size_t
ngx_http_glinto_hint_run(const u_char *frames, size_t len, size_t room,
    uint32_t *count)
{
    size_t  n, run;

    *count = 0;
    run = 0;
    len = ngx_min(len, room);

    while (len - run >= GL_FRAME_HEADER_BYTES) {

        n = gl_frame_written(frames + run);

        if (n > len - run) {
            break;
        }

        run += n;
        (*count)++;
    }

    return run;
}


static void
ngx_http_glinto_hint_flush(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;

    if (hint->count) {
        (void) ngx_http_glinto_hint_u32(
                   hint->packet + NGX_HTTP_GLINTO_HINT_COUNT_AT, hint->count);

        ngx_http_glinto_link_send(gw, hint->packet, hint->len);
    }

    hint->len = 0;
    hint->count = 0;
}


/* tell of segments that the writer has let go of since the last call */

void
ngx_http_glinto_hint_sealed(ngx_http_glinto_worker_t *gw)
{
    if (gw->hint.sealed_n != gw->writer.sealed_n) {
        ngx_http_glinto_hint_tell_sealed(gw);
    }
}


static GL_APART void
ngx_http_glinto_hint_tell_sealed(ngx_http_glinto_worker_t *gw)
{
    u_char                  *p, packet[GL_HINT_SEALED_BYTES];
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;
    hint->sealed_n = gw->writer.sealed_n;

    if (hint->fd == -1) {
        return;
    }

    ngx_http_glinto_hint_flush(gw);

    p = ngx_http_glinto_hint_head(packet, GL_HINT_SEALED);
    p = ngx_cpymem(p, gw->writer.sealed_id, GL_SEGMENT_ID_BYTES);

    ngx_http_glinto_link_send(gw, packet, p - packet);
}


/* who writes, and where: once a connection, and for each spool opened later */

void
ngx_http_glinto_hint_hello(ngx_http_glinto_worker_t *gw)
{
    u_char  *p, packet[GL_HINT_HELLO_BYTES];

    ngx_memzero(packet, GL_HINT_HELLO_BYTES);

    p = ngx_http_glinto_hint_head(packet, GL_HINT_HELLO);
    p = ngx_http_glinto_hint_u32(p, GL_SEGMENT_MAJOR);
    p = ngx_http_glinto_hint_u32(p, (uint32_t) ngx_pid);
    p = ngx_cpymem(p, gw->writer.incarnation, GL_SEGMENT_ID_BYTES);
    p = ngx_http_glinto_hint_u64(p, gw->dev);
    p = ngx_http_glinto_hint_u64(p, gw->ino);

    ngx_memcpy(p, NGX_HTTP_GLINTO_VERSION, sizeof(NGX_HTTP_GLINTO_VERSION));

    ngx_http_glinto_link_send(gw, packet, GL_HINT_HELLO_BYTES);
}


static void
ngx_http_glinto_hint_drops(ngx_http_glinto_worker_t *gw)
{
    u_char  *p, packet[GL_HINT_DROPS_BYTES];

    if (gw->hint.fd == -1 || gw->hint.drops == gw->writer.drops.total) {
        return;
    }

    gw->hint.drops = gw->writer.drops.total;

    p = ngx_http_glinto_hint_head(packet, GL_HINT_DROPS);
    p = ngx_cpymem(p, gw->writer.incarnation, GL_SEGMENT_ID_BYTES);
    p = ngx_http_glinto_hint_u64(p, gw->writer.drops.total);

    ngx_http_glinto_link_send(gw, packet, p - packet);
}


static u_char *
ngx_http_glinto_hint_head(u_char *p, enum gl_hint_type type)
{
    *p++ = (u_char) type;
    *p++ = GL_HINT_PROTO;
    *p++ = 0;
    *p++ = 0;

    return p;
}


static u_char *
ngx_http_glinto_hint_u32(u_char *p, uint32_t n)
{
    gl_put32(p, n);

    return p + sizeof(uint32_t);
}


static u_char *
ngx_http_glinto_hint_u64(u_char *p, uint64_t n)
{
    gl_put64(p, n);

    return p + sizeof(uint64_t);
}
