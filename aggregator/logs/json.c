/*
 * Lines that are JSON objects: of a list of paths, or as Caddy writes them
 *
 *   {"ts": 1791640536.1, "status": 200, "request": {"remote_ip": ..., "method":
 *    ..., "host": ..., "uri": ..., "headers": {"User-Agent": [...]}},
 *    "resp_headers": {"Content-Type": [...]}}
 *
 * jansson reads them.
 */

#include "logs/json.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "logs/value.h"

#define KEY_MAX 256

/* VALUE, of which an array's first counts, goes into RECORD as PIECE's. */
static void
take(struct gl_logs_memory *memory, const struct gl_logs_piece *piece,
     const json_t *value, struct gl_logs_record *record)
{
    struct gl_memory from = gl_logs_memory_of(memory);
    char number[32];
    const char *text = number;
    size_t len;
    char *copy;

    if (json_is_array(value))
        value = json_array_get(value, 0);
    if (json_is_string(value)) {
        text = json_string_value(value);
        len = json_string_length(value);
    } else if (json_is_integer(value)) {
        len = (size_t) snprintf(number, sizeof number, "%lld",
                                (long long) json_integer_value(value));
    } else if (json_is_real(value)) {
        len = (size_t) snprintf(number, sizeof number, "%.3f",
                                json_real_value(value));
        if (len >= sizeof number) /* 1e300 */
            return;
    } else {
        return;
    }
    copy = len > 0 ? from.get(from.from, len) : NULL;
    if (copy == NULL)
        return;
    memcpy(copy, text, len);
    gl_logs_value_(memory, piece, (struct gl_text){copy, (uint32_t) len}, 0,
                   record);
}

/* What PATH, "a.b.c", leads to: a whole key first, as keys may have dots. */
static const json_t *
find(const json_t *object, struct gl_text path)
{
    char key[KEY_MAX];
    const char *dot;
    const json_t *found;

    if (path.len >= sizeof key)
        return NULL;
    memcpy(key, path.data, path.len);
    key[path.len] = '\0';
    found = json_object_get(object, key);
    dot = memchr(path.data, '.', path.len);
    if (found != NULL || dot == NULL)
        return found;
    key[dot - path.data] = '\0';
    path.len -= (uint32_t) (dot + 1 - path.data);
    path.data = dot + 1;
    return find(json_object_get(object, key), path);
}

static void
read_paths(const struct gl_logs_format *format, struct gl_logs_memory *memory,
           const json_t *root, struct gl_logs_record *record)
{
    for (int i = 0; i < format->pieces_n; i++)
        take(memory, &format->pieces[i], find(root, format->pieces[i].before),
             record);
}

/* ---- Caddy ---- */

static void
take_as(struct gl_logs_memory *memory, enum gl_logs_field field,
        const json_t *value, struct gl_logs_record *record)
{
    const struct gl_logs_piece piece = {.field = field};

    take(memory, &piece, value, record);
}

static void
read_headers(struct gl_logs_memory *memory, json_t *headers,
             struct gl_logs_record *record)
{
    struct gl_logs_piece piece = {.field = GL_LOGS_HEADER};
    const char *name;
    json_t *value;

    json_object_foreach (headers, name, value) {
        char lower[KEY_MAX];
        size_t len = strlen(name);

        if (len >= sizeof lower)
            continue;
        for (size_t i = 0; i < len; i++)
            lower[i] =
                (char) (name[i] >= 'A' && name[i] <= 'Z' ? name[i] | 0x20
                                                         : name[i]);
        piece.name = (struct gl_text){lower, (uint32_t) len};
        take(memory, &piece, value, record);
    }
}

static const char *
read_caddy(struct gl_logs_memory *memory, const json_t *root,
           struct gl_logs_record *record)
{
    const json_t *request = json_object_get(root, "request");
    const json_t *ts = json_object_get(root, "ts");
    const json_t *address = json_object_get(request, "client_ip");

    if (!json_is_object(request))
        return "has no \"request\": it is no line of an access log";
    if (address == NULL)
        address = json_object_get(request, "remote_ip");
    if (address == NULL)
        address = json_object_get(request, "remote_addr");
    take_as(memory, json_is_string(ts) ? GL_LOGS_TIME_ISO : GL_LOGS_TIME_UNIX,
            ts, record);
    take_as(memory, GL_LOGS_ADDRESS, address, record);
    take_as(memory, GL_LOGS_METHOD, json_object_get(request, "method"),
            record);
    take_as(memory, GL_LOGS_PROTOCOL, json_object_get(request, "proto"),
            record);
    take_as(memory, GL_LOGS_HOST, json_object_get(request, "host"), record);
    take_as(memory, GL_LOGS_URI, json_object_get(request, "uri"), record);
    take_as(memory, GL_LOGS_STATUS, json_object_get(root, "status"), record);
    read_headers(memory, json_object_get(request, "headers"), record);
    take_as(
        memory, GL_LOGS_TYPE,
        json_object_get(json_object_get(root, "resp_headers"), "Content-Type"),
        record);
    return NULL;
}

const char *
gl_logs_json_(const struct gl_logs_format *format,
              struct gl_logs_memory *memory, struct gl_text line,
              struct gl_logs_record *record)
{
    json_t *root = json_loadb(line.data, line.len, 0, NULL);
    const char *wrong = NULL;

    if (!json_is_object(root))
        wrong = "is no JSON object";
    else if (format->kind == GL_LOGS_CADDY)
        wrong = read_caddy(memory, root, record);
    else
        read_paths(format, memory, root, record);
    json_decref(root);
    return wrong;
}
