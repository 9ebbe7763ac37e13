/*
 * Door: what a program says by the Model Context Protocol.  Input: three lines
 * with the headers (version, method, name; empty = there is none), then the
 * body.
 *
 * Each has an answer of JSON, or is a notification; arguments of a tool become
 * questions of the Stats API, or are refused with a sentence.
 */

#include "fuzz.h"
#include "mcp/message.h"
#include "mcp/questions.h"
#include "question/parse.h"

#include <string.h>

#define NOW_MS INT64_C(1795876215000) /* 2026-11-28 14:30:15 UTC */

static struct gl_parse_site site;

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void) argc;
    (void) argv;
    site =
        (struct gl_parse_site){7, {gl_zone_new("UTC"), NOW_MS, NOW_MS}, NULL};
    return 0;
}

/* QUERY is taken. */
static void
check_query(json_t *query)
{
    struct gl_asked asked;
    char *why = NULL;

    FUZZ_MUST(json_is_object(query));
    if (gl_defined_needed(query)) {
        /* what the site defines would be read first */
    } else if (gl_parse(query, &site, &asked, &why) == 0) {
        gl_asked_fini(&asked);
    } else {
        FUZZ_MUST(why != NULL && why[0] != '\0');
        g_free(why);
    }
    json_decref(query);
}

static void
ask(json_t *(*question)(json_t *arguments, char **why), json_t *arguments)
{
    char *why = NULL;
    json_t *query = question(arguments, &why);

    if (query != NULL) {
        check_query(query);
        return;
    }
    FUZZ_MUST(why != NULL && why[0] != '\0');
    g_free(why);
}

static void
call(json_t *arguments)
{
    json_t *queries = gl_mcp_realtime(arguments);

    ask(gl_mcp_breakdown, arguments);
    ask(gl_mcp_compare, arguments);
    for (size_t i = 0; i < json_array_size(queries); i++)
        check_query(json_incref(json_array_get(queries, i)));
    json_decref(queries);
}

static void
check(struct gl_mcp_reply *reply)
{
    json_t *result;

    if (reply->status == 0) {
        FUZZ_MUST(reply->tool != NULL && json_is_object(reply->arguments));
        call(reply->arguments);
        result = gl_mcp_result(200, reply->arguments);
        FUZZ_MUST(json_is_object(result));
        json_decref(result);
        return;
    }
    FUZZ_MUST(reply->status >= 200 && reply->status < 500);
    FUZZ_MUST(reply->body == NULL || json_is_object(reply->body));
    FUZZ_MUST(reply->body != NULL || reply->status == 202);
}

/* The next line, ended by a NUL in memory of its own; NULL = it is empty. */
static char *
take_line(const uint8_t **at, size_t *left)
{
    const uint8_t *end = *left == 0 ? NULL : memchr(*at, '\n', *left);
    size_t len = end == NULL ? *left : (size_t) (end - *at);
    char *line = g_strndup((const char *) *at, len);
    size_t taken = end == NULL ? len : len + 1;

    *at += taken;
    *left -= taken;
    if (line[0] != '\0')
        return line;
    g_free(line);
    return NULL;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *version = take_line(&data, &size);
    char *method = take_line(&data, &size);
    char *name = take_line(&data, &size);
    const struct gl_mcp_headers headers = {version, method, name};
    struct gl_mcp_reply reply;

    gl_mcp_read((const char *) data, size, &headers, &reply);
    check(&reply);
    gl_mcp_reply_fini(&reply);
    g_free(version);
    g_free(method);
    g_free(name);
    return 0;
}
