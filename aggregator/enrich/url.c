/* Referrers; see url.h.  What an address is says request/address.h. */

#include "url.h"

#include <string.h>
#include <strings.h>

#include "domain.h"
#include "request/address.h"

static int
is_word(struct gl_text text, const char *word)
{
    return text.len == strlen(word) &&
           strncasecmp(text.data, word, text.len) == 0;
}

static int
copy_host(char to[GL_DOMAIN_BYTES], struct gl_text host)
{
    char name[GL_DOMAIN_TYPED_BYTES];

    if (host.len == 0 || host.len >= sizeof name)
        return -1;
    memcpy(name, host.data, host.len);
    name[host.len] = '\0';
    return gl_domain(name, to);
}

int
gl_url_split_(struct gl_url *url, struct gl_text text)
{
    struct gl_address parts = gl_address_split(text);

    url->app = is_word(parts.scheme, "android-app");
    if (!url->app && !is_word(parts.scheme, "http") &&
        !is_word(parts.scheme, "https"))
        return -1;
    url->path = parts.path;
    return copy_host(url->host, parts.host);
}
