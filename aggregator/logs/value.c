/* Values of lines; see value.h. */

#include "logs/value.h"

#include <glib.h>
#include <string.h>

#include "logs/time.h"
#include "request/text.h"

static void *
get_memory(void *from, size_t bytes)
{
    struct gl_logs_memory *memory = from;
    char *at = memory->bytes + memory->used;

    if (bytes > memory->size - memory->used)
        return NULL;
    memory->used += bytes;
    return at;
}

struct gl_memory
gl_logs_memory_of(struct gl_logs_memory *memory)
{
    return (struct gl_memory){get_memory, memory};
}

/* ---- escapes ---- */

/* N hex digits at AT, before END: their value, or -1. */
static int
hex(const char *at, const char *end, int n)
{
    int value = 0;

    if (end - at < n)
        return -1;
    for (; n > 0; n--, at++) {
        if (!g_ascii_isxdigit(*at))
            return -1;
        value = 16 * value + g_ascii_xdigit_value(*at);
    }
    return value;
}

/* What the escape at *AT, a backslash, stands for goes to TO; AT moves on. */
static char *
put_escape(char *to, const char **at, const char *end)
{
    static const char names[] = "nrtbfv", stand[] = "\n\r\t\b\f\v";
    const char *name, *from = *at + 1;
    int value;

    if (from < end && *from == 'x' && (value = hex(from + 1, end, 2)) >= 0) {
        *at = from + 3;
        *to++ = (char) value;
        return to;
    }
    if (from < end && *from == 'u' && (value = hex(from + 1, end, 4)) >= 0) {
        *at = from + 5;
        return to + g_unichar_to_utf8((gunichar) value, to);
    }
    if (from == end) {
        *to++ = '\\';
        *at = from;
        return to;
    }
    name = strchr(names, *from);
    *to++ = name != NULL && *name != '\0' ? stand[name - names] : *from;
    *at = from + 1;
    return to;
}

/* No escape is shorter than what it stands for. */
static struct gl_text
unescape(struct gl_logs_memory *memory, struct gl_text text)
{
    const char *at = text.data, *end = text.data + text.len;
    char *out, *to;

    if (text.len == 0 || memchr(text.data, '\\', text.len) == NULL)
        return text;
    out = to = get_memory(memory, text.len);
    if (out == NULL)
        return (struct gl_text){NULL, 0};
    while (at < end)
        if (*at == '\\')
            to = put_escape(to, &at, end);
        else
            *to++ = *at++;
    return (struct gl_text){out, (uint32_t) (to - out)};
}

/* ---- values ---- */

static int
is_method(struct gl_text method)
{
    for (uint32_t i = 0; i < method.len; i++)
        if ((method.data[i] < 'A' || method.data[i] > 'Z') &&
            method.data[i] != '-' && method.data[i] != '_')
            return 0;
    return method.len > 0;
}

static void
take_protocol(struct gl_logs_record *record, struct gl_text protocol)
{
    if (protocol.len > 5 && memcmp(protocol.data, "HTTP/", 5) == 0 &&
        protocol.data[5] >= '2')
        record->headers.evidence |= GL_EVIDENCE_HTTP2;
}

/* "GET /a b HTTP/1.1": blanks in the middle are the address's. */
static void
take_request(struct gl_logs_record *record, struct gl_text request)
{
    const char *end = request.data + request.len, *last;
    const char *blank =
        request.len > 0 ? memchr(request.data, ' ', request.len) : NULL;

    if (blank == NULL)
        return;
    record->method =
        (struct gl_text){request.data, (uint32_t) (blank - request.data)};
    if (!is_method(record->method)) {
        record->method = (struct gl_text){NULL, 0};
        return;
    }
    for (last = end - 1; last > blank && *last != ' ';)
        last--;
    if (last > blank && end - last > 6 && memcmp(last, " HTTP/", 6) == 0) {
        take_protocol(record,
                      (struct gl_text){last + 1, (uint32_t) (end - last - 1)});
        end = last;
    }
    record->uri = (struct gl_text){blank + 1, (uint32_t) (end - blank - 1)};
}

