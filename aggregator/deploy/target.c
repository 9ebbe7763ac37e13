/* Where an address is: this machine, or a country of the data file. */

#include "deploy/residency.h"

#include <arpa/inet.h>
#include <maxminddb.h>
#include <netdb.h>
#include <netinet/in.h>
#include <string.h>

static int
is_loopback(const struct sockaddr *address)
{
    const struct sockaddr_in *four = (const void *) address;
    const struct sockaddr_in6 *six = (const void *) address;

    if (address->sa_family == AF_INET)
        return ntohl(four->sin_addr.s_addr) >> 24 == 127;
    return IN6_IS_ADDR_LOOPBACK(&six->sin6_addr) ||
           (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr) &&
            six->sin6_addr.s6_addr[12] == 127);
}

/* Of a network of one's own, which no data file places. */
static int
is_private(const struct sockaddr *address)
{
    const struct sockaddr_in *four = (const void *) address;
    const struct sockaddr_in6 *six = (const void *) address;

    if (address->sa_family != AF_INET)
        return (six->sin6_addr.s6_addr[0] & 0xfe) == 0xfc;
    uint32_t a = ntohl(four->sin_addr.s_addr);
    return a >> 24 == 10 || a >> 20 == 0xac1 || a >> 16 == 0xc0a8;
}

/* The code of ADDRESS into CODE, "" when it is not known. */
static void
country(const struct gl_policy *policy, const struct sockaddr *address,
        char code[3])
{
    MMDB_s file;
    MMDB_entry_data_s data;
    int error;

    code[0] = '\0';
    if (policy->mmdb == NULL ||
        MMDB_open(policy->mmdb, MMDB_MODE_MMAP, &file) != MMDB_SUCCESS)
        return;
    MMDB_lookup_result_s found = MMDB_lookup_sockaddr(&file, address, &error);
    if (error == MMDB_SUCCESS && found.found_entry &&
        (MMDB_get_value(&found.entry, &data, "country", "iso_code", NULL) ==
             MMDB_SUCCESS ||
         MMDB_get_value(&found.entry, &data, "country_code", NULL) ==
             MMDB_SUCCESS) &&
        data.has_data && data.type == MMDB_DATA_TYPE_UTF8_STRING &&
        data.data_size == 2) {
        memcpy(code, data.utf8_string, 2);
        code[2] = '\0';
    }
    MMDB_close(&file);
}

/* What is looked at, and where. */
struct place {
    const char *where;
    int line;
    const char *what;
};

static void
judge(struct gl_residency *r, const struct place *place, const char *host,
      const struct sockaddr *address)
{
    char text[NI_MAXHOST] = "", code[3];
    socklen_t len = address->sa_family == AF_INET
                        ? sizeof(struct sockaddr_in)
                        : sizeof(struct sockaddr_in6);

    getnameinfo(address, len, text, sizeof text, NULL, 0, NI_NUMERICHOST);
    if (is_loopback(address)) {
        gl_residency_add(r, GL_CHECKED, place->where, place->line,
                         "%s: %s is this machine", place->what, host);
        return;
    }
    country(r->policy, address, code);
    if (!gl_policy_has(r->policy->allowed, host) &&
        !gl_policy_has(r->policy->allowed, text))
        gl_residency_add(r, GL_REFUSED, place->where, place->line,
                         "%s sends to %s (%s), which no \"allow\" names",
                         place->what, host, text);
    else if (is_private(address) && r->policy->here != NULL)
        gl_residency_add(r, GL_DECLARED, place->where, place->line,
                         "%s: %s (%s) is a private address, in %s as this "
                         "machine",
                         place->what, host, text, r->policy->here);
    else if (code[0] == '\0')
        gl_residency_add(r, GL_REFUSED, place->where, place->line,
                         "%s sends to %s (%s), whose country is not known",
                         place->what, host, text);
    else if (!gl_policy_has(r->policy->countries, code))
        gl_residency_add(r, GL_REFUSED, place->where, place->line,
                         "%s sends to %s (%s) in %s, which is not allowed",
                         place->what, host, text, code);
    else
        gl_residency_add(r, GL_CHECKED, place->where, place->line,
                         "%s: %s (%s) is in %s and allowed", place->what, host,
                         text, code);
}

void
gl_residency_target(struct gl_residency *r, const char *where, int line,
                    const char *what, const char *host)
{
    const struct place place = {where, line, what};
    const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *list, *one;

    if (strchr(host, '$') != NULL) {
        gl_residency_add(r, GL_REFUSED, where, line,
                         "%s sends to what a variable says: %s", what, host);
        return;
    }
    if (getaddrinfo(host, NULL, &hints, &list) != 0) {
        gl_residency_add(r, GL_REFUSED, where, line,
                         "%s sends to %s, which has no address", what, host);
        return;
    }
    for (one = list; one != NULL; one = one->ai_next)
        if (one->ai_family == AF_INET || one->ai_family == AF_INET6)
            judge(r, &place, host, one->ai_addr);
    freeaddrinfo(list);
}
