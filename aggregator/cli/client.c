/*
 * HTTP over the admin socket, one question a connection.  As HTTP/1.0: the
 * answer then comes in one piece and ends where the connection does, and one
 * that was cut off is no JSON.  The buffers are libevent's; a command has
 * nothing to do but wait, so there is no loop.
 *
 * How long an answer may take is glintod's business: a move takes minutes.
 */

#include "cli/cli.h"

#include <errno.h>
#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define GL_CLI_ANSWER_MAX (64 << 20) /* bytes; a list of very many sites */
#define GL_CLI_HEAD_MAX 2048         /* of a question */

/* An answer under way.  What has been read of it is taken out of BYTES. */
struct answer {
    int fd;
    int status; /* 0 = there is none */
    struct evbuffer *bytes;
    int too_long;
};

/* ---- the connection ---- */

static int
reach(const struct gl_cli *cli)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    int fd = -1;
    if (strlen(cli->socket) >= sizeof to.sun_path) {
        errno = ENAMETOOLONG;
    } else {
        strcpy(to.sun_path, cli->socket);
        fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    }
    if (fd == -1 || connect(fd, (struct sockaddr *) &to, sizeof to) == -1) {
        gl_cli_fail("cannot reach glintod at %s: %s; is it running, and may "
                    "you use this socket?",
                    cli->socket, strerror(errno));
        if (fd != -1)
            close(fd);
        return -1;
    }
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

/* 1, or 0 when nothing comes any more. */
static int
read_more(struct answer *answer)
{
    if (evbuffer_get_length(answer->bytes) > GL_CLI_ANSWER_MAX) {
        answer->too_long = 1;
        return 0;
    }
    return evbuffer_read(answer->bytes, answer->fd, -1) > 0;
}

/* The next line, the caller's; NULL when there is no whole one any more. */
static char *
read_line(struct answer *answer, size_t *len)
{
    char *line;
    do {
        line = evbuffer_readln(answer->bytes, len, EVBUFFER_EOL_CRLF);
    } while (line == NULL && read_more(answer));
    return line;
}

/* Status line and headers, of which the end is all that matters. */
static void
read_head(struct answer *answer)
{
    int status = 0;
    size_t len;
    char *line = read_line(answer, &len);
    if (line == NULL || sscanf(line, "HTTP/1.%*1d %3d ", &status) != 1)
        status = 0;
    while (line != NULL && len > 0) {
        free(line);
        line = read_line(answer, &len);
    }
    answer->status = line == NULL ? 0 : status;
    free(line);
}

/* ---- a question ---- */

static void
end(struct answer *answer)
{
    close(answer->fd);
    evbuffer_free(answer->bytes);
}

/* Ask and read the head of the answer.  0, or -1; then it has been said why.
 * BODY NULL: a GET. */
static int
begin(struct gl_cli *cli, struct answer *answer, const char *path,
      const char *body, size_t len)
{
    char head[GL_CLI_HEAD_MAX];
    int head_len = snprintf(head, sizeof head,
                            "%s %s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n",
                            body == NULL ? "GET" : "POST", path, len);
    if (head_len >= (int) sizeof head) {
        gl_cli_fail("the question is too long");
        return -1;
    }
    *answer = (struct answer){.fd = reach(cli)};
    if (answer->fd == -1)
        return -1;
    answer->bytes = evbuffer_new();
    if (answer->bytes == NULL)
        exit(gl_cli_fail("out of memory"));
    send_all(answer->fd, head, (size_t) head_len);
    send_all(answer->fd, body, len);
    read_head(answer);
    if (answer->status == 0) {
        gl_cli_fail("glintod at %s hung up", cli->socket);
        end(answer);
        return -1;
    }
    return 0;
}

