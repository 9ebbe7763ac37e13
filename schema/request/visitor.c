/* Who a visitor is taken to be; see visitor.h. */

#include "request/visitor.h"

#include <string.h>

#include "request/host.h"

struct gl_text
gl_visitor_address(struct gl_text address)
{
    const char *end, *at;

    if (address.len == 0)
        return address;
    end = address.data + address.len;
    if (address.data[0] == '[') {
        address.data++;
        at = memchr(address.data, ']', (size_t) (end - address.data));
        address.len = (uint32_t) ((at != NULL ? at : end) - address.data);
        return address;
    }
    at = memchr(address.data, ':', address.len);
    if (at != NULL && memchr(at + 1, ':', (size_t) (end - at - 1)) == NULL)
        address.len = (uint32_t) (at - address.data);
    return address;
}

struct gl_text
gl_visitor_domain(const struct gl_event *event, struct gl_suffixes suffixes)
{
    char host[GL_LONGEST_host + 1];
    struct gl_text domain = event->host;
    const char *registrable;

    if (event->host.len > GL_LONGEST_host ||
        gl_host_is_under(event->host, event->site))
        return event->site;
    memcpy(host, event->host.data, event->host.len);
    host[event->host.len] = '\0';
    registrable = suffixes.registrable(suffixes.from, host);
    /* an address, a name of one label, a public suffix */
    if (registrable == NULL)
        return event->host;
    domain.len = (uint32_t) strlen(registrable);
    domain.data += event->host.len - domain.len;
    return gl_host_is_under(event->site, domain) ? event->site : domain;
}

static char *
put(char *at, struct gl_text text, uint32_t longest)
{
    uint32_t len = text.len < longest ? text.len : longest;

    if (len > 0)
        memcpy(at, text.data, len);
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
    return (size_t) (at - bytes);
}
