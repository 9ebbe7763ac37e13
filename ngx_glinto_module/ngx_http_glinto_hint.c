
/*
 * Copyright (C) Glinto contributors
 *
 * Hints: copies of the frames just appended, joined into packets over a Unix
 * socket, so that the aggregator need not read them back from the file.  The
 * files are the truth: every packet may be lost, and every error is ignored
 * except that a dead socket is closed and connected again.
 *
 * The descriptor is raw, non-blocking and send-only, no ngx_connection_t: it
 * takes no slot of worker_connections and keeps no worker alive.
 */


#include "ngx_http_glinto_worker.h"

#include "little_endian.h"

#include <poll.h>
#include <sys/un.h>


/* waiting this long, or this much, frames are sent; spool.md, W5 */

#define NGX_HTTP_GLINTO_HINT_MS          10
#define NGX_HTTP_GLINTO_HINT_FULL        (24 * 1024)

/*
 * Without a connection: the next try.  An aggregator without work looks into
 * the spool once a second; a new one is told of events that soon.
 */

#define NGX_HTTP_GLINTO_HINT_RETRY_MS    250

/* places in an EVENTS packet, schema/hint.h */

#define NGX_HTTP_GLINTO_HINT_COUNT_AT    12
#define NGX_HTTP_GLINTO_HINT_SEGMENT_AT  16


static void ngx_http_glinto_hint_begin(ngx_http_glinto_hint_t *hint,
    const uint8_t *segment, uint32_t index, uint32_t offset);
static ngx_uint_t ngx_http_glinto_hint_follows(ngx_http_glinto_hint_t *hint,
    const uint8_t *segment, uint32_t index);
static size_t ngx_http_glinto_hint_run(const u_char *frames, size_t len,
    size_t room, uint32_t *count);
