/* Formats of access logs; see format.h. */

#include "logs/format.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "request/text.h"

static const struct {
    const char *name, *text;
} known[] = {
    {"combined", "$remote_addr - $remote_user [$time_local] \"$request\" "
                 "$status $body_bytes_sent \"$http_referer\" "
                 "\"$http_user_agent\""},
    {"common", "$remote_addr - $remote_user [$time_local] \"$request\" "
               "$status $body_bytes_sent"},
    {"vcombined", "$host $remote_addr - $remote_user [$time_local] "
                  "\"$request\" $status $body_bytes_sent \"$http_referer\" "
                  "\"$http_user_agent\""},
};
#define KNOWN_N (sizeof known / sizeof known[0])

static int
fail(char *why, size_t why_len, const char *sentence)
{
    snprintf(why, why_len, "%s", sentence);
    return -1;
}

int
gl_logs_format_is(const char *text)
{
    for (size_t i = 0; i < KNOWN_N; i++)
        if (strcmp(text, known[i].name) == 0)
            return 1;
    return strcmp(text, "caddy") == 0 || strncmp(text, "json:", 5) == 0 ||
           strchr(text, '$') != NULL;
}

/* ---- memory ---- */

static char *
keep(struct gl_logs_format *format, size_t bytes)
{
    char *at = format->_text + format->_used;

    if (bytes > sizeof format->_text - format->_used)
        return NULL;
    format->_used += bytes;
    return at;
}

/* A piece more: NAME is of a variable, BEFORE what stands in front. */
static int
add(struct gl_logs_format *format, struct gl_text before, struct gl_text name)
{
    struct gl_logs_piece *piece = &format->pieces[format->pieces_n];
    char *memory = keep(format, name.len);

    if (format->pieces_n == GL_LOGS_PIECES_MAX || memory == NULL)
        return -1;
    piece->before = before;
    gl_logs_piece_of(piece, name, memory);
    format->pieces_n++;
    return 0;
}

/* ---- text ---- */

/* The value of "log_format NAME [escape=...] 'A' 'B';", or TEXT as it is. */
static struct gl_text
unquote(struct gl_logs_format *format, const char *text)
{
    struct gl_text plain = {text, (uint32_t) strlen(text)};
    const char *at = text + strspn(text, " \t\n");
    char *out = keep(format, plain.len), *to = out, quote;

    if (out == NULL)
        return (struct gl_text){NULL, 0};
    if (strncmp(at, "log_format", 10) == 0 && isspace((unsigned char) at[10]))
        at += strcspn(at, "'\"");
    if (*at != '\'' && (*at != '"' || at[strlen(at) - 1] == '"'))
        if (at == text + strspn(text, " \t\n"))
            return plain;
    while (*at == '\'' || *at == '"') {
        for (quote = *at++; *at != '\0' && *at != quote; *to++ = *at++)
            if (*at == '\\' && (at[1] == quote || at[1] == '\\'))
                at++;
        at += *at == quote;
        at += strspn(at, " \t\n;");
    }
    return (struct gl_text){out, (uint32_t) (to - out)};
}

static int
is_of_name(char c)
{
    return isalnum((unsigned char) c) || c == '_';
}

/* Take "$name" or "${name}" off TEXT; its length, 0: there is none. */
static uint32_t
variable(struct gl_text text, struct gl_text *name)
{
    int braces = text.len > 1 && text.data[1] == '{';
    uint32_t from = braces ? 2 : 1, to = from;

    if (text.len == 0 || text.data[0] != '$')
        return 0;
    while (to < text.len && is_of_name(text.data[to]))
        to++;
    *name = (struct gl_text){text.data + from, to - from};
    if (to == from || (braces && (to == text.len || text.data[to] != '}')))
        return 0;
    return to + (uint32_t) braces;
}

static int
read_text(struct gl_logs_format *format, const char *text, char *why,
          size_t why_len)
{
    struct gl_text left = unquote(format, text), name, before;

    before = (struct gl_text){left.data, 0};
    while (left.len > 0) {
        uint32_t len = variable(left, &name);

        if (len == 0) {
            before.len++;
            len = 1;
        } else {
            if (before.len == 0 && format->pieces_n > 0)
                return fail(why, why_len,
                            "has two variables with nothing between them");
            if (add(format, before, name) != 0)
                return fail(why, why_len, "is too long");
            before = (struct gl_text){left.data + len, 0};
        }
        left.data += len;
        left.len -= len;
    }
    format->after = before;
    return 0;
}

