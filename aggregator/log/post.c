/* One question to glintod, one connection; see post.h. */

#include "log/post.h"

#include <glib.h>
#include <http_parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define HEAD_MAX 256
#define READ_MAX 4096
#define ANSWER_MAX 65536

struct answer {
    int status, whole;
    GString *body;
};

static int
on_body(http_parser *parser, const char *bytes, size_t len)
{
    struct answer *answer = parser->data;

    g_string_append_len(answer->body, bytes, (gssize) len);
    return answer->body->len > ANSWER_MAX;
}

static int
on_end(http_parser *parser)
{
    struct answer *answer = parser->data;

    answer->status = (int) parser->status_code;
    answer->whole = 1;
    return 0;
}

static const http_parser_settings finds = {.on_body = on_body,
                                           .on_message_complete = on_end};

static int
dial(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof to.sun_path)
        return -1;
    strcpy(to.sun_path, path);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd != -1 && connect(fd, (struct sockaddr *) &to, sizeof to) == -1) {
        close(fd);
        fd = -1;
    }
    return fd;
}

static int
send_all(int fd, const char *bytes, size_t len)
{
    ssize_t n = 0;

    for (; len > 0 && n >= 0; bytes += n, len -= (size_t) n)
        n = send(fd, bytes, len, MSG_NOSIGNAL);
    return n >= 0 ? 0 : -1;
}

/* To its end, which a read of 0 bytes may be. */
static void
receive(int fd, struct answer *answer)
{
    http_parser parser;
    char bytes[READ_MAX];
    ssize_t n;

    http_parser_init(&parser, HTTP_RESPONSE);
    parser.data = answer;
    do {
        n = recv(fd, bytes, sizeof bytes, 0);
    } while (n >= 0 &&
             http_parser_execute(&parser, &finds, bytes, (size_t) n) ==
                 (size_t) n &&
             n > 0 && !answer->whole);
}

static char *
sentence_of(const GString *body)
{
    json_t *json = json_loadb(body->str, body->len, 0, NULL);
    char *said = g_strdup(json_string_value(json_object_get(json, "error")));

    json_decref(json);
    return said;
}

int
gl_post(const char *socket, const char *path, const json_t *body, char **said)
{
    struct answer answer = {.body = g_string_new(NULL)};
    char *text = json_dumps(body, JSON_COMPACT), head[HEAD_MAX];
    int fd = text == NULL ? -1 : dial(socket);

    if (fd != -1) {
        snprintf(head, sizeof head,
                 "POST %s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n", path,
                 strlen(text));
        if (send_all(fd, head, strlen(head)) == 0 &&
            send_all(fd, text, strlen(text)) == 0)
            receive(fd, &answer);
        close(fd);
    }
    *said = sentence_of(answer.body);
    free(text);
    g_string_free(answer.body, TRUE);
    return answer.status;
}
