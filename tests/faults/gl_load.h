/* What the files of gl-load share; see gl_load.c. */

#ifndef GL_LOAD_H
#define GL_LOAD_H

#include <http_parser.h>
#include <stddef.h>
#include <stdint.h>

#define LOAD_CONNS_MAX 1024
#define LOAD_REQUESTS_MAX 10000000 /* 16 bytes each, once it is sent */
#define LOAD_REQUEST_BYTES 2048
#define LOAD_RETRY_US 5000 /* nobody listens: the next try to connect */

enum load_kind { LOAD_PIXEL, LOAD_EVENT, LOAD_GET, LOAD_VISITS };

/* One letter each: the log has them, and visitors' scripts are made
 * of them. */
enum load_act {
    LOAD_VIEW = 'v',
    LOAD_REFRESH = 'r',
    LOAD_CUSTOM = 'e',
    LOAD_PASSIVE = 'p', /* a custom event that ends no bounce */
    LOAD_ENGAGE = 'g'
};

struct attempt {
    uint32_t visitor;
    uint32_t page;       /* the attempt whose number its path bears */
    uint32_t latency_us; /* from when it was due */
    char act, outcome;
};

/* Of LOAD_VISITS: where a visitor is in its script, and on which page. */
struct visitor {
    uint32_t step, page;
};

struct conn {
    int fd; /* -1 = closed */
    int busy, touched, must_close;
    uint32_t number;
    uint32_t turn; /* requests so far */
    int64_t due_us, retry_us;
    size_t out_len, out_sent;
    http_parser parser;
    struct load *load;
    char out[LOAD_REQUEST_BYTES];
};

struct load {
    enum load_kind kind;
    const char *path, *site, *nonce, *log;
    const char *agent; /* the User-Agent of all, or NULL */
    const char *body;  /* of a POST, or NULL: an event */
    const char *token; /* of a server that sends, or NULL */
    uint32_t port, requests, seconds, rate, conns_n, visitors, sites, spin;
    uint32_t document; /* 1: as a browser asks for a page, not for an image */
    uint32_t keep;     /* 1: a visitor keeps to its connection, one each */
    uint32_t made_up;  /* 1: every attempt has a User-Agent of its own */

    struct conn *conns;
    http_parser_settings hooks;
    int epoll;
    uint32_t next, under_way;
    int waiting; /* a connection waits for its next try */
    int64_t start_us, end_us;
    struct attempt *attempts;
    struct visitor *people;
};

int64_t load_now_us(void);
int load_open(struct load *load); /* -1: errno */
void load_close(struct load *load);

/* A connection to the port; 0 when it has to wait. */
int load_conn_open(struct load *load, struct conn *conn, int64_t now_us);
/* The connection is gone; what was under way is unknown or was never sent. */
void load_conn_lost(struct load *load, struct conn *conn);

void load_start_request(struct load *load, struct conn *conn, int64_t due_us);

/* Who makes the next attempt on CONN and what it
 * is: load->attempts[NUMBER]. */
void load_choose(struct load *load, struct conn *conn, uint32_t number);

/* The request of attempt NUMBER, browser headers and all; its length. */
size_t load_request(const struct load *load, uint32_t number, char *buf,
                    size_t size);

/* One JSON object on standard output, and the log; -1 when it cannot. */
int load_report(struct load *load);

#endif
