/*
 * gl-load: a load of tracking requests that remembers how each one ended.
 *
 * Each attempt has a number, and (with --nonce) a path of its own, so that a
 * checker can look for it in the databases.  Nothing is ever sent again.  One
 * thread, epoll, keep-alive, one request under way a connection.  Bounded by
 * --requests and --seconds, whichever comes first, or a TERM;
 * loopback only.
 *
 * An attempt ends as  2 answered 2xx   5 answered 503   4 any other answer
 *                     u unknown: sent, connection lost before an answer
 *                     - never sent (nobody listened, or time was up)
 */

#define _GNU_SOURCE

#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "gl_load.h"

static volatile sig_atomic_t stopped; /* TERM: as if time were up */

static void
on_term(int number)
{
    (void) number;
    stopped = 1;
}

static void
try_send(struct load *load, struct conn *conn)
{
    ssize_t n =
        send(conn->fd, conn->out + conn->out_sent,
             conn->out_len - conn->out_sent, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (n == -1 && errno != EAGAIN && errno != ENOTCONN) {
        load_conn_lost(load, conn);
        return;
    }
    if (n > 0) {
        conn->out_sent += (size_t) n;
        conn->touched = 1;
    }
}

void
load_start_request(struct load *load, struct conn *conn, int64_t due_us)
{
    uint32_t number = load->next++;

    conn->number = number;
    conn->busy = 1;
    load->under_way++;
    conn->touched = 0;
    conn->due_us = due_us;
    load_choose(load, conn, number);
    conn->out_len = load_request(load, number, conn->out, sizeof conn->out);
    conn->out_sent = 0;
    try_send(load, conn);
}

/* All there is: epoll tells of it once.  0 = the connection is of no use. */
static int
read_all(struct load *load, struct conn *conn)
{
    char buf[16384];
    ssize_t n;

    while ((n = recv(conn->fd, buf, sizeof buf, MSG_DONTWAIT)) > 0)
        if (http_parser_execute(&conn->parser, &load->hooks, buf,
                                (size_t) n) != (size_t) n)
            return 0;
    return n == -1 && errno == EAGAIN && !conn->must_close;
}

static void
readable(struct load *load, struct conn *conn)
{
    if (!read_all(load, conn))
        load_conn_lost(load, conn);
}

/* Hand out what is due: at once (closed loop) or by the clock (open loop),
 * round the connections, so that all of them are used. */
static void
hand_out(struct load *load, int64_t now_us)
{
    uint32_t first = load->next % load->conns_n;

    for (uint32_t i = 0; i < load->conns_n && load->next < load->requests;
         i++) {
        struct conn *conn = &load->conns[(first + i) % load->conns_n];
        int64_t due_us = now_us;

        if (conn->fd == -1 && !load_conn_open(load, conn, now_us))
            continue;
        if (conn->busy)
            continue;
        if (load->rate > 0) {
            due_us = load->start_us + (int64_t) ((double) load->next * 1e6 /
                                                 (double) load->rate);
            if (due_us > now_us)
                return;
        }
        load_start_request(load, conn, due_us);
    }
}

/* How long nothing will be due: to the microsecond, since a spin takes a
 * processor from those under test; only where times are measured it has one.
 */
static int64_t
wait_us(const struct load *load, int64_t now_us)
{
    int64_t due_us;

    if (load->waiting)
        return 1000;
    if (load->spin)
        return 0;
    if (load->rate == 0 || load->next >= load->requests)
        return 100000;
    due_us = load->start_us +
             (int64_t) ((double) load->next * 1e6 / (double) load->rate);
    return due_us > now_us ? due_us - now_us : 1000; /* all are busy */
}

static void
run(struct load *load)
{
    struct epoll_event events[256];
    int64_t now_us = load_now_us();

    load->start_us = now_us;
    while (!stopped && now_us < load->start_us + load->seconds * 1000000LL) {
        hand_out(load, now_us);
        if (load->next >= load->requests && load->under_way == 0)
            break;

        int64_t us = wait_us(load, load_now_us());
        struct timespec wait = {us / 1000000, us % 1000000 * 1000};
        int n = epoll_pwait2(load->epoll, events, 256, &wait, NULL);

        for (int i = 0; i < n; i++) {
            struct conn *conn = events[i].data.ptr;

            if (conn->fd != -1 && events[i].events & EPOLLOUT && conn->busy &&
                conn->out_sent < conn->out_len)
                try_send(load, conn);
            if (conn->fd != -1 &&
                events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR))
                readable(load, conn);
        }
        now_us = load_now_us();
    }
    load->end_us = now_us;
}

