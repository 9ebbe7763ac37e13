/*
 * Promise: the registrable domain of a host is what the public suffix list
 * says, whoever was asked for before: hosts that share a slot, that are a
 * beginning of another, that are longer than what is remembered.
 */

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpsl.h>

#include "enrich/domains.h"
#include "tap.h"

#define HOSTS 3000
#define ASKED 20000

static char hosts[HOSTS][128];
static uint64_t seed = 7;

static uint32_t
below(uint32_t n)
{
    seed = seed * UINT64_C(6364136223846793005) + 1442695040888963407;
    return (uint32_t) (seed >> 33) % n;
}

static void
make_hosts(void)
{
    static const char *const ends[] = {
        "com",  "co.uk",       "github.io", "example", "1.2.3.4",
        "net.", "kawasaki.jp", "x",         "",        "de"};

    for (int i = 0; i < HOSTS; i++) {
        size_t len = 0;

        for (uint32_t labels = below(4); labels > 0; labels--) {
            for (uint32_t n = 1 + below(30); n > 0; n--)
                hosts[i][len++] = (char) ('a' + (int) below(3));
            hosts[i][len++] = '.';
        }
        strcpy(hosts[i] + len, ends[below(sizeof ends / sizeof ends[0])]);
    }
}

static const char *
asked_plainly(const char *host)
{
    const char *dot = strrchr(host, '.'), *domain;

    if (dot == NULL || (dot[1] >= '0' && dot[1] <= '9'))
        return host;
    domain = psl_registrable_domain(psl_builtin(), host);
    return domain != NULL ? domain : host;
}

int
main(void)
{
    struct gl_domains *domains = calloc(1, sizeof *domains);
    int wrong = 0;

    make_hosts();
    for (int i = 0; i < ASKED; i++) {
        /* a few come again and again, as referrers do */
        const char *host = hosts[below(below(2) != 0 ? 20 : HOSTS)];

        wrong += gl_domains_find_(domains, host) != asked_plainly(host);
    }
    tap_int(wrong, 0, "%d times one of %d hosts", ASKED, HOSTS);
    tap_str(gl_domains_find_(domains, "a.b.co.uk"), "b.co.uk", "a domain");
    free(domains);
    return tap_done();
}
