/* Who a visitor is taken to be; see visitor.h. */

#include "request/visitor.h"

#include <arpa/inet.h>
#include <string.h>

#include "gl_assert.h"
#include "opaque.h"
#include "request/host.h"

struct gl_text
gl_visitor_ipv4(const void *address, uint8_t bytes[GL_VISITOR_IP_BYTES])
{
    memset(bytes, 0, 10);
    memset(bytes + 10, 0xff, 2);
    memcpy(bytes + 12, address, 4);
    return (struct gl_text){(const char *) bytes, GL_VISITOR_IP_BYTES};
}

/* TEXT up to C, which is not in it twice when ONCE is set. */
static struct gl_text
up_to(struct gl_text text, int c, int once)
{
    const char *at = text.len > 0 ? memchr(text.data, c, text.len) : NULL;

    if (at == NULL)
        return text;
    uint32_t len = (uint32_t) (at - text.data);
    if (once && memchr(at + 1, c, text.len - len - 1) != NULL)
        return text;
    text.len = len;
    return text;
}

static struct gl_text
strip(struct gl_text address)
{
    if (address.len == 0 || address.data[0] != '[')
        return up_to(up_to(address, ':', 1), '%', 0);
    address.data++;
    address.len--;
    return up_to(up_to(address, ']', 0), '%', 0);
}

struct gl_text
gl_visitor_address(struct gl_text address, uint8_t bytes[GL_VISITOR_IP_BYTES])
{
    struct gl_text bare = strip(address),
                   whole = {(const char *) bytes, GL_VISITOR_IP_BYTES};
    char text[INET6_ADDRSTRLEN];
    struct in_addr four;

    if (bare.len == 0 || bare.len >= sizeof text)
        return address;
    memcpy(text, bare.data, bare.len);
    text[bare.len] = '\0';
    if (inet_pton(AF_INET, text, &four) == 1)
        return gl_visitor_ipv4(&four, bytes);
    return inet_pton(AF_INET6, text, bytes) == 1 ? whole : address;
}

struct gl_text
gl_visitor_domain(const struct gl_event *event, struct gl_suffixes suffixes)
{
    char host[GL_LONGEST_host + 1];
    struct gl_text domain = event->host;

    /* only the name that stands for no host begins with a bracket */
    if (event->host.len > GL_LONGEST_host || event->host.len == 0 ||
        event->host.data[0] == '(' ||
        gl_host_is_under(event->host, event->site))
        return event->site;
    memcpy(host, event->host.data, event->host.len);
    host[event->host.len] = '\0';
    const char *registrable = suffixes.registrable(suffixes.from, host);
    /* an address, a name of one label, a public suffix */
    if (registrable == NULL)
        return event->host;
    domain.len = (uint32_t) strlen(registrable);
    GL_ASSERT(domain.len <= event->host.len); /* it is an end of it */
    domain.data += event->host.len - domain.len;
    return gl_host_is_under(event->site, domain) ? event->site : domain;
}

static char *
put(char *at, struct gl_text text, uint32_t longest)
{
    uint32_t len = text.len < longest ? text.len : longest;

    if (len > 0)
        memcpy(at, text.data, gl_opaque(len));
    return at + len;
}

size_t
gl_visitor_bytes(char bytes[GL_VISITOR_BYTES_MAX],
                 const struct gl_event *event, struct gl_text domain,
                 struct gl_text address)
{
    char *at = put(bytes, event->site, GL_LONGEST_site);

    *at++ = '\0';
    at = put(at, domain, GL_LONGEST_host);
    *at++ = '\0';
    at = put(at, address, GL_VISITOR_ADDRESS_MAX);
    *at++ = '\0';
    at = put(at, event->agent, GL_LONGEST_agent);
    GL_ASSERT(at - bytes <= GL_VISITOR_BYTES_MAX);
    return (size_t) (at - bytes);
}
