/*
 * scheme://user@host:port/path?query#fragment, read from left to right once.
 */

#include "url.h"

#include <string.h>
#include <strings.h>

#include "request/host.h"

static const char *const schemes[] = {"https://", "http://", "android-app://"};

/* Length of the scheme at the start of TEXT, or 0. */
static size_t
scheme_len(struct gl_text text)
{
    size_t i, len;

    for (i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        len = strlen(schemes[i]);
        if (text.len > len && strncasecmp(text.data, schemes[i], len) == 0)
            return len;
    }
    return 0;
}

/* First of any byte of SET in TEXT from AT on; TEXT's length when none. */
static size_t
find_any(struct gl_text text, size_t at, const char *set)
{
    while (at < text.len &&
           (text.data[at] == '\0' || strchr(set, text.data[at]) == NULL))
        at++;
    return at;
}

static int
is_host_byte(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

static int
copy_host(char to[GL_LONGEST_host + 1], struct gl_text host)
{
    size_t i;
    unsigned char c;

    /* A dot at the end is the root: the same host. */
    if (host.len > 0 && host.data[host.len - 1] == '.')
        host.len--;
    host = gl_host_bare(host);
    if (host.len == 0 || host.len > GL_LONGEST_host)
        return -1;
    for (i = 0; i < host.len; i++) {
        c = (unsigned char) host.data[i];
        if (c >= 'A' && c <= 'Z')
            c += 'a' - 'A';
        if (!is_host_byte(c))
            return -1;
        to[i] = (char) c;
    }
    to[host.len] = '\0';
    return 0;
}

int
gl_url_split_(struct gl_url *url, struct gl_text text)
{
    struct gl_text authority;
    size_t at, start = scheme_len(text);

    if (start == 0)
        return -1;
    url->app = text.data[0] == 'a' || text.data[0] == 'A';
    at = find_any(text, start, "/?#");
    url->path.data = text.data + at;
    url->path.len = (uint32_t) (find_any(text, at, "?#") - at);

    authority.data = text.data + start;
    authority.len = (uint32_t) (at - start);
    for (at = authority.len; at > 0; at--)
        if (authority.data[at - 1] == '@')
            break;
    authority.data += at;
    authority.len -= (uint32_t) at;
    authority.len = (uint32_t) find_any(authority, 0, ":");
    return copy_host(url->host, authority);
}
