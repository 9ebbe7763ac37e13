/* See domains.h: one slot for each hash, the last host has it. */

#include "domains.h"

#include <stddef.h>
#include <string.h>

#include <libpsl.h>

static const char *
ask(const char *host)
{
    const char *dot = strrchr(host, '.');

    /* An address has none: no top-level domain begins with a digit. */
    if (dot == NULL || (dot[1] >= '0' && dot[1] <= '9'))
        return host;
    const char *domain = psl_registrable_domain(psl_builtin(), host);
    return domain != NULL ? domain : host;
}

/* FNV-1a.  Who makes hosts that meet loses what is remembered, no more. */
static uint32_t
hash_of(const char *host, size_t len)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (uint8_t) host[i]) * 16777619u;
    return hash ^ hash >> 15;
}

const char *
gl_domains_find_(struct gl_domains *domains, const char *host)
{
    size_t len = strlen(host);

    if (len == 0 || len > GL_DOMAINS_HOST)
        return ask(host);
    size_t slot = hash_of(host, len) % GL_DOMAINS_SLOTS;
    if (memcmp(domains->slots[slot].host, host, len + 1) == 0)
        return host + domains->slots[slot].at;
    const char *domain = ask(host);
    memcpy(domains->slots[slot].host, host, len + 1);
    domains->slots[slot].at = (uint8_t) (domain - host);
    return domain;
}