__attribute__((noreturn)) static void
usage(int status)
{
    fputs(
        "usage: gl-load --port N [options]\n"
        "  --kind KIND          what is sent: pixel, event, or visits (see\n"
        "                       gl_load_visits.c); or --path P for a plain\n"
        "                       GET of P (with the site behind it, when it\n"
        "                       ends with /), --post P for the event body,\n"
        "                       or for TEXT with --body TEXT\n"
        "  --token TOKEN        with Authorization: Bearer TOKEN\n"
        "  --requests N         attempts at most (10000)\n"
        "  --seconds N          time at most (60)\n"
        "  --rate N             attempts a second, open loop (0 = closed)\n"
        "  --connections N      (32, at most 1024)\n"
        "  --visitors N         addresses in X-Forwarded-For (1000)\n"
        "  --site NAME          (demo.example); with --sites N the sites are\n"
        "                       s0.NAME, s1.NAME ...\n"
        "  --nonce PREFIX       a path of its own for each attempt:\n"
        "                       /n/PREFIX-<number>\n"
        "  --spin 1             never sleep: replies are timed without the\n"
        "                       time it takes to wake up\n"
        "  --made-up 1          a User-Agent of its own for each attempt\n"
        "  --document 1         as a browser asks for a page\n"
        "  --keep 1             a visitor for each connection\n"
        "  --agent TEXT         made of that one\n"
        "  --log FILE           '<number> <outcome> <visitor> <page> <act>\n"
        "                       <answered>' a line; the last in microseconds\n"
        "                       of the monotonic clock, 0 without --rate\n",
        status == 0 ? stdout : stderr);
    exit(status);
}

/* An option is a number, a text, or one of the three that say what is sent. */
static int
set_number(struct load *load, const char *name, const char *value)
{
    struct {
        const char *name;
        uint32_t *field;
    } const numbers[] = {{"port", &load->port},
                         {"requests", &load->requests},
                         {"seconds", &load->seconds},
                         {"rate", &load->rate},
                         {"connections", &load->conns_n},
                         {"visitors", &load->visitors},
                         {"sites", &load->sites},
                         {"spin", &load->spin},
                         {"made-up", &load->made_up},
                         {"document", &load->document},
                         {"keep", &load->keep}};

    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(name, numbers[i].name) == 0) {
            *numbers[i].field = (uint32_t) strtoul(value, NULL, 10);
            return 1;
        }
    }
    return 0;
}

static void
set_text(struct load *load, const char *name, const char *value)
{
    if (strcmp(name, "site") == 0) {
        load->site = value;
    } else if (strcmp(name, "nonce") == 0) {
        load->nonce = value;
    } else if (strcmp(name, "log") == 0) {
        load->log = value;
    } else if (strcmp(name, "agent") == 0) {
        load->agent = value;
    } else if (strcmp(name, "body") == 0) {
        load->body = value;
    } else if (strcmp(name, "token") == 0) {
        load->token = value;
    } else if (strcmp(name, "kind") != 0) { /* path, post */
        load->kind = name[1] == 'a' ? LOAD_GET : LOAD_EVENT;
        load->path = value;
    } else if (strcmp(value, "pixel") == 0) {
        load->kind = LOAD_PIXEL;
    } else if (strcmp(value, "event") == 0) {
        load->kind = LOAD_EVENT;
    } else if (strcmp(value, "visits") == 0) {
        load->kind = LOAD_VISITS;
    } else {
        usage(2);
    }
}

static void
options(struct load *load, int argc, char **argv)
{
    static const struct option longs[] = {
        {"port", 1, NULL, 0},     {"kind", 1, NULL, 0},
        {"path", 1, NULL, 0},     {"post", 1, NULL, 0},
        {"requests", 1, NULL, 0}, {"seconds", 1, NULL, 0},
        {"rate", 1, NULL, 0},     {"connections", 1, NULL, 0},
        {"visitors", 1, NULL, 0}, {"site", 1, NULL, 0},
        {"sites", 1, NULL, 0},    {"nonce", 1, NULL, 0},
        {"log", 1, NULL, 0},      {"spin", 1, NULL, 0},
        {"made-up", 1, NULL, 0},  {"document", 1, NULL, 0},
        {"agent", 1, NULL, 0},    {"body", 1, NULL, 0},
        {"token", 1, NULL, 0},    {"keep", 1, NULL, 0},
        {"help", 0, NULL, 'h'},   {NULL, 0, NULL, 0}};
    int c, at;

    while ((c = getopt_long(argc, argv, "h", longs, &at)) != -1) {
        if (c != 0)
            usage(c == 'h' ? 0 : 2);
        if (!set_number(load, longs[at].name, optarg))
            set_text(load, longs[at].name, optarg);
    }
    if (load->port == 0 || load->port > UINT16_MAX || load->conns_n == 0 ||
        load->conns_n > LOAD_CONNS_MAX || load->visitors == 0 ||
        load->requests == 0 || load->requests > LOAD_REQUESTS_MAX)
        usage(2);
}

int
main(int argc, char **argv)
{
    struct load load = {.kind = LOAD_PIXEL,
                        .path = "/api/event",
                        .requests = 10000,
                        .seconds = 60,
                        .conns_n = 32,
                        .visitors = 1000,
                        .site = "demo.example"};

    options(&load, argc, argv);
    signal(SIGTERM, on_term);
    if (load_open(&load) == -1) {
        perror("gl-load");
        return 1;
    }
    run(&load);

    int failed = load_report(&load);

    load_close(&load);
    return failed == 0 ? 0 : 1;
}