static void
take_status(struct gl_logs_record *record, struct gl_text status)
{
    int value = 0;

    if (status.len != 3)
        return;
    for (uint32_t i = 0; i < 3; i++) {
        if (status.data[i] < '0' || status.data[i] > '9')
            return;
        value = 10 * value + (status.data[i] - '0');
    }
    record->status = value;
}

static void
take_header(struct gl_logs_record *record, struct gl_text name,
            struct gl_text value)
{
    const struct gl_text referer = {"referer", 7}, agent = {"user-agent", 10},
                         dest = {"sec-fetch-dest", 14};

    gl_headers_add(&record->headers, &name, &value);
    if (gl_text_is(name, referer))
        record->referrer = value;
    else if (gl_text_is(name, agent))
        record->agent = value;
    else if (gl_text_is(name, dest))
        record->dest = value;
}

/* Of several addresses the first is the client's. */
static void
take_forwarded(struct gl_logs_record *record, struct gl_text list)
{
    record->forwarded = gl_text_item(&list);
}

/* ---- texts that stay as they are ---- */

#define AT(member) offsetof(struct gl_logs_record, member)

/* Where the text of a field goes.  Of several variables the first that says
 * something counts: $host, then $server_name. */
static const struct {
    enum gl_logs_field field;
    size_t at;
} texts[] = {
    {GL_LOGS_ADDRESS, AT(address)}, {GL_LOGS_METHOD, AT(method)},
    {GL_LOGS_URI, AT(uri)},         {GL_LOGS_PATH, AT(path)},
    {GL_LOGS_ARGS, AT(args)},       {GL_LOGS_HOST, AT(host)},
    {GL_LOGS_TYPE, AT(type)},       {GL_LOGS_COUNTRY, AT(country)},
    {GL_LOGS_REGION, AT(region)},   {GL_LOGS_CITY, AT(city)},
};

static void
take_text(enum gl_logs_field field, struct gl_text value,
          struct gl_logs_record *record)
{
    struct gl_text *text;

    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (texts[i].field != field)
            continue;
        text = (struct gl_text *) (void *) ((char *) record + texts[i].at);
        if (text->len == 0)
            *text = value;
        return;
    }
}

static void
take(const struct gl_logs_piece *piece, struct gl_text value,
     struct gl_logs_record *record)
{
    switch (piece->field) {
    case GL_LOGS_FORWARDED:
        take_forwarded(record, value);
        break;
    case GL_LOGS_TIME_LOCAL:
        record->at_ms = gl_logs_time_local(value);
        break;
    case GL_LOGS_TIME_ISO:
        record->at_ms = gl_logs_time_iso(value);
        break;
    case GL_LOGS_TIME_UNIX:
        record->at_ms = gl_logs_time_unix(value);
        break;
    case GL_LOGS_REQUEST:
        take_request(record, value);
        break;
    case GL_LOGS_PROTOCOL:
        take_protocol(record, value);
        break;
    case GL_LOGS_STATUS:
        take_status(record, value);
        break;
    case GL_LOGS_HEADER:
        take_header(record, piece->name, value);
        break;
    default:
        take_text(piece->field, value, record);
    }
}

void
gl_logs_value_(struct gl_logs_memory *memory,
               const struct gl_logs_piece *piece, struct gl_text value,
               int escaped, struct gl_logs_record *record)
{
    if (piece->field == GL_LOGS_SKIPPED || value.len == 0 ||
        (value.len == 1 && value.data[0] == '-'))
        return;
    if (escaped)
        value = unescape(memory, value);
    if (value.len > 0)
        take(piece, value, record);
}

const char *
gl_logs_whole_(struct gl_logs_record *record)
{
    if (record->at_ms == GL_LOGS_NO_TIME)
        return "has no time that can be read";
    if (record->status < 100)
        return "has no status";
    if (record->address.len == 0)
        record->address = record->forwarded;
    if (record->address.len == 0)
        return "has no address of a client";
    return NULL;
}
