/*
 * What a request's headers tell: evidence for the aggregator, and what can be
 * seen at once to be no view of a person.  Pure.
 */

#ifndef GL_REQUEST_HEADERS_H
#define GL_REQUEST_HEADERS_H

#include "event.h"
#include "request/hints.h"

#pragma GCC visibility push(hidden)

/* Zeroed before the first header. */
struct gl_headers {
    uint64_t evidence;       /* enum gl_evidence; HTTP2 is the caller's */
    struct gl_text language; /* first tag of Accept-Language */
    /* bytes: bits are read several at once, which waits for each written */
    uint8_t post; /* the caller's */
    uint8_t prefetch;
    uint8_t upgrade; /* Upgrade-Insecure-Requests */
    uint8_t referer;
    uint8_t connection;
    uint8_t dest;      /* enum gl_dest */
    uint8_t site_none; /* Sec-Fetch-Site: none */
    uint8_t site_same; /* Sec-Fetch-Site: same-origin, same-site */
    uint8_t gpc;       /* Sec-GPC: 1 */
    uint8_t dnt;       /* DNT: 1 */
    uint8_t twice;     /* more than one of the next two */
    struct gl_text signature, signature_input; /* RFC 9421 */
    struct gl_hints hints;
};

/* Sec-Fetch-Dest: what for. */
enum gl_dest {
    GL_DEST_UNSAID = 0,
    GL_DEST_EMPTY,
    GL_DEST_DOCUMENT,
    GL_DEST_STYLE,
    GL_DEST_IMAGE,
    GL_DEST_OTHER
};

enum gl_headers_of { GL_OF_PERSON = 0, GL_OF_PREFETCH, GL_OF_BOT };

/* One header more; NAME is in lower case. */
void gl_headers_add(struct gl_headers *seen, const struct gl_text *name,
                    const struct gl_text *value);

/* Whose request these headers, all of them, and AGENT are.  A POST is never a
 * prefetch: a script sent it, of a page that was prepared and is shown by now
 * (its requests go on saying that it was), or it would have waited. */
enum gl_headers_of gl_headers_judge(const struct gl_headers *seen,
                                    struct gl_text agent);

/* The first tag of an Accept-Language: "de-AT,de;q=0.5" is de-AT.  Of one that
 * is too long for the field, enough to tell; codes.h says what is one. */
struct gl_text gl_headers_language(struct gl_text value);

/* The beginning of a User-Agent: it tells the browser, is hashed into the
 * visitor, and never stored.  The one text that is cut: those of real browsers
 * are shorter. */
struct gl_text gl_headers_agent(struct gl_text value);

#pragma GCC visibility pop

#endif
