/*
 * Questions to glintod and their answers: JSON, whole or line by line.
 *
 * How long an answer may take is glintod's business: a move takes minutes.
 */

#include "cli/cli.h"

#include <event2/buffer.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/http.h"

#define GL_CLI_ANSWER_MAX (64 << 20) /* bytes; a list of very many sites */

#define GL_CLI_TRIES_MAX 50 /* glintod busy: with the pause, 10 s */
#define GL_CLI_PAUSE_MS 200

/* All that is left of the answer; NULL when that is not whole or no JSON. */
static json_t *
read_json(struct gl_cli_answer *answer)
{
    while (evbuffer_get_length(answer->body) <= GL_CLI_ANSWER_MAX &&
           gl_cli_read_more(answer)) {
    }
    size_t len = evbuffer_get_length(answer->body);
    const char *text = (const char *) evbuffer_pullup(answer->body, -1);
    return answer->whole ? json_loadb(len == 0 ? "" : text, len, 0, NULL)
                         : NULL;
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

static json_t *
post(struct gl_cli *cli, const char *path, const char *body, size_t len,
     int *status)
{
    struct gl_cli_answer answer;
    json_t *json = NULL;
    *status = 0;
    if (gl_cli_begin(cli, &answer, path, body, len) == 0) {
        json = read_json(&answer);
        *status = answer.status;
        if (evbuffer_get_length(answer.body) > GL_CLI_ANSWER_MAX) {
            gl_cli_fail("the answer of glintod is longer than %d MiB",
                        GL_CLI_ANSWER_MAX >> 20);
            *status = 0;
        } else if (json == NULL && *status == 200) {
            gl_cli_fail("glintod at %s hung up", cli->socket);
            *status = 0;
        }
        gl_cli_end(&answer);
    }
    return json;
}

json_t *
gl_cli_post_again(struct gl_cli *cli, const char *path, const char *body,
                  size_t len, int *status)
{
    static const struct timespec pause = {0, GL_CLI_PAUSE_MS * 1000000L};
    for (int i = 0;; i++) {
        json_t *answer = post(cli, path, body, len, status);
        if (*status != 503 || i == GL_CLI_TRIES_MAX)
            return answer;
        json_decref(answer);
        nanosleep(&pause, NULL);
    }
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
    json_t *answer = post(cli, path, body, strlen(body), &status);
    free(body);
    if (status == 200)
        return answer;
    if (status != 0)
        tell_error(answer, status);
    cli->status = status == 400 ? GL_CLI_USAGE : GL_CLI_FAILED;
    json_decref(answer);
    return NULL;
}

void
gl_cli_print_json(const json_t *answer)
{
    /* 3.1 is no 3.1000000000000001 */
    json_dumpf(answer, stdout, JSON_COMPACT | JSON_REAL_PRECISION(15));
    putchar('\n');
}

json_t *
gl_cli_ask_and_print(struct gl_cli *cli, const char *verb, json_t *args,
                     int *done, int *status)
{
    json_t *answer = gl_cli_ask(cli, verb, args);
    *done = answer == NULL || cli->json;
    *status = answer == NULL ? cli->status : GL_CLI_OK;
    if (answer != NULL && cli->json) {
        gl_cli_print_json(answer);
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
    struct gl_cli_answer answer;
    if (gl_cli_begin(cli, &answer, path, NULL, 0) == -1)
        return -1;
    if (answer.status == 200) {
        char *text;
        size_t len;
        while ((text = gl_cli_read_line(&answer, &len)) != NULL) {
            line(arg, text, len);
            free(text);
        }
    } else {
        json_auto_t *json = read_json(&answer);
        tell_error(json, answer.status);
    }
    gl_cli_end(&answer);
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
