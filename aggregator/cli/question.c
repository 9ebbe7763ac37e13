/* A question about rows, from a file or from standard input. */

#include "cli/question.h"

#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* How many words of the arguments are neither an option nor its value. */
static int
words_n(const struct gl_cli *cli, const struct gl_cli_option *options)
{
    int n = 0;
    for (int i = 1; i < cli->argc; i++) {
        const struct gl_cli_option *option = options;
        if (strncmp(cli->argv[i], "--", 2) != 0) {
            n++;
            continue;
        }
        while (option->name != NULL &&
               strcmp(option->name, cli->argv[i] + 2) != 0)
            option++;
        i += option->text != NULL;
    }
    return n;
}

/* From FILE, NULL or "-" = standard input; NULL and it has been said why. */
static json_t *
read_question(const char *file)
{
    int is_stdin = file == NULL || strcmp(file, "-") == 0;
    FILE *in = is_stdin ? stdin : NULL;
    json_error_t error;
    if (file == NULL && isatty(STDIN_FILENO)) {
        gl_cli_misuse("a question is needed: a file, or standard input");
        return NULL;
    }
    if (in == NULL && (in = fopen(file, "re")) == NULL) {
        gl_cli_misuse("%s: %s", file, strerror(errno));
        return NULL;
    }
    json_t *json = json_loadf(in, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL)
        gl_cli_misuse("%s: line %d: %s", is_stdin ? "standard input" : file,
                      error.line, error.text);
    if (!is_stdin)
        fclose(in);
    return json;
}

int
gl_cli_read_question(struct gl_cli *cli, const struct gl_cli_option *options,
                     json_t **json)
{
    const char *file = NULL;
    gl_cli_without_verb(cli);
    int status = gl_cli_read(cli, options, &file, words_n(cli, options) > 0);
    if (status != GL_CLI_OK)
        return status;
    *json = read_question(file);
    return *json == NULL ? GL_CLI_USAGE : GL_CLI_OK;
}

/* recounting  12 of 60 days' rows, 3 s */
static void
show(struct gl_cli *cli)
{
    json_t *args = json_pack("{s:s}", "site", cli->site);

    cli->waits = NULL;
    json_auto_t *news = gl_cli_ask(cli, "recount.status", args);
    cli->waits = show;
    if (json_is_true(json_object_get(news, "running")))
        fprintf(stderr, "\rreading rows  %lld of %lld  %lld s\033[K",
                (long long) gl_cli_number(news, "done"),
                (long long) gl_cli_number(news, "days"),
                (long long) gl_cli_number(news, "seconds"));
}

void
gl_cli_wait_for(struct gl_cli *cli, const json_t *question)
{
    const char *site = json_string_value(json_object_get(question, "site_id"));

    /* the question is freed as soon as it is sent */
    g_strlcpy(cli->site, site == NULL ? "" : site, sizeof cli->site);
    if (cli->site[0] != '\0' && isatty(STDERR_FILENO))
        cli->waits = show;
}
