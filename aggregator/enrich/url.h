/*
 * The host and the path of a referrer, as far as "where from" needs them.
 * Not a URL parser: no query, no port, no user, no decoding, nothing is
 * resolved.  Pure.
 */

#ifndef GL_ENRICH_URL_H
#define GL_ENRICH_URL_H

#include "event.h"
#include "request/longest.h"

struct gl_url {
    char host[GL_LONGEST_host + 1]; /* lower case, no www. */
    int app;                        /* host is the name of an Android app */
    struct gl_text path;            /* into the text; may be empty */
};

/*
 * Split TEXT.  0, or -1: not http, https or android-app, no host, or a host
 * with bytes that no host has.  Names beyond ASCII come from browsers in
 * their ASCII form, so others are refused; so are IPv6 addresses.
 */
int gl_url_split_(struct gl_url *url, struct gl_text text);

#endif
