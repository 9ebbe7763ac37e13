/*
 * Names of hosts and sites as they are stored: the one "www." rule.  Pure.
 */

#ifndef GL_REQUEST_HOST_H
#define GL_REQUEST_HOST_H

#include "event.h"
#include "request/memory.h"

#pragma GCC visibility push(hidden)

/* The host of a page whose address has none; no name has a bracket. */
#define GL_HOST_NONE "(none)"

/* HOST without one leading "www.", in any case; it may be empty then. */
static inline struct gl_text
gl_host_bare(struct gl_text host)
{
    const char *at = host.data;

    if (host.len >= 4 && (at[0] | 0x20) == 'w' && (at[1] | 0x20) == 'w' &&
        (at[2] | 0x20) == 'w' && at[3] == '.') {
        host.data += 4;
        host.len -= 4;
    }
    return host;
}

/*
 * A host or site name as it is stored: white space around it and one leading
 * "www." removed, A-Z lower case, escapes decoded as in a path.  May be empty.
 * Takes at most five times its length.  0, or -1: no memory.
 */
int gl_host_read(struct gl_memory memory, struct gl_text text,
                 struct gl_text *host);

/* 1: HOST is DOMAIN, or a name under it. */
int gl_host_is_under(struct gl_text host, struct gl_text domain);

#pragma GCC visibility pop

#endif
