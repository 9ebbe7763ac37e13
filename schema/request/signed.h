/*
 * A request that is signed (RFC 9421, HTTP Message Signatures): what the
 * signature is of, put together from the request, and what its parameters say.
 * Nobody verifies anything here: no key, no clock.  Pure.
 *
 * Read are components of a request that a page's GET has: @method, @scheme,
 * @authority, @path, @query, @target-uri, @request-target, and some headers,
 * whole or, with ";key", one member of a dictionary: none that may have an
 * address or a secret.
 */

#ifndef GL_REQUEST_SIGNED_H
#define GL_REQUEST_SIGNED_H

#include "event.h"

#pragma GCC visibility push(hidden)

#define GL_SIGNED_BYTES_MAX 2048 /* of a base: GL_FIELD(38) */
#define GL_SIGNED_COMPONENTS_MAX 16

/* The tag of draft-meunier-web-bot-auth-architecture. */
#define GL_SIGNED_TAG "web-bot-auth"

/* On the wire: the numbers stay. */
enum gl_signed {
    GL_SIGNED_NOT = 0,
    GL_SIGNED_BASE,        /* there is one, with its signature */
    GL_SIGNED_MALFORMED,   /* no structured field, no such signature */
    GL_SIGNED_OTHER_TAG,   /* it is for something else */
    GL_SIGNED_UNSUPPORTED, /* a component that is not read here */
    GL_SIGNED_UNBOUND,     /* it would be good for any host */
    GL_SIGNED_TOO_LONG
};

struct gl_signed_request {
    struct gl_text method;      /* "GET" */
    struct gl_text scheme;      /* "https" */
    struct gl_text host;        /* as the Host header has it */
    struct gl_text target;      /* "/path?query", as it was asked for */
    struct gl_text input, made; /* Signature-Input, Signature */
    /* Values of the header NAME, in small letters, in order: the Nth into
     * VALUE: 1, or 0: there are no more. */
    int (*header)(const void *from, struct gl_text name, unsigned n,
                  struct gl_text *value);
    const void *from;
};

/*
 * The base of the first signature of REQUEST that has the TAG (an empty one:
 * of the first), in BYTES; SIGNATURE is in base64, at most 88 letters.
 */
enum gl_signed gl_signed_read(const struct gl_signed_request *request,
                              struct gl_text tag,
                              char bytes[GL_SIGNED_BYTES_MAX],
                              struct gl_text *base, struct gl_text *signature);

/* What the last line of a base says; texts empty, times -1: nothing. */
struct gl_signed_params {
    struct gl_text keyid, alg, tag;
    int64_t created, expires; /* seconds since 1970 */
};

/* 0, or -1: BASE is none. */
int gl_signed_params(struct gl_text base, struct gl_signed_params *params);

#pragma GCC visibility pop

#endif
