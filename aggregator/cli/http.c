/* A connection to glintod and the answer that comes over it.  A command has
 * nothing to do but wait, so there is no loop; the buffer is libevent's. */

#include "cli/http.h"

#include <errno.h>
#include <event2/buffer.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GL_CLI_HEAD_MAX 2048  /* bytes; of a question */
#define GL_CLI_READ_MAX 16384 /* bytes at a time */
#define GL_CLI_WAIT_MS 200    /* a line that changes faster cannot be read */

/* ---- what http-parser finds ---- */

static int
on_head(http_parser *parser)
{
    struct gl_cli_answer *answer = parser->data;
    answer->status = (int) parser->status_code;
    return 0;
}

static int
on_body(http_parser *parser, const char *bytes, size_t len)
{
    struct gl_cli_answer *answer = parser->data;
    if (evbuffer_add(answer->body, bytes, len) == -1)
        exit(gl_cli_fail("out of memory"));
    return 0;
}

/* Nothing is asked after it, so nothing behind it is an answer. */
static int
on_end(http_parser *parser)
{
    struct gl_cli_answer *answer = parser->data;
    answer->whole = answer->ended = 1;
    http_parser_pause(parser, 1);
    return 0;
}

static const http_parser_settings finds = {.on_headers_complete = on_head,
                                           .on_body = on_body,
                                           .on_message_complete = on_end};

/* ---- the connection ---- */

/* A connection, or -1 with errno. */
static int
dial(const struct gl_cli *cli)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = -1;
    if (strlen(cli->socket) >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
    } else {
        strcpy(to.sun_path, cli->socket);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    }
    if (fd != -1 && connect(fd, (struct sockaddr *) &to, sizeof to) == -1) {
        int error = errno;
        close(fd);
        errno = error;
        fd = -1;
    }
    return fd;
}

int
gl_cli_answers(const struct gl_cli *cli)
{
    int fd = dial(cli);
    if (fd != -1)
        close(fd);
    return fd != -1;
}

static int
reach(const struct gl_cli *cli)
{
    int fd = dial(cli);
    if (fd == -1)
        gl_cli_fail("cannot reach glintod at %s: %s; %s", cli->socket,
                    strerror(errno),
                    errno == EACCES || errno == EPERM
                        ? "this takes root, or the user that glintod has"
                        : "is it running (systemctl status glintod), and is "
                          "this its socket (--socket PATH)?");
    return fd;
}

/* Without SIGPIPE.  Who does not read to the end may have answered already: a
 * failure shows when there is no answer. */
static void
send_all(int fd, const char *bytes, size_t len)
{
    ssize_t n;
    for (; len > 0; bytes += n, len -= (size_t) n) {
        n = send(fd, bytes, len, MSG_NOSIGNAL);
        if (n == -1)
            return;
    }
}

/* The end of the connection, which is a read of 0 bytes, is told to the parser
 * as well: it ends a body without a length. */
int
gl_cli_read_more(struct gl_cli_answer *answer)
{
    char bytes[GL_CLI_READ_MAX];
    if (answer->ended)
        return 0;
    ssize_t n = recv(answer->fd, bytes, sizeof bytes, 0);
    size_t len = n > 0 ? (size_t) n : 0;
    if (http_parser_execute(&answer->parser, &finds, bytes, len) != len ||
        len == 0)
        answer->ended = 1;
    return len > 0;
}

char *
gl_cli_read_line(struct gl_cli_answer *answer, size_t *len)
{
    char *line;
    do {
        line = evbuffer_readln(answer->body, len, EVBUFFER_EOL_CRLF);
    } while (line == NULL && gl_cli_read_more(answer));
    return line;
}

/* ---- a question ---- */

void
gl_cli_end(struct gl_cli_answer *answer)
{
    close(answer->fd);
    evbuffer_free(answer->body);
}

static int
open_answer(const struct gl_cli *cli, struct gl_cli_answer *answer)
{
    *answer = (struct gl_cli_answer){.fd = reach(cli)};
    if (answer->fd == -1)
        return -1;
    answer->body = evbuffer_new();
    if (answer->body == NULL)
        exit(gl_cli_fail("out of memory"));
    http_parser_init(&answer->parser, HTTP_RESPONSE);
    answer->parser.data = answer;
    return 0;
}

/* Until something comes, or has to be read to see that nothing does. */
static void
wait_for(struct gl_cli *cli, int fd)
{
    struct pollfd ready = {.fd = fd, .events = POLLIN};
    int shown = 0;
    for (; cli->waits != NULL && poll(&ready, 1, GL_CLI_WAIT_MS) == 0;
         shown = 1)
        cli->waits(cli);
    if (shown)
        fputs("\r\033[K", stderr);
}

int
gl_cli_begin(struct gl_cli *cli, struct gl_cli_answer *answer,
             const char *path, const char *body, size_t len)
{
    char head[GL_CLI_HEAD_MAX];
    int head_len = snprintf(head, sizeof head,
                            "%s %s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n",
                            body == NULL ? "GET" : "POST", path, len);
    if (head_len >= (int) sizeof head) {
        gl_cli_fail("the question is too long");
        return -1;
    }
    if (open_answer(cli, answer) == -1)
        return -1;
    send_all(answer->fd, head, (size_t) head_len);
    send_all(answer->fd, body, len);
    wait_for(cli, answer->fd);
    while (answer->status == 0 && gl_cli_read_more(answer)) {
    }
    if (answer->status == 0) {
        gl_cli_fail("glintod at %s hung up", cli->socket);
        gl_cli_end(answer);
        return -1;
    }
    return 0;
}
