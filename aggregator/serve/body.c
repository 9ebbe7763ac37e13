/* Bodies; see body.h. */

#include "serve/body.h"

#include <event2/buffer.h>
#include <event2/http_struct.h>
#include <event2/keyvalq_struct.h>
#include <glib.h>
#include <string.h>

#include "serve/reply.h"
#include "wiped.h"

/* A form has no more fields. */
#define FIELDS_MAX 100

/* NULL, and *WHY says what was expected. */
static json_t *
refuse(json_t *fields, const char *expected, char **why)
{
    json_decref(fields);
    *why = g_strdup(expected);
    return NULL;
}

/* One more of FIELDS: 0, or -1: there is one, or it is no text. */
static int
add_field(json_t *fields, const char *name, const char *value)
{
    return json_object_get(fields, name) != NULL
               ? -1
               : json_object_set_new(fields, name, json_string(value));
}

/* ---- NAME=VALUE&... ---- */

/* TEXT, NULL = none. */
static json_t *
read_pairs(const char *text, const char *wants, char **why)
{
    struct evkeyvalq list = {0};
    json_t *fields = json_object();
    int bad = text != NULL && evhttp_parse_query_str(text, &list) == -1;

    for (struct evkeyval *one = list.tqh_first; !bad && one != NULL;
         one = one->next.tqe_next)
        bad = add_field(fields, one->key, one->value) == -1;
    evhttp_clear_headers(&list);
    if (bad)
        return refuse(fields,
                      "parameters are NAME=VALUE with & between, each once, "
                      "in UTF-8",
                      why);
    *why = g_strdup(wants);
    return fields;
}

/* ---- multipart/form-data (RFC 7578) ---- */

/* PART, from behind its delimiter: headers, an empty line, the value.  -1: it
 * is something else, or a file. */
static int
add_part(json_t *fields, char *part)
{
    static const char key[] = " name=\"";
    char *end = strstr(part, "\r\n\r\n");

    if (end == NULL)
        return -1;
    *end = '\0';
    char *name = strstr(part, key);
    if (name == NULL || strstr(part, "filename") != NULL)
        return -1;
    name += sizeof key - 1;
    char *name_end = strchr(name, '"');
    if (name_end == NULL)
        return -1;
    *name_end = '\0';
    return add_field(fields, name, end + 4);
}

static json_t *
read_parts(const char *text, const char *boundary, const char *wants,
           char **why)
{
    g_autofree char *delimiter = g_strconcat("\r\n--", boundary, NULL);
    g_autofree char *whole = g_strconcat("\r\n", text, NULL);
    g_auto(GStrv) parts = g_strsplit(whole, delimiter, FIELDS_MAX + 2);
    json_t *fields = json_object();
    guint n = g_strv_length(parts);
    int bad = boundary[0] == '\0' || n < 2 || parts[0][0] != '\0' ||
              !g_str_has_prefix(parts[n - 1], "--");

    for (guint i = 1; !bad && i + 1 < n; i++)
        bad = add_part(fields, parts[i]) == -1;
    if (bad)
        return refuse(fields,
                      "a form has fields that are texts in UTF-8, each once, "
                      "and no files",
                      why);
    *why = g_strdup(wants);
    return fields;
}

/* ---- which it is ---- */

/* What of TYPE, a header, is behind "boundary=": the caller's. */
static char *
boundary_of(const char *type)
{
    const char *at = strstr(type, "boundary=");

    if (at == NULL)
        return g_strdup("");
    at += strlen("boundary=");
    char *boundary =
        g_strndup(at + (*at == '"'), strcspn(at + (*at == '"'), "\";"));
    return g_strstrip(boundary);
}

static json_t *
read_json(const char *text, size_t len, const char *wants, char **why)
{
    json_error_t error;
    json_t *body = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);

    *why = body == NULL
               ? g_strdup_printf("the body is not JSON: %s", error.text)
               : g_strdup(wants);
    return body;
}

/* "curl -d" calls everything a form: JSON is told by how it begins. */
static int
is_of(const char *type, const char *text, const char *kind)
{
    text += strspn(text, " \t\r\n");
    return type != NULL && *text != '{' && *text != '[' &&
           g_ascii_strncasecmp(type, kind, strlen(kind)) == 0;
}

/* The bytes of the body with a 0 behind, the caller's. */
static char *
bytes_of(struct evhttp_request *req, size_t *len)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(req);
    const char *bytes = (const char *) evbuffer_pullup(input, -1);

    *len = evbuffer_get_length(input);
    return bytes == NULL ? g_strdup("") : g_strndup(bytes, *len);
}

json_t *
gl_body_read(struct evhttp_request *req, const char *wants, char **why)
{
    const char *type = gl_reply_header(req, "Content-Type");
    size_t len;
    char *text = bytes_of(req, &len);
    json_t *body;

    if (is_of(type, text, "application/x-www-form-urlencoded")) {
        body = read_pairs(len > 0 ? text : NULL, wants, why);
    } else if (is_of(type, text, "multipart/form-data")) {
        g_autofree char *boundary = boundary_of(type);
        body = read_parts(text, boundary, wants, why);
    } else {
        body = read_json(text, len, wants, why);
    }
    gl_wiped_free(text);
    return body;
}

json_t *
gl_body_read_form(struct evhttp_request *req, const char *wants, char **why)
{
    size_t len;
    char *text = bytes_of(req, &len);
    json_t *fields = read_pairs(len > 0 ? text : NULL, wants, why);

    gl_wiped_free(text);
    return fields;
}

json_t *
gl_body_read_parameters(struct evhttp_request *req, const char *wants,
                        char **why)
{
    return read_pairs(evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req)),
                      wants, why);
}
