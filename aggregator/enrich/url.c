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

int
gl_url_split_(struct gl_url *url, struct gl_text text)
{
    struct gl_address parts = gl_address_split(text);

    url->app = is_word(parts.scheme, "android-app");
    if (!url->app && !is_word(parts.scheme, "http") &&
        !is_word(parts.scheme, "https"))
        return -1;
    url->path = parts.path;
    return gl_domain_text(parts.host, url->host);
}
