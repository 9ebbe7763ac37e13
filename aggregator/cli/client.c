/*
 * HTTP over the admin socket, by libcurl.  One question at a time; an answer
 * that is no success becomes one sentence on standard error.
 */

#include "cli/cli.h"

#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GL_CLI_URL "http://glinto"   /* the name is never looked up */
#define GL_CLI_ANSWER_MAX (64 << 20) /* bytes; a list of very many sites */
#define GL_CLI_URL_MAX 2048

struct answer {
    char *text;
    size_t len;
    int too_long;
};

struct lines {
    void (*line)(void *arg, const char *text, size_t len);
    void *arg;
    CURL *curl;
    struct answer part; /* what came after the last line end */
};

static size_t
append(struct answer *answer, const char *bytes, size_t len)
{
    if (answer->len + len > GL_CLI_ANSWER_MAX) {
        answer->too_long = 1;
        return 0;
    }
    char *text = realloc(answer->text, answer->len + len + 1);
    if (text == NULL) {
        return 0;
    }
    memcpy(text + answer->len, bytes, len);
    answer->text = text;
    answer->len += len;
    text[answer->len] = '\0';
    return len;
}

static size_t
on_answer(char *bytes, size_t one, size_t len, void *arg)
{
    (void) one; /* always 1 */
    return append(arg, bytes, len);
}

static size_t
on_stream(char *bytes, size_t one, size_t len, void *arg)
{
    struct lines *lines = arg;
    long status = 0;
    (void) one;
    if (append(&lines->part, bytes, len) != len) {
        return 0;
    }
    curl_easy_getinfo(lines->curl, CURLINFO_RESPONSE_CODE, &status);
    char *end;
    while (status == 200 && lines->part.len > 0 &&
           (end = memchr(lines->part.text, '\n', lines->part.len)) != NULL) {
        size_t n = (size_t) (end - lines->part.text);
        lines->line(lines->arg, lines->part.text, n);
        lines->part.len -= n + 1;
        memmove(lines->part.text, end + 1, lines->part.len + 1);
    }
    return len;
}

static CURL *
open_curl(struct gl_cli *cli, const char *path)
{
    char url[GL_CLI_URL_MAX];
    CURL *curl = curl_easy_init();
    if (curl == NULL || snprintf(url, sizeof(url), GL_CLI_URL "%s", path) >=
                            (int) sizeof(url)) {
        gl_cli_fail("the question is too long");
        curl_easy_cleanup(curl);
        return NULL;
    }
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_UNIX_SOCKET_PATH, cli->socket);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    return curl;
}

static void
tell_curl(struct gl_cli *cli, CURLcode rc)
{
    if (rc == CURLE_COULDNT_CONNECT) {
        gl_cli_fail("cannot reach glintod at %s: is it running, and may you "
                    "use this socket?",
                    cli->socket);
    } else if (rc == CURLE_GOT_NOTHING || rc == CURLE_RECV_ERROR ||
               rc == CURLE_SEND_ERROR || rc == CURLE_PARTIAL_FILE) {
        gl_cli_fail("glintod at %s hung up", cli->socket);
    } else {
        gl_cli_fail("%s: %s", cli->socket, curl_easy_strerror(rc));
    }
}

/* The error sentence of an answer, or what its status says. */
static void
tell_error(const json_t *answer, long status)
{
    const char *sentence = json_string_value(json_object_get(answer, "error"));
    if (sentence != NULL) {
        gl_cli_fail("%s", sentence);
    } else {
        gl_cli_fail("glintod answered with status %ld", status);
    }
}

json_t *
gl_cli_post(struct gl_cli *cli, const char *path, const char *body, size_t len,
            long *status)
{
    struct answer answer = {0};
    /* No "Expect: 100-continue": the body follows at once. */
    struct curl_slist *headers = curl_slist_append(NULL, "Expect:");
    CURL *curl = open_curl(cli, path);
    json_t *json = NULL;
    *status = 0;
    if (curl != NULL) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body);
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t) len);
        curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_answer);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
        CURLcode rc = curl_easy_perform(curl);
        if (rc == CURLE_OK) {
            curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
            json = json_loadb(answer.text == NULL ? "" : answer.text,
                              answer.len, 0, NULL);
        } else {
            tell_curl(cli, rc);
        }
    }
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    free(answer.text);
    return json;
}

json_t *
gl_cli_ask(struct gl_cli *cli, const char *verb, json_t *args)
{
    char path[128];
    long status;
    char *body = args == NULL ? NULL : json_dumps(args, JSON_COMPACT);
    json_decref(args);
    if (body == NULL) {
        gl_cli_fail("an argument is not UTF-8");
        cli->status = GL_CLI_USAGE;
        return NULL;
    }
    snprintf(path, sizeof(path), "/v1/%s", verb);
    json_t *answer = gl_cli_post(cli, path, body, strlen(body), &status);
    free(body);
    if (status == 200 && answer != NULL) {
        return answer;
    }
    if (status != 0) {
        tell_error(answer, status);
    }
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
    if (note != NULL) {
        gl_cli_fail("%s", note); /* done, but */
    }
    return answer;
}

int
gl_cli_stream(struct gl_cli *cli, const char *path,
              void (*line)(void *arg, const char *text, size_t len), void *arg)
{
    CURL *curl = open_curl(cli, path);
    struct lines lines = {line, arg, curl, {0}};
    long status = 0;
    if (curl == NULL) {
        return -1;
    }
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_stream);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &lines);
    CURLcode rc = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (rc != CURLE_OK) {
        tell_curl(cli, rc);
    } else if (status != 200) {
        json_t *answer =
            json_loadb(lines.part.text == NULL ? "" : lines.part.text,
                       lines.part.len, 0, NULL);
        tell_error(answer, status);
        json_decref(answer);
    }
    curl_easy_cleanup(curl);
    free(lines.part.text);
    return rc == CURLE_OK && status == 200 ? 0 : -1;
}

char *
gl_cli_encode(const char *text)
{
    static const char hex[] = "0123456789ABCDEF";
    char *coded = malloc(3 * strlen(text) + 1), *to = coded;
    if (coded == NULL) {
        exit(gl_cli_fail("out of memory"));
    }
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
