/* JSON-RPC of the Model Context Protocol; see message.h. */

#include "mcp/message.h"

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "mcp/tools.h"
#include "version.h"

#define VERSION "2026-07-28"
#define META "io.modelcontextprotocol/"
#define BASE64_BEGIN "=?base64?" /* of a header that is no plain ASCII */
#define BASE64_END "?="
/* Tools change with glintod, which is not often. */
#define LIST_TTL_MS 3600000
/* 3.1 is no 3.1000000000000001, as in the Stats API. */
#define ANSWER_FORMAT (JSON_COMPACT | JSON_REAL_PRECISION(15))

/* With a handshake; the newest first. */
static const char *const before[] = {"2025-11-25", "2025-06-18", "2025-03-26"};

static const char instructions[] =
    "Exact numbers of the web sites of one account: visitors, visits, "
    "pageviews and events, counted without samples. Call list_sites first; "
    "every other tool takes one of its domains as site_id. Days are those of "
    "the site's time zone. A refusal says what is wrong with the arguments.";

enum code { /* of JSON-RPC, then of MCP */
            CODE_PARSE = -32700,
            CODE_REQUEST = -32600,
            CODE_METHOD = -32601,
            CODE_PARAMS = -32602,
            CODE_INTERNAL = -32603,
            CODE_HEADERS = -32020,
            CODE_VERSION = -32022
};

enum era { ERA_BOTH, ERA_HANDSHAKE, ERA_NOW };

struct reading {
    const struct gl_mcp_headers *headers;
    struct gl_mcp_reply *reply;
    json_t *params;
    enum era era; /* one of the last two */
};

/* ---- responses ---- */

static json_t *
error_json(const json_t *id, enum code code, const char *sentence,
           json_t *data)
{
    json_t *error =
        json_pack("{s:i, s:s}", "code", (int) code, "message", sentence);
    json_t *body = json_pack("{s:s, s:o}", "jsonrpc", "2.0", "error", error);

    if (data != NULL)
        json_object_set_new(error, "data", data);
    if (id != NULL)
        json_object_set(body, "id", (json_t *) (uintptr_t) id);
    return body;
}

static void
refuse(struct reading *reading, int status, enum code code,
       const char *sentence)
{
    reading->reply->status = status;
    reading->reply->body =
        error_json(reading->reply->id, code, sentence, NULL);
}

static json_t *
server_json(void)
{
    return json_pack("{s:s, s:s, s:s}", "name", "glinto", "title", "Glinto",
                     "version", GL_VERSION);
}

/* What every result has since 2026; RESULT is taken. */
static json_t *
complete(json_t *result)
{
    json_object_set_new(result, "resultType", json_string("complete"));
    json_object_set_new(result, "_meta",
                        json_pack("{s:o}", META "serverInfo", server_json()));
    return result;
}

/* RESULT is taken. */
static void
answer(struct reading *reading, json_t *result)
{
    reading->reply->status = 200;
    reading->reply->body =
        json_pack("{s:s, s:O, s:o}", "jsonrpc", "2.0", "id",
                  reading->reply->id, "result", complete(result));
}

/* RESULT is taken, and returned: the same for everybody. */
static json_t *
cacheable(json_t *result)
{
    json_object_set_new(result, "ttlMs", json_integer(LIST_TTL_MS));
    json_object_set_new(result, "cacheScope", json_string("public"));
    return result;
}

json_t *
gl_mcp_result(int status, json_t *told)
{
    json_t *result = json_object();
    char *text = status == 200 ? json_dumps(told, ANSWER_FORMAT) : NULL;
    const char *sentence =
        text != NULL ? text
                     : json_string_value(json_object_get(told, "error"));

    json_object_set_new(
        result, "content",
        json_pack("[{s:s, s:s}]", "type", "text", "text",
                  sentence == NULL ? "out of memory" : sentence));
    if (text != NULL)
        json_object_set(result, "structuredContent", told);
    json_object_set_new(result, "isError", json_boolean(text == NULL));
    free(text);
    return complete(result);
}

char *
gl_mcp_response(const char *id, const char *result)
{
    return g_strdup_printf("{\"jsonrpc\":\"2.0\",\"id\":%s,\"result\":%s}", id,
                           result);
}

