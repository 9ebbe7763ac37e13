
/*
 * Copyright (C) Glinto contributors
 *
 * The socket of the hints: connected, lost, connected again.  Every error is
 * ignored except that a dead socket is closed; an outage and its end are said
 * in the log, at the level that nginx logs by default, since somebody has to
 * do something about it.
 *
 * The descriptor is raw, non-blocking and send-only, no ngx_connection_t: it
 * takes no slot of worker_connections and keeps no worker alive.
 */


#include "ngx_http_glinto_hint.h"
#include "ngx_http_glinto_module.h"
#include "ngx_http_glinto_worker.h"

#include <poll.h>
#include <sys/un.h>


/*
 * Without a connection: the next try.  An aggregator without work looks into
 * the spool once a second; a new one is told of events that soon.
 */

#define NGX_HTTP_GLINTO_LINK_RETRY_MS    250


static void ngx_http_glinto_link_look(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_link_back(ngx_http_glinto_worker_t *gw);
static void ngx_http_glinto_link_lost(ngx_http_glinto_worker_t *gw,
    ngx_err_t err);


void
ngx_http_glinto_link_tick(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_link_look(gw);
    ngx_http_glinto_link_back(gw);
}


time_t
ngx_http_glinto_link_away(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_link_look(gw);

    return gw->hint.away;
}


/* without events nothing is sent, and nothing else would tell of an end */

static void
ngx_http_glinto_link_look(ngx_http_glinto_worker_t *gw)
{
    struct pollfd  peer;

    peer.fd = gw->hint.fd;
    peer.events = 0;

    if (peer.fd == -1 || poll(&peer, 1, 0) != 1) {
        return;
    }

    (void) close(gw->hint.fd);
    gw->hint.fd = -1;

    ngx_http_glinto_link_lost(gw, 0);
}


/*
 * An outage is over when two ticks have seen the same connection: whoever
 * takes each one and hangs up, as an aggregator does that does not know the
 * worker's user, gets no line for each.
 */

static void
ngx_http_glinto_link_back(ngx_http_glinto_worker_t *gw)
{
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;

    if (!hint->outage || hint->fd == -1) {
        return;
    }

    if (!hint->seen) {
        hint->seen = 1;
        return;
    }

    hint->outage = 0;

    ngx_log_error(NGX_LOG_ERR, gw->log, 0,
                  "glinto: connected to the aggregator at unix:%V",
                  &gw->gmcf->socket);
}


ngx_uint_t
ngx_http_glinto_link_connect(ngx_http_glinto_worker_t *gw)
{
    int                      fd;
    ngx_err_t                err;
    struct sockaddr_un       sa;
    ngx_http_glinto_hint_t  *hint;

    hint = &gw->hint;

    if (hint->fd != -1) {
        return 0;
    }

    fd = socket(AF_UNIX, SOCK_SEQPACKET|SOCK_NONBLOCK|SOCK_CLOEXEC, 0);
    if (fd == -1) {
        ngx_http_glinto_link_lost(gw, ngx_errno);
        return 0;
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
        ngx_http_glinto_link_lost(gw, err);
        return 0;
    }

    hint->fd = fd;
    hint->drops = 0;
    hint->away = 0;
    hint->seen = 0;

    return 1;
}


void
ngx_http_glinto_link_send(ngx_http_glinto_worker_t *gw, const u_char *packet,
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

    ngx_http_glinto_link_lost(gw, err);
}


/* told once in an outage, not at every attempt */

static void
ngx_http_glinto_link_lost(ngx_http_glinto_worker_t *gw, ngx_err_t err)
{
    if (!gw->hint.event.timer_set) {
        ngx_add_timer(&gw->hint.event, NGX_HTTP_GLINTO_LINK_RETRY_MS);
    }

    if (gw->hint.away == 0) {
        gw->hint.away = ngx_time();
    }

    if (gw->hint.outage) {
        return;
    }

    gw->hint.outage = 1;

    ngx_log_error(NGX_LOG_ERR, gw->log, err,
                  "glinto: no aggregator at unix:%V, events wait in the spool",
                  &gw->gmcf->socket);
}


void
ngx_http_glinto_link_close(ngx_http_glinto_worker_t *gw)
{
    if (gw->hint.event.timer_set) {
        ngx_del_timer(&gw->hint.event);
    }

    if (gw->hint.fd != -1) {
        (void) close(gw->hint.fd);
        gw->hint.fd = -1;
    }
}
