/*
 * The admin socket.
 *
 *     POST /v1/NOUN/VERB            body: the arguments, a JSON object
 *     POST /v1/import/chunk?hash=&offset=&site=    body: lines of events
 *     GET  /v1/NOUN/VERB?name=value ...    of a verb that reads
 *     GET  /v1/live/SITE            a stream, see stream.c
 *     GET  /health                  the verb health: 200, 503, 507
 *
 * The verbs and their methods are those of admin/verbs.def.  The body of an
 * answer is the writer thread's, as it is.  Who may ask is the door's
 * business; what the arguments mean is the writer thread's.  Loop thread.
 */

#include "serve/admin.h"

#include <event2/buffer.h>
#include <event2/keyvalq_struct.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "serve/reply.h"

static void
on_answer(void *arg, int status, const char *answer)
{
    if (status != GL_ASK_GONE)
        gl_reply_json_text(arg, status, answer);
}

/* TEXT as ARG (NULL = unknown) has it; what cannot be is refused later. */
static json_t *
query_value(const struct gl_verb_arg *arg, const char *text)
{
    char *end;
    if (arg != NULL && arg->type == GL_ARG_NUMBER) {
        long long n = strtoll(text, &end, 10);
        if (text[0] != '\0' && *end == '\0')
            return json_integer(n);
    }
    return json_string(text);
}

/* The query of REQ as arguments of VERB.  NULL: not UTF-8, or out of
 * memory. */
static json_t *
query_args(struct evhttp_request *req, const struct gl_verb *verb)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
    struct evkeyvalq pairs;
    struct evkeyval *pair;
    json_t *args = json_object();
    if (query == NULL)
        return args;
    if (evhttp_parse_query_str(query, &pairs) == -1) {
        json_decref(args);
        return NULL;
    }
    for (pair = pairs.tqh_first; pair != NULL; pair = pair->next.tqe_next) {
        const struct gl_verb_arg *arg = gl_verb_arg(verb, pair->key);
        if (json_object_set_new(args, pair->key,
                                query_value(arg, pair->value)) == -1) {
            json_decref(args);
            args = NULL;
            break;
        }
    }
    evhttp_clear_headers(&pairs);
    return args;
}

/* The body of REQ as arguments; none is an empty object. */
static json_t *
body_args(struct evhttp_request *req, json_error_t *error)
{
    struct evbuffer *body = evhttp_request_get_input_buffer(req);
    size_t len = evbuffer_get_length(body);
    if (len == 0)
        return json_object();
    const char *text = (const char *) evbuffer_pullup(body, -1);
    return json_loadb(text, len, JSON_REJECT_DUPLICATES, error);
}

static void
ask(struct gl_admin *admin, struct evhttp_request *req,
    const struct gl_verb *verb, json_t *args, char *body, size_t body_len)
{
    char actor[32];
    uid_t uid = 0;
    gl_reply_peer(req, &uid);
    snprintf(actor, sizeof actor, "uid %u", (unsigned) uid);
    gl_ask(admin->asks, req, verb->name, args, body, body_len, actor,
           on_answer, req);
}

static void
ask_chunk(struct gl_admin *admin, struct evhttp_request *req,
          const struct gl_verb *verb)
{
    struct evbuffer *input = evhttp_request_get_input_buffer(req);
    size_t len = evbuffer_get_length(input);
    json_t *args = query_args(req, verb);
    if (args == NULL || len == 0) {
        json_decref(args);
        gl_reply_error(req, 400,
                       "a chunk needs ?hash=&offset=&site= and lines");
        return;
    }
    char *body = malloc(len);
    if (body == NULL) {
        json_decref(args);
        gl_reply_error(req, 503, "out of memory");
        return;
    }
    evbuffer_remove(input, body, len);
    ask(admin, req, verb, args, body, len);
}

static void
ask_json(struct gl_admin *admin, struct evhttp_request *req,
         const struct gl_verb *verb, int get)
{
    json_error_t error = {.text = "the query is not UTF-8"};
    if (evbuffer_get_length(evhttp_request_get_input_buffer(req)) >
        GL_ADMIN_ARGS_MAX) {
        gl_reply_refuse(req, 413, "the arguments are longer than 64 KiB");
        return;
    }
    json_t *args = get ? query_args(req, verb) : body_args(req, &error);
    if (!json_is_object(args)) {
        char sentence[JSON_ERROR_TEXT_LENGTH + 64];
        snprintf(sentence, sizeof sentence,
                 "the arguments must be a JSON object%s%s",
                 args == NULL ? ": " : "", args == NULL ? error.text : "");
        json_decref(args);
        gl_reply_error(req, 400, sentence);
        return;
    }
    ask(admin, req, verb, args, NULL, 0);
}

static void
refuse_method(struct evhttp_request *req, const char *allow)
{
    char sentence[32];
    snprintf(sentence, sizeof sentence, "use %s", allow);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Allow", allow);
    gl_reply_error(req, 405, sentence);
}

static void
request_live(struct gl_admin *admin, struct evhttp_request *req,
             const char *name)
{
    if (evhttp_request_get_command(req) != EVHTTP_REQ_GET) {
        refuse_method(req, "GET");
        return;
    }
    char *site = gl_reply_decode(name, strlen(name));
    if (site == NULL) {
        gl_reply_error(req, 503, "out of memory");
        return;
    }
    gl_streams_request(admin->streams, req, site);
    free(site);
}

void
gl_admin_request(struct evhttp_request *req, void *arg)
{
    static const char root[] = "/v1/", live[] = "live/", health[] = "/health";
    struct gl_admin *admin = arg;
    enum evhttp_cmd_type method = evhttp_request_get_command(req);
    const char *path = evhttp_uri_get_path(evhttp_request_get_evhttp_uri(req));
    const struct gl_verb *verb = NULL;
    if (path != NULL && strcmp(path, health) == 0) {
        verb = gl_verb_by_name(health + 1);
    } else if (path != NULL && strncmp(path, root, sizeof root - 1) == 0) {
        path += sizeof root - 1;
        verb = gl_verb_by_path(path);
        if (verb == NULL && strncmp(path, live, sizeof live - 1) == 0) {
            request_live(admin, req, path + sizeof live - 1);
            return;
        }
    }
    if (verb == NULL)
        gl_reply_error(req, 404, "no such address; POST /v1/<noun>/<verb>");
    else if (method == EVHTTP_REQ_POST && verb->kind == GL_VERB_LINES)
        ask_chunk(admin, req, verb);
    else if (method == EVHTTP_REQ_POST)
        ask_json(admin, req, verb, 0);
    else if (method == EVHTTP_REQ_GET && verb->kind < GL_VERB_CHANGES)
        ask_json(admin, req, verb, 1);
    else
        refuse_method(req,
                      verb->kind < GL_VERB_CHANGES ? "GET, POST" : "POST");
}
