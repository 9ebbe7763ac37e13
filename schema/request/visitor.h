/*
 * Who a visitor is taken to be: the bytes that are hashed, under the day's
 * salt, into a visitor id.  Hashing and salts are the caller's.  Pure.
 *
 *   site 0 domain 0 client address 0 User-Agent
 *
 * An address is its 16 bytes, so that one address is one visitor however it is
 * written and whichever way it came: IPv4 stands as ::ffff:a.b.c.d (RFC 4291,
 * 2.5.5.2), without port and zone.
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

#define GL_VISITOR_IP_BYTES 16

/* ADDRESS, four bytes of IPv4, as the sixteen that stand for it. */
struct gl_text gl_visitor_ipv4(const void *address,
                               uint8_t bytes[GL_VISITOR_IP_BYTES]);

/* The bytes of ADDRESS, which may have a port, brackets, a zone; what is no
 * address stays as it is written. */
struct gl_text gl_visitor_address(struct gl_text address,
                                  uint8_t bytes[GL_VISITOR_IP_BYTES]);

/* Which of its domains a visitor of EVENT's site and host is at; of a page
 * without a host it is the site. */
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
