/*
 * Names of hosts and sites in their one form, which every door gives them:
 * ASCII (IDNA, UTS 46 without its transition), A-Z in lower case, without
 * port, dot at the end and one "www." in front; addresses without brackets,
 * IPv6 as RFC 5952 writes it.
 *
 *   BÜCHER.example:8443   xn--bcher-kva.example
 *   www.f.test.           f.test
 *
 * Pure.  libidn2 is asked only for names that are not ASCII: it takes memory
 * of its own for the call (bounded, as the name is), has no state, no locale.
 */

#ifndef GL_REQUEST_HOST_H
#define GL_REQUEST_HOST_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/* The host of a page whose address has none; no name has a bracket. */
#define GL_HOST_NONE "(none)"

/* Bytes, as it comes without port: the longest name with "www." and a dot.
 * Bounds what libidn2 does, at worst some 30 us. */
#define GL_HOST_TYPED_MAX (253 + 4 + 1)

/* What gl_host_read() takes beyond some times the length of its text. */
#define GL_HOST_MEMORY 256

/*
 * The one form of the host or site that TEXT names, with or without white
 * space around it; escapes are decoded as in a path.  Empty when it names
 * none.  Takes at most five times its length and GL_HOST_MEMORY.  0, or -1: no
 * memory.
 */
int gl_host_read(struct gl_memory memory, struct gl_text text,
                 struct gl_text *host);

/* 1: TEXT is the host NAME, which has its one form, but for a "www.": it need
 * not be read. */
int gl_host_is(struct gl_text text, struct gl_text name);

/* 1: HOST is DOMAIN, or a name under it. */
int gl_host_is_under(struct gl_text host, struct gl_text domain);

#pragma GCC visibility pop

#endif
