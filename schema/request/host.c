/* Names of hosts and sites; see host.h. */

#include "request/host.h"

#include <arpa/inet.h>
#include <string.h>

#include <idn2.h>

#include "apart.h"
#include "gl_assert.h"
#include "request/longest.h"
#include "request/text.h"
#include "request/utf8.h"

#define LABEL_MAX 63 /* RFC 1035 */

/* Intranets have names with underscores; some hosts end a label in "-". */
static const uint8_t of_label[256] = {
    ['a' ... 'z'] = 1, ['0' ... '9'] = 1, ['-'] = 1, ['_'] = 1};

static inline int
four_of_label(const char *at)
{
    return of_label[(uint8_t) at[0]] & of_label[(uint8_t) at[1]] &
           of_label[(uint8_t) at[2]] & of_label[(uint8_t) at[3]];
}

/* 1: a name in its one form, whatever "www." there is in front. */
static int
is_name(struct gl_text text)
{
    const char *at = text.data, *label = at, *end;

    if (text.len == 0 || text.len > GL_LONGEST_host || *at == '-')
        return 0;
    for (end = at + text.len; at < end; at++) {
        while (end - at > 4 && four_of_label(at))
            at += 4;
        if (of_label[(uint8_t) *at])
            continue;
        if (*at != '.' || at == label || at - label > LABEL_MAX)
            return 0;
        label = at + 1;
    }
    return at != label && at - label <= LABEL_MAX;
}

/* HOST without one leading "www."; it may be empty then. */
static inline struct gl_text
bare(struct gl_text host)
{
    if (host.len >= 4 && memcmp(host.data, "www.", 4) == 0) {
        host.data += 4;
        host.len -= 4;
    }
    return host;
}

/* ---- what does not look like one yet ---- */

static struct gl_text
trim(struct gl_text text)
{
    text = gl_utf8_rtrim(text);
    while (text.len > 0 && gl_utf8_is_space((uint8_t) *text.data)) {
        text.data++;
        text.len--;
    }
    return text;
}

static int
is_port(struct gl_text text)
{
    uint32_t i;

    for (i = 0; i < text.len; i++)
        if (text.data[i] < '0' || text.data[i] > '9')
            return 0;
    return 1;
}

static const char *
find(struct gl_text text, int c)
{
    return text.len > 0 ? memchr(text.data, c, text.len) : NULL;
}

static struct gl_text
behind(struct gl_text text, const char *at)
{
    GL_ASSERT(at >= text.data && at < text.data + text.len);
    text.len -= (uint32_t) (at + 1 - text.data);
    text.data = at + 1;
    return text;
}

/* Without a port; a text with more colons is an address.  Empty: what stands
 * where a port would is none. */
static struct gl_text
without_port(struct gl_text text)
{
    const char *at = find(text, ':');

    if (at == NULL)
        return text;
    struct gl_text port = behind(text, at);
    if (find(port, ':') == NULL)
        text.len = is_port(port) ? (uint32_t) (at - text.data) : 0;
    return text;
}

/* The address in the brackets that TEXT begins with; empty when there is none,
 * no end of them, or something behind that is no port. */
static struct gl_text
in_brackets(struct gl_text text)
{
    const struct gl_text none = {NULL, 0};
    const char *end = find(text, ']');

    if (end == NULL)
        return none;
    struct gl_text rest = behind(text, end);
    if (rest.len > 0 &&
        (*rest.data != ':' || !is_port(behind(rest, rest.data))))
        return none;
    struct gl_text inside =
        (struct gl_text){text.data + 1, (uint32_t) (end - text.data - 1)};
    return find(inside, ':') != NULL ? inside : none;
}

/* Bytes of one's own for TEXT. */
static int
keep(struct gl_memory memory, const char *text, struct gl_text *kept)
{
    size_t len = strlen(text);
    char *bytes = memory.get(memory.from, len + 1);

    if (bytes == NULL)
        return -1;
    memcpy(bytes, text, len);
    *kept = (struct gl_text){bytes, (uint32_t) len};
    return 0;
}

/* TYPED is ASCII. */
static int
read_plain(struct gl_memory memory, char *typed, struct gl_text *host)
{
    char *at;

    for (at = typed; *at != '\0'; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at |= 0x20;
    return keep(memory, typed, host);
}

static int
read_ipv6(struct gl_memory memory, const char *typed, struct gl_text *host)
{
    struct in6_addr address;
    char text[INET6_ADDRSTRLEN];

    if (inet_pton(AF_INET6, typed, &address) != 1)
        return 0;
    (void) inet_ntop(AF_INET6, &address, text, sizeof text);
    return keep(memory, text, host);
}

static int
read_idn(struct gl_memory memory, const char *typed, struct gl_text *host)
{
    uint8_t *ascii = NULL;
    int result =
        idn2_lookup_u8((const uint8_t *) typed, &ascii, IDN2_NONTRANSITIONAL);

    if (result == IDN2_OK)
        result = keep(memory, (const char *) ascii, host);
    else
        result = result == IDN2_MALLOC ? -1 : 0;
    idn2_free(ascii);
    return result;
}

static int
is_ascii(struct gl_text text)
{
    uint8_t all = 0;
    uint32_t i;

    for (i = 0; i < text.len; i++)
        all |= (uint8_t) text.data[i];
    return all < 0x80;
}

/* TEXT is UTF-8 without NUL.  *HOST is left empty when it is too long. */
static int
read_text(struct gl_memory memory, struct gl_text text, struct gl_text *host)
{
    char typed[GL_HOST_TYPED_MAX + 1];

    if (text.len == 0 || text.len > GL_HOST_TYPED_MAX)
        return 0;
    memcpy(typed, text.data, text.len);
    typed[text.len] = '\0';
    if (find(text, ':') != NULL)
        return read_ipv6(memory, typed, host);
    return is_ascii(text) ? read_plain(memory, typed, host)
                          : read_idn(memory, typed, host);
}

static GL_APART int
read_odd(struct gl_memory memory, struct gl_text text, struct gl_text *host)
{
    *host = (struct gl_text){NULL, 0};
    if (gl_text_decode(memory, trim(text), GL_CODED_PATH, &text) != 0)
        return -1;
    text = text.len > 0 && *text.data == '[' ? in_brackets(text)
                                             : without_port(text);
    if (read_text(memory, text, host) != 0)
        return -1;
    if (find(*host, ':') != NULL)
        return 0;
    *host = bare(*host);
    if (host->len > 0 && host->data[host->len - 1] == '.')
        host->len--;
    if (!is_name(*host))
        *host = (struct gl_text){NULL, 0};
    return 0;
}

int
gl_host_read(struct gl_memory memory, struct gl_text text,
             struct gl_text *host)
{
    *host = bare(text);
    GL_ASSERT(host->len <= text.len);
    return is_name(*host) ? 0 : read_odd(memory, text, host);
}

int
gl_host_is(struct gl_text text, struct gl_text name)
{
    text = bare(text);
    return text.len == name.len && text.len > 0 &&
           memcmp(text.data, name.data, name.len) == 0;
}

int
gl_host_is_under(struct gl_text host, struct gl_text domain)
{
    if (host.len < domain.len)
        return 0;
    if (domain.len == 0)
        return host.len == 0 || host.data[host.len - 1] == '.';
    const char *end = host.data + host.len - domain.len;
    return memcmp(end, domain.data, domain.len) == 0 &&
           (host.len == domain.len || end[-1] == '.');
}
