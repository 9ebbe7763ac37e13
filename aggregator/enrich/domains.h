/*
 * The registrable domain of a host, by the public suffix list, which takes
 * some 2 us to ask: hosts asked for lately are remembered.
 */

#ifndef GL_ENRICH_DOMAINS_H
#define GL_ENRICH_DOMAINS_H

#include <stdint.h>

/* A referrer's host is mostly one of a few: 16 KiB. */
#define GL_DOMAINS_SLOTS 256
#define GL_DOMAINS_HOST 62 /* bytes; a longer one is asked for each time */

struct gl_domains {
    struct {
        uint8_t at; /* where in the host its domain begins */
        char host[GL_DOMAINS_HOST + 1];
    } slots[GL_DOMAINS_SLOTS]; /* host "" = free */
};

/* The domain that somebody registered at the end of HOST, into which it
 * points; all of it when there is none (an address, one label, a suffix). */
const char *gl_domains_find_(struct gl_domains *domains, const char *host);

#endif
