/*
 * The host and the path of a referrer, as far as "where from" needs them: no
 * query, no port, no user, no decoding, nothing is resolved.  Pure.
 */

#ifndef GL_ENRICH_URL_H
#define GL_ENRICH_URL_H

#include "event.h"
#include "request/longest.h"

struct gl_url {
    char host[GL_LONGEST_host + 1]; /* request/host.h */
    int app;                        /* host is the name of an Android app */
    struct gl_text path;            /* into the text; may be empty */
};

/*
 * Split TEXT.  0, or -1: not http, https or android-app, or no host.
 */
int gl_url_split_(struct gl_url *url, struct gl_text text);

#endif