/* All that is left of the answer; NULL when that is no JSON. */
static json_t *
read_json(struct answer *answer)
{
    while (read_more(answer)) {
    }
    size_t len = evbuffer_get_length(answer->bytes);
    const char *text = (const char *) evbuffer_pullup(answer->bytes, -1);
    return answer->too_long ? NULL
                            : json_loadb(len == 0 ? "" : text, len, 0, NULL);
}

/* The error sentence of an answer, or what its status says. */
static void
tell_error(const json_t *json, int status)
{
    const char *sentence = json_string_value(json_object_get(json, "error"));
    if (sentence != NULL)
        gl_cli_fail("%s", sentence);
    else
        gl_cli_fail("glintod answered with status %d", status);
}

json_t *
gl_cli_post(struct gl_cli *cli, const char *path, const char *body, size_t len,
            int *status)
{
    struct answer answer;
    json_t *json = NULL;
    *status = 0;
    if (begin(cli, &answer, path, body, len) == 0) {
        json = read_json(&answer);
        *status = answer.status;
        if (answer.too_long) {
            gl_cli_fail("the answer of glintod is longer than %d MiB",
                        GL_CLI_ANSWER_MAX >> 20);
            *status = 0;
        } else if (json == NULL && *status == 200) {
            gl_cli_fail("glintod at %s hung up", cli->socket);
            *status = 0;
        }
        end(&answer);
    }
    return json;
}

json_t *
gl_cli_ask(struct gl_cli *cli, const char *verb, json_t *args)
{
    char path[128];
    int status;
    char *body = args == NULL ? NULL : json_dumps(args, JSON_COMPACT);
    json_decref(args);
    if (body == NULL) {
        gl_cli_fail("an argument is not UTF-8");
        cli->status = GL_CLI_USAGE;
        return NULL;
    }
    snprintf(path, sizeof path, "/v1/%s", verb);
    for (char *dot = path + 3; (dot = strchr(dot, '.')) != NULL;)
        *dot = '/';
    json_t *answer = gl_cli_post(cli, path, body, strlen(body), &status);
    free(body);
    if (status == 200)
        return answer;
    if (status != 0)
        tell_error(answer, status);
    cli->status = status == 400 ? GL_CLI_USAGE : GL_CLI_FAILED;
    json_decref(answer);
    return NULL;
}

json_t *
gl_cli_ask_and_print(struct gl_cli *cli, const char *verb, json_t *args,
                     int *done, int *status)
{
    json_t *answer = gl_cli_ask(cli, verb, args);
    *done = answer == NULL || cli->json;
    *status = answer == NULL ? cli->status : GL_CLI_OK;
    if (answer != NULL && cli->json) {
        json_dumpf(answer, stdout, JSON_COMPACT);
        putchar('\n');
        json_decref(answer);
        return NULL;
    }
    const char *note = json_string_value(json_object_get(answer, "note"));
    if (note != NULL)
        gl_cli_fail("%s", note); /* done, but */
    return answer;
}

int
gl_cli_stream(struct gl_cli *cli, const char *path,
              void (*line)(void *arg, const char *text, size_t len), void *arg)
{
    struct answer answer;
    if (begin(cli, &answer, path, NULL, 0) == -1)
        return -1;
    if (answer.status == 200) {
        char *text;
        size_t len;
        while ((text = read_line(&answer, &len)) != NULL) {
            line(arg, text, len);
            free(text);
        }
    } else {
        json_t *json = read_json(&answer);
        tell_error(json, answer.status);
        json_decref(json);
    }
    end(&answer);
    return answer.status == 200 ? 0 : -1;
}

char *
gl_cli_encode(const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *coded = malloc(3 * strlen(text) + 1), *to = coded;
    if (coded == NULL)
        exit(gl_cli_fail("out of memory"));
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char) *text;
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
            (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_') {
            *to++ = (char) c;
        } else {
            *to++ = '%';
            *to++ = hex[c >> 4];
            *to++ = hex[c & 15];
        }
    }
    *to = '\0';
    return coded;
}
