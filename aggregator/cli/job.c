/* Long work of glintod: started, then asked after until it ends. */

#include "cli/cli.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#define GL_CLI_JOB_MS 200 /* a line that changes faster cannot be read */

/* backup  12 of 50 files  45.2 MB of 180.3 MB */
static void
show(const char *noun, const json_t *news)
{
    char done[32], all[32];
    gl_cli_bytes(done, sizeof done, gl_cli_number(news, "bytes_done"));
    gl_cli_bytes(all, sizeof all, gl_cli_number(news, "bytes"));
    fprintf(stderr, "\r%s  %lld of %lld files  %s of %s\033[K", noun,
            (long long) gl_cli_number(news, "files_done"),
            (long long) gl_cli_number(news, "files"), done, all);
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

size_t
gl_cli_job_faults(const json_t *news, const char *before)
{
    const json_t *faults = json_object_get(news, "faults"), *fault;
    size_t i;
    json_array_foreach (faults, i, fault) {
        char file[64], sentence[1024];
        gl_cli_value(file, sizeof file, "", json_object_get(fault, "file"));
        gl_cli_value(sentence, sizeof sentence, "",
                     json_object_get(fault, "fault"));
        printf("%s%s: %s\n", before, file, sentence);
    }
    return json_array_size(faults);
}
