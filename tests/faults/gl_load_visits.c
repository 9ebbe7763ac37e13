/*
 * Who makes the next attempt, and what it is.
 *
 * --kind visits: visitors that look at pages, read, click and come back to a
 * page, each by a script of its own.  A visitor keeps to one connection, so
 * that its events come in order as a browser's do; its page views are pixels
 * with a path of their own each (given --nonce), and what it does on the page
 * goes to /api/event with that path.  Some only look once, some click without
 * a page view, some only engage.
 *
 * All other kinds: page views, attempt i by visitor i % visitors, or by the
 * one of its connection.
 */

#include "gl_load.h"

/* Gone through again and again. */
static const char *const scripts[] = {
    "vgggggggg", /* bounces */
    "ggggggggg", /* an engagement without a visit */
    "ppppppppp", /* a visit without a page */
    "vpgpgpgpg", /* a bounce all the same */
    "vgvergvpg", "vvrrgevgv", "evgrvgver", "vrgvvgege",
};
#define SCRIPTS (sizeof(scripts) / sizeof(scripts[0]))
#define SCRIPT_LEN 9

/* Visitors are dealt to the connections; with fewer of them some share. */
static uint32_t
visitor_of(const struct load *load, const struct conn *conn)
{
    uint32_t index = (uint32_t) (conn - load->conns) % load->visitors;
    uint32_t mine =
        (load->visitors - index + load->conns_n - 1) / load->conns_n;

    return index + load->conns_n * (conn->turn % mine);
}

void
load_choose(struct load *load, struct conn *conn, uint32_t number)
{
    struct attempt *attempt = &load->attempts[number];

    attempt->page = number;
    attempt->act = LOAD_VIEW;
    attempt->visitor = number % load->visitors;
    if (load->keep)
        attempt->visitor = (uint32_t) (conn - load->conns) % load->visitors;
    if (load->kind != LOAD_VISITS)
        return;

    attempt->visitor = visitor_of(load, conn);
    conn->turn++;

    struct visitor *visitor = &load->people[attempt->visitor];

    attempt->act =
        scripts[attempt->visitor % SCRIPTS][visitor->step % SCRIPT_LEN];
    if (attempt->act == LOAD_VIEW || visitor->step == 0)
        visitor->page = number;
    attempt->page = visitor->page;
    visitor->step++;
}
