/* Long work of glintod: started, then asked after until it ends. */

#include "cli/cli.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define GL_CLI_JOB_MS 200 /* a line that changes faster cannot be read */

static json_int_t
number(const json_t *news, const char *key)
{
    return json_integer_value(json_object_get(news, key));
}

/* backup  12 of 50 files  45.2 MB of 180.3 MB */
static void
show(const char *noun, const json_t *news)
{
    char done[32], all[32];
    gl_cli_bytes(done, sizeof done, number(news, "bytes_done"));
    gl_cli_bytes(all, sizeof all, number(news, "bytes"));
    fprintf(stderr, "\r%s  %lld of %lld files  %s of %s\033[K", noun,
            (long long) number(news, "files_done"),
            (long long) number(news, "files"), done, all);
}

json_t *
gl_cli_job(struct gl_cli *cli, const char *noun, json_t *args)
{
    const struct timespec pause = {.tv_nsec = GL_CLI_JOB_MS * 1000000L};
    char name[64];
    int terminal = isatty(STDERR_FILENO);
    snprintf(name, sizeof name, "%s.start", noun);
    json_t *news = NULL;
    json_auto_t *order = gl_cli_ask(cli, name, args);
    snprintf(name, sizeof name, "%s.status", noun);
    while (order != NULL) {
        json_decref(news);
        news = gl_cli_ask(cli, name, json_deep_copy(order));
        if (news == NULL || !json_is_true(json_object_get(news, "running")))
            break;
        if (terminal)
            show(noun, news);
        nanosleep(&pause, NULL);
    }
    if (terminal && news != NULL) {
        show(noun, news);
        fputc('\n', stderr);
    }
    const char *error = json_string_value(json_object_get(news, "error"));
    if (error != NULL) {
        cli->status = gl_cli_fail("%s", error);
        json_decref(news);
        return NULL;
    }
    return news;
}
