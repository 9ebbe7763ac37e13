/* Lines to events; see page.h. */

#include "logs/page.h"

#include <string.h>

#include "request/codes.h"
#include "request/headers.h"
#include "request/host.h"
#include "request/page.h"

/* ---- the address that was asked for ---- */

static int
is_absolute(struct gl_text uri)
{
    return uri.len > 7 && (memcmp(uri.data, "http://", 7) == 0 ||
                           memcmp(uri.data, "https:/", 7) == 0);
}

struct writer {
    char *at;
};

static void
put(struct writer *to, struct gl_text text)
{
    if (text.len > 0)
        memcpy(to->at, text.data, text.len);
    to->at += text.len;
}

/* $uri, which is decoded, coded again where that means something. */
static void
put_coded(struct writer *to, struct gl_text path)
{
    for (uint32_t i = 0; i < path.len; i++) {
        char c = path.data[i];

        if (c == '%' || c == '?' || c == '#') {
            put(to, (struct gl_text){c == '%'   ? "%25"
                                     : c == '?' ? "%3F"
                                                : "%23",
                                     3});
        } else {
            *to->at++ = c;
        }
    }
}

/* The whole address; empty: no memory. */
static struct gl_text
address_of(struct gl_logs_memory *memory, const struct gl_logs_record *record)
{
    struct gl_memory from = gl_logs_memory_of(memory);
    size_t most = 7 + record->host.len + record->uri.len +
                  3 * (size_t) record->path.len + 1 + record->args.len;
    struct writer to;
    char *bytes;

    if (is_absolute(record->uri))
        return record->uri;
    bytes = to.at = from.get(from.from, most);
    if (bytes == NULL)
        return (struct gl_text){NULL, 0};
    put(&to, (struct gl_text){"http://", 7});
    put(&to, record->host);
    if (record->uri.len > 0) {
        put(&to, record->uri);
    } else {
        put_coded(&to, record->path);
        if (record->args.len > 0)
            *to.at++ = '?';
        put(&to, record->args);
    }
    return (struct gl_text){bytes, (uint32_t) (to.at - bytes)};
}

/* ---- whose ---- */

/* $server_name of a server for all names. */
static int
is_no_name(struct gl_text host)
{
    return host.len == 0 || (host.len == 1 && host.data[0] == '_');
}

int
gl_logs_is_of(struct gl_logs_memory *memory,
              const struct gl_logs_record *record, struct gl_text site)
{
    struct gl_text host;

    if (is_no_name(record->host))
        return 1;
    return gl_host_read(gl_logs_memory_of(memory), record->host, &host) == 0 &&
           gl_host_is_under(host, site);
}

/* ---- the event ---- */

static const char *
read_rest(struct gl_memory memory, const struct gl_logs_record *record,
          struct gl_event *event)
{
    if (gl_page_referrer(memory, record->referrer, &event->referrer) != 0 ||
        gl_language_read(memory, record->headers.language, &event->language) !=
            0 ||
        gl_country_read(memory, record->country, &event->country) != 0 ||
        gl_region_read(memory, record->region, event->country,
                       &event->region) != 0)
        return "is too long";
    event->city = gl_city_read(record->city);
    return NULL;
}

const char *
gl_logs_page_read(struct gl_logs_memory *memory,
                  const struct gl_logs_record *record, struct gl_text site,
                  struct gl_event *event)
{
    const struct gl_text none = {GL_HOST_NONE, sizeof GL_HOST_NONE - 1};
    struct gl_memory from = gl_logs_memory_of(memory);
    struct gl_logs_record named = *record;
    const char *wrong = NULL;

    memset(event, 0, sizeof *event);
    event->schema = GL_EVENT_SCHEMA;
    event->kind = GL_PAGEVIEW;
    event->at_ms = record->at_ms;
    event->site = site;
    event->evidence = record->headers.evidence;
    event->agent = gl_headers_agent(record->agent);
    if (is_no_name(named.host))
        named.host = site;
    if (gl_page_read(from, address_of(memory, &named), 0, event, &wrong) != 0)
        return "is too long";
    if (event->host.len == none.len &&
        memcmp(event->host.data, none.data, none.len) == 0)
        event->host = site;
    return wrong != NULL ? wrong : read_rest(from, record, event);
}

/* A host below the site is the site's; of others there is no list here. */
static const char *
no_suffix(const void *from, const char *host)
{
    (void) from;
    (void) host;
    return NULL;
}

size_t
gl_logs_visitor_bytes(char bytes[GL_VISITOR_BYTES_MAX],
                      const struct gl_logs_record *record,
                      const struct gl_event *event)
{
    const struct gl_suffixes suffixes = {no_suffix, NULL};
    uint8_t ip[GL_VISITOR_IP_BYTES];
    struct gl_text address = gl_visitor_address(record->address, ip);

    return gl_visitor_bytes(bytes, event, gl_visitor_domain(event, suffixes),
                            address);
}