char *
gl_mcp_failure(const char *id, const char *sentence)
{
    json_auto_t *number = json_loads(id, JSON_DECODE_ANY, NULL);
    json_auto_t *body = error_json(number, CODE_INTERNAL, sentence, NULL);
    char *text = json_dumps(body, JSON_COMPACT);
    char *copy = g_strdup(text == NULL ? "" : text);

    free(text);
    return copy;
}

/* ---- methods ---- */

static json_t *
capabilities(void)
{
    return json_pack("{s:{}}", "tools");
}

static void
initialize(struct reading *reading)
{
    const char *asked =
        json_string_value(json_object_get(reading->params, "protocolVersion"));
    const char *version = before[0];

    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        if (g_strcmp0(asked, before[i]) == 0)
            version = before[i];
    answer(reading,
           json_pack("{s:s, s:o, s:o, s:s}", "protocolVersion", version,
                     "capabilities", capabilities(), "serverInfo",
                     server_json(), "instructions", instructions));
}

static json_t *
versions_json(void)
{
    json_t *versions = json_pack("[s]", VERSION);

    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        json_array_append_new(versions, json_string(before[i]));
    return versions;
}

static void
discover(struct reading *reading)
{
    answer(reading,
           cacheable(json_pack("{s:o, s:o, s:s}", "supportedVersions",
                               versions_json(), "capabilities", capabilities(),
                               "instructions", instructions)));
}

static void
ping(struct reading *reading)
{
    answer(reading, json_object());
}

static void
list_tools(struct reading *reading)
{
    answer(reading, cacheable(json_pack("{s:o}", "tools", gl_mcp_tools())));
}

static void
call_tool(struct reading *reading)
{
    struct gl_mcp_reply *reply = reading->reply;
    json_t *params = reading->params;

    reply->tool = json_string_value(json_object_get(params, "name"));
    if (params != NULL && json_object_get(params, "arguments") == NULL)
        json_object_set_new(params, "arguments", json_object());
    reply->arguments = json_object_get(params, "arguments");
    if (reply->tool == NULL || !json_is_object(reply->arguments))
        refuse(reading, 200, CODE_PARAMS,
               "params are the \"name\" of a tool and \"arguments\", an "
               "object");
    else if (!gl_mcp_has_tool(reply->tool))
        refuse(reading, 200, CODE_PARAMS, "there is no such tool");
}

static const struct {
    const char *name;
    enum era era;
    void (*run)(struct reading *reading);
} methods[] = {
    {"initialize", ERA_HANDSHAKE, initialize},
    {"ping", ERA_HANDSHAKE, ping},
    {"server/discover", ERA_NOW, discover},
    {"tools/list", ERA_BOTH, list_tools},
    {"tools/call", ERA_BOTH, call_tool},
};

/* ---- which version ---- */

static const json_t *
meta(const struct reading *reading, const char *key)
{
    return json_object_get(json_object_get(reading->params, "_meta"), key);
}

/* VALUE of a header is TEXT, maybe in base64. */
static int
is_header(const char *value, const char *text)
{
    size_t len = value == NULL ? 0 : strlen(value), bytes;
    size_t begin = strlen(BASE64_BEGIN), end = strlen(BASE64_END);

    if (value == NULL || text == NULL)
        return 0;
    if (len < begin + end || !g_str_has_prefix(value, BASE64_BEGIN) ||
        !g_str_has_suffix(value, BASE64_END))
        return strcmp(value, text) == 0;
    g_autofree char *inner = g_strndup(value + begin, len - begin - end);
    g_autofree guchar *decoded = g_base64_decode(inner, &bytes);
    return bytes == strlen(text) && memcmp(decoded, text, bytes) == 0;
}

static void
refuse_version(struct reading *reading, const char *asked)
{
    reading->reply->status = 400;
    reading->reply->body =
        error_json(reading->reply->id, CODE_VERSION,
                   "this version of the protocol is not spoken here",
                   json_pack("{s:o, s:s}", "supported", versions_json(),
                             "requested", asked));
}

/* A header may be what somebody on the way acts on: it must say what the body
 * says. */