/* ---- JSON: "FIELD=PATH,FIELD=PATH" ---- */

static int
read_json(struct gl_logs_format *format, const char *spec, char *why,
          size_t why_len)
{
    struct gl_text left, pair, name;
    const char *equals;
    char *copy = keep(format, strlen(spec));

    if (copy == NULL)
        return fail(why, why_len, "is too long");
    memcpy(copy, spec, strlen(spec));
    left = (struct gl_text){copy, (uint32_t) strlen(spec)};
    format->kind = GL_LOGS_JSON;
    do {
        pair = gl_text_item(&left);
        equals = pair.len > 0 ? memchr(pair.data, '=', pair.len) : NULL;
        if (equals == NULL)
            return fail(why, why_len,
                        "must be like json:remote_addr=client.ip,"
                        "time_iso8601=time,request_uri=url,status=status");
        name = (struct gl_text){pair.data, (uint32_t) (equals - pair.data)};
        pair.len -= name.len + 1;
        pair.data = equals + 1;
        if (add(format, pair, name) != 0)
            return fail(why, why_len, "is too long");
        if (format->pieces[format->pieces_n - 1].field == GL_LOGS_SKIPPED)
            return fail(why, why_len,
                        "has a field that is no variable of nginx which "
                        "glinto knows, or of which it needs nothing");
    } while (left.data != NULL);
    return 0;
}

/* ---- all ---- */

static int
has(const struct gl_logs_format *format, enum gl_logs_field field)
{
    for (int i = 0; i < format->pieces_n; i++)
        if (format->pieces[i].field == field)
            return 1;
    return 0;
}

static int
check(const struct gl_logs_format *format, char *why, size_t why_len)
{
    if (!has(format, GL_LOGS_ADDRESS) && !has(format, GL_LOGS_FORWARDED))
        return fail(why, why_len,
                    "has no $remote_addr: nobody can be told apart");
    if (!has(format, GL_LOGS_TIME_LOCAL) && !has(format, GL_LOGS_TIME_ISO) &&
        !has(format, GL_LOGS_TIME_UNIX))
        return fail(why, why_len,
                    "has no $time_local, $time_iso8601 or $msec");
    if (!has(format, GL_LOGS_REQUEST) && !has(format, GL_LOGS_URI) &&
        !has(format, GL_LOGS_PATH))
        return fail(why, why_len, "has no $request, $request_uri or $uri");
    if (!has(format, GL_LOGS_STATUS))
        return fail(why, why_len, "has no $status");
    return 0;
}

static void
note_evidence(struct gl_logs_format *format)
{
    const struct gl_text language = {"accept-language", 15};
    const struct gl_text encoding = {"accept-encoding", 15};
    const struct gl_text agent = {"user-agent", 10};

    for (int i = 0; i < format->pieces_n; i++) {
        const struct gl_logs_piece *piece = &format->pieces[i];

        if (piece->field != GL_LOGS_HEADER)
            continue;
        format->has_agent |= gl_text_is(piece->name, agent);
        format->has_evidence |= gl_text_is(piece->name, language) ||
                                gl_text_is(piece->name, encoding);
    }
}

int
gl_logs_format_read(struct gl_logs_format *format, const char *text, char *why,
                    size_t why_len)
{
    int result;

    memset(format, 0, sizeof *format);
    if (strcmp(text, "caddy") == 0) {
        format->kind = GL_LOGS_CADDY;
        format->has_agent = format->has_evidence = 1;
        return 0;
    }
    for (size_t i = 0; i < KNOWN_N; i++)
        if (strcmp(text, known[i].name) == 0)
            text = known[i].text;
    result = strncmp(text, "json:", 5) == 0
                 ? read_json(format, text + 5, why, why_len)
                 : read_text(format, text, why, why_len);
    if (result != 0 || check(format, why, why_len) != 0)
        return -1;
    note_evidence(format);
    return 0;
}
