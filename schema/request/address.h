/*
 * An address taken apart (RFC 3986, appendix B; each part may be empty), as
 * pages and referrers have it.  Nothing is decoded.  Pure: one pass, no
 * memory.
 *
 *   https://eve@www.shop.example:8443/a?b=c#top
 *   scheme      ^^^^^^^^^^^^^^^^^^^^^ ^^ ^^^ ^^^
 *               user, host, port    path query fragment
 */

#ifndef GL_REQUEST_ADDRESS_H
#define GL_REQUEST_ADDRESS_H

#include "event.h"

#pragma GCC visibility push(hidden)

struct gl_address {
    struct gl_text whole;  /* without the blanks that browsers trim */
    struct gl_text scheme; /* without its colon */
    struct gl_text host;   /* without user; with brackets and port */
    struct gl_text path, query, fragment;
};

struct gl_address gl_address_split(struct gl_text text);

#pragma GCC visibility pop

#endif