static int
check_now(struct reading *reading, const char *method)
{
    const struct gl_mcp_headers *headers = reading->headers;
    const char *version =
        json_string_value(meta(reading, META "protocolVersion"));
    const char *name =
        json_string_value(json_object_get(reading->params, "name"));

    if (version == NULL ||
        !json_is_object(meta(reading, META "clientCapabilities")))
        refuse(reading, 400, CODE_PARAMS,
               "\"_meta\" has " META "protocolVersion and " META
               "clientCapabilities");
    else if (g_strcmp0(headers->version, version) != 0)
        refuse(reading, 400, CODE_HEADERS,
               "the header MCP-Protocol-Version is not the version in "
               "\"_meta\"");
    else if (strcmp(version, VERSION) != 0)
        refuse_version(reading, version);
    else if (g_strcmp0(headers->method, method) != 0)
        refuse(reading, 400, CODE_HEADERS,
               "the header Mcp-Method is not \"method\"");
    else if (strcmp(method, "tools/call") == 0 &&
             !is_header(headers->name, name))
        refuse(reading, 400, CODE_HEADERS,
               "the header Mcp-Name is not the tool's \"name\"");
    return reading->reply->status == 0 ? 0 : -1;
}

static int
check_handshake(struct reading *reading)
{
    const char *version = reading->headers->version;

    if (version == NULL)
        return 0;
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++)
        if (strcmp(version, before[i]) == 0)
            return 0;
    refuse_version(reading, version);
    return -1;
}

static int
check_version(struct reading *reading, const char *method)
{
    reading->era = meta(reading, META "protocolVersion") != NULL ||
                           g_strcmp0(reading->headers->version, VERSION) == 0
                       ? ERA_NOW
                       : ERA_HANDSHAKE;
    return reading->era == ERA_NOW ? check_now(reading, method)
                                   : check_handshake(reading);
}

/* ---- a message ---- */

static void
run(struct reading *reading, const char *method)
{
    size_t i = 0;

    while (i < G_N_ELEMENTS(methods) &&
           (strcmp(methods[i].name, method) != 0 ||
            (methods[i].era != ERA_BOTH && methods[i].era != reading->era)))
        i++;
    if (i < G_N_ELEMENTS(methods))
        methods[i].run(reading);
    else
        refuse(reading, reading->era == ERA_NOW ? 404 : 200, CODE_METHOD,
               "there is no such method");
}

/* 1: it is a request, whose id is known. */
static int
check_request(struct reading *reading, const char *method)
{
    const json_t *message = reading->reply->message;
    const json_t *id = json_object_get(message, "id");
    const char *version =
        json_string_value(json_object_get(message, "jsonrpc"));

    if (json_is_string(id) || json_is_integer(id))
        reading->reply->id = id;
    if (method == NULL || g_strcmp0(version, "2.0") != 0 ||
        (id != NULL && reading->reply->id == NULL) ||
        (reading->params != NULL && !json_is_object(reading->params)))
        refuse(reading, 400, CODE_REQUEST,
               "the body is one request of JSON-RPC 2.0, an object with "
               "\"jsonrpc\", \"id\", \"method\" and \"params\"");
    else if (id == NULL)
        reading->reply->status = 202;
    return reading->reply->status == 0;
}

void
gl_mcp_read(const char *text, size_t len, const struct gl_mcp_headers *headers,
            struct gl_mcp_reply *reply)
{
    struct reading reading = {.headers = headers, .reply = reply};

    *reply = (struct gl_mcp_reply){0};
    reply->message = json_loadb(text, len, JSON_REJECT_DUPLICATES, NULL);
    if (reply->message == NULL) {
        refuse(&reading, 400, CODE_PARSE, "the body is not JSON");
        return;
    }
    reading.params = json_object_get(reply->message, "params");
    const char *method =
        json_string_value(json_object_get(reply->message, "method"));
    if (check_request(&reading, method) &&
        check_version(&reading, method) == 0)
        run(&reading, method);
}

void
gl_mcp_reply_fini(struct gl_mcp_reply *reply)
{
    json_decref(reply->body);
    json_decref(reply->message);
    *reply = (struct gl_mcp_reply){0};
}
