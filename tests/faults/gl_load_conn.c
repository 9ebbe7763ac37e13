/* Connections of gl-load, and what an answer means. */

#define _GNU_SOURCE

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gl_load.h"

int64_t
load_now_us(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000000LL + ts.tv_nsec / 1000;
}

static void
finish(struct load *load, struct conn *conn, char outcome)
{
    int64_t took_us = load_now_us() - conn->due_us;

    load->attempts[conn->number].outcome = outcome;
    load->attempts[conn->number].latency_us = (uint32_t) took_us;
    conn->busy = 0;
    load->under_way--;
}

static int
on_complete(http_parser *parser)
{
    struct conn *conn = parser->data;
    unsigned status = parser->status_code;

    if (!conn->busy)
        return 1; /* an answer nobody asked for */
    finish(conn->load, conn,
           status >= 200 && status < 300 ? '2'
           : status == 503               ? '5'
                                         : '4');
    conn->must_close = !http_should_keep_alive(parser);
    return 0;
}

int
load_open(struct load *load)
{
    http_parser_settings_init(&load->hooks);
    load->hooks.on_message_complete = on_complete;
    load->epoll = epoll_create1(EPOLL_CLOEXEC);
    load->conns = calloc(load->conns_n, sizeof *load->conns);
    load->attempts = calloc(load->requests, sizeof *load->attempts);
    load->people = calloc(load->visitors, sizeof *load->people);
    if (load->epoll == -1 || load->conns == NULL || load->attempts == NULL ||
        load->people == NULL)
        return -1;
    for (uint32_t i = 0; i < load->conns_n; i++) {
        load->conns[i].fd = -1;
        load->conns[i].load = load;
    }
    return 0;
}

void
load_close(struct load *load)
{
    free(load->conns);
    free(load->attempts);
    free(load->people);
    close(load->epoll);
}

int
load_conn_open(struct load *load, struct conn *conn, int64_t now_us)
{
    struct sockaddr_in to = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t) load->port),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct epoll_event event = {.events = EPOLLIN | EPOLLOUT | EPOLLET,
                                .data.ptr = conn};
    int one = 1;

    if (now_us < conn->retry_us) {
        load->waiting = 1;
        return 0;
    }
    conn->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (conn->fd == -1)
        return 0;
    if (connect(conn->fd, (struct sockaddr *) &to, sizeof to) == -1 ||
        setsockopt(conn->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one) ==
            -1 ||
        epoll_ctl(load->epoll, EPOLL_CTL_ADD, conn->fd, &event) == -1) {
        close(conn->fd);
        conn->fd = -1;
        conn->retry_us = now_us + LOAD_RETRY_US;
        load->waiting = 1;
        return 0;
    }
    http_parser_init(&conn->parser, HTTP_RESPONSE);
    conn->parser.data = conn;
    conn->must_close = 0;
    load->waiting = 0;
    return 1;
}

void
load_conn_lost(struct load *load, struct conn *conn)
{
    close(conn->fd);
    conn->fd = -1;
    if (conn->busy)
        finish(load, conn, conn->touched ? 'u' : '-');
}
