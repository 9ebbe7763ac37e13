/*
 * Who a visitor is taken to be: the bytes that are hashed, under the day's
 * salt, into a visitor id.  Hashing and salts are the caller's.  Pure.
 *
 *   site 0 domain 0 client address 0 User-Agent
 *
 * The domain keeps people apart who visit two domains of one site.  It is the
 * site itself for every host that shares the site's registrable domain, so
 * that nearly all requests need no look-up in the public suffix list.
 */

#ifndef GL_REQUEST_VISITOR_H
#define GL_REQUEST_VISITOR_H

#include "event.h"
#include "request/longest.h"

#pragma GCC visibility push(hidden)

/* Longer ones are no addresses; cut all the same. */
#define GL_VISITOR_ADDRESS_MAX 128

#define GL_VISITOR_BYTES_MAX                                                  \
    (GL_LONGEST_site + 1 + GL_LONGEST_host + 1 + GL_VISITOR_ADDRESS_MAX + 1 + \
     GL_LONGEST_agent)

/* The public suffix list: the domain that somebody registered at the end of
 * HOST, or NULL.  FROM may be NULL. */
struct gl_suffixes {
    const char *(*registrable)(const void *from, const char *host);
    const void *from;
};

/* ADDRESS without port and brackets; IPv6 as it is written. */
struct gl_text gl_visitor_address(struct gl_text address);

/* Which of its domains a visitor of EVENT's site and host is at. */
struct gl_text gl_visitor_domain(const struct gl_event *event,
                                 struct gl_suffixes suffixes);

/* The bytes to be hashed; returns how many. */
size_t gl_visitor_bytes(char bytes[GL_VISITOR_BYTES_MAX],
                        const struct gl_event *event, struct gl_text domain,
                        struct gl_text address);

/* HASH as a live visitor's id: 63 bits, never 0, which would mean nobody. */
static inline uint64_t
gl_visitor_id(uint64_t hash)
{
    uint64_t id = hash & GL_VISITOR_MASK;

    return id != 0 ? id : 1;
}

#pragma GCC visibility pop

#endif
