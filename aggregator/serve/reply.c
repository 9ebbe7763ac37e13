/*
 * What every HTTP answer and question has in common.  Every answer made here
 * carries the security headers; those evhttp makes by itself (a request it
 * cannot read) do not, and carry no data either.  Loop thread.
 */

#include "serve/reply.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <sys/queue.h>
#include <event2/keyvalq_struct.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "access/cookie.h"
#include "language/language.h"
#include "serve/socket.h"
#include "wiped.h"

#define GL_REPLY_HEADERS_MAX 64 /* a browser through nginx sends some 20 */

/* Everything from our own origin, nothing inline; no DOM sink takes text. */
#define GL_REPLY_CSP                                                          \
    "default-src 'none'; script-src 'self'; connect-src 'self'; "             \
    "style-src 'self'; img-src 'self' data:; base-uri 'none'; "               \
    "frame-ancestors 'none'; form-action 'self'; "                            \
    "require-trusted-types-for 'script'; trusted-types 'none'"

static const struct {
    int status;
    const char *phrase;
} phrases[] = {
    {200, "OK"},
    {202, "Accepted"},
    {303, "See Other"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {421, "Misdirected Request"},
    {426, "Upgrade Required"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {507, "Insufficient Storage"},
};

const char *
gl_reply_phrase(int status)
{
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (phrases[i].status == status)
            return phrases[i].phrase;
    return "Error";
}

/* No header from outside: dashboard.conf passes none of this name, and what
 * came by it is taken out. */
static const char speech_header[] = "X-Glinto-Speech";

/* The reader of REQ has chosen *LANGUAGE: 1, or 0. */
static int
has_chosen(struct evhttp_request *req, enum gl_language *language)
{
    const char *query =
        evhttp_uri_get_query(evhttp_request_get_evhttp_uri(req));
    g_auto(GStrv) pairs = g_strsplit(query == NULL ? "" : query, "&", -1);
    int found = 0;

    for (int i = 0; !found && pairs[i] != NULL; i++)
        found = g_str_has_prefix(pairs[i], "lang=") &&
                gl_language_find(pairs[i] + 5, strlen(pairs[i] + 5), language);
    return found;
}

void
gl_reply_listen(struct evhttp_request *req, const struct gl_conf *conf)
{
    struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
    struct gl_speech speech = {GL_LANGUAGE_EN, GL_LANGUAGE_ACCEPTED};
    char word[GL_SPEECH_MAX];

    if (has_chosen(req, &speech.language))
        speech.by = GL_LANGUAGE_CHOSEN;
    else if (gl_language_find(conf->language, strlen(conf->language),
                              &speech.language))
        speech.by = GL_LANGUAGE_FIXED;
    else
        gl_language_accepted(gl_reply_header(req, "Accept-Language"),
                             &speech.language);
    gl_speech_word(speech, word);
    while (evhttp_remove_header(headers, speech_header) == 0)
        continue;
    evhttp_add_header(headers, speech_header, word);
    gl_speak(speech);
}

void
gl_reply_speak(struct evhttp_request *req)
{
    gl_speak(gl_speech_read(gl_reply_header(req, speech_header)));
}

json_t *
gl_reply_speech(struct evhttp_request *req)
{
    return json_string(gl_reply_header(req, speech_header));
}

void
gl_reply_secure(struct evhttp_request *req, const char *cache)
{
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    /* gl_reply_frame() may have been before */
    if (evhttp_find_header(headers, "Content-Security-Policy") == NULL) {
        evhttp_add_header(headers, "Content-Security-Policy", GL_REPLY_CSP);
        evhttp_add_header(headers, "X-Frame-Options", "DENY");
    }
    evhttp_add_header(headers, "X-Content-Type-Options", "nosniff");
    /* gl_reply_origin() may have been before */
    if (evhttp_find_header(headers, "Referrer-Policy") == NULL)
        evhttp_add_header(headers, "Referrer-Policy", "no-referrer");
    evhttp_add_header(headers, "Cross-Origin-Resource-Policy", "same-origin");
    evhttp_add_header(headers, "Cache-Control", cache);
}

void
gl_reply_text(struct evhttp_request *req, int status, const char *type,
              const char *cache, const char *text, size_t len)
{
    struct evbuffer *body = evhttp_request_get_output_buffer(req);
    struct evkeyvalq *headers = evhttp_request_get_output_headers(req);
    char length[24];
    gl_reply_secure(req, cache);
    evhttp_add_header(headers, "Content-Type", type);
    snprintf(length, sizeof length, "%zu", len);
    evhttp_add_header(headers, "Content-Length", length);
    if (evhttp_request_get_command(req) != EVHTTP_REQ_HEAD)
        evbuffer_add(body, text, len);
    evhttp_send_reply(req, status, gl_reply_phrase(status), NULL);
}

void
gl_reply_json_text(struct evhttp_request *req, int status, const char *text)
{
    if (text == NULL) {
        status = 500;
        text = "{\"error\":\"out of memory\"}";
    }
    gl_reply_text(req, status, "application/json", "no-store", text,
                  strlen(text));
}

void
gl_reply_json(struct evhttp_request *req, int status, const json_t *answer)
{
    char *text = json_dumps(answer, JSON_COMPACT | JSON_ENCODE_ANY);
    gl_reply_json_text(req, status, text);
    gl_wiped_free(text);
}

void
gl_reply_error(struct evhttp_request *req, int status, const char *sentence)
{
    json_auto_t *answer = json_pack("{s:s}", "error", sentence);
    gl_reply_json(req, status, answer);
}

void
gl_reply_refuse(struct evhttp_request *req, int status, const char *sentence)
{
    evhttp_add_header(evhttp_request_get_output_headers(req), "Connection",
                      "close");
    gl_reply_error(req, status, sentence);
}

static int
has_length(const struct evkeyval *header)
{
    return strcasecmp(header->key, "Content-Length") == 0 &&
           strcmp(header->value, "0") != 0;
}

const char *
gl_reply_fault(struct evhttp_request *req)
{
    struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
    struct evkeyval *header;
    int n = 0, lengths = 0, codings = 0, bodies = 0;
    TAILQ_FOREACH (header, headers, next) {
        n++;
        lengths += strcasecmp(header->key, "Content-Length") == 0;
        if (strcasecmp(header->key, "Transfer-Encoding") == 0)
            codings += 1 + (strcasecmp(header->value, "chunked") != 0);
        bodies += has_length(header);
    }
    if (n > GL_REPLY_HEADERS_MAX)
        return "too many headers";
    /* Two readers must never see two ends of one body. */
    if (lengths > 1 || codings > 1 || (lengths > 0 && codings > 0))
        return "the length of the body is not clear";
    /* Of HEAD evhttp reads none, and takes it for the next request: one that
     * nginx knows nothing of. */
    if (bodies + codings > 0 &&
        evhttp_request_get_command(req) == EVHTTP_REQ_HEAD)
        return "a HEAD has no body";
    return NULL;
}

const char *
gl_reply_header(struct evhttp_request *req, const char *name)
{
    struct evkeyvalq *headers = evhttp_request_get_input_headers(req);
    struct evkeyval *header;
    const char *value = NULL;
    TAILQ_FOREACH (header, headers, next) {
        if (strcasecmp(header->key, name) == 0) {
            if (value != NULL)
                return NULL;
            value = header->value;
        }
    }
    return value;
}

struct gl_asker
gl_reply_asker(struct evhttp_request *req, const struct gl_conf *conf)
{
    struct gl_asker asker = {.host = gl_reply_header(req, "Host"),
                             .authorization =
                                 gl_reply_header(req, "Authorization")};

    if (conf->access_header[0] != '\0')
        asker.person = gl_reply_header(req, conf->access_header);
    asker.cookies = gl_reply_header(req, "Cookie");
    gl_cookie(asker.cookies, GL_ACCESS_COOKIE, asker.session, GL_SECRET_LEN);
    return asker;
}

void
gl_reply_cookie(struct evhttp_request *req, const char *name,
                const char *value, int s)
{
    char cookie[192];

    snprintf(cookie, sizeof cookie,
             "%s=%s; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=%d", name,
             value, s);
    evhttp_add_header(evhttp_request_get_output_headers(req), "Set-Cookie",
                      cookie);
}

/* A site may show what is its own in a frame of its pages. */
void
gl_reply_frame(struct evhttp_request *req, const char *ancestors)
{
    static const char rest[] =
        "default-src 'none'; style-src 'self'; img-src 'self' data:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors ";
    g_autofree char *policy = g_strconcat(rest, ancestors, NULL);

    evhttp_add_header(evhttp_request_get_output_headers(req),
                      "Content-Security-Policy", policy);
}

void
gl_reply_origin(struct evhttp_request *req)
{
    /* With "no-referrer" a form has the Origin "null". */
    evhttp_add_header(evhttp_request_get_output_headers(req),
                      "Referrer-Policy", "strict-origin");
}

void
gl_reply_go(struct evhttp_request *req, const char *path)
{
    struct gl_speech speech =
        gl_speech_read(gl_reply_header(req, speech_header));
    g_autofree char *chosen =
        speech.by == GL_LANGUAGE_CHOSEN && strchr(path, '?') == NULL
            ? g_strdup_printf("%s?lang=%s", path,
                              gl_language_code(speech.language))
            : g_strdup(path);

    evhttp_add_header(evhttp_request_get_output_headers(req), "Location",
                      chosen);
    gl_reply_text(req, 303, "text/plain; charset=utf-8", "no-store", "", 0);
}

char *
gl_reply_decode(const char *coded, size_t len)
{
    char *part = strndup(coded, len);
    size_t text_len = 0;
    char *text = part == NULL ? NULL : evhttp_uridecode(part, 0, &text_len);
    free(part);
    if (text != NULL && strlen(text) != text_len)
        text[0] = '\0';
    return text;
}

int
gl_reply_peer(struct evhttp_request *req, uid_t *uid)
{
    struct evhttp_connection *conn = evhttp_request_get_connection(req);
    if (conn == NULL)
        return -1;
    return gl_socket_peer(
        bufferevent_getfd(evhttp_connection_get_bufferevent(conn)), uid);
}
