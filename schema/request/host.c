/* Names of hosts and sites; see host.h. */

#include "request/host.h"

#include <string.h>

#include "request/plain.h"
#include "request/text.h"
#include "request/utf8.h"

static inline int
is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static int
has_upper(struct gl_text text)
{
    uint32_t i;

    for (i = 0; i < text.len; i++)
        if (is_upper(text.data[i]))
            return 1;
    return 0;
}

static int
lower(struct gl_memory memory, struct gl_text *text)
{
    char *bytes = memory.get(memory.from, text->len);
    uint32_t i;

    if (bytes == NULL)
        return -1;
    for (i = 0; i < text->len; i++)
        bytes[i] =
            (char) (text->data[i] | (is_upper(text->data[i]) ? 0x20 : 0));
    text->data = bytes;
    return 0;
}

int
gl_host_read(struct gl_memory memory, struct gl_text text,
             struct gl_text *host)
{
    if (text.len > 0 && (uint8_t) text.data[0] > ' ' &&
        (uint8_t) text.data[text.len - 1] > ' ' &&
        gl_plain_(text, GL_PLAIN_LOWER)) {
        *host = gl_host_bare(text);
        if (host->len == 0)
            host->data = NULL;
        return 0;
    }
    text = gl_utf8_rtrim(text);
    while (text.len > 0 && gl_utf8_is_space((uint8_t) *text.data)) {
        text.data++;
        text.len--;
    }
    if (has_upper(text) && lower(memory, &text) != 0)
        return -1;
    return gl_text_decode(memory, gl_host_bare(text), GL_CODED_PATH, host);
}

int
gl_host_is_under(struct gl_text host, struct gl_text domain)
{
    const char *end;

    if (host.len < domain.len)
        return 0;
    if (domain.len == 0)
        return host.len == 0 || host.data[host.len - 1] == '.';
    end = host.data + host.len - domain.len;
    return memcmp(end, domain.data, domain.len) == 0 &&
           (host.len == domain.len || end[-1] == '.');
}