static void ngx_http_glinto_hint_flush(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_handler(ngx_event_t *ev);
static void ngx_http_glinto_hint_look(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_connect(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_hello(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_drops(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_hint_send(ngx_http_glinto_worker_t *gw,
    const u_char *packet, size_t len);
static void ngx_http_glinto_hint_lost(ngx_http_glinto_worker_t *gw,
    ngx_err_t err);
static u_char *ngx_http_glinto_hint_head(u_char *p, enum gl_hint_type type);
static u_char *ngx_http_glinto_hint_u32(u_char *p, uint32_t n);
static u_char *ngx_http_glinto_hint_u64(u_char *p, uint64_t n);


void
ngx_http_glinto_hint_init(ngx_http_glinto_worker_t *gw)
{
    gw->hint.fd = -1;
    gw->hint.event.handler = ngx_http_glinto_hint_handler;
    gw->hint.event.data = &gw->dummy;
    gw->hint.event.log = gw->log;
    gw->hint.event.cancelable = 1;

    ngx_http_glinto_hint_connect(gw);
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

        ngx_http_glinto_hint_send(gw, hint->packet, hint->len);
    }

    hint->len = 0;
    hint->count = 0;
}


/* a timer that outlives its packet finds the next one, or nothing */

static void
ngx_http_glinto_hint_handler(ngx_event_t *ev)
{
    ngx_connection_t  *c;

    c = ev->data;

    ngx_http_glinto_hint_connect(c->data);
    ngx_http_glinto_hint_flush(c->data);
}


/* tell of segments that the writer has let go of since the last call */

void
ngx_http_glinto_hint_sealed(ngx_http_glinto_worker_t *gw)
{
    u_char                  *p, packet[GL_HINT_SEALED_BYTES];
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;

    if (hint->sealed_n == gw->writer.sealed_n) {
        return;
    }

    hint->sealed_n = gw->writer.sealed_n;

    if (hint->fd == -1) {
        return;
    }

    ngx_http_glinto_hint_flush(gw);

    p = ngx_http_glinto_hint_head(packet, GL_HINT_SEALED);
    p = ngx_cpymem(p, gw->writer.sealed_id, GL_SEGMENT_ID_BYTES);

    ngx_http_glinto_hint_send(gw, packet, p - packet);
}


void
ngx_http_glinto_hint_tick(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_hint_look(gw);
    ngx_http_glinto_hint_drops(gw);
}


/* since when this worker knows of no aggregator, 0 = there is one */

time_t
ngx_http_glinto_hint_away(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_hint_look(gw);

    return gw->hint.away;
}


/* without events nothing is sent, and nothing else would tell of an end */

static void
ngx_http_glinto_hint_look(ngx_http_glinto_worker_t *gw)
{
    struct pollfd  peer;

    peer.fd = gw->hint.fd;
    peer.events = 0;

    if (peer.fd == -1 || poll(&peer, 1, 0) != 1) {
        return;
    }

    (void) close(gw->hint.fd);
    gw->hint.fd = -1;

    ngx_http_glinto_hint_lost(gw, 0);
}


void
ngx_http_glinto_hint_close(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_hint_flush(gw);
    ngx_http_glinto_hint_drops(gw);

    if (gw->hint.event.timer_set) {
        ngx_del_timer(&gw->hint.event);
    }

    if (gw->hint.fd != -1) {
        (void) close(gw->hint.fd);
        gw->hint.fd = -1;
    }
}


static void
ngx_http_glinto_hint_connect(ngx_http_glinto_worker_t *gw)
{
    int                      fd;
    ngx_err_t                err;
    struct sockaddr_un       sa;
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;

    if (hint->fd != -1) {
        return;
    }

    fd = socket(AF_UNIX, SOCK_SEQPACKET|SOCK_NONBLOCK|SOCK_CLOEXEC, 0);
    if (fd == -1) {
        ngx_http_glinto_hint_lost(gw, ngx_errno);
        return;
    }

    ngx_memzero(&sa, sizeof(struct sockaddr_un));
    sa.sun_family = AF_UNIX;
    (void) ngx_cpystrn((u_char *) sa.sun_path, gw->gmcf->socket.data,
                       sizeof(sa.sun_path));

    if (connect(fd, (struct sockaddr *) &sa, sizeof(struct sockaddr_un))
        == -1)
    {
        err = ngx_errno;
        (void) close(fd);
        ngx_http_glinto_hint_lost(gw, err);
        return;
    }

    hint->fd = fd;
    hint->drops = 0;
    hint->away = 0;

    if (hint->outage) {
        hint->outage = 0;
        ngx_log_error(NGX_LOG_NOTICE, gw->log, 0,
                      "glinto: connected to the aggregator at unix:%V",
                      &gw->gmcf->socket);
    }

    ngx_http_glinto_hint_hello(gw);
}


static void
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

    ngx_http_glinto_hint_send(gw, packet, GL_HINT_HELLO_BYTES);
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

    ngx_http_glinto_hint_send(gw, packet, p - packet);
}


static void
ngx_http_glinto_hint_send(ngx_http_glinto_worker_t *gw, const u_char *packet,
    size_t len)
{
    ngx_err_t  err;

    if (gw->hint.fd == -1
        || send(gw->hint.fd, packet, len, MSG_DONTWAIT|MSG_NOSIGNAL) != -1)
    {
        return;
    }

    err = ngx_errno;

    if (err == NGX_EAGAIN || err == NGX_EINTR || err == ENOBUFS) {

        /* the aggregator is slow: it will read the file */

        return;
    }

    (void) close(gw->hint.fd);
    gw->hint.fd = -1;

    ngx_http_glinto_hint_lost(gw, err);
}


/* told once in an outage, not at every attempt */

static void
ngx_http_glinto_hint_lost(ngx_http_glinto_worker_t *gw, ngx_err_t err)
{
    if (!gw->hint.event.timer_set) {
        ngx_add_timer(&gw->hint.event, NGX_HTTP_GLINTO_HINT_RETRY_MS);
    }

    if (gw->hint.away == 0) {
        gw->hint.away = ngx_time();
    }

    if (gw->hint.outage) {
        return;
    }

    gw->hint.outage = 1;

    ngx_log_error(NGX_LOG_NOTICE, gw->log, err,
                  "glinto: no aggregator at unix:%V, events wait in the spool",
                  &gw->gmcf->socket);
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
