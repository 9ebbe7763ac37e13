/*
 * The WebSocket handshake, RFC 6455 section 4.2.1, and the Origin check that
 * keeps other sites' pages from listening with a reader's rights (a browser
 * lets any page open a WebSocket to us, but always says from where).
 */

#include "serve/handshake.h"

#include <event2/http_struct.h>
#include <string.h>
#include <strings.h>

#include "serve/reply.h"

/* The host of ORIGIN, with its port if it has one: what follows the scheme,
 * which must be SCHEME when there is one.  NULL: it has another. */
static const char *
origin_host(const char *origin, const char *scheme)
{
    static const char *const schemes[] = {"https", "http"};
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(schemes[i]);
        if ((scheme == NULL || strcmp(scheme, schemes[i]) == 0) &&
            strncmp(origin, schemes[i], len) == 0 &&
            strncmp(origin + len, "://", 3) == 0)
            return origin + len + 3;
    }
    return NULL;
}

/* Length of HOST without ":80" or ":443", which no Origin has. */
static size_t
without_default_port(const char *host)
{
    size_t len = strlen(host);
    if (len > 3 && strcmp(host + len - 3, ":80") == 0)
        return len - 3;
    if (len > 4 && strcmp(host + len - 4, ":443") == 0)
        return len - 4;
    return len;
}

int
gl_handshake_same_origin(const char *origin, const char *scheme,
                         const char *host)
{
    if (origin == NULL || host == NULL || host[0] == '\0')
        return 0;
    const char *from = origin_host(origin, scheme);
    if (from == NULL)
        return 0;
    size_t len = without_default_port(host);
    return strcmp(from, host) == 0 ||
           (strlen(from) == len && strncmp(from, host, len) == 0);
}

/* Is WORD one of the comma-separated words of header NAME? */
static int
header_has(struct evhttp_request *req, const char *name, const char *word)
{
    const char *at = gl_reply_header(req, name);
    size_t len = strlen(word);
    while (at != NULL && *at != '\0') {
        at += strspn(at, " \t,");
        size_t n = strcspn(at, " \t,");
        if (n == len && strncasecmp(at, word, len) == 0)
            return 1;
        at += n;
    }
    return 0;
}

/* HTTP/1.0 has no upgrade, whatever its headers say. */
static int
is_1_1(const struct evhttp_request *req)
{
    return req->major > 1 || (req->major == 1 && req->minor >= 1);
}

static int
refuse(struct evhttp_request *req, int status, const char *sentence)
{
    gl_reply_error(req, status, sentence);
    return -1;
}

int
gl_handshake_check(struct evhttp_request *req,
                   char accept[GL_WEBSOCKET_ACCEPT_LEN])
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(req);
    const char *version = gl_reply_header(req, "Sec-WebSocket-Version");
    const char *key = gl_reply_header(req, "Sec-WebSocket-Key");
    if (evhttp_request_get_command(req) != EVHTTP_REQ_GET) {
        evhttp_add_header(out, "Allow", "GET");
        return refuse(req, 405, "use GET");
    }
    if (!is_1_1(req) || !header_has(req, "Connection", "upgrade") ||
        !header_has(req, "Upgrade", "websocket") || version == NULL ||
        strcmp(version, "13") != 0) {
        evhttp_add_header(out, "Upgrade", "websocket");
        evhttp_add_header(out, "Connection", "Upgrade");
        evhttp_add_header(out, "Sec-WebSocket-Version", "13");
        return refuse(req, 426, "this address speaks WebSocket version 13");
    }
    if (key == NULL || gl_websocket_accept(key, accept) == -1)
        return refuse(req, 400, "Sec-WebSocket-Key is not 16 bytes in base64");
    if (!gl_handshake_same_origin(gl_reply_header(req, "Origin"),
                                  gl_reply_header(req, "X-Forwarded-Proto"),
                                  gl_reply_header(req, "Host")))
        return refuse(req, 403,
                      "Origin is not this host; a proxy before nginx must "
                      "pass the browser's Host on");
    return 0;
}
